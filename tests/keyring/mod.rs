//! The system's keyring: GNOME Keyring as it really is, and stand-ins for what it never does on demand.

mod killed;
mod prompts;
mod real;
mod session;
mod shelf;
mod slow;
mod stand_in;

use std::time::Duration;

use jitpass::base::Secret;
use jitpass::store::keyring::{Asking, Keyring, KeyringError};

const ACCOUNT: &str = "acme.duplocloud.net";
const LABEL: &str = "jitpass: token for acme.duplocloud.net";

/// Longer than anything here takes: whoever meets it hangs.
const LONG: Duration = Duration::from_mins(2);

/// Shorter than a stand-in waits that waits for the test.
const SHORT: Duration = Duration::from_millis(50);

fn keep(keyring: &Keyring, token: &str) -> Result<(), KeyringError> {
    keyring.keep(ACCOUNT, LABEL, &Secret::new(token), Asking::Nobody, LONG)
}

fn read(keyring: &Keyring) -> Result<Option<String>, KeyringError> {
    let token = keyring.read(ACCOUNT, Asking::Nobody, LONG)?;
    Ok(token.map(|token| token.expose().to_owned()))
}

fn absent(reason: &str) -> KeyringError {
    KeyringError::Absent { reason: reason.to_owned() }
}
