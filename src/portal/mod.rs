//! The conversation with a portal: what is asked, what is answered, what its refusals mean.

mod client;
mod endpoint;
mod error;
pub mod sign_in;
mod wire;

pub use client::{Generation, Introduction, Issued, PortalClient, greet};
pub use endpoint::Endpoint;
pub use error::{PortalError, Refusal};
pub use wire::{Features, Person, Tenant, TenantList};
