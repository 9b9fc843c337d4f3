//! The credential cache: one private file per credential key.

use std::io;
use std::path::{Path, PathBuf};

use crate::base::{Secret, Timestamp};
use crate::credential::{CredentialKey, Entry};
use crate::host::files;

/// The largest cache file that is read. Java's SDK takes at most 64,000 bytes from a credential process, and a
/// file holds two documents.
const MOST_BYTES: u64 = 128 * 1024;

/// The directory of cached credentials.
#[derive(Debug, Clone)]
pub struct CredentialCache {
    root: PathBuf,
}

impl CredentialCache {
    /// The cache below jitpass's cache directory.
    pub fn below(cache_dir: &Path) -> Self {
        Self { root: cache_dir.join("credentials") }
    }

    /// The file of a key; with other endings, its lock and its last failure lie beside it.
    pub fn path(&self, key: &CredentialKey) -> PathBuf {
        self.root.join(key.path())
    }

    /// The bytes kept for a key, for [`Entry::parse`].
    ///
    /// # Errors
    /// When there is no file, or one that this user cannot trust (see [`files::read_private`]).
    pub fn read(&self, key: &CredentialKey) -> io::Result<Vec<u8>> {
        files::read_private(&self.path(key), MOST_BYTES)
    }

    /// Keeps a rendered [`Entry`].
    pub fn write(&self, key: &CredentialKey, entry: &Secret) -> io::Result<()> {
        let path = self.path(key);
        let write = || files::write_private(&path, entry.expose().as_bytes());
        match write() {
            // Whatever it holds, it is in a directory of ours, and in the way of every answer to come.
            Err(error) if error.kind() == io::ErrorKind::IsADirectory => {
                files::remove_dir(&path)?;
                write()
            }
            other => other,
        }
    }

    /// Forgets everything issued to the person signed in at this portal. The locks stay: two processes that each hold a
    /// lock of the same name would both ask the portal.
    pub fn forget_own(&self, portal_key: &str) -> io::Result<()> {
        let dir = self.root.join(portal_key).join("self");
        files::list(&dir).iter().filter(|file| !is_lock(file)).try_for_each(|file| {
            // Whatever it is, it is in a directory of ours.
            files::remove(file).or_else(|_| files::remove_dir(file))
        })
    }

    /// Forgets the failures of the person signed in at this portal: with a new token they mean nothing.
    pub fn forget_own_failures(&self, portal_key: &str) {
        for file in files::list(&self.root.join(portal_key).join("self")) {
            if file.to_str().is_some_and(|name| name.ends_with(FAILURE)) {
                let _ = files::remove(&file);
            }
        }
    }

    /// Removes what expired in the directory of `key`, and the leavings of writers that were killed. Young files
    /// are not even opened: with a thousand tenants that would cost more than the miss that pays for it.
    pub fn sweep(&self, key: &CredentialKey, now: Timestamp) {
        let path = self.path(key);
        let Some(dir) = path.parent() else { return };
        files::remove_leavings(dir);
        for file in files::list(dir).iter().filter(|f| files::age(f) > HOUR) {
            let name = file.file_name().and_then(|n| n.to_str()).unwrap_or_default();
            let gone = name.ends_with(FAILURE)
                || files::read_private(file, MOST_BYTES)
                    .is_ok_and(|bytes| Entry::parse(&bytes).map_or(true, |e| e.lifetime.expires < now));
            if gone && !is_lock(file) {
                let _ = files::remove(file);
            }
        }
        // A token that is given anew each day leaves a directory each day.
        for sibling in dir.parent().map(files::list).unwrap_or_default() {
            if sibling != dir && !sibling.ends_with("self") && files::age(&sibling) > LONGEST_SESSION {
                let _ = files::remove_dir(&sibling);
            }
        }
    }
}

/// Whether a file is a lock. Removing one that somebody waits for would let two hold it.
fn is_lock(file: &Path) -> bool {
    file.to_str().is_some_and(|name| name.ends_with("~lock"))
}

/// Seconds in an hour.
const HOUR: u64 = 3600;

/// Seconds after whose last write nothing in a directory can still be accepted by AWS: the longest session, and some.
const LONGEST_SESSION: u64 = 13 * HOUR;

/// The ending of the file that holds the last failure of a key.
pub(super) const FAILURE: &str = "~failed";
