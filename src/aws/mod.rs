//! AWS itself: whose credentials these are.

mod partition;
mod sts;

pub use partition::sts_endpoint;
pub use sts::{CallerIdentity, StsError, caller_identity};
