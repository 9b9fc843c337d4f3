//! What `profile import` says.

use crate::base::{PortalAddress, text};
use crate::cli::change::Ended;
use crate::cli::say::{self, NAME, styled};
use crate::ops::import::{Fate, Import, Lay, Place, Row, Standing};
use crate::ops::machine::Machine;

/// Names in a row before the rest is counted.
const MOST: usize = 8;

/// Says, below the diff and before the question, all that is not in it.
pub(super) fn plan(machine: &Machine, import: &Import) {
    counts(import);
    for row in &import.rows {
        let name = styled(NAME, text::Visible(&row.profile));
        for note in &row.notes {
            say::note(format_args!("{name}: {}", text::Visible(note)));
        }
        if let Fate::Left(reason) = &row.fate {
            let place = place(machine, row.place, row.line);
            say::careful(format_args!("{name} ({place}) stays with {}: {}", row.tool, text::Visible(reason)));
        }
    }
    named_by_the_person(import);
    for keep in &import.keep {
        let (host, person) = (keep.portal.host.authority(), keep.person.name());
        let lay = lay(machine, &keep.lay);
        say::note(format_args!("{person} will be signed in to {host}, with the token {lay}"));
    }
    for (lay_at, portal, standing) in &import.open {
        open_token(machine, import, lay_at, portal, standing);
    }
    removal(import);
    for (file, users) in &import.kube {
        let file = machine.shown(file);
        let names: Vec<&str> = users.iter().map(|user| user.name.as_str()).collect();
        let verb = if users.len() == 1 { "calls" } else { "call" };
        let mut tools: Vec<&str> = users.iter().map(|user| user.tool.name()).collect();
        tools.sort_unstable();
        tools.dedup();
        say::note(format_args!(
            "{} of {file} {verb} {}: kept for `jitpass kube` later",
            text::list(&names, MOST),
            tools.join(" and ")
        ));
        if let Some(open) = users.iter().find(|user| user.shows_token) {
            say::careful(format_args!(
                "a token lies open in {file} (`{}`): {REPLACE}",
                text::Visible(&open.name)
            ));
        }
    }
    for reason in &import.unreadable {
        say::careful(format_args!("not read: {}", text::Visible(reason)));
    }
}

/// Where a person makes a new token, and ends an old one.
const REPLACE: &str = "replace it in the portal: your name → Profile";

/// Says how it ended.
pub(super) fn ended(machine: &Machine, import: &Import, ended: Ended) {
    match ended {
        Ended::Written => {
            let converted = converted(import).count();
            if converted > 0 {
                let file = import.change.config.as_ref().map(|(plan, _)| machine.shown(&plan.file.path));
                let file = file.unwrap_or_default();
                let verb = if converted == 1 { "calls" } else { "call" };
                say::done(format_args!("{} in {file} {verb} jitpass now", text::count(converted, "profile")));
            }
        }
        Ended::Unchanged if import.rows.is_empty() => {
            say::note(
                "nothing to take over: no profile calls duplo-jit, duplo-aws-credential-process or duploctl",
            );
        }
        Ended::Unchanged => say::done("nothing to change"),
        Ended::Shown | Ended::Declined => {}
    }
}

fn converted(import: &Import) -> impl Iterator<Item = &Row> {
    import.rows.iter().filter(|row| matches!(row.fate, Fate::Converted { .. }))
}

fn counts(import: &Import) {
    let left = import.rows.iter().filter(|row| matches!(row.fate, Fate::Left(_))).count();
    let converted = converted(import).count();
    if converted == 0 {
        return;
    }
    let left = match left {
        0 => String::new(),
        1 => ", 1 stays as it is".to_owned(),
        left => format!(", {left} stay as they are"),
    };
    say::line(format_args!("{} to take over{left}", text::count(converted, "profile")));
}

fn named_by_the_person(import: &Import) {
    let theirs = |row: &&Row| matches!(row.fate, Fate::Converted { is_managed: false });
    let names: Vec<&str> = import.rows.iter().filter(theirs).map(|row| row.profile.as_str()).collect();
    if !names.is_empty() {
        say::note(format_args!(
            "yours by name, so that `jitpass sync` leaves them alone: {}",
            text::list(&names, MOST)
        ));
    }
}

fn open_token(machine: &Machine, import: &Import, at: &Lay, portal: &PortalAddress, standing: &Standing) {
    let host = portal.host.authority();
    let whose = match standing {
        Standing::Kept(person) | Standing::Another { person, .. } => {
            format!("a token of {person} for {host}")
        }
        Standing::Unknown(_) | Standing::Command => format!("a token for {host}"),
        // It opens nothing any more.
        Standing::Dead => return,
    };
    let is_taken_out = |row: &Row| {
        let is_it = matches!(at, Lay::Line { place, line, .. } if *place == row.place && *line == row.line);
        is_it && row.place == Place::Config && matches!(row.fate, Fate::Converted { .. })
    };
    let lies = if import.rows.iter().any(is_taken_out) { "lay open until now" } else { "lies open" };
    let after = match at {
        Lay::Context { .. } => "; take it out there, too, if duploctl is no longer used",
        Lay::Line { .. } | Lay::DuploJit => "",
    };
    say::careful(format_args!("{whose} {lies} {}: {REPLACE}{after}", lay(machine, at)));
}

fn removal(import: &Import) {
    let Some(removal) = &import.removal else { return };
    let mut names: Vec<&str> = removal.lines.iter().map(|(profile, _)| profile.as_str()).collect();
    names.dedup();
    say::careful(format_args!(
        "{} also in {}, and most AWS programs take what is there. To take it out there:",
        text::list(&names, MOST),
        removal.file
    ));
    say::command(&removal.command);
}

fn lay(machine: &Machine, at: &Lay) -> String {
    match at {
        Lay::Line { place: of, line, .. } => format!("in {}", place(machine, *of, *line)),
        Lay::Context { file, name } => {
            format!("in {} (context `{}`)", machine.shown(file), text::Visible(name))
        }
        Lay::DuploJit => "of duplo-jit's last sign-in".to_owned(),
    }
}

/// `~/.aws/config:12`.
pub(super) fn place(machine: &Machine, place: Place, line: usize) -> String {
    format!("{}:{line}", file(machine, place))
}

/// The file, as people write it.
pub(super) fn file(machine: &Machine, place: Place) -> String {
    use crate::host::dirs;
    let path = match place {
        Place::Config => dirs::aws_config_file(&machine.env),
        Place::Credentials => dirs::aws_credentials_file(&machine.env),
    };
    path.map(|path| machine.shown(&path)).unwrap_or_default()
}
