//! Between the program and the portal: TLS and proxies, all on loopback.

mod proxy;
mod relay;
mod tls;
