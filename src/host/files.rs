//! Files that are jitpass's own: private, replaced whole, never shared.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;

/// Reads a file that only this user may read.
///
/// # Errors
/// Besides what opening gives: `InvalidData` for anything but a regular file of at most `most` bytes;
/// `PermissionDenied` when it belongs to somebody else or others may read it. A link is not followed: nobody has a
/// reason to put one there.
pub fn read_private(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut file = open_without_following(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() || metadata.len() > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a regular file of sensible size"));
    }
    if !is_private(&metadata) {
        return Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            "belongs to or can be read by another user",
        ));
    }
    let size = usize::try_from(metadata.len()).unwrap_or(0);
    let mut bytes = vec![0; size];
    let mut filled = 0;
    // One read in nearly every case: the size is known, so no second one is needed to find the end.
    while filled < size {
        match file.read(&mut bytes[filled..])? {
            0 => break,
            n => filled += n,
        }
    }
    bytes.truncate(filled);
    Ok(bytes)
}

/// Reads a person's file, or whatever they name, and no more than `most` bytes of it.
pub fn read_at_most(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Replaces a private file as a whole: mode 0600 in directories of mode 0700 that belong to this user. A reader
/// sees the old bytes or the new ones. For what can be had again: a power cut may lose it. Whoever writes many files
/// of a directory chooses when to call [`remove_leavings`].
pub fn write_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    replace(prepare(path, bytes)?, path)
}

/// As [`write_private`], for what must outlast a power cut. What killed writers left beside it goes.
pub fn keep_private(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let file = prepare(path, bytes)?;
    path.parent().into_iter().for_each(remove_leavings);
    file.as_file().sync_all()?;
    replace(file, path)?;
    flush_directory(path);
    Ok(())
}

/// Puts a file in the place of another. Windows refuses while somebody reads the other, which takes them a moment.
fn replace(mut file: tempfile::NamedTempFile, path: &Path) -> io::Result<()> {
    let mut attempts = if cfg!(windows) { 50 } else { 1 };
    loop {
        attempts -= 1;
        match file.persist(path) {
            Err(error) if attempts > 0 && error.error.kind() == io::ErrorKind::PermissionDenied => {
                file = error.file;
                std::thread::sleep(std::time::Duration::from_millis(10));
            }
            other => return other.map(drop).map_err(|error| error.error),
        }
    }
}

/// As [`keep_private`], for a file that must be new; `false` when there is one already.
pub fn create_private(path: &Path, bytes: &[u8]) -> io::Result<bool> {
    let file = prepare(path, bytes)?;
    path.parent().into_iter().for_each(remove_leavings);
    file.as_file().sync_all()?;
    match file.persist_noclobber(path) {
        Ok(_) => {
            flush_directory(path);
            Ok(true)
        }
        Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(error) => Err(error.error),
    }
}

/// A file beside `path` that holds `bytes`, and goes again unless it takes its place.
fn prepare(path: &Path, bytes: &[u8]) -> io::Result<tempfile::NamedTempFile> {
    let dir = path
        .parent()
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "the path has no directory"))?;
    create_private_dir(dir)?;
    let mut file = tempfile::Builder::new().prefix(TEMPORARY).tempfile_in(dir).map_err(without_path)?;
    file.as_file_mut().write_all(bytes)?;
    Ok(file)
}

/// Flushes the directory of a file that was renamed into it. One that cannot be flushed (some file systems refuse)
/// has still been renamed in.
pub(super) fn flush_directory(file: &Path) {
    if let Some(dir) = file.parent().filter(|_| cfg!(unix)) {
        let _ = File::open(dir).and_then(|d| d.sync_all());
    }
}

/// What the system said, without the made-up name that tempfile adds: nobody will find a file of that name.
pub(super) fn without_path(error: io::Error) -> io::Error {
    match error.kind() {
        kind @ (io::ErrorKind::PermissionDenied
        | io::ErrorKind::StorageFull
        | io::ErrorKind::QuotaExceeded
        | io::ErrorKind::ReadOnlyFilesystem
        | io::ErrorKind::NotFound) => io::Error::from(kind),
        _ => error,
    }
}

/// The start of the names of files that are being written.
pub const TEMPORARY: &str = ".jitpass-";

/// Removes what writers that were killed left in a directory: copies of a person's file, or of a token. Those of
/// writers at work are younger.
pub fn remove_leavings(dir: &Path) {
    for path in list(dir) {
        let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
        if name.starts_with(TEMPORARY) && age(&path) > 3600 {
            let _ = remove(&path).or_else(|_| remove_dir(&path));
        }
    }
}

/// Seconds since a file or directory was last written; 0 where nobody can tell.
pub fn age(path: &Path) -> u64 {
    let modified = path.symlink_metadata().and_then(|m| m.modified());
    modified.ok().and_then(|m| m.elapsed().ok()).map_or(0, |age| age.as_secs())
}

/// The size of a file in bytes; 0 where nobody can tell.
pub fn size(path: &Path) -> u64 {
    path.symlink_metadata().map_or(0, |metadata| metadata.len())
}

/// Makes a directory and its parents, each new one with mode 0700.
///
/// # Errors
/// `PermissionDenied` when the directory belongs to another user: what lies in it could be replaced by them.
pub fn create_private_dir(dir: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(dir)?;
    if belongs_to_this_user(&fs::metadata(dir)?) {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} belongs to another user", dir.display()),
        ))
    }
}

/// Removes a file; one that is not there is no error.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// Removes a directory and all in it; one that is not there is no error.
pub fn remove_dir(path: &Path) -> io::Result<()> {
    match fs::remove_dir_all(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
        _ => Ok(()),
    }
}

/// The files of a directory, by path; none where it cannot be read.
pub fn list(dir: &Path) -> Vec<std::path::PathBuf> {
    let entries = fs::read_dir(dir).into_iter().flatten().flatten();
    let mut paths: Vec<_> = entries.map(|e| e.path()).collect();
    paths.sort();
    paths
}

#[cfg(unix)]
fn open_without_following(path: &Path) -> io::Result<File> {
    use std::os::unix::fs::OpenOptionsExt as _;
    // NONBLOCK, so that a pipe in its place cannot hold us.
    let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
    OpenOptions::new().read(true).custom_flags(flags.bits().cast_signed()).open(path)
}

#[cfg(not(unix))]
fn open_without_following(path: &Path) -> io::Result<File> {
    OpenOptions::new().read(true).open(path)
}

#[cfg(unix)]
fn is_private(metadata: &fs::Metadata) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    metadata.mode() & 0o077 == 0 && belongs_to_this_user(metadata)
}

#[cfg(unix)]
pub(super) fn belongs_to_this_user(metadata: &fs::Metadata) -> bool {
    std::os::unix::fs::MetadataExt::uid(metadata) == rustix::process::geteuid().as_raw()
}

// On Windows the profile directory's access list keeps others out.
#[cfg(not(unix))]
fn is_private(_: &fs::Metadata) -> bool {
    true
}

#[cfg(not(unix))]
pub(super) fn belongs_to_this_user(_: &fs::Metadata) -> bool {
    true
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt as _;

    #[test]
    fn writes_privately_and_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("a/b/c");
        write_private(&path, b"one").unwrap();
        write_private(&path, b"two").unwrap();
        assert_eq!(read_private(&path, 10).unwrap(), b"two");
        let mode = |p: &Path| fs::metadata(p).unwrap().permissions().mode() & 0o777;
        assert_eq!(
            (mode(&path), mode(path.parent().unwrap()), mode(&dir.path().join("a"))),
            (0o600, 0o700, 0o700)
        );
        assert_eq!(list(path.parent().unwrap()), [path]);
    }

    #[test]
    fn what_a_killed_writer_left_goes_with_the_next_write_and_what_one_at_work_writes_stays() {
        let dir = tempfile::tempdir().unwrap();
        let (old, young) = (dir.path().join(".jitpass-old"), dir.path().join(".jitpass-young"));
        for (n, path) in ["a", "b"].map(|name| dir.path().join(name)).iter().enumerate() {
            let left = File::create(&old).unwrap();
            left.set_modified(std::time::SystemTime::now() - std::time::Duration::from_hours(2)).unwrap();
            fs::write(&young, "").unwrap();
            if n == 0 {
                keep_private(path, b"one").unwrap();
            } else {
                assert!(create_private(path, b"one").unwrap());
            }
            assert!(!old.exists() && young.exists());
        }
    }

    #[test]
    fn refuses_what_others_could_have_put_there() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("entry");
        write_private(&path, b"secret").unwrap();
        assert_eq!(read_private(&path, 5).unwrap_err().kind(), io::ErrorKind::InvalidData);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o640)).unwrap();
        assert_eq!(read_private(&path, 9).unwrap_err().kind(), io::ErrorKind::PermissionDenied);
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&path, &link).unwrap();
        assert!(read_private(&link, 9).is_err());
        assert_eq!(read_private(dir.path(), 1 << 20).unwrap_err().kind(), io::ErrorKind::InvalidData);
        let pipe = dir.path().join("pipe");
        rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, 0o600.into(), 0).unwrap();
        assert_eq!(read_private(&pipe, 9).unwrap_err().kind(), io::ErrorKind::InvalidData);
    }
}
