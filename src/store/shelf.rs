//! The secrets that stood in lines which jitpass changed: without them `undo` could not put such a line back.
//!
//! 1. The journal names each by its SHA-256, and so does the name of its file here.
//! 2. The value lies in the system's keyring, or, where there is none, in that file; the file says which.
//! 3. It goes when no entry of the journal names it any more, and at `logout --all`.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::base::Secret;
use crate::credential::sha256_hex;
use crate::host::{clock, files, random};
use crate::store::keyring::{Asking, Keyring, KeyringError};
use crate::store::tokens::TokenPlace;

/// How long a keyring may take for one secret.
const KEYRING_PATIENCE: Duration = Duration::from_secs(2);

/// The secrets that the journal refers to.
#[derive(Debug, Clone)]
pub struct Shelf {
    root: PathBuf,
    keyring: Keyring,
    place: TokenPlace,
}

/// A secret's file, as it is spelled. One of both is there.
#[derive(Default, Serialize, Deserialize)]
struct Wire {
    /// The account in the keyring that holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    value: Option<String>,
}

impl Drop for Wire {
    fn drop(&mut self) {
        // Overwritten as it goes, like every secret.
        drop(self.value.take().map(Secret::new));
    }
}

impl Shelf {
    /// The shelf below the state directory, which keeps secrets in this place.
    pub fn below(state_dir: &Path, keyring: Keyring, place: TokenPlace) -> Self {
        Self { root: state_dir.join("shelf"), keyring, place }
    }

    /// Keeps secrets. One that can be kept nowhere is not: `undo` does without it, and says so.
    ///
    /// A keyring that does not answer is asked once, not for each of them.
    pub fn keep(&self, secrets: impl IntoIterator<Item = Secret>, asking: Asking) -> io::Result<()> {
        let mut keyring = (self.place != TokenPlace::File).then_some(&self.keyring);
        for secret in secrets {
            let sha256 = sha256_hex(secret.expose().as_bytes());
            let file = self.file(&sha256);
            let mut wire = Wire::read(&file).unwrap_or_default();
            if wire.is_something() && self.holds(&sha256, asking) {
                continue;
            }
            if let Some(open) = keyring {
                let account = wire.account.take().unwrap_or_else(|| format!("undo {}", random::name()));
                let label = "jitpass: secret from a line that was changed";
                // First the file: what a killed process leaves in the keyring can then be swept.
                wire.account = Some(account.clone());
                wire.write(&file)?;
                match open.keep(&account, label, &secret, asking, patience(asking)) {
                    Ok(()) => continue,
                    // It may have been kept all the same.
                    Err(KeyringError::Slow) => keyring = None,
                    Err(_) => (keyring, wire.account) = (None, None),
                }
            }
            if self.place != TokenPlace::Keyring {
                wire.value = Some(secret.expose().to_owned());
                wire.write(&file)?;
            } else if wire.account.is_none() {
                files::remove(&file)?;
            }
        }
        Ok(())
    }

    /// Whether a secret that has a file is really kept: who was killed in between left a file that tells of a keyring
    /// which never got it. A keyring that does not say is believed to hold it.
    fn holds(&self, sha256: &str, asking: Asking) -> bool {
        match self.find(sha256, asking) {
            Ok(found) => found.is_some(),
            Err(error) => !matches!(error, KeyringError::Absent { .. }),
        }
    }

    /// The secret of this hash, if it is kept.
    ///
    /// # Errors
    /// When the keyring that holds it cannot be used: asking it for the next would take as long.
    pub fn find(&self, sha256: &str, asking: Asking) -> Result<Option<Secret>, KeyringError> {
        let Some(mut wire) = Wire::read(&self.file(sha256)) else { return Ok(None) };
        let found = match (wire.value.take(), &wire.account) {
            (Some(value), _) => Some(Secret::new(value)),
            (None, Some(account)) => self.keyring.read(account, asking, patience(asking))?,
            (None, None) => None,
        };
        Ok(found.filter(|secret| sha256_hex(secret.expose().as_bytes()) == sha256))
    }

    /// Whether nothing is kept.
    pub fn is_empty(&self) -> bool {
        self.kept().is_empty()
    }

    /// Drops every secret whose hash is none of these.
    ///
    /// # Errors
    /// Also when the keyring may still hold one: the next time tries again.
    pub fn keep_only(&self, needed: &BTreeSet<String>, asking: Asking) -> io::Result<()> {
        let mut outcome = Ok(());
        for sha256 in self.kept().iter().filter(|sha256| !needed.contains(*sha256)) {
            outcome = self.drop_secret(sha256, asking).and(outcome);
            if outcome.is_err() {
                // A keyring that does not answer one will not answer the next.
                break;
            }
        }
        outcome
    }

    /// Drops a secret, if it is kept.
    ///
    /// # Errors
    /// As for [`Shelf::keep_only`].
    pub fn drop_secret(&self, sha256: &str, asking: Asking) -> io::Result<()> {
        let file = self.file(sha256);
        if let Some(account) = Wire::read(&file).and_then(|mut wire| wire.account.take()) {
            match self.keyring.forget(&account, asking, patience(asking)) {
                // There is no keyring here that could hold it.
                Ok(()) | Err(KeyringError::Absent { .. }) => {}
                Err(error) => return Err(io::Error::other(format!("the keyring cannot be used: {error}"))),
            }
        }
        files::remove(&file)
    }

    fn kept(&self) -> Vec<String> {
        let name = |path: &PathBuf| Some(path.file_name()?.to_str()?.strip_suffix(".json")?.to_owned());
        files::list(&self.root).iter().filter_map(name).collect()
    }

    fn file(&self, sha256: &str) -> PathBuf {
        self.root.join(format!("{sha256}.json"))
    }
}

impl Wire {
    fn is_something(&self) -> bool {
        self.account.is_some() || self.value.is_some()
    }

    fn read(file: &Path) -> Option<Self> {
        let text = String::from_utf8(files::read_private(file, 1 << 20).ok()?).ok().map(Secret::new)?;
        serde_json::from_str(text.expose()).ok()
    }

    fn write(&self, file: &Path) -> io::Result<()> {
        let text = Secret::new(serde_json::to_string(self)?);
        files::keep_private(file, text.expose().as_bytes())
    }
}

fn patience(asking: Asking) -> Duration {
    clock::patience(match asking {
        Asking::Nobody => KEYRING_PATIENCE,
        // Long enough to unlock it.
        Asking::Person => Duration::from_secs(45),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::env::Env;

    fn shelf(dir: &Path, place: TokenPlace) -> Shelf {
        Shelf::below(dir, Keyring::of(&Env::of([])), place)
    }

    #[test]
    fn keeps_finds_and_drops() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = shelf(dir.path(), TokenPlace::File);
        let secrets = ["SIMTOKEN-a", "SIMTOKEN-b"].map(Secret::new);
        let [a, b] = ["SIMTOKEN-a", "SIMTOKEN-b"].map(|text| sha256_hex(text.as_bytes()));
        assert!(shelf.is_empty());
        shelf.keep(secrets.clone(), Asking::Nobody).unwrap();
        shelf.keep(secrets.clone(), Asking::Nobody).unwrap();
        assert!(shelf.find(&a, Asking::Nobody) == Ok(Some(secrets[0].clone())));
        assert_eq!(shelf.kept().len(), 2);
        shelf.keep_only(&BTreeSet::from([a.clone()]), Asking::Nobody).unwrap();
        assert!(shelf.find(&b, Asking::Nobody) == Ok(None));
        shelf.drop_secret(&a, Asking::Nobody).unwrap();
        shelf.drop_secret(&a, Asking::Nobody).unwrap();
        assert!(shelf.is_empty());
    }

    #[test]
    fn what_was_begun_by_somebody_who_was_killed_is_kept_by_the_next() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = shelf(dir.path(), TokenPlace::Best);
        let secret = Secret::new("SIMTOKEN-a");
        let sha256 = sha256_hex(b"SIMTOKEN-a");
        // The file says where the secret is about to be kept, and nothing more.
        let wire = Wire { account: Some("undo 1".to_owned()), value: None };
        wire.write(&shelf.file(&sha256)).unwrap();
        shelf.keep([secret.clone()], Asking::Nobody).unwrap();
        assert!(shelf.find(&sha256, Asking::Nobody) == Ok(Some(secret)));
    }

    #[test]
    fn keeps_nothing_where_only_a_keyring_will_do_and_there_is_none() {
        let dir = tempfile::tempdir().unwrap();
        let shelf = shelf(dir.path(), TokenPlace::Keyring);
        shelf.keep([Secret::new("SIMTOKEN-a")], Asking::Nobody).unwrap();
        assert!(shelf.is_empty());
    }
}
