//! The network: one HTTP client with the system's trust store and proxies, and errors that say what failed.
//!
//! The only user of reqwest.

mod error;
mod http;

pub use error::{NetError, NetErrorKind};
pub use http::{Http, Method, Request, Response};
