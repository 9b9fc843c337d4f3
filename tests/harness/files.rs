//! The files of a directory before and after.

use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use super::record;

/// Every file below a directory, as it is now.
#[derive(Debug, Clone, Default)]
pub(crate) struct Files(BTreeMap<PathBuf, File>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct File {
    mode: u32,
    content: Content,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Content {
    Bytes(Vec<u8>),
    Link(PathBuf),
    /// A pipe, a socket, or a file that nobody may read.
    Other,
}

/// A file that appeared, went, or is no longer what it was.
#[derive(Debug, Clone)]
pub(crate) struct Change {
    pub(crate) path: PathBuf,
    before: Option<File>,
    after: Option<File>,
}

impl Files {
    /// The files below `directory`.
    pub(crate) fn of(directory: &Path) -> Self {
        let mut files = BTreeMap::new();
        collect(directory, &mut files);
        Self(files)
    }

    /// What is different in `after`.
    pub(crate) fn compared_with(&self, after: &Self) -> Vec<Change> {
        let mut paths: Vec<&PathBuf> = self.0.keys().chain(after.0.keys()).collect();
        paths.sort();
        paths.dedup();
        let changed = paths.into_iter().filter(|path| self.0.get(*path) != after.0.get(*path));
        changed
            .map(|path| Change {
                path: path.clone(),
                before: self.0.get(path).cloned(),
                after: after.0.get(path).cloned(),
            })
            .collect()
    }
}

impl fmt::Display for Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let path = self.path.display();
        match (&self.before, &self.after) {
            (_, Some(after)) if self.before.is_none() => {
                writeln!(f, "created {path} mode {:04o}", after.mode)?;
            }
            (Some(_), None) => return writeln!(f, "removed {path}"),
            (Some(before), Some(after)) if before.mode != after.mode => {
                writeln!(f, "changed {path} mode {:04o} to {:04o}", before.mode, after.mode)?;
            }
            _ => writeln!(f, "changed {path}")?,
        }
        let (before, after) = (self.before.as_ref(), self.after.as_ref());
        match (before.map_or(Some(""), File::text), after.and_then(File::text)) {
            (Some(before), Some(after)) => {
                let diff = similar::TextDiff::from_lines(before, after);
                for hunk in diff.unified_diff().context_radius(1).iter_hunks() {
                    for line in hunk.iter_changes() {
                        let newline = if line.missing_newline() { "⏎ no newline\n" } else { "" };
                        write!(f, "  {}{}{newline}", line.tag(), line.value())?;
                    }
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

impl File {
    /// The text, unless it holds a secret or is none.
    fn text(&self) -> Option<&str> {
        match &self.content {
            Content::Bytes(bytes) => {
                std::str::from_utf8(bytes).ok().filter(|text| record::secret_in(text).is_none())
            }
            _ => None,
        }
    }
}

fn collect(directory: &Path, files: &mut BTreeMap<PathBuf, File>) {
    let Ok(entries) = fs::read_dir(directory) else { return };
    for entry in entries.flatten() {
        let path = entry.path();
        // Others may be at work here: what is gone by now was never there.
        let Ok(metadata) = path.symlink_metadata() else { continue };
        let content = if metadata.is_dir() {
            collect(&path, files);
            continue;
        } else if metadata.is_symlink() {
            fs::read_link(&path).map(Content::Link)
        } else if metadata.is_file() {
            fs::read(&path).map(Content::Bytes)
        } else {
            Ok(Content::Other)
        };
        let mode = metadata.permissions().mode() & 0o7777;
        files.insert(path, File { mode, content: content.unwrap_or(Content::Other) });
    }
}
