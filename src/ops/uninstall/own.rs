//! What is jitpass's alone: settings, tokens, caches, records, and the directories that were made for them.

use std::io;
use std::path::{Path, PathBuf};

use crate::host::files;
use crate::host::made::{self, Made};
use crate::host::user_file::UserFile;
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::history::PastChange;
use crate::ops::machine::Machine;
use crate::ops::shell::scripts;
use crate::ops::undo::before_all;
use crate::ops::uninstall::named;
use crate::ops::uninstall::profiles::is_made;
use crate::ops::write::FilePlan;
use crate::store::settings::Settings;

/// What was found.
#[derive(Debug, Default)]
pub struct Own {
    /// The file of settings, and what becomes of it.
    pub settings: Option<SettingsFile>,
    /// Somebody is or was signed in, or is about to.
    pub has_sign_ins: bool,
    /// There is a cache.
    pub has_caches: bool,
    /// There is a journal, or something else that is remembered.
    pub has_records: bool,
    /// What stays, ready to be said.
    pub left: Vec<String>,
    /// Where whoever was killed while writing left something: beside the files that were written.
    beside: Vec<PathBuf>,
}

/// The file of settings.
#[derive(Debug)]
pub struct SettingsFile {
    /// What it is to hold.
    pub plan: FilePlan,
    goes: bool,
}

impl SettingsFile {
    pub(super) fn put_into(&self, change: &mut Change) {
        if self.goes {
            change.removes.push(self.plan.file.path.clone());
        }
        change.others.push(self.plan.clone());
    }
}

/// What lies in the state directory for signing in.
const SIGN_INS: [&str; 3] = ["tokens", "sign-in", "shelf"];

/// What lies there besides: the journal last but one, and last what says which directories go.
const RECORDS: [&str; 6] = ["drafts", "locks", "managed.json", "usage.json", JOURNAL, MADE];
const JOURNAL: &str = "journal";
const MADE: &str = "made";

/// What lies in the cache directory.
const CACHES: [&str; 2] = ["credentials", "portals"];

/// The rest of what lies in a directory of ours. Variables may make one of several, so that none may take away
/// whatever lies beside its own.
const OTHERS: [&str; 2] = ["config.toml", "shell"];

/// Whether it bears the name of something of ours.
fn is_known(path: &Path) -> bool {
    let all = SIGN_INS.iter().chain(&RECORDS).chain(&CACHES).chain(&OTHERS);
    all.copied().any(|name| path.ends_with(name)) || files::is_leaving(path)
}

impl Own {
    pub(super) fn find(machine: &Machine, past: &[PastChange]) -> Self {
        let mut own = Self::default();
        if let Some(dir) = &machine.config_dir {
            own.look_at_settings(machine, past, dir);
        }
        let in_state = |name: &str| machine.state_dir.as_deref().map(|dir| dir.join(name));
        let is_filled = |dir: PathBuf| !files::list(&dir).is_empty();
        own.has_sign_ins = SIGN_INS.into_iter().filter_map(in_state).any(is_filled);
        own.has_records =
            RECORDS.into_iter().filter_map(in_state).any(|path| path.symlink_metadata().is_ok())
                || left_over(machine).iter().any(|path| path.exists());
        let written = past.iter().flat_map(|change| &change.files);
        let real =
            written.filter_map(|file| UserFile::read(&file.path).ok()?.real.parent().map(PathBuf::from));
        own.beside.extend(real.chain(scripts::directory(machine)));
        own.beside.extend([&machine.state_dir, &machine.cache_dir].into_iter().flatten().cloned());
        own.beside.sort_unstable();
        own.beside.dedup();
        own.has_caches = machine
            .cache_dir
            .as_deref()
            .is_some_and(|dir| CACHES.iter().any(|name| dir.join(name).symlink_metadata().is_ok()));
        // A directory of ours that holds a person's file stays.
        let mut ours: Vec<&PathBuf> =
            [&machine.config_dir, &machine.cache_dir, &machine.data_dir, &machine.state_dir]
                .into_iter()
                .flatten()
                .collect();
        ours.sort_unstable();
        ours.dedup();
        let beside_ours = ours.into_iter().flat_map(|dir| files::list(dir)).filter(|path| !is_known(path));
        let scripts = scripts::directory(machine).map(|dir| files::list(&dir)).unwrap_or_default();
        let is_ours =
            |path: &PathBuf| crate::shell::Shell::ALL.iter().any(|shell| path.ends_with(shell.file_name()));
        let foreign = scripts.into_iter().filter(|path| !is_ours(path)).chain(beside_ours);
        own.left.extend(foreign.map(|path| named(machine, &path, "it is not from jitpass")));
        own
    }

    fn look_at_settings(&mut self, machine: &Machine, past: &[PastChange], dir: &Path) {
        let path = Settings::file(dir);
        let Some(file) = UserFile::read(&path).ok().filter(|file| file.bytes.is_some()) else { return };
        if is_made(machine, past, &file) {
            self.settings = Some(SettingsFile { plan: FilePlan { file, new: Vec::new() }, goes: true });
            return;
        }
        // It was there before jitpass wrote to it.
        match before_all(machine, past, &path) {
            Ok(Some(before)) if !before.plan.is_empty() => {
                self.settings = Some(SettingsFile { goes: before.goes, plan: before.plan });
            }
            _ => self.left.push(named(machine, &path, "it is yours: jitpass did not make it")),
        }
    }
}

/// What keeps the tokens and the sign-ins that are open.
pub(super) fn remove_sign_ins(machine: &Machine) -> Result<(), Failure> {
    let Some(state_dir) = &machine.state_dir else { return Ok(()) };
    SIGN_INS.iter().try_for_each(|name| remove(machine, &state_dir.join(name)))
}

/// Everything of ours in the cache.
pub(super) fn remove_caches(machine: &Machine) -> Result<(), Failure> {
    let Some(cache_dir) = &machine.cache_dir else { return Ok(()) };
    CACHES.iter().try_for_each(|name| remove(machine, &cache_dir.join(name)))
}

/// The directories that were made, where they are empty now; before them the records, where they go.
pub(super) fn sweep(machine: &Machine, own: &Own, with_records: bool) -> Result<(), Failure> {
    let Some(state_dir) = &machine.state_dir else { return Ok(()) };
    own.beside.iter().for_each(|dir| files::remove_all_leavings(dir));
    let record = made::record(state_dir);
    let records = left_over(machine).into_iter().chain([record.clone()]);
    let mut made = Made::default();
    made.directories.extend(records.flat_map(|record| made::read(&record).directories));
    // Of a version that kept no record, what bears our name is ours.
    if made.directories.is_empty() {
        let own = [&machine.config_dir, &machine.cache_dir, &machine.data_dir, &machine.state_dir];
        made.directories.extend(own.into_iter().flatten().cloned().chain(scripts::directory(machine)));
    }
    let made = made.innermost_first();
    for dir in made.iter().filter(|dir| !state_dir.starts_with(dir)) {
        made::remove_if_empty(dir);
    }
    if !with_records {
        return Ok(());
    }
    // The journal after all else.
    for name in RECORDS.iter().filter(|name| **name != MADE) {
        remove(machine, &state_dir.join(name))?;
    }
    // Who keeps the sign-ins keeps what says which directories were made for them.
    for dir in SIGN_INS.map(|name| state_dir.join(name)) {
        if !made::remove_if_empty(&dir) && dir.symlink_metadata().is_ok() {
            return Ok(());
        }
    }
    // Last what says which directories go. It steps out of those first, so that who is interrupted here can go on.
    let round: Vec<&PathBuf> = made.iter().filter(|dir| state_dir.starts_with(dir)).collect();
    if let Some(outside) = round.last().and_then(|outermost| outermost.parent()) {
        // On another file system it goes with the rest.
        let _ = made::step_out(&record, &outside.join(LEFT_OVER));
    }
    remove(machine, &record)?;
    for dir in round {
        made::remove_if_empty(dir);
    }
    left_over(machine).iter().try_for_each(|path| remove(machine, path))
}

/// The name of the record for the moment in which the state directory goes.
const LEFT_OVER: &str = ".jitpass-made";

/// Where it may lie then.
fn left_over(machine: &Machine) -> Vec<PathBuf> {
    let above = machine.state_dir.iter().flat_map(|dir| dir.ancestors().skip(1));
    let lies_there = above.map(|dir| dir.join(LEFT_OVER));
    // Above the home directory others may write, too: what they put there is none of ours.
    lies_there.filter(|path| files::read_private(path, 16 << 20).is_ok()).collect()
}

/// A file, a link, or a directory and all in it; one that is not there is no error.
fn remove(machine: &Machine, path: &Path) -> Result<(), Failure> {
    let is_dir = path.symlink_metadata().is_ok_and(|metadata| metadata.is_dir());
    let removed = if is_dir { files::remove_dir(path) } else { files::remove(path) };
    removed.map_err(|e| not_removed(machine, path, &e))
}

pub(super) fn not_removed(machine: &Machine, path: &Path, error: &io::Error) -> Failure {
    Failure::new(format!("cannot remove {}", machine.shown(path)))
        .because(error)
        .hint("give yourself the right to it, then run `jitpass uninstall` again")
}
