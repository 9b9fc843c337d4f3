//! What `setup` says: the portal, the plan, what was written, the proof.

use crate::base::{ProfileName, text};
use crate::cli::profile_report::{self, AFTER_SETUP};
use crate::cli::say::{self, FAINT, NAME, styled};
use crate::ops::acquaint::Acquaintance;
use crate::ops::change::Change;
use crate::ops::closest::closest;
use crate::ops::demand::Choices;
use crate::ops::machine::Machine;
use crate::ops::setup::{Note, Prepared};
use crate::ops::token::TokenSource;
use crate::ops::verify::Verified;

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

/// Says what deserves a look: what stays as it is though it was wanted, and what is not as it should be.
pub(super) fn notes(machine: &Machine, portal: &Acquaintance, choices: &Choices, prepared: &Prepared) {
    let file = prepared.change.config.as_ref().map(|(plan, _)| machine.shown(&plan.file.path));
    let file = file.unwrap_or_default();
    profile_report::conflicts(&file, &prepared.profiles.conflicts, AFTER_SETUP);
    profile_report::drifts(&file, &prepared.profiles.drifts);
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
                    "not wanted now, and left in {file} from before: {} (to remove: jitpass sync --prune)",
                    text::list(names, 6)
                ));
            }
        }
    }
    if choices.admin && !portal.person.is_admin() {
        let (who, host) = (portal.person.name(), portal.portal.host.authority());
        say::note(format_args!(
            "`admin = true` stays in the settings; {who} has no administrator rights on {host}, so that there is no profile for them now"
        ));
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

/// Says what was written, or that nothing had to be.
pub(super) fn written(machine: &Machine, prepared: &Prepared) {
    let Change { config: Some((config, _)), settings, .. } = &prepared.change else { return };
    match settings {
        Some(settings) if config.is_empty() && !settings.is_empty() => {
            say::done(format_args!("{} written", machine.shown(&settings.file.path)));
        }
        _ => profile_report::written(&machine.shown(&config.file.path), &[&prepared.profiles]),
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
