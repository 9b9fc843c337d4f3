//! Between the program and the portal: TLS and proxies, all on loopback.

mod proxy;
pub(crate) mod relay;
mod tls;
