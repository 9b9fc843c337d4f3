//! What `profile import` says.

use crate::base::text;
use crate::cli::change::Ended;
use crate::cli::say::{self, NAME, styled};
use crate::ops::import::{Fate, Import, Lay, Next, Place, Row, Standing};
use crate::ops::machine::Machine;

/// Names in a row before the rest is counted.
const MOST: usize = 8;

/// Says, below the diff and before the question, all that is not in it.
pub(super) fn plan(machine: &Machine, import: &Import) {
    counts(import);
    notes(import);
    left(machine, import);
    named_by_the_person(import);
    for keep in &import.keep {
        let (host, person) = (keep.portal.host.authority(), keep.person.name());
        let lay = lay(machine, &keep.lay);
        say::note(format_args!("{person} will be signed in to {host}, with the token {lay}"));
        if !keep.others.is_empty() {
            let verb = if keep.others.len() == 1 { "asks" } else { "ask" };
            say::note(format_args!(
                "  {} {verb} as {person} from then on, too",
                text::list(&keep.others, MOST)
            ));
        }
    }
    open_tokens(machine, import);
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
            if !import.keep.is_empty() && !import.change.is_empty() {
                let portal = match import.keep.as_slice() {
                    [only] => only.portal.host.authority(),
                    _ => "PORTAL",
                };
                say::note(format_args!(
                    "`jitpass undo` takes the lines back; to sign out: jitpass logout {portal}"
                ));
            }
            next(import);
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

/// Says what to type next.
fn next(import: &Import) {
    for Next { portal, name, is_new, wants_sign_in } in &import.next {
        let host = portal.host.authority();
        let typed = name.as_ref().map_or(portal.host.as_str(), |name| name.as_str());
        if *wants_sign_in {
            say::note(format_args!("nobody is signed in to {host} yet: jitpass login {typed}"));
        }
        if *is_new {
            say::note(format_args!("profiles for other tenants of {host}: jitpass setup --host {typed}"));
        }
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

/// What there is to know of those that are taken over: once for all of which it is true.
fn notes(import: &Import) {
    let notes = import.rows.iter().flat_map(|row| row.notes.iter().map(move |note| (note.as_str(), row)));
    for (note, rows) in grouped(notes) {
        say::note(format_args!("{}: {}", names(&rows), text::Visible(note)));
    }
}

/// What stays as it is, and why.
fn left(machine: &Machine, import: &Import) {
    let left = import.rows.iter().filter_map(|row| match &row.fate {
        Fate::Left(reason) => Some(((row.tool.name(), row.place == Place::Config, reason.as_str()), row)),
        _ => None,
    });
    for ((tool, _, reason), rows) in grouped(left) {
        let (place, verb) = match rows.as_slice() {
            [only] => (place(machine, only.place, only.line), "stays"),
            several => (file(machine, several[0].place), "stay"),
        };
        say::careful(format_args!(
            "{} ({place}) {verb} with {tool}: {}",
            names(&rows),
            text::Visible(reason)
        ));
    }
    let mut hosts: Vec<&str> = Vec::new();
    for (_, portal, standing) in &import.open {
        let host = portal.host.as_str();
        if matches!(standing, Standing::Doubtful { .. }) && !hosts.contains(&host) {
            hosts.push(host);
            say::note(format_args!("  sign in first, then import again: jitpass login {host}"));
            say::note(format_args!("  with such a token on purpose: jitpass login {host} --token-stdin"));
        }
    }
}

/// The values of each key, in the order in which the keys first come.
fn grouped<K: PartialEq, V>(pairs: impl Iterator<Item = (K, V)>) -> Vec<(K, Vec<V>)> {
    let mut groups: Vec<(K, Vec<V>)> = Vec::new();
    for (key, value) in pairs {
        match groups.iter_mut().find(|(known, _)| *known == key) {
            Some((_, values)) => values.push(value),
            None => groups.push((key, vec![value])),
        }
    }
    groups
}

fn names(rows: &[&Row]) -> String {
    match rows {
        [only] => styled(NAME, text::Visible(&only.profile)),
        several => text::list(&several.iter().map(|row| row.profile.as_str()).collect::<Vec<_>>(), MOST),
    }
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

/// The tokens that lie open: each is one to be replaced, and many lines may hold the same.
fn open_tokens(machine: &Machine, import: &Import) {
    let is_taken_out = |lay: &Lay| {
        let is_it = |row: &&Row| matches!(lay, Lay::Line { place, line, .. } if (*place, *line) == (row.place, row.line));
        let row = import.rows.iter().find(is_it);
        row.is_some_and(|row| row.place == Place::Config && matches!(row.fate, Fate::Converted { .. }))
    };
    let open = import.open.iter().filter_map(|(lay_at, portal, standing)| {
        let host = portal.host.authority();
        let whose = match standing {
            Standing::Kept(person) | Standing::Another { person, .. } | Standing::Doubtful { person, .. } => {
                format!("a token of {person} for {host}")
            }
            Standing::Unknown(_) | Standing::Command => format!("a token for {host}"),
            // It opens nothing any more.
            Standing::Dead => return None,
        };
        let (at, line) = match lay_at {
            Lay::Line { place, line, .. } => (file(machine, *place), Some(*line)),
            Lay::Context { .. } | Lay::DuploJit => (lay(machine, lay_at), None),
        };
        Some(((whose, at, is_taken_out(lay_at)), line))
    });
    for ((whose, at, is_taken_out), lines) in grouped(open) {
        let lies = if is_taken_out { "lay open until now" } else { "lies open" };
        let lines: Vec<String> = lines.into_iter().flatten().map(|line| line.to_string()).collect();
        let (at, after) = match lines.as_slice() {
            [] => (at, "; take it out there, too, if duploctl is no longer used"),
            [only] => (format!("in {at}:{only}"), ""),
            [several @ .., last] => (format!("in {at}, lines {} and {last}", several.join(", ")), ""),
        };
        say::careful(format_args!("{whose} {lies} {at}: {REPLACE}{after}"));
    }
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

pub(super) fn lay(machine: &Machine, at: &Lay) -> String {
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
