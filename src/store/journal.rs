//! What was changed in people's files, so that it can be shown and taken back.
//!
//! An entry holds the bytes that were replaced and those that took their place, not the whole file: what jitpass
//! did not touch (other tools' secret keys among it) is none of the journal's business. The hashes of the file
//! before and after tell whether it changed since.

use std::io;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::credential::sha256_hex;
use crate::host::files;

/// Bytes that took the place of others.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hunk {
    /// Where it starts in the new file, in bytes.
    pub new_at: usize,
    /// The bytes that went.
    pub old: Bytes,
    /// The bytes that came.
    pub new: Bytes,
}

/// Bytes of a file that is nearly always text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Bytes {
    /// UTF-8.
    Text(String),
    /// Anything else.
    Raw(Vec<u8>),
}

impl Bytes {
    /// Takes bytes over as text where they are.
    pub fn new(bytes: &[u8]) -> Self {
        std::str::from_utf8(bytes).map_or_else(|_| Self::Raw(bytes.to_vec()), |t| Self::Text(t.to_owned()))
    }

    /// The bytes themselves.
    pub fn as_bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Raw(bytes) => bytes,
        }
    }
}

/// One write of one file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// When, in seconds since 1970.
    pub at: i64,
    /// By which command, without its arguments' secrets.
    pub command: String,
    /// The file, as it was named.
    pub path: PathBuf,
    /// Whether there was a file before.
    pub existed: bool,
    /// SHA-256 of the file before.
    pub before: String,
    /// SHA-256 of the file after.
    pub after: String,
    /// What took the place of what.
    pub hunks: Vec<Hunk>,
}

/// The journal: numbered entries, each a private file.
#[derive(Debug, Clone)]
pub struct Journal {
    root: PathBuf,
}

/// How many entries are kept.
const MOST_ENTRIES: usize = 500;

impl Journal {
    /// The journal below the state directory.
    pub fn below(state_dir: &Path) -> Self {
        Self { root: state_dir.join("journal") }
    }

    /// Adds an entry, before the write it tells of: an entry without its write is seen by the hash, a write
    /// without its entry could not be taken back. Gives its number.
    pub fn add(&self, entry: &Entry) -> io::Result<u64> {
        let json = serde_json::to_vec(entry)?;
        let numbers = self.numbers();
        let mut number = numbers.last().map_or(1, |n| n + 1);
        // Another process may write another file at this moment, and take the same number.
        while !files::create_private(&self.file(number), &json)? {
            number += 1;
        }
        for old in numbers.iter().rev().skip(MOST_ENTRIES - 1) {
            let _ = files::remove(&self.file(*old));
        }
        Ok(number)
    }

    /// Removes an entry whose write did not happen.
    pub fn withdraw(&self, number: u64) {
        let _ = files::remove(&self.file(number));
    }

    /// Every entry that can be read, oldest first.
    pub fn entries(&self) -> Vec<(u64, Entry)> {
        let read = |n: u64| serde_json::from_slice(&files::read_private(&self.file(n), 64 << 20).ok()?).ok();
        self.numbers().into_iter().filter_map(|n| Some((n, read(n)?))).collect()
    }

    fn numbers(&self) -> Vec<u64> {
        let number = |p: &PathBuf| p.file_name()?.to_str()?.strip_suffix(".json")?.parse().ok();
        files::list(&self.root).iter().filter_map(number).collect()
    }

    fn file(&self, number: u64) -> PathBuf {
        self.root.join(format!("{number:08}.json"))
    }
}

impl Entry {
    /// Tells of `new` taking the place of `old`.
    pub fn new(
        at: Timestamp,
        command: &str,
        path: &Path,
        old: Option<&[u8]>,
        new: &[u8],
        hunks: Vec<Hunk>,
    ) -> Self {
        Self {
            at: at.seconds(),
            command: command.to_owned(),
            path: path.to_owned(),
            existed: old.is_some(),
            before: sha256_hex(old.unwrap_or_default()),
            after: sha256_hex(new),
            hunks,
        }
    }

    /// The file before the write, from the file after it. `None` when these are not the bytes that were written.
    pub fn before(&self, after: &[u8]) -> Option<Vec<u8>> {
        if sha256_hex(after) != self.after {
            return None;
        }
        let (mut before, mut at) = (Vec::with_capacity(after.len()), 0);
        for hunk in &self.hunks {
            before.extend_from_slice(after.get(at..hunk.new_at)?);
            before.extend_from_slice(hunk.old.as_bytes());
            at = hunk.new_at + hunk.new.as_bytes().len();
        }
        before.extend_from_slice(after.get(at..)?);
        (sha256_hex(&before) == self.before).then_some(before)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hunk(new_at: usize, old: &str, new: &str) -> Hunk {
        Hunk { new_at, old: Bytes::new(old.as_bytes()), new: Bytes::new(new.as_bytes()) }
    }

    #[test]
    fn gives_back_the_bytes_before() {
        let dir = tempfile::tempdir().unwrap();
        let journal = Journal::below(dir.path());
        let (old, new) = ("a\nb\nc", "a\nB\nB2\nc\nd\n");
        let hunks = vec![hunk(2, "b\n", "B\nB2\n"), hunk(8, "", "\nd\n")];
        let now = Timestamp::from_seconds(7);
        let entry = Entry::new(now, "setup", "f".as_ref(), Some(old.as_bytes()), new.as_bytes(), hunks);
        assert_eq!(journal.add(&entry).unwrap(), 1);
        assert_eq!(journal.add(&entry).unwrap(), 2);
        journal.withdraw(2);
        let [(1, read)] = &journal.entries()[..] else { panic!("one entry") };
        assert_eq!(read.before(new.as_bytes()).unwrap(), old.as_bytes());
        assert_eq!(read.before(b"changed since"), None);
    }
}
