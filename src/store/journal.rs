//! What was changed in people's files, so that it can be shown and taken back.
//!
//! 1. An entry tells of one write of one file; the entries of one change carry the change's number.
//! 2. It holds the bytes that were replaced and those that took their place, not the whole file: what jitpass did not
//!    touch is none of the journal's business. The hashes of the file before and after tell whether it changed since,
//!    those of the lines round a place find it again.
//! 3. Secrets are not in it: where one stood, its hash says which. ([`super::shelf`])
//! 4. The oldest changes go when there are too many.

use std::collections::BTreeSet;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use crate::host::files;
use crate::host::locks::{Lock, Locked};

/// Bytes that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Where it starts in the new file, in bytes.
    pub at: usize,
    /// How many bytes of the new file it is.
    pub length: usize,
    /// The bytes that went.
    pub old: Vec<Piece>,
    /// The bytes that came.
    pub new: Vec<Piece>,
    /// Cut hash of the section's header above it; empty where there was none.
    pub section: String,
    /// The header itself, without secrets; older entries do not say it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub header: String,
    /// Cut hashes of the lines above, the nearest first.
    pub above: Vec<String>,
    /// Cut hashes of the lines below.
    pub below: Vec<String>,
    /// Whether it begins with the line end of the line above.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub joins: bool,
}

/// A piece of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Piece {
    /// UTF-8.
    Text(String),
    /// Bytes that are no UTF-8.
    Raw(Vec<u8>),
    /// Where a secret stood.
    Secret {
        /// The SHA-256 of the secret, by which it is kept elsewhere.
        secret: String,
        /// Whether it is so short that nothing of its hash is shown.
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        short: bool,
    },
}

/// One write of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in seconds since 1970.
    pub at: i64,
    /// By which command, without its arguments.
    pub command: String,
    /// The change that it took back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undoes: Option<u64>,
    /// The last of the changes that it took back, where it took back all from `undoes` on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<u64>,
    /// The process that made it: one run of a command may make two changes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub process: Option<u32>,
    /// The file, as it was named.
    pub path: PathBuf,
    /// Whether there was a file before.
    pub existed: bool,
    /// Whether there was none after.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub was_removed: bool,
    /// Whether it is the start-up file of a shell.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_start_up: bool,
    /// SHA-256 of the file before.
    pub before: String,
    /// SHA-256 of the file after.
    pub after: String,
    /// How many lines came.
    pub added: usize,
    /// How many lines went.
    pub removed: usize,
    /// What took the place of what.
    pub hunks: Vec<Hunk>,
}

/// What one command wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its number.
    pub number: u64,
    /// Its writes, in the order in which they were made; at least one.
    pub entries: Vec<Entry>,
}

/// The journal: numbered changes, each entry a private file (`00000007.json`, `00000007-2.json`).
#[derive(Debug, Clone)]
pub struct Journal {
    root: PathBuf,
}

/// Where an entry lies: the number of the change, and of the entry in it, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct EntryId {
    /// The change.
    pub change: u64,
    /// The entry in it.
    pub part: u64,
}

/// How many entries are kept, and how many bytes they may have together.
const MOST_ENTRIES: usize = 500;
const MOST_BYTES: u64 = 32 << 20;

/// The largest entry that is read: a write of two files of the largest size that anybody edits.
const LARGEST: u64 = 256 << 20;

/// How long another process may take to write an entry or drop a secret.
const PATIENCE: Duration = Duration::from_secs(20);

impl Journal {
    /// The journal below the state directory.
    pub fn below(state_dir: &Path) -> Self {
        Self { root: state_dir.join("journal") }
    }

    /// Keeps others from dropping a secret that an entry about to be added tells of.
    pub fn lock(&self) -> io::Result<Lock> {
        match Lock::acquire(
            &self.root.with_file_name("locks").join("journal.lock"),
            Instant::now() + PATIENCE,
        )? {
            Locked::Held(lock) => Ok(lock),
            Locked::Busy => Err(io::Error::new(io::ErrorKind::TimedOut, "another jitpass keeps it busy")),
        }
    }

    /// Adds an entry to a change, or begins one, before the write it tells of: an entry without its write is seen by
    /// the hash, a write without its entry could not be taken back.
    pub fn add(&self, entry: &Entry, change: Option<u64>) -> io::Result<EntryId> {
        let json = serde_json::to_vec(entry)?;
        let known = self.ids();
        let mut id = match change {
            Some(change) => EntryId { change, part: 2 },
            None => EntryId { change: known.last().map_or(1, |last| last.change + 1), part: 1 },
        };
        // Another process may write another file at this moment, and take the same number.
        while !files::create_private(&self.file(id), &json)? {
            match change {
                Some(_) => id.part += 1,
                None => id.change += 1,
            }
        }
        Ok(id)
    }

    /// Removes the oldest changes that are too many, all but `newest`; says whether any was.
    pub fn prune(&self, newest: u64) -> bool {
        let ids = self.ids();
        let (mut entries, mut bytes, mut oldest) = (0, 0, 0);
        for id in ids.iter().rev() {
            entries += 1;
            bytes += files::size(&self.file(*id));
            if entries > MOST_ENTRIES || bytes > MOST_BYTES {
                oldest = (id.change + 1).min(newest);
                break;
            }
        }
        let gone = ids.iter().filter(|id| id.change < oldest);
        gone.filter(|id| files::remove(&self.file(**id)).is_ok()).count() > 0
    }

    /// Removes an entry whose write did not happen.
    pub fn withdraw(&self, id: EntryId) {
        let _ = files::remove(&self.file(id));
    }

    /// Every change of which something can be read, oldest first.
    pub fn changes(&self) -> Vec<Past> {
        let mut changes: Vec<Past> = Vec::new();
        for id in self.ids() {
            let bytes = files::read_private(&self.file(id), LARGEST);
            let Some(entry) = bytes.ok().and_then(|b| serde_json::from_slice(&b).ok()) else { continue };
            match changes.last_mut().filter(|last| last.number == id.change) {
                Some(last) => last.entries.push(entry),
                None => changes.push(Past { number: id.change, entries: vec![entry] }),
            }
        }
        changes
    }

    /// The hashes of all secrets that its entries tell of.
    pub fn secrets(&self) -> BTreeSet<String> {
        let changes = self.changes();
        changes
            .iter()
            .flat_map(|change| &change.entries)
            .flat_map(Entry::secrets)
            .map(str::to_owned)
            .collect()
    }

    fn ids(&self) -> Vec<EntryId> {
        let id = |path: &PathBuf| {
            let name = path.file_name()?.to_str()?.strip_suffix(".json")?;
            let (change, part) = name.split_once('-').unwrap_or((name, "1"));
            Some(EntryId { change: change.parse().ok()?, part: part.parse().ok()? })
        };
        let mut ids: Vec<EntryId> = files::list(&self.root).iter().filter_map(id).collect();
        ids.sort_unstable();
        ids
    }

    fn file(&self, EntryId { change, part }: EntryId) -> PathBuf {
        self.root.join(if part == 1 {
            format!("{change:08}.json")
        } else {
            format!("{change:08}-{part}.json")
        })
    }
}

impl Entry {
    /// The hashes of the secrets it tells of.
    pub fn secrets(&self) -> impl Iterator<Item = &str> {
        let pieces = self.hunks.iter().flat_map(|hunk| hunk.old.iter().chain(&hunk.new));
        pieces.filter_map(|piece| match piece {
            Piece::Secret { secret, .. } => Some(secret.as_str()),
            Piece::Text(_) | Piece::Raw(_) => None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(command: &str) -> Entry {
        let text = |text: &str| vec![Piece::Text(text.to_owned())];
        let secret = Piece::Secret { secret: "ab12".to_owned(), short: true };
        let hunk = Hunk {
            at: 2,
            length: 5,
            old: text("b\n"),
            new: vec![Piece::Text("B\n".to_owned()), secret, Piece::Raw(vec![255])],
            section: String::new(),
            header: String::new(),
            above: vec!["start".to_owned()],
            below: Vec::new(),
            joins: false,
        };
        Entry {
            at: 7,
            command: command.to_owned(),
            undoes: None,
            through: None,
            process: None,
            path: "f".into(),
            existed: true,
            was_removed: false,
            is_start_up: false,
            before: String::new(),
            after: String::new(),
            added: 1,
            removed: 1,
            hunks: vec![hunk],
        }
    }

    fn numbers(journal: &Journal) -> Vec<(u64, usize)> {
        journal.changes().iter().map(|change| (change.number, change.entries.len())).collect()
    }

    #[test]
    fn one_number_for_all_files_of_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::below(dir.path());
        let first = journal.add(&entry("setup"), None).unwrap();
        let second = journal.add(&entry("setup"), Some(first.change)).unwrap();
        assert_eq!((first.change, first.part, second.change, second.part), (1, 1, 1, 2));
        assert_eq!(journal.add(&entry("sync"), None).unwrap().change, 2);
        assert_eq!(numbers(&journal), [(1, 2), (2, 1)]);
        assert_eq!(journal.changes()[0].entries[1], entry("setup"));
        assert_eq!(journal.secrets(), BTreeSet::from(["ab12".to_owned()]));
        journal.withdraw(first);
        assert_eq!(numbers(&journal), [(1, 1), (2, 1)]);
    }

    #[test]
    fn the_oldest_go_when_there_are_too_many() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::below(dir.path());
        for n in 0..MOST_ENTRIES {
            std::fs::create_dir_all(dir.path().join("journal")).unwrap();
            std::fs::write(journal.file(EntryId { change: n as u64 + 1, part: 1 }), "{}").unwrap();
        }
        assert!(!journal.prune(500));
        let newest = journal.add(&entry("sync"), None).unwrap();
        assert!(journal.prune(newest.change));
        let ids = journal.ids();
        assert_eq!((ids.len(), ids[0].change, ids[499].change), (500, 2, 501));
        // Large ones sooner; the newest stays whatever its size.
        for change in [502, 503] {
            let file = std::fs::File::create(journal.file(EntryId { change, part: 1 })).unwrap();
            file.set_len(MOST_BYTES + 1).unwrap();
        }
        assert!(journal.prune(503));
        assert_eq!(journal.ids(), [EntryId { change: 503, part: 1 }]);
    }
}
