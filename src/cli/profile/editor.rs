//! `jitpass profile edit --editor`: one section in a person's own editor.
//!
//! Their text is theirs: it is removed only once it is written, or when it says nothing new. Whatever else happens, the
//! file that holds it is named.

use super::words::Files;
use super::{edit, notes};
use crate::base::text::Visible;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, aws, say};
use crate::ops::draft::Draft;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::profile;
use crate::ops::status::ReadArguments;

pub(super) fn run(machine: &Machine, name: &str, change: ChangeArgs) -> Outcome {
    let read = aws::reader();
    let was = profile::section(machine, &read, name)?;
    let draft = Draft::new(machine, "profile", "ini", &was)?;
    let ended = edited(machine, name, change, &draft, &read);
    let is_done = matches!(ended, Ok(Ended::Written | Ended::Unchanged));
    let kept = format!("your text is kept in {}", machine.shown(&draft.path));
    if is_done || draft.is_untouched() {
        draft.discard();
    } else {
        say::note(kept);
        let file = Files::of(machine).config;
        say::note(format_args!(
            "`jitpass profile edit {} --editor` starts from what {file} says: copy into it what you want of yours",
            Visible(name)
        ));
    }
    let ended = ended?;
    if is_done {
        edit::say_ended(name, ended);
    }
    Ok(ended.exit_code())
}

fn edited(
    machine: &Machine,
    name: &str,
    change: ChangeArgs,
    draft: &Draft,
    read: ReadArguments<'_>,
) -> Result<Ended, Failure> {
    loop {
        let section = draft.edit(machine)?;
        if section == draft.before {
            return Ok(Ended::Unchanged);
        }
        let ended = carry_out(
            machine,
            change,
            || profile::replace(machine, read, name, &draft.before, &section),
            |planned| &planned.change,
            |planned| notes::say_all(machine, planned),
            |planned| planned.apply(machine),
        );
        match ended {
            Ok((_, ended)) => return Ok(ended),
            Err(failure) if change.asks() && failure.kind != FailureKind::Stopped => {
                say::failure(&failure);
                if !ask::confirm("Edit it again?", true)? {
                    return Err(Failure::new("nothing was written"));
                }
            }
            Err(failure) => return Err(failure),
        }
    }
}
