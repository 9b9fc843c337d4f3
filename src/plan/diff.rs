//! What differs between a file before and after, for people to read and for the journal to keep.

use similar::{Algorithm, DiffOp, capture_diff_slices};

/// Bytes that take the place of others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hunk {
    /// Where it starts in the new file.
    pub new_at: usize,
    /// The bytes that go.
    pub old: Vec<u8>,
    /// The bytes that come.
    pub new: Vec<u8>,
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
    /// Something lies between.
    Gap,
}

/// One line of a diff, without its line end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiffLine {
    /// What it says.
    pub kind: LineKind,
    /// The line.
    pub text: String,
}

/// The difference between two versions of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diff {
    /// What takes the place of what.
    pub hunks: Vec<Hunk>,
    /// The lines of a unified diff.
    pub lines: Vec<DiffLine>,
    /// How many lines come.
    pub added: usize,
    /// How many lines go.
    pub removed: usize,
}

/// Unchanged lines shown around a change.
const CONTEXT: usize = 3;

impl Diff {
    /// Compares two versions line by line. `hide` turns a line into what may be shown of it.
    ///
    /// A last line that only gets the line end it lacked is a line that stays: it may hold somebody's secret key.
    pub fn new(old: &[u8], new: &[u8], hide: impl Fn(&str) -> String) -> Self {
        let old: Vec<&[u8]> = old.split_inclusive(|b| *b == b'\n').collect();
        let new: Vec<&[u8]> = new.split_inclusive(|b| *b == b'\n').collect();
        let ended = ended_last_line(&old, &new);
        let mut compared = old.clone();
        if let (Some(last), Some(ended)) = (compared.last_mut(), &ended) {
            *last = ended;
        }
        let ops = capture_diff_slices(Algorithm::Patience, &compared, &new);
        let mut diff = Self { hunks: Vec::new(), lines: Vec::new(), added: 0, removed: 0 };
        let mut new_at = 0;
        for op in &ops {
            let (old_lines, new_lines) = (&old[op.old_range()], &new[op.new_range()]);
            let (old, new) = (old_lines.concat(), new_lines.concat());
            let next = new_at + new.len();
            if !matches!(op, DiffOp::Equal { .. }) {
                diff.removed += old_lines.len();
                diff.added += new_lines.len();
                diff.push(Hunk { new_at, old, new });
            } else if old.len() < new.len() {
                let line_end = new[old.len()..].to_vec();
                diff.push(Hunk { new_at: new_at + old.len(), old: Vec::new(), new: line_end });
            }
            new_at = next;
        }
        let shown = |line: &[u8]| hide(String::from_utf8_lossy(line).trim_end_matches(['\n', '\r']));
        let mut push = |kind, lines: &[&[u8]]| {
            diff.lines.extend(lines.iter().map(|l| DiffLine { kind, text: shown(l) }));
        };
        let groups = similar::group_diff_ops(ops, CONTEXT);
        for (at, group) in groups.iter().enumerate() {
            if at > 0 {
                push(LineKind::Gap, &[b""]);
            }
            for op in group {
                if let DiffOp::Equal { .. } = op {
                    push(LineKind::Context, &old[op.old_range()]);
                } else {
                    push(LineKind::Removed, &old[op.old_range()]);
                    push(LineKind::Added, &new[op.new_range()]);
                }
            }
        }
        diff
    }

    /// Adds a hunk; one that begins where the last one ends is part of it.
    fn push(&mut self, hunk: Hunk) {
        match self.hunks.last_mut() {
            Some(last) if last.new_at + last.new.len() == hunk.new_at => {
                last.old.extend(hunk.old);
                last.new.extend(hunk.new);
            }
            _ => self.hunks.push(hunk),
        }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }
}

/// The last line with the line end that it lacked in the old file and has in the new one.
fn ended_last_line(old: &[&[u8]], new: &[&[u8]]) -> Option<Vec<u8>> {
    let last = old.last().filter(|last| !last.ends_with(b"\n"))?;
    let is_ended = |line: &&&[u8]| matches!(line.strip_prefix(*last), Some(b"\n" | b"\r\n"));
    new.iter().find(is_ended).map(|line| line.to_vec())
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
        let old = "1\n2\n3\n4\n5\n6\n7\n8\n9\nsecret";
        let new = "1\n2\n3\n4\nfive\n6\n7\n8\n9\nsecret\n10\n";
        let diff = Diff::new(old.as_bytes(), new.as_bytes(), |l| l.replace("secret", "***"));
        assert_eq!(text(&diff), " 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n 9\n ***\n+10\n");
        assert_eq!((diff.added, diff.removed), (2, 1));
        assert_eq!(
            diff.hunks,
            [
                Hunk { new_at: 8, old: b"5\n".to_vec(), new: b"five\n".to_vec() },
                // Nothing of the last line, which stays, but its new line end.
                Hunk { new_at: 27, old: b"".to_vec(), new: b"\n10\n".to_vec() },
            ]
        );
        assert!(Diff::new(b"a\n", b"a\n", str::to_owned).is_empty());
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
        ] {
            let diff = Diff::new(old.as_bytes(), new.as_bytes(), str::to_owned);
            let found: Vec<_> = diff.hunks.iter().map(|h| (h.new_at, h.old.clone(), h.new.clone())).collect();
            let expected: Vec<_> = hunks
                .iter()
                .map(|(at, old, new)| (*at, old.as_bytes().to_vec(), new.as_bytes().to_vec()))
                .collect();
            assert_eq!((text(&diff).as_str(), found), (shown, expected), "{old:?} to {new:?}");
        }
    }

    #[test]
    fn distant_changes_are_parted() {
        let old: String = (0..30).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n3\n", "\nx\n").replace("\n25\n", "\ny\n");
        let diff = Diff::new(old.as_bytes(), new.as_bytes(), str::to_owned);
        assert_eq!(diff.lines.iter().filter(|l| l.kind == LineKind::Gap).count(), 1);
        assert_eq!(diff.hunks.len(), 2);
    }
}
