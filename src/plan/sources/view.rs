//! What one reader sees of a profile in the two files, as far as it is about credentials.

use std::collections::HashMap;

use crate::awsconfig::{Document, Property, Readers, Section, SectionKind};
use crate::plan::sources::Place;

/// The key of our own source.
pub(super) const PROCESS: &str = "credential_process";

/// Every key that some reader takes for a source of credentials, or for a part of one.
pub(super) const KEYS: [&str; 14] = [
    PROCESS,
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "role_arn",
    "source_profile",
    "credential_source",
    "web_identity_token_file",
    "sso_session",
    "sso_start_url",
    "sso_region",
    "sso_account_id",
    "sso_role_name",
    "login_session",
];

/// One of the two files.
pub(super) struct File<'a> {
    sections: HashMap<&'a str, Vec<Part>>,
    /// The line for which each reader refuses the whole file.
    refused: [Option<usize>; Readers::EACH.len()],
}

/// What a section says of credentials.
struct Part {
    kind: SectionKind,
    seen_by: Readers,
    said: Vec<Said>,
}

/// One of the keys, with a value.
#[derive(Clone, Copy)]
struct Said {
    key: &'static str,
    line: usize,
    is_empty: bool,
    seen_by: Readers,
}

impl<'a> File<'a> {
    pub(super) fn new(document: &'a Document) -> Self {
        let mut sections: HashMap<&str, Vec<Part>> = HashMap::new();
        for section in document.sections() {
            if matches!(section.kind(), SectionKind::Default | SectionKind::Profile) {
                sections.entry(section.name()).or_default().push(part(&section));
            }
        }
        let all = document.disagreements();
        let refused = Readers::EACH
            .map(|reader| all.iter().find(|one| one.rejects.contains(reader)).map(|one| one.line));
        Self { sections, refused }
    }

    /// The line for which a reader refuses all of it.
    pub(super) fn refused_at(&self, reader: Readers) -> Option<usize> {
        Readers::EACH.iter().position(|one| *one == reader).and_then(|at| self.refused[at])
    }

    /// What a reader sees of a profile; `None` where it sees no such profile.
    fn seen_by(&self, reader: Readers, profile: &str) -> Option<View> {
        let all = self.sections.get(profile)?;
        let mut parts: Vec<&Part> = all.iter().filter(|part| part.seen_by.contains(reader)).collect();
        // Of `[default]` and `[profile default]` the later one is all that botocore sees, the second all that the
        // others do.
        if parts.iter().any(|part| part.kind != parts[0].kind) {
            if reader == Readers::BOTOCORE {
                parts.drain(..parts.len() - 1);
            } else {
                parts.retain(|part| part.kind == SectionKind::Profile);
            }
        }
        let mut view = View::default();
        for said in parts.iter().flat_map(|part| &part.said).filter(|said| said.seen_by.contains(reader)) {
            let place = KEYS.iter().position(|key| *key == said.key).map(|at| &mut view.0[at]);
            if let Some(place) = place {
                *place = Some((said.line, said.is_empty));
            }
        }
        (!parts.is_empty()).then_some(view)
    }
}

fn part(section: &Section<'_>) -> Part {
    let mut said = Vec::new();
    for property in section.properties() {
        let key = KEYS.into_iter().find(|key| property.folded_key() == *key);
        said.extend(key.map(|key| Said {
            key,
            line: property.line,
            is_empty: property.value.is_empty(),
            // These two compare keys as they are spelled.
            seen_by: if property.key == key {
                Readers::ALL
            } else {
                Readers::ALL.without(Readers::JAVA.and(Readers::JS))
            },
        }));
        if !property.is_nested() {
            said.extend(hidden(&property));
        }
    }
    Part { kind: section.kind(), seen_by: section.seen_by(), said }
}

/// Indented lines under a plain value: to Go and JavaScript `key = value` there is a property of its own.
fn hidden(property: &Property) -> impl Iterator<Item = Said> {
    property.continuation.iter().filter_map(|(line, text)| {
        let at = text.find(['=', ':'])?;
        let (spelled, value) = (text[..at].trim(), text[at + 1..].trim());
        let key = KEYS.into_iter().find(|key| spelled.eq_ignore_ascii_case(key))?;
        let js = spelled == key && text[at..].starts_with('=');
        let seen_by = if js { Readers::GO.and(Readers::JS) } else { Readers::GO };
        Some(Said { key, line: *line, is_empty: value.is_empty(), seen_by })
    })
}

/// For each of the keys, where it stands and whether its value is empty.
#[derive(Clone, Copy, Default)]
struct View([Option<(usize, bool)>; KEYS.len()]);

/// What a reader sees of one profile in both files.
pub(super) struct Seen {
    config: Option<View>,
    credentials: Option<View>,
}

impl Seen {
    pub(super) fn by(reader: Readers, config: &File<'_>, credentials: &File<'_>, profile: &str) -> Self {
        Self { config: config.seen_by(reader, profile), credentials: credentials.seen_by(reader, profile) }
    }

    /// Whether there is such a profile.
    pub(super) fn is_there(&self) -> bool {
        self.config.is_some() || self.credentials.is_some()
    }

    /// Where a key with a value stands that is in force: in the credentials file, else in the config file.
    pub(super) fn has(&self, key: &'static str) -> Option<Place> {
        self.in_credentials(key).or_else(|| self.in_config(key))
    }

    /// As [`Self::has`], for a key that may be without a value.
    pub(super) fn has_even_empty(&self, key: &'static str) -> Option<Place> {
        credentials(self.credentials.as_ref(), key, true).or_else(|| config(self.config.as_ref(), key, true))
    }

    pub(super) fn in_config(&self, key: &'static str) -> Option<Place> {
        config(self.config.as_ref(), key, false)
    }

    pub(super) fn in_credentials(&self, key: &'static str) -> Option<Place> {
        credentials(self.credentials.as_ref(), key, false)
    }
}

fn config(view: Option<&View>, key: &'static str, even_empty: bool) -> Option<Place> {
    place(view, key, even_empty).map(|line| Place::Config { line, key: Some(key) })
}

fn credentials(view: Option<&View>, key: &'static str, even_empty: bool) -> Option<Place> {
    place(view, key, even_empty).map(|line| Place::Credentials { line, key: Some(key) })
}

fn place(view: Option<&View>, key: &'static str, even_empty: bool) -> Option<usize> {
    let at = KEYS.iter().position(|one| *one == key)?;
    let (line, is_empty) = view?.0[at]?;
    (even_empty || !is_empty).then_some(line)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::{KeyStanding, standing};

    #[test]
    fn no_key_that_beats_us_is_written_for_anybody() {
        for key in KEYS.into_iter().filter(|key| *key != PROCESS) {
            let standing = standing(&key.parse().unwrap());
            assert!(matches!(standing, KeyStanding::BeatsUs | KeyStanding::Secret), "{key}: {standing:?}");
        }
    }
}
