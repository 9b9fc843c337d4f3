//! Giving a profile another name, and finding the profiles that go by it.

use std::collections::HashMap;
use std::ops::Range;

use crate::awsconfig::document::Document;
use crate::awsconfig::edit::Edit;
use crate::awsconfig::header::{self, FileKind, SectionKind};
use crate::awsconfig::refusal::EditError;
use crate::awsconfig::value::Key;
use crate::base::ProfileName;

/// The key by which one profile takes the credentials of another.
const SOURCE_PROFILE: &str = "source_profile";

impl Document {
    /// Changes the name in a profile's header, and tells whether that changed anything.
    ///
    /// Spacing and a comment after the header stay. Only `[default]` has no word `profile` before the name, so it
    /// comes and goes with that name. Whoever names the profile elsewhere still names the old one: see
    /// [`Document::rename_edits`].
    pub fn rename_profile(&mut self, profile: &str, to: &ProfileName) -> Result<bool, EditError> {
        let block = self.editable(profile)?;
        if profile == to.as_str() {
            return Ok(false);
        }
        self.check_free(to)?;
        let bytes = self.renamed(block, to);
        let text = self.write(&bytes);
        self.retitle(block, text.clone());
        self.blocks[block].lines[0].text = text;
        Ok(true)
    }

    /// Reads a block's header anew, from bytes in the buffer.
    pub(super) fn retitle(&mut self, block: usize, text: Range<usize>) {
        let header = header::parse(&self.shown(text), FileKind::Config);
        self.retire(block);
        self.head(block, header);
    }

    /// The edits that give a profile another name: its own header, then every `source_profile` in force that names
    /// it. Applied in their order, all of them are accepted.
    ///
    /// # Errors
    /// When one of them would be refused, so that no profile is left without its source.
    pub fn rename_edits(&self, profile: &str, to: &ProfileName) -> Result<Vec<Edit>, EditError> {
        let users = self.users_by_source().remove(profile).unwrap_or_default();
        let edits = Self::rename_edits_of(profile, to, &users);
        let mut trial = self.clone();
        for edit in &edits {
            trial.apply(edit)?;
        }
        Ok(edits)
    }

    /// The profiles with a `source_profile` in force, by the profile it names, in file order.
    pub fn users_by_source(&self) -> HashMap<String, Vec<String>> {
        let mut users: HashMap<String, Vec<String>> = HashMap::new();
        for name in self.profile_names() {
            let profile = self.profile(name);
            if let Some(source) = profile.as_ref().and_then(|profile| profile.value(SOURCE_PROFILE)) {
                users.entry(source.to_owned()).or_default().push(name.to_owned());
            }
        }
        users
    }

    /// The same edits for a profile whose users are known, not tried out: who renames thousands looks through the file
    /// once.
    pub fn rename_edits_of(profile: &str, to: &ProfileName, users: &[String]) -> Vec<Edit> {
        let mut edits = vec![Edit::Rename { profile: profile.to_owned(), to: to.clone() }];
        if profile != to.as_str() {
            let key: Key = SOURCE_PROFILE.parse().expect("a fixed key is well-formed");
            edits.extend(users.iter().map(|name| {
                let profile = if name == profile { to.as_str() } else { name }.to_owned();
                let value =
                    to.as_str().parse().expect("a profile name is a value that every reader reads alike");
                Edit::Set { profile, key: key.clone(), value }
            }));
        }
        edits
    }

    /// The bytes of a plain header with another name.
    fn renamed(&self, block: usize, to: &ProfileName) -> Vec<u8> {
        let Self { blocks, text, .. } = self;
        let header = blocks[block].header.as_ref().expect("an editable block has a header");
        let line = &text[blocks[block].lines[0].text.clone()];
        let close = line.iter().position(|b| *b == b']').expect("a plain header has its bracket");
        if to.is_default() || header.kind == SectionKind::Default {
            return [b"[", header::inner(to).as_bytes(), &line[close..]].concat();
        }
        // The name of a plain header stands as it is, unquoted and just before the bracket.
        [&line[..close - header.name.len()], to.as_str().as_bytes(), &line[close..]].concat()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awsconfig::anomaly::Anomaly;

    fn rename(text: &str, from: &str, to: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        document.rename_profile(from, &to.parse().unwrap())?;
        Ok(String::from_utf8(document.render()).unwrap())
    }

    fn with_sources(text: &str, from: &str, to: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        for edit in document.rename_edits(from, &to.parse().unwrap())? {
            assert_eq!(document.apply(&edit), Ok(true), "{edit:?}");
        }
        Ok(String::from_utf8(document.render()).unwrap())
    }

    #[test]
    fn only_the_name_changes_and_changes_back() {
        let table = [
            ("[profile a]\nk = v\n", "[profile longer]\nk = v\n", "a", "longer"),
            ("[profile\ta] # why\r\n\r\n", "[profile\tb] # why\r\n\r\n", "a", "b"),
            ("[profile team/x]\t; [y", "[profile x]\t; [y", "team/x", "x"),
            ("[z]\n[default] # main\nk = v", "[z]\n[profile b] # main\nk = v", "default", "b"),
            ("[profile a] # x\n", "[default] # x\n", "a", "default"),
        ];
        for (before, after, from, to) in table {
            assert_eq!(rename(before, from, to).as_deref(), Ok(after), "{before:?}");
            // A name of other people's making cannot be given again.
            if from.parse::<ProfileName>().is_ok() {
                assert_eq!(rename(after, to, from).as_deref(), Ok(before), "{after:?}");
            }
        }
        assert_eq!(rename("[profile default]\n", "default", "a").as_deref(), Ok("[profile a]\n"));
        assert_eq!(rename("[profile a]\n", "a", "a").as_deref(), Ok("[profile a]\n"));
    }

    #[test]
    fn the_profile_goes_by_its_new_name_only() {
        let mut document = Document::parse(b"[profile a]\nk = v\n");
        document.rename_profile("a", &"b".parse().unwrap()).unwrap();
        assert_eq!(document.profile("b").unwrap().value("k"), Some("v"));
        assert_eq!(document.remove_profile("a"), Err(EditError::NoSuchProfile("a".to_owned())));
        document.insert_profile(&"a".parse().unwrap(), &[]).unwrap();
        assert_eq!(document.profile_names(), ["b", "a"]);
        document.remove_profile("b").unwrap();
        assert_eq!(document.render(), b"\n[profile a]\n");
    }

    #[test]
    fn a_name_that_somebody_may_see_is_not_given_again() {
        let table = [
            ("[profile b]\n", 2),
            ("[profile \"b\"]\n", 2),
            ("[profile b\n", 2),
            ("[z]\nk = v\n  [profile b]\n", 4),
            ("[profile a]\n", 2),
        ];
        for (rest, line) in table {
            let text = format!("[profile a]\n{rest}");
            assert_eq!(rename(&text, "a", "b").unwrap_err().line(), Some(line), "{text:?}");
        }
        assert_eq!(rename("[profile a]\n", "c", "b"), Err(EditError::NoSuchProfile("c".to_owned())));
    }

    #[test]
    fn sources_follow() {
        let before = "[profile a]\nsource_profile = a\n[profile b]\nsource_profile=a ; x\n[default]\nSource_Profile = a\n\
                      [profile c]\nsource_profile = b\n";
        let after = "[profile n]\nsource_profile = n\n[profile b]\n; x\nsource_profile=n\n[default]\nsource_profile = n\n\
                     [profile c]\nsource_profile = b\n";
        assert_eq!(with_sources(before, "a", "n").as_deref(), Ok(after));
    }

    #[test]
    fn a_source_that_cannot_follow_stops_it_all() {
        let twice = "[profile a]\n[profile b]\nsource_profile = a\nSource_profile = a\n";
        let error = EditError::Unsafe { line: 4, anomaly: Anomaly::DuplicateKey(3) };
        assert_eq!(with_sources(twice, "a", "n"), Err(error));
        let disputed = "[profile a]\n[profile \"b\"]\nsource_profile = a\n";
        assert_eq!(with_sources(disputed, "a", "n").unwrap_err().line(), Some(2));
        assert_eq!(with_sources("[profile a]\n[profile n]\n", "a", "n").unwrap_err().line(), Some(2));
    }
}
