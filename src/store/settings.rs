//! `config.toml`: the person's choices. No secrets. Comments and order survive every change.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::base::{PortalAddress, PortalName, PortalUrl, Region, TenantName};

/// Why settings cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML.
    #[error("{path} is not valid TOML")]
    Syntax {
        /// The file.
        path: String,
        /// Where and what.
        source: Box<toml_edit::TomlError>,
    },
    /// A value that is not of its kind.
    #[error("{path}: `{key}` of portal `{portal}`: {reason}")]
    Value {
        /// The file.
        path: String,
        /// Whose value.
        portal: String,
        /// Which one.
        key: &'static str,
        /// What is wrong.
        reason: String,
    },
}

/// Which of a portal's tenants get a profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TenantChoice {
    /// All, also those to come.
    All,
    /// These.
    Named(Vec<TenantName>),
}

/// What was chosen for one portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PortalSettings {
    /// Its short name.
    pub name: PortalName,
    /// Where it is.
    pub address: PortalAddress,
    /// Whether administrators get a profile of their own; asked where nothing is said.
    pub admin: Option<bool>,
    /// Which tenants get one.
    pub tenants: TenantChoice,
    /// The region of every profile, where the tenants' own are not wanted.
    pub region: Option<Region>,
    /// The template of profile names, where the usual one is not wanted.
    pub profile_name: Option<String>,
}

/// The settings file, read.
#[derive(Debug, Clone)]
pub struct Settings {
    path: PathBuf,
    document: DocumentMut,
}

impl Settings {
    /// The settings file below the configuration directory.
    pub fn file(config_dir: &Path) -> PathBuf {
        config_dir.join("config.toml")
    }

    /// Reads the text of the file; an empty one where there is none yet.
    pub fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let document = DocumentMut::from_str(text)
            .map_err(|e| SettingsError::Syntax { path: path.display().to_string(), source: Box::new(e) })?;
        Ok(Self { path: path.to_owned(), document })
    }

    /// Every portal, in the order of the file.
    pub fn portals(&self) -> Result<Vec<PortalSettings>, SettingsError> {
        let Some(table) = self.document.get("portal").and_then(Item::as_table_like) else {
            return Ok(Vec::new());
        };
        table.iter().map(|(name, item)| Reader { path: &self.path, name, item }.portal()).collect()
    }

    /// The portal at an address, if it is known.
    pub fn portal_at(&self, host: &PortalUrl) -> Result<Option<PortalSettings>, SettingsError> {
        Ok(self.portals()?.into_iter().find(|p| p.address.host == *host))
    }

    /// Writes a portal's choices in. What is chosen already, and keys this version does not know, stay as they are.
    pub fn set_portal(&mut self, portal: &PortalSettings) {
        if self.document.as_table().is_empty() && self.document.to_string().is_empty() {
            self.document.decor_mut().set_prefix(HEAD);
        }
        let portals = self.document.entry("portal").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let Some(portals) = portals.as_table_like_mut() else { return };
        let table = portals.entry(portal.name.as_str()).or_insert_with(|| Item::Table(Table::new()));
        let Some(table) = table.as_table_like_mut() else { return };
        let mut set = |key: &str, wanted: Option<toml_edit::Value>| {
            let same = |item: &Item| item.as_value().map(plain) == wanted.as_ref().map(plain);
            match (table.get_mut(key), wanted.clone()) {
                (Some(item), Some(_)) if same(item) => {}
                (Some(item), Some(wanted)) => *item = keep_decor(item, wanted),
                (Some(_), None) => drop(table.remove(key)),
                (None, Some(wanted)) => drop(table.insert(key, value(wanted))),
                (None, None) => {}
            }
        };
        set("host", Some(portal.address.host.as_str().into()));
        set("api_host", portal.address.api_host.as_ref().map(|u| u.as_str().into()));
        set("admin", portal.admin.map(Into::into));
        set(
            "tenants",
            Some(match &portal.tenants {
                TenantChoice::All => "all".into(),
                TenantChoice::Named(names) => names.iter().map(TenantName::as_str).collect::<Array>().into(),
            }),
        );
        set("region", portal.region.as_ref().map(|r| r.as_str().into()));
        set("profile_name", portal.profile_name.as_deref().map(Into::into));
    }

    /// The text of the file.
    pub fn render(&self) -> String {
        self.document.to_string()
    }
}

const HEAD: &str =
    "# Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.\n\n";

/// A value without the white space and comments around it.
fn plain(value: &toml_edit::Value) -> String {
    let mut value = value.clone();
    value.decor_mut().clear();
    value.to_string()
}

fn keep_decor(old: &Item, mut new: toml_edit::Value) -> Item {
    if let Some(old) = old.as_value() {
        *new.decor_mut() = old.decor().clone();
    }
    Item::Value(new)
}

/// Reads one portal's table.
struct Reader<'a> {
    path: &'a Path,
    name: &'a str,
    item: &'a Item,
}

impl Reader<'_> {
    fn portal(&self) -> Result<PortalSettings, SettingsError> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        Settings::parse("config.toml".as_ref(), text).unwrap()
    }

    fn acme() -> PortalSettings {
        PortalSettings {
            name: "acme".parse().unwrap(),
            address: PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None),
            admin: Some(true),
            tenants: TenantChoice::Named(vec!["dev01".parse().unwrap()]),
            region: None,
            profile_name: None,
        }
    }

    #[test]
    fn reads_what_it_writes() {
        let mut file = settings("");
        file.set_portal(&acme());
        assert_eq!(
            file.render(),
            format!(
                "{HEAD}[portal.acme]\nhost = \"https://acme.duplocloud.net\"\nadmin = true\ntenants = [\"dev01\"]\n"
            )
        );
        assert_eq!(settings(&file.render()).portals().unwrap(), [acme()]);
        assert_eq!(file.portal_at(&"https://acme.duplocloud.net".parse().unwrap()).unwrap(), Some(acme()));
    }

    #[test]
    fn comments_order_and_unknown_keys_stay() {
        let text = "# mine\n[portal.acme] # work\ntenants = [ \"dev01\" ] # one\nhost=\"https://acme.duplocloud.net\"\nlater = 1\nadmin = false # not yet\n\n[other]\nx=1\n";
        let mut file = settings(text);
        let mut portal = acme();
        portal.admin = Some(false);
        file.set_portal(&portal);
        assert_eq!(file.render(), text.replace("[ \"dev01\" ]", "[\"dev01\"]"));
        file.set_portal(&acme());
        assert!(file.render().contains("admin = true # not yet\n"), "{}", file.render());
    }

    #[test]
    fn errors_name_file_portal_and_key() {
        let error = |text: &str| settings(text).portals().unwrap_err().to_string();
        assert_eq!(error("[portal.a]\n"), "config.toml: `host` of portal `a`: it is missing");
        assert!(error("[portal.a]\nhost = 1\n").ends_with("write a text in quotes"));
        assert!(
            error("[portal.a]\nhost = \"https://a.net\"\ntenants = \"some\"\n").contains("write `\"all\"`")
        );
        assert!(error("[portal.a]\nhost = \"https://a.net\"\nregion = \"x\"\n").contains("us-west-2"));
        assert!(error("[portal.\"a b\"]\nhost = \"https://a.net\"\n").contains("`name`"));
        assert!(Settings::parse("c".as_ref(), "[").is_err());
    }
}
