//! `jitpass profile remove`.

use clap::Args;

use super::{notes, typed};
use crate::awsconfig::Edit;
use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, aws, say};
use crate::ops::machine::Machine;
use crate::ops::profile::{self, Chosen, Planned};
use crate::plan::Glob;

/// Take profiles out of ~/.aws/config
///
/// Of those that fit a pattern, the ones that `jitpass sync` keeps; others are taken when they are named as they are
/// called. `jitpass undo` brings back what was taken.
#[derive(Debug, Args)]
pub(in crate::cli) struct RemoveArgs {
    /// Names, or patterns such as `acme-*`
    #[arg(value_name = "NAME", required = true)]
    names: Vec<String>,

    /// Patterns stand for every profile, whoever wrote it
    #[arg(long)]
    foreign: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(in crate::cli) fn run(machine: &Machine, args: &RemoveArgs) -> Outcome {
    let names = args.names.iter().map(|name| typed::<Glob>(name)).collect::<Result<_, _>>()?;
    let chosen = Chosen { names, foreign: args.foreign };
    let read = aws::reader();
    let (planned, ended) = carry_out(
        machine,
        args.change,
        || profile::remove(machine, &read, &chosen),
        |planned| &planned.change,
        |planned| notes::say_all(machine, planned),
        |planned| planned.apply(machine),
    )?;
    if ended == Ended::Written {
        say::done(format_args!(
            "{} removed; `jitpass undo` brings back what was there",
            text::count(removed(&planned), "profile")
        ));
    }
    Ok(ended.exit_code())
}

fn removed(planned: &Planned) -> usize {
    let edits = planned.change.config.iter().flat_map(|(_, edits)| edits);
    edits.filter(|edit| matches!(edit, Edit::Remove { .. })).count()
}
