//! The words of the domain, as types that cannot be wrong.
//!
//! Every constructor here is the only parser of its word: a `String` that means a tenant, a region or a portal
//! does not exist above this floor. Standard library only, because the cached answer (`hit`) is built from it.

mod names;
mod portal_address;
mod portal_url;
mod scope;
mod secret;
pub mod text;
mod timestamp;

pub use names::{NameError, PlanName, PortalName, ProfileName, Region, TenantId, TenantName, TenantPattern};
pub use portal_address::PortalAddress;
pub use portal_url::{PortalUrl, PortalUrlError};
pub use scope::{Scope, TenantRef};
pub use secret::Secret;
pub use timestamp::{Timestamp, TimestampError};
