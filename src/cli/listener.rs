//! The process that listens for the browser. Started by jitpass itself; nobody types it.

use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::sign_in::{Job, listener};

/// Listen for the browser (started by jitpass itself)
#[derive(Debug, Args)]
pub(super) struct ListenerArgs {
    /// What to listen for, as JSON
    job: String,
}

pub(super) fn run(machine: &Machine, args: &ListenerArgs) -> Outcome {
    let job: Job = serde_json::from_str(&args.job)
        .map_err(|e| Failure::misuse("this command is for jitpass itself").because(&e))?;
    listener::run(machine, &job).map(|()| ExitCode::SUCCESS)
}
