//! Portal tokens: one private file per portal.
//!
//! Each portal has a generation that grows when another person signs in. A credential is cached as one's own only
//! while the generation it was issued with is current, so that nobody gets what was issued to somebody else.

use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, Secret};
use crate::host::locks::{self, Lock, Locked};
use crate::host::{clock, files};
use crate::store::cache::CredentialCache;

/// How long a change of the store may be waited for: others hold it for some milliseconds.
const PATIENCE: Duration = Duration::from_secs(3);

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

/// The tokens of the person at this machine.
#[derive(Debug, Clone)]
pub struct TokenStore {
    root: PathBuf,
}

#[derive(Default, Serialize, Deserialize)]
struct Wire {
    generation: u64,
    #[serde(default)]
    person: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    token: Option<String>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Through the type that overwrites what it held.
        drop(self.token.take().map(Secret::new));
    }
}

impl TokenStore {
    /// The store below jitpass's state directory.
    pub fn below(state_dir: &Path) -> Self {
        Self { root: state_dir.join("tokens") }
    }

    /// The file that holds a portal's token.
    pub fn path(&self, portal: &PortalAddress) -> PathBuf {
        self.root.join(format!("{}.json", portal.key()))
    }

    /// The token kept for a portal. A file that others may read, or that cannot be understood, holds none.
    ///
    /// Between two people it holds none for a moment: then whoever signs in is waited for.
    pub fn find(&self, portal: &PortalAddress) -> Option<StoredToken> {
        let mut wire = self.read(portal)?;
        if wire.token.is_none() {
            let _lock = self.lock(portal).ok()?;
            wire = self.read(portal)?;
        }
        let token = Secret::new(wire.token.take()?);
        Some(StoredToken { token, person: std::mem::take(&mut wire.person), generation: wire.generation })
    }

    /// Keeps a token that was checked to belong to `person`. When somebody else was signed in before, or nobody can
    /// tell, everything issued to them is forgotten first.
    pub fn keep(
        &self,
        portal: &PortalAddress,
        token: &Secret,
        person: Option<&str>,
        cache: Option<&CredentialCache>,
    ) -> io::Result<()> {
        let _lock = self.lock(portal)?;
        files::remove_leavings(&self.root);
        let before = self.read(portal).unwrap_or_default();
        let mut after = Wire {
            generation: before.generation,
            person: person.unwrap_or_default().to_owned(),
            token: Some(token.expose().to_owned()),
        };
        if person.is_none_or(|person| before.person != person) {
            // Never one that was in use before, even if the file was lost meanwhile.
            let now = clock::now().seconds();
            after.generation = (before.generation + 1).max(u64::try_from(now).unwrap_or(0));
            let signed_out = Wire { generation: after.generation, person: String::new(), token: None };
            self.write(portal, &signed_out)?;
            if let Some(cache) = cache {
                cache.forget_own(&portal.key())?;
            }
        }
        self.write(portal, &after)?;
        if let Some(cache) = cache {
            cache.forget_own_failures(&portal.key());
        }
        Ok(())
    }

    /// Does `store` only while `generation` is still the portal's: nobody signs in or out meanwhile.
    pub fn while_current<T>(
        &self,
        portal: &PortalAddress,
        generation: u64,
        store: impl FnOnce() -> io::Result<T>,
    ) -> io::Result<Option<T>> {
        let _lock = self.lock(portal)?;
        if self.read(portal).is_some_and(|wire| wire.generation == generation) {
            store().map(Some)
        } else {
            Ok(None)
        }
    }

    fn lock(&self, portal: &PortalAddress) -> io::Result<Lock> {
        match Lock::acquire(&locks::beside(&self.path(portal)), Instant::now() + PATIENCE)? {
            Locked::Held(lock) => Ok(lock),
            Locked::Busy => {
                Err(io::Error::new(io::ErrorKind::TimedOut, "another jitpass keeps the token store busy"))
            }
        }
    }

    fn read(&self, portal: &PortalAddress) -> Option<Wire> {
        serde_json::from_slice(&files::read_private(&self.path(portal), 64 * 1024).ok()?).ok()
    }

    fn write(&self, portal: &PortalAddress, wire: &Wire) -> io::Result<()> {
        let text = Secret::new(serde_json::to_string(wire)?);
        files::keep_private(&self.path(portal), text.expose().as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_person_empties_what_was_issued_to_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        let store = TokenStore::below(&dir.path().join("state"));
        let cache = CredentialCache::below(&dir.path().join("cache"));
        let portal = PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None);
        let issued = dir.path().join("cache/credentials/acme.duplocloud.net/self/admin");
        let keep = |token: &str, person: &str| {
            store.keep(&portal, &Secret::new(token), Some(person), Some(&cache)).unwrap();
        };

        keep("SIMTOKEN-1", "pat@example.com");
        let first = store.find(&portal).unwrap();
        assert_eq!((first.token.expose(), first.person.as_str()), ("SIMTOKEN-1", "pat@example.com"));
        files::write_private(&issued, b"x").unwrap();

        keep("SIMTOKEN-2", "pat@example.com");
        assert!(issued.exists());
        assert_eq!(store.find(&portal).unwrap().generation, first.generation);

        keep("SIMTOKEN-3", "sam@example.com");
        assert!(!issued.exists());
        assert_eq!(store.while_current(&portal, first.generation, || Ok(())).unwrap(), None);
        let now = store.find(&portal).unwrap().generation;
        assert_eq!(store.while_current(&portal, now, || Ok(())).unwrap(), Some(()));
    }
}
