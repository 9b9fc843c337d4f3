//! A text with its secrets taken out: what may be shown, and what may be kept.

use std::ops::Range;

use crate::base::{Secret, text::Visible};
use crate::credential::sha256_hex;

/// What stands for a secret.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The SHA-256 of the secret, in hexadecimal.
    pub sha256: String,
    /// Whether it is so short that even a piece of its hash would help to guess it.
    pub is_short: bool,
}

/// A piece of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Bytes that are no secret.
    Plain(Vec<u8>),
    /// Where a secret stood.
    Secret(Mark),
}

/// A text with its secrets taken out. No two plain pieces are neighbours, and none is empty.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Veiled(pub Vec<Piece>);

/// Shorter ones are shown without a piece of their hash.
const LONG: usize = 16;

/// A text without its secrets, harmless on a terminal.
pub fn shown(text: &str) -> String {
    let bytes = text.as_bytes();
    Veiled::of(bytes, 0..bytes.len(), &super::secrets(bytes)).shown()
}

impl Mark {
    /// The mark of a secret.
    pub fn of(secret: &[u8]) -> Self {
        Self { sha256: sha256_hex(secret), is_short: secret.len() < LONG }
    }

    /// What is shown in its place: two that are equal are seen to be equal.
    pub fn shown(&self) -> String {
        match self.sha256.get(..4).filter(|_| !self.is_short) {
            Some(start) => format!("‹redacted {start}›"),
            None => "‹redacted›".to_owned(),
        }
    }
}

impl Veiled {
    /// A part of a text, by the secrets of the whole. ([`super::secrets`])
    pub fn of(text: &[u8], part: Range<usize>, secrets: &[Range<usize>]) -> Self {
        let mut veiled = Self::default();
        let mut at = part.start;
        let first = secrets.partition_point(|secret| secret.end <= part.start);
        for secret in secrets[first..].iter().take_while(|secret| secret.start < part.end) {
            let (start, end) = (secret.start.max(part.start), secret.end.min(part.end));
            veiled.push_plain(&text[at..start]);
            veiled.0.push(Piece::Secret(Mark::of(&text[start..end])));
            at = end;
        }
        veiled.push_plain(&text[at..part.end]);
        veiled
    }

    /// The lines of a text, line ends included.
    pub fn lines_of(text: &[u8], secrets: &[Range<usize>]) -> Vec<Self> {
        let mut start = 0;
        let line = |line: &[u8]| {
            let span = start..start + line.len();
            start = span.end;
            Self::of(text, span, secrets)
        };
        text.split_inclusive(|b| *b == b'\n').map(line).collect()
    }

    /// Adds bytes that are no secret.
    pub fn push_plain(&mut self, bytes: &[u8]) {
        match self.0.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Piece::Plain(last)) => last.extend_from_slice(bytes),
            _ => self.0.push(Piece::Plain(bytes.to_vec())),
        }
    }

    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The lines, line ends included.
    pub fn lines(&self) -> Vec<Self> {
        let (mut lines, mut line) = (Vec::new(), Self::default());
        for piece in &self.0 {
            match piece {
                Piece::Secret(_) => line.0.push(piece.clone()),
                Piece::Plain(bytes) => {
                    for part in bytes.split_inclusive(|b| *b == b'\n') {
                        line.push_plain(part);
                        if part.ends_with(b"\n") {
                            lines.push(std::mem::take(&mut line));
                        }
                    }
                }
            }
        }
        lines.extend(Some(line).filter(|line| !line.is_empty()));
        lines
    }

    /// The line end, if there is one.
    pub fn eol(&self) -> &'static [u8] {
        match self.0.last() {
            Some(Piece::Plain(bytes)) if bytes.ends_with(b"\r\n") => b"\r\n",
            Some(Piece::Plain(bytes)) if bytes.ends_with(b"\n") => b"\n",
            _ => b"",
        }
    }

    /// The same without its line end.
    #[must_use]
    pub fn without_eol(&self) -> Self {
        let (mut bare, length) = (self.clone(), self.eol().len());
        if let Some(Piece::Plain(bytes)) = bare.0.last_mut() {
            bytes.truncate(bytes.len() - length);
            if bytes.is_empty() {
                bare.0.pop();
            }
        }
        bare
    }

    /// The bytes before the first secret.
    pub fn start(&self) -> &[u8] {
        match self.0.first() {
            Some(Piece::Plain(bytes)) => bytes,
            _ => b"",
        }
    }

    /// What stands for its secrets.
    pub fn marks(&self) -> impl Iterator<Item = &Mark> {
        self.0.iter().filter_map(|piece| match piece {
            Piece::Secret(mark) => Some(mark),
            Piece::Plain(_) => None,
        })
    }

    /// The line as it may be shown, without its line end.
    pub fn shown(&self) -> String {
        let bare = self.without_eol();
        let shown = |piece: &Piece| match piece {
            Piece::Plain(bytes) => Visible(&String::from_utf8_lossy(bytes)).to_string(),
            Piece::Secret(mark) => mark.shown(),
        };
        bare.0.iter().map(shown).collect()
    }

    /// The text with its secrets put back. Where one is not to be had, a command goes on without the words it belongs
    /// to, and a key that holds nothing else is left out; gives how many were not.
    pub fn filled(&self, find: impl Fn(&Mark) -> Option<Secret>) -> (Vec<u8>, usize) {
        let (mut bytes, mut missing) = (Vec::new(), 0);
        for line in self.lines() {
            let (filled, lost) = line.filled_line(&find);
            bytes.extend(filled);
            missing += lost;
        }
        (bytes, missing)
    }

    fn filled_line(&self, find: impl Fn(&Mark) -> Option<Secret>) -> (Vec<u8>, usize) {
        let (mut line, mut missing): (Vec<u8>, usize) = (Vec::new(), 0);
        let mut closing: Option<Vec<u8>> = None;
        for piece in &self.0 {
            match piece {
                Piece::Plain(bytes) => {
                    let mut rest = bytes.as_slice();
                    if let Some(quote) = closing.take() {
                        rest = rest.strip_prefix(quote.as_slice()).unwrap_or(rest);
                        // Between two words one space is enough.
                        let is_apart = line.last().is_none_or(|b| b" \t\"'`".contains(b));
                        rest = rest.strip_prefix(b" ").filter(|_| is_apart).unwrap_or(rest);
                    }
                    line.extend_from_slice(rest);
                }
                Piece::Secret(mark) => match find(mark) {
                    Some(secret) => line.extend_from_slice(secret.expose().as_bytes()),
                    None => {
                        missing += 1;
                        closing = Some(take_announcement(&mut line));
                    }
                },
            }
        }
        if missing > 0 && line.trim_ascii().is_empty() {
            line.clear();
        }
        (line, missing)
    }
}

/// Takes the words away that announce the secret which is missing: `--token `, `DUPLO_TOKEN=`, an opening quote. Of a
/// key that holds nothing else, all. Gives the closing quote to be taken away, too.
fn take_announcement(line: &mut Vec<u8>) -> Vec<u8> {
    let mut quote = Vec::new();
    if let Some(last) = line.last().copied().filter(|b| b"\"'`".contains(b)) {
        line.pop();
        quote.push(last);
        while line.last() == Some(&b'\\') {
            line.pop();
            quote.insert(0, b'\\');
        }
    }
    let bare = line.trim_ascii_end().len();
    // A key: nothing but a word stands before the separator.
    let is_key = line[..bare]
        .split_last()
        .is_some_and(|(last, key)| b"=:".contains(last) && !key.trim_ascii().contains(&b' '));
    if is_key {
        line.clear();
        return quote;
    }
    line.truncate(bare);
    if line.last() == Some(&b'=') {
        line.pop();
        line.truncate(line.trim_ascii_end().len());
    }
    let word =
        line.iter().rposition(|b| b.is_ascii_whitespace() || b"\"'`".contains(b)).map_or(0, |at| at + 1);
    line.truncate(word);
    quote
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::secrets;

    fn veiled(text: &str) -> Veiled {
        Veiled::of(text.as_bytes(), 0..text.len(), &secrets(text.as_bytes()))
    }

    #[test]
    fn is_shown_by_the_start_of_its_hash() {
        for (text, shown) in [
            ("token = 0123456789abcdef\n", "token = ‹redacted 9f9f›"),
            ("token = short\r\n", "token = ‹redacted›"),
            ("x = y --token SIMTOKEN-0123456 --admin", "x = y --token ‹redacted bc2e› --admin"),
            ("# \u{1b}[2J\u{202e}", "# \\u{1b}[2J\\u{202e}"),
        ] {
            assert_eq!(veiled(text).shown(), shown);
            assert_eq!(veiled(text).lines().concat_shown(), shown);
        }
    }

    trait Shown {
        fn concat_shown(&self) -> String;
    }

    impl Shown for Vec<Veiled> {
        fn concat_shown(&self) -> String {
            self.iter().map(Veiled::shown).collect()
        }
    }

    #[test]
    fn is_put_back_or_left_out() {
        for (text, without) in [
            ("a = 1\r\naws_secret_access_key = SIM\r\nb = 2\r\n", "a = 1\r\nb = 2\r\n"),
            ("aws_session_token =\n  SIM\n  SIM\nb = 2", "aws_session_token =\nb = 2"),
            ("p = x --token SIM --admin\n", "p = x --admin\n"),
            ("p = x --admin --token SIM\n", "p = x --admin \n"),
            ("p = x --token=\"SIM SIM\" --admin\n", "p = x --admin\n"),
            ("p = sh -c \"DUPLO_TOKEN=SIM x --token \\\"a b\\\" y\"\n", "p = sh -c \"x y\"\n"),
        ] {
            let veiled = veiled(text);
            assert_eq!(String::from_utf8(veiled.filled(|_| None).0).unwrap(), without);
            let all =
                |mark: &Mark| ["SIM", "SIM SIM", "a b"].into_iter().find(|s| Mark::of(s.as_bytes()) == *mark);
            let (bytes, missing) = veiled.filled(|mark| all(mark).map(Secret::new));
            assert_eq!((String::from_utf8(bytes).unwrap().as_str(), missing), (text, 0));
        }
    }
}
