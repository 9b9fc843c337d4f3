//! What differs between a file before and after, for people to read and for the journal to keep.

use std::ops::Range;

use similar::{Algorithm, DiffOp, capture_diff_slices};

use crate::plan::secrets::secrets;
use crate::plan::veil::Veiled;

/// Bytes that take the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Where the bytes that go lie in the old file.
    pub old: Range<usize>,
    /// Where the bytes that come lie in the new file.
    pub new: Range<usize>,
}

/// What a line of a diff says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// It stays; shown for orientation.
    Context,
    /// It goes.
    Removed,
    /// It comes.
    Added,
    /// Something lies between; the text names the section that follows, where it is known.
    Gap,
}

/// One line of a diff, without its line end, ready to be shown: without secrets, and harmless to a terminal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it says.
    pub kind: LineKind,
    /// The line.
    pub text: String,
}

/// The difference between two versions of a file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diff {
    /// What takes the place of what.
    pub hunks: Vec<Hunk>,
    /// The lines of a unified diff.
    pub lines: Vec<DiffLine>,
    /// How many lines come.
    pub added: usize,
    /// How many lines go.
    pub removed: usize,
    /// The sections that differ.
    pub sections: Touched,
}

/// The headers of the sections that differ, without their brackets, in the order of the file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Touched {
    /// They come.
    pub added: Vec<String>,
    /// Something in them differs.
    pub changed: Vec<String>,
    /// They go.
    pub removed: Vec<String>,
    /// They get another header, in the form `old → new`.
    pub renamed: Vec<String>,
}

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

/// The lines of a version, and what may be shown of them.
struct Side<'a> {
    lines: Vec<&'a [u8]>,
    veiled: Vec<Veiled>,
    /// Where each line starts; one more for the end.
    starts: Vec<usize>,
}

impl<'a> Side<'a> {
    fn of(text: &'a [u8]) -> Self {
        let lines: Vec<&[u8]> = text.split_inclusive(|b| *b == b'\n').collect();
        let mut starts = vec![0];
        starts.extend(lines.iter().scan(0, |at, line| {
            *at += line.len();
            Some(*at)
        }));
        Self { lines, veiled: Veiled::lines_of(text, &secrets(text)), starts }
    }

    fn bytes(&self, lines: &Range<usize>) -> Range<usize> {
        self.starts[lines.start]..self.starts[lines.end]
    }

    /// The header above or at a line.
    fn section(&self, line: usize) -> Option<(usize, String)> {
        let at = (0..self.lines.len().min(line + 1)).rev().find(|at| is_header(self.lines[*at]))?;
        Some((at, self.veiled[at].shown()))
    }
}

impl Diff {
    /// Compares two versions line by line.
    ///
    /// A last line that only gets or loses its line end is a line that stays: it may hold somebody's secret key.
    pub fn new(old: &[u8], new: &[u8]) -> Self {
        let (old, new) = (Side::of(old), Side::of(new));
        let mut compared = (old.lines.clone(), new.lines.clone());
        let ended = ended_last_line(&old.lines, &new.lines);
        if let (Some(last), Some(ended)) = (compared.0.last_mut(), &ended) {
            *last = ended;
        }
        let unended = ended_last_line(&new.lines, &old.lines);
        if let (Some(last), Some(unended)) = (compared.1.last_mut(), &unended) {
            *last = unended;
        }
        let mut ops = capture_diff_slices(Algorithm::Patience, &compared.0, &compared.1);
        slide(&mut ops, &compared.0, &compared.1);
        let mut diff = Self::default();
        for op in &ops {
            let (old_lines, new_lines) = (op.old_range(), op.new_range());
            let (from, to) = (old.bytes(&old_lines), new.bytes(&new_lines));
            if !matches!(op, DiffOp::Equal { .. }) {
                diff.removed += old_lines.len();
                diff.added += new_lines.len();
                diff.push(Hunk { old: from, new: to });
            } else if from.len() != to.len() {
                let same = from.len().min(to.len());
                diff.push(Hunk { old: from.start + same..from.end, new: to.start + same..to.end });
            }
        }
        diff.sections = touched(&ops, &old, &new);
        diff.show(ops, &old, &new);
        diff
    }

    fn show(&mut self, ops: Vec<DiffOp>, old: &Side<'_>, new: &Side<'_>) {
        for (at, group) in similar::group_diff_ops(ops, CONTEXT).iter().enumerate() {
            let (Some(first), Some(changed)) =
                (group.first(), group.iter().find(|op| !matches!(op, DiffOp::Equal { .. })))
            else {
                continue;
            };
            // The section of the first line that says something is named, where that is not its header.
            let (shown_from, changed_from) = (first.new_range().start, changed.new_range().start);
            let named = match (shown_from..changed_from).find(|line| says(&new.lines[*line])) {
                Some(line) if is_header(new.lines[line]) => None,
                Some(line) => Some(line),
                None if starts_section(changed, old, new) => None,
                None => changed_from.checked_sub(1),
            };
            let name = named.and_then(|line| new.section(line)).filter(|(header, _)| *header < shown_from);
            if at > 0 || name.is_some() {
                let text = name.map(|(_, name)| name).unwrap_or_default();
                self.lines.push(DiffLine { kind: LineKind::Gap, text });
            }
            let mut push = |kind, lines: &[Veiled]| {
                self.lines.extend(lines.iter().map(|line| DiffLine { kind, text: line.shown() }));
            };
            for op in group {
                if let DiffOp::Equal { .. } = op {
                    push(LineKind::Context, &old.veiled[op.old_range()]);
                } else {
                    push(LineKind::Removed, &old.veiled[op.old_range()]);
                    push(LineKind::Added, &new.veiled[op.new_range()]);
                }
            }
        }
    }

    /// Adds a hunk; one that begins where the last one ends is part of it.
    fn push(&mut self, hunk: Hunk) {
        match self.hunks.last_mut() {
            Some(last) if last.new.end == hunk.new.start && last.old.end == hunk.old.start => {
                (last.old.end, last.new.end) = (hunk.old.end, hunk.new.end);
            }
            _ => self.hunks.push(hunk),
        }
    }

    /// The same of a file that has no sections: in a start-up file, what begins with a bracket is a test.
    #[must_use]
    pub fn without_sections(mut self) -> Self {
        self.sections = Touched::default();
        for line in self.lines.iter_mut().filter(|line| line.kind == LineKind::Gap) {
            line.text.clear();
        }
        // Nothing lies between the start of a diff and its first lines.
        if self.lines.first().is_some_and(|line| line.kind == LineKind::Gap) {
            self.lines.remove(0);
        }
        self
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }
}

/// Whether a line starts a section.
pub(super) fn is_header(line: &[u8]) -> bool {
    line.starts_with(b"[")
}

/// A header without its brackets, and what follows them.
pub(super) fn bare_header(shown: &str) -> String {
    shown.split(']').next().unwrap_or(shown).trim_start_matches('[').to_owned()
}

/// Whether lines are whole sections: the first that says something is a header.
pub(super) fn is_block<'a>(lines: impl IntoIterator<Item = &'a [u8]>) -> bool {
    lines.into_iter().find(says).is_some_and(is_header)
}

/// Whether a line is more than white space or a comment.
fn says(line: &&[u8]) -> bool {
    !line.trim_ascii().is_empty() && !line.starts_with(b"#") && !line.starts_with(b";")
}

fn starts_section(op: &DiffOp, old: &Side<'_>, new: &Side<'_>) -> bool {
    is_block(new.lines[op.new_range()].iter().copied().chain(old.lines[op.old_range()].iter().copied()))
}

/// Where the same lines may be said to come or to go higher or lower, as in `a b [a b]` and `a [b a] b`, moves them to
/// where whole sections come or go: people read it, and it is found again when other lines round it change.
fn slide(ops: &mut [DiffOp], old: &[&[u8]], new: &[&[u8]]) {
    for at in 1..ops.len() {
        let (before, rest) = ops.split_at_mut(at);
        let [op, after @ ..] = rest else { continue };
        let DiffOp::Equal { len: above, .. } = before[at - 1] else { continue };
        let (lines, span) = match op {
            DiffOp::Insert { .. } => (new, op.new_range()),
            DiffOp::Delete { .. } => (old, op.old_range()),
            _ => continue,
        };
        // At the end of the file there is nothing below to give back.
        let Some(DiffOp::Equal { .. }) = after.first() else { continue };
        let fits = |up: usize| is_block(lines[span.start - up..span.end - up].iter().copied());
        // The first line of the file stays where it is: an operation without lines is none.
        let most = (1..above).take_while(|up| lines[span.start - up] == lines[span.end - up]).count();
        let Some(up) = (0..=most).find(|up| fits(*up)).filter(|up| *up > 0) else { continue };
        if let DiffOp::Equal { len, .. } = &mut before[at - 1] {
            *len -= up;
        }
        if let Some(DiffOp::Equal { old_index, new_index, len }) = after.first_mut() {
            (*old_index, *new_index, *len) = (*old_index - up, *new_index - up, *len + up);
        }
        if let DiffOp::Insert { old_index, new_index, .. } | DiffOp::Delete { old_index, new_index, .. } = op
        {
            (*old_index, *new_index) = (*old_index - up, *new_index - up);
        }
    }
}

fn touched(ops: &[DiffOp], old: &Side<'_>, new: &Side<'_>) -> Touched {
    let mut touched = Touched::default();
    for op in ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
        let headers = |side: &Side<'_>, lines: Range<usize>| -> Vec<String> {
            lines
                .filter(|at| is_header(side.lines[*at]))
                .map(|at| bare_header(&side.veiled[at].shown()))
                .collect()
        };
        let (gone, come) = (headers(old, op.old_range()), headers(new, op.new_range()));
        let is_block = starts_section(op, old, new);
        // Where the lines below stay, it is the same section.
        let goes_on = |side: &Side<'_>, end: usize| {
            side.lines.get(end).is_some_and(|line| !is_header(line) && !line.trim_ascii().is_empty())
        };
        let is_renaming =
            gone.len() == 1 && goes_on(old, op.old_range().end) && goes_on(new, op.new_range().end);
        if is_renaming && come.len() == 1 && gone != come {
            let renamed = gone.iter().zip(&come).map(|(from, to)| format!("{from} → {to}"));
            touched.renamed.extend(renamed);
        } else {
            touched.removed.extend(gone);
            touched.added.extend(come);
        }
        let above = op.new_range().start.checked_sub(1).and_then(|line| new.section(line));
        if let Some((_, header)) = above.filter(|_| !is_block) {
            touched.changed.push(bare_header(&header));
        }
    }
    // A header that only looks different, or stands elsewhere now.
    let moved: Vec<String> = touched.added.iter().filter(|n| touched.removed.contains(n)).cloned().collect();
    touched.added.retain(|name| !moved.contains(name));
    touched.removed.retain(|name| !moved.contains(name));
    touched.changed.retain(|name| !touched.added.contains(name));
    touched.changed.extend(moved);
    touched.changed.dedup();
    touched
}

/// The last line with the line end that it lacks here and has in the other version.
fn ended_last_line(lines: &[&[u8]], other: &[&[u8]]) -> Option<Vec<u8>> {
    let last = lines.last().filter(|last| !last.ends_with(b"\n"))?;
    let is_ended = |line: &&&[u8]| matches!(line.strip_prefix(*last), Some(b"\n" | b"\r\n"));
    other.iter().find(is_ended).map(|line| line.to_vec())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(diff: &Diff) -> String {
        let mark = |kind| match kind {
            LineKind::Context => " ",
            LineKind::Removed => "-",
            LineKind::Added => "+",
            LineKind::Gap => "~",
        };
        diff.lines.iter().map(|l| format!("{}{}\n", mark(l.kind), l.text)).collect()
    }

    #[test]
    fn shows_changes_with_what_is_around_them() {
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\ntoken=x";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\ntoken=x\n10\n";
        let diff = Diff::new(old.as_bytes(), new.as_bytes());
        assert_eq!(text(&diff), " 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n token=‹redacted›\n+10\n");
        assert_eq!((diff.added, diff.removed), (2, 1));
        assert_eq!(
            diff.hunks,
            [
                Hunk { old: 8..10, new: 8..13 },
                // Nothing of the last line, which stays, but its new line end.
                Hunk { old: 25..25, new: 28..32 },
            ]
        );
        assert!(Diff::new(b"a\n", b"a\n").is_empty());
    }

    #[test]
    fn a_last_line_that_gets_its_line_end_stays() {
        for (old, new, shown, hunks) in [
            ("k", "k\n+\n", " k\n++\n", vec![(1, "", "\n+\n")]),
            ("a\r\nk", "a\r\nk\r\n+\r\n", " a\n k\n++\n", vec![(4, "", "\r\n+\r\n")]),
            // Also right below a line that changes, and above one that goes.
            ("a\nk", "b\nk\n", "-a\n+b\n k\n", vec![(0, "a\n", "b\n"), (3, "", "\n")]),
            ("k\na\nk", "k\nk\n+\n", " k\n-a\n k\n++\n", vec![(2, "a\n", ""), (3, "", "\n+\n")]),
            // One that goes, and one that stays as it is.
            ("a\nk", "a\nl\n", " a\n-k\n+l\n", vec![(2, "k", "l\n")]),
            ("a\nk", "b\nk", "-a\n+b\n k\n", vec![(0, "a\n", "b\n")]),
            // The way back.
            ("k\n+\n", "k", " k\n-+\n", vec![(1, "\n+\n", "")]),
            ("b\na", "a\nb", "+a\n b\n-a\n", vec![(0, "", "a\n"), (3, "\na", "")]),
        ] {
            let diff = Diff::new(old.as_bytes(), new.as_bytes());
            let hunk = |h: &Hunk| (h.new.start, &old[h.old.clone()], &new[h.new.clone()]);
            let found: Vec<_> = diff.hunks.iter().map(hunk).collect();
            assert_eq!((text(&diff).as_str(), found), (shown, hunks), "{old:?} to {new:?}");
        }
    }

    #[test]
    fn distant_changes_are_parted() {
        let old: String = (0..30).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n3\n", "\nx\n").replace("\n25\n", "\ny\n");
        let diff = Diff::new(old.as_bytes(), new.as_bytes());
        assert_eq!(diff.lines.iter().filter(|l| l.kind == LineKind::Gap).count(), 1);
        assert_eq!(diff.hunks.len(), 2);
    }

    #[test]
    fn says_in_which_section_and_which_sections() {
        let body = "a = 1\nb = 2\nc = 3\nd = 4\ne = 5\n";
        let old = format!("[default]\n{body}[profile x]\n{body}[profile gone]\n{body}");
        let new = format!(
            "[default]\n{body}[profile x]\n{}\n[profile new]\nz = 1\n",
            body.replace("e = 5", "e = 6")
        );
        let diff = Diff::new(old.as_bytes(), new.as_bytes());
        assert!(text(&diff).starts_with("~[profile x]\n b = 2\n c = 3\n d = 4\n-e = 5\n"), "{}", text(&diff));
        let names = |names: &[&str]| names.iter().map(|n| (*n).to_owned()).collect::<Vec<_>>();
        let expected = Touched {
            added: names(&["profile new"]),
            changed: names(&["profile x"]),
            removed: names(&["profile gone"]),
            renamed: Vec::new(),
        };
        assert_eq!(diff.sections, expected);
    }

    #[test]
    fn a_line_is_never_shown_below_the_header_of_another_section() {
        let body = "a = 1\nb = 2\nc = 3\nd = 4\n";
        let old = format!("[profile x]\n{body}\n[profile y]\n{body}");
        for (name, new, shown) in [
            (
                "a section comes below the tail of one that stays",
                format!("[profile x]\na = 2\n{}\n[profile y]\n{body}\n[profile z]\n", &body[6..]),
                " [profile x]\n-a = 1\n+a = 2\n b = 2\n c = 3\n d = 4\n~[profile y]\n b = 2\n c = 3\n d = 4\n+\n\
                 +[profile z]\n",
            ),
            (
                "the tail of one stands above the header of the next",
                format!("[profile x]\n{body}\n[profile y]\na = 2\n{}", &body[6..]),
                "~[profile x]\n d = 4\n \n [profile y]\n-a = 1\n+a = 2\n b = 2\n c = 3\n d = 4\n",
            ),
            (
                "its own header is there",
                format!("[profile x]\n{body}\n[profile y]\na = 1\nb = 3\n{}", &body[12..]),
                " \n [profile y]\n a = 1\n-b = 2\n+b = 3\n c = 3\n d = 4\n",
            ),
        ] {
            assert_eq!(text(&Diff::new(old.as_bytes(), new.as_bytes())), shown, "{name}");
        }
    }

    #[test]
    fn another_header_is_another_name() {
        let (old, new) = ("[profile a]\nregion = r\nx = y\n", "[profile b]\nregion = s\nx = y\n");
        let sections = Diff::new(old.as_bytes(), new.as_bytes()).sections;
        let renamed = vec!["profile a → profile b".to_owned()];
        assert_eq!(sections, Touched { renamed, ..Touched::default() });
    }

    #[test]
    fn whole_sections_come_and_go() {
        let section = |name: &str| format!("[profile {name}]\nregion = r\nmark = acme\n");
        let (a, b, c) = (section("a"), section("b"), section("c"));
        let (old, new) = (format!("{a}\n{c}"), format!("{a}\n{b}\n{c}"));
        for (old, new) in [(&old, &new), (&new, &old)] {
            let diff = Diff::new(old.as_bytes(), new.as_bytes());
            let [hunk] = &diff.hunks[..] else { panic!("one hunk") };
            let block = if hunk.old.is_empty() { &new[hunk.new.clone()] } else { &old[hunk.old.clone()] };
            assert!(block.trim_start().starts_with("[profile b]"), "{block}");
        }
    }
}
