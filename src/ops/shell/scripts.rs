//! Our scripts for the shells, below jitpass's data directory. They are not the person's: an upgrade replaces them.

use std::path::PathBuf;

use crate::host::files;
use crate::ops::demand;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::shell::{self, Shell};

/// A script as it is to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Script {
    /// For which shell.
    pub shell: Shell,
    /// Where it lies.
    pub path: PathBuf,
    /// Its text.
    pub text: String,
}

/// The largest script of ours, generously.
const LARGEST: u64 = 4 << 20;

/// Where the scripts lie.
pub fn directory(machine: &Machine) -> Option<PathBuf> {
    machine.data_dir.as_ref().map(|dir| dir.join("shell"))
}

impl Script {
    /// The one of a shell.
    pub fn of(machine: &Machine, shell: Shell) -> Result<Self, Failure> {
        let directory = directory(machine).ok_or_else(|| {
            Failure::new("there is no home directory to keep the scripts in").hint("set HOME")
        })?;
        let program = demand::program_path(machine)?;
        let text = shell::integration(shell, &program.0).map_err(|e| {
            Failure::of(&e).hint("install jitpass elsewhere, or set `command` in the settings")
        })?;
        // Without the mark, Windows PowerShell 5.1 takes a file for one of the system's old code page.
        let mark = if shell == Shell::PowerShell && !text.is_ascii() { "\u{feff}" } else { "" };
        Ok(Self { shell, path: directory.join(shell.file_name()), text: format!("{mark}{text}") })
    }

    /// Whether it lies there as it is to be.
    pub fn is_current(&self) -> bool {
        self.present().is_some_and(|bytes| bytes == self.text.as_bytes())
    }

    /// Whether there is none yet.
    pub fn is_new(&self) -> bool {
        self.path.symlink_metadata().is_err()
    }

    /// Writes it, unless it is there.
    pub fn write(&self, machine: &Machine) -> Result<(), Failure> {
        if self.is_current() {
            return Ok(());
        }
        files::write_public(&self.path, self.text.as_bytes()).map_err(|e| {
            Failure::new(format!("cannot write {}", machine.shown(&self.path)))
                .because(&e)
                .hint("make room there, or give yourself the right to write; then run this again")
        })
    }

    fn present(&self) -> Option<Vec<u8>> {
        files::read_at_most(&self.path, LARGEST).ok()
    }
}

/// Removes scripts of ours.
pub fn remove(machine: &Machine, scripts: &[PathBuf]) -> Result<(), Failure> {
    scripts.iter().try_for_each(|script| {
        files::remove(script)
            .map_err(|e| Failure::new(format!("cannot remove {}", machine.shown(script))).because(&e))
    })
}

/// Brings the scripts that are there up to date with this program. Makes none that is not there, and troubles nobody:
/// an older one works as it did.
pub fn refresh(machine: &Machine) {
    let Some(directory) = directory(machine).filter(|directory| directory.is_dir()) else { return };
    for shell in Shell::ALL.into_iter().filter(|shell| directory.join(shell.file_name()).is_file()) {
        let written = Script::of(machine, shell).and_then(|script| script.write(machine));
        if let Err(failure) = written {
            tracing::debug!(%shell, failure = failure.message, "the script is not brought up to date");
        }
    }
}
