//! What `setup` says: the portal, the plan, what was written, the proof.

use crate::base::{ProfileName, text};
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::cli::show_diff;
use crate::ops::acquaint::Acquaintance;
use crate::ops::machine::Machine;
use crate::ops::setup::Prepared;
use crate::ops::token::TokenSource;
use crate::ops::verify::Verified;
use crate::plan::{Change, Conflict, Reason};

/// Lines of a diff shown where it can be long: some profiles in full.
const MOST_LINES: usize = 45;

/// Says what the portal is, who is signed in, and what it offers.
pub(super) fn portal(machine: &Machine, portal: &Acquaintance, source: TokenSource) {
    let person = &portal.person;
    let role = match (person.is_admin(), person.is_read_only) {
        (true, _) => ", administrator",
        (false, true) => ", read-only",
        (false, false) => "",
    };
    let from = match source {
        TokenSource::Variable => " (by DUPLO_TOKEN)",
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
    // Where a file in clear would beat what is written.
    if let Some(file) = crate::host::dirs::aws_credentials_file(&machine.env).filter(|f| f.exists()) {
        tracing::debug!(file = %file.display(), "there is a credentials file");
    }
}

/// Shows everything that will be written, and what will not.
pub(super) fn plan(machine: &Machine, prepared: &Prepared, all: bool) {
    let most = (!all).then_some(MOST_LINES);
    let settings = prepared.settings.diff();
    let config = prepared.config.diff();
    for (plan, diff) in [(&prepared.settings, settings), (&prepared.config, config)] {
        if !diff.is_empty() {
            say::line("");
            show_diff::show(&machine.shown(&plan.file.path), plan.file.bytes.is_none(), &diff, most);
            if plan.file.has_other_names {
                say::careful("this file has other names (hard links); they will keep the old content");
            }
        }
    }
    if !prepared.is_empty() {
        say::line("");
        summary(prepared);
    }
    conflicts(machine, &prepared.profiles.conflicts);
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
                say::note(
                    "  give ours another name with --profile-name, or rename or remove that one, and run this again",
                );
            }
            Reason::OtherPortal(portal) => {
                say::careful(format_args!("{name}{place} belongs to portal `{portal}` and stays as it is"));
                say::note("  choose another --name for this portal");
            }
            Reason::ChangedByHand(keys) => {
                say::careful(format_args!(
                    "{name}{place}: {} changed by hand; your values stay",
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
