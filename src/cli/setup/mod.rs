//! `jitpass setup`: from a portal's address to working profiles.

mod from;
mod report;
mod shells;
mod wizard;

use std::path::PathBuf;
use std::process::ExitCode;
use std::str::FromStr;

use clap::Args;

use super::Outcome;
use super::change::{self, ChangeArgs, Ended};
use super::login;
use super::profile_report;
use super::say::{self, NAME, styled};
use super::shell::report as shell_report;
use super::sign_in::{self, Manner};
use crate::base::{
    NameError, PortalAddress, PortalName, ProfileName, Region, TenantName, TenantPattern, text,
};
use crate::credential::Identity;
use crate::host::env::names;
use crate::host::terminal;
use crate::ops::acquaint::{self, Acquaintance, WithAccounts};
use crate::ops::demand::{self, Choices};
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::setup::{self, Note, Prepared};
use crate::ops::shell::scripts;
use crate::ops::sign_in::news;
use crate::ops::token::{self, Token, TokenSource};
use crate::ops::verify;
use crate::store::keyring::Asking;
use crate::store::settings::{Extra, PortalSettings, TenantChoice};
use shells::ShellChoice;

/// Set up a portal: profiles for its tenants in ~/.aws/config
///
/// Asks for what the flags do not say (Enter takes what is offered), shows everything that will be written, asks
/// once, writes, and proves with one profile that it works. Profiles and keys that jitpass did not write are never
/// changed. Run it again at any time: what is as it should be stays.
#[derive(Debug, Args)]
pub(super) struct SetupArgs {
    /// Portal address: https://acme.duplocloud.net, acme.duplocloud.net or acme
    #[arg(long, value_name = "URL")]
    host: Option<String>,

    /// Short name of the portal, the first part of its profiles' names
    #[arg(long, value_name = "PORTAL")]
    name: Option<PortalName>,

    /// Write a profile for this tenant; may be repeated
    #[arg(long = "tenant", value_name = "TENANT", conflicts_with = "all_tenants")]
    tenants: Vec<TenantName>,

    /// Write a profile for every tenant you may use
    #[arg(long)]
    all_tenants: bool,

    /// Write a profile with administrator rights
    #[arg(long, overrides_with = "no_admin")]
    admin: bool,

    /// Write no profile with administrator rights
    #[arg(long, overrides_with = "admin")]
    no_admin: bool,

    /// Region of all profiles; `own` goes back to each tenant's own
    #[arg(long, value_name = "REGION")]
    region: Option<RegionChoice>,

    /// Template of the profiles' names; fields: portal, tenant, plan, region, scope
    #[arg(long, value_name = "TEMPLATE")]
    profile_name: Option<String>,

    /// Make this profile the default one too
    #[arg(long, value_name = "PROFILE")]
    default_profile: Option<ProfileName>,

    /// Take over the portals in this file, which `jitpass portal export` made; `-` is stdin
    ///
    /// What is in it is shown first. Only plain choices are taken: what would start a program on this machine, send a
    /// token elsewhere, or is not known is asked about, and refused where nobody can be asked.
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "host", "tenants", "all_tenants", "admin", "no_admin", "region", "profile_name", "default_profile", "token_stdin",
    ])]
    from: Option<PathBuf>,

    /// Add `jitnow`, `jituse` and completions to this shell, or to all that you use; may be repeated
    #[arg(long = "shell", value_name = "SHELL", num_args = 0..=1, default_missing_value = "auto")]
    shells: Vec<ShellChoice>,

    /// Leave the start-up files of your shells alone, and do not ask
    #[arg(long, conflicts_with = "shells")]
    no_shell: bool,

    /// Read the portal token from stdin, and keep it
    #[arg(long)]
    token_stdin: bool,

    /// Show what would be written, and write nothing
    #[arg(long)]
    dry_run: bool,

    /// Write without asking
    #[arg(long, short)]
    yes: bool,
}

pub(super) fn run(machine: &Machine, args: &SetupArgs) -> Outcome {
    let asks = terminal::can_ask() && !args.yes && !args.token_stdin;
    if args.host.is_none() && args.from.is_none() && !asks {
        return Err(Failure::misuse("--host is missing, and nobody can be asked")
            .hint("name the portal: jitpass setup --host https://acme.duplocloud.net --yes"));
    }
    if !asks && !args.yes && !args.dry_run {
        return Err(Failure::misuse("there is no terminal to ask at, so nothing would be written")
            .hint("add --yes to write without asking, or --dry-run to only see what would be written"));
    }
    if let Some(file) = &args.from {
        return from::run(machine, args, file, asks);
    }
    if asks {
        wizard::welcome();
    }
    let (portal, known) = match &args.host {
        Some(typed) => machine.portal(typed)?,
        None => wizard::portal(machine)?,
    };
    if let Some(name) = &args.name {
        setup::check_name(machine, &portal, name)?;
    }
    let template = args.profile_name.as_deref().or_else(|| known.as_ref()?.profile_name.as_deref());
    let (portal, source) = acquainted(machine, &portal, template, args, asks)?;
    let choices = if asks {
        wizard::choices(machine, args, &portal, known.as_ref())?
    } else {
        args.choices(machine, &portal, known.as_ref())?
    };
    write(machine, args, &portal, &choices, &[], source, asks)
}

/// Signs in where that is needed, and asks the portal what it offers.
fn acquainted(
    machine: &Machine,
    portal: &PortalAddress,
    template: Option<&str>,
    args: &SetupArgs,
    asks: bool,
) -> Result<(Acquaintance, TokenSource), Failure> {
    let (token, identity) = signed_in(machine, portal, args, asks)?;
    let accounts = demand::wants_account_ids(template);
    let portal = say::while_working(format!("Asking {} what it offers", portal.host.authority()), || {
        acquaint::acquaint(machine, portal, &token, &identity, machine.now(), WithAccounts(accounts))
    })?;
    report::portal(&portal, token.source);
    if portal.list.tenants.is_empty() && !portal.person.is_admin() {
        let host = portal.portal.host.authority();
        return Err(Failure::new(format!("{} may use no tenants of {host}", portal.person.name()))
            .hint("an administrator of the portal can add you to one; then run this again"));
    }
    Ok((portal, token.source))
}

fn write(
    machine: &Machine,
    args: &SetupArgs,
    portal: &Acquaintance,
    choices: &Choices,
    extras: &[Extra],
    source: TokenSource,
    asks: bool,
) -> Outcome {
    let shells = args.shells(machine, asks)?;
    let are_wanted = !args.shells.is_empty();
    let args = ChangeArgs { dry_run: args.dry_run, yes: args.yes || !asks };
    let (prepared, ended) = change::carry_out(
        machine,
        args,
        || setup::prepare(machine, portal, choices, extras, &shells),
        |prepared| &prepared.change,
        |prepared| {
            if let Some(summary) =
                profile_report::summary(&[&prepared.profiles]).filter(|_| !prepared.change.is_empty())
            {
                say::line(summary);
            }
            report::notes(machine, portal, choices, prepared);
            shell_report::before(machine, &prepared.installing);
            if args.dry_run {
                prepared.installing.refused.iter().for_each(say::failure);
            }
        },
        |prepared| setup::apply(machine, prepared),
    )?;
    // The profiles work; what was asked for besides does not.
    let is_refused = are_wanted && !prepared.installing.refused.is_empty();
    let seen = if is_refused { ExitCode::FAILURE } else { ExitCode::SUCCESS };
    match ended {
        // Seeing it was what was wanted.
        Ended::Shown => return Ok(seen),
        Ended::Declined => return Ok(ended.exit_code()),
        Ended::Unchanged if args.dry_run => {
            say::note(match prepared.installing.pending().is_empty() {
                true => "dry run: everything is as it should be, and there is nothing to write",
                false => "dry run: nothing was written",
            });
            return Ok(seen);
        }
        Ended::Unchanged => {
            if let Err(failure) = setup::apply(machine, &prepared) {
                tracing::debug!(%failure, "not remembered");
            }
        }
        Ended::Written => {}
    }
    report::written(machine, &prepared);
    scripts::refresh(machine);
    news::forget(machine, &portal.portal);
    let outcome = finish(machine, &prepared, source)?;
    prepared.installing.refused.iter().for_each(say::failure);
    Ok(if is_refused { ExitCode::FAILURE } else { outcome })
}

/// Proves with one profile that it works, and says what to type next.
fn finish(machine: &Machine, prepared: &Prepared, source: TokenSource) -> Outcome {
    let Some(profile) = prepared.first_profile() else {
        say::note("there is no profile to try");
        return Ok(ExitCode::SUCCESS);
    };
    let verified = say::while_working(format!("Trying profile {profile}"), || {
        verify::verify(machine, profile.as_str())
    })?;
    report::verified(machine, profile, &verified);
    if source == TokenSource::Variable {
        say::note(
            "the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`",
        );
    }
    if let Some(Note::Unreadable { line, .. }) =
        prepared.notes.iter().find(|n| matches!(n, Note::Unreadable { .. }))
    {
        say::careful(format_args!("until line {line} is mended, the AWS CLI reads no profile of that file"));
        return Ok(ExitCode::SUCCESS);
    }
    say::line("");
    say::line("Try it:");
    say::command(format_args!("aws sts get-caller-identity --profile {profile}"));
    if !prepared.installing.change.is_empty() {
        say::note(
            "open a new terminal: there `jitnow` puts a link to the AWS console on the clipboard, and `jituse` sets AWS_PROFILE",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// Finds a token that the portal accepts: given, in the environment, kept, or asked for.
fn signed_in(
    machine: &Machine,
    portal: &PortalAddress,
    args: &SetupArgs,
    asks: bool,
) -> Result<(Token, Identity), Failure> {
    if args.token_stdin {
        let secret = login::from_stdin()?;
        return kept(machine, portal, secret, args.dry_run);
    }
    if let (Some(token), identity) = token::explicit(machine, portal, None) {
        return Ok((token, identity));
    }
    let asking = if asks { Asking::Person } else { Asking::Nobody };
    let own = token::own(machine, portal, asking);
    if let Ok(token) = own {
        // Where nobody can be asked for another, the acquaintance that follows finds out whether it is good.
        if !asks {
            return Ok((token, Identity::Own));
        }
        match acquaint::person(portal, &token) {
            Ok(_) => return Ok((token, Identity::Own)),
            // Another token may do. Of a network that is down, no sign-in helps.
            Err(failure) if failure.kind == FailureKind::TokenRejected => {
                say::note(format_args!("the sign-in to {} is over", portal.host.authority()));
            }
            Err(failure) => return Err(failure),
        }
    } else if let Err(failure) = own
        && (!asks || !failure.kind.is_mended_by_sign_in())
    {
        // Where the variable is set and was not used, that is what the person needs to know.
        return Err(if token::is_given(machine, names::DUPLO_TOKEN) {
            failure
        } else {
            failure.also("or give a token with --token-stdin, or with DUPLO_TOKEN and DUPLO_HOST")
        });
    }
    sign_in::sign_in(machine, portal, Manner::usual())?;
    Ok((token::own(machine, portal, asking)?, Identity::Own))
}

/// Checks a given token, and keeps it.
fn kept(
    machine: &Machine,
    portal: &PortalAddress,
    secret: crate::base::Secret,
    dry_run: bool,
) -> Result<(Token, Identity), Failure> {
    if dry_run {
        let identity = Identity::of_token(&secret);
        let token = Token { secret, source: TokenSource::Given, generation: None };
        acquaint::person(portal, &token)?;
        return Ok((token, identity));
    }
    let kept = crate::ops::login::sign_in(machine, portal, &secret)?;
    sign_in::signed_in(machine, portal, &kept, None);
    Ok((token::own(machine, portal, Asking::Nobody)?, Identity::Own))
}

impl SetupArgs {
    /// What the flags say; what they do not, the settings; what these do not, what is usual.
    fn choices(
        &self,
        machine: &Machine,
        portal: &Acquaintance,
        known: Option<&PortalSettings>,
    ) -> Result<Choices, Failure> {
        Ok(Choices {
            name: match &self.name {
                Some(name) => name.clone(),
                None => setup::usual_name(machine, portal)?,
            },
            tenants_are_typed: !self.tenants.is_empty(),
            tenants: match (self.tenants.is_empty(), self.all_tenants, known) {
                (false, ..) => TenantChoice::Named(self.tenants.iter().map(TenantPattern::from).collect()),
                (true, false, Some(known)) => known.tenants.clone(),
                _ => TenantChoice::All,
            },
            admin: self.wants_admin(portal, known)?,
            region: match &self.region {
                Some(RegionChoice::Own) => None,
                Some(RegionChoice::One(region)) => Some(region.clone()),
                None => known.and_then(|k| k.region.clone()),
            },
            profile_name: self.profile_name.clone().or_else(|| known.and_then(|k| k.profile_name.clone())),
            // Who names tenants now means these.
            exclude: known.filter(|_| self.tenants.is_empty()).map_or_else(Vec::new, |k| k.exclude.clone()),
            keys: known.map_or_else(Vec::new, |k| k.keys.clone()),
            default_profile: self.default_profile.clone(),
        })
    }

    fn wants_admin(&self, portal: &Acquaintance, known: Option<&PortalSettings>) -> Result<bool, Failure> {
        let may = portal.person.is_admin();
        if self.admin && !may {
            let who = portal.person.name();
            return Err(Failure::misuse(format!(
                "--admin: {who} is no administrator of {}",
                portal.portal.host.authority()
            ))
            .hint("leave --admin out"));
        }
        // Where a token gets no administrator credentials, a profile for them would only fail.
        let usual = known.and_then(|k| k.admin).unwrap_or(may && !portal.features.is_otp_needed);
        // What the settings say is for whoever uses them; who is no administrator has no profile of it for now.
        Ok(!self.no_admin && (self.admin || usual))
    }
}

/// Which region profiles get.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum RegionChoice {
    /// Each tenant's own.
    Own,
    /// This one.
    One(Region),
}

impl FromStr for RegionChoice {
    type Err = NameError;

    fn from_str(text: &str) -> Result<Self, NameError> {
        if text == "own" { Ok(Self::Own) } else { text.parse().map(Self::One) }
    }
}

/// `2 tenants in us-west-2 and eu-central-1`.
fn tenants_and_regions(portal: &Acquaintance) -> String {
    let mut regions: Vec<&str> =
        portal.list.tenants.iter().filter_map(|t| portal.region_of(t).map(Region::as_str)).collect();
    regions.sort_unstable();
    regions.dedup();
    let tenants = text::count(portal.list.tenants.len(), "tenant");
    match regions.as_slice() {
        [] => tenants,
        regions => format!("{tenants} in {}", styled(NAME, text::list(regions, 4).replace('`', ""))),
    }
}
