//! Files that are jitpass's own: private, replaced whole, never shared.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::OnceLock;

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

/// Reads a person's file that must answer at once: nothing but a regular file of at most `most` bytes. A pipe would keep
/// its reader waiting, and what is read from it is lost to whom it was meant for.
pub fn read_regular(path: &Path, most: u64) -> io::Result<Vec<u8>> {
    let metadata = std::fs::metadata(path)?;
    if !metadata.is_file() || metadata.len() > most {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "not a regular file of sensible size"));
    }
    let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
    File::open(path)?.take(most).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Writes a file that everybody may read, with the rights that the person's mask gives, in a directory that is made if
/// need be: what a package takes up.
pub fn write_for_all(path: &Path, bytes: &[u8]) -> io::Result<()> {
    path.parent().map_or(Ok(()), fs::create_dir_all)?;
    fs::write(path, bytes)
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
    let mut file = private_file(dir)?;
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

/// The names of files that are being written: this, so many letters and digits, and the ending. They lie among the
/// person's own files, of which none must be taken for one.
const TEMPORARY: &str = ".jitpass-";
const TEMPORARY_END: &str = ".part";
const TEMPORARY_LETTERS: usize = 12;

/// Removes what writers that were killed left in a directory: copies of a person's file, or of a token. Those of
/// writers at work are younger.
pub fn remove_leavings(dir: &Path) {
    remove_leavings_older_than(dir, 3600);
}

/// The same, those of the last hour too: for the end, when nobody is to be at work any more.
pub fn remove_all_leavings(dir: &Path) {
    remove_leavings_older_than(dir, 0);
}

fn remove_leavings_older_than(dir: &Path, seconds: u64) {
    for path in list(dir) {
        if is_leaving(&path) && age(&path) >= seconds {
            let _ = remove(&path);
        }
    }
}

/// Whether it is a file that a writer left, and nothing of anybody else's.
pub fn is_leaving(path: &Path) -> bool {
    let name = path.file_name().and_then(|n| n.to_str()).unwrap_or_default();
    let letters = name.strip_prefix(TEMPORARY).and_then(|rest| rest.strip_suffix(TEMPORARY_END));
    letters.is_some_and(|s| s.len() == TEMPORARY_LETTERS && s.bytes().all(|b| b.is_ascii_alphanumeric()))
        && path.symlink_metadata().is_ok_and(|metadata| metadata.is_file())
}

/// What makes a file that is being written.
fn temporary<'a>() -> tempfile::Builder<'a, 'a> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(TEMPORARY).rand_bytes(TEMPORARY_LETTERS).suffix(TEMPORARY_END);
    builder
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
    make_dir(dir, &|| builder.create(dir))?;
    if belongs_to_this_user(&fs::metadata(dir)?) {
        Ok(())
    } else {
        Err(io::Error::new(
            io::ErrorKind::PermissionDenied,
            format!("{} belongs to another user", dir.display()),
        ))
    }
}

/// What makes a directory.
pub(super) type Make<'a> = &'a dyn Fn() -> io::Result<()>;

/// Who notes which directories are made; set by [`super::made`], which a cached answer does without.
pub(super) static NOTING: OnceLock<fn(&Path, Make<'_>) -> io::Result<()>> = OnceLock::new();

fn make_dir(dir: &Path, make: Make<'_>) -> io::Result<()> {
    NOTING.get().map_or_else(make, |noting| noting(dir, make))
}

/// Makes a directory of the person's and its parents, with the mode that an editor would give them.
pub(super) fn create_public_dir(dir: &Path) -> io::Result<()> {
    make_dir(dir, &|| fs::create_dir_all(dir))
}

/// Replaces a file that others may read, as a whole; its directories are private.
pub fn write_public(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let dir = path.parent().unwrap_or(Path::new("."));
    create_private_dir(dir)?;
    remove_leavings(dir);
    let mut file = public_file(dir)?;
    file.write_all(bytes)?;
    file.as_file().sync_all()?;
    replace(file, path)?;
    flush_directory(path);
    Ok(())
}

/// A new file that is to be renamed into its place, for this user alone.
pub(super) fn private_file(dir: &Path) -> io::Result<tempfile::NamedTempFile> {
    temporary().tempfile_in(dir).map_err(without_path)
}

/// A new file that is to be renamed into its place, with the mode that an editor would give it.
pub(super) fn public_file(dir: &Path) -> io::Result<tempfile::NamedTempFile> {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "elsewhere there are no modes"))]
    let mut builder = temporary();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644));
    builder.tempfile_in(dir).map_err(without_path)
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
        let (old, young) =
            (dir.path().join(".jitpass-0123456789ab.part"), dir.path().join(".jitpass-ba9876543210.part"));
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
    fn what_a_person_called_alike_is_no_leaving() {
        let dir = tempfile::tempdir().unwrap();
        let names = [".jitpass-notes", ".jitpass-backup", ".jitpass-made", ".jitpass-0123456789a.part"];
        for name in &names {
            fs::write(dir.path().join(name), "mine").unwrap();
        }
        fs::create_dir_all(dir.path().join(".jitpass-0123456789ab.part/inner")).unwrap();
        let left = dir.path().join(".jitpass-ba9876543210.part");
        fs::write(&left, "ours").unwrap();
        // What a writer at work makes is known for one.
        assert!(is_leaving(private_file(dir.path()).unwrap().path()));
        assert!(is_leaving(public_file(dir.path()).unwrap().path()));
        remove_all_leavings(dir.path());
        assert_eq!(list(dir.path()).len(), names.len() + 1);
        assert!(!left.exists() && dir.path().join(".jitpass-0123456789ab.part/inner").is_dir());
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
