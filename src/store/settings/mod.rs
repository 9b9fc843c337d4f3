//! `config.toml`: the person's choices. No secrets. Comments and order survive every change.

mod extra;
mod in_place;
mod reader;
mod removal;
mod renaming;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use toml_edit::{Array, DocumentMut, Item, Table, value};

use crate::awsconfig::{Key, Value};
use crate::base::{PortalAddress, PortalName, Region, TenantPattern};
use crate::store::settings::in_place::in_place_of;
use crate::store::settings::reader::Reader;
use crate::store::tokens::TokenPlace;

pub use extra::Extra;

/// Why settings cannot be used. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum SettingsError {
    /// Not TOML.
    #[error("{path} is not valid TOML: line {line}: {reason}")]
    Syntax {
        /// The file.
        path: String,
        /// The 1-based line.
        line: usize,
        /// What is wrong there.
        reason: String,
    },
    /// `portal` is something else than tables.
    #[error("{path}: `portal` must be tables, one for each portal: `[portal.acme]`")]
    Shape {
        /// The file.
        path: String,
    },
    /// A value outside the portals' tables that is not of its kind.
    #[error("{path}: `{key}`: {reason}")]
    General {
        /// The file.
        path: String,
        /// Which one.
        key: &'static str,
        /// What is wrong.
        reason: String,
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
    /// Those that have one of these names, or fit one of these patterns.
    Named(Vec<TenantPattern>),
}

impl TenantChoice {
    /// Whether the same tenants are chosen, in whatever order and case.
    fn is_the_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Named(these), Self::Named(those)) => are_the_same(these, those),
            (these, those) => these == those,
        }
    }
}

/// Whether two lists hold the same patterns, in whatever order and case.
fn are_the_same(these: &[TenantPattern], those: &[TenantPattern]) -> bool {
    let keys = |names: &[TenantPattern]| names.iter().map(TenantPattern::key).collect::<BTreeSet<_>>();
    keys(these) == keys(those)
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
    /// Which of these get none all the same.
    pub exclude: Vec<TenantPattern>,
    /// The region of every profile, where the tenants' own are not wanted.
    pub region: Option<Region>,
    /// The template of profile names, where the usual one is not wanted.
    pub profile_name: Option<String>,
    /// What else every profile says: the table `keys`.
    pub keys: Vec<(Key, Value)>,
    /// The program, with its arguments, that prints this portal's token.
    pub token_command: Option<Vec<String>>,
    /// The browser in which to sign in, where the system's own is not wanted.
    pub browser: Option<String>,
}

/// What was chosen about signing in, for all portals: the table `[sign_in]`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SignInSettings {
    /// `wait`: how long a program that wants credentials waits for somebody to sign in, in seconds.
    pub wait: Duration,
    /// `keep_token_in`: where tokens are kept.
    pub place: TokenPlace,
}

impl Default for SignInSettings {
    fn default() -> Self {
        // Terraform, and the Go SDK within it, kill a credential process after 60 seconds.
        Self { wait: Duration::from_secs(55), place: TokenPlace::Best }
    }
}

/// The settings file, read.
#[derive(Debug, Clone)]
pub struct Settings {
    path: PathBuf,
    /// The file as it was read: given back as it is while nothing changes.
    text: String,
    document: DocumentMut,
    is_changed: bool,
}

impl Settings {
    /// The settings file below the configuration directory.
    pub fn file(config_dir: &Path) -> PathBuf {
        config_dir.join("config.toml")
    }

    /// Reads the text of the file; an empty one where there is none yet.
    pub fn parse(path: &Path, text: &str) -> Result<Self, SettingsError> {
        let document = DocumentMut::from_str(text).map_err(|error| {
            let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
            let (line, reason) = (before.matches('\n').count() + 1, error.message().replace('\n', "; "));
            SettingsError::Syntax { path: path.display().to_string(), line, reason }
        })?;
        Ok(Self { path: path.to_owned(), text: text.to_owned(), document, is_changed: false })
    }

    /// Every portal, in the order of the file.
    pub fn portals(&self) -> Result<Vec<PortalSettings>, SettingsError> {
        let Some(item) = self.document.get("portal") else { return Ok(Vec::new()) };
        let table = item.as_table_like().ok_or_else(|| self.misshapen())?;
        table.iter().map(|(name, item)| Reader { path: &self.path, name, item }.portal()).collect()
    }

    /// What is said about signing in.
    pub fn sign_in(&self) -> Result<SignInSettings, SettingsError> {
        reader::sign_in(&self.path, self.document.get("sign_in"))
    }

    /// `command`: the path under which profiles call jitpass, where it is not to be found out: for a config file that
    /// several machines share.
    pub fn command(&self) -> Result<Option<String>, SettingsError> {
        let Some(item) = self.document.get("command") else { return Ok(None) };
        let path = item.as_str().filter(|path| Path::new(path).is_absolute());
        let wrong = || SettingsError::General {
            path: self.path.display().to_string(),
            key: "command",
            reason: "write an absolute path in quotes".to_owned(),
        };
        path.map(|path| Some(path.to_owned())).ok_or_else(wrong)
    }

    /// Writes a portal's choices in. What says the same already, in whatever spelling, and keys this version does not
    /// know, stay as they are.
    pub fn set_portal(&mut self, portal: &PortalSettings) -> Result<(), SettingsError> {
        let present = self.portals()?.into_iter().find(|p| p.name == portal.name);
        let mut portal = portal.clone();
        if let Some(present) = &present {
            if present.tenants.is_the_same(&portal.tenants) {
                portal.tenants = present.tenants.clone();
            }
            if are_the_same(&present.exclude, &portal.exclude) {
                portal.exclude.clone_from(&present.exclude);
            }
        }
        if present.as_ref() == Some(&portal) {
            return Ok(());
        }
        self.is_changed = true;
        if self.text.is_empty() {
            self.document.decor_mut().set_prefix(HEAD);
        }
        let misshapen = self.misshapen();
        let spelled = self.spelled(&portal.name).unwrap_or_else(|| portal.name.to_string());
        let portals = self.document.entry("portal").or_insert_with(|| {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        });
        let table = portals.as_table_like_mut().and_then(|portals| {
            portals.entry(&spelled).or_insert_with(|| Item::Table(Table::new())).as_table_like_mut()
        });
        let Some(table) = table else { return Err(misshapen) };
        let present = present.as_ref();
        let mut set = |key: &str, is_same: bool, wanted: Option<toml_edit::Value>| match wanted {
            _ if is_same => {}
            None => drop(table.remove(key)),
            Some(wanted) => match table.get_mut(key) {
                Some(item) => *item = in_place_of(item, wanted),
                None => drop(table.insert(key, value(wanted))),
            },
        };
        let host = present.is_some_and(|p| p.address.host == portal.address.host);
        set("host", host, Some(portal.address.host.as_str().into()));
        let api_host = present.map(|p| &p.address.api_host) == Some(&portal.address.api_host);
        set("api_host", api_host, portal.address.api_host.as_ref().map(|u| u.as_str().into()));
        set("admin", present.map(|p| p.admin) == Some(portal.admin), portal.admin.map(Into::into));
        let tenants = present.map(|p| &p.tenants) == Some(&portal.tenants);
        set(
            "tenants",
            tenants,
            Some(match &portal.tenants {
                TenantChoice::All => "all".into(),
                TenantChoice::Named(names) => list(names),
            }),
        );
        let exclude = present.map_or(&[][..], |p| &p.exclude) == portal.exclude;
        set("exclude", exclude, (!portal.exclude.is_empty()).then(|| list(&portal.exclude)));
        let region = present.map(|p| &p.region) == Some(&portal.region);
        set("region", region, portal.region.as_ref().map(|r| r.as_str().into()));
        let profile_name = present.map(|p| &p.profile_name) == Some(&portal.profile_name);
        set("profile_name", profile_name, portal.profile_name.as_deref().map(Into::into));
        let command = present.map(|p| &p.token_command) == Some(&portal.token_command);
        let words = |words: &Vec<String>| words.iter().map(String::as_str).collect::<Array>().into();
        set("token_command", command, portal.token_command.as_ref().map(words));
        let browser = present.map(|p| &p.browser) == Some(&portal.browser);
        set("browser", browser, portal.browser.as_deref().map(Into::into));
        let keys = present.map_or(&[][..], |p| &p.keys);
        if keys != portal.keys {
            set_keys(table, keys, &portal.keys);
        }
        Ok(())
    }

    /// The name of a portal's table as the file spells it: capitals make no other portal.
    fn spelled(&self, portal: &PortalName) -> Option<String> {
        let portals = self.document.get("portal")?.as_table_like()?;
        let is_it = |name: &&str| name.parse::<PortalName>().is_ok_and(|name| name == *portal);
        portals.iter().map(|(name, _)| name).find(is_it).map(str::to_owned)
    }

    /// The choices for these portals and nothing else, as a file for somebody else, below the comment `head`.
    pub fn of_portals(portals: &[PortalSettings], head: &str) -> Result<String, SettingsError> {
        let mut settings = Self::parse(Path::new(""), "")?;
        portals.iter().try_for_each(|portal| settings.set_portal(portal))?;
        let text = settings.render();
        Ok(format!("{head}{}", text.strip_prefix(HEAD).unwrap_or(&text)))
    }

    /// The text of the file: to the byte what was read, while nothing changed.
    pub fn render(&self) -> String {
        if !self.is_changed {
            return self.text.clone();
        }
        // The library writes neither a byte order mark nor Windows's line ends, and always a last line end.
        let mark = if self.text.starts_with(BYTE_ORDER_MARK) { "\u{feff}" } else { "" };
        let mut text = self.document.to_string();
        if !self.text.is_empty() && !self.text.ends_with('\n') && text.ends_with('\n') {
            text.pop();
        }
        let text = if self.text.contains("\r\n") { text.replace('\n', "\r\n") } else { text };
        format!("{mark}{text}")
    }

    fn misshapen(&self) -> SettingsError {
        SettingsError::Shape { path: self.path.display().to_string() }
    }
}

fn list(names: &[TenantPattern]) -> toml_edit::Value {
    names.iter().map(TenantPattern::as_str).collect::<Array>().into()
}

/// Brings the table `keys` of a portal from `present` to `wanted`, a key at a time.
fn set_keys(table: &mut dyn toml_edit::TableLike, present: &[(Key, Value)], wanted: &[(Key, Value)]) {
    if wanted.is_empty() {
        table.remove("keys");
        return;
    }
    let item = table.entry("keys").or_insert_with(|| Item::Table(Table::new()));
    // On one line, what stands before the closing brace belongs to the last value.
    let end = last_in_line(item).map(|last| {
        let end = last.decor().suffix().and_then(|end| end.as_str()).unwrap_or_default().to_owned();
        last.decor_mut().set_suffix("");
        end
    });
    let Some(keys) = item.as_table_like_mut() else { return };
    for (key, _) in present.iter().filter(|(key, _)| !wanted.iter().any(|(other, _)| other == key)) {
        keys.remove(key.as_str());
    }
    for pair in wanted.iter().filter(|pair| !present.contains(pair)) {
        let wanted = toml_edit::Value::from(pair.1.as_str());
        match keys.get_mut(pair.0.as_str()) {
            Some(item) => *item = in_place_of(item, wanted),
            None => drop(keys.insert(pair.0.as_str(), value(wanted))),
        }
    }
    if let (Some(end), Some(last)) = (end, last_in_line(item)) {
        last.decor_mut().set_suffix(end);
    }
}

/// The last value of a table on one line; `None` for a table of lines.
fn last_in_line(keys: &mut Item) -> Option<&mut toml_edit::Value> {
    keys.as_inline_table_mut()?.iter_mut().last().map(|(_, value)| value)
}

const HEAD: &str =
    "# Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.\n\n";

const BYTE_ORDER_MARK: char = '\u{feff}';

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
            exclude: Vec::new(),
            keys: Vec::new(),
            token_command: None,
            browser: None,
        }
    }

    #[test]
    fn how_to_sign_in() {
        let text = "[sign_in]\nwait = 20\nkeep_token_in = \"file\"\n[portal.a]\nhost = \"https://a.net\"\nbrowser = \"firefox -P work\"\ntoken_command = \"op read 'op://work/my portal/token'\"\n[portal.b]\nhost = \"https://b.net\"\ntoken_command = [\"pass\", \"a b\"]\n";
        let file = settings(text);
        let said = file.sign_in().unwrap();
        assert_eq!((said.wait, said.place), (Duration::from_secs(20), TokenPlace::File));
        let portals = file.portals().unwrap();
        let command = |n: usize| portals[n].token_command.clone().unwrap();
        assert_eq!(command(0), ["op", "read", "op://work/my portal/token"]);
        assert_eq!(command(1), ["pass", "a b"]);
        assert_eq!(portals[0].browser.as_deref(), Some("firefox -P work"));
        assert_eq!(settings("").sign_in().unwrap(), SignInSettings::default());
        let error = |text: &str| settings(text).sign_in().unwrap_err().to_string();
        assert_eq!(
            error("[sign_in]\nwait = 0\n"),
            "config.toml: `sign_in.wait`: write a number of seconds from 1 to 300"
        );
        assert!(error("[sign_in]\nkeep_token_in = \"x\"\n").contains("`\"keyring\"`"));
        let error = |text: &str| settings(text).portals().unwrap_err().to_string();
        assert!(
            error("[portal.a]\nhost = \"https://a.net\"\ntoken_command = []\n").contains("token_command")
        );
        assert!(
            error("[portal.a]\nhost = \"https://a.net\"\ntoken_command = \"a 'b\"\n")
                .contains("token_command")
        );
    }

    #[test]
    fn reads_what_it_writes() {
        let mut file = settings("");
        file.set_portal(&acme()).unwrap();
        assert_eq!(
            file.render(),
            format!(
                "{HEAD}[portal.acme]\nhost = \"https://acme.duplocloud.net\"\nadmin = true\ntenants = [\"dev01\"]\n"
            )
        );
        assert_eq!(settings(&file.render()).portals().unwrap(), [acme()]);
    }

    #[test]
    fn comments_order_and_unknown_keys_stay() {
        let text = "# mine\n[portal.acme] # work\ntenants = [ \"dev01\" ] # one\nhost=\"https://acme.duplocloud.net\"\nlater = 1\nadmin = false # not yet\n\n[other]\nx=1\n";
        let mut file = settings(text);
        let mut portal = acme();
        portal.admin = Some(false);
        file.set_portal(&portal).unwrap();
        assert_eq!(file.render(), text);
        file.set_portal(&acme()).unwrap();
        assert!(file.render().contains("admin = true # not yet\n"), "{}", file.render());
    }

    #[test]
    fn a_list_keeps_the_comments_of_what_stays() {
        let text = "[portal.acme]\r\nhost = 'https://ACME.duplocloud.net'\r\nadmin = true\r\ntenants = [\r\n  \"dev01\", # ours\r\n  \"old\", # gone\r\n]\r\n";
        let mut file = settings(&format!("\u{feff}{text}"));
        let mut portal = acme();
        portal.tenants = TenantChoice::Named(vec!["dev01".parse().unwrap(), "old".parse().unwrap()]);
        file.set_portal(&portal).unwrap();
        assert_eq!(file.render(), format!("\u{feff}{text}"));
        portal.tenants = TenantChoice::Named(vec!["dev01".parse().unwrap(), "new".parse().unwrap()]);
        file.set_portal(&portal).unwrap();
        let rendered = file.render();
        assert!(
            rendered.starts_with("\u{feff}[portal.acme]\r\nhost = 'https://ACME.duplocloud.net'\r\n"),
            "{rendered:?}"
        );
        assert!(
            rendered.ends_with("tenants = [\r\n  \"dev01\", # ours\r\n  \"new\",\r\n]\r\n"),
            "{rendered:?}"
        );
        assert_eq!(settings(&rendered).portals().unwrap(), [portal]);
    }

    #[test]
    fn a_list_is_still_one_whatever_goes_and_comes() {
        for (names, before, after) in [
            ("b", "['a', 'b']", "['b']"),
            ("a c", "['a','b']", "['a', \"c\"]"),
            ("A b", "[ 'a', 'b', ] # x", "[ 'a', 'b', ] # x"),
            // A comment must not swallow what now follows it.
            ("a", "[ 'a', # x\n  'b']", "[ 'a' # x\n]"),
            ("a c", "[ 'a' # x\n  , 'b' ]", "[ 'a' # x\n  , \"c\" ]"),
            ("a b", "[ 'a' # x\n]", "[ 'a', # x\n \"b\"\n]"),
            ("b", "[ # who\n  'a', # x\n  # y\n  'b' # z\n]", "[ # who\n  # y\n  'b' # z\n]"),
            ("b", "[\n  # about a\n  'a', 'b',\n]", "[\n  'b',\n]"),
            ("c", "[ # who\n  'a', # x\n  'b', # z\n  # end\n]", "[ # who\n  \"c\",\n  # end\n]"),
            ("a", "[ # none yet\n]", "[ # none yet\n\"a\"\n]"),
            ("a", "[]", "[\"a\"]"),
        ] {
            let text = |list: &str| format!("[portal.acme]\nhost = 'https://acme.net'\ntenants = {list}\n");
            let mut file = settings(&text(before));
            let mut portal = file.portals().unwrap().remove(0);
            portal.tenants =
                TenantChoice::Named(names.split(' ').map(|name| name.parse().unwrap()).collect());
            file.set_portal(&portal).unwrap();
            assert_eq!(file.render(), text(after), "{names} of {before}");
            assert!(settings(&file.render()).portals().unwrap()[0].tenants.is_the_same(&portal.tenants));
        }
    }

    #[test]
    fn a_last_line_without_end_stays_without() {
        let mut file = settings("[portal.acme]\nhost = \"https://acme.duplocloud.net\"\nadmin = false");
        file.set_portal(&acme()).unwrap();
        assert!(file.render().ends_with("admin = true\ntenants = [\"dev01\"]"), "{:?}", file.render());
    }

    #[test]
    fn extra_keys_come_and_go() {
        for (before, wanted, after) in [
            (
                "keys = { output = 'json' } # x",
                "output=json cli_pager=less",
                "keys = { output = 'json', cli_pager = \"less\" } # x",
            ),
            (
                "keys = { output = 'json', cli_pager = 'less' }",
                "cli_pager=less",
                "keys = { cli_pager = 'less' }",
            ),
            ("keys = {output='json',cli_pager='less'}", "output=text", "keys = {output=\"text\"}"),
            ("keys.output = 'json' # x", "output=json a=b", "keys.output = 'json' # x\nkeys.a = \"b\""),
            (
                "[portal.acme.keys]\noutput = 'json' # x",
                "output=json a=b",
                "[portal.acme.keys]\noutput = 'json' # x\na = \"b\"",
            ),
            (
                "[portal.acme.keys]\noutput = 'json' # x\n# y\na = 1",
                "output=text",
                "[portal.acme.keys]\noutput = \"text\" # x",
            ),
        ] {
            let text = |keys: &str| format!("[portal.acme]\nhost = 'https://acme.net'\n{keys}\n");
            let mut file = settings(&text(before));
            let mut portal = file.portals().unwrap().remove(0);
            let pairs = wanted.split(' ').map(|pair| pair.split_once('=').unwrap());
            portal.keys = pairs.map(|(key, value)| (key.parse().unwrap(), value.parse().unwrap())).collect();
            file.set_portal(&portal).unwrap();
            assert_eq!(file.render(), text(after), "{wanted} of {before}");
        }
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
        assert!(error("[[portal]]\nhost = \"https://a.net\"\n").contains("must be tables"));
        assert!(Settings::parse("c".as_ref(), "[").is_err());
    }
}
