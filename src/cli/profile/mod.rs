//! `jitpass profile`: the profiles of the shared AWS files, one at a time.

mod add;
mod edit;
mod editor;
mod import;
mod json;
mod list;
mod notes;
mod remove;
mod rename;
mod show;
mod words;

use clap::{Args, Subcommand};

use super::Outcome;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;

/// List, show and change the profiles in ~/.aws/config
#[derive(Debug, Args)]
pub(super) struct ProfileArgs {
    #[command(subcommand)]
    command: ProfileCommand,
}

#[derive(Debug, Subcommand)]
enum ProfileCommand {
    #[command(alias = "ls")]
    List(list::ListArgs),
    Show(show::ShowArgs),
    Add(add::AddArgs),
    Edit(edit::EditArgs),
    #[command(alias = "mv")]
    Rename(rename::RenameArgs),
    #[command(alias = "rm")]
    Remove(remove::RemoveArgs),
    Import(import::ImportArgs),
}

pub(super) fn run(machine: &Machine, args: ProfileArgs) -> Outcome {
    match args.command {
        ProfileCommand::List(args) => list::run(machine, &args),
        ProfileCommand::Show(args) => show::run(machine, &args),
        ProfileCommand::Add(args) => add::run(machine, &args),
        ProfileCommand::Edit(args) => edit::run(machine, &args),
        ProfileCommand::Rename(args) => rename::run(machine, &args),
        ProfileCommand::Remove(args) => remove::run(machine, &args),
        ProfileCommand::Import(args) => import::run(machine, args),
    }
}

/// The value of an argument. It is read here and not by clap, which would repeat what is wrong with it as it stands,
/// escape sequences and all.
fn typed<T: std::str::FromStr<Err: std::fmt::Display>>(text: &str) -> Result<T, Failure> {
    text.parse().map_err(|error: T::Err| Failure::misuse(error.to_string()))
}
