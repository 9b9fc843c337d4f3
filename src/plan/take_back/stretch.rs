//! A stretch of lines that was written, and where it is now.

use crate::plan::diff::{is_block, is_header};
use crate::plan::take_back::lines::{Lines, hash};
use crate::plan::take_back::{Anchors, Clash, Spot, Written};
use crate::plan::veil::{Piece, Veiled};

/// Where a stretch is.
pub(super) enum Found {
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
pub(super) struct Stretch<'a> {
    written: &'a Written,
    /// Its lines, before and after, without the line end of the line above.
    pub(super) old: Vec<Veiled>,
    pub(super) new: Vec<Veiled>,
}

impl<'a> Stretch<'a> {
    pub(super) fn of(written: &'a Written) -> Self {
        let lines = |veiled: &Veiled| {
            let mut lines = veiled.lines();
            if written.anchors.joins && !lines.is_empty() {
                lines.remove(0);
            }
            lines
        };
        Self { old: lines(&written.old), new: lines(&written.new), written }
    }

    pub(super) fn find(&self, file: &Lines) -> Found {
        let anchors = &self.written.anchors;
        if self.new.is_empty() {
            return self.find_gap(file, &self.old);
        }
        let mut at = Self::matches(file, &self.new);
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
        let at = if self.old.is_empty() { self.gaps(file) } else { Self::matches(file, &self.old) };
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

    /// How well the nearest lines above and below are those of old: 2 for both, 1 for one. Blank ones, of which there are
    /// many, count less: both only with all the other lines round them, and one not at all.
    fn neighbours(&self, file: &Lines, at: usize, length: usize) -> usize {
        let Anchors { above, below, .. } = &self.written.anchors;
        let (nearest_above, nearest_below) =
            (above.get(..1).unwrap_or_default(), below.get(..1).unwrap_or_default());
        let is_above = file.fit(nearest_above, at, true);
        let is_below = file.fit(nearest_below, at + length, false);
        let blank = hash(&Veiled::default());
        let says = |anchor: &[String]| anchor.first() != Some(&blank);
        match (is_above, is_below) {
            (true, true) if says(nearest_above) || says(nearest_below) => 2,
            (true, true) if file.fit(above, at, true) && file.fit(below, at + length, false) => 2,
            (true, true) => 1,
            (true, false) => usize::from(says(nearest_above)),
            (false, true) => usize::from(says(nearest_below)),
            (false, false) => 0,
        }
    }

    /// The lines at which these lines stand. At the end of the file a line end more or less is none of theirs.
    fn matches(file: &Lines, lines: &[Veiled]) -> Vec<usize> {
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
    pub(super) fn place(&self, file: &Lines, at: usize) -> Spot {
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
                // Of a blank line, the end is all there is.
                let is_line = above.is_some_and(|line| !line.without_eol().is_empty())
                    || file.fit(self.written.anchors.above.get(..1).unwrap_or_default(), at, true);
                if is_end
                    && is_line
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

    /// The first and the last line of what is left of these lines, in a file without sections.
    fn remains(file: &Lines, wrote: &[Veiled]) -> Option<(usize, usize)> {
        let blank = hash(&Veiled::default());
        let wrote: Vec<String> = wrote.iter().map(|line| hash(&line.without_eol())).collect();
        let is_of_it = |at: &usize| file.hashes[*at] != blank && wrote.contains(&file.hashes[*at]);
        let mut left = (0..file.len()).filter(|_| !file.has_sections).filter(is_of_it);
        let first = left.next()?;
        Some((first, left.next_back().unwrap_or(first)))
    }

    pub(super) fn clash(&self, file: &Lines, places: Vec<usize>) -> Clash {
        let is_removal = self.new.is_empty();
        let wrote = if is_removal { &self.old } else { &self.new };
        let own = wrote.iter().find(|line| file.has_sections && is_header(line.start()));
        let own_header = own.map(|line| hash(&line.without_eol()));
        let named = || own.map(Veiled::shown).or_else(|| self.written.anchors.named(|_| None));
        let section = own_header.unwrap_or_else(|| self.written.anchors.section.clone());
        let header =
            (0..file.len()).find(|at| file.hashes[*at] == section && is_header(file.bare[*at].start()));
        let shown = |line: &Veiled| line.shown();
        let blanks =
            wrote.iter().take_while(|line| line.start().trim_ascii().is_empty()).count() % wrote.len().max(1);
        let now = header.filter(|_| places.is_empty()).map(|header| {
            let end =
                (header + 1..file.len()).find(|at| is_header(file.bare[*at].start())).unwrap_or(file.len());
            (header + 1, file.veiled[header..end].iter().map(shown).collect())
        });
        let now = now.or_else(|| {
            let (first, last) = Self::remains(file, wrote).filter(|_| places.is_empty())?;
            Some((first + 1, file.veiled[first..=last].iter().map(shown).collect()))
        });
        Clash {
            wrote: wrote.iter().map(shown).collect(),
            is_removal,
            section: header.map(|at| file.bare[at].shown()).or_else(named),
            now,
            places: places.into_iter().map(|at| at + 1 + blanks).collect(),
        }
    }
}

/// Whether there is more to the lines than white space and comments.
fn say_something(lines: &[Veiled]) -> bool {
    let says = |line: &Veiled| !matches!(line.start().trim_ascii().first(), None | Some(b'#' | b';'));
    lines.iter().any(says)
}

pub(super) fn starts(lines: &[Veiled]) -> impl Iterator<Item = &[u8]> {
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
