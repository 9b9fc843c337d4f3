//! `jitpass demo`: a portal on this machine to try everything against.

mod portal;
mod tour;

use clap::{Args, Subcommand};

use super::Outcome;
use crate::ops::machine::Machine;

/// Try jitpass against a portal on this machine, no account needed
///
/// Starts a stand-in for a DuploCloud portal on a free local port, runs the real `setup` against it in a sandbox
/// with a home of its own, and gets credentials as an AWS SDK would. Nothing of yours is read or written.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// Stay in a shell in the sandbox, with the portal running
    #[arg(long)]
    shell: bool,

    #[command(subcommand)]
    command: Option<DemoCommand>,
}

#[derive(Debug, Subcommand)]
enum DemoCommand {
    Portal(portal::PortalArgs),
}

pub(super) fn run(machine: &Machine, args: DemoArgs) -> Outcome {
    match args.command {
        Some(DemoCommand::Portal(args)) => portal::run(&args),
        None => tour::run(machine, args.shell),
    }
}
