//! Where the readers do not read a file alike: one pass over the lines, each rule measured on real readers.

use std::collections::{HashMap, HashSet};

use crate::awsconfig::anomaly::Anomaly;
use crate::awsconfig::document::{Block, Claim, Document};
use crate::awsconfig::header::{self, FileKind, SectionKind};
use crate::awsconfig::line::{self, Junk, Kind, Line};
use crate::awsconfig::readers::Readers;
use crate::awsconfig::section::{fold_key, group};

/// One place where readers differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Disagreement {
    /// The 1-based line.
    pub line: usize,
    /// What is there.
    pub anomaly: Anomaly,
    /// Who reads nothing at all from a file with this.
    pub rejects: Readers,
    /// Who reads something else here than the rest.
    pub differs: Readers,
}

impl Document {
    /// Everything in the file that its readers do not read alike, by line.
    pub fn disagreements(&self) -> Vec<Disagreement> {
        let mut found = of_file(self);
        for block in &self.blocks {
            of_block(self, block, &mut found);
        }
        repeated_sections(self, &mut found);
        found.sort_by_key(|one| one.line);
        found
    }
}

/// What concerns one profile, made of the blocks given.
pub(super) fn of_profile(document: &Document, name: &str, blocks: &[usize]) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for at in blocks {
        of_block(document, &document.blocks[*at], &mut found);
    }
    repeated_profile(document, name, &mut found);
    found.sort_by_key(|one| one.line);
    found
}

const STRICT: Readers = Readers::RUST.and(Readers::JAVA);

fn add(found: &mut Vec<Disagreement>, line: usize, anomaly: Anomaly, rejects: Readers, differs: Readers) {
    found.push(Disagreement { line, anomaly, rejects, differs });
}

fn of_file(document: &Document) -> Vec<Disagreement> {
    let mut found = Vec::new();
    let all = STRICT.and(Readers::BOTOCORE);
    if let Some((line, anomaly)) = document.flaw {
        let (rejects, differs) = match anomaly {
            // Go loses the first header.
            Anomaly::ByteOrderMark => (all, Readers::GO.when(document.sections().next().is_some())),
            Anomaly::Utf16 => (Readers::ALL, Readers::NONE),
            Anomaly::BareCarriageReturn => (Readers::NONE, Readers::BOTOCORE.and(Readers::JAVA)),
            _ => (Readers::NONE, Readers::NONE),
        };
        add(&mut found, line, anomaly, rejects, differs);
    }
    if std::str::from_utf8(&document.text).is_err() {
        let mut lines = document.blocks.iter().flat_map(|block| &block.lines);
        let bad = |line: &&Line| std::str::from_utf8(&document.text[line.text.clone()]).is_err();
        // A replaced line is still in the buffer, so there may be none left.
        if let Some(line) = lines.find(bad) {
            let rejects = Readers::BOTOCORE.and(Readers::RUST);
            add(&mut found, line.number, Anomaly::NotUtf8, rejects, Readers::JAVA.and(Readers::JS));
        }
    }
    found
}

fn of_block(document: &Document, block: &Block, found: &mut Vec<Disagreement>) {
    let mut keys: HashMap<String, usize> = HashMap::new();
    let mut nested = false;
    let mut property_above = false;
    for (at, line) in block.lines.iter().enumerate() {
        let here = line.number;
        let mut add = |anomaly, rejects, differs| add(found, here, anomaly, rejects, differs);
        match &line.kind {
            Kind::Blank | Kind::Comment { indented: false } => {}
            Kind::Header => of_header(document, block, &mut add),
            Kind::Comment { indented: true } => {
                let text = document.shown(line.text.clone());
                let reject = !property_above || (nested && !has_equals(&text));
                let differ = if reject { Readers::NONE } else { STRICT };
                add(Anomaly::IndentedComment, STRICT.when(reject), differ);
            }
            Kind::Stray => {
                let shown = document.shown(line.text.clone());
                let header = shown.trim_start_matches(line::is_white).starts_with('[');
                let anomaly = if header { Anomaly::IndentedHeader } else { Anomaly::IndentedBody };
                add(anomaly, STRICT, Readers::NONE);
            }
            // botocore takes it for indentation, or for a blank line.
            Kind::Junk(Junk::OddSpace) => {
                let text = document.shown(line.text.clone());
                let rejects = STRICT.when(!text.contains('='));
                add(Anomaly::OddSpace, rejects, Readers::BOTOCORE.when(!text.trim().is_empty()));
            }
            Kind::Junk(junk) => {
                let nameless = *junk == Junk::NoName;
                let anomaly = if nameless { Anomaly::NoName } else { Anomaly::NoSeparator };
                // Go reads a key without a name.
                add(anomaly, STRICT.and(Readers::BOTOCORE), Readers::GO.when(nameless));
            }
            Kind::Continuation => continuation(&document.shown(line.text.clone()), nested, &mut add),
            Kind::Property(parts) => {
                property_above = true;
                let under = &block.lines[group(&block.lines, at)];
                // An indented comment is a line of the block to the strict readers.
                let indented = [Kind::Continuation, Kind::Comment { indented: true }];
                nested = parts.value.is_empty() && under.iter().any(|line| indented.contains(&line.kind));
                if block.header.is_none() {
                    add(Anomaly::NoSection, STRICT.and(Readers::BOTOCORE), Readers::NONE);
                    continue;
                }
                let key = document.shown(parts.key.clone());
                let value = document.shown(parts.value.clone());
                let rest = document.shown(parts.separator..line.text.end);
                let folded = fold_key(&key);
                if *key != folded {
                    add(Anomaly::KeyCase, Readers::NONE, Readers::JAVA.and(Readers::JS));
                }
                if document.text[parts.separator] == b':' {
                    let rejects = STRICT.when(!rest.contains('='));
                    // Of `key value://` it is the `=` that is missing.
                    let lacks_equals = key.contains([' ', '\t']) && !rest.contains('=');
                    let anomaly = if lacks_equals { Anomaly::NoSeparator } else { Anomaly::Colon };
                    add(anomaly, rejects, STRICT.and(Readers::JS).without(rejects));
                } else if !header::is_portable(&folded) {
                    add(Anomaly::OddKey, Readers::NONE, STRICT);
                }
                if parts.comment.is_some() {
                    add(Anomaly::InlineComment, Readers::NONE, Readers::BOTOCORE);
                }
                if is_quoted(&value) {
                    add(Anomaly::Quoted, Readers::NONE, Readers::GO);
                }
                if value.trim() != value || key.trim() != key {
                    add(Anomaly::OddSpace, Readers::NONE, STRICT);
                }
                if let Some(first) = keys.get(&folded) {
                    add(Anomaly::DuplicateKey(*first), Readers::BOTOCORE, Readers::NONE);
                } else {
                    keys.insert(folded, here);
                }
            }
        }
    }
}

fn of_header(document: &Document, block: &Block, add: &mut impl FnMut(Anomaly, Readers, Readers)) {
    let Some(header) = &block.header else { return };
    match header.kind {
        SectionKind::Broken => add(Anomaly::BrokenHeader, header.rejected_by, header.seen_by),
        SectionKind::Default | SectionKind::Profile if header.name == "__proto__" => {
            add(Anomaly::DisputedHeader, Readers::JS, Readers::NONE);
        }
        SectionKind::Default | SectionKind::Profile if !header.is_plain() => {
            add(Anomaly::DisputedHeader, header.rejected_by, Readers::ALL.without(header.seen_by));
        }
        SectionKind::Other if header.name == "DEFAULT" => {
            add(Anomaly::PythonDefaults, Readers::NONE, Readers::BOTOCORE);
        }
        SectionKind::Other if document.file == FileKind::Credentials => {
            add(Anomaly::PrefixInCredentials, Readers::NONE, Readers::BOTOCORE.and(Readers::JS));
        }
        _ => {}
    }
}

fn continuation(text: &str, nested: bool, add: &mut impl FnMut(Anomaly, Readers, Readers)) {
    let line = text.trim();
    if line.starts_with('[') {
        add(Anomaly::IndentedHeader, Readers::NONE, Readers::GO.and(Readers::JS));
    }
    match (nested, has_equals(line)) {
        (true, true) => {}
        (true, false) => {
            let rejects = STRICT.and(Readers::BOTOCORE.when(!line.contains('=')));
            add(Anomaly::NestedNoSeparator, rejects, Readers::NONE);
        }
        (false, _) => {
            let keyed = line.contains(['=', ':']);
            add(Anomaly::Continuation, Readers::NONE, Readers::JS.and(Readers::GO.when(keyed)));
        }
    }
}

/// Whether the strict readers find a key and `=` in a nested line, comment cut off.
fn has_equals(line: &str) -> bool {
    let line = line.trim();
    let cut = line
        .char_indices()
        .find(|(at, c)| matches!(c, '#' | ';') && (*at == 0 || line[..*at].ends_with([' ', '\t'])));
    let text = cut.map_or(line, |(at, _)| &line[..at]);
    text.split_once('=').is_some_and(|(key, _)| !key.trim().is_empty())
}

pub(super) fn is_quoted(value: &str) -> bool {
    ['"', '\''].iter().any(|quote| value.len() > 1 && value.starts_with(*quote) && value.ends_with(*quote))
}

fn repeated_sections(document: &Document, found: &mut Vec<Disagreement>) {
    let mut known = HashSet::new();
    for block in &document.blocks {
        let Some(header) = &block.header else { continue };
        let profile = header.is_profile();
        let first = known.insert((profile, header.kind == SectionKind::Broken, header.name.as_str()));
        if first && profile {
            repeated_profile(document, &header.name, found);
        } else if !first && !profile && header.kind != SectionKind::Broken && header.name != "DEFAULT" {
            let line = block.lines[0].number;
            add(found, line, Anomaly::DuplicateSection, Readers::BOTOCORE, Readers::NONE);
        }
    }
}

/// botocore refuses a header that is there twice; spelled differently, the later one replaces the earlier.
fn repeated_profile(document: &Document, name: &str, found: &mut Vec<Disagreement>) {
    let mut sections = document.claims(name).iter().filter_map(|claim| match claim {
        Claim::Block(at) => {
            let block = &document.blocks[*at];
            let header = block.header.as_ref()?;
            (header.is_profile() && header.name == name).then_some((block, header))
        }
        Claim::Shadow(..) => None,
    });
    let Some((first, first_header)) = sections.next() else { return };
    let spelled = |block: &Block| document.shown(block.lines[0].text.clone()).into_owned();
    let mut spellings = HashSet::from([spelled(first)]);
    for (block, header) in sections {
        let line = block.lines[0].number;
        if header.kind != first_header.kind {
            let differs = Readers::BOTOCORE.when(header.kind == SectionKind::Default);
            add(found, line, Anomaly::BothDefaults, Readers::NONE, differs);
            continue;
        }
        let rejects = Readers::BOTOCORE.when(!spellings.insert(spelled(block)));
        let differs = Readers::BOTOCORE.without(rejects);
        add(found, line, Anomaly::DuplicateProfile(first.lines[0].number), rejects, differs);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_all_read_alike_has_none() {
        let text =
            b"# x\n[default] # y\nregion = a\n\n[profile b]\ns3 =\n  c = d\n\n[sso-session e]\nf = g#h\n";
        assert_eq!(Document::parse(text).disagreements(), []);
    }

    #[test]
    fn bytes_that_are_no_utf8_are_named_by_line() {
        let found = Document::parse(b"[default]\n# \xe9t\xe9\nregion = x\n").disagreements();
        assert_eq!(found.iter().map(|d| (d.line, d.anomaly)).collect::<Vec<_>>(), [(2, Anomaly::NotUtf8)]);
    }

    #[test]
    fn every_departure_is_named_with_its_line() {
        let table: &[(&str, usize, Anomaly)] = &[
            ("a = b\n", 1, Anomaly::NoSection),
            ("[profile a]\n  b = c\n", 2, Anomaly::IndentedBody),
            ("[profile a]\nb = c\n [profile d]\n", 3, Anomaly::IndentedHeader),
            ("[profile a]\nb = c\n # d\n", 3, Anomaly::IndentedComment),
            ("[profile a]\nb = c\n d\n", 3, Anomaly::Continuation),
            ("[profile a]\nb =\n d\n", 3, Anomaly::NestedNoSeparator),
            ("[profile a]\nb =\n # d = e\n", 3, Anomaly::IndentedComment),
            ("[profile a]\nb = c\nB = d\n", 3, Anomaly::DuplicateKey(2)),
            ("[profile a]\nb = c\nB = d\n", 3, Anomaly::KeyCase),
            ("[profile a]\n[profile a]\n", 2, Anomaly::DuplicateProfile(1)),
            ("[profile default]\n[default]\n", 2, Anomaly::BothDefaults),
            ("[plugins]\n[plugins]\n", 2, Anomaly::DuplicateSection),
            ("[profile a]\nb: c\n", 2, Anomaly::Colon),
            ("[profile a]\nb c://d\n", 2, Anomaly::NoSeparator),
            ("[profile a]\nb c://d?e=f\n", 2, Anomaly::Colon),
            ("[profile a]\nb = c # d\n", 2, Anomaly::InlineComment),
            ("[profile a]\nb = \"c\"\n", 2, Anomaly::Quoted),
            ("[profile a]\nb c = d\n", 2, Anomaly::OddKey),
            ("[profile a]\nb = \u{a0}d\n", 2, Anomaly::OddSpace),
            ("[profile a]\n\u{c}\n", 2, Anomaly::OddSpace),
            ("[profile a]\nb\n", 2, Anomaly::NoSeparator),
            ("[profile a]\n= b\n", 2, Anomaly::NoName),
            ("[profile a\n", 1, Anomaly::BrokenHeader),
            ("[DEFAULT]\n", 1, Anomaly::PythonDefaults),
            ("\u{feff}", 1, Anomaly::ByteOrderMark),
            ("#\n\0\n", 2, Anomaly::Nul),
            ("#\n#\r#\n", 2, Anomaly::BareCarriageReturn),
        ];
        for (text, line, anomaly) in table {
            let found = Document::parse(text.as_bytes()).disagreements();
            assert!(found.iter().any(|d| (d.line, d.anomaly) == (*line, *anomaly)), "{text:?}: {found:?}");
        }
    }
}
