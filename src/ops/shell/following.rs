//! What becomes of our scripts when blocks in start-up files are taken back or come back: they follow.
//!
//! A block without its script does nothing, and says nothing; a script to which no block leads is litter.

use std::collections::BTreeSet;
use std::path::PathBuf;

use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::scripts::{self, Script};
use crate::ops::shell::{Survey, uninstall};
use crate::ops::write::FilePlan;
use crate::shell::Shell;
use crate::shell::block;

/// What a change of start-up files asks of the scripts.
#[derive(Debug, Default)]
pub struct Following {
    /// Those to which a block will lead, and which are not there as they are to be.
    pub writes: Vec<Script>,
    /// Those to which none will lead any more.
    pub removes: Vec<PathBuf>,
}

/// Finds it out. Writes nothing.
///
/// # Errors
/// Where a block will lead to a script that this program cannot make.
pub fn prepare(machine: &Machine, change: &Change) -> Result<Following, Failure> {
    let changed: Vec<&FilePlan> = change.others.iter().filter(|plan| change.concerns(plan)).collect();
    let before: BTreeSet<Shell> =
        changed.iter().flat_map(|plan| block::loaded(plan.file.content())).collect();
    let will = changed.iter().filter(|plan| !change.removes(plan));
    let after: BTreeSet<Shell> = will.flat_map(|plan| block::loaded(&plan.new)).collect();
    let mut following = Following::default();
    for shell in &after {
        let script = Script::of(machine, *shell)?;
        if !script.is_current() {
            following.writes.push(script);
        }
    }
    let Some(directory) = scripts::directory(machine) else { return Ok(following) };
    for shell in before.difference(&after) {
        let path = directory.join(shell.file_name());
        if path.symlink_metadata().is_ok() && !is_loaded_elsewhere(machine, *shell, &changed)? {
            following.removes.push(path);
        }
    }
    Ok(following)
}

/// Whether a start-up file that does not change loads the script of a shell.
fn is_loaded_elsewhere(machine: &Machine, shell: Shell, changed: &[&FilePlan]) -> Result<bool, Failure> {
    let files = Survey::everywhere(machine, &[shell])?;
    let mut files = files.iter().filter_map(|path| UserFile::read(path).ok());
    Ok(files.any(|file| {
        let is_changed = changed.iter().any(|plan| plan.file.real == file.real);
        !is_changed && block::loaded(file.content()).contains(&shell)
    }))
}

impl Following {
    /// Writes what blocks will lead to: before the start-up files, so that none loads what is not there.
    pub fn before(&self, machine: &Machine) -> Result<(), Failure> {
        self.writes.iter().try_for_each(|script| script.write(machine))
    }

    /// Removes what no block leads to: after the start-up files, so that none loads what is gone. Directories that were
    /// made for all this go, too.
    pub fn after(&self, machine: &Machine, change: &Change) -> Result<(), Failure> {
        scripts::remove(machine, &self.removes)?;
        let start_up = change.others.iter().filter(|plan| change.removes(plan)).map(|plan| &plan.file.path);
        uninstall::sweep(machine, self.removes.iter().chain(start_up));
        Ok(())
    }
}
