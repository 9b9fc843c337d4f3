//! What jitpass wrote into a person's files, and what became of it.

use std::collections::HashMap;
use std::ops::RangeInclusive;
use std::path::{Path, PathBuf};

use crate::base::Timestamp;
use crate::credential::sha256_hex;
use crate::host::user_file::UserFile;
use crate::ops::failure::Failure;
use crate::ops::journaling::written;
use crate::ops::machine::Machine;
use crate::plan::{self, Diff, header_of, unified};
use crate::store::journal::{Entry, Journal, Past};
use crate::store::settings::Settings;

/// What became of a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// It is in the files, as far as nobody changed them since.
    Stands,
    /// It was taken back by the change of this number.
    UndoneBy(u64),
    /// Its files were as before when they were next seen: it was interrupted, or taken back by hand.
    NotThere,
}

/// A change of a person's files.
#[derive(Debug, Clone)]
pub struct PastChange {
    /// Its number.
    pub number: u64,
    /// When it was made.
    pub at: Timestamp,
    /// The command that made it.
    pub command: String,
    /// The change that it took back.
    pub undoes: Option<u64>,
    /// The last of the changes that it took back, where it took back all from `undoes` on.
    pub through: Option<u64>,
    /// What became of it.
    pub standing: Standing,
    /// The files, in the order in which they were written.
    pub files: Vec<PastFile>,
}

/// What a change wrote into one file.
#[derive(Debug, Clone)]
pub struct PastFile {
    /// The file.
    pub path: PathBuf,
    /// How many lines came.
    pub added: usize,
    /// How many lines went.
    pub removed: usize,
    /// Whether the change made the file.
    pub is_new: bool,
    /// Whether the change removed the file.
    pub was_removed: bool,
    /// Whether it is there no more, though no `undo` took it back.
    pub(super) is_not_there: bool,
    pub(super) entry: Entry,
}

impl PastChange {
    /// The changes that it took back.
    pub(super) fn undone(&self) -> Option<RangeInclusive<u64>> {
        self.undoes.map(|first| first..=self.through.unwrap_or(first))
    }

    /// Whether the same run of a command made both.
    pub(super) fn belongs_to(&self, other: &Self) -> bool {
        let run = |change: &Self| change.files.first().map(|file| (file.entry.process, file.entry.at));
        match (run(self), run(other)) {
            (Some((Some(one), at)), Some((Some(other), then))) => {
                one == other && at.abs_diff(then) < LONGEST_RUN
            }
            _ => false,
        }
    }
}

/// How many seconds a command may run, questions included: a number of a process is given again later.
const LONGEST_RUN: u64 = 3600;

/// What kind of file was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// A shared AWS config file.
    Config,
    /// The settings.
    Settings,
    /// The start-up file of a shell.
    StartUp,
}

impl PastFile {
    /// What kind of file it is.
    pub fn kind(&self, machine: &Machine) -> FileKind {
        match self.entry.is_start_up {
            true => FileKind::StartUp,
            false if is_settings(machine, &self.path) => FileKind::Settings,
            false => FileKind::Config,
        }
    }

    /// The names of the sections that it wrote to, without their brackets.
    pub fn sections(&self) -> Vec<String> {
        // What begins with a bracket there is a test.
        if self.entry.is_start_up {
            return Vec::new();
        }
        let now = std::cell::OnceCell::new();
        // Entries of older versions name a section by its hash alone.
        let section = |hash: &str| {
            let now = now.get_or_init(|| UserFile::read(&self.path).ok());
            header_of(now.as_ref().map(UserFile::content).unwrap_or_default(), hash)
        };
        plan::sections(&written(&self.entry), section)
    }

    /// What was written, as a diff without the lines round it: those were never the journal's.
    pub fn diff(&self) -> Diff {
        let now = UserFile::read(&self.path).ok();
        let text = now.as_ref().map(UserFile::content).unwrap_or_default();
        let section = |hash: &str| header_of(text, hash);
        let mut diff = unified(&written(&self.entry), section);
        (diff.added, diff.removed) = (self.added, self.removed);
        diff
    }
}

impl PastChange {
    /// The files, in the order in which a command shows what it will write.
    pub fn shown_files(&self, machine: &Machine) -> Vec<&PastFile> {
        let mut files: Vec<&PastFile> = self.files.iter().collect();
        files.sort_by_key(|file| !is_settings(machine, &file.path));
        files
    }
}

/// Whether a file is that of the settings.
pub fn is_settings(machine: &Machine, path: &Path) -> bool {
    machine.config_dir.as_deref().is_some_and(|dir| Settings::file(dir) == *path)
}

/// Every change that the journal still knows, oldest first.
pub fn history(machine: &Machine) -> Result<Vec<PastChange>, Failure> {
    let journal = Journal::below(&machine.need_state_dir()?);
    Ok(judge(journal.changes(), &|path| {
        let file = UserFile::read(path).ok()?;
        Some((file.bytes.is_some(), sha256_hex(file.content())))
    }))
}

/// Says of each change what became of it; `present` tells whether a file is there, and its hash.
fn judge(changes: Vec<Past>, present: &dyn Fn(&Path) -> Option<(bool, String)>) -> Vec<PastChange> {
    // From the newest on: what the file was when it was seen next.
    let mut seen: HashMap<PathBuf, Option<(bool, String)>> = HashMap::new();
    let mut undone: Vec<(RangeInclusive<u64>, u64)> = Vec::new();
    let mut judged = Vec::with_capacity(changes.len());
    for Past { number, entries } in changes.into_iter().rev() {
        let mut files = Vec::with_capacity(entries.len());
        for entry in entries.into_iter().rev() {
            let next = seen.entry(entry.path.clone()).or_insert_with(|| present(&entry.path)).clone();
            let before = (entry.existed, entry.before.clone());
            let after = (!entry.was_removed, entry.after.clone());
            let is_not_there = next.is_some_and(|next| next == before && next != after);
            seen.insert(entry.path.clone(), Some(before));
            files.insert(
                0,
                PastFile {
                    path: entry.path.clone(),
                    added: entry.added,
                    removed: entry.removed,
                    is_new: !entry.existed,
                    was_removed: entry.was_removed,
                    is_not_there,
                    entry,
                },
            );
        }
        let Some(first) = files.first() else { continue };
        let standing = match undone.iter().find(|(numbers, _)| numbers.contains(&number)) {
            _ if files.iter().all(|file| file.is_not_there) => Standing::NotThere,
            Some((_, by)) => Standing::UndoneBy(*by),
            None => Standing::Stands,
        };
        let change = PastChange {
            number,
            at: Timestamp::from_seconds(first.entry.at),
            command: first.entry.command.clone(),
            undoes: first.entry.undoes,
            through: first.entry.through,
            standing,
            files,
        };
        if standing == Standing::Stands {
            undone.extend(change.undone().map(|numbers| (numbers, number)));
        }
        judged.push(change);
    }
    judged.reverse();
    judged
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first and the last of the changes that one takes back.
    type Span = (u64, u64);

    /// Changes of one file: number, content before and after, what it undoes.
    fn standings(changes: &[(u64, &str, &str, Option<Span>)], now: &str) -> Vec<Standing> {
        let past = |(number, before, after, undoes): &(u64, &str, &str, Option<Span>)| Past {
            number: *number,
            entries: vec![Entry {
                at: 0,
                command: String::new(),
                undoes: undoes.map(|(first, _)| first),
                through: undoes.and_then(|(first, last)| (first != last).then_some(last)),
                process: None,
                path: "f".into(),
                existed: true,
                was_removed: false,
                is_start_up: false,
                before: sha256_hex(before.as_bytes()),
                after: sha256_hex(after.as_bytes()),
                added: 0,
                removed: 0,
                hunks: Vec::new(),
            }],
        };
        let judged = judge(changes.iter().map(past).collect(), &|_| Some((true, sha256_hex(now.as_bytes()))));
        judged.iter().map(|change| change.standing).collect()
    }

    #[test]
    fn what_became_of_each() {
        use Standing::{NotThere, Stands, UndoneBy};
        let (one, two) = ((1, "a", "b", None), (2, "b", "c", None));
        assert_eq!(standings(&[one, two], "c"), [Stands, Stands]);
        // Others wrote since.
        assert_eq!(standings(&[one, two], "x"), [Stands, Stands]);
        // Interrupted before the write.
        assert_eq!(standings(&[one, two], "b"), [Stands, NotThere]);
        assert_eq!(standings(&[(1, "a", "b", None), (2, "a", "c", None)], "c"), [NotThere, Stands]);
        // Taken back, one after the other, and brought back.
        let back = (3, "c", "b", Some((2, 2)));
        assert_eq!(standings(&[one, two, back], "b"), [Stands, UndoneBy(3), Stands]);
        let more = (4, "b", "a", Some((1, 1)));
        assert_eq!(standings(&[one, two, back, more], "a"), [UndoneBy(4), UndoneBy(3), Stands, Stands]);
        let redo = (5, "a", "b", Some((4, 4)));
        assert_eq!(
            standings(&[one, two, back, more, redo], "b"),
            [Stands, UndoneBy(3), Stands, UndoneBy(5), Stands]
        );
        // All from the first on, and brought back.
        let all = (6, "b", "a", Some((1, 5)));
        let through = UndoneBy(6);
        assert_eq!(
            standings(&[one, two, back, more, redo, all], "a"),
            [through, through, through, through, through, Stands]
        );
        let again = (7, "a", "b", Some((6, 6)));
        assert_eq!(
            standings(&[one, two, back, more, redo, all, again], "b"),
            [Stands, UndoneBy(3), Stands, UndoneBy(5), Stands, UndoneBy(7), Stands]
        );
        // An undo that was interrupted took nothing back.
        assert_eq!(standings(&[one, two, back], "c"), [Stands, Stands, NotThere]);
    }
}
