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

impl Hunk {
    /// Lines that take the place of others, without what they begin with alike: a last line that only gets its line
    /// end is none of what changes.
    fn new(mut new_at: usize, old: &[u8], new: &[u8]) -> Self {
        let alike = old.iter().zip(new).take_while(|(a, b)| a == b).count();
        new_at += alike;
        Self { new_at, old: old[alike..].to_vec(), new: new[alike..].to_vec() }
    }
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
    pub fn new(old: &[u8], new: &[u8], hide: impl Fn(&str) -> String) -> Self {
        let old: Vec<&[u8]> = old.split_inclusive(|b| *b == b'\n').collect();
        let new: Vec<&[u8]> = new.split_inclusive(|b| *b == b'\n').collect();
        let ops = capture_diff_slices(Algorithm::Patience, &old, &new);
        let mut diff = Self { hunks: Vec::new(), lines: Vec::new(), added: 0, removed: 0 };
        for op in ops.iter().filter(|op| !matches!(op, DiffOp::Equal { .. })) {
            let (old_range, new_range) = (op.old_range(), op.new_range());
            let gets_end = gets_line_end(&old[old_range.clone()], &new[new_range.clone()]);
            diff.removed += old_range.len() - usize::from(gets_end);
            diff.added += new_range.len() - usize::from(gets_end);
            let new_at = new[..new_range.start].iter().map(|line| line.len()).sum();
            diff.hunks.push(Hunk::new(new_at, &old[old_range].concat(), &new[new_range].concat()));
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
                match op {
                    DiffOp::Equal { .. } => push(LineKind::Context, &old[op.old_range()]),
                    _ => {
                        let (mut old, mut new) = (&old[op.old_range()], &new[op.new_range()]);
                        if gets_line_end(old, new) {
                            push(LineKind::Context, &old[..1]);
                            (old, new) = (&old[1..], &new[1..]);
                        }
                        push(LineKind::Removed, old);
                        push(LineKind::Added, new);
                    }
                }
            }
        }
        diff
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.hunks.is_empty()
    }
}

/// Whether the first line only gets the line end that it lacked at the end of the old file.
fn gets_line_end(old: &[&[u8]], new: &[&[u8]]) -> bool {
    let ([last], [first, ..]) = (old, new) else { return false };
    !last.ends_with(b"\n")
        && first.strip_suffix(b"\n").map(|f| f.strip_suffix(b"\r").unwrap_or(f)) == Some(last)
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
    fn distant_changes_are_parted() {
        let old: String = (0..30).map(|n| format!("{n}\n")).collect();
        let new = old.replace("\n3\n", "\nx\n").replace("\n25\n", "\ny\n");
        let diff = Diff::new(old.as_bytes(), new.as_bytes(), str::to_owned);
        assert_eq!(diff.lines.iter().filter(|l| l.kind == LineKind::Gap).count(), 1);
        assert_eq!(diff.hunks.len(), 2);
    }
}
