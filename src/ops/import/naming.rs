//! The name of a portal that its profiles were named after: with it, they are what `sync` would call them.

use std::collections::HashMap;

use crate::base::{PortalName, Scope, TenantRef};

/// What at least half of these profiles' names begin with, up to a hyphen, if it can be a portal's name: best what is
/// followed by what they open, as `sync` would have it.
pub(super) fn of_profiles(profiles: &[(&str, &Scope)]) -> Option<PortalName> {
    let named: Vec<&(&str, &Scope)> = profiles.iter().filter(|(name, _)| *name != "default").collect();
    // How many are named as `sync` does it, and how many begin so at all.
    let mut counted: HashMap<&str, (usize, usize)> = HashMap::new();
    for (name, scope) in &named {
        for (at, _) in name.match_indices('-') {
            counted.entry(&name[..at]).or_default().1 += 1;
        }
        if let Some(stem) = stem(name, scope) {
            counted.entry(stem).or_default().0 += 1;
        }
    }
    let is_worth_it = |(usual, all): (usize, usize)| all * 2 >= named.len() && (usual > 0 || all > 1);
    let (mut best, mut best_rank) = (None, ((0, 0), 0));
    for (name, _) in &named {
        for (at, _) in name.match_indices('-') {
            let (stem, rank) = (&name[..at], (counted[&name[..at]], at));
            // Of several that are as good, the first.
            if is_worth_it(rank.0) && rank > best_rank {
                (best, best_rank) = (Some(stem), rank);
            }
        }
    }
    best?.parse().ok()
}

/// What comes before the scope, where a profile is named as `sync` does it.
fn stem<'a>(profile: &'a str, scope: &Scope) -> Option<&'a str> {
    let scope = match scope {
        Scope::Admin => "admin".to_owned(),
        Scope::Tenant(TenantRef::Name(name)) => name.key(),
        Scope::DuploOps | Scope::Tenant(TenantRef::Id(_)) => return None,
    };
    let (stem, rest) = profile.split_at_checked(profile.len().checked_sub(scope.len() + 1)?)?;
    (rest.strip_prefix('-')?.eq_ignore_ascii_case(&scope)).then_some(stem)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names() {
        for (profiles, expected) in [
            ("acme-admin=admin acme-dev01=dev01", Some("acme")),
            ("acme-Dev01=dev01", Some("acme")),
            ("acme-eu-dev01=dev01 acme-eu-qa01=qa01", Some("acme-eu")),
            ("acme-root=admin acme-prod=prod01 acme-x=dev01", Some("acme")),
            ("acme-root=admin acme-prod01=prod01 ci=dev01", Some("acme")),
            ("acme-eu-root=admin acme-eu-ops=dev01 acme-us-ops=qa01", Some("acme")),
            ("default=admin acme-dev01=dev01", Some("acme")),
            // One of many that happens to be named so tells nothing.
            ("my-dev01=dev01 a=qa01 b=prod01", None),
            ("a-dev01=dev01 b-qa01=qa01", Some("a")),
            ("ci=qa01", None),
            ("ci=qa01 cx=dev01", None),
            ("-dev01=dev01", None),
            ("default=admin", None),
            ("dev01=dev01", None),
            ("", None),
        ] {
            let pairs: Vec<(&str, Scope)> = profiles
                .split_whitespace()
                .filter_map(|pair| pair.split_once('='))
                .map(|(name, scope)| match scope {
                    "admin" => (name, Scope::Admin),
                    tenant => (name, Scope::Tenant(tenant.parse().unwrap())),
                })
                .collect();
            let pairs: Vec<(&str, &Scope)> = pairs.iter().map(|(name, scope)| (*name, scope)).collect();
            assert_eq!(of_profiles(&pairs).as_ref().map(PortalName::as_str), expected, "{profiles}");
        }
    }
}
