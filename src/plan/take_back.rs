//! Taking back what was written into a file that may have changed since: three-way, on lines.
//!
//! 1. Each stretch that was written is looked for by its own lines; the section it stood in, and hashes of the lines
//!    round it, tell it from others like it ([`Anchors`]).
//! 2. It must be found in exactly one place. Nothing is guessed: what is not found, or found twice, is a [`Clash`],
//!    and then nothing at all is taken back.
//! 3. What is as it was before already is left alone.
//!
//! Lines are compared with their secrets veiled, so that none need be known.

use std::collections::HashMap;
use std::ops::Range;

use crate::credential::sha256_hex;
use crate::plan::diff::{Diff, DiffLine, LineKind, is_block, is_header};
use crate::plan::secrets::secrets;
use crate::plan::veil::{Piece, Veiled};

/// By what a place in a file is found again: hashes, cut short, that tell nothing of the lines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Anchors {
    /// Of the header above; empty above the first.
    pub section: String,
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
    /// The header of the section, where it is still there.
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
    let file = Lines::of(text);
    let (mut places, mut clashes): (Vec<Spot>, Vec<Clash>) = (Vec::new(), Vec::new());
    for one in written {
        let stretch = Stretch::of(one);
        match stretch.find(&file) {
            Found::At(at) => {
                let place = stretch.place(&file, at);
                if places.last().is_some_and(|last| last.range.end > place.range.start) {
                    clashes.push(stretch.clash(&file, Vec::new()));
                } else {
                    places.push(place);
                }
            }
            Found::Already => {}
            Found::Nowhere => clashes.push(stretch.clash(&file, Vec::new())),
            Found::Several(several) => clashes.push(stretch.clash(&file, several)),
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

/// What was written, as a diff of these lines alone.
pub fn unified(written: &[Written], section: impl Fn(&str) -> Option<String>) -> Diff {
    let mut diff = Diff::default();
    for one in written {
        let stretch = Stretch::of(one);
        let is_block = is_block(starts(&stretch.new).chain(starts(&stretch.old)));
        let name = if is_block { None } else { section(&one.anchors.section) };
        if !diff.lines.is_empty() || name.is_some() {
            diff.lines.push(DiffLine { kind: LineKind::Gap, text: name.unwrap_or_default() });
        }
        for (kind, lines) in [(LineKind::Removed, &stretch.old), (LineKind::Added, &stretch.new)] {
            diff.lines.extend(lines.iter().map(|line| DiffLine { kind, text: line.shown() }));
        }
    }
    diff
}

/// The lines of a file, by which places are found.
struct Lines {
    veiled: Vec<Veiled>,
    bare: Vec<Veiled>,
    hashes: Vec<String>,
    by_hash: HashMap<String, Vec<usize>>,
    /// For each line, the header above it or at it.
    headers: Vec<Option<usize>>,
    /// Where each line starts; one more for the end.
    starts: Vec<usize>,
}

impl Lines {
    fn of(text: &[u8]) -> Self {
        let veiled = Veiled::lines_of(text, &secrets(text));
        let mut starts = vec![0];
        starts.extend(text.split_inclusive(|b| *b == b'\n').scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        let bare: Vec<Veiled> = veiled.iter().map(Veiled::without_eol).collect();
        let hashes: Vec<String> = bare.iter().map(hash).collect();
        let mut by_hash: HashMap<String, Vec<usize>> = HashMap::new();
        let (mut headers, mut header) = (Vec::with_capacity(bare.len()), None);
        for (at, line) in bare.iter().enumerate() {
            by_hash.entry(hashes[at].clone()).or_default().push(at);
            header = if is_header(line.start()) { Some(at) } else { header };
            headers.push(header);
        }
        Self { veiled, bare, hashes, by_hash, headers, starts }
    }

    fn len(&self) -> usize {
        self.veiled.len()
    }

    /// The hash of the header above a line; empty above the first.
    fn section(&self, line: usize) -> &str {
        let above = line.checked_sub(1).and_then(|above| *self.headers.get(above)?);
        above.map_or("", |at| &self.hashes[at])
    }

    /// The hash of the line so many lines from `line`; the start and the end of the file count as one each.
    fn around(&self, line: usize, by: isize) -> Option<&str> {
        match line.checked_add_signed(by) {
            None if line.cast_signed() + by == -1 => Some("start"),
            Some(at) if at == self.len() => Some("end"),
            at => self.hashes.get(at?).map(String::as_str),
        }
    }

    /// The lines with this hash.
    fn with_hash(&self, hash: &str) -> &[usize] {
        self.by_hash.get(hash).map_or(&[], Vec::as_slice)
    }

    /// The places right below a line that fits this anchor.
    fn below(&self, anchor: &str) -> Vec<usize> {
        let start = (anchor == "start").then_some(0);
        start.into_iter().chain(self.with_hash(anchor).iter().map(|at| at + 1)).collect()
    }

    /// Whether all of the anchors above a line, or below one, fit.
    fn fit(&self, anchors: &[String], line: usize, is_above: bool) -> bool {
        let by = |n: usize| if is_above { -n.cast_signed() - 1 } else { n.cast_signed() };
        anchors.iter().enumerate().all(|(n, anchor)| self.around(line, by(n)) == Some(anchor))
    }

    /// Whether a section starts or ends here.
    fn is_boundary(&self, line: usize) -> bool {
        let says = (line..self.len()).find(|at| !self.bare[*at].start().trim_ascii().is_empty());
        says.is_none_or(|at| is_header(self.bare[at].start()))
    }
}

/// Of a line without its secrets and its line end: 24 bits, which many lines have in common.
fn hash(line: &Veiled) -> String {
    let open: Vec<u8> = line
        .0
        .iter()
        .flat_map(|piece| match piece {
            Piece::Plain(bytes) => bytes.clone(),
            Piece::Secret(_) => vec![0],
        })
        .collect();
    sha256_hex(&open)[..6].to_owned()
}

enum Found {
    /// At this line.
    At(usize),
    /// It is as it was before.
    Already,
    /// Nowhere.
    Nowhere,
    /// At these lines.
    Several(Vec<usize>),
}

/// A stretch, as lines.
struct Stretch<'a> {
    written: &'a Written,
    /// Its lines, before and after, without the line end of the line above.
    old: Vec<Veiled>,
    new: Vec<Veiled>,
}

impl<'a> Stretch<'a> {
    fn of(written: &'a Written) -> Self {
        let lines = |veiled: &Veiled| {
            let mut lines = veiled.lines();
            if written.anchors.joins && !lines.is_empty() {
                lines.remove(0);
            }
            lines
        };
        Self { old: lines(&written.old), new: lines(&written.new), written }
    }

    fn find(&self, file: &Lines) -> Found {
        let anchors = &self.written.anchors;
        if self.new.is_empty() {
            return self.find_gap(file, &self.old);
        }
        let mut at = self.matches(file, &self.new);
        if !is_block(starts(&self.new)) {
            at.retain(|at| file.section(*at) == anchors.section.as_str());
            // The same lines may stand in a section twice: at least one neighbour must be of old; two where the lines
            // say nothing themselves.
            let least = if say_something(&self.new) { 1 } else { 2 };
            at.retain(|at| self.neighbours(file, *at, self.new.len()) >= least);
        }
        match at[..] {
            [] if self.is_already(file) => Found::Already,
            [] => Found::Nowhere,
            [only] => Found::At(only),
            _ => {
                let fits = |at: &&usize| {
                    file.fit(&anchors.above, **at, true)
                        && file.fit(&anchors.below, **at + self.new.len(), false)
                };
                match at.iter().filter(fits).collect::<Vec<_>>()[..] {
                    [only] => Found::At(*only),
                    _ => Found::Several(at),
                }
            }
        }
    }

    /// The gap in which the lines stood that were taken out.
    fn find_gap(&self, file: &Lines, gone: &[Veiled]) -> Found {
        let anchors = &self.written.anchors;
        let gaps = self.gaps(file);
        let only = |fits: &dyn Fn(usize) -> bool| {
            let fitting: Vec<usize> = gaps.iter().copied().filter(|at| fits(*at)).collect();
            match fitting[..] {
                [] => Found::Nowhere,
                [only] => Found::At(only),
                _ => Found::Several(fitting),
            }
        };
        let is_near = |at| self.neighbours(file, at, 0) == 2;
        let is_exact = |at| file.fit(&anchors.above, at, true) && file.fit(&anchors.below, at, false);
        // Blank lines, of which there are many, are put back only where everything round them is as it was.
        match if say_something(gone) { only(&is_near) } else { only(&is_exact) } {
            Found::Several(several) => match only(&is_exact) {
                Found::At(at) => Found::At(at),
                _ => Found::Several(several),
            },
            // Whole sections may stand anywhere between two others: what was put there since may stay above or below.
            Found::Nowhere if is_block(starts(gone)) => {
                only(&|at| file.fit(&anchors.above, at, true) && file.is_boundary(at))
            }
            found => found,
        }
    }

    /// Whether the stretch that came is gone, and the one that went is back in its place. All of the lines round it must
    /// be those of old: with fewer, what is left of it by hand would be taken for the neighbours.
    fn is_already(&self, file: &Lines) -> bool {
        let Anchors { section, above, below, .. } = &self.written.anchors;
        let at = if self.old.is_empty() { self.gaps(file) } else { self.matches(file, &self.old) };
        let fits = |at: &&usize| {
            file.section(**at) == section
                && file.fit(above, **at, true)
                && file.fit(below, **at + self.old.len(), false)
        };
        at.iter().filter(fits).count() == 1
    }

    /// The places below a line like the one above, in a section like the one of old.
    fn gaps(&self, file: &Lines) -> Vec<usize> {
        let Anchors { section, above, .. } = &self.written.anchors;
        let mut gaps = above.first().map(|above| file.below(above)).unwrap_or_default();
        gaps.retain(|at| file.section(*at) == section);
        gaps
    }

    /// How many of the nearest lines above and below are those of old.
    fn neighbours(&self, file: &Lines, at: usize, length: usize) -> usize {
        let Anchors { above, below, .. } = &self.written.anchors;
        let is_above = file.fit(&above[..above.len().min(1)], at, true);
        let is_below = file.fit(&below[..below.len().min(1)], at + length, false);
        usize::from(is_above) + usize::from(is_below)
    }

    /// The lines at which these lines stand. At the end of the file a line end more or less is none of theirs.
    fn matches(&self, file: &Lines, lines: &[Veiled]) -> Vec<usize> {
        let Some((last, others)) = lines.split_last() else { return Vec::new() };
        let is_here = |at: &usize| {
            let end = at + others.len();
            if end >= file.len() {
                return false;
            }
            let (there, eol) = (&file.veiled[end], last.eol());
            let is_last = there == last
                || ((eol.is_empty() || there.eol().is_empty()) && file.bare[end] == last.without_eol());
            is_last && file.veiled[*at..end] == *others
        };
        file.with_hash(&hash(&lines[0].without_eol())).iter().copied().filter(is_here).collect()
    }

    /// What to put where.
    fn place(&self, file: &Lines, at: usize) -> Spot {
        let end = at + self.new.len();
        let mut range = file.starts[at]..file.starts[end];
        let is_end = end == file.len();
        let usual = |line: Option<&Veiled>| line.map_or(b"".as_slice(), Veiled::eol);
        let eol =
            [usual(file.veiled.get(end)), usual(at.checked_sub(1).map(|above| &file.veiled[above])), b"\n"]
                .into_iter()
                .find(|eol| !eol.is_empty())
                .unwrap_or(b"\n");
        let above = at.checked_sub(1).map(|above| &file.veiled[above]);
        let mut with = self.written.old.clone();
        let mut line_ends: [&'static [u8]; 2] = [b"", b""];
        if self.written.anchors.joins {
            let is_ended = above.is_some_and(|line| !line.eol().is_empty());
            if self.old.is_empty() && self.written.old.is_empty() {
                // The line end that was given to the line above goes only where nothing needs it.
                let is_same = file.fit(self.written.anchors.above.get(..1).unwrap_or_default(), at, true);
                if is_end
                    && is_same
                    && let Some(above) = above
                {
                    range.start -= above.eol().len();
                }
                return Spot { range, with, line_ends };
            }
            if is_ended {
                with = joined(&self.old);
            }
        } else if above.is_some_and(|line| line.eol().is_empty()) && !with.is_empty() {
            line_ends[0] = eol;
        }
        let was_ended = self.new.last().is_none_or(|line| !line.eol().is_empty());
        let is_ended = end.checked_sub(1).is_some_and(|last| !file.veiled[last].eol().is_empty());
        let needs_end = !is_end || (is_ended && !self.new.is_empty() && !was_ended);
        if needs_end && !with.is_empty() && with.eol().is_empty() {
            line_ends[1] = eol;
        }
        Spot { range, with, line_ends }
    }

    fn clash(&self, file: &Lines, places: Vec<usize>) -> Clash {
        let is_removal = self.new.is_empty();
        let wrote = if is_removal { &self.old } else { &self.new };
        let own_header =
            wrote.iter().find(|line| is_header(line.start())).map(|line| hash(&line.without_eol()));
        let section = own_header.clone().unwrap_or_else(|| self.written.anchors.section.clone());
        let header =
            (0..file.len()).find(|at| file.hashes[*at] == section && is_header(file.bare[*at].start()));
        let shown = |line: &Veiled| line.shown();
        let now = header.filter(|_| places.is_empty()).map(|header| {
            let end =
                (header + 1..file.len()).find(|at| is_header(file.bare[*at].start())).unwrap_or(file.len());
            (header + 1, file.veiled[header..end].iter().map(shown).collect())
        });
        Clash {
            wrote: wrote.iter().map(shown).collect(),
            is_removal,
            section: header.map(|at| file.bare[at].shown()),
            now,
            places: places.into_iter().map(|at| at + 1).collect(),
        }
    }
}

/// Whether there is more to the lines than white space and comments.
fn say_something(lines: &[Veiled]) -> bool {
    let says = |line: &Veiled| !matches!(line.start().trim_ascii().first(), None | Some(b'#' | b';'));
    lines.iter().any(says)
}

fn starts(lines: &[Veiled]) -> impl Iterator<Item = &[u8]> {
    lines.iter().map(Veiled::start)
}

fn joined(lines: &[Veiled]) -> Veiled {
    let mut whole = Veiled::default();
    for piece in lines.iter().flat_map(|line| &line.0) {
        match piece {
            Piece::Plain(bytes) => whole.push_plain(bytes),
            Piece::Secret(_) => whole.0.push(piece.clone()),
        }
    }
    whole
}
