//! `jitpass portal`: the portals that are set up.

mod add;
mod edit;
mod editor;
mod export;
mod flags;
mod list;
mod questions;
mod remove;
mod report;

use clap::{Args, Subcommand};

use super::Outcome;
use crate::ops::machine::Machine;

/// List, add, change, remove and share the portals that are set up
#[derive(Debug, Args)]
pub(super) struct PortalArgs {
    #[command(subcommand)]
    command: PortalCommand,
}

#[derive(Debug, Subcommand)]
enum PortalCommand {
    #[command(alias = "ls")]
    List(list::ListArgs),
    Add(add::AddArgs),
    Edit(Box<edit::EditArgs>),
    #[command(alias = "rm")]
    Remove(remove::RemoveArgs),
    Export(export::ExportArgs),
}

pub(super) fn run(machine: &Machine, args: &PortalArgs) -> Outcome {
    match &args.command {
        PortalCommand::List(args) => list::run(machine, args),
        PortalCommand::Add(args) => add::run(machine, args),
        PortalCommand::Edit(args) => edit::run(machine, args),
        PortalCommand::Remove(args) => remove::run(machine, args),
        PortalCommand::Export(args) => export::run(machine, args),
    }
}
