//! A portal taken out: its table goes with the comment right above it, and no other line does.

use toml_edit::{Item, Table};

use crate::base::PortalName;
use crate::store::settings::Settings;

impl Settings {
    /// Takes a portal's choices out, and tells whether there were any.
    pub fn remove_portal(&mut self, portal: &PortalName) -> bool {
        let Some(spelled) = self.spelled(portal) else { return false };
        let portals = self.document.get_mut("portal").and_then(Item::as_table_like_mut);
        let Some(removed) = portals.and_then(|portals| portals.remove(&spelled)) else { return false };
        self.is_changed = true;
        let mut headers = Vec::new();
        each_header(&removed, &mut |at, table| headers.push((at, prefix(table))));
        if let Some((at, above)) = headers.into_iter().min_by_key(|(at, _)| *at) {
            self.keep_above(at, &above);
        }
        true
    }

    /// What stood above a header that is gone, paragraphs that are not right above it, is from now on above the next.
    fn keep_above(&mut self, gone: isize, above: &str) {
        let kept = above.rfind("\n\n").map_or("", |at| &above[..at + 2]);
        let kept = if kept.trim().is_empty() { "" } else { kept };
        let (mut next, mut is_first) = (None, true);
        let root = self.document.as_table();
        is_first &= root.iter().all(|(_, item)| !item.is_value());
        for (_, item) in root {
            each_header(item, &mut |at, _| {
                is_first &= at > gone;
                if at > gone {
                    next = Some(next.map_or(at, |next: isize| next.min(at)));
                }
            });
        }
        let join = |below: &str| match (kept.is_empty(), is_first) {
            (true, false) => below.to_owned(),
            _ => format!("{kept}{}", below.trim_start_matches('\n')),
        };
        match next {
            Some(next) => {
                for (_, item) in self.document.as_table_mut().iter_mut() {
                    change_header(item, next, &|table| {
                        let below = prefix(table);
                        table.decor_mut().set_prefix(join(&below));
                    });
                }
            }
            None => {
                let below = self.document.trailing().as_str().unwrap_or_default().to_owned();
                self.document.set_trailing(join(&below));
            }
        }
    }
}

fn prefix(table: &Table) -> String {
    table.decor().prefix().and_then(|prefix| prefix.as_str()).unwrap_or_default().to_owned()
}

/// Every table with a header of its own, with its place in the file.
fn each_header(item: &Item, see: &mut dyn FnMut(isize, &Table)) {
    let mut of_table = |table: &Table| {
        if let Some(at) = table.position().filter(|_| !table.is_implicit() && !table.is_dotted()) {
            see(at, table);
        }
        table.iter().for_each(|(_, item)| each_header(item, see));
    };
    match item {
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => tables.iter().for_each(of_table),
        _ => {}
    }
}

fn change_header(item: &mut Item, place: isize, change: &dyn Fn(&mut Table)) {
    let of_table = |table: &mut Table| {
        if table.position() == Some(place) && !table.is_implicit() && !table.is_dotted() {
            change(table);
        }
        table.iter_mut().for_each(|(_, item)| change_header(item, place, change));
    };
    match item {
        Item::Table(table) => of_table(table),
        Item::ArrayOfTables(tables) => tables.iter_mut().for_each(of_table),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_and_what_stays() {
        let (a, b) = ("[portal.acme]\nhost = 'https://a.net'\n", "[portal.b]\nhost = 'https://b.net' # x\n");
        for (before, after) in [
            (a.to_owned(), String::new()),
            (format!("{a}\n{b}"), b.to_owned()),
            (format!("{b}\n{a}"), b.to_owned()),
            (format!("# head\n\n# work\n{a}\n# home\n{b}"), format!("# head\n\n# home\n{b}")),
            (format!("# head\n\n{a}"), "# head\n\n".to_owned()),
            (format!("{b}\n# of b\n\n# work\n{a}"), format!("{b}\n# of b\n\n")),
            (format!("{a}[portal.acme.keys]\noutput = 'x'\n\n{b}"), b.to_owned()),
            (format!("command = '/bin/x'\n\n{a}\n{b}"), format!("command = '/bin/x'\n\n{b}")),
            (format!("{a}# end\n"), "# end\n".to_owned()),
            (
                "[portal]\nacme = { host = 'https://a.net' }\n# b\nb = { host = 'https://b.net' }\n"
                    .to_owned(),
                "[portal]\n# b\nb = { host = 'https://b.net' }\n".to_owned(),
            ),
        ] {
            let mut settings = Settings::parse("config.toml".as_ref(), &before).unwrap();
            assert!(settings.remove_portal(&"acme".parse().unwrap()), "{before}");
            assert_eq!(settings.render(), after, "{before}");
        }
    }
}
