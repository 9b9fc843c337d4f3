//! A portal under another short name: its table keeps its place, and all that stands in it and above it.

use toml_edit::{Item, Key};

use crate::base::PortalName;
use crate::store::settings::Settings;

impl Settings {
    /// Gives a portal another short name, and tells whether there is one of the old. The new one must be free.
    pub fn rename_portal(&mut self, from: &PortalName, to: &PortalName) -> bool {
        let Some(spelled) = self.spelled(from) else { return false };
        let Some(portals) = self.document.get_mut("portal").and_then(Item::as_table_like_mut) else {
            return false;
        };
        // The library appends what is put in; to keep the order, everything is put in anew.
        let names: Vec<String> = portals.iter().map(|(name, _)| name.to_owned()).collect();
        for name in names {
            let (Some(key), Some(item)) = (portals.key(&name).cloned(), portals.remove(&name)) else {
                continue;
            };
            let key = if name == spelled {
                Key::new(to.as_str())
                    .with_leaf_decor(key.leaf_decor().clone())
                    .with_dotted_decor(key.dotted_decor().clone())
            } else {
                key
            };
            portals.entry_format(&key).or_insert(item);
        }
        self.is_changed = true;
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_else_stays() {
        for (before, after) in [
            (
                "# mine\n[portal.acme] # work\nhost = 'https://a.net' # x\n[portal.acme.keys]\noutput = 'json'\n\n[portal.b]\nhost='https://b.net'\n",
                "# mine\n[portal.new] # work\nhost = 'https://a.net' # x\n[portal.new.keys]\noutput = 'json'\n\n[portal.b]\nhost='https://b.net'\n",
            ),
            (
                "[portal.ACME]\r\nhost = 'https://a.net'\r\n\r\n[sign_in]\r\nwait = 5",
                "[portal.new]\r\nhost = 'https://a.net'\r\n\r\n[sign_in]\r\nwait = 5",
            ),
            (
                "[portal]\nacme = { host = 'https://a.net' } # one\nb = { host = 'https://b.net' }\n",
                "[portal]\nnew = { host = 'https://a.net' } # one\nb = { host = 'https://b.net' }\n",
            ),
            (
                "portal = { acme = { host = 'https://a.net' }, b = { host = 'https://b.net' } }\n",
                "portal = { new = { host = 'https://a.net' }, b = { host = 'https://b.net' } }\n",
            ),
            (
                "portal.acme.host = 'https://a.net'\nportal.b.host = 'https://b.net'\n",
                "portal.new.host = 'https://a.net'\nportal.b.host = 'https://b.net'\n",
            ),
            (
                "[portal]\n\"acme\".host = 'https://a.net'\n# b\nb.host = 'https://b.net'\n",
                "[portal]\nnew.host = 'https://a.net'\n# b\nb.host = 'https://b.net'\n",
            ),
        ] {
            let mut settings = Settings::parse("config.toml".as_ref(), before).unwrap();
            let (from, to) = ("acme".parse().unwrap(), "new".parse().unwrap());
            assert!(settings.rename_portal(&from, &to), "{before}");
            assert_eq!(settings.render(), after);
            assert!(!settings.rename_portal(&from, &to));
        }
    }
}
