//! What jitpass made outside of its own files: directories, and files of the person's that were not there. By this
//! record, uninstalling takes away exactly what was not there before.
//!
//! Each is noted before it is made: one that was noted and never made is no harm, because only what is empty goes. The
//! directory of the record itself can only be noted after.

use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::host::files;

/// Where this process keeps the record; nowhere until somebody says so.
static RECORD: OnceLock<PathBuf> = OnceLock::new();

/// What was made, each once, in the order in which it was.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Made {
    /// Directories.
    pub directories: Vec<PathBuf>,
    /// Files of the person's.
    pub files: Vec<PathBuf>,
}

impl Made {
    /// The directories, each before those that it lies in.
    pub fn innermost_first(self) -> Vec<PathBuf> {
        let mut directories = self.directories;
        directories.sort_by_key(|dir| std::cmp::Reverse(dir.components().count()));
        directories
    }
}

/// The record in jitpass's state directory.
pub fn record(state_dir: &Path) -> PathBuf {
    state_dir.join("made")
}

/// From now on, what this process makes is noted in that file.
pub fn remember_in(record: PathBuf) {
    // Said twice, it is the same file: there is one machine.
    let _ = RECORD.set(record);
    let _ = files::NOTING.set(directories);
}

/// What the record says; nothing where there is none.
pub fn read(record: &Path) -> Made {
    let mut made = Made::default();
    let bytes = files::read_private(record, 16 << 20).unwrap_or_default();
    // Who was killed while noting left half a line: it names nothing that was made.
    let whole = bytes.iter().rposition(|b| *b == 0).map_or(&bytes[..0], |end| &bytes[..end]);
    for note in whole.split(|b| *b == 0) {
        let Some((kind, path)) = std::str::from_utf8(note).ok().and_then(|note| note.split_once(' ')) else {
            continue;
        };
        let list = if kind == "d" { &mut made.directories } else { &mut made.files };
        if !list.iter().any(|known| known.as_os_str() == path) {
            list.push(path.into());
        }
    }
    made
}

/// A person's file that was not there is about to be made.
pub(super) fn file(path: &Path) {
    note("f", &[path.to_owned()]);
}

/// Makes a directory and its parents, and notes those that were not there.
fn directories(dir: &Path, make: files::Make<'_>) -> io::Result<()> {
    let missing = missing(dir);
    let is_own = RECORD.get().is_some_and(|record| record.starts_with(dir));
    if !is_own {
        note("d", &missing);
    }
    make()?;
    if is_own {
        note("d", &missing);
    }
    Ok(())
}

/// The directories that are not there, the outermost first.
fn missing(dir: &Path) -> Vec<PathBuf> {
    let is_missing = |dir: &&Path| !dir.as_os_str().is_empty() && dir.symlink_metadata().is_err();
    let mut missing: Vec<PathBuf> = dir.ancestors().take_while(is_missing).map(Path::to_owned).collect();
    missing.reverse();
    missing
}

/// Adds to the record. What cannot be noted stays when jitpass goes, which harms nobody.
fn note(kind: &str, paths: &[PathBuf]) {
    let Some(record) = RECORD.get().filter(|_| !paths.is_empty()) else { return };
    let absolute = |path: &PathBuf| std::path::absolute(path).ok()?.into_os_string().into_string().ok();
    let lines = paths.iter().filter_map(absolute).filter(|path| !path.contains('\0'));
    let lines: String = lines.map(|path| format!("{kind} {path}\0")).collect();
    let added = record.parent().map_or(Ok(()), files::create_private_dir).and_then(|()| add(record, &lines));
    if let Err(error) = added {
        tracing::debug!(%error, "what is made is not noted");
    }
}

/// One write, so that what several processes add does not mix.
fn add(record: &Path, lines: &str) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.create(true).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(record)?;
    file.write_all(lines.as_bytes())?;
    // As safe as what it tells of.
    file.sync_all()
}

/// Puts the record elsewhere, so that its directory can go.
///
/// # Errors
/// Also where that is another file system.
pub fn step_out(record: &Path, outside: &Path) -> io::Result<()> {
    fs::rename(record, outside)
}

/// Removes a directory if it is empty; `false` where it is not, or is not there.
pub fn remove_if_empty(dir: &Path) -> bool {
    // A link to a directory is the person's.
    dir.symlink_metadata().is_ok_and(|metadata| metadata.is_dir()) && fs::remove_dir(dir).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_told_from_the_outermost_on() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("a/b"));
        assert_eq!(missing(&b), [a.clone(), b.clone()]);
        fs::create_dir(&a).unwrap();
        assert_eq!(missing(&b), [b]);
        assert!(missing(&a).is_empty() && missing(Path::new("")).is_empty());
    }

    #[test]
    fn half_a_line_names_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("made");
        files::write_private(&file, b"d /h/.aws\0f /h/.aws/config\0d /h/.aws\0d /h/.lo").unwrap();
        let made = read(&file);
        assert_eq!((made.directories, made.files), (vec!["/h/.aws".into()], vec!["/h/.aws/config".into()]));
        assert_eq!(read(&dir.path().join("none")), Made::default());
    }

    #[test]
    fn only_an_empty_directory_goes() {
        let dir = tempfile::tempdir().unwrap();
        let inner = dir.path().join("a");
        fs::create_dir(&inner).unwrap();
        fs::write(inner.join("f"), "").unwrap();
        assert!(!remove_if_empty(&inner));
        fs::remove_file(inner.join("f")).unwrap();
        assert!(remove_if_empty(&inner) && !remove_if_empty(&inner));
    }
}
