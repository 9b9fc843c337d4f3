//! Planning how the start-up files become what they were.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::host::made;
use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::install::refused;
use crate::ops::shell::{Survey, scripts};
use crate::ops::write::FilePlan;
use crate::shell::Shell;
use crate::shell::block::{self, TakenOut};

/// What it takes to leave shells.
#[derive(Debug, Default)]
pub struct Leaving {
    /// The start-up files without their blocks.
    pub change: Change,
    /// Our scripts that are there.
    pub scripts: Vec<PathBuf>,
    /// The files that are left as they are, and why.
    pub refused: Vec<Failure>,
    /// What stays in a file, ready to be said: `~/.zshrc:7: …`.
    pub left: Vec<String>,
}

impl Leaving {
    /// Whether there is nothing to take away.
    pub fn is_empty(&self) -> bool {
        self.change.is_empty() && self.scripts.is_empty()
    }
}

/// Plans it for these shells. Writes nothing.
pub fn prepare(machine: &Machine, shells: &[Shell]) -> Result<Leaving, Failure> {
    let mut leaving =
        Leaving { change: Change { command: "shell uninstall", ..Change::default() }, ..Leaving::default() };
    let made = machine.made();
    let mut seen = BTreeSet::new();
    // A block that stays keeps its script.
    let mut waiting = BTreeSet::new();
    for path in Survey::everywhere(machine, shells)? {
        // What is no file, or cannot be read, holds no block that a shell would read.
        let Ok(file) = UserFile::read(&path).map(UserFile::public) else { continue };
        let Some(bytes) = file.bytes.as_deref().filter(|_| seen.insert(file.real.clone())) else { continue };
        let TakenOut { bytes: rest, blocks, left } = block::take_out(bytes);
        leaving
            .left
            .extend(left.into_iter().map(|(line, left)| format!("{}:{line}: {left}", machine.shown(&path))));
        if blocks == 0 {
            continue;
        }
        if let Err(error) = file.check_replaceable() {
            leaving.refused.push(refused(machine, &path, &error));
            waiting.extend(block::loaded(bytes));
            continue;
        }
        let is_ours = made.files.contains(&file.real);
        let is_made = rest.is_none();
        let new = rest.unwrap_or_default();
        if is_made || (is_ours && new.is_empty()) {
            leaving.change.removes.push(path.clone());
        }
        leaving.change.others.push(FilePlan { file, new });
    }
    let directory = scripts::directory(machine);
    let of = |shell: &Shell| Some(directory.as_ref()?.join(shell.file_name()));
    leaving.scripts = shells
        .iter()
        .filter(|shell| !waiting.contains(shell))
        .filter_map(of)
        .filter(|path| path.symlink_metadata().is_ok())
        .collect();
    leaving.scripts.dedup();
    Ok(leaving)
}

/// Writes what was planned: first the start-up files, so that none loads what is gone, then the directories that were
/// made for all this.
pub fn apply(machine: &Machine, leaving: &Leaving) -> Result<(), Failure> {
    leaving.change.apply_rest(machine)?;
    scripts::remove(machine, &leaving.scripts)?;
    sweep(machine, leaving.change.removes.iter().chain(&leaving.scripts));
    Ok(())
}

/// Removes the directories of files that are gone, if jitpass made them and they are empty: the innermost first.
pub(super) fn sweep<'a>(machine: &Machine, gone: impl Iterator<Item = &'a PathBuf>) {
    let emptied: Vec<&Path> = gone.filter_map(|path| path.parent()).collect();
    for dir in machine.made().innermost_first() {
        if emptied.iter().any(|emptied| emptied.starts_with(&dir)) {
            made::remove_if_empty(&dir);
        }
    }
}
