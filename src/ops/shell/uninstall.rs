//! Planning how the start-up files become what they were.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::host::user_file::UserFile;
use crate::host::{files, made};
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
        let is_ours = made_by_us(machine).contains(&file.real);
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

/// The files of the person's that jitpass made.
fn made_by_us(machine: &Machine) -> Vec<PathBuf> {
    machine.state_dir.as_deref().map(|dir| made::read(&made::record(dir)).files).unwrap_or_default()
}

/// Writes what was planned: first the start-up files, so that none loads what is gone, then the directories that were
/// made for all this.
pub fn apply(machine: &Machine, leaving: &Leaving) -> Result<(), Failure> {
    leaving.change.apply_rest(machine)?;
    for script in &leaving.scripts {
        files::remove(script)
            .map_err(|e| Failure::new(format!("cannot remove {}", machine.shown(script))).because(&e))?;
    }
    let gone = leaving.change.removes.iter().chain(&leaving.scripts);
    let emptied: Vec<PathBuf> = gone.filter_map(|path| path.parent()).map(PathBuf::from).collect();
    sweep(machine, &|dir| emptied.iter().any(|emptied| emptied.starts_with(dir)));
    Ok(())
}

/// Removes directories that jitpass made, if they are empty: the innermost first.
pub(in crate::ops) fn sweep(machine: &Machine, is_meant: &dyn Fn(&std::path::Path) -> bool) {
    let Some(state_dir) = &machine.state_dir else { return };
    let mut made = made::read(&made::record(state_dir)).directories;
    made.sort_by_key(|dir| std::cmp::Reverse(dir.components().count()));
    for dir in made.into_iter().filter(|dir| is_meant(dir)) {
        made::remove_if_empty(&dir);
    }
}
