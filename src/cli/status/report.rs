//! How the status reads.

use std::fmt::Write as _;
use std::io::Write as _;

use super::bar::{self, bar};
use super::is_signed_out;
use crate::base::text::{self, Visible};
use crate::cli::say::{BAD, CAREFUL, FAINT, GOOD, NAME, STRONG, styled};
use crate::host::terminal;
use crate::ops::machine::Machine;
use crate::ops::status::{Check, PortalStatus, ProfileStatus, Standing};
use crate::ops::token;
use crate::store::tokens::Lies;

/// The most profiles without a credential that are shown where nobody asked for them.
const FEW: usize = 5;

/// Prints it, portal by portal. A closed pipe is success.
pub(super) fn print(machine: &Machine, portals: &[PortalStatus], is_named: bool) -> std::io::Result<()> {
    let width = terminal::width(&machine.env);
    let texts: Vec<String> =
        portals.iter().map(|portal| of_portal(machine, portal, width, is_named)).collect();
    let mut stdout = anstream::stdout().lock();
    match stdout.write_all(texts.join("\n").as_bytes()).and_then(|()| stdout.flush()) {
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

fn of_portal(machine: &Machine, portal: &PortalStatus, width: Option<usize>, is_named: bool) -> String {
    let mut out = String::new();
    let mut line = |text: String| {
        let _ = writeln!(out, "{text}");
    };
    line(heading(portal));
    line(standing(portal));
    if let Some(place) = place(machine, portal) {
        line(note(&place));
    }
    if let Some(wait) = &portal.wait {
        let left = text::duration(wait.ends - machine.now().seconds());
        line(note(&format!("a sign-in is open for {left} more; press Authorize in the browser, or at")));
        line(format!("    {}", Visible(wait.confirm.as_ref().map_or(&wait.address, |confirm| &confirm.page))));
    }
    // That the token is refused has been said by then.
    let is_over = portal.standing == Standing::Over;
    let check = portal.check.as_ref().filter(|check| !(is_over && check.is_accepted == Some(false)));
    if let Some(check) = check {
        of_check(check).into_iter().for_each(&mut line);
    }
    let has_hint = check.is_some_and(|check| check.failure.is_some());
    if is_signed_out(portal.standing) && !has_hint {
        line(format!("    {}", styled(STRONG, token::login_command(&portal.address))));
    }
    profiles(&portal.profiles, width, is_named).into_iter().for_each(line);
    out
}

/// `acme · https://acme.duplocloud.net`.
fn heading(portal: &PortalStatus) -> String {
    let api = portal.address.api_host.as_ref().map(|api| format!(" (API at {api})")).unwrap_or_default();
    match &portal.name {
        Some(name) => {
            format!("{} {}{api}", styled(STRONG, name), styled(FAINT, format_args!("· {}", portal.address)))
        }
        None => format!("{}{api}", styled(STRONG, &portal.address)),
    }
}

fn standing(portal: &PortalStatus) -> String {
    let person = portal.person.as_deref().map(|person| styled(NAME, text::one_line(person, 100)));
    let was = person.as_ref().map(|person| format!(" (it was {person})")).unwrap_or_default();
    match portal.standing {
        Standing::SignedIn => {
            let person = person.unwrap_or_else(|| "somebody the portal does not name".to_owned());
            good(&format!("signed in as {person}"))
        }
        Standing::ByVariable => good("DUPLO_TOKEN is used"),
        Standing::ByCommand => good("its `token_command` is used"),
        Standing::Over => {
            careful(&format!("the sign-in is over: the portal no longer accepts the token{was}"))
        }
        Standing::SignedOut => note(&format!("signed out{was}")),
        Standing::Never => note("not signed in"),
    }
}

/// Where the token lies of whoever signed in.
fn place(machine: &Machine, portal: &PortalStatus) -> Option<String> {
    let place = match portal.lies? {
        Lies::InKeyring => "the system's keyring".to_owned(),
        Lies::InFile => machine.shown(portal.file.as_deref()?),
    };
    if portal.standing == Standing::SignedIn {
        return Some(format!("the token is in {place}"));
    }
    let person = portal.person.as_deref().unwrap_or("somebody");
    Some(format!("without it, the token of {} in {place}", text::one_line(person, 100)))
}

fn of_check(check: &Check) -> Vec<String> {
    let mut lines = Vec::new();
    if check.is_accepted == Some(true) {
        let kind = if check.is_admin == Some(true) { "an administrator" } else { "no administrator" };
        let person = check.person.as_deref().unwrap_or_default();
        let tenants = text::count(check.tenants.unwrap_or(0), "tenant");
        lines.push(good(&format!(
            "the portal accepts the token: {}, {kind}, {tenants}",
            styled(NAME, text::one_line(person, 100))
        )));
        if check.wants_code == Some(true) {
            lines.push(note("it wants a one-time code for administrators' work"));
        }
    } else if check.failure.is_none() {
        lines.push(good("the portal answers"));
    }
    if let Some(failure) = &check.failure {
        lines.push(format!("  {} {}", styled(BAD, "✗"), Visible(&failure.message)));
        lines.extend(
            failure
                .causes
                .iter()
                .map(|cause| format!("    {} {}", styled(FAINT, "caused by:"), text::one_line(cause, 600))),
        );
        lines.extend(
            failure.hint.iter().map(|hint| format!("    {} {}", styled(NAME, "hint:"), Visible(hint))),
        );
    }
    lines
}

/// Those with a credential that works, the rest as far as they are few or asked for.
fn profiles(profiles: &[ProfileStatus], width: Option<usize>, is_named: bool) -> Vec<String> {
    let lives = |profile: &&ProfileStatus| profile.issued.is_some_and(|issued| issued.left > 0);
    let (mut shown, mut rest): (Vec<_>, Vec<_>) = profiles.iter().partition(lives);
    // Those that were in use before those that never were.
    rest.sort_by_key(|profile| profile.issued.is_none());
    let count = match (shown.len(), rest.len()) {
        (_, rest) if rest <= FEW || is_named => None,
        (0, rest) => Some(format!("{rest} profiles, none with a credential")),
        (_, rest) => Some(format!("{rest} more without one")),
    };
    if count.is_none() {
        shown.append(&mut rest);
    }
    let columns = Columns::of(&shown, width);
    let rows = shown.into_iter().map(|profile| columns.row(profile));
    rows.chain(count.map(|count| format!("  {}", styled(FAINT, count)))).collect()
}

/// How wide the columns of names and scopes are.
struct Columns {
    name: usize,
    scope: usize,
}

/// What stands beside names: an indent, a gap, the bar, a blank, the time.
const BESIDE: usize = 2 + 2 + bar::CELLS + 1 + bar::TIME;

/// Narrower than this no name can be told from another.
const LEAST: usize = 16;

/// Narrower than this no scope says anything.
const LEAST_SCOPE: usize = 8;

impl Columns {
    fn of(profiles: &[&ProfileStatus], width: Option<usize>) -> Self {
        let widest = |text: fn(&ProfileStatus) -> String| {
            profiles.iter().map(|profile| text(profile).chars().count()).max().unwrap_or(0)
        };
        let room = width.map_or(usize::MAX, |width| width.saturating_sub(BESIDE).max(LEAST));
        let name = widest(shown_name).min(room);
        // What people type matters more, and mostly says the scope as well.
        let scope = widest(shown_scope);
        let left = room - name;
        let scope = if left >= scope.min(LEAST_SCOPE) + 2 { scope.min(left - 2) } else { 0 };
        Self { name, scope }
    }

    fn row(&self, profile: &ProfileStatus) -> String {
        let mut row = format!("  {:1$}  ", clipped(&shown_name(profile), self.name), self.name);
        if self.scope > 0 {
            let _ = write!(row, "{:1$}  ", clipped(&shown_scope(profile), self.scope), self.scope);
        }
        row + &bar(profile.issued.as_ref())
    }
}

/// At most so many characters of a name. Names begin alike and differ at their ends, so it is the middle that goes.
fn clipped(text: &str, most: usize) -> String {
    let length = text.chars().count();
    if length <= most {
        return text.to_owned();
    }
    let head = most.saturating_sub(1) / 3;
    let tail = most.saturating_sub(1) - head;
    let (head, tail) = (text.chars().take(head), text.chars().skip(length - tail));
    head.chain(['…']).chain(tail).collect()
}

fn shown_name(profile: &ProfileStatus) -> String {
    Visible(&profile.name).to_string()
}

fn shown_scope(profile: &ProfileStatus) -> String {
    match &profile.region {
        None => profile.scope.to_string(),
        Some(region) => format!("{} in {region}", profile.scope),
    }
}

fn good(text: &str) -> String {
    format!("  {} {text}", styled(GOOD, "✓"))
}

fn note(text: &str) -> String {
    format!("  {} {text}", styled(FAINT, "·"))
}

fn careful(text: &str) -> String {
    format!("  {} {text}", styled(CAREFUL, "!"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(names: &[(&str, &str)], width: usize) -> Vec<String> {
        let profile = |(name, scope): &(&str, &str)| ProfileStatus {
            name: (*name).to_owned(),
            scope: crate::base::Scope::Tenant(scope.parse().unwrap()),
            region: None,
            issued: None,
        };
        let profiles: Vec<_> = names.iter().map(profile).collect();
        let plain = |row: String| anstream::adapter::strip_str(&row).to_string();
        super::profiles(&profiles, Some(width), true).into_iter().map(plain).collect()
    }

    #[test]
    fn rows_fit_the_terminal() {
        let long = "a".repeat(60);
        let names = [("acme-dev01", "dev01"), ("globex-production-europe-1", "production-europe-1")];
        assert_eq!(
            rows(&names, 100)[1],
            "  globex-production-europe-1  tenant production-europe-1  ░░░░░░░░░░ none yet"
        );
        assert_eq!(
            rows(&names, 70),
            [
                "  acme-dev01                  tenant dev01      ░░░░░░░░░░ none yet",
                "  globex-production-europe-1  tena…on-europe-1  ░░░░░░░░░░ none yet",
            ]
        );
        assert_eq!(rows(&names, 60)[1], "  globex-production-europe-1  ░░░░░░░░░░ none yet");
        assert_eq!(rows(&names, 40)[1], "  globe…n-europe-1  ░░░░░░░░░░ none yet");
        for width in 42..120 {
            for row in rows(&[names[0], names[1], (&long, "x")], width) {
                let room = width - (bar::TIME - "none yet".len());
                assert!(row.chars().count() <= room, "{width}: {row}");
            }
        }
        // Narrower than anything: still a line each.
        assert_eq!(rows(&names, 1).len(), 2);
    }

    #[test]
    fn names_from_elsewhere_cannot_steer_the_terminal() {
        assert!(!rows(&[("a\u{1b}[2Jb", "x")], 80)[0].contains('\u{1b}'));
    }
}
