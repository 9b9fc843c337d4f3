//! What `setup` says: the portal, the plan, what was written, the proof.

use crate::base::{ProfileName, text};
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::cli::show_diff::{self, Manner};
use crate::ops::acquaint::Acquaintance;
use crate::ops::closest::closest;
use crate::ops::machine::Machine;
use crate::ops::setup::{Choices, Note, Prepared};
use crate::ops::token::TokenSource;
use crate::ops::verify::Verified;
use crate::plan::{Change, Conflict, Reason};

/// Says what the portal is, who is signed in, and what it offers.
pub(super) fn portal(portal: &Acquaintance, source: TokenSource) {
    let person = &portal.person;
    let role = match (person.is_admin(), person.is_read_only) {
        (true, _) => ", administrator",
        (false, true) => ", read-only",
        (false, false) => "",
    };
    let from = match source {
        TokenSource::Variable => " (by DUPLO_TOKEN)",
        TokenSource::Command => " (by `token_command`)",
        TokenSource::Given | TokenSource::Store => "",
    };
    let offer = super::tenants_and_regions(portal);
    let who = styled(NAME, person.name());
    say::done(format_args!("{}: {who}{role}{from}, {offer}", portal.portal.host.authority()));
    for reason in portal.list.unusable.iter().take(5) {
        say::careful(format_args!("left out: {}", text::Visible(reason)));
    }
    if portal.list.unusable.len() > 5 {
        say::careful(format_args!("left out: {} more", portal.list.unusable.len() - 5));
    }
    if portal.features.is_otp_needed && person.is_admin() {
        say::careful(
            "this portal wants a one-time code for administrators' work: a token alone gets no admin credentials",
        );
    }
    if portal.features.is_aws_cloud_enabled == Some(false) {
        say::careful("this portal says that it has no AWS");
    }
}

/// Shows everything that will be written, and what will not. Says whether some of it was folded.
pub(super) fn plan(machine: &Machine, prepared: &Prepared, manner: Manner) -> bool {
    let mut is_folded = false;
    for plan in [&prepared.settings, &prepared.config] {
        let diff = plan.diff();
        if diff.is_empty() {
            continue;
        }
        if manner != Manner::Data {
            say::line("");
        }
        is_folded |=
            show_diff::show(&machine.shown(&plan.file.path), plan.file.bytes.is_none(), &diff, manner);
        if plan.file.has_other_names {
            say::careful("this file has other names (hard links); they will keep the old content");
        }
    }
    if !prepared.is_empty() {
        say::line("");
        summary(prepared);
    }
    is_folded
}

/// Says what deserves a look: what stays as it is though it was wanted, and what is not as it should be.
pub(super) fn notes(machine: &Machine, portal: &Acquaintance, choices: &Choices, prepared: &Prepared) {
    conflicts(machine, &prepared.profiles.conflicts);
    let file = machine.shown(&prepared.config.file.path);
    for note in &prepared.notes {
        match note {
            Note::Unreadable { line, reason } => {
                say::careful(format_args!("the AWS CLI cannot read {file}: line {line}: {reason}"));
            }
            Note::Beaten { profiles, file } => {
                let names: Vec<&str> = profiles.iter().map(ProfileName::as_str).collect();
                let file = machine.shown(file);
                say::careful(format_args!(
                    "{} also in {file}: most AWS programs take what is there, not what jitpass gives",
                    text::list(&names, 4)
                ));
            }
            Note::TenantsGone(names) => {
                let host = portal.portal.host.authority();
                say::careful(format_args!(
                    "{} in your settings, but {host} does not offer it to you any more",
                    text::list(names, 6)
                ));
            }
            Note::LeftBehind(names) => {
                say::careful(format_args!(
                    "not chosen now, and left in {file} from before: {}",
                    text::list(names, 6)
                ));
            }
        }
    }
    odd_region(portal, choices);
}

/// A region that is none of the portal's is most likely mistyped, and no AWS program would say so clearly.
fn odd_region(portal: &Acquaintance, choices: &Choices) {
    let Some(region) = &choices.region else { return };
    let own = portal.list.tenants.iter().filter_map(|t| portal.region_of(t));
    let known: Vec<String> = own
        .cloned()
        .chain(portal.features.regions())
        .chain(portal.features.region())
        .map(|r| r.to_string())
        .collect();
    if known.is_empty() || known.iter().any(|k| k == region.as_str()) {
        return;
    }
    let names: Vec<&str> = known.iter().map(String::as_str).collect();
    match closest(region.as_str(), &names) {
        Some(near) => {
            say::careful(format_args!("{region} is no region of this portal; did you mean {near}?"))
        }
        None => say::careful(format_args!("{region} is no region of this portal")),
    }
}

fn summary(prepared: &Prepared) {
    let (mut new, mut updated) = (0, 0);
    for change in &prepared.profiles.changes {
        match change {
            Change::Add(_) => new += 1,
            Change::Update(..) => updated += 1,
        }
    }
    let unchanged = prepared.profiles.unchanged.len();
    let parts = [(new, "new profile"), (updated, "changed profile"), (unchanged, "unchanged profile")];
    let said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| text::count(*n, noun)).collect();
    if !said.is_empty() {
        say::line(styled(STRONG, said.join(", ")));
    }
}

fn conflicts(machine: &Machine, conflicts: &[Conflict]) {
    let file =
        crate::host::dirs::aws_config_file(&machine.env).map(|f| machine.shown(&f)).unwrap_or_default();
    for conflict in conflicts.iter().take(10) {
        let place = conflict.line.map(|line| format!(" ({file}:{line})")).unwrap_or_default();
        let name = styled(NAME, &conflict.name);
        match &conflict.reason {
            Reason::Foreign => {
                say::careful(format_args!("{name}{place} is not from jitpass and stays as it is"));
                if conflict.name.is_default() {
                    say::note("  AWS programs that are told no profile use that one");
                } else {
                    say::note(
                        "  give ours another name with --profile-name, or rename that one, and run this again",
                    );
                }
            }
            Reason::OtherPortal(portal) => {
                say::careful(format_args!("{name}{place} belongs to portal `{portal}` and stays as it is"));
                say::note("  choose another --name for this portal");
            }
            Reason::ChangedByHand(keys) => {
                say::careful(format_args!(
                    "{name}{place}: {} changed by hand; your values stay (to go back, remove the section and run this again)",
                    text::list(keys, 4)
                ));
            }
            Reason::Refused(reason) => {
                say::careful(format_args!(
                    "{name} cannot be written safely: {file}: {}",
                    text::Visible(reason)
                ));
            }
        }
    }
    if conflicts.len() > 10 {
        say::careful(format_args!("and {} more that stay as they are", conflicts.len() - 10));
    }
}

/// Says what was written, or that nothing had to be.
pub(super) fn written(machine: &Machine, prepared: &Prepared) {
    let file = machine.shown(&prepared.config.file.path);
    let count = prepared.profiles.changes.len();
    if prepared.is_empty() {
        match prepared.profiles.unchanged.len() {
            0 => say::done(format_args!("nothing to change in {file}")),
            1 => say::done(format_args!("nothing to change: 1 profile in {file} as it should be")),
            many => say::done(format_args!("nothing to change: {many} profiles in {file} as they should be")),
        }
    } else if prepared.config.is_empty() {
        say::done(format_args!("{} written", machine.shown(&prepared.settings.file.path)));
    } else {
        say::done(format_args!("{} written to {file}", text::count(count, "profile")));
    }
}

/// Says whose credentials came back.
pub(super) fn verified(machine: &Machine, profile: &ProfileName, verified: &Verified) {
    let left = text::duration(verified.expires.since(machine.now()));
    let profile = styled(NAME, profile);
    match &verified.identity {
        Ok(identity) => {
            let who = match (identity.role(), identity.session()) {
                (Some(role), Some(session)) => format!("{session} as {role}"),
                _ => identity.arn.clone(),
            };
            let account = styled(FAINT, format_args!("account {}, good for {left}", identity.account));
            say::done(format_args!("{profile} works: {who} · {account}"));
        }
        Err(reason) => {
            say::done(format_args!("{profile} gets credentials, good for {left}"));
            say::note(format_args!("AWS could not be asked whose they are: {}", text::Visible(reason)));
        }
    }
}
