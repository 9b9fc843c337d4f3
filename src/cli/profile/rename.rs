//! `jitpass profile rename`.

use clap::Args;

use super::{notes, typed};
use crate::base::ProfileName;
use crate::base::text::Visible;
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, aws, say};
use crate::ops::machine::Machine;
use crate::ops::profile;

/// Give a profile another name, also where other profiles name it as their source
#[derive(Debug, Args)]
pub(in crate::cli) struct RenameArgs {
    /// Name of the profile
    #[arg(value_name = "OLD")]
    from: String,

    /// Its new name
    #[arg(value_name = "NEW")]
    to: String,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(in crate::cli) fn run(machine: &Machine, args: &RenameArgs) -> Outcome {
    let to: ProfileName = typed(&args.to)?;
    let read = aws::reader();
    let plan = || profile::rename(machine, &read, &args.from, &to);
    let (_, ended) = carry_out(
        machine,
        args.change,
        plan,
        |planned| &planned.change,
        |planned| notes::say_all(machine, planned),
        |planned| planned.apply(machine),
    )?;
    match ended {
        Ended::Written => say::done(format_args!("{} is now called {to}", Visible(&args.from))),
        Ended::Unchanged => say::done("nothing to change: that is its name"),
        Ended::Shown | Ended::Declined => {}
    }
    Ok(ended.exit_code())
}
