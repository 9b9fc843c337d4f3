//! What can be said of a portal's token: where it lies, whose it is, why there is none.

use crate::base::Secret;
use crate::credential::sha256_hex;
use crate::store::keyring::KeyringError;
use crate::store::tokens::wire::{Gone, Wire};

/// Where tokens are to be kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TokenPlace {
    /// In the keyring where there is one, else in a file.
    #[default]
    Best,
    /// In a file.
    File,
    /// In the keyring, or not at all.
    Keyring,
}

/// Where a token lies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lies {
    /// In the portal's file.
    InFile,
    /// In the system's keyring.
    InKeyring,
}

/// A token that was kept, and for whom.
#[derive(Debug, Clone)]
pub struct StoredToken {
    /// The token.
    pub token: Secret,
    /// The person it was checked to belong to.
    pub person: String,
    /// The generation it belongs to.
    pub generation: u64,
}

/// Where a token was put.
#[derive(Debug)]
pub struct Placed {
    /// Where it lies now.
    pub lies: Lies,
    /// The generation it belongs to.
    pub generation: u64,
    /// Why that is not the best place.
    pub error: Option<KeyringError>,
}

/// Who is, or was last, signed in, and since when: two that are equal say that nobody signed in or out between.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stamp {
    generation: u64,
    gone: Option<Gone>,
    /// The person; empty where nobody could tell.
    pub person: String,
    token: Option<String>,
}

impl Stamp {
    pub(super) fn of(wire: &Wire) -> Self {
        let token = wire.token.as_ref().map(|token| sha256_hex(token.expose().as_bytes()));
        Self { generation: wire.generation, gone: wire.gone, person: wire.person.clone(), token }
    }
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NoToken {
    /// Nobody signed in here.
    Never,
    /// Whoever was signed in has signed out.
    SignedOut,
    /// The portal no longer accepts it.
    Ended,
    /// The keyring that holds it does not give it.
    Unreadable {
        /// Why, as a half-sentence.
        reason: String,
    },
}

/// What the file says, without asking a keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kept {
    /// Who is, or was last, signed in; empty where nobody could tell.
    pub person: String,
    /// Where the token lies, while there is one.
    pub lies: Option<Lies>,
    /// Whether the portal was seen to accept it no longer.
    pub is_ended: bool,
}

impl Kept {
    /// Whether this person has signed out: nothing of theirs is left.
    pub fn is_signed_out(&self) -> bool {
        self.lies.is_none() && !self.is_ended
    }
}
