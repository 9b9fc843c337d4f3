//! AWS itself: whose credentials these are, its regions, and where its console leads.

mod console_link;
mod partition;
mod regions;
mod services;
mod sts;

pub use console_link::{ConsoleLinkError, lead};
pub use partition::sts_endpoint;
pub use regions::regions;
pub use services::{Service, service, services};
pub use sts::{CallerIdentity, StsError, caller_identity};
