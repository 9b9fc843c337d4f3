//! The profiles of a shared file at a glance: names, and values as far as somebody asks for them.
//!
//! For completions and prompts, which are asked for with every key and every line. A [`Document`](super::Document)
//! knows of every line what it is and how readers differ; here a section is a name and a stretch of bytes. What is
//! found is the same (the tests compare the two over every file of the corpus).

use std::borrow::Cow;

use crate::awsconfig::header::{self, FileKind, SectionKind};
use crate::awsconfig::line;
use crate::awsconfig::readers::Readers;

/// A profile, found but not read.
#[derive(Debug, Clone)]
pub struct Glimpse<'a> {
    /// Its name.
    pub name: Cow<'a, str>,
    sections: Sections<'a>,
}

/// What lies below its headers: nearly always one stretch.
#[derive(Debug, Clone)]
enum Sections<'a> {
    One(&'a [u8]),
    Several(Vec<&'a [u8]>),
}

impl<'a> Glimpse<'a> {
    /// The values in force under these keys, which are given in lower case. One that is not UTF-8 or goes on over
    /// further lines is none.
    pub fn values<const N: usize>(&self, keys: [&str; N]) -> [Option<&'a str>; N] {
        let sections = match &self.sections {
            Sections::One(section) => std::slice::from_ref(section),
            Sections::Several(sections) => sections,
        };
        let mut found = [None; N];
        // The last value wins.
        for section in sections {
            find(section, &keys, &mut found);
        }
        found
    }

    /// The value in force under one key.
    pub fn value(&self, key: &str) -> Option<&'a str> {
        let [value] = self.values([key]);
        value
    }
}

/// The profiles of `~/.aws/config` whose names begin so, in the order of their first headers.
pub fn profiles<'a>(bytes: &'a [u8], start: &str) -> Vec<Glimpse<'a>> {
    glimpse(sections(bytes), FileKind::Config, |name| name.starts_with(start))
}

/// The profiles of `~/.aws/credentials` whose names begin so.
pub fn profiles_of_credentials<'a>(bytes: &'a [u8], start: &str) -> Vec<Glimpse<'a>> {
    glimpse(sections(bytes), FileKind::Credentials, |name| name.starts_with(start))
}

/// One profile of `~/.aws/config`.
pub fn profile<'a>(bytes: &'a [u8], name: &str) -> Option<Glimpse<'a>> {
    // However its header is written, it says a plain name as it is: only lines that do are looked at.
    if header::is_portable(name) {
        glimpse(sections_naming(bytes, name), FileKind::Config, |found| found == name).pop()
    } else {
        glimpse(sections(bytes), FileKind::Config, |found| found == name).pop()
    }
}

/// A header, as far as it matters which of several sections of one name count.
struct Found<'a> {
    name: Cow<'a, str>,
    kind: SectionKind,
    seen_by: Readers,
    section: &'a [u8],
}

fn glimpse<'a>(
    sections: impl Iterator<Item = (&'a [u8], &'a [u8])>,
    file: FileKind,
    wanted: impl Fn(&str) -> bool,
) -> Vec<Glimpse<'a>> {
    let mut found: Vec<Found<'a>> = Vec::new();
    for (line, section) in sections {
        found.extend(read(line, section, file).filter(|one| wanted(&one.name)));
    }
    // In the order of their names, sections of one name beside each other; then in that of the file again.
    let mut order: Vec<usize> = (0..found.len()).collect();
    order.sort_by(|one, other| found[*one].name.cmp(&found[*other].name));
    let mut profiles: Vec<(usize, Glimpse<'a>)> = Vec::with_capacity(found.len());
    for group in order.chunk_by(|one, other| found[*one].name == found[*other].name) {
        profiles.push((group[0], merged(&found, group, file)));
    }
    profiles.sort_by_key(|(at, _)| *at);
    profiles.into_iter().map(|(_, profile)| profile).collect()
}

/// The sections that make up a profile: those that the strict readers see, if there is one; and `[profile default]`
/// replaces `[default]`.
fn merged<'a>(found: &[Found<'a>], group: &[usize], file: FileKind) -> Glimpse<'a> {
    let first = &found[group[0]];
    let name = first.name.clone();
    if group.len() == 1 {
        return Glimpse { name, sections: Sections::One(first.section) };
    }
    let mut group: Vec<&Found<'a>> = group.iter().map(|at| &found[*at]).collect();
    if group.iter().any(|one| one.seen_by.contains(Readers::RUST)) {
        group.retain(|one| one.seen_by.contains(Readers::RUST));
    }
    let is_prefixed = |one: &&Found<'_>| one.kind == SectionKind::Profile;
    if file == FileKind::Config && name == "default" && group.iter().any(is_prefixed) {
        group.retain(is_prefixed);
    }
    Glimpse { name, sections: Sections::Several(group.iter().map(|one| one.section).collect()) }
}

/// Each header line with what lies below it.
fn sections(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = without_mark(bytes);
    if !rest.starts_with(b"[") {
        rest = next_header(rest);
    }
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let (line, section, next) = first_section(rest);
        rest = next;
        Some((line, section))
    })
}

/// The same of those alone that have this text in their header line.
fn sections_naming<'a>(bytes: &'a [u8], name: &str) -> impl Iterator<Item = (&'a [u8], &'a [u8])> {
    let bytes = without_mark(bytes);
    let finder = memchr::memmem::Finder::new(name).into_owned();
    let mut at = 0;
    std::iter::from_fn(move || {
        loop {
            let found = at + finder.find(&bytes[at..])?;
            let start = memchr::memrchr(b'\n', &bytes[..found]).map_or(0, |end| end + 1);
            at = memchr::memchr(b'\n', &bytes[found..]).map_or(bytes.len(), |end| found + end + 1);
            if bytes[start] == b'[' {
                let (line, section, _) = first_section(&bytes[start..]);
                return Some((line, section));
            }
        }
    })
}

/// The header line at the start, what lies below it, and the bytes from the next header on.
fn first_section(bytes: &[u8]) -> (&[u8], &[u8], &[u8]) {
    let (line, below) = split_line(bytes);
    let next = if below.starts_with(b"[") { below } else { next_header(below) };
    (line, &below[..below.len() - next.len()], next)
}

/// The bytes without the mark that some editors put in front.
fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

/// The bytes from the next line on that starts with `[`, the first line apart.
fn next_header(bytes: &[u8]) -> &[u8] {
    let ends = memchr::memchr_iter(b'\n', bytes);
    let mut starts = ends.map(|end| end + 1).filter(|start| bytes.get(*start) == Some(&b'['));
    starts.next().map_or(&[], |start| &bytes[start..])
}

/// A line without its end, and the bytes after it.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let Some(end) = memchr::memchr(b'\n', bytes) else { return (bytes, &[]) };
    let line = &bytes[..end];
    (line.strip_suffix(b"\r").unwrap_or(line), &bytes[end + 1..])
}

fn read<'a>(line: &'a [u8], section: &'a [u8], file: FileKind) -> Option<Found<'a>> {
    if let Some(name) = plain_name(line, file) {
        let name = Cow::Borrowed(name);
        return Some(Found { name, kind: SectionKind::Profile, seen_by: Readers::ALL, section });
    }
    let header = header::parse(&String::from_utf8_lossy(line), file);
    let is_profile = header.is_profile() && !header.seen_by.is_empty();
    let (kind, seen_by) = (header.kind, header.seen_by);
    is_profile.then_some(Found { name: Cow::Owned(header.name), kind, seen_by, section })
}

/// The name in a header that every reader sees alike: nearly all are such.
fn plain_name(line: &[u8], file: FileKind) -> Option<&str> {
    let inner = line.strip_prefix(b"[")?.strip_suffix(b"]")?;
    let name = match file {
        FileKind::Config => inner.strip_prefix(b"profile ")?,
        FileKind::Credentials => inner,
    };
    let name = std::str::from_utf8(name).ok()?;
    (header::is_portable(name) && !matches!(name, "default" | "__proto__")).then_some(name)
}

/// Puts the values that a section gives to these keys into their places.
fn find<'a, const N: usize>(section: &'a [u8], keys: &[&str; N], found: &mut [Option<&'a str>; N]) {
    let (mut rest, mut last, mut continues) = (section, None, false);
    while !rest.is_empty() {
        let (text, below) = split_line(rest);
        rest = below;
        // Nearly every line is a property, and not one that is asked for: its key is all that is looked at.
        if text.first().is_some_and(u8::is_ascii_alphabetic) {
            let Some(separator) = memchr::memchr2(b'=', b':', text) else { continue };
            continues = true;
            let key = &text[line::trim(text, 0..separator)];
            last = keys.iter().position(|wanted| key.eq_ignore_ascii_case(wanted.as_bytes()));
            if let Some(place) = last {
                let value = std::str::from_utf8(value(text, separator, continues)).ok();
                found[place] = value.map(str::trim);
            }
            continue;
        }
        match line::classify(text, 0..text.len(), continues) {
            // Its key is none of those: they begin with a letter.
            line::Kind::Property(_) => (last, continues) = (None, true),
            line::Kind::Continuation => {
                if let Some(place) = last {
                    found[place] = None;
                }
            }
            _ => {}
        }
    }
}

/// The value of a property, without its comment if it has one.
fn value(text: &[u8], separator: usize, continues: bool) -> &[u8] {
    if memchr::memchr2(b'#', b';', &text[separator..]).is_some()
        && let line::Kind::Property(parts) = line::classify(text, 0..text.len(), continues)
    {
        return &text[parts.value];
    }
    &text[line::trim(text, separator + 1..text.len())]
}
