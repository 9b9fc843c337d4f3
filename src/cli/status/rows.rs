//! The profiles of a portal, a row each, as wide as the terminal.

use std::fmt::Write as _;

use super::bar::{self, bar};
use crate::base::text::Visible;
use crate::cli::columns::{clipped, fit};
use crate::cli::say::{FAINT, styled};
use crate::ops::status::ProfileStatus;

/// The most profiles without a credential that are shown where nobody asked for them.
const FEW: usize = 5;

/// Those with a credential that works, the rest as far as they are few or asked for.
pub(super) fn rows(profiles: &[ProfileStatus], width: Option<usize>, is_named: bool) -> Vec<String> {
    let lives = |profile: &&ProfileStatus| profile.issued.is_some_and(|issued| issued.left > 0);
    let (mut shown, mut rest): (Vec<_>, Vec<_>) = profiles.iter().partition(lives);
    // Those that were in use before those that never were.
    rest.sort_by_key(|profile| profile.issued.is_none());
    let count = match (shown.len(), rest.len()) {
        (_, rest) if rest <= FEW || is_named => None,
        (0, rest) => Some(format!("{rest} profiles, none with a credential")),
        (_, rest) => Some(format!("{rest} more profiles without a credential yet")),
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
        // What people type matters more, and mostly says the scope as well.
        let [name, scope] = fit([(widest(shown_name), 0), (widest(shown_scope), LEAST_SCOPE)], room);
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

fn shown_name(profile: &ProfileStatus) -> String {
    Visible(&profile.name).to_string()
}

fn shown_scope(profile: &ProfileStatus) -> String {
    match &profile.region {
        None => profile.scope.to_string(),
        Some(region) => format!("{} in {region}", profile.scope),
    }
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
        super::rows(&profiles, Some(width), true).into_iter().map(plain).collect()
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
                "  globex-production-europe-1  tenan…n-europe-1  ░░░░░░░░░░ none yet",
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
