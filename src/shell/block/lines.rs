//! The lines of a start-up file over its bytes, and edits of them.

use std::ops::Range;

/// What some Windows editors begin a file with.
const BOM: &[u8] = b"\xef\xbb\xbf";

/// A line: any bytes, and its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Line<'a> {
    /// Where it begins in the file.
    pub(super) start: usize,
    /// Its bytes, the end apart.
    pub(super) text: &'a [u8],
    /// `\n`, `\r\n`, or nothing (the last line).
    pub(super) eol: &'static str,
}

impl<'a> Line<'a> {
    /// Where the next line begins.
    pub(super) fn end(&self) -> usize {
        self.start + self.text.len() + self.eol.len()
    }

    /// Nothing but a line end.
    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    /// The blanks that it begins with.
    pub(super) fn indent(&self) -> &'a [u8] {
        &self.text[..self.text.len() - self.text.trim_ascii_start().len()]
    }

    /// All of it.
    pub(super) fn whole(&self) -> Range<usize> {
        self.start..self.end()
    }

    /// It without the blanks around.
    pub(super) fn inner(&self) -> Range<usize> {
        let start = self.start + self.indent().len();
        start..start + self.text.trim_ascii().len()
    }
}

/// Where the first line begins: behind a byte order mark.
pub(super) fn beginning(bytes: &[u8]) -> usize {
    if bytes.starts_with(BOM) { BOM.len() } else { 0 }
}

/// The lines of a file.
pub(super) fn split(bytes: &[u8]) -> Vec<Line<'_>> {
    let mut start = beginning(bytes);
    let mut lines = Vec::new();
    for line in bytes[start..].split_inclusive(|&byte| byte == b'\n') {
        let (text, eol) = match line {
            [text @ .., b'\r', b'\n'] => (text, "\r\n"),
            [text @ .., b'\n'] => (text, "\n"),
            text => (text, ""),
        };
        lines.push(Line { start, text, eol });
        start += line.len();
    }
    lines
}

/// Changes to a file, no two of which overlap.
#[derive(Debug, Default)]
pub(super) struct Edits(Vec<(Range<usize>, Vec<u8>)>);

impl Edits {
    /// There are none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Puts something in the place of a range, which may be empty.
    pub(super) fn put(&mut self, range: Range<usize>, text: &[u8]) {
        self.0.push((range, text.to_vec()));
        self.0.sort_by_key(|(range, _)| (range.start, range.end));
    }

    /// Takes a range away; one that is taken away already is taken away once.
    pub(super) fn cut(&mut self, range: Range<usize>) {
        if !self.has_cut(range.start) {
            self.put(range, b"");
        }
    }

    /// Whether the byte there is taken away or replaced.
    pub(super) fn has_cut(&self, at: usize) -> bool {
        self.0.iter().any(|(range, _)| range.contains(&at))
    }

    /// The file after all of them.
    pub(super) fn apply(&self, bytes: &[u8]) -> Vec<u8> {
        self.apply_up_to(bytes, bytes.len())
    }

    /// How many lines are above this place, after all of them.
    pub(super) fn lines_above(&self, bytes: &[u8], at: usize) -> usize {
        self.apply_up_to(bytes, at).split(|&byte| byte == b'\n').count() - 1
    }

    fn apply_up_to(&self, bytes: &[u8], most: usize) -> Vec<u8> {
        let mut made = Vec::with_capacity(bytes.len() + 512);
        let mut done = 0;
        for (range, text) in self.0.iter().filter(|(range, _)| range.end <= most) {
            made.extend(&bytes[done..range.start]);
            made.extend(text);
            done = range.end;
        }
        made.extend(&bytes[done..most]);
        made
    }
}
