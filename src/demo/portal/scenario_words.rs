//! A scenario on the command line: `older,tenants=80,regions=us-west-2+eu-central-1,mfa`.

use std::str::FromStr;

use serde::de::DeserializeOwned;
use serde_json::Value;

use super::scenario::{Generation, Partition, RefreshTime, Scenario};
use super::users::UserKind;
use crate::base::{Region, text};

/// Why a text names no scenario.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// A word that is not in the list.
    #[error("`{}` is no scenario word; the words are: {}", text::Visible(word), known())]
    Unknown {
        /// The word.
        word: String,
    },
    /// A word whose value makes no sense.
    #[error("`{word}={}` makes no sense; write {expected}", text::Visible(value))]
    Value {
        /// The word before the `=`.
        word: &'static str,
        /// What was written after it.
        value: String,
        /// What could be written.
        expected: &'static str,
    },
}

/// Each word, what its value looks like (`None` for a word that stands alone), and what it does.
type Word = (&'static str, Option<&'static str>, fn(&mut Scenario, &str) -> Option<()>);

const WORDS: &[Word] = &[
    ("new", None, |s, _| set(&mut s.generation, Generation::New)),
    ("older", None, |s, _| set(&mut s.generation, Generation::Older)),
    ("older-500", None, |s, _| set(&mut s.generation, Generation::Older500)),
    ("gov", None, |s, _| set(&mut s.partition, Partition::Gov)),
    ("cn", None, |s, _| set(&mut s.partition, Partition::Cn)),
    ("partition", Some("`aws`, `gov` or `cn`"), |s, v| set(&mut s.partition, choice(v)?)),
    ("large", None, |s, _| set(&mut s.tenants, 1000)),
    ("tenants", Some("a number from 1 to 100000"), |s, v| set(&mut s.tenants, within(v, 1..=100_000)?)),
    ("odd", None, |s, _| set(&mut s.extra_tenants, ODD.map(str::to_owned).into())),
    ("extra", Some("tenant names joined by `+`"), |s, v| {
        set(&mut s.extra_tenants, v.split('+').map(str::to_owned).collect())
    }),
    ("regions", Some("regions joined by `+`, as in `us-west-2+eu-central-1`"), |s, v| {
        let regions: Result<Vec<Region>, _> = v.split('+').map(str::parse).collect();
        set(&mut s.regions, regions.ok()?.iter().map(ToString::to_string).collect())
    }),
    ("users", Some("kinds joined by `+`, of `admin tenant none read-only mfa`"), |s, v| {
        let kinds: Option<Vec<UserKind>> = v.split('+').map(choice).collect();
        set(&mut s.users, kinds?)
    }),
    ("mfa", None, |s, _| set(&mut s.mfa, true)),
    ("otp", Some("the code, digits only"), |s, v| {
        let digits = !v.is_empty() && v.bytes().all(|b| b.is_ascii_digit());
        if digits { set(&mut s.otp, v.to_owned()) } else { None }
    }),
    ("no-duplo-ops", None, |s, _| set(&mut s.duplo_ops, false)),
    ("validity", Some("seconds or `absent`"), |s, v| {
        set(&mut s.validity, if v == "absent" { None } else { Some(within(v, 0..=43_200)?) })
    }),
    ("no-expiration", None, |s, _| set(&mut s.expiration, false)),
    ("validity-key", Some("the name of a tenant setting"), |s, v| {
        set(&mut s.validity_key, Some(v.to_owned()).filter(|v| !v.is_empty()))
    }),
    ("no-k8s", None, |s, _| set(&mut s.kubernetes.enabled, false)),
    ("k8s-opaque", None, |s, _| set(&mut s.kubernetes.jwt, false)),
    ("k8s-no-ca", None, |s, _| set(&mut s.kubernetes.authority, false)),
    ("k8s-refresh", Some("`rfc3339`, `absent` or `empty`"), |s, v| {
        set::<RefreshTime>(&mut s.kubernetes.refresh_time, choice(v)?)
    }),
    ("role-status", Some("400, 401 or 403"), |s, v| set(&mut s.refusals.role, within(v, 400..=403)?)),
    ("foreign-status", Some("401 or 403"), |s, v| set(&mut s.refusals.foreign_tenant, within(v, 400..=404)?)),
    ("unknown-status", Some("400 or 404"), |s, v| set(&mut s.refusals.unknown_tenant, within(v, 400..=404)?)),
    ("otp-status", Some("401 or 403"), |s, v| set(&mut s.refusals.otp, within(v, 400..=403)?)),
    ("no-read-only-jit", None, |s, _| set(&mut s.refusals.read_only_jit, true)),
    (
        "callback",
        Some(
            "`auto`, `redirect`, `redirect-twice`, `redirect-otp`, `post`, `post-v2`, `post-otp` or `never`",
        ),
        |s, v| set(&mut s.callback, choice(v)?),
    ),
    ("cancel", Some("`auto`, `post`, `redirect`, `redirect-otp` or `silent`"), |s, v| {
        set(&mut s.cancel, choice(v)?)
    }),
    ("loopback", Some("`localhost` or `address`"), |s, v| set(&mut s.loopback, choice(v)?)),
    ("favicon", None, |s, _| set(&mut s.favicon, true)),
    ("seed", Some("a number"), |s, v| set(&mut s.seed, v.parse().ok()?)),
];

/// Tenant names as no portal should have them.
const ODD: [&str; 12] = [
    "dev\u{1b}[31m",
    "../x",
    "a b",
    "$(id)",
    "Caps01",
    "x]y",
    "new\nline",
    "__proto__",
    "-flag",
    "été",
    "",
    "quo\"te'",
];

impl Scenario {
    /// Reads words joined by commas, each changing the default scenario; a later word wins.
    pub fn named(words: &str) -> Result<Self, ScenarioError> {
        let mut scenario = Self::default();
        for text in words.split(',').map(str::trim).filter(|word| !word.is_empty()) {
            let (name, value) = match text.split_once('=') {
                Some((name, value)) => (name, Some(value)),
                None => (text, None),
            };
            let known =
                WORDS.iter().find(|(word, values, _)| *word == name && values.is_some() == value.is_some());
            let Some((word, values, apply)) = known else {
                // `tenants` without a number deserves more than the list of words.
                let bare = WORDS.iter().find(|(word, ..)| *word == name);
                return Err(match bare {
                    Some((word, Some(expected), _)) => {
                        ScenarioError::Value { word, value: String::new(), expected }
                    }
                    _ => ScenarioError::Unknown { word: text.to_owned() },
                });
            };
            let value = value.unwrap_or_default();
            apply(&mut scenario, value).ok_or_else(|| ScenarioError::Value {
                word,
                value: value.to_owned(),
                expected: values.unwrap_or_default(),
            })?;
        }
        Ok(scenario)
    }
}

impl FromStr for Scenario {
    type Err = ScenarioError;

    fn from_str(text: &str) -> Result<Self, ScenarioError> {
        Self::named(text)
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the table wants one shape of function")]
fn set<T>(field: &mut T, value: T) -> Option<()> {
    *field = value;
    Some(())
}

/// Reads a word by the names its type has in JSON, so that they exist once.
fn choice<T: DeserializeOwned>(word: &str) -> Option<T> {
    serde_json::from_value(Value::String(word.to_owned())).ok()
}

fn within<T: FromStr + PartialOrd>(text: &str, range: std::ops::RangeInclusive<T>) -> Option<T> {
    text.parse().ok().filter(|n| range.contains(n))
}

fn known() -> String {
    let shown =
        |(word, values, _): &Word| if values.is_some() { format!("{word}=…") } else { (*word).to_owned() };
    WORDS.iter().map(shown).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_change_the_default() {
        assert_eq!(Scenario::named("").unwrap(), Scenario::default());
        assert_eq!(Scenario::named("new").unwrap(), Scenario::default());
        let read = Scenario::named(
            "older, tenants=80,regions=us-west-2+eu-central-1,mfa,validity=900,no-expiration,users=admin+none",
        )
        .unwrap();
        let expected = Scenario {
            generation: Generation::Older,
            tenants: 80,
            regions: vec!["us-west-2".to_owned(), "eu-central-1".to_owned()],
            mfa: true,
            validity: Some(900),
            expiration: false,
            users: vec![UserKind::Admin, UserKind::None],
            ..Scenario::default()
        };
        assert_eq!(read, expected);
        assert_eq!(Scenario::named("validity=absent").unwrap().validity, None);
    }

    #[test]
    fn a_wrong_word_is_answered_with_the_right_ones() {
        for (words, said) in [
            ("olden", "`olden` is no scenario word; the words are: new older"),
            ("older=1", "`older=1` is no scenario word"),
            ("tenants", "`tenants=` makes no sense; write a number from 1 to 100000"),
            ("tenants=0", "`tenants=0` makes no sense"),
            ("regions=mars", "`regions=mars` makes no sense; write regions joined by `+`"),
            ("users=root", "of `admin tenant none read-only mfa`"),
            ("callback=pigeon", "`redirect-twice`"),
            ("a\u{1b}[2J", "a\\u{1b}[2J"),
        ] {
            let error = Scenario::named(words).unwrap_err().to_string();
            assert!(error.contains(said), "{words}: {error}");
        }
    }

    #[test]
    fn every_choice_an_error_offers_is_accepted() {
        for (word, values, _) in WORDS {
            let Some(values) = values.filter(|v| v.contains('`') && !v.contains("joined")) else { continue };
            for choice in values.split('`').skip(1).step_by(2) {
                Scenario::named(&format!("{word}={choice}")).unwrap();
            }
        }
    }
}
