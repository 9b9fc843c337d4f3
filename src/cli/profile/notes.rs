//! What deserves a word before a change of profiles is written.

use super::words::Files;
use crate::base::text::{self, Visible};
use crate::cli::say;
use crate::ops::machine::Machine;
use crate::ops::profile::{Note, Planned};

/// Says all of it.
pub(super) fn say_all(machine: &Machine, planned: &Planned) {
    for note in &planned.notes {
        say_one(machine, note);
    }
}

fn say_one(machine: &Machine, note: &Note) {
    let files = Files::of(machine);
    match note {
        Note::Beaten { profile, rival } => {
            say::careful(format_args!("{}: {}", Visible(profile), files.rival(rival)));
        }
        Note::Copy(other) => say::note(format_args!(
            "`jitpass sync` keeps {} for the same scope, and leaves this one to you",
            Visible(other)
        )),
        Note::NotSetUp(portal) => say::note(format_args!(
            "that portal is not in your settings, so `jitpass sync` leaves this profile to you (jitpass setup --host {portal})"
        )),
        Note::Unchecked { portal, reason } => {
            say::note(format_args!(
                "not checked, {} was not asked: {}",
                portal.host.authority(),
                Visible(reason)
            ));
        }
        Note::Wrong(wrong) => {
            say::careful(format_args!("{wrong}: this profile will give no credentials"));
        }
        Note::Misspelt { key, meant } => say::careful(format_args!(
            "`{}` is no key that AWS programs know; did you mean `{meant}`?",
            Visible(key)
        )),
        Note::NoSuchKey { profile, key, near } => {
            let near = near.as_ref().map(|near| format!("; did you mean `{}`?", Visible(near)));
            say::careful(format_args!(
                "there is no `{key}` in {}{}",
                Visible(profile),
                near.unwrap_or_default()
            ));
        }
        Note::Unmarked(name) => {
            say::note(format_args!("`jitpass sync` will leave {} to you: its mark is gone", Visible(name)));
        }
        Note::InCredentials { name, line } => say::careful(format_args!(
            "{}:{line} has a profile {} of its own, which stays: jitpass never writes that file",
            files.credentials,
            Visible(name)
        )),
        Note::Named { variable, name } => say::careful(format_args!(
            "{variable} is set to {}, which there will be no more in {}",
            Visible(name),
            files.config
        )),
        Note::LoseSource { source, profiles } => say::careful(format_args!(
            "{} {} credentials from {}, which goes",
            text::list(profiles, 8),
            if profiles.len() == 1 { "takes its" } else { "take their" },
            Visible(source)
        )),
        Note::ComeBack { portal, tenants, admin } => {
            let count = tenants.len() + usize::from(*admin);
            let what = if count == 1 { "it" } else { "them" };
            say::careful(format_args!("`jitpass sync` will bring {what} back, unless you say:"));
            let tenants: String = tenants.iter().map(|tenant| format!(" --exclude {tenant}")).collect();
            let admin = if *admin { " --no-admin" } else { "" };
            say::command(format_args!("jitpass portal edit {portal}{tenants}{admin}"));
        }
        Note::Spared(names) => say::note(format_args!(
            "not jitpass's own, so {}: {} (--foreign takes {} too)",
            if names.len() == 1 { "it stays" } else { "they stay" },
            text::list(names, 8),
            if names.len() == 1 { "it" } else { "them" }
        )),
    }
}
