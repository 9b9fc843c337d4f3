//! `jitpass shell`: `jitnow`, `jituse` and completions in the shells.

mod init;
mod install;
pub(super) mod report;
pub(super) mod uninstall;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::Outcome;
use super::change::Ended;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;

/// Add `jitnow`, `jituse` and completions to your shells
#[derive(Debug, Args)]
pub(super) struct ShellArgs {
    #[command(subcommand)]
    command: ShellCommand,
}

#[derive(Debug, Subcommand)]
enum ShellCommand {
    Init(init::InitArgs),
    Install(install::InstallArgs),
    Uninstall(uninstall::UninstallArgs),
}

pub(super) fn run(machine: &Machine, args: &ShellArgs) -> Outcome {
    match &args.command {
        ShellCommand::Init(args) => init::run(machine, args),
        ShellCommand::Install(args) => install::run(machine, args),
        ShellCommand::Uninstall(args) => uninstall::run(machine, args),
    }
}

/// Where something is refused it is a failure, in a dry run too.
fn outcome(refused: &[Failure], ended: Ended) -> ExitCode {
    match ended {
        Ended::Declined => ended.exit_code(),
        _ if !refused.is_empty() => ExitCode::FAILURE,
        ended => ended.exit_code(),
    }
}
