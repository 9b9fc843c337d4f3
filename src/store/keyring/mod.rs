//! Portal tokens in the system's keyring: Secret Service, macOS Keychain, Windows Credential Manager.
//!
//! 1. Each call works on a thread of its own and is waited for no longer than its limit (`turn`): a keyring may be
//!    locked, slow, prompting or dying, and none of that may hang a credential process.
//! 2. Where there is a Secret Service, `secret_service` speaks with it over the session `bus`, and `secrecy` keeps
//!    the token unreadable on the way.
//! 3. On macOS and Windows `native` calls the system.
//!
//! Every item bears the service `jitpass`, an account that the caller chooses, and a label for people who look
//! into their keyring.

#[cfg(all(unix, not(target_os = "macos")))]
mod bus;
#[cfg(not(all(unix, not(target_os = "macos"))))]
mod native;
#[cfg(all(unix, not(target_os = "macos")))]
mod secrecy;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;
mod turn;

use std::time::Duration;

use crate::base::Secret;
use crate::host::env::Env;

#[cfg(not(all(unix, not(target_os = "macos"))))]
use native::Place;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service::Place;

/// What items of ours are filed under.
const SERVICE: &str = "jitpass";

/// Whether somebody may be asked to unlock it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asking {
    /// No prompt may appear: nobody is there, or nobody knows what it would be for.
    Nobody,
    /// A person waits for the answer and expects to be asked.
    Person,
}

/// The keyring of the person at this machine.
#[derive(Debug, Clone)]
pub struct Keyring {
    place: Place,
}

/// Why the keyring is of no use now. Each text fits behind "the keyring cannot be used: ".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum KeyringError {
    /// There is no keyring for this session.
    #[error("there is none here ({reason})")]
    Absent {
        /// What is missing.
        reason: String,
    },
    /// It is locked, or does nothing without a prompt, and nobody may be asked or the person asked said no.
    #[error("it is locked")]
    Locked,
    /// It did not answer within the limit.
    #[error("it did not answer in time")]
    Slow,
    /// It answered with an error, or ended.
    #[error("{reason}")]
    Failed {
        /// What it said.
        reason: String,
    },
}

impl Keyring {
    /// The keyring of the session that this environment belongs to. Nothing is asked yet.
    pub fn of(env: &Env) -> Self {
        Self { place: Place::of(env) }
    }

    /// The token kept for an account, if there is one.
    ///
    /// Ends within `limit`, whatever the keyring does.
    pub fn read(
        &self,
        account: &str,
        asking: Asking,
        limit: Duration,
    ) -> Result<Option<Secret>, KeyringError> {
        let (place, account) = (self.place.clone(), account.to_owned());
        turn::within(limit, move |turn| place.read(&account, asking, turn))
    }

    /// Keeps a token for an account, in place of the one before. `label` is for people who look into their keyring.
    ///
    /// The keyring changes in one step, so that one killed meanwhile leaves the old token or the new one. The same
    /// is all that is known after [`KeyringError::Slow`]; nothing is begun after it.
    pub fn keep(
        &self,
        account: &str,
        label: &str,
        token: &Secret,
        asking: Asking,
        limit: Duration,
    ) -> Result<(), KeyringError> {
        let (place, account, label) = (self.place.clone(), account.to_owned(), label.to_owned());
        let token = token.clone();
        turn::within(limit, move |turn| place.keep(&account, &label, &token, asking, turn))
    }

    /// Removes what is kept for an account, if anything is.
    pub fn forget(&self, account: &str, asking: Asking, limit: Duration) -> Result<(), KeyringError> {
        let (place, account) = (self.place.clone(), account.to_owned());
        turn::within(limit, move |turn| place.forget(&account, asking, turn))
    }
}
