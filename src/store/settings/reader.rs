//! From a portal's table to what was chosen for it; each mistake is named with file, portal and key.

use std::path::Path;
use std::str::FromStr;
use std::time::Duration;

use toml_edit::Item;

use crate::awsconfig::{Key, Value, command};
use crate::base::{PortalAddress, TenantPattern, text};
use crate::store::settings::{PortalSettings, SettingsError, SignInSettings, TenantChoice};
use crate::store::tokens::TokenPlace;

/// Reads the table `[sign_in]`.
pub(super) fn sign_in(path: &Path, item: Option<&Item>) -> Result<SignInSettings, SettingsError> {
    let error = |key, reason: &str| SettingsError::General {
        path: path.display().to_string(),
        key,
        reason: reason.to_owned(),
    };
    let mut read = SignInSettings::default();
    let Some(item) = item else { return Ok(read) };
    if let Some(wait) = item.get("wait") {
        let seconds = wait.as_integer().and_then(|s| u64::try_from(s).ok()).filter(|s| (1..=300).contains(s));
        let seconds =
            seconds.ok_or_else(|| error("sign_in.wait", "write a number of seconds from 1 to 300"))?;
        read.wait = Duration::from_secs(seconds);
    }
    if let Some(place) = item.get("keep_token_in") {
        read.place = match place.as_str() {
            Some("best") => TokenPlace::Best,
            Some("file") => TokenPlace::File,
            Some("keyring") => TokenPlace::Keyring,
            _ => return Err(error("sign_in.keep_token_in", "write `\"best\"`, `\"keyring\"` or `\"file\"`")),
        };
    }
    Ok(read)
}

/// Reads one portal's table.
pub(super) struct Reader<'a> {
    /// The file.
    pub(super) path: &'a Path,
    /// The portal's short name.
    pub(super) name: &'a str,
    /// Its table.
    pub(super) item: &'a Item,
}

impl Reader<'_> {
    /// What was chosen for it.
    pub(super) fn portal(&self) -> Result<PortalSettings, SettingsError> {
        let name = self.name.parse().map_err(|e| self.error("name", e))?;
        let host = self.parsed("host")?.ok_or_else(|| self.error("host", "it is missing"))?;
        let admin = match self.item.get("admin") {
            None => None,
            Some(item) => Some(item.as_bool().ok_or_else(|| self.error("admin", "write `true` or `false`"))?),
        };
        Ok(PortalSettings {
            name,
            address: PortalAddress::new(host, self.parsed("api_host")?),
            admin,
            tenants: self.tenants()?,
            exclude: self.exclude()?,
            region: self.parsed("region")?,
            profile_name: self.text("profile_name")?.map(str::to_owned),
            keys: self.keys()?,
            token_command: self.token_command()?,
            browser: self.text("browser")?.map(str::to_owned),
        })
    }

    /// A list of words, or a line that is split as a POSIX shell would, and not run by one.
    fn token_command(&self) -> Result<Option<Vec<String>>, SettingsError> {
        let shape = || {
            self.error("token_command", "write a command line, or a list of the command and its arguments")
        };
        let words = match self.item.get("token_command") {
            None => return Ok(None),
            Some(item) => match (item.as_str(), item.as_array()) {
                (Some(line), _) => command::split(line).map_err(|e| self.error("token_command", e))?,
                (None, Some(list)) => list
                    .iter()
                    .map(|v| v.as_str().map(str::to_owned))
                    .collect::<Option<_>>()
                    .ok_or_else(shape)?,
                _ => return Err(shape()),
            },
        };
        if words.first().is_none_or(String::is_empty) { Err(shape()) } else { Ok(Some(words)) }
    }

    fn tenants(&self) -> Result<TenantChoice, SettingsError> {
        match self.item.get("tenants") {
            None => Ok(TenantChoice::All),
            Some(item) if item.as_str() == Some("all") => Ok(TenantChoice::All),
            Some(item) => {
                self.patterns("tenants", item, "write `\"all\"` or a list of names").map(TenantChoice::Named)
            }
        }
    }

    fn exclude(&self) -> Result<Vec<TenantPattern>, SettingsError> {
        let read = |item| self.patterns("exclude", item, "write a list of names");
        self.item.get("exclude").map(read).transpose().map(Option::unwrap_or_default)
    }

    fn patterns(
        &self,
        key: &'static str,
        item: &Item,
        shape: &str,
    ) -> Result<Vec<TenantPattern>, SettingsError> {
        let names = item.as_array().ok_or_else(|| self.error(key, shape))?.iter().map(|v| {
            let name = v.as_str().ok_or_else(|| self.error(key, shape))?;
            name.parse().map_err(|e| self.error(key, e))
        });
        names.collect()
    }

    /// The table `keys`. What a key may not be is the plan's affair: it knows which ones would do harm.
    fn keys(&self) -> Result<Vec<(Key, Value)>, SettingsError> {
        let Some(item) = self.item.get("keys") else { return Ok(Vec::new()) };
        let table = item
            .as_table_like()
            .ok_or_else(|| self.error("keys", "write a table: `keys = { output = \"json\" }`"))?;
        let pairs = table.iter().map(|(key, item)| {
            let wrong = |reason: &dyn std::fmt::Display| {
                self.error("keys", format_args!("`{}`: {reason}", text::one_line(key, 40)))
            };
            let value = match (item.as_str(), item.as_integer(), item.as_bool()) {
                (Some(text), ..) => text.to_owned(),
                (_, Some(number), _) => number.to_string(),
                (.., Some(yes)) => yes.to_string(),
                _ => return Err(wrong(&"write a text, a number, `true` or `false`")),
            };
            Ok((key.parse::<Key>().map_err(|e| wrong(&e))?, value.parse::<Value>().map_err(|e| wrong(&e))?))
        });
        pairs.collect()
    }

    fn parsed<T: FromStr<Err: std::fmt::Display>>(
        &self,
        key: &'static str,
    ) -> Result<Option<T>, SettingsError> {
        self.text(key)?.map(|t| t.parse().map_err(|e| self.error(key, e))).transpose()
    }

    fn text(&self, key: &'static str) -> Result<Option<&str>, SettingsError> {
        let text =
            |item: &Item| item.as_str().map(|_| ()).ok_or_else(|| self.error(key, "write a text in quotes"));
        self.item.get(key).map(text).transpose()?;
        Ok(self.item.get(key).and_then(Item::as_str))
    }

    fn error(&self, key: &'static str, reason: impl std::fmt::Display) -> SettingsError {
        let path = self.path.display().to_string();
        SettingsError::Value { path, portal: self.name.to_owned(), key, reason: reason.to_string() }
    }
}
