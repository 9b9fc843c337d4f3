//! The values that an argument takes, by what its help calls them.

use clap::Arg;

use super::line::Line;
use super::offer;
use crate::aws;
use crate::base::PortalAddress;
use crate::ops::completing::{self, Candidate, Whose};
use crate::ops::machine::Machine;
use crate::shell::Shell;

/// A kind of values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Profile(Whose),
    Portal,
    /// The address of a portal.
    Address,
    Tenant,
    Region,
    Service,
    Shell,
    /// The number of a change.
    Change,
    /// A word of a command's name.
    Command,
    /// A word with a meaning of its own.
    Word(&'static str, &'static str),
}

impl Kind {
    /// The kinds of value that an argument of this command takes; none where anything may stand: a new name, a text, a
    /// file.
    pub(super) fn of(command: &[&str], arg: &Arg) -> &'static [Self] {
        match (command, name_of(arg).as_str()) {
            // A name that is to be made up.
            (["portal" | "profile", "add"], "NAME") | (["setup"], "PORTAL") => &[],
            (["man"], "COMMAND") => &[Self::Command],
            (["profile", "import"], "PROFILE") => &[Self::Profile(Whose::Others)],
            (["profile", _], "NAME" | "OLD" | "GLOB") | (_, "PROFILE") => &[Self::Profile(Whose::Anybodys)],
            (_, "PROFILE|PORTAL") => &[Self::Profile(Whose::Ours), Self::Portal],
            (_, "PORTAL") => &[Self::Portal],
            (["profile", "add"], "URL") if arg.get_id() == "host" => &[Self::Portal, Self::Address],
            (_, "URL") if arg.get_id() == "host" => &[Self::Address],
            (_, "TENANT" | "PATTERN") => &[Self::Tenant],
            (_, "all|PATTERN") => &[Self::Word("all", "every tenant, also those to come"), Self::Tenant],
            (_, "REGION") => &[Self::Region],
            (_, "REGION|own") => &[Self::Word("own", "each tenant's own region"), Self::Region],
            (_, "SERVICE") => &[Self::Service],
            (_, "SHELL") => &[Self::Shell],
            (_, "NUMBER") => &[Self::Change],
            (_, "TEMPLATE|usual") => &[Self::Word("usual", "the usual template")],
            (_, "COMMAND|none" | "BROWSER|none") => &[Self::Word("none", "none")],
            _ => &[],
        }
    }
}

/// What the help calls the value of an argument.
pub(super) fn name_of(arg: &Arg) -> String {
    let name = arg.get_value_names().and_then(|names| names.first());
    name.map_or_else(|| arg.get_id().as_str().to_uppercase(), ToString::to_string)
}

/// The values of a kind that begin so, or more.
pub(super) fn of_kind(machine: &Machine, line: &Line<'_>, kind: Kind, start: &str) -> Vec<Candidate> {
    let table = |rows: &'static [(&str, &str)]| {
        rows.iter().filter_map(|(value, about)| Candidate::new(*value, *about)).collect()
    };
    match kind {
        Kind::Profile(whose) => completing::profiles(machine, whose, start),
        Kind::Portal => completing::portals(machine),
        Kind::Address => completing::addresses(machine),
        Kind::Tenant => tenants(machine, line, start),
        Kind::Region => table(aws::regions()),
        Kind::Service => table(aws::services()),
        Kind::Shell => shells(line),
        Kind::Change => completing::changes(machine),
        Kind::Command => commands(line),
        Kind::Word(value, about) => Candidate::new(value, about).into_iter().collect(),
    }
}

/// The tenants of the portal that the line names, by address or by name or by one of its profiles; of all where it
/// names none.
fn tenants(machine: &Machine, line: &Line<'_>, start: &str) -> Vec<Candidate> {
    let typed = line.value_of("portal").or_else(|| line.value_of("host"));
    let portal: Option<PortalAddress> = match typed {
        Some(typed) => match machine.portal(typed) {
            Ok((address, _)) => Some(address),
            // It names one that nobody knows.
            Err(_) => return Vec::new(),
        },
        None => match line.names().as_slice() {
            ["profile", "edit"] => {
                line.value_of("name").and_then(|name| completing::portal_of(machine, name))
            }
            _ => None,
        },
    };
    completing::tenants(machine, portal.as_ref(), start)
}

fn shells(line: &Line<'_>) -> Vec<Candidate> {
    // One of them completes nothing.
    let completes = |shell: &Shell| line.names() != ["completions"] || *shell != Shell::Posix;
    let all = Shell::ALL.into_iter().filter(completes);
    all.filter_map(|shell| Candidate::new(shell.name(), "")).collect()
}

/// The commands below those that the line names as values.
fn commands(line: &Line<'_>) -> Vec<Candidate> {
    let mut at = line.path[0];
    for name in line.given.iter().filter_map(|(_, value)| *value) {
        match at.find_subcommand(name) {
            Some(below) => at = below,
            None => return Vec::new(),
        }
    }
    at.get_subcommands().filter_map(offer::subcommand).collect()
}
