//! `jitpass portal remove`: a portal that is not used any more.

use std::process::ExitCode;

use clap::Args;

use super::report;
use crate::base::text;
use crate::cli::change::{ChangeArgs, Ended};
use crate::cli::{Outcome, ask, say};
use crate::ops::change::ConfigFile;
use crate::ops::login::sign_out;
use crate::ops::machine::Machine;
use crate::ops::portal::{self, Owned, change};
use crate::store::settings::PortalSettings;

/// Take a portal out of the settings
///
/// Its profiles stay and go on working, because each says itself what it asks; --profiles removes them as well. Whoever
/// is signed in stays so, unless --logout is given.
#[derive(Debug, Args)]
pub(super) struct RemoveArgs {
    /// Portal, by its name or its address
    portal: String,

    /// Remove the profiles that jitpass keeps for it, too
    #[arg(long)]
    profiles: bool,

    /// Sign out of it as well: forget the token and every credential issued with it
    #[arg(long)]
    logout: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(super) fn run(machine: &Machine, args: &RemoveArgs) -> Outcome {
    let portal = portal::chosen(machine, Some(&args.portal))?;
    let owned = Owned::by(machine, &ConfigFile::read(machine)?, &portal);
    let is_signed_in = machine
        .tokens()
        .and_then(|tokens| tokens.kept(&portal.address))
        .is_some_and(|kept| kept.lies.is_some());
    let asks = args.change.asks();
    let with_profiles = if args.profiles || !asks || owned.kept.is_empty() {
        args.profiles
    } else {
        ask::confirm(&format!("Remove its {} too?", text::count(owned.kept.len(), "profile")), false)?
    };
    let signs_out = if args.logout || !asks || !is_signed_in {
        args.logout
    } else {
        ask::confirm(&format!("Sign out of {} as well?", portal.address.host.authority()), false)?
    };
    say_what_stays(&portal, &owned, with_profiles, is_signed_in && !signs_out);
    let plan = || change::remove(machine, &portal.name, with_profiles);
    let (_, ended) = report::carry_out(machine, args.change, plan)?;
    if signs_out && ended == Ended::Written {
        let host = portal.address.host.authority();
        if sign_out(machine, &portal.address)? {
            say::done(format_args!("signed out of {host}"));
        } else {
            say::note(format_args!("nobody was signed in to {host}"));
        }
    }
    Ok(if ended == Ended::Shown { ended.exit_code() } else { ExitCode::SUCCESS })
}

fn say_what_stays(portal: &PortalSettings, owned: &Owned, with_profiles: bool, stays_signed_in: bool) {
    let (name, host) = (&portal.name, portal.address.host.authority());
    if !with_profiles && !owned.kept.is_empty() {
        say::note(format_args!(
            "its {} with the mark `{name}` stay and go on working: {}",
            text::count(owned.kept.len(), "profile"),
            text::list(&owned.kept, 6)
        ));
        say::note(format_args!("  to remove them as well: jitpass portal remove {name} --profiles"));
    }
    if with_profiles && !owned.copies.is_empty() {
        say::note(format_args!(
            "copies that you made of its profiles stay: {}",
            text::list(&owned.copies, 6)
        ));
    }
    if stays_signed_in {
        say::note(format_args!("whoever is signed in to {host} stays so; to sign out as well: --logout"));
    }
}
