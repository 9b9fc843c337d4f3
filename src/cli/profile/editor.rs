//! `jitpass profile edit --editor`: one section in a person's own editor.
//!
//! Their text is theirs: it is removed only once it is written, or when it says nothing new. Whatever else happens, the
//! file that holds it is named.

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::{edit, notes};
use crate::awsconfig::command;
use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, aws, say};
use crate::host::env::{Env, names};
use crate::host::surroundings::Surroundings;
use crate::host::{files, process};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile;

/// The largest text that is read back.
const MOST_BYTES: u64 = 1 << 20;

pub(super) fn run(machine: &Machine, name: &str, change: ChangeArgs) -> Outcome {
    let read = aws::reader();
    let was = profile::section(machine, &read, name)?;
    let draft = Draft::new(machine, &was)?;
    loop {
        let section = match draft.edited(machine) {
            Ok(section) => section,
            Err(failure) => return Err(draft.keeping(machine, failure)),
        };
        if section == was {
            draft.discard();
            edit::say_ended(name, Ended::Unchanged);
            return Ok(Ended::Unchanged.exit_code());
        }
        let ended = carry_out(
            machine,
            change,
            || profile::replace(machine, &read, name, &was, &section),
            |planned| &planned.change,
            |planned| notes::say_all(machine, planned),
            |planned| planned.apply(machine),
        );
        match ended {
            Ok((_, ended @ (Ended::Written | Ended::Unchanged))) => {
                draft.discard();
                edit::say_ended(name, ended);
                return Ok(ended.exit_code());
            }
            Ok((_, ended)) => {
                say::note(format_args!("your text is kept in {}", draft.shown(machine)));
                return Ok(ended.exit_code());
            }
            Err(failure) if change.asks() => {
                say::failure(&failure);
                match ask::confirm("Edit it again?", true) {
                    Ok(true) => {}
                    Ok(false) => return Err(draft.keeping(machine, Failure::new("nothing was written"))),
                    Err(stopped) => return Err(draft.keeping(machine, stopped)),
                }
            }
            Err(failure) => return Err(draft.keeping(machine, failure)),
        }
    }
}

/// A private file with a person's text.
struct Draft {
    path: PathBuf,
    /// What it held at first.
    was: Vec<u8>,
}

impl Draft {
    fn new(machine: &Machine, section: &[u8]) -> Result<Self, Failure> {
        let dir = machine.need_state_dir()?.join("edits");
        let make = || {
            files::create_private_dir(&dir)?;
            let mut file = tempfile::Builder::new().prefix("profile-").suffix(".ini").tempfile_in(&dir)?;
            file.write_all(section)?;
            file.keep().map_err(|error| error.error)
        };
        let made = make().map_err(|error| {
            Failure::new(format!("the section cannot be put into a file in {}", machine.shown(&dir)))
                .because(&error)
        })?;
        Ok(Self { path: made.1, was: section.to_owned() })
    }

    /// Opens the editor, and reads what it left.
    fn edited(&self, machine: &Machine) -> Result<Vec<u8>, Failure> {
        let mut argv = editor(&machine.env);
        let shown = text::one_line(&argv[0].to_string_lossy(), 80);
        argv.push(self.path.clone().into_os_string());
        let failed = |why: String| {
            Failure::new(format!("the editor `{shown}` {why}")).hint("name another one with VISUAL or EDITOR")
        };
        let surroundings = Surroundings::default().without_secrets(&machine.env);
        let status = process::attend(&argv, &surroundings)
            .map_err(|error| failed("could not be started".to_owned()).because(&error))?;
        if !status.success() {
            return Err(failed(format!("ended with {status}; nothing was written")));
        }
        let gone = |error| Failure::new(format!("{} cannot be read", self.shown(machine))).because(&error);
        let bytes = read(&self.path).map_err(gone)?;
        // Many an editor writes a new file, with whatever rights new files have.
        files::keep_private(&self.path, &bytes).map_err(gone)?;
        Ok(bytes)
    }

    fn shown(&self, machine: &Machine) -> String {
        machine.shown(&self.path)
    }

    fn keeping(&self, machine: &Machine, failure: Failure) -> Failure {
        if read(&self.path).is_ok_and(|text| text == self.was) {
            self.discard();
        } else {
            say::note(format_args!("your text is kept in {}", self.shown(machine)));
        }
        failure
    }

    fn discard(&self) {
        if let Err(error) = files::remove(&self.path) {
            tracing::debug!(%error, "the text of the section stays");
        }
    }
}

fn read(path: &Path) -> std::io::Result<Vec<u8>> {
    use std::io::Read as _;
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path)?;
    let length = file.take(MOST_BYTES + 1).read_to_end(&mut bytes)?;
    if u64::try_from(length).is_ok_and(|length| length > MOST_BYTES) {
        return Err(std::io::Error::other("it is larger than a section can be"));
    }
    Ok(bytes)
}

/// The words of the editor's command. What is more than plain words is for a shell, as everywhere else.
fn editor(env: &Env) -> Vec<OsString> {
    let said = [names::VISUAL, names::EDITOR].into_iter().find_map(|name| env.var(name));
    let Some(said) = said else {
        return vec![if cfg!(windows) { "notepad" } else { "vi" }.into()];
    };
    match said.to_str().and_then(|text| command::arguments(text).ok()) {
        Some(words) => words.into_iter().map(OsString::from).collect(),
        None if cfg!(unix) => {
            let mut script = said;
            script.push(" \"$@\"");
            vec!["sh".into(), "-c".into(), script, "sh".into()]
        }
        None => vec![said],
    }
}
