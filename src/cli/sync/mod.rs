//! `jitpass sync`: profiles as the portals offer them today.

mod drift;
mod json;

use std::process::ExitCode;

use clap::Args;
use wildmatch::WildMatch;

use super::Outcome;
use super::change::{self, ChangeArgs, Ended};
use super::profile_report::{self, AFTER_SYNC};
use super::{aws, say};
use crate::awsconfig::{Disagreement, Document};
use crate::base::{PortalName, text};
use crate::ops::acquaint::Acquaintance;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::WrongCommand;
use crate::ops::shell::scripts;
use crate::ops::sync::{self, Asked, Guard, Intent, PortalPlan, Prepared, Present};
use crate::plan::{Decision, ProfilePlan};
use crate::store::keyring::Asking;
use crate::store::settings::PortalSettings;

/// Make ~/.aws/config match what the portals offer today
///
/// New tenants get a profile, regions and names follow the portal. What you changed by hand stays, and is asked about;
/// keys that jitpass does not keep, and profiles that it did not write, are never touched. Profiles of tenants that are
/// gone are told of, and removed with --prune only.
#[derive(Debug, Args)]
pub(super) struct SyncArgs {
    /// Portals by name or address; all that are set up, without one
    #[arg(value_name = "PORTAL")]
    portals: Vec<String>,

    /// Remove profiles of tenants that are gone or not chosen any more
    #[arg(long)]
    prune: bool,

    /// Remove them also when more than half would go, or when somebody else is signed in than last time
    #[arg(long, requires = "prune")]
    force: bool,

    /// Let jitpass keep a profile of a wanted name that it did not write; `*` and `?` are patterns
    #[arg(long, value_name = "PROFILE")]
    adopt: Vec<String>,

    /// Keep what you changed by hand, and do not ask about it again
    #[arg(long, conflicts_with = "overwrite")]
    keep: bool,

    /// Replace what you changed by hand
    #[arg(long)]
    overwrite: bool,

    /// Print a report for programs
    #[arg(long)]
    json: bool,

    #[command(flatten)]
    change: ChangeArgs,
}

impl SyncArgs {
    /// One portal, and nothing special about it.
    pub(super) fn of(portal: &PortalName, change: ChangeArgs) -> Self {
        Self {
            portals: vec![portal.to_string()],
            prune: false,
            force: false,
            adopt: Vec::new(),
            keep: false,
            overwrite: false,
            json: false,
            change,
        }
    }
}

pub(super) fn run(machine: &Machine, args: &SyncArgs) -> Outcome {
    let portals = portals(machine, &args.portals)?;
    let (answered, failed, present) = ask(machine, portals, args);
    let mut present = present.ok();
    if answered.is_empty() && !args.json {
        return match failed.into_iter().next() {
            Some((_, only)) if args.portals.len() < 2 => Err(only),
            _ => Ok(ExitCode::FAILURE),
        };
    }
    let adopts: Vec<WildMatch> = args.adopt.iter().map(|name| WildMatch::new(name)).collect();
    let adopts = |name: &str| adopts.iter().any(|pattern| pattern.matches(name));
    let decided = match (args.keep, args.overwrite) {
        (true, _) => drift::Decided::all(Decision::Keep),
        (_, true) => drift::Decided::all(Decision::Overwrite),
        _ if args.change.asks() && !args.json => drift::ask(machine, &answered, &adopts)?,
        _ => drift::Decided::default(),
    };
    let decides = |name: &str| decided.of(name);
    let intent = Intent { adopts: &adopts, decides: &decides, prunes: args.prune, forces: args.force };
    let (prepared, ended) = if args.json {
        carry_out_for_programs(machine, args, &answered, intent, present)?
    } else {
        change::carry_out(
            machine,
            args.change,
            || sync::prepare(machine, &answered, intent, present.take()),
            |prepared| &prepared.change,
            |prepared| notes(machine, prepared, args),
            |prepared| sync::apply(machine, prepared, intent),
        )?
    };
    if ended == Ended::Unchanged
        && !args.change.dry_run
        && sync::is_news(&prepared, intent)
        && let Err(failure) = sync::apply(machine, &prepared, intent)
    {
        tracing::debug!(%failure, "not remembered");
    }
    if args.json {
        let report = json::report(machine, &prepared, &failed, ended);
        say::data(&report).map_err(|e| Failure::new("the report cannot be printed").because(&e))?;
    } else if matches!(ended, Ended::Unchanged | Ended::Written) {
        let plans: Vec<&ProfilePlan> = prepared.portals.iter().map(|portal| &portal.profiles).collect();
        profile_report::written(&file(machine, &prepared), &plans);
        if let Some(Disagreement { line, .. }) = prepared.unreadable {
            say::careful(format_args!(
                "until line {line} is mended, the AWS CLI reads no profile of that file"
            ));
        }
    }
    if !args.change.dry_run {
        scripts::refresh(machine);
    }
    let is_guarded = args.prune && prepared.portals.iter().any(|portal| portal.guard.is_some());
    Ok(if failed.is_empty() && !is_guarded { ended.exit_code() } else { ExitCode::FAILURE })
}

/// Nobody is asked and nothing is shown: the report says it.
fn carry_out_for_programs(
    machine: &Machine,
    args: &SyncArgs,
    answered: &[(PortalSettings, Acquaintance)],
    intent: Intent<'_>,
    present: Option<Present>,
) -> Result<(Prepared, Ended), Failure> {
    if !args.change.yes && !args.change.dry_run {
        return Err(Failure::misuse("a report for programs asks nobody")
            .hint("add --yes to write, or --dry-run to only say what would be written"));
    }
    let prepared = sync::prepare(machine, answered, intent, present)?;
    if prepared.change.is_empty() {
        return Ok((prepared, Ended::Unchanged));
    }
    if args.change.dry_run {
        return Ok((prepared, Ended::Shown));
    }
    prepared.change.check_replaceable(machine)?;
    change::insist(
        prepared,
        || sync::prepare(machine, answered, intent, None),
        |prepared| sync::apply(machine, prepared, intent),
    )
}

/// The portals that are meant, each once.
fn portals(machine: &Machine, typed: &[String]) -> Result<Vec<PortalSettings>, Failure> {
    let all = machine.portals()?;
    if all.is_empty() {
        return Err(Failure::misuse("no portal is set up yet").hint("set one up: jitpass setup"));
    }
    let mut meant: Vec<PortalSettings> = Vec::new();
    for typed in typed {
        let (address, settings) = machine.portal(typed)?;
        let settings = settings.ok_or_else(|| {
            Failure::misuse(format!("{} is not set up", address.host.authority()))
                .hint(format!("set it up: jitpass setup --host {}", address.host))
        })?;
        if !meant.iter().any(|portal| portal.name == settings.name) {
            meant.push(settings);
        }
    }
    Ok(if typed.is_empty() { all } else { meant })
}

type Answered = Vec<(PortalSettings, Acquaintance)>;
type Failed = Vec<(PortalSettings, Failure)>;

/// Asks the portals, and says which of them failed.
fn ask(
    machine: &Machine,
    portals: Vec<PortalSettings>,
    args: &SyncArgs,
) -> (Answered, Failed, Result<Present, Failure>) {
    let asking = if args.change.asks() { Asking::Person } else { Asking::Nobody };
    let what = match portals.as_slice() {
        [one] => format!("Asking {} what it offers", one.address.host.authority()),
        many => format!("Asking {} what they offer", text::count(many.len(), "portal")),
    };
    let is_one = portals.len() == 1;
    let (mut answered, mut failed) = (Vec::new(), Vec::new());
    let (asked, present) = say::while_working(what, || sync::ask(machine, portals, asking));
    for Asked { settings, answer } in asked {
        match answer {
            Ok(answer) => answered.push((settings, answer)),
            Err(mut failure) => {
                if !args.json && !is_one {
                    failure.message = format!("{}: {}", settings.name, failure.message);
                    say::failure(&failure);
                }
                failed.push((settings, failure));
            }
        }
    }
    if !answered.is_empty() && !failed.is_empty() && !args.json {
        say::note("the profiles of what did not answer stay as they are");
    }
    (answered, failed, present)
}

/// What there is to know before the question.
fn notes(machine: &Machine, prepared: &Prepared, args: &SyncArgs) {
    let plans: Vec<&ProfilePlan> = prepared.portals.iter().map(|portal| &portal.profiles).collect();
    if let Some(summary) = profile_report::summary(&plans).filter(|_| !prepared.change.is_empty()) {
        say::line(summary);
    }
    let file = file(machine, prepared);
    if let Some(one) = &prepared.unreadable {
        say::careful(format_args!("the AWS CLI cannot read {file}: line {}: {}", one.line, one.anomaly));
    }
    say_what_fits_none(prepared, args);
    say_wrong_commands(prepared);
    for PortalPlan { demand, profiles, guard, unusable } in &prepared.portals {
        let host = demand.address.host.authority();
        let most = text::at_most(unusable.len(), 5);
        for reason in &unusable[..most] {
            say::careful(format_args!("left out: {}", text::Visible(reason)));
        }
        if unusable.len() > most {
            say::careful(format_args!("left out: {} more", unusable.len() - most));
        }
        if !demand.gone.is_empty() {
            let names = text::list(&demand.gone, 6);
            say::careful(format_args!("your settings name {names}, which {host} does not offer you"));
        }
        profile_report::conflicts(&file, &profiles.conflicts, AFTER_SYNC);
        profile_report::drifts(&file, &profiles.drifts);
        if !args.prune || guard.is_some() {
            profile_report::orphans(host, &profiles.orphans);
        }
        profile_report::users_of(&profiles.orphans);
        profile_report::moved(&profiles.moved);
        profile_report::not_chosen(&profiles.not_chosen);
        match guard {
            Some(guard) => say_guard(host, guard, args.prune),
            None if !profiles.orphans.is_empty() && !args.prune => {
                say::note("  to remove what is not offered or not chosen any more: jitpass sync --prune");
            }
            None => {}
        }
    }
}

/// Says of each `--adopt` that is the name of no profile that is wanted.
fn say_what_fits_none(prepared: &Prepared, args: &SyncArgs) {
    let wanted = || prepared.portals.iter().flat_map(|portal| &portal.demand.wanted);
    let names: Vec<&str> = wanted().map(|wanted| wanted.name.as_str()).collect();
    for typed in &args.adopt {
        let pattern = WildMatch::new(typed);
        if !names.iter().any(|name| pattern.matches(name)) {
            let near = closest(typed, &names).map(|near| format!("; did you mean `{near}`?"));
            say::careful(format_args!(
                "no profile that jitpass would write fits `{}`{}",
                text::one_line(typed, 60),
                near.unwrap_or_default()
            ));
        }
    }
}

/// Says which profiles give no credentials for what a person made of their commands.
fn say_wrong_commands(prepared: &Prepared) {
    const KEY: &str = "credential_process";
    let plans = || prepared.portals.iter().map(|portal| &portal.profiles);
    let settled = plans().flat_map(|plan| &plan.settled).filter(|one| one.keys.iter().any(|key| key == KEY));
    let drifted =
        plans().flat_map(|plan| &plan.drifts).filter(|one| one.keys.iter().any(|key| key.key == KEY));
    let names: Vec<&String> = settled.map(|one| &one.name).chain(drifted.map(|one| &one.name)).collect();
    let Some((config, _)) = prepared.change.config.as_ref().filter(|_| !names.is_empty()) else { return };
    let (document, read) = (Document::parse(&config.new), aws::reader());
    for name in names {
        let profile = document.profile(name);
        let wrong = profile.and_then(|profile| WrongCommand::of(profile.value(KEY)?, &read));
        if let Some(wrong) = wrong {
            say::careful(format_args!("{}: {wrong}: it gives no credentials", text::Visible(name)));
        }
    }
}

fn say_guard(host: &str, guard: &Guard, prunes: bool) {
    match guard {
        Guard::NoTenants => {
            say::careful(format_args!("{host} names no tenant at all, so every profile of it stays"));
        }
        Guard::AnotherPerson { now, before } => say::careful(format_args!(
            "{} is signed in at {host} now, and {} was when its profiles were last written, so all of them stay",
            text::one_line(now, 100),
            text::one_line(before, 100)
        )),
        Guard::NobodyKnown => say::careful(format_args!(
            "nobody remembers for whom the profiles of {host} were written, so none is removed; the next `jitpass sync --prune` will know"
        )),
        Guard::TooMany { going, of } => {
            say::careful(format_args!("{going} of the {of} profiles of {host} would go, so none is removed"));
        }
    }
    if prunes && *guard != Guard::NoTenants {
        say::note("  if that is right: jitpass sync --prune --force");
    }
}

fn file(machine: &Machine, prepared: &Prepared) -> String {
    prepared.change.config.as_ref().map(|(plan, _)| machine.shown(&plan.file.path)).unwrap_or_default()
}
