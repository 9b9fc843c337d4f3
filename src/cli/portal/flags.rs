//! The flags that say what is chosen for a portal: the same in `add` and `edit`.

use clap::Args;

use crate::awsconfig::{Key, Value, command};
use crate::base::{PortalUrl, TenantPattern, text};
use crate::ops::failure::Failure;
use crate::ops::portal::PortalEdit;
use crate::store::settings::TenantChoice;

#[derive(Debug, Args)]
pub(super) struct ChoiceFlags {
    /// Address of the portal's API, where it differs from the portal's; `none` takes it back
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,

    /// Tenants that get a profile: `all`, or names and patterns such as `dev*`; may be repeated, or parted by commas
    #[arg(long, value_name = "all|PATTERN", value_delimiter = ',')]
    tenants: Vec<TenantPattern>,

    /// Give these tenants no profile; may be repeated
    #[arg(long, value_name = "PATTERN", value_delimiter = ',')]
    exclude: Vec<TenantPattern>,

    /// Write a profile with administrator rights, for those who have them
    #[arg(long, overrides_with = "no_admin")]
    admin: bool,

    /// Write no profile with administrator rights
    #[arg(long, overrides_with = "admin")]
    no_admin: bool,

    /// Region of all profiles; `own` is each tenant's own
    #[arg(long, value_name = "REGION|own")]
    region: Option<String>,

    /// Template of the profiles' names, such as `{{ tenant }}.{{ short_region }}`; `usual` is `{{ portal }}-{{ tenant }}`
    #[arg(long, value_name = "TEMPLATE|usual")]
    profile_name: Option<String>,

    /// Let every profile say this as well, such as `output=json`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    /// Program that prints the portal's token, with its arguments; `none` takes it back
    #[arg(long, value_name = "COMMAND|none")]
    token_command: Option<String>,

    /// Browser to sign in with; `none` is the system's own
    #[arg(long, value_name = "BROWSER|none")]
    browser: Option<String>,
}

impl ChoiceFlags {
    /// What they ask for.
    pub(super) fn edit(&self) -> Result<PortalEdit, Failure> {
        Ok(PortalEdit {
            api_host: self.api_host.as_deref().map(api_host).transpose()?,
            tenants: tenants(&self.tenants),
            exclude: self.exclude.clone(),
            admin: (self.admin || self.no_admin).then_some(self.admin),
            region: self.region.as_deref().map(region).transpose()?,
            profile_name: self.profile_name.as_deref().map(profile_name),
            set: self.set.iter().map(|pair| key_and_value(pair)).collect::<Result<_, _>>()?,
            token_command: self.token_command.as_deref().map(token_command).transpose()?,
            browser: self.browser.as_deref().map(|browser| or_none(browser, "none")),
            ..PortalEdit::default()
        })
    }
}

/// Reads a portal's address as a person types it.
pub(super) fn host(typed: &str) -> Result<PortalUrl, Failure> {
    PortalUrl::from_typed(typed).map_err(|e| Failure::misuse(e.to_string()))
}

pub(super) fn api_host(typed: &str) -> Result<Option<PortalUrl>, Failure> {
    or_none(typed, "none").map(|typed| host(&typed)).transpose()
}

fn tenants(patterns: &[TenantPattern]) -> Option<TenantChoice> {
    match patterns {
        [] => None,
        patterns if patterns.iter().any(|pattern| pattern.as_str() == "all") => Some(TenantChoice::All),
        patterns => Some(TenantChoice::Named(patterns.to_vec())),
    }
}

/// Reads `all`, or names and patterns with blanks or commas between.
pub(super) fn typed_tenants(typed: &str) -> Result<Option<TenantChoice>, Failure> {
    Ok(tenants(&patterns(typed)?))
}

pub(super) fn patterns(typed: &str) -> Result<Vec<TenantPattern>, Failure> {
    let words = typed.split([' ', ',']).filter(|word| !word.is_empty());
    words
        .map(|word| word.parse().map_err(|e: crate::base::NameError| Failure::misuse(e.to_string())))
        .collect()
}

pub(super) fn region(typed: &str) -> Result<Option<crate::base::Region>, Failure> {
    let region = or_none(typed, "own").map(|region| region.parse()).transpose();
    region.map_err(|e: crate::base::NameError| {
        Failure::misuse(e.to_string()).hint("or say `own`, for each tenant's own")
    })
}

pub(super) fn profile_name(typed: &str) -> Option<String> {
    or_none(typed, "usual")
}

pub(super) fn token_command(typed: &str) -> Result<Option<Vec<String>>, Failure> {
    let words = or_none(typed, "none").map(|line| command::split(&line)).transpose();
    words.map_err(|e| Failure::misuse("--token-command makes no command").because(&e))
}

/// Reads `output=json`. What is wrong is said without the value, which may be a secret that belongs elsewhere.
pub(super) fn key_and_value(pair: &str) -> Result<(Key, Value), Failure> {
    let (key, value) = pair.split_once('=').ok_or_else(|| {
        Failure::misuse("--set wants a key and a value").hint("write it like this: --set output=json")
    })?;
    let key: Key = self::key(key)?;
    let value = value
        .trim()
        .parse()
        .map_err(|e: crate::awsconfig::ValueError| Failure::misuse(format!("--set {key}: {e}")))?;
    Ok((key, value))
}

pub(super) fn key(typed: &str) -> Result<Key, Failure> {
    let shown = text::one_line(typed, 40);
    typed
        .trim()
        .parse()
        .map_err(|e: crate::awsconfig::ValueError| Failure::misuse(format!("`{shown}` is no key: {e}")))
}

pub(super) fn or_none(typed: &str, none: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty() && typed != none).then(|| typed.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_is_said_without_the_value() {
        for pair in ["SIMTOKEN-x", "Output=SIMTOKEN-x", "output=SIMTOKEN-\u{7}", "output=", "a b=SIMTOKEN"] {
            let failure = key_and_value(pair).unwrap_err();
            assert!(!format!("{failure:?}").contains("SIMTOKEN"), "{failure:?}");
        }
        assert_eq!(key_and_value("output = json").unwrap().1.as_str(), "json");
    }

    #[test]
    fn words_that_take_a_choice_back() {
        assert_eq!(region("own").unwrap(), None);
        assert!(region("us west").unwrap_err().hint.unwrap().contains("own"));
        assert_eq!(profile_name("usual"), None);
        assert_eq!(token_command("none").unwrap(), None);
        assert_eq!(token_command("op read 'a b'").unwrap().unwrap(), ["op", "read", "a b"]);
        assert!(token_command("op 'a").is_err());
        assert_eq!(api_host("none").unwrap(), None);
        assert_eq!(typed_tenants("dev*, all").unwrap(), Some(TenantChoice::All));
        assert_eq!(typed_tenants("").unwrap(), None);
        assert!(typed_tenants("$(id)").is_err());
    }
}
