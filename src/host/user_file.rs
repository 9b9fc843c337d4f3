//! Files that belong to the person: replaced whole or not at all.
//!
//! 1. Follow links to the real file; a link that leads nowhere yet leads to the file to be made.
//! 2. Read it, and remember mode and owner.
//! 3. (The caller plans, shows, asks.)
//! 4. Read it again: if it changed meanwhile, nothing is written.
//! 5. Write a new file beside the real one, with its mode and owner, and flush it to the disk.
//! 6. Rename it over the real one and flush the directory.
//! 7. Look whether another program was just writing the old one; then what it wrote is put back, and the caller told.
//!
//! A kill or a full disk at any moment leaves the old file or the new one, whole.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::host::old_file::OldFile;
use crate::host::{files, made};

/// A person's file as it was when it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UserFile {
    /// The path that was asked for.
    pub path: PathBuf,
    /// Where the bytes really lie, links followed.
    pub real: PathBuf,
    /// Its bytes; `None` where there is no file yet.
    pub bytes: Option<Vec<u8>>,
    /// Whether other names lead to the same bytes (hard links); replacing parts them.
    pub has_other_names: bool,
    /// Whether, if it is made, it is made as an editor would make it: for others to read. ([`Self::public`])
    is_public: bool,
}

/// Why a person's file was not read or not replaced. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum UserFileError {
    /// The system refused an operation.
    #[error("cannot {action} {path}")]
    Io {
        /// What was tried, as a verb.
        action: &'static str,
        /// On which file or directory.
        path: String,
        /// What the system said.
        source: io::Error,
    },
    /// Something else than a file is in its place.
    #[error("{0} is not a file")]
    NotAFile(String),
    /// Its owner took the right to write away.
    #[error("{0} is read-only")]
    ReadOnly(String),
    /// It belongs to somebody else or to a group, and could not be replaced without changing that.
    #[error("the owner and group of {0} could not be kept")]
    ForeignOwner(String),
    /// Another program wrote it between reading and replacing.
    #[error("{0} was changed by another program in the meantime")]
    Changed(String),
}

fn io_error(action: &'static str, path: &Path) -> impl FnOnce(io::Error) -> UserFileError + use<> {
    let path = path.display().to_string();
    move |source| UserFileError::Io { action, path, source }
}

impl UserFile {
    /// Reads the file, or notes that there is none.
    pub fn read(path: &Path) -> Result<Self, UserFileError> {
        let real = follow(path).map_err(io_error("follow", path))?;
        let (bytes, has_other_names) = match fs::metadata(&real) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => (None, false),
            Err(error) => return Err(io_error("read", path)(error)),
            Ok(metadata) if !metadata.is_file() => {
                return Err(UserFileError::NotAFile(path.display().to_string()));
            }
            Ok(metadata) => {
                (Some(fs::read(&real).map_err(io_error("read", path))?), link_count(&metadata) > 1)
            }
        };
        Ok(Self { path: path.to_owned(), real, bytes, has_other_names, is_public: false })
    }

    /// The same, for a file such as a start-up file: a new one is made as an editor would make it.
    #[must_use]
    pub fn public(self) -> Self {
        Self { is_public: true, ..self }
    }

    /// Whether it is made for others to read, if it is made.
    pub fn is_public(&self) -> bool {
        self.is_public
    }

    /// The bytes; empty where there is no file.
    pub fn content(&self) -> &[u8] {
        self.bytes.as_deref().unwrap_or_default()
    }

    /// Finds out whether [`UserFile::replace`] would be refused, before anybody is asked anything.
    pub fn check_replaceable(&self) -> Result<(), UserFileError> {
        match fs::metadata(&self.real) {
            Ok(metadata) if is_read_only(&metadata) => {
                Err(UserFileError::ReadOnly(self.path.display().to_string()))
            }
            _ => Ok(()),
        }
    }

    /// Puts `new` in the place of what was read.
    ///
    /// A new file gets mode 0600 in a directory of mode 0700, a public one what the person's mask says; an existing one
    /// keeps its mode and owner.
    pub fn replace(&self, new: &[u8]) -> Result<(), UserFileError> {
        self.check_replaceable()?;
        let dir = self.real.parent().filter(|d| !d.as_os_str().is_empty()).unwrap_or(Path::new("."));
        if self.bytes.is_none() {
            made::file(&self.real);
            let make = if self.is_public { files::create_public_dir } else { files::create_private_dir };
            if !dir.is_dir() {
                make(dir).map_err(io_error("make", dir))?;
            }
        }
        files::remove_leavings(dir);
        let file = self.written_beside(dir, new)?;
        // As late as can be: nothing locks this file, so another program may have written it since, or be about to.
        let old = OldFile::open(&self.real).map_err(io_error("read", &self.path))?;
        let now = Self::read(&self.path)?;
        if now.bytes != self.bytes || now.real != self.real {
            return Err(UserFileError::Changed(self.path.display().to_string()));
        }
        file.persist(&self.real).map_err(|e| io_error("replace", &self.real)(e.error))?;
        files::flush_directory(&self.real);
        match old.and_then(|old| old.written_since(self.content())) {
            None => Ok(()),
            Some(theirs) => {
                self.put_back(dir, &theirs, new)?;
                Err(UserFileError::Changed(self.path.display().to_string()))
            }
        }
    }

    /// Another program had the old file open and wrote it when the new one had already taken its place. What it wrote
    /// is the person's; ours can be made again.
    fn put_back(&self, dir: &Path, theirs: &[u8], ours: &[u8]) -> Result<(), UserFileError> {
        // Unless somebody wrote the file once more, on top of ours.
        if Self::read(&self.path)?.content() == ours {
            let file = self.written_beside(dir, theirs)?;
            file.persist(&self.real).map_err(|e| io_error("replace", &self.real)(e.error))?;
            files::flush_directory(&self.real);
        }
        Ok(())
    }

    /// A new file beside the real one, with its mode and owner, safe on the disk.
    fn written_beside(&self, dir: &Path, bytes: &[u8]) -> Result<NamedTempFile, UserFileError> {
        // The copy of one that is there may hold what others must not read.
        let is_public = self.is_public && self.bytes.is_none();
        let new = if is_public { files::public_file } else { files::private_file };
        let mut file = new(dir).map_err(io_error("write in", dir))?;
        file.as_file_mut().write_all(bytes).map_err(io_error("write", &self.real))?;
        if let Ok(metadata) = fs::metadata(&self.real) {
            keep_owner(file.as_file(), &metadata)
                .map_err(|_| UserFileError::ForeignOwner(self.path.display().to_string()))?;
            // After the owner: changing that drops mode bits.
            file.as_file().set_permissions(metadata.permissions()).map_err(io_error("write", &self.real))?;
        }
        file.as_file().sync_all().map_err(io_error("write", &self.real))?;
        Ok(file)
    }

    /// Removes what was read, unless it changed since. A link that leads to it stays, as one that leads nowhere yet.
    pub fn remove(&self) -> Result<(), UserFileError> {
        self.check_replaceable()?;
        let now = Self::read(&self.path)?;
        if now.bytes != self.bytes || now.real != self.real {
            return Err(UserFileError::Changed(self.path.display().to_string()));
        }
        files::remove(&self.real).map_err(io_error("remove", &self.real))?;
        files::flush_directory(&self.real);
        Ok(())
    }
}

/// The real path: links followed, also one that leads to a file that is not there yet.
fn follow(path: &Path) -> io::Result<PathBuf> {
    // As many hops as Linux allows; more is a circle.
    let mut path = path.to_owned();
    for _ in 0..40 {
        match fs::read_link(&path) {
            Ok(target) => path = path.parent().unwrap_or(Path::new("")).join(target),
            // Not a link, or not there: the parents may still be links, and the rename must happen beside the file.
            Err(_) => {
                return match (path.parent().map(fs::canonicalize), path.file_name()) {
                    (Some(Ok(dir)), Some(name)) => Ok(dir.join(name)),
                    _ => Ok(path),
                };
            }
        }
    }
    Err(io::Error::other("too many links"))
}

#[cfg(unix)]
fn keep_owner(file: &File, old: &fs::Metadata) -> io::Result<()> {
    use std::os::unix::fs::MetadataExt as _;
    let new = file.metadata()?;
    if (new.uid(), new.gid()) == (old.uid(), old.gid()) {
        return Ok(());
    }
    std::os::unix::fs::fchown(file, Some(old.uid()), Some(old.gid()))
}

#[cfg(unix)]
fn is_read_only(metadata: &fs::Metadata) -> bool {
    // The mode, not what the system would let us do: to root it would let us do anything, and a rename needs no
    // right on the file at all. Who took the right to write away meant it.
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o200 == 0
}

#[cfg(unix)]
fn link_count(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::nlink(metadata)
}

#[cfg(not(unix))]
fn keep_owner(_: &File, _: &fs::Metadata) -> io::Result<()> {
    Ok(())
}

#[cfg(not(unix))]
fn is_read_only(metadata: &fs::Metadata) -> bool {
    metadata.permissions().readonly()
}

#[cfg(not(unix))]
fn link_count(_: &fs::Metadata) -> u64 {
    1
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    fn mode(path: &Path) -> u32 {
        fs::symlink_metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn keeps_link_mode_and_neighbours() {
        let dir = tempfile::tempdir().unwrap();
        let real = dir.path().join("dotfiles/config");
        fs::create_dir(dir.path().join("dotfiles")).unwrap();
        fs::write(&real, "old").unwrap();
        fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
        let link = dir.path().join("config");
        symlink("dotfiles/config", &link).unwrap();

        UserFile::read(&link).unwrap().replace(b"new").unwrap();
        assert_eq!(fs::read(&real).unwrap(), b"new");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(mode(&real), 0o640);
        assert_eq!(fs::read_dir(dir.path().join("dotfiles")).unwrap().count(), 1);
    }

    #[test]
    fn makes_what_is_missing_privately() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join(".aws/config");
        let file = UserFile::read(&path).unwrap();
        assert_eq!((&file.bytes, file.content()), (&None, &b""[..]));
        file.replace(b"new").unwrap();
        assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    }

    #[test]
    fn makes_a_public_file_as_an_editor_would_and_keeps_a_private_one_private() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("fish/conf.d/jitpass.fish");
        UserFile::read(&path).unwrap().public().replace(b"new").unwrap();
        // Whatever the mask of whoever runs this: nobody but the owner may write, and the owner may do all.
        assert_eq!(mode(&path) & 0o600, 0o600);
        assert_eq!(mode(&path) & !0o644, 0);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        UserFile::read(&path).unwrap().public().replace(b"newer").unwrap();
        assert_eq!((mode(&path), fs::read(&path).unwrap()), (0o600, b"newer".to_vec()));
    }

    #[test]
    fn a_dangling_link_leads_to_the_file_to_be_made() {
        let dir = tempfile::tempdir().unwrap();
        let link = dir.path().join("config");
        symlink("real", &link).unwrap();
        UserFile::read(&link).unwrap().replace(b"new").unwrap();
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert_eq!(fs::read(dir.path().join("real")).unwrap(), b"new");
        symlink("circle", dir.path().join("circle")).unwrap();
        assert!(UserFile::read(&dir.path().join("circle")).is_err());
    }

    #[test]
    fn refuses_what_it_must_not_replace() {
        let dir = tempfile::tempdir().unwrap();
        assert!(matches!(UserFile::read(dir.path()), Err(UserFileError::NotAFile(_))));

        let path = dir.path().join("config");
        fs::write(&path, "old").unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        let file = UserFile::read(&path).unwrap();
        assert!(matches!(file.replace(b"new"), Err(UserFileError::ReadOnly(_))));

        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let file = UserFile::read(&path).unwrap();
        fs::write(&path, "theirs").unwrap();
        assert!(matches!(file.replace(b"new"), Err(UserFileError::Changed(_))));
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1);
    }

    #[test]
    fn removes_what_was_read_and_nothing_else() {
        let dir = tempfile::tempdir().unwrap();
        let (link, real) = (dir.path().join("config"), dir.path().join("real"));
        symlink("real", &link).unwrap();
        fs::write(&real, "old").unwrap();
        let file = UserFile::read(&link).unwrap();
        fs::write(&real, "theirs").unwrap();
        assert!(matches!(file.remove(), Err(UserFileError::Changed(_))));
        UserFile::read(&link).unwrap().remove().unwrap();
        assert!(!real.exists() && fs::symlink_metadata(&link).unwrap().is_symlink());
    }

    #[test]
    fn what_another_program_wrote_too_late_is_put_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        fs::write(&path, "old").unwrap();
        let file = UserFile::read(&path).unwrap();
        fs::write(&path, "ours").unwrap();
        file.put_back(dir.path(), b"theirs", b"ours").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
        // But not over what was written since.
        file.put_back(dir.path(), b"older", b"ours").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"theirs");
    }

    #[test]
    fn a_file_that_appeared_or_vanished_is_a_change() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        let none = UserFile::read(&path).unwrap();
        fs::write(&path, "").unwrap();
        assert!(matches!(none.replace(b"new"), Err(UserFileError::Changed(_))));
        let empty = UserFile::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        assert!(matches!(empty.replace(b"new"), Err(UserFileError::Changed(_))));
    }
}
