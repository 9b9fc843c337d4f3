//! Locks between processes: held by the kernel, gone with their owner.

use std::fs::{File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::host::files;

/// A lock that is held until it is dropped, or its process ends.
///
/// The lock lies in a file of its own: a lock on a file that is replaced by renaming is lost with it.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// What came of asking for a lock.
#[derive(Debug)]
pub enum Locked {
    /// Ours now.
    Held(Lock),
    /// Somebody else kept it until the deadline.
    Busy,
}

/// How long to wait between two looks at a lock that somebody holds. A waiter wakes at most this late.
const PAUSE: Duration = Duration::from_millis(15);

impl Lock {
    /// Takes the lock in `path`, waiting until `deadline` for whoever holds it.
    ///
    /// # Errors
    /// When the file cannot be made or opened, or the file system has no locks. The caller may then do without.
    pub fn acquire(path: &Path, deadline: Instant) -> io::Result<Locked> {
        let file = open(path)?;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Locked::Held(Self { _file: file })),
                Err(TryLockError::Error(error)) => return Err(error),
                Err(TryLockError::WouldBlock) => {}
            }
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(Locked::Busy);
            }
            std::thread::sleep(left.min(PAUSE));
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    if let Some(dir) = path.parent() {
        files::create_private_dir(dir)?;
    }
    let mut options = OpenOptions::new();
    options.create(true).truncate(false).write(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        // Left by another user or as a directory: a lock file holds nothing, so it can be replaced.
        Err(error)
            if matches!(error.kind(), io::ErrorKind::PermissionDenied | io::ErrorKind::IsADirectory) =>
        {
            files::remove(path).or_else(|_| files::remove_dir(path))?;
            options.open(path)
        }
        other => other,
    }
}

/// The lock file that goes with a path: beside it, with `~lock` added, which ends no name of ours.
pub fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push("~lock");
    path.with_file_name(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_held_by_one_at_a_time() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        let now = Instant::now();
        let Locked::Held(first) = Lock::acquire(&path, now).unwrap() else { panic!("free") };
        assert!(matches!(Lock::acquire(&path, now).unwrap(), Locked::Busy));
        drop(first);
        assert!(matches!(Lock::acquire(&path, now).unwrap(), Locked::Held(_)));
    }

    #[test]
    fn a_directory_in_its_place_is_replaced() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.lock");
        std::fs::create_dir(&path).unwrap();
        assert!(matches!(Lock::acquire(&path, Instant::now()).unwrap(), Locked::Held(_)));
    }
}
