//! `jitpass completions`: the completions of a shell, as packages install them.

use std::process::ExitCode;

use clap::Args;

use super::{Outcome, say};
use crate::ops::failure::Failure;
use crate::shell::{self, Shell};

/// Print the completions of a shell, for packages
///
/// `jitpass shell install` gives you these and more: it adds `jitnow` and `jituse` to your shells.
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// bash, zsh, fish, powershell, nushell, elvish, xonsh or tcsh
    shell: Shell,
}

pub(super) fn run(args: &CompletionsArgs) -> Outcome {
    if args.shell == Shell::Posix {
        return Err(Failure::misuse("sh completes nothing but files")
            .hint("bash, zsh, fish, powershell, nushell, elvish, xonsh and tcsh do"));
    }
    let script = shell::completions(args.shell, "jitpass").map_err(|e| Failure::of(&e))?;
    say::data(&script).map_err(|e| Failure::of(&e))?;
    Ok(ExitCode::SUCCESS)
}
