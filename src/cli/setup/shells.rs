//! Which shells `setup` integrates with.

use std::str::FromStr;

use super::{SetupArgs, wizard};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::Survey;
use crate::shell::{Shell, UnknownShell};

/// Which shell gets the integration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ShellChoice {
    /// All that are in use.
    InUse,
    /// This one.
    One(Shell),
}

impl FromStr for ShellChoice {
    type Err = UnknownShell;

    fn from_str(text: &str) -> Result<Self, UnknownShell> {
        if text == "auto" { Ok(Self::InUse) } else { text.parse().map(Self::One) }
    }
}

impl SetupArgs {
    /// The shells that get the integration. Start-up files are touched only where somebody says so.
    pub(super) fn shells(&self, machine: &Machine, asks: bool) -> Result<Vec<Shell>, Failure> {
        if self.shells.is_empty() {
            return if asks && !self.no_shell { wizard::which_shells(machine) } else { Ok(Vec::new()) };
        }
        let mut shells = Vec::new();
        for choice in &self.shells {
            match choice {
                ShellChoice::One(shell) => shells.push(*shell),
                ShellChoice::InUse => shells.extend(Survey::of(machine)?.in_use()),
            }
        }
        Ok(shells)
    }
}
