//! Files of other programs: read, never written.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::Path;

/// Reads a file that another program of this person wrote; `None` where there is none. Links are followed: people keep
/// their configuration elsewhere.
///
/// # Errors
/// Besides what opening gives: `InvalidData` for anything but a regular file of at most `most` bytes;
/// `PermissionDenied` when it belongs to another user, who could have written there whatever they like.
pub fn read(path: &Path, most: u64) -> io::Result<Option<Vec<u8>>> {
    let file = match open(path) {
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => {
            return Ok(None);
        }
        other => other?,
    };
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a regular file of sensible size"));
    }
    if !super::files::belongs_to_this_user(&metadata) {
        return Err(io::Error::new(io::ErrorKind::PermissionDenied, "it belongs to another user"));
    }
    let mut bytes = Vec::new();
    // It may grow meanwhile.
    file.take(most).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

#[cfg(unix)]
fn open(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // So that a pipe in its place cannot hold us.
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    std::fs::OpenOptions::new().read(true).custom_flags(flags).open(path)
}

#[cfg(not(unix))]
fn open(path: &Path) -> io::Result<File> {
    File::open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_is_read() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("config");
        assert!(read(&path, 9).unwrap().is_none());
        assert!(read(&path.join("below"), 9).unwrap().is_none());
        std::fs::write(&path, "12345").unwrap();
        assert_eq!(read(&path, 5).unwrap().as_deref(), Some(&b"12345"[..]));
        assert_eq!(read(&path, 4).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(read(&path.join("below"), 9).unwrap().is_none());
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read(&link, 5).unwrap().is_some());
        assert_eq!(read(dir.path(), 9).unwrap_err().kind(), io::ErrorKind::InvalidData);
        assert!(read("/dev/zero".as_ref(), 9).is_err());
    }
}
