//! What `jitpass portal` says of a change: before the question, and after it was written.

use std::process::ExitCode;

use crate::base::text;
use crate::cli::Outcome;
use crate::cli::change::{self, ChangeArgs, Ended};
use crate::cli::say::{self, NAME, styled};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::portal;
use crate::ops::portal::change::{Moved, Prepared, apply};
use crate::ops::token;

/// Shows a change of portals, asks once, writes it, and says what comes next.
pub(super) fn carry_out(
    machine: &Machine,
    args: ChangeArgs,
    plan: impl FnMut() -> Result<Prepared, Failure>,
) -> Result<(Prepared, Ended), Failure> {
    let (prepared, ended) = change::carry_out(
        machine,
        args,
        plan,
        |prepared| &prepared.change,
        |prepared| notes(machine, prepared),
        |prepared| apply(machine, prepared),
    )?;
    match ended {
        Ended::Unchanged => say::done("nothing to change: the settings say that already"),
        Ended::Written => written(machine, &prepared),
        Ended::Shown | Ended::Declined => {}
    }
    Ok((prepared, ended))
}

/// The same as the whole of a command.
pub(super) fn run(
    machine: &Machine,
    args: ChangeArgs,
    plan: impl FnMut() -> Result<Prepared, Failure>,
) -> Outcome {
    let (prepared, ended) = carry_out(machine, args, plan)?;
    if ended == Ended::Written {
        next(machine, &prepared);
    }
    Ok(if ended == Ended::Declined { ExitCode::SUCCESS } else { ended.exit_code() })
}

/// Refuses a `token_command` that cannot work, and says where one may not.
pub(super) fn check_command(machine: &Machine, command: &[String]) -> Result<(), Failure> {
    if !portal::has_program(machine, command)? {
        let program = command.first().map_or(String::new(), |word| text::one_line(word, 100));
        say::careful(format_args!("`{program}` is not to be found on this machine"));
    }
    Ok(())
}

/// What there is to know before the question.
fn notes(machine: &Machine, prepared: &Prepared) {
    for moved in prepared.moved.iter().filter(|moved| moved.signs_out()) {
        let Some(before) = &moved.before else { continue };
        let host = before.address.host.authority();
        let moves = moved.after.as_ref().is_some_and(|after| after.address != before.address);
        // Where nobody ever signed in, nothing was issued.
        let Some(kept) = machine.tokens().and_then(|tokens| tokens.kept(&before.address)) else { continue };
        let what = match kept.lies {
            Some(_) if kept.person.is_empty() => {
                format!("the token for {host}, and every credential issued with it,")
            }
            Some(_) => {
                let person = text::one_line(&kept.person, 100);
                format!("the token of {person} for {host}, and every credential issued with it,")
            }
            None => format!("every credential that {host} issued to you"),
        };
        let why = if moves {
            "a token goes only to the address it was checked with"
        } else {
            "the next token may be another person's"
        };
        say::careful(format_args!("{what} will be forgotten: {why}"));
    }
    if !prepared.staying.copies.is_empty() && !prepared.profiles.is_empty() {
        say::note(format_args!(
            "copies that you made of its profiles keep their mark: {}",
            text::list(&prepared.staying.copies, 6)
        ));
    }
    if !prepared.used_by.is_empty() {
        say::careful(format_args!(
            "a profile that goes is the source profile of {}",
            text::list(&prepared.used_by, 6)
        ));
    }
}

/// Says what was written.
fn written(machine: &Machine, prepared: &Prepared) {
    let files: Vec<String> = prepared.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
    say::done(format_args!("{} written", files.join(" and ")));
}

/// Says which commands come next.
pub(super) fn next(machine: &Machine, prepared: &Prepared) {
    for moved in &prepared.moved {
        let Some(after) = &moved.after else { continue };
        if needs_sign_in(machine, moved) {
            say::note(format_args!("to sign in: jitpass login {}", after.name));
        }
        if moved.is_for_sync() {
            say::note(format_args!(
                "for its profiles to follow: {}",
                styled(NAME, format_args!("jitpass sync {}", after.name))
            ));
        }
    }
}

/// Whether nobody is signed in, or will not be, at a portal that is new or elsewhere now.
fn needs_sign_in(machine: &Machine, moved: &Moved) -> bool {
    let Some(after) = &moved.after else { return false };
    let is_new = moved.before.as_ref().is_none_or(|_| moved.signs_out());
    let kept = machine.tokens().and_then(|tokens| tokens.kept(&after.address));
    let has_token = kept.is_some_and(|kept| kept.lies.is_some())
        || after.token_command.is_some()
        || token::explicit(machine, &after.address, None).0.is_some();
    is_new && !has_token
}
