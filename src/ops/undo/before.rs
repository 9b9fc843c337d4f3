//! A file as it was before jitpass.

use std::path::Path;

use super::{Undoing, standing, writes};
use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::history::PastChange;
use crate::ops::machine::Machine;
use crate::ops::write::{self, FilePlan};

/// A file as it was before jitpass first wrote it, with what others changed since.
#[derive(Debug)]
pub struct Before {
    /// What it is to hold.
    pub plan: FilePlan,
    /// Whether there was no file, and nothing of it is left.
    pub goes: bool,
    /// How many secrets are not to be had.
    pub missing: usize,
    /// The first change of the file and the last, where any stands.
    pub span: Option<(u64, u64)>,
}

/// Takes everything back in one file that the journal knows of. `None` where lines that jitpass wrote were changed
/// since, so that they are not found.
///
/// # Errors
/// When the file cannot be read.
pub fn before_all(machine: &Machine, changes: &[PastChange], path: &Path) -> Result<Option<Before>, Failure> {
    // What was written elsewhere says nothing of this file.
    let of_it = |change: &&PastChange| change.files.iter().any(|file| file.path == path);
    let changes: Vec<PastChange> = changes.iter().filter(of_it).cloned().collect();
    let file = UserFile::read(path).map_err(|e| write::failure(machine, path, &e))?;
    let as_it_is = |file: UserFile| {
        let new = file.content().to_vec();
        Some(Before { plan: FilePlan { file, new }, goes: false, missing: 0, span: None })
    };
    let net = standing(&changes, 0);
    let (Some(first), Some(last)) = (net.last(), changes.last()) else { return Ok(as_it_is(file)) };
    let mut undoing = Undoing::new(first);
    let all: Vec<&PastChange> = changes.iter().rev().collect();
    if undoing.take(machine, path, &writes(&all, path), &writes(&net, path)).is_err()
        || !undoing.clashes.is_empty()
    {
        return Ok(None);
    }
    let Change { config, settings, others, removes, .. } = undoing.change;
    let plan = config.map(|(plan, _)| plan).or(settings).or_else(|| others.into_iter().next());
    let span = Some((first.number, last.number));
    Ok(match plan {
        None => as_it_is(file),
        Some(plan) => Some(Before { goes: !removes.is_empty(), missing: undoing.missing, plan, span }),
    })
}
