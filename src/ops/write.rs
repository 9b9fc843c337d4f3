//! Writing a person's files: what was shown, and nothing else.
//!
//! lock → read again and compare → independent check → journal → replace. The lock keeps other jitpass processes
//! out; that nobody else wrote is seen by comparing the bytes.

use std::io::ErrorKind;
use std::path::Path;
use std::time::{Duration, Instant};

use crate::awsconfig::Edit;
use crate::awsconfig::guard::{self, Confirmed};
use crate::base::text;
use crate::credential::sha256_hex;
use crate::host::locks::{Lock, Locked};
use crate::host::user_file::{UserFile, UserFileError};
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::plan::Diff;
use crate::store::journal::{self, Bytes, Journal};

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
        Diff::new(self.file.content(), &self.new, hide_secrets)
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
pub fn replace(machine: &Machine, command: &str, plan: &FilePlan) -> Result<(), Failure> {
    if plan.is_empty() {
        return Ok(());
    }
    let journal = Journal::below(&machine.need_state_dir()?);
    let UserFile { path, bytes, .. } = &plan.file;
    let entry = journal::Entry::new(machine.now(), command, path, bytes.as_deref(), &plan.new, hunks(plan));
    let number = journal.add(&entry).map_err(|error| {
        Failure::new(format!(
            "nothing was written to {}: the change cannot be journaled",
            machine.shown(path)
        ))
        .because(&error)
        .hint("make room for, or give yourself the right to write, what is named above")
    })?;
    plan.file.replace(&plan.new).map_err(|error| {
        journal.withdraw(number);
        failure(machine, path, &error)
    })
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
        UserFileError::NotAFile(_) => {
            failure.hint("move away what is in its place, or name another file with AWS_CONFIG_FILE")
        }
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

fn hunks(plan: &FilePlan) -> Vec<journal::Hunk> {
    let diff = Diff::new(plan.file.content(), &plan.new, str::to_owned);
    let hunk = |h: crate::plan::Hunk| journal::Hunk {
        new_at: h.new_at,
        old: Bytes::new(&h.old),
        new: Bytes::new(&h.new),
    };
    diff.hunks.into_iter().map(hunk).collect()
}

/// A line of the shared config file with its secrets left out: values of the keys that hold one, tokens on command
/// lines.
pub fn hide_secrets(line: &str) -> String {
    let hidden = match line.split_once('=') {
        Some((key, value)) if is_secret(key) && !value.trim().is_empty() => format!("{key}= {HIDDEN}"),
        _ => hide_in_words(line),
    };
    text::Visible(&hidden).to_string()
}

const HIDDEN: &str = "‹redacted›";

/// Whether what this names is a secret: `aws_secret_access_key`, `DUPLO_TOKEN`, `client_secret`.
pub(crate) fn is_secret(name: &str) -> bool {
    let name = name.trim().trim_start_matches('-').to_ascii_lowercase();
    ["secret", "token", "password", "secret_access_key", "bearer"].iter().any(|end| name.ends_with(end))
}

/// Hides what follows `--token`, `-t` and `Bearer`, and the values of `…TOKEN=` and the like.
fn hide_in_words(line: &str) -> String {
    let (mut shown, mut hide_next) = (String::with_capacity(line.len()), false);
    for word in line.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        let space = &word[bare.len()..];
        // Between white space there may be more white space.
        if bare.is_empty() {
            shown.push_str(word);
            continue;
        }
        match bare.split_once('=') {
            _ if hide_next => shown.push_str(HIDDEN),
            Some((name, value)) if is_secret(name) && !value.is_empty() => {
                shown.push_str(name);
                shown.push('=');
                shown.push_str(HIDDEN);
            }
            _ => shown.push_str(bare),
        }
        shown.push_str(space);
        hide_next = !hide_next
            && (bare == "-t"
                || bare.eq_ignore_ascii_case("bearer")
                || (bare.starts_with('-') && is_secret(bare)));
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diffs_show_no_secret() {
        for (line, shown) in [
            ("region = us-west-2", "region = us-west-2"),
            ("aws_secret_access_key=SIM-SECRET", "aws_secret_access_key= ‹redacted›"),
            ("  AWS_SESSION_TOKEN = x", "  AWS_SESSION_TOKEN = ‹redacted›"),
            (
                "credential_process = duplo-jit aws --token SIMTOKEN-1 --admin",
                "credential_process = duplo-jit aws --token ‹redacted› --admin",
            ),
            (
                "credential_process = duplo-jit aws -token=SIMTOKEN-1",
                "credential_process = duplo-jit aws -token=‹redacted›",
            ),
            (
                "credential_process = duplo-jit aws --token\tSIMTOKEN-1 -t SIMTOKEN-2 --admin",
                "credential_process = duplo-jit aws --token\\t‹redacted› -t ‹redacted› --admin",
            ),
            (
                "credential_process = env DUPLO_TOKEN=SIMTOKEN-1 curl -H Bearer  SIMTOKEN-2 x",
                "credential_process = env DUPLO_TOKEN=‹redacted› curl -H Bearer  ‹redacted› x",
            ),
            ("client_secret = x", "client_secret = ‹redacted›"),
            ("# \u{1b}[2J", "# \\u{1b}[2J"),
        ] {
            assert_eq!(hide_secrets(line), shown);
        }
    }
}
