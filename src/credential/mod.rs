//! One credential set: its wire form, its freshness, its place in the cache. No I/O.

mod document;
mod entry;
mod freshness;
mod key;
mod token_choice;

pub use document::{Credential, document};
pub use entry::{Entry, EntryError, FORMAT};
pub use freshness::{CONSOLE_SECONDS, Lifetime, margin};
pub use key::{CredentialKey, Identity, sha256_hex};
pub use token_choice::explicit_token;
