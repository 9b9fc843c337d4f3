//! Planning what goes into the start-up files.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::host::dirs;
use crate::host::user_file::{UserFile, UserFileError};
use crate::ops::change::Change;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::Survey;
use crate::ops::shell::by_hand::{self, ByHand};
use crate::ops::shell::scripts::Script;
use crate::ops::write::{self, FilePlan};
use crate::shell::block::{self, Plan, Reason};
use crate::shell::{Shell, load_line, starts_completion};

/// What it takes to integrate with shells.
#[derive(Debug, Default)]
pub struct Installing {
    /// The blocks in the start-up files.
    pub change: Change,
    /// Our scripts, whether they are there or not.
    pub scripts: Vec<Script>,
    /// The files in which the block is as it should be already.
    pub already: Vec<(Shell, PathBuf)>,
    /// The files that are left as they are, and why. The others are written all the same.
    pub refused: Vec<Failure>,
    /// What the person should know.
    pub notes: Vec<String>,
    /// Functions that a person wrote.
    pub by_hand: Vec<(Shell, ByHand)>,
    /// The shells of which a start-up file changes.
    writes: BTreeSet<Shell>,
    /// The shells that will have the integration.
    pub shells: Vec<Shell>,
}

/// Plans it for these shells. Writes nothing.
pub fn prepare(machine: &Machine, shells: &[Shell]) -> Result<Installing, Failure> {
    let survey = Survey::of(machine)?;
    let mut installing = Installing {
        change: Change { command: "shell install", ..Change::default() },
        ..Installing::default()
    };
    let mut seen = BTreeSet::new();
    let mut chosen: Vec<Shell> = Vec::new();
    for shell in shells {
        if !chosen.contains(shell) {
            chosen.push(*shell);
        }
    }
    for shell in chosen {
        let script = Script::of(machine, shell)?;
        let line = match line(machine, &script) {
            Ok(line) => line,
            Err(failure) => {
                installing.refused.push(failure);
                continue;
            }
        };
        let mut places = survey.chosen(shell);
        let before = installing.refused.len();
        let mut is_somewhere = false;
        for path in &places.files {
            is_somewhere |= installing.add(machine, shell, path, &line, &mut seen);
        }
        if is_somewhere {
            installing.scripts.push(script);
            installing.shells.push(shell);
            // A system's own file may start it, which is not looked at: so this is for those who miss something.
            let present = survey.present(shell);
            let is_new = shell == Shell::Zsh && !installing.already.iter().any(|(other, _)| *other == shell);
            if is_new && !starts_completion(present.iter().map(|(_, bytes)| *bytes)) {
                installing.notes.push(
                    "if TAB completes nothing of jitpass in zsh: its completion system is started by this line in \
                     .zshrc: autoload -Uz compinit && compinit"
                        .to_owned(),
                );
            }
        } else if installing.refused.len() == before {
            let failure = Failure::new(format!("{shell} has no start-up file that could load it"));
            installing.refused.push(match places.note.take() {
                Some(note) => failure.hint(note),
                None => failure,
            });
        }
        installing.notes.extend(places.note);
        let planned = |path: &PathBuf| {
            let plan = installing.change.others.iter().find(|plan| plan.file.path == *path)?;
            Some(plan.new.clone())
        };
        let by_hand = by_hand::in_files(&survey, shell, &planned);
        installing.by_hand.extend(by_hand.into_iter().map(|one| (shell, one)));
    }
    Ok(installing)
}

/// Writes what was planned, the scripts first: a start-up file never loads what is not there.
pub fn apply(machine: &Machine, installing: &Installing) -> Result<(), Failure> {
    write_scripts(machine, installing)?;
    installing.change.apply_rest(machine)
}

/// Writes the scripts alone.
pub fn write_scripts(machine: &Machine, installing: &Installing) -> Result<(), Failure> {
    installing.scripts.iter().try_for_each(|script| script.write(machine))
}

/// What a person who keeps their start-up files elsewhere puts there.
#[derive(Debug)]
pub struct ByOneself {
    /// For which shell.
    pub shell: Shell,
    /// The start-up files in which it belongs.
    pub files: Vec<PathBuf>,
    /// The block.
    pub block: String,
    /// The script that it loads.
    pub script: PathBuf,
    /// What the person should know.
    pub note: Option<String>,
}

/// Tells it for these shells.
pub fn by_oneself(machine: &Machine, shells: &[Shell]) -> Result<Vec<ByOneself>, Failure> {
    let survey = Survey::of(machine)?;
    let tell = |shell: &Shell| {
        let script = Script::of(machine, *shell)?;
        let block = match block::plan(Some(b""), &line(machine, &script)?) {
            Plan::Add(bytes) | Plan::Replace(bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Plan::Nothing | Plan::Refuse { .. } => String::new(),
        };
        let chosen = survey.chosen(*shell);
        Ok(ByOneself { shell: *shell, files: chosen.files, block, script: script.path, note: chosen.note })
    };
    shells.iter().map(tell).collect()
}

/// The line that loads a script.
fn line(machine: &Machine, script: &Script) -> Result<String, Failure> {
    let path = script.path.to_str().ok_or_else(|| {
        Failure::new(format!("the path {} is not UTF-8 text", script.path.display()))
            .hint("choose another directory with XDG_DATA_HOME")
    })?;
    let home = dirs::home(&machine.env);
    let home = home.as_deref().and_then(Path::to_str);
    load_line(script.shell, path, home).map_err(|e| {
        Failure::new(format!("{} cannot be loaded by {}", machine.shown(&script.path), script.shell))
            .because(&e)
    })
}

impl Installing {
    /// The shells with a start-up file that will change.
    pub fn lacking(&self) -> Vec<Shell> {
        let has = |shell: &Shell| self.already.iter().any(|(other, _)| other == shell);
        self.shells.iter().copied().filter(|shell| !has(shell)).collect()
    }

    /// The shells for which nothing has to be written.
    pub fn set_up(&self) -> Vec<Shell> {
        let pending: Vec<Shell> = self.pending().iter().map(|script| script.shell).collect();
        let is_written = |shell: &Shell| self.writes.contains(shell) || pending.contains(shell);
        self.shells.iter().copied().filter(|shell| !is_written(shell)).collect()
    }

    /// The scripts that are not as they are to be.
    pub fn pending(&self) -> Vec<&Script> {
        self.scripts.iter().filter(|script| !script.is_current()).collect()
    }

    /// Plans one start-up file; `false` where it will not load the script.
    fn add(
        &mut self,
        machine: &Machine,
        shell: Shell,
        path: &Path,
        line: &str,
        seen: &mut BTreeSet<PathBuf>,
    ) -> bool {
        let shown = machine.shown(path);
        let file = match UserFile::read(path) {
            Ok(file) => file.public(),
            Err(error) => {
                self.refused.push(refused(machine, path, &error));
                return false;
            }
        };
        // Two names may lead to one file.
        if !seen.insert(file.real.clone()) {
            return true;
        }
        let new = match block::plan(file.bytes.as_deref(), line) {
            Plan::Nothing => {
                self.already.push((shell, path.to_owned()));
                return true;
            }
            Plan::Refuse { reason, line } => {
                let failure = Failure::new(format!("{shown}:{line} is left as it is: {reason}"));
                self.refused.push(failure.hint(match reason {
                    Reason::SwitchedOff => format!(
                        "take the `#` away, or the block with `jitpass shell uninstall {shell}`, then run this again"
                    ),
                    Reason::LoadedOtherwise => "take it away, then run this again".to_owned(),
                    Reason::Utf16 => "then run this again".to_owned(),
                    Reason::Signed => {
                        format!("`jitpass shell install {shell} --print` tells what to put where by hand")
                    }
                }));
                return false;
            }
            Plan::Add(new) | Plan::Replace(new) => new,
        };
        if let Err(error) = file.check_replaceable() {
            self.refused.push(refused(machine, path, &error));
            return false;
        }
        self.change.others.push(FilePlan { file, new });
        self.writes.insert(shell);
        true
    }
}

/// Why a start-up file is left as it is.
pub(super) fn refused(machine: &Machine, path: &Path, error: &UserFileError) -> Failure {
    let mut failure = write::failure(machine, path, error);
    failure.message = format!("{} is left as it is: {}", machine.shown(path), failure.message);
    if matches!(error, UserFileError::NotAFile(_)) {
        failure.hint = Some("move away what is in its place, then run this again".to_owned());
    }
    failure
}
