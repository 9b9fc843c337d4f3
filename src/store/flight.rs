//! Single flight: of all processes that miss the same credential at once, one asks the portal.
//!
//! The lock lies beside the cache file and is the kernel's, so it goes with its owner. A failure is kept for some
//! seconds and given to those who waited and to newcomers: fifty processes do not knock fifty times at a portal
//! that is down.

use std::io;
use std::path::PathBuf;
use std::time::Instant;

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::credential::CredentialKey;
use crate::host::files;
use crate::host::locks::{self, Lock, Locked};
use crate::store::cache::{CredentialCache, FAILURE};

/// The flight of one credential.
#[derive(Debug)]
pub struct Flight {
    lock: PathBuf,
    failure: PathBuf,
}

/// A failure that was recorded, as text of the caller's own form.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Recorded {
    at: i64,
    text: String,
}

impl Recorded {
    /// When it happened.
    pub fn at(&self) -> Timestamp {
        Timestamp::from_seconds(self.at)
    }

    /// What was recorded.
    pub fn text(&self) -> &str {
        &self.text
    }
}

impl Flight {
    /// The flight of a key.
    pub fn of(cache: &CredentialCache, key: &CredentialKey) -> Self {
        let file = cache.path(key);
        let mut failure = file.clone().into_os_string();
        failure.push(FAILURE);
        Self { lock: locks::beside(&file), failure: failure.into() }
    }

    /// Waits until `deadline` for whoever is asking already.
    pub fn join(&self, deadline: Instant) -> io::Result<Locked> {
        Lock::acquire(&self.lock, deadline)
    }

    /// Records a failure. It must hold no secret.
    pub fn record(&self, now: Timestamp, text: &str) {
        let recorded = Recorded { at: now.seconds(), text: text.to_owned() };
        if let Ok(json) = serde_json::to_vec(&recorded) {
            let _ = files::write_private(&self.failure, &json);
        }
    }

    /// The failure recorded at most `seconds` ago.
    pub fn recent_failure(&self, now: Timestamp, seconds: i64) -> Option<Recorded> {
        let recorded: Recorded =
            serde_json::from_slice(&files::read_private(&self.failure, 64 * 1024).ok()?).ok()?;
        (0..seconds).contains(&now.since(recorded.at())).then_some(recorded)
    }

    /// Forgets the recorded failure, after a success.
    pub fn clear(&self) {
        let _ = files::remove(&self.failure);
    }
}
