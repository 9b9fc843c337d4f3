//! From a portal's table to what was chosen for it; each mistake is named with file, portal and key.

use std::path::Path;
use std::str::FromStr;

use toml_edit::Item;

use crate::base::{PortalAddress, TenantName};
use crate::store::settings::{PortalSettings, SettingsError, TenantChoice};

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
            region: self.parsed("region")?,
            profile_name: self.text("profile_name")?.map(str::to_owned),
        })
    }

    fn tenants(&self) -> Result<TenantChoice, SettingsError> {
        let shape = || self.error("tenants", "write `\"all\"` or a list of names");
        match self.item.get("tenants") {
            None => Ok(TenantChoice::All),
            Some(item) if item.as_str() == Some("all") => Ok(TenantChoice::All),
            Some(item) => {
                let names = item.as_array().ok_or_else(shape)?.iter().map(|v| {
                    v.as_str().ok_or_else(shape)?.parse::<TenantName>().map_err(|e| self.error("tenants", e))
                });
                names.collect::<Result<_, _>>().map(TenantChoice::Named)
            }
        }
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
