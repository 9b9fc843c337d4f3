//! What each line of the file is, taken literally.
//!
//! Lines end at `\n`; a `\r` before it belongs to the line end. What a line means depends only on the lines of
//! its own section before it, so one pass with two bits of state is enough and no input can fail.

use std::ops::Range;

/// How a line ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Eol {
    /// The file ends here.
    None,
    Lf,
    CrLf,
}

impl Eol {
    pub(super) fn bytes(self) -> &'static [u8] {
        match self {
            Self::None => b"",
            Self::Lf => b"\n",
            Self::CrLf => b"\r\n",
        }
    }
}

/// One line: where its text lies in the document's buffer, and what it is.
#[derive(Debug, Clone)]
pub(super) struct Line {
    /// The text without its line end.
    pub(super) text: Range<usize>,
    pub(super) eol: Eol,
    /// The 1-based number in the file that was parsed; an added line carries the number of the line above it.
    pub(super) number: usize,
    pub(super) kind: Kind,
}

impl Line {
    /// Makes this the end of a file that ended below it without a line end. An empty line is nothing but its end, so
    /// it stays.
    pub(super) fn end_file(&mut self) {
        if !self.text.is_empty() {
            self.eol = Eol::None;
        }
    }
}

/// What a line is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Kind {
    /// Nothing but spaces and tabs.
    Blank,
    /// `#` or `;` first. Indented, it is a comment to some readers and part of the value above to others.
    Comment { indented: bool },
    /// `[` in the first column, well-formed or not.
    Header,
    /// A key and a value from the first column.
    Property(Parts),
    /// An indented line that continues the property above it.
    Continuation,
    /// An indented line with no property above it in its section.
    Stray,
    /// A line that is none of these.
    Junk(Junk),
}

/// Why a line is junk.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Junk {
    /// Neither `=` nor `:` in it.
    NoSeparator,
    /// A separator with nothing before it.
    NoName,
    /// It starts with white space that is neither space nor tab (form feed, no-break space …), or with a byte order mark.
    OddSpace,
}

/// Where the parts of a property lie, in the document's buffer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parts {
    pub(super) key: Range<usize>,
    /// The first `=` or `:`.
    pub(super) separator: usize,
    /// Without the white space round it and without an inline comment; empty just after the separator's white
    /// space when there is no value.
    pub(super) value: Range<usize>,
    /// The `#` or `;` of an inline comment: one with a space or tab before it.
    pub(super) comment: Option<usize>,
}

/// Splits `text[from..]` into lines and says what each is.
pub(super) fn lex(text: &[u8], from: usize) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut continues = false;
    let mut start = from;
    while start < text.len() {
        let newline = text[start..].iter().position(|b| *b == b'\n').map(|at| start + at);
        let (end, eol, next) = match newline {
            None => (text.len(), Eol::None, text.len()),
            Some(at) if at > start && text[at - 1] == b'\r' => (at - 1, Eol::CrLf, at + 1),
            Some(at) => (at, Eol::Lf, at + 1),
        };
        let kind = classify(text, start..end, continues);
        match kind {
            Kind::Header => continues = false,
            Kind::Property(_) => continues = true,
            _ => {}
        }
        lines.push(Line { text: start..end, eol, number: lines.len() + 1, kind });
        start = next;
    }
    lines
}

/// What the line at `span` is; `continues` tells whether its section has a property above it.
pub(super) fn classify(text: &[u8], span: Range<usize>, continues: bool) -> Kind {
    let line = &text[span.clone()];
    let Some(first) = line.iter().position(|b| !is_space(*b)) else { return Kind::Blank };
    match (line[first], first > 0) {
        (b'#' | b';', indented) => Kind::Comment { indented },
        (_, true) if continues => Kind::Continuation,
        (_, true) => Kind::Stray,
        (b'[', false) => Kind::Header,
        (_, false) if starts_odd(line) => Kind::Junk(Junk::OddSpace),
        (_, false) => property(text, span),
    }
}

/// White space as the readers that are strict about it understand it.
pub(super) fn is_space(b: u8) -> bool {
    b == b' ' || b == b'\t'
}

/// `span` without the spaces and tabs at its ends; an empty span keeps its end.
pub(super) fn trim(text: &[u8], span: Range<usize>) -> Range<usize> {
    let start = span.clone().find(|at| !is_space(text[*at])).unwrap_or(span.end);
    let end = (start..span.end).rev().find(|at| !is_space(text[*at])).map_or(start, |at| at + 1);
    start..end
}

fn property(text: &[u8], span: Range<usize>) -> Kind {
    let Some(separator) = span.clone().find(|at| matches!(text[*at], b'=' | b':')) else {
        return Kind::Junk(Junk::NoSeparator);
    };
    let key = trim(text, span.start..separator);
    if key.is_empty() {
        return Kind::Junk(Junk::NoName);
    }
    let comment =
        (separator + 2..span.end).find(|at| matches!(text[*at], b'#' | b';') && is_space(text[*at - 1]));
    let value = trim(text, separator + 1..comment.unwrap_or(span.end));
    Kind::Property(Parts { key, separator, value, comment })
}

/// Python counts every Unicode space as indentation, the SDKs count none of these; JavaScript drops them and a byte
/// order mark.
fn starts_odd(line: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&line[..line.len().min(4)]);
    head.starts_with(is_white)
}

/// White space in the eyes of any reader.
pub(super) fn is_white(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\u{1c}'..='\u{1f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_line() {
        let table: &[(&[u8], Kind)] = &[
            (b"", Kind::Blank),
            (b" \t ", Kind::Blank),
            (b"# x", Kind::Comment { indented: false }),
            (b"\t; x = y", Kind::Comment { indented: true }),
            (b"[a", Kind::Header),
            (b" [a]", Kind::Stray),
            (b" a = b", Kind::Stray),
            (b"=====", Kind::Junk(Junk::NoName)),
            (b"<<<<<<<", Kind::Junk(Junk::NoSeparator)),
            (b"\x0c", Kind::Junk(Junk::OddSpace)),
            (b"\xc2\xa0a = b", Kind::Junk(Junk::OddSpace)),
            (b"\xef\xbb\xbf[a] # b = c", Kind::Junk(Junk::OddSpace)),
            (b"\x1fa = b", Kind::Junk(Junk::OddSpace)),
            (b"\0\0", Kind::Junk(Junk::NoSeparator)),
        ];
        for (bytes, kind) in table {
            assert_eq!(classify(bytes, 0..bytes.len(), false), *kind, "{}", bytes.escape_ascii());
        }
        assert_eq!(classify(b" a = b", 0..6, true), Kind::Continuation);
    }

    #[test]
    fn the_parts_of_a_property() {
        let table = [
            ("a=b", "a", "b", None),
            ("a  = b # c", "a", "b", Some("# c")),
            ("a = b#c", "a", "b#c", None),
            ("a = # c", "a", "", Some("# c")),
            ("a =", "a", "", None),
            ("a: b=c ;d ", "a", "b=c", Some(";d ")),
            ("a b\t=\tc = d\t", "a b", "c = d", None),
        ];
        for (line, key, value, comment) in table {
            let Kind::Property(parts) = classify(line.as_bytes(), 0..line.len(), false) else {
                panic!("{line}");
            };
            let found = (&line[parts.key], &line[parts.value], parts.comment.map(|at| &line[at..]));
            assert_eq!(found, (key, value, comment), "{line}");
        }
    }

    #[test]
    fn line_ends_and_numbers() {
        let lines = lex(b"a=1\r\n\nb=2\r", 0);
        let ends: Vec<_> = lines.iter().map(|line| (line.number, line.eol, line.text.len())).collect();
        assert_eq!(ends, [(1, Eol::CrLf, 3), (2, Eol::Lf, 0), (3, Eol::None, 4)]);
    }
}
