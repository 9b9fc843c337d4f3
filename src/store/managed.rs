//! What was last written into the shared AWS config file: the base of a three-way comparison, by which a change
//! made by hand can be told from one at the portal.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::base::PortalAddress;
use crate::host::files;
use crate::host::locks::{Lock, Locked};

/// Keys and their values.
pub type Properties = BTreeMap<String, String>;

/// The profiles that jitpass wrote, by config file and name, and who was signed in then, by portal.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Managed {
    files: BTreeMap<String, BTreeMap<String, ProfileRecord>>,
    people: BTreeMap<String, String>,
}

/// What was last written for one profile.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProfileRecord {
    /// The values of the keys that jitpass keeps.
    pub written: Properties,
    /// What the person prefers to what the portal says, by key: asked once, and not again until one of the two changes.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub preferred: BTreeMap<String, Preference>,
    /// The id of the tenant, by which it is known under another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tenant_id: Option<String>,
    /// Whether a person chose the name, so that no template changes it.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_named_by_person: bool,
}

/// A value of the person's own, and what it was preferred to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Preference {
    /// What stands in the file; `None` where the key was taken out.
    pub own: Option<String>,
    /// What the portal and the settings say.
    pub over: String,
}

/// How long another process may take to change the record.
const PATIENCE: Duration = Duration::from_secs(20);

impl Managed {
    /// The record in the state directory; an unreadable one is an empty one, because it only ever adds questions.
    pub fn load(state_dir: &Path) -> Self {
        let bytes = files::read_private(&Self::file(state_dir), 64 << 20);
        bytes.ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
    }

    /// Changes the record. The caller holds the lock of the config file it tells of; that of the record keeps out those
    /// who hold the lock of another config file.
    pub fn change(state_dir: &Path, change: impl FnOnce(&mut Self)) -> io::Result<()> {
        let lock = state_dir.join("locks").join("managed.lock");
        let _lock = match Lock::acquire(&lock, Instant::now() + PATIENCE)? {
            Locked::Held(lock) => lock,
            Locked::Busy => {
                return Err(io::Error::new(io::ErrorKind::TimedOut, "another jitpass keeps it busy"));
            }
        };
        let before = Self::load(state_dir);
        let mut after = before.clone();
        change(&mut after);
        if after == before {
            return Ok(());
        }
        files::keep_private(&Self::file(state_dir), &serde_json::to_vec(&after)?)
    }

    /// What was last written for a profile of a config file.
    pub fn profile(&self, config: &Path, profile: &str) -> Option<&ProfileRecord> {
        self.files.get(&key(config))?.get(profile)
    }

    /// Records what was written for a profile.
    pub fn record(&mut self, config: &Path, profile: &str, record: ProfileRecord) {
        self.files.entry(key(config)).or_default().insert(profile.to_owned(), record);
    }

    /// The profile has another name now. What is known under the old one stays: `undo` may bring the section back, and
    /// without a record it would be taken for a person's copy.
    pub fn rename(&mut self, config: &Path, from: &str, to: &str) {
        self.rename_all(config, &[(from, to)]);
    }

    /// The same of several at once, some of which may have got each other's names.
    pub fn rename_all(&mut self, config: &Path, names: &[(&str, &str)]) {
        let Some(profiles) = self.files.get_mut(&key(config)) else { return };
        let records: Vec<_> = names.iter().map(|(from, to)| (*to, profiles.get(*from).cloned())).collect();
        for (to, record) in records {
            match record {
                Some(record) => profiles.insert(to.to_owned(), record),
                None => profiles.remove(to),
            };
        }
    }

    /// Whatever had this name before has nothing to do with what has it now, or its portal is gone.
    pub fn forget(&mut self, config: &Path, profile: &str) {
        if let Some(profiles) = self.files.get_mut(&key(config)) {
            profiles.remove(profile);
        }
    }

    /// Who was signed in to a portal when its profiles were last brought up to date.
    pub fn person(&self, portal: &PortalAddress) -> Option<&str> {
        self.people.get(&portal.key()).map(String::as_str)
    }

    /// Records who was signed in.
    pub fn set_person(&mut self, portal: &PortalAddress, person: &str) {
        self.people.insert(portal.key(), person.to_owned());
    }

    /// The portal has another address now: whoever was signed in there is known at the new one, so that somebody else
    /// who signs in there is noticed.
    pub fn move_person(&mut self, from: &PortalAddress, to: &PortalAddress) {
        if let Some(person) = self.people.remove(&from.key()) {
            self.people.entry(to.key()).or_insert(person);
        }
    }

    /// Nobody is known to have been signed in to a portal.
    pub fn forget_person(&mut self, portal: &PortalAddress) {
        self.people.remove(&portal.key());
    }

    fn file(state_dir: &Path) -> PathBuf {
        state_dir.join("managed.json")
    }
}

fn key(config: &Path) -> String {
    config.display().to_string()
}
