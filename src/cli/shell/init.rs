//! `jitpass shell init`: the integration of a shell, to be evaluated.

use std::process::ExitCode;

use clap::Args;

use crate::cli::{Outcome, say};
use crate::ops::demand;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::shell::{self, Shell};

/// Print the integration of a shell, for `eval` in a start-up file
#[derive(Debug, Args)]
pub(super) struct InitArgs {
    /// bash, zsh, fish, powershell, nushell, elvish, xonsh, tcsh or sh
    shell: Shell,
}

pub(super) fn run(machine: &Machine, args: &InitArgs) -> Outcome {
    let program = demand::program_path(machine)?;
    let script = shell::integration(args.shell, &program.0).map_err(|e| Failure::of(&e))?;
    say::data(&script).map_err(|e| Failure::of(&e))?;
    Ok(ExitCode::SUCCESS)
}
