//! `jitpass profile import`: what older tools left in the config file becomes ours.

mod json;
mod report;

use std::cell::RefCell;
use std::process::ExitCode;

use clap::Args;

use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, say, sign_in};
use crate::host::terminal;
use crate::ops::failure::Failure;
use crate::ops::import::{self, Import, Kept, Standing, Verdicts, Wish};
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
    let is_attended = terminal::can_ask();
    let mut wish = Wish { names: args.names, offline: args.offline, is_attended, owners: Vec::new() };
    let (verdicts, kept) = (RefCell::new(Verdicts::default()), Kept::default());
    if args.change.asks() {
        ask_whose(machine, &mut wish, &verdicts)?;
    }
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

/// Asks, where a token was found and nobody is signed in, whether the profiles without one are its owner's.
fn ask_whose(machine: &Machine, wish: &mut Wish, verdicts: &RefCell<Verdicts>) -> Result<(), Failure> {
    let import = say::while_working("Looking at what is there", || {
        import::plan(machine, wish, &mut verdicts.borrow_mut())
    })?;
    let mut asked = Vec::new();
    for (lay, portal, standing) in &import.open {
        let Standing::Doubtful { person, profiles } = standing else { continue };
        // Many lines may hold the same, and one portal has one person.
        let is_settled = wish.owners.iter().any(|(of, _)| of == portal);
        if is_settled || asked.contains(&(portal, person)) {
            continue;
        }
        asked.push((portal, person));
        let these = if profiles.len() == 1 { "Is this profile" } else { "Are these profiles" };
        let (at, profiles) = (report::lay(machine, lay), text::list(profiles, 8));
        let question = format!("The token {at} is {person}'s. {these} theirs, too: {profiles}?");
        if ask::confirm(&text::one_line(&question, 600), false)? {
            wish.owners.push((portal.clone(), person.clone()));
        }
    }
    Ok(())
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
