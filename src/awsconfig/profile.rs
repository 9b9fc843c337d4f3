//! A profile as the SDKs see it: sections merged, the last value of a key, values joined.

use std::collections::HashMap;
use std::fmt;

use crate::awsconfig::disagreement::{self, Disagreement};
use crate::awsconfig::document::{Claim, Document};
use crate::awsconfig::header::{FileKind, Header, SectionKind};
use crate::awsconfig::readers::Readers;
use crate::awsconfig::section::{Property, Section};

/// What the readers make of one profile, and where they differ.
///
/// Where they differ, the values are those of the SDKs for Rust and Java, which wrote the shared test suite.
#[derive(Debug, Clone)]
pub struct Profile {
    /// The name of the profile.
    pub name: String,
    /// The 1-based lines of the headers it is made of.
    pub lines: Vec<usize>,
    /// Who sees a profile of this name at all.
    pub seen_by: Readers,
    /// The properties, each key once, in the order in which the keys first appear.
    pub properties: Vec<Effective>,
    /// Everything in its sections that is not read alike, by line.
    pub disagreements: Vec<Disagreement>,
}

/// A property that is in force.
#[derive(Clone, PartialEq, Eq)]
pub struct Effective {
    /// The key in lower case.
    pub key: String,
    /// The whole value: continuation lines follow after `\n`, a nested block starts with one.
    pub value: String,
    /// The 1-based line of the key.
    pub line: usize,
    /// The properties of a nested block.
    pub nested: Vec<(String, String)>,
}

impl Profile {
    /// The property in force under a key, which is given in lower case.
    pub fn property(&self, key: &str) -> Option<&Effective> {
        self.properties.iter().find(|property| property.key == key)
    }

    /// The value in force under a key, which is given in lower case.
    pub fn value(&self, key: &str) -> Option<&str> {
        self.property(key).map(|property| property.value.as_str())
    }
}

impl Document {
    /// The profile of this name as the SDKs see it. `[profile default]` replaces `[default]`.
    pub fn profile(&self, name: &str) -> Option<Profile> {
        let blocks = self.blocks_of(name);
        if blocks.is_empty() {
            return None;
        }
        let mut profile = Profile {
            name: name.to_owned(),
            lines: Vec::new(),
            seen_by: Readers::NONE,
            properties: Vec::new(),
            disagreements: disagreement::of_profile(self, name, &blocks),
        };
        let mut places = HashMap::new();
        for section in blocks.iter().filter_map(|at| Section::at(self, *at)) {
            profile.lines.push(section.line());
            profile.seen_by = profile.seen_by.and(section.seen_by());
            for property in section.properties() {
                let property = effective(&property);
                let place = *places.entry(property.key.clone()).or_insert(profile.properties.len());
                match profile.properties.get_mut(place) {
                    Some(earlier) => *earlier = property,
                    None => profile.properties.push(property),
                }
            }
        }
        Some(profile)
    }

    /// The names of all profiles that anybody sees, in the order of their first header.
    pub fn profile_names(&self) -> Vec<&str> {
        let mut known = std::collections::HashSet::new();
        self.blocks
            .iter()
            .filter_map(|block| block.header.as_ref())
            .filter(|header| header.is_profile() && !header.seen_by.is_empty())
            .map(|header| header.name.as_str())
            .filter(|name| known.insert(*name))
            .collect()
    }

    /// The blocks that make up the profile: those that the strict readers see, if there is one.
    fn blocks_of(&self, name: &str) -> Vec<usize> {
        let headers: Vec<(usize, &Header)> = self
            .claims(name)
            .iter()
            .filter_map(|claim| match claim {
                Claim::Block(at) => Some((*at, self.blocks[*at].header.as_ref()?)),
                Claim::Shadow(..) => None,
            })
            .filter(|(_, header)| header.is_profile() && header.name == name)
            .collect();
        let strict = headers.iter().any(|(_, header)| header.seen_by.contains(Readers::RUST));
        let prefixed = self.file == FileKind::Config
            && name == "default"
            && headers.iter().any(|(_, header)| header.kind == SectionKind::Profile);
        headers
            .iter()
            .filter(|(_, header)| !strict || header.seen_by.contains(Readers::RUST))
            .filter(|(_, header)| !prefixed || header.kind == SectionKind::Profile)
            .map(|(at, _)| *at)
            .collect()
    }
}

/// Values may be secrets of other tools.
impl fmt::Debug for Effective {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Effective({} on line {})", self.key, self.line)
    }
}

fn effective(property: &Property) -> Effective {
    let mut value = property.value.clone();
    for (_, line) in &property.continuation {
        value.push('\n');
        value.push_str(line);
    }
    let nested = property
        .continuation
        .iter()
        .filter(|_| property.is_nested())
        .filter_map(|(_, line)| line.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()))
        .collect();
    Effective { key: property.folded_key(), value, line: property.line, nested }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_merge_and_the_last_value_wins() {
        let document =
            Document::parse(b"[profile a]\nregion = 1\nx = y\n[profile b]\n[profile a]\nRegion = 2\n");
        let profile = document.profile("a").unwrap();
        assert_eq!(profile.lines, [1, 5]);
        assert_eq!((profile.value("region"), profile.value("x")), (Some("2"), Some("y")));
        assert_eq!(profile.properties.len(), 2);
        assert!(profile.disagreements.iter().any(|d| d.rejects.contains(Readers::BOTOCORE)));
        assert_eq!(document.profile_names(), ["a", "b"]);
        assert!(document.profile("c").is_none());
    }

    #[test]
    fn the_prefixed_default_replaces_the_other() {
        let document = Document::parse(b"[profile default]\na = 1\n[default]\nb = 2\n");
        let keys: Vec<_> = document.profile("default").unwrap().properties;
        assert_eq!(keys.iter().map(|p| p.key.as_str()).collect::<Vec<_>>(), ["a"]);
    }

    #[test]
    fn nested_blocks() {
        let document = Document::parse(b"[profile a]\ns3 =\n  region = x\n\n  y = z\nregion = w\n");
        let profile = document.profile("a").unwrap();
        assert_eq!(profile.value("region"), Some("w"));
        let s3 = profile.property("s3").unwrap();
        assert_eq!(s3.value, "\nregion = x\ny = z");
        assert_eq!(s3.nested, [("region".into(), "x".into()), ("y".into(), "z".into())]);
    }

    #[test]
    fn credentials_name_profiles_bare() {
        let document = Document::parse_credentials(b"[a]\nx = 1\n[profile b]\n[default]\n");
        assert_eq!(document.profile("a").unwrap().value("x"), Some("1"));
        assert!(document.profile("b").is_none());
    }
}
