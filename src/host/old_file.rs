//! A file that is being replaced while another program writes it in place and locks nothing, as `aws configure set` does:
//! it reads, truncates and writes. Whatever it writes into the old file after the new one has taken its place would be
//! lost.

use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _};
use std::path::Path;
use std::time::{Duration, Instant, SystemTime};

/// The file that is about to be replaced, held open.
pub(super) struct OldFile {
    file: File,
}

/// How long a program may take between emptying a file and writing it.
const MID_WRITE: Duration = Duration::from_millis(100);

/// How long an empty file may be one that is about to be written: the machine may be busy.
const EMPTY: Duration = Duration::from_secs(1);

/// The longest that a file in the middle of being written is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

impl OldFile {
    /// Holds the file, once nobody seems to be in the middle of writing it. `None` where there is none.
    pub(super) fn open(path: &Path) -> io::Result<Option<Self>> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let file = match File::open(path) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
                other => other?,
            };
            if !is_mid_write(&file.metadata()?) || Instant::now() >= deadline {
                return Ok(Some(Self { file }));
            }
            std::thread::sleep(MID_WRITE / 10);
        }
    }

    /// What another program has made of the file since it held `before`, once it is done.
    pub(super) fn written_since(mut self, before: &[u8]) -> Option<Vec<u8>> {
        let mut read = || {
            let mut bytes = Vec::new();
            self.file.rewind().and_then(|()| self.file.read_to_end(&mut bytes)).ok().map(|_| bytes)
        };
        let mut last = read().filter(|bytes| bytes != before)?;
        let deadline = Instant::now() + PATIENCE;
        loop {
            std::thread::sleep(MID_WRITE);
            let now = read()?;
            if now == last && !now.is_empty() || Instant::now() >= deadline {
                // A file that stays empty was emptied: that says nothing that could be kept.
                return Some(now).filter(|now| !now.is_empty() && now != before);
            }
            last = now;
        }
    }
}

fn is_mid_write(metadata: &Metadata) -> bool {
    // The kernel's clock is meant, whatever the time is for the rest of the program.
    let changed = metadata.modified().ok().and_then(|at| SystemTime::now().duration_since(at).ok());
    changed.is_some_and(|ago| may_be_unfinished(metadata.len(), ago))
}

/// Whether somebody may be in the middle of writing a file: it changed a moment ago, and has the length that a write in
/// pieces has between two of them.
fn may_be_unfinished(length: u64, changed: Duration) -> bool {
    const PIECE: u64 = 4096;
    match length {
        // The worst to be mistaken about: nothing of it would be left.
        0 => changed < EMPTY,
        length => length.is_multiple_of(PIECE) && changed < MID_WRITE,
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use std::fs;
    use std::io::Write as _;

    #[test]
    fn what_is_written_into_it_afterwards_is_seen() {
        let dir = tempfile::tempdir().unwrap();
        let (path, new) = (dir.path().join("config"), dir.path().join("new"));
        fs::write(&path, "old").unwrap();
        let old = OldFile::open(&path).unwrap().unwrap();
        // It has the old file open when ours takes its place, and writes afterwards.
        let mut theirs = fs::OpenOptions::new().write(true).open(&path).unwrap();
        fs::write(&new, "ours").unwrap();
        fs::rename(&new, &path).unwrap();
        theirs.set_len(0).unwrap();
        theirs.write_all(b"theirs").unwrap();
        assert_eq!(old.written_since(b"old").as_deref(), Some(&b"theirs"[..]));
        assert!(OldFile::open(&path).unwrap().unwrap().written_since(b"ours").is_none());
        assert!(OldFile::open(&new).unwrap().is_none());
    }

    #[test]
    fn the_middle_of_a_write_is_recognised() {
        for (length, milliseconds, expected) in
            [(0, 500, true), (0, 1500, false), (8192, 5, true), (8192, 500, false), (1, 5, false)]
        {
            let changed = Duration::from_millis(milliseconds);
            assert_eq!(may_be_unfinished(length, changed), expected, "{length} bytes, {changed:?}");
        }
    }
}
