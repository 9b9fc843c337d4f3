//! Reading the document literally: sections, properties, nested lines, each with its line number.

use std::fmt;
use std::ops::Range;

use crate::awsconfig::document::Document;
use crate::awsconfig::header::{Header, SectionKind};
use crate::awsconfig::line::{Kind, Line, Parts};
use crate::awsconfig::readers::Readers;

/// One section of a document, as it stands there.
#[derive(Clone, Copy)]
pub struct Section<'a> {
    document: &'a Document,
    block: usize,
}

/// One property of a section, as it stands there.
#[derive(Clone, PartialEq, Eq)]
pub struct Property {
    /// The key as spelled.
    pub key: String,
    /// The first line of the value, without an inline comment.
    pub value: String,
    /// The 1-based line of the key.
    pub line: usize,
    /// The inline comment from its `#` or `;` on.
    pub comment: Option<String>,
    /// The indented lines under it, trimmed, with their line numbers; comments are not among them.
    pub continuation: Vec<(usize, String)>,
}

impl<'a> Section<'a> {
    /// What the section is for.
    pub fn kind(&self) -> SectionKind {
        self.header().kind
    }

    /// Its name without prefix and quotes, white space folded; all of the header for other sections.
    pub fn name(&self) -> &'a str {
        &self.header().name
    }

    /// The 1-based line of its header.
    pub fn line(&self) -> usize {
        self.document.blocks[self.block].lines[0].number
    }

    /// Who sees a profile of exactly this name here; everybody, for a section that is no profile; of a broken
    /// header, who sees any section at all.
    pub fn seen_by(&self) -> Readers {
        self.header().seen_by
    }

    /// The properties in file order, duplicates included.
    pub fn properties(&self) -> impl Iterator<Item = Property> + use<'a> {
        let (document, lines) = (self.document, &*self.document.blocks[self.block].lines);
        lines.iter().enumerate().filter_map(move |(at, line)| match &line.kind {
            Kind::Property(parts) => Some(property(document, lines, at, parts)),
            _ => None,
        })
    }

    pub(super) fn at(document: &'a Document, block: usize) -> Option<Self> {
        document.blocks[block].header.as_ref().map(|_| Self { document, block })
    }

    pub(super) fn header(&self) -> &'a Header {
        self.document.blocks[self.block].header.as_ref().expect("a section is a block with a header")
    }
}

impl Property {
    /// The key as most readers compare it: in lower case, without odd white space.
    pub fn folded_key(&self) -> String {
        fold_key(&self.key)
    }

    /// Whether the value is a nested block of properties.
    pub fn is_nested(&self) -> bool {
        self.value.is_empty() && !self.continuation.is_empty()
    }
}

/// Values may be secrets of other tools.
impl fmt::Debug for Property {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Property({} on line {})", self.key, self.line)
    }
}

pub(super) fn fold_key(key: &str) -> String {
    key.trim().to_lowercase()
}

/// The lines after the property at `at` that belong to it or lie between it and the next one.
pub(super) fn group(lines: &[Line], at: usize) -> Range<usize> {
    let rest = &lines[at + 1..];
    let next = rest.iter().position(|line| matches!(line.kind, Kind::Property(_)));
    at + 1..at + 1 + next.unwrap_or(rest.len())
}

fn property(document: &Document, lines: &[Line], at: usize, parts: &Parts) -> Property {
    let span = &lines[at].text;
    let under = &lines[group(lines, at)];
    Property {
        key: document.shown(parts.key.clone()).into_owned(),
        value: document.shown(parts.value.clone()).trim().to_owned(),
        line: lines[at].number,
        comment: parts.comment.map(|start| document.shown(start..span.end).into_owned()),
        continuation: under
            .iter()
            .filter(|line| line.kind == Kind::Continuation)
            .map(|line| (line.number, document.shown(line.text.clone()).trim().to_owned()))
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_read_literally() {
        let text = b"# top\n[profile a] # x\nRegion = us-east-1 ; y\n\ns3 =\n  a = b\n# z\n  c = d\nregion=2\n[plugins]\n";
        let document = Document::parse(text);
        let sections: Vec<_> = document.sections().map(|s| (s.kind(), s.name(), s.line())).collect();
        assert_eq!(sections, [(SectionKind::Profile, "a", 2), (SectionKind::Other, "plugins", 10)]);

        let section = document.sections().next().unwrap();
        let properties: Vec<_> = section.properties().collect();
        let keys: Vec<_> = properties.iter().map(|p| (p.key.as_str(), p.value.as_str(), p.line)).collect();
        assert_eq!(keys, [("Region", "us-east-1", 3), ("s3", "", 5), ("region", "2", 9)]);
        assert_eq!(properties[0].comment.as_deref(), Some("; y"));
        assert!(properties[1].is_nested() && !properties[0].is_nested());
        assert_eq!(properties[1].continuation, [(6, "a = b".to_owned()), (8, "c = d".to_owned())]);
    }
}
