//! Writing a person's files: what was shown, and nothing else.
//!
//! lock → read again and compare → independent check → journal → replace. The lock keeps other jitpass processes
//! out; that nobody else wrote is seen by comparing the bytes.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::awsconfig::Edit;
use crate::awsconfig::guard::{self, Confirmed};
use crate::credential::sha256_hex;
use crate::host::dirs;
use crate::host::locks::{Lock, Locked};
use crate::host::user_file::{UserFile, UserFileError};
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::journaling;
use crate::ops::machine::Machine;
use crate::plan::Diff;

pub use crate::ops::journaling::{Occasion, drop_secrets};

/// A file as it is, and as it will be.
#[derive(Debug, Clone)]
pub struct FilePlan {
    /// The file when it was read.
    pub file: UserFile,
    /// What it will hold.
    pub new: Vec<u8>,
}

/// How long another jitpass may take to write before we give up.
const PATIENCE: Duration = Duration::from_secs(20);

impl FilePlan {
    /// Whether the file is as it should be.
    pub fn is_empty(&self) -> bool {
        self.file.content() == self.new
    }

    /// What will change, with secrets hidden.
    pub fn diff(&self) -> Diff {
        let diff = Diff::new(self.file.content(), &self.new);
        if self.file.is_public() { diff.without_sections() } else { diff }
    }

    /// Lets an unrelated parser confirm that `edits` are all that differs.
    pub fn confirm(&self, edits: &[Edit]) -> Result<(), Failure> {
        match guard::confirm(self.file.content(), &self.new, edits) {
            Ok(Confirmed::Checked) => Ok(()),
            Ok(Confirmed::NotReadable(reason)) => {
                tracing::debug!(reason, "the independent check cannot read the file as it is");
                Ok(())
            }
            Err(error) => Err(Failure::new(format!(
                "nothing was written to {}: an independent check of the change does not confirm it",
                self.file.path.display()
            ))
            .because(&error)
            .hint("this is a fault of jitpass or a very unusual file; please report it")),
        }
    }
}

/// Takes the lock of a person's file, under which no other jitpass writes it.
pub fn lock(machine: &Machine, file: &UserFile) -> Result<Lock, Failure> {
    let path = &file.path;
    let name = &sha256_hex(file.real.as_os_str().as_encoded_bytes())[..32];
    let lock = machine.need_state_dir()?.join("locks").join(format!("{name}.lock"));
    match Lock::acquire(&lock, Instant::now() + PATIENCE) {
        Ok(Locked::Held(lock)) => Ok(lock),
        Ok(Locked::Busy) => Err(Failure::new(format!("another jitpass is writing {}", machine.shown(path)))
            .hint("try again when it is done")),
        Err(error) => Err(Failure::new(format!("cannot lock {}", machine.shown(path))).because(&error)),
    }
}

/// Puts the new bytes in the place of the old ones, unless somebody else wrote the file since it was read. The
/// caller holds the file's lock.
pub fn replace(machine: &Machine, occasion: &Occasion, plan: &FilePlan) -> Result<(), Failure> {
    if plan.is_empty() {
        return Ok(());
    }
    journaled(machine, occasion, plan, false, |file| file.replace(&plan.new))
}

/// Removes the file, of which nothing is to be left, unless somebody else wrote it since it was read. The caller holds
/// the file's lock.
pub fn remove(machine: &Machine, occasion: &Occasion, plan: &FilePlan) -> Result<(), Failure> {
    journaled(machine, occasion, plan, true, UserFile::remove)
}

fn journaled(
    machine: &Machine,
    occasion: &Occasion,
    plan: &FilePlan,
    removes: bool,
    write: impl FnOnce(&UserFile) -> Result<(), UserFileError>,
) -> Result<(), Failure> {
    let path = &plan.file.path;
    let noted = journaling::note(machine, occasion, &plan.file, &plan.new, removes).map_err(|error| {
        Failure::new(format!(
            "nothing was written to {}: the change cannot be journaled",
            machine.shown(path)
        ))
        .because(&error)
        .hint("make room for, or give yourself the right to write, what is named above")
    })?;
    match write(&plan.file) {
        Ok(()) => {
            noted.done();
            Ok(())
        }
        Err(error) => {
            noted.withdraw();
            Err(failure(machine, path, &error))
        }
    }
}

/// Says why a person's file was not written.
pub fn failure(machine: &Machine, path: &Path, error: &UserFileError) -> Failure {
    let shown = machine.shown(path);
    let mut failure = Failure::of(error);
    if let Some(directory) = path.parent() {
        failure.message =
            failure.message.replace(&directory.display().to_string(), &machine.shown(directory));
    }
    match error {
        UserFileError::ReadOnly(_) => failure.hint(format!("if you want it changed: chmod u+w {shown}")),
        UserFileError::NotAFile(_) if dirs::aws_config_file(&machine.env).as_deref() == Some(path) => {
            failure.hint("move away what is in its place, or name another file with AWS_CONFIG_FILE")
        }
        UserFileError::NotAFile(_) => failure.hint("move away what is in its place"),
        UserFileError::ForeignOwner(_) => failure.hint("run this as its owner; nothing was written"),
        UserFileError::Changed(_) => Failure {
            kind: FailureKind::Outdated,
            ..failure.hint("nothing was written; run the command again")
        },
        UserFileError::Io { source, .. } => failure.hint(match source.kind() {
            ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "make room there; nothing was written",
            ErrorKind::PermissionDenied => "give yourself the right to it; nothing was written",
            _ => "nothing was written",
        }),
    }
}
