//! What a settings file says beyond the plain choices for a portal. It is nobody's to pass on, or to take from
//! somebody else, without a look: it starts programs, sends tokens elsewhere, or nobody knows what it does.

use toml_edit::{Item, Table};

use crate::base::PortalName;
use crate::store::settings::Settings;

/// The keys of a portal's table that are plain choices.
const PLAIN: [&str; 7] = ["host", "admin", "tenants", "exclude", "region", "profile_name", "keys"];

/// Something that is no plain choice.
#[derive(Debug, Clone)]
pub struct Extra {
    /// The portal in whose table it stands; `None` for what stands outside of them.
    pub portal: Option<PortalName>,
    /// Its key.
    pub name: String,
    item: Item,
}

impl Extra {
    /// Where it stands: `portal.acme.browser`.
    pub fn place(&self) -> String {
        match &self.portal {
            Some(portal) => format!("portal.{portal}.{}", self.name),
            None => self.name.clone(),
        }
    }

    /// Its value as TOML, as it is written. It may be anything, a secret too.
    pub fn value(&self) -> String {
        let mut table = toml_edit::DocumentMut::new();
        table.insert("x", self.bare());
        let text = table.to_string();
        text.trim().strip_prefix("x = ").unwrap_or(text.trim()).to_owned()
    }

    /// Without what stood around it, which belonged to the other file.
    fn bare(&self) -> Item {
        let mut item = self.item.clone();
        if let Item::Value(value) = &mut item {
            value.decor_mut().clear();
        }
        item
    }

    /// Its text, where it is one.
    pub fn text(&self) -> Option<&str> {
        self.item.as_str()
    }
}

impl Settings {
    /// What the file says beyond the plain choices, in its order.
    pub fn extras(&self) -> Vec<Extra> {
        let mut extras = Vec::new();
        for (key, item) in self.document.iter() {
            let Some(portals) = item.as_table_like().filter(|_| key == "portal") else {
                extras.push(Extra { portal: None, name: key.to_owned(), item: item.clone() });
                continue;
            };
            for (name, item) in portals.iter() {
                let (Ok(portal), Some(table)) = (name.parse::<PortalName>(), item.as_table_like()) else {
                    continue;
                };
                extras.extend(table.iter().filter(|(key, _)| !PLAIN.contains(key)).map(|(key, item)| {
                    Extra { portal: Some(portal.clone()), name: key.to_owned(), item: item.clone() }
                }));
            }
        }
        extras
    }

    /// Whether a portal's table says something for a key.
    pub fn says(&self, portal: &PortalName, key: &str) -> bool {
        let table = || {
            let portals = self.document.get("portal")?.as_table_like()?;
            portals.get(&self.spelled(portal)?)?.as_table_like()
        };
        table().is_some_and(|table| table.contains_key(key))
    }

    /// Takes over what another file said: for `portal`, which is there, or outside of the portals' tables.
    pub fn take(&mut self, portal: &PortalName, extra: &Extra) {
        let item = extra.bare();
        let spelled = self.spelled(portal);
        let table: Option<&mut dyn toml_edit::TableLike> = match (&extra.portal, spelled) {
            (None, _) => Some(self.document.as_table_mut()),
            (Some(_), Some(spelled)) => self
                .document
                .get_mut("portal")
                .and_then(Item::as_table_like_mut)
                .and_then(|portals| portals.get_mut(&spelled))
                .and_then(Item::as_table_like_mut),
            (Some(_), None) => None,
        };
        let Some(table) = table else { return };
        self.is_changed = true;
        match (table.get_mut(&extra.name), item) {
            (Some(present), item) => *present = item,
            (None, Item::Table(mut other)) => {
                // Where it stood in the other file means nothing here.
                other.set_position(None);
                table.insert(&extra.name, Item::Table(Table::clone(&other)));
            }
            (None, item) => drop(table.insert(&extra.name, item)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        Settings::parse("config.toml".as_ref(), text).unwrap()
    }

    #[test]
    fn what_is_no_plain_choice() {
        let text = "command = '/bin/x' # y\n[sign_in]\nwait = 5\n[portal.Acme]\nhost = 'https://a.net'\napi_host = 'https://b.net'\nhelper = [ 'sh', '-c' ]\nkeys = { output = 'json' }\n[portal.b]\nhost = 'https://b.net'\n";
        let extras = settings(text).extras();
        let found: Vec<_> = extras.iter().map(|extra| (extra.place(), extra.value())).collect();
        let expected = [
            ("command", "'/bin/x'"),
            ("sign_in", "[x]\nwait = 5"),
            ("portal.acme.api_host", "'https://b.net'"),
            ("portal.acme.helper", "[ 'sh', '-c' ]"),
        ];
        assert_eq!(found, expected.map(|(place, value)| (place.to_owned(), value.to_owned())));
        assert!(settings(text).says(&"acme".parse().unwrap(), "keys"));
        assert!(!settings(text).says(&"b".parse().unwrap(), "keys"));
    }

    #[test]
    fn taken_over_under_another_name() {
        let theirs = settings(
            "command = '/bin/x' # y\n[sign_in]\nwait = 5\n[portal.acme]\nhost = 'https://a.net'\nbrowser = 'links' # z\n",
        );
        let mut ours = settings("# mine\n[portal.work]\nhost = 'https://a.net' # x\n");
        for extra in theirs.extras() {
            ours.take(&"work".parse().unwrap(), &extra);
        }
        let text = ours.render();
        assert!(text.contains("# mine\n"), "{text}");
        assert!(text.contains("[portal.work]\nhost = 'https://a.net' # x\nbrowser = 'links'\n"), "{text}");
        let read = settings(&text);
        assert_eq!(read.command().unwrap().as_deref(), Some("/bin/x"));
        assert_eq!(read.sign_in().unwrap().wait.as_secs(), 5);
    }
}
