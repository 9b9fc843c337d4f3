//! What was last written into the shared AWS config file: the base of a three-way comparison, by which a change
//! made by hand can be told from one at the portal.

use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::host::files;

/// The properties last written for each profile, by config file and profile name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Managed {
    files: BTreeMap<String, BTreeMap<String, BTreeMap<String, String>>>,
}

impl Managed {
    /// The record in the state directory; an unreadable one is an empty one, because it only ever adds questions.
    pub fn load(state_dir: &Path) -> Self {
        let bytes = files::read_private(&Self::file(state_dir), 64 << 20);
        bytes.ok().and_then(|b| serde_json::from_slice(&b).ok()).unwrap_or_default()
    }

    /// Keeps the record.
    pub fn keep(&self, state_dir: &Path) -> io::Result<()> {
        files::keep_private(&Self::file(state_dir), &serde_json::to_vec_pretty(self)?)
    }

    /// The properties last written for a profile of a config file.
    pub fn profile(&self, config: &Path, profile: &str) -> Option<&BTreeMap<String, String>> {
        self.files.get(&config.display().to_string())?.get(profile)
    }

    /// Records what was written for a profile.
    pub fn record(&mut self, config: &Path, profile: &str, properties: BTreeMap<String, String>) {
        self.files.entry(config.display().to_string()).or_default().insert(profile.to_owned(), properties);
    }

    fn file(state_dir: &Path) -> PathBuf {
        state_dir.join("managed.json")
    }
}
