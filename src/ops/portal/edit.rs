//! What a person wants to be otherwise about a portal, and the choices that come of it.

use crate::awsconfig::{Key, Value};
use crate::base::{PortalAddress, PortalName, PortalUrl, Region, TenantPattern, text};
use crate::ops::demand;
use crate::ops::failure::Failure;
use crate::plan::{KeyStanding, standing};
use crate::store::settings::{PortalSettings, TenantChoice};

/// What is to be otherwise. `None` leaves a thing as it is; an inner `None` takes a choice back.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PortalEdit {
    /// Its short name.
    pub name: Option<PortalName>,
    /// Where it is.
    pub host: Option<PortalUrl>,
    /// Where its API is.
    pub api_host: Option<Option<PortalUrl>>,
    /// Which tenants get a profile, instead of those chosen before.
    pub tenants: Option<TenantChoice>,
    /// Which do so besides.
    pub include: Vec<TenantPattern>,
    /// Which get none all the same.
    pub exclude: Vec<TenantPattern>,
    /// Which of the exclusions are lifted.
    pub no_exclude: Vec<TenantPattern>,
    /// Whether administrators get a profile of their own.
    pub admin: Option<bool>,
    /// One region for all profiles.
    pub region: Option<Option<Region>>,
    /// The template of profile names.
    pub profile_name: Option<Option<String>>,
    /// What else every profile is to say.
    pub set: Vec<(Key, Value)>,
    /// What it is not to say any more.
    pub unset: Vec<Key>,
    /// The program that prints the token.
    pub token_command: Option<Option<Vec<String>>>,
    /// The browser.
    pub browser: Option<Option<String>>,
}

impl PortalEdit {
    /// Whether nothing is to be otherwise.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The choices that come of it.
    ///
    /// # Errors
    /// When it asks for what makes no sense, or would do harm; says why.
    pub fn of(&self, before: &PortalSettings) -> Result<PortalSettings, Failure> {
        let mut after = before.clone();
        after.name = self.name.clone().unwrap_or(after.name);
        let api_host = self.api_host.clone().unwrap_or(after.address.api_host);
        after.address = PortalAddress::new(self.host.clone().unwrap_or(after.address.host), api_host);
        self.choose_tenants(&mut after)?;
        after.admin = self.admin.or(after.admin);
        after.region = self.region.clone().unwrap_or(after.region);
        after.profile_name = self.profile_name.clone().unwrap_or(after.profile_name);
        for key in &self.unset {
            if !after.keys.iter().any(|(present, _)| present == key) {
                return Err(Failure::misuse(format!(
                    "--unset {key}: no extra key of `{}` is called so",
                    after.name
                )));
            }
            after.keys.retain(|(present, _)| present != key);
        }
        for (key, value) in &self.set {
            match after.keys.iter_mut().find(|(present, _)| present == key) {
                Some((_, present)) => *present = value.clone(),
                None => after.keys.push((key.clone(), value.clone())),
            }
        }
        after.token_command = self.token_command.clone().unwrap_or(after.token_command);
        after.browser = self.browser.clone().unwrap_or(after.browser);
        // What is there already and does harm is for `sync` to speak of; here it may be about to go.
        check_template(&after)?;
        self.set.iter().try_for_each(|(key, _)| check_key(key))?;
        Ok(after)
    }

    fn choose_tenants(&self, after: &mut PortalSettings) -> Result<(), Failure> {
        if let Some(tenants) = &self.tenants {
            after.tenants = tenants.clone();
        }
        for pattern in &self.no_exclude {
            if !after.exclude.iter().any(|present| present.key() == pattern.key()) {
                let names: Vec<&str> = after.exclude.iter().map(TenantPattern::as_str).collect();
                return Err(Failure::misuse(format!("--no-exclude {pattern}: it is not excluded"))
                    .hint(format!("what is: {}", text::list(&names, 8))));
            }
            after.exclude.retain(|present| present.key() != pattern.key());
        }
        for pattern in &self.include {
            match &mut after.tenants {
                // Who names one that was left out wants it in.
                TenantChoice::All if after.exclude.iter().any(|p| p.key() == pattern.key()) => {}
                TenantChoice::All => {
                    return Err(Failure::misuse(format!(
                        "--include {pattern}: all tenants are chosen already"
                    ))
                    .hint(format!("for some only: --tenants {pattern}; to leave some out: --exclude")));
                }
                TenantChoice::Named(names) => add(names, pattern),
            }
            after.exclude.retain(|present| present.key() != pattern.key());
        }
        self.exclude.iter().for_each(|pattern| add(&mut after.exclude, pattern));
        Ok(())
    }
}

fn add(patterns: &mut Vec<TenantPattern>, pattern: &TenantPattern) {
    if !patterns.iter().any(|present| present.key() == pattern.key()) {
        patterns.push(pattern.clone());
    }
}

/// Whether profiles can be made by these choices, as far as can be told without the portal.
pub fn check(portal: &PortalSettings) -> Result<(), Failure> {
    check_template(portal)?;
    portal.keys.iter().try_for_each(|(key, _)| check_key(key))
}

fn check_template(portal: &PortalSettings) -> Result<(), Failure> {
    demand::template(portal.profile_name.as_deref()).map(drop)
}

/// Says why a key cannot be one that every profile has.
fn check_key(key: &Key) -> Result<(), Failure> {
    let wrong = |why: &str| Failure::misuse(format!("`{key}` cannot be an extra key: {why}"));
    Err(match standing(key) {
        KeyStanding::Harmless | KeyStanding::Unknown => return Ok(()),
        KeyStanding::Ours => {
            let failure = wrong("jitpass keeps it itself");
            if key.as_str() == "region" {
                failure.hint("to choose it for all: --region REGION")
            } else {
                failure
            }
        }
        KeyStanding::BeatsUs => {
            wrong("with it, AWS programs would not ask jitpass, or not all of them would")
        }
        KeyStanding::Secret => {
            wrong("it holds a secret, and neither the settings nor ~/.aws/config is a place for one")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portal(tenants: &str, exclude: &str) -> PortalSettings {
        PortalSettings {
            name: "acme".parse().unwrap(),
            address: PortalAddress::new("https://acme.net".parse().unwrap(), None),
            admin: None,
            tenants: if tenants == "all" {
                TenantChoice::All
            } else {
                TenantChoice::Named(patterns(tenants))
            },
            exclude: patterns(exclude),
            region: None,
            profile_name: None,
            keys: vec![("output".parse().unwrap(), "json".parse().unwrap())],
            token_command: None,
            browser: None,
        }
    }

    fn patterns(text: &str) -> Vec<TenantPattern> {
        text.split_whitespace().map(|word| word.parse().unwrap()).collect()
    }

    #[test]
    fn tenants() {
        for (tenants, exclude, edit, expected) in [
            ("all", "", ("dev01", "", ""), Err("--include dev01: all tenants are chosen already")),
            ("all", "dev01 *-tmp", ("DEV01", "", ""), Ok(("all", "*-tmp"))),
            ("dev01", "", ("prod* dev01", "", ""), Ok(("dev01 prod*", ""))),
            ("dev* x", "dev02", ("", "dev03 DEV02", ""), Ok(("dev* x", "dev02 dev03"))),
            ("all", "dev02", ("", "", "DEV02"), Ok(("all", ""))),
            ("all", "dev02", ("", "", "dev03"), Err("--no-exclude dev03: it is not excluded")),
        ] {
            let (include, more, less) = edit;
            let edit = PortalEdit {
                include: patterns(include),
                exclude: patterns(more),
                no_exclude: patterns(less),
                ..PortalEdit::default()
            };
            let after = edit.of(&portal(tenants, exclude)).map_err(|failure| failure.message);
            let expected = expected.map(|(tenants, exclude)| portal(tenants, exclude)).map_err(str::to_owned);
            assert_eq!(after, expected, "{tenants} less {exclude}: {edit:?}");
        }
    }

    #[test]
    fn extra_keys() {
        for (set, unset, expected) in [
            ("", "output", Ok("")),
            ("output=text", "", Ok("output=text")),
            ("cli_pager=less", "output", Ok("cli_pager=less")),
            ("services=x", "", Ok("output=json services=x")),
            ("", "services", Err("no extra key")),
            ("region=us-west-2", "", Err("jitpass keeps it itself")),
            ("credential_process=/bin/x", "", Err("jitpass keeps it itself")),
            ("role_arn=x", "", Err("would not ask jitpass")),
            ("aws_session_token=x", "", Err("it holds a secret")),
        ] {
            let pairs = set.split_whitespace().map(|pair| pair.split_once('=').unwrap());
            let edit = PortalEdit {
                set: pairs.map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect(),
                unset: unset.split_whitespace().map(|key| key.parse().unwrap()).collect(),
                ..PortalEdit::default()
            };
            match (edit.of(&portal("all", "")), expected) {
                (Ok(after), Ok(expected)) => {
                    let keys: Vec<_> =
                        after.keys.iter().map(|(k, v)| format!("{k}={}", v.as_str())).collect();
                    assert_eq!(keys.join(" "), expected);
                }
                (Err(failure), Err(expected)) => assert!(failure.message.contains(expected), "{failure:?}"),
                (after, expected) => panic!("{after:?} and not {expected:?}"),
            }
        }
    }

    #[test]
    fn a_choice_is_taken_back_or_left() {
        let mut before = portal("all", "");
        before.address.api_host = Some("https://api.acme.net".parse().unwrap());
        (before.region, before.browser) = (Some("us-west-2".parse().unwrap()), Some("links".to_owned()));
        assert_eq!(PortalEdit::default().of(&before).unwrap(), before);
        let edit = PortalEdit {
            api_host: Some(None),
            region: Some(None),
            browser: Some(None),
            profile_name: Some(Some("{{ tenant }}".to_owned())),
            ..PortalEdit::default()
        };
        let after = edit.of(&before).unwrap();
        assert_eq!((after.address.api_host, after.region, after.browser), (None, None, None));
        let edit = PortalEdit { profile_name: Some(Some("{{ tenat }}".to_owned())), ..PortalEdit::default() };
        assert!(edit.of(&before).unwrap_err().message.contains("there is no field `tenat`"));
    }
}
