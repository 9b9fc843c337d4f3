//! Taking back what was written into a file that may have changed since: three-way, on lines.
//!
//! 1. Each stretch that was written is looked for by its own lines; the section it stood in, and hashes of the lines
//!    round it, tell it from others like it ([`Anchors`]).
//! 2. It must be found in exactly one place. Nothing is guessed: what is not found, or found twice, is a [`Clash`],
//!    and then nothing at all is taken back.
//! 3. What is as it was before already is left alone.
//!
//! Lines are compared with their secrets veiled, so that none need be known.

mod lines;
mod stretch;

use std::collections::HashSet;
use std::ops::Range;

use crate::plan::diff::{Diff, DiffLine, LineKind, bare_header, is_block, is_header};
use crate::plan::secrets::secrets;
use crate::plan::veil::Veiled;
use lines::{Lines, hash};
use stretch::{Found, Stretch, starts};

/// By what a place in a file is found again: hashes, cut short, that tell nothing of the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Of the header above; empty above the first.
    pub section: String,
    /// That header itself, as it may be shown; empty also where it was not kept.
    pub header: String,
    /// Of up to three lines above, the nearest first. The start of the file counts as one.
    pub above: Vec<String>,
    /// Of up to three lines below. The end of the file counts as one.
    pub below: Vec<String>,
    /// Whether the stretch begins with the line end of the line above it.
    pub joins: bool,
}

/// A stretch that was written, and what it took the place of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// What went.
    pub old: Veiled,
    /// What came.
    pub new: Veiled,
    /// Where that was.
    pub anchors: Anchors,
}

/// Bytes of the present file, and what is to take their place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spot {
    /// Which bytes.
    pub range: Range<usize>,
    /// What takes their place.
    pub with: Veiled,
    /// Put before it and after it: line ends that the lines there now ask for.
    pub line_ends: [&'static [u8]; 2],
}

/// A stretch that is no longer what was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clash {
    /// The lines that were written, ready to be shown; those that were taken out, where nothing came.
    pub wrote: Vec<String>,
    /// Whether lines were taken out, so that there is nothing to be found but the place.
    pub is_removal: bool,
    /// The header of the section, where it is known.
    pub section: Option<String>,
    /// What is there now, and the number of its first line, where that can be told.
    pub now: Option<(usize, Vec<String>)>,
    /// The lines in which the same stands more than once.
    pub places: Vec<usize>,
}

/// How many lines above and below are remembered.
const AROUND: usize = 3;

/// The anchors of each of these stretches of a text.
pub fn anchors<'a>(text: &[u8], stretches: impl IntoIterator<Item = &'a Range<usize>>) -> Vec<Anchors> {
    let file = Lines::of(text);
    let of = |stretch: &Range<usize>| {
        let first = file.starts.partition_point(|start| *start < stretch.start);
        let last = file.starts.partition_point(|start| *start < stretch.end);
        Anchors {
            section: file.section(first).to_owned(),
            header: file.header(first),
            above: (1..=AROUND)
                .map_while(|n| file.around(first, -n.cast_signed()))
                .map(str::to_owned)
                .collect(),
            below: (0..AROUND).map_while(|n| file.around(last, n.cast_signed())).map(str::to_owned).collect(),
            joins: stretch.start > 0 && text[stretch.start - 1] != b'\n',
        }
    };
    stretches.into_iter().map(of).collect()
}

/// Finds what was written in the present file: the places to put back, in order; none where everything is as it was
/// before.
///
/// # Errors
/// Every stretch that is no longer what was written.
pub fn take_back(text: &[u8], written: &[Written]) -> Result<Vec<Spot>, Vec<Clash>> {
    take_back_in(&Lines::of(text), written)
}

/// The same in a file that has no sections: a start-up file, where what begins with a bracket is a test.
///
/// # Errors
/// Every stretch that is no longer what was written.
pub fn take_back_plain(text: &[u8], written: &[Written]) -> Result<Vec<Spot>, Vec<Clash>> {
    take_back_in(&Lines::without_sections(text), written)
}

fn take_back_in(file: &Lines, written: &[Written]) -> Result<Vec<Spot>, Vec<Clash>> {
    let (mut places, mut clashes): (Vec<Spot>, Vec<Clash>) = (Vec::new(), Vec::new());
    for one in written {
        let stretch = Stretch::of(one);
        match stretch.find(file) {
            Found::At(at) => {
                let place = stretch.place(file, at);
                if places.last().is_some_and(|last| last.range.end > place.range.start) {
                    clashes.push(stretch.clash(file, Vec::new()));
                } else {
                    places.push(place);
                }
            }
            Found::Already => {}
            Found::Nowhere => clashes.push(stretch.clash(file, Vec::new())),
            Found::Several(several) => clashes.push(stretch.clash(file, several)),
        }
    }
    if clashes.is_empty() { Ok(places) } else { Err(clashes) }
}

/// The header of the section with this anchor, as it may be shown.
pub fn header_of(text: &[u8], section: &str) -> Option<String> {
    let secrets = secrets(text);
    let headers = Veiled::lines_of(text, &secrets).into_iter().filter(|line| is_header(line.start()));
    headers.map(|line| line.without_eol()).find(|line| hash(line) == section).map(|line| line.shown())
}

impl Anchors {
    /// The header of the section: as it was kept, else as it is found by its hash.
    fn named(&self, section: impl Fn(&str) -> Option<String>) -> Option<String> {
        Some(self.header.clone()).filter(|header| !header.is_empty()).or_else(|| section(&self.section))
    }
}

/// The names of the sections into which something was written, without their brackets, each once.
pub fn sections(written: &[Written], section: impl Fn(&str) -> Option<String>) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for one in written {
        let stretch = Stretch::of(one);
        let headers = |lines: &[Veiled]| -> Vec<String> {
            let headers = lines.iter().filter(|line| is_header(line.start()));
            headers.map(|line| bare_header(&line.shown())).collect()
        };
        let (gone, come) = (headers(&stretch.old), headers(&stretch.new));
        let is_block = is_block(starts(&stretch.new).chain(starts(&stretch.old)));
        let above = if is_block { None } else { one.anchors.named(&section) };
        names.extend(above.map(|header| bare_header(&header)));
        match (&gone[..], &come[..]) {
            ([from], [to]) if from != to => names.push(format!("{from} → {to}")),
            _ => names.extend(come.into_iter().chain(gone)),
        }
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

/// What was written, as a diff of these lines alone.
pub fn unified(written: &[Written], section: impl Fn(&str) -> Option<String>) -> Diff {
    let mut diff = Diff::default();
    for one in written {
        let stretch = Stretch::of(one);
        let is_block = is_block(starts(&stretch.new).chain(starts(&stretch.old)));
        let name = if is_block { None } else { one.anchors.named(&section) };
        if !diff.lines.is_empty() || name.is_some() {
            diff.lines.push(DiffLine { kind: LineKind::Gap, text: name.unwrap_or_default() });
        }
        for (kind, lines) in [(LineKind::Removed, &stretch.old), (LineKind::Added, &stretch.new)] {
            diff.lines.extend(lines.iter().map(|line| DiffLine { kind, text: line.shown() }));
        }
    }
    diff
}
