//! How the status reads.

use std::fmt::Write as _;

use super::{is_signed_out, rows};
use crate::base::text::{self, Visible};
use crate::cli::say::{self, BAD, CAREFUL, FAINT, GOOD, NAME, STRONG, styled};
use crate::ops::machine::Machine;
use crate::ops::status::{Check, PortalStatus, Standing};
use crate::ops::token;
use crate::store::tokens::Lies;

/// Prints it, portal by portal. A closed pipe is success.
pub(super) fn print(machine: &Machine, portals: &[PortalStatus], is_named: bool) -> std::io::Result<()> {
    let width = say::width(&machine.env);
    let texts: Vec<String> =
        portals.iter().map(|portal| of_portal(machine, portal, width, is_named)).collect();
    say::styled_data(&texts.join("\n"))
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
        line(format!(
            "    {}",
            Visible(wait.confirm.as_ref().map_or(&wait.address, |confirm| &confirm.page))
        ));
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
    rows::rows(&portal.profiles, width, is_named).into_iter().for_each(line);
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

fn good(text: &str) -> String {
    format!("  {} {text}", styled(GOOD, "✓"))
}

fn note(text: &str) -> String {
    format!("  {} {text}", styled(FAINT, "·"))
}

fn careful(text: &str) -> String {
    format!("  {} {text}", styled(CAREFUL, "!"))
}
