//! The settings in the person's editor. What they type is never lost.

use super::report;
use crate::cli::change::{ChangeArgs, Ended};
use crate::cli::{Outcome, ask, say};
use crate::ops::draft::Draft;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::portal::change;

pub(super) fn run(machine: &Machine, args: ChangeArgs) -> Outcome {
    let draft = Draft::of_settings(machine)?;
    let ended = edit(machine, args, &draft);
    let is_done = matches!(ended, Ok(Ended::Written | Ended::Unchanged));
    if is_done || draft.is_untouched() {
        draft.discard();
        return Ok(ended?.exit_code());
    }
    let kept = format!("what you wrote is kept in {}", machine.shown(&draft.path));
    match ended {
        Err(failure) if failure.kind != FailureKind::Stopped => Err(failure.also(kept)),
        other => {
            say::note(kept);
            Ok(other?.exit_code())
        }
    }
}

fn edit(machine: &Machine, args: ChangeArgs, draft: &Draft) -> Result<Ended, Failure> {
    loop {
        let text = String::from_utf8(draft.edit(machine)?)
            .map_err(|e| Failure::new("what you wrote is not UTF-8 text").because(&e))?;
        let Err(failure) = change::rewrite(machine, &draft.before, &text) else {
            let (prepared, ended) =
                report::carry_out(machine, args, || change::rewrite(machine, &draft.before, &text))?;
            if ended == Ended::Written {
                report::next(machine, &prepared);
            }
            return Ok(ended);
        };
        if !args.asks() {
            return Err(failure);
        }
        say::failure(&failure);
        if !ask::confirm("Edit it again?", true)? {
            return Err(Failure {
                kind: FailureKind::Stopped,
                ..Failure::new("stopped; nothing was written")
            });
        }
    }
}
