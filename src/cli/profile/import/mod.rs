//! `jitpass profile import`: what older tools left in the config file becomes ours.

mod json;
mod report;

use std::cell::RefCell;
use std::process::ExitCode;

use clap::Args;

use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, say, sign_in};
use crate::host::terminal;
use crate::ops::failure::Failure;
use crate::ops::import::{self, Import, Kept, Verdicts, Wish};
use crate::ops::machine::Machine;

/// Take over the profiles of duplo-jit, duplo-aws-credential-process and duploctl
///
/// Their `credential_process` lines become jitpass's, with the same meaning and in the same place; all else in the
/// file stays. A token found on such a line, or in duploctl's configuration, is checked with its portal and moves to
/// where tokens are kept; what duplo-jit kept of its last sign-in is taken over, too. What cannot be taken over is
/// listed with the reason.
#[derive(Debug, Args)]
pub(super) struct ImportArgs {
    /// Profiles to take over, by name or with `*` and `?`; all if left out
    #[arg(value_name = "PROFILE")]
    names: Vec<String>,

    /// Ask no portal: lines with a token stay as they are
    #[arg(long)]
    offline: bool,

    /// Print JSON on stdout
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: ImportArgs) -> Outcome {
    args.change.check()?;
    let wish = Wish { names: args.names, offline: args.offline, is_attended: terminal::can_ask() };
    let (verdicts, kept) = (RefCell::new(Verdicts::default()), Kept::default());
    let plan = || {
        say::while_working("Looking at what is there", || {
            import::plan(machine, &wish, &mut verdicts.borrow_mut())
        })
    };
    if args.json && args.change.dry_run {
        let import = plan()?;
        let ended = if import.is_empty() { Ended::Unchanged } else { Ended::Shown };
        print(machine, &import, ended)?;
        return Ok(ended.exit_code());
    }
    let outcome = carry_out(
        machine,
        args.change,
        plan,
        |import| &import.change,
        |import| report::plan(machine, import),
        |import| import::apply(machine, &wish, import, &kept),
    )
    .and_then(|(import, ended)| match ended {
        Ended::Unchanged if !import.keep.is_empty() => {
            keep(machine, args.change, &wish, &import, &kept).map(|ended| (import, ended))
        }
        ended => Ok((import, ended)),
    });
    // They are kept, whatever became of the file.
    for (portal, token) in kept.into_list() {
        sign_in::signed_in(machine, &portal, &token, None);
    }
    let (import, ended) = outcome?;
    report::ended(machine, &import, ended);
    if args.json {
        print(machine, &import, ended)?;
    }
    Ok(ended.exit_code())
}

/// Keeps tokens where no file changes.
fn keep(
    machine: &Machine,
    args: ChangeArgs,
    wish: &Wish,
    import: &Import,
    kept: &Kept,
) -> Result<Ended, Failure> {
    if args.dry_run {
        say::note("dry run: nothing was kept");
        return Ok(Ended::Shown);
    }
    if args.asks() && !ask::confirm("Keep what is named above?", true)? {
        say::note("nothing was kept");
        return Ok(Ended::Declined);
    }
    import::apply(machine, wish, import, kept)?;
    Ok(Ended::Written)
}

fn print(machine: &Machine, import: &Import, ended: Ended) -> Result<ExitCode, Failure> {
    say::data(&json::of(machine, import, ended))
        .map_err(|e| Failure::new("the report cannot be printed").because(&e))?;
    Ok(ExitCode::SUCCESS)
}
