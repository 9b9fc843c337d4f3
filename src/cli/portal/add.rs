//! `jitpass portal add`: the settings of a portal, and nothing else yet.

use clap::Args;

use super::flags::{self, ChoiceFlags};
use super::report;
use crate::base::{PortalAddress, PortalName};
use crate::cli::Outcome;
use crate::cli::change::ChangeArgs;
use crate::ops::machine::Machine;
use crate::ops::portal::change;
use crate::store::settings::{PortalSettings, TenantChoice};

/// Add a portal to the settings, without asking it anything
///
/// Writes no profile: sign in and `jitpass sync` then. `jitpass setup` does it all at once.
#[derive(Debug, Args)]
pub(super) struct AddArgs {
    /// Its short name, the first part of its profiles' names
    name: PortalName,

    /// Portal address: https://acme.duplocloud.net, acme.duplocloud.net or acme
    #[arg(long, value_name = "URL")]
    host: String,

    #[command(flatten)]
    choices: ChoiceFlags,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &AddArgs) -> Outcome {
    let usual = PortalSettings {
        name: args.name.clone(),
        address: PortalAddress::new(flags::host(&args.host)?, None),
        admin: None,
        tenants: TenantChoice::All,
        exclude: Vec::new(),
        region: None,
        profile_name: None,
        keys: Vec::new(),
        token_command: None,
        browser: None,
    };
    let portal = args.choices.edit()?.of(&usual)?;
    if let Some(command) = &portal.token_command {
        report::check_command(machine, command)?;
    }
    report::run(machine, args.change, || change::add(machine, &portal))
}
