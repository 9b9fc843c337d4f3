//! The lines of a file, by which places are found.

use std::collections::HashMap;

use crate::credential::sha256_hex;
use crate::plan::diff::is_header;
use crate::plan::secrets::secrets;
use crate::plan::veil::{Piece, Veiled};

/// The lines of a file, by which places are found.
pub(super) struct Lines {
    pub(super) veiled: Vec<Veiled>,
    pub(super) bare: Vec<Veiled>,
    pub(super) hashes: Vec<String>,
    by_hash: HashMap<String, Vec<usize>>,
    /// For each line, the header above it or at it.
    headers: Vec<Option<usize>>,
    /// Whether there are sections at all: in a start-up file, what begins with a bracket is a test.
    pub(super) has_sections: bool,
    /// Where each line starts; one more for the end.
    pub(super) starts: Vec<usize>,
}

impl Lines {
    pub(super) fn of(text: &[u8]) -> Self {
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
        Self { veiled, bare, hashes, by_hash, headers, has_sections: true, starts }
    }

    /// Of a file that has no sections.
    pub(super) fn without_sections(text: &[u8]) -> Self {
        let lines = Self::of(text);
        Self { headers: vec![None; lines.len()], has_sections: false, ..lines }
    }

    pub(super) fn len(&self) -> usize {
        self.veiled.len()
    }

    /// The hash of the header above a line; empty above the first.
    pub(super) fn section(&self, line: usize) -> &str {
        let above = line.checked_sub(1).and_then(|above| *self.headers.get(above)?);
        above.map_or("", |at| &self.hashes[at])
    }

    /// The header above a line, as it may be shown; empty above the first.
    pub(super) fn header(&self, line: usize) -> String {
        let above = line.checked_sub(1).and_then(|above| *self.headers.get(above)?);
        above.map_or(String::new(), |at| self.bare[at].shown())
    }

    /// The hash of the line so many lines from `line`; the start and the end of the file count as one each.
    pub(super) fn around(&self, line: usize, by: isize) -> Option<&str> {
        match line.checked_add_signed(by) {
            None if line.cast_signed() + by == -1 => Some("start"),
            Some(at) if at == self.len() => Some("end"),
            at => self.hashes.get(at?).map(String::as_str),
        }
    }

    /// The lines with this hash.
    pub(super) fn with_hash(&self, hash: &str) -> &[usize] {
        self.by_hash.get(hash).map_or(&[], Vec::as_slice)
    }

    /// The places right below a line that fits this anchor.
    pub(super) fn below(&self, anchor: &str) -> Vec<usize> {
        let start = (anchor == "start").then_some(0);
        start.into_iter().chain(self.with_hash(anchor).iter().map(|at| at + 1)).collect()
    }

    /// Whether all of the anchors above a line, or below one, fit.
    pub(super) fn fit(&self, anchors: &[String], line: usize, is_above: bool) -> bool {
        let by = |n: usize| if is_above { -n.cast_signed() - 1 } else { n.cast_signed() };
        anchors.iter().enumerate().all(|(n, anchor)| self.around(line, by(n)) == Some(anchor))
    }

    /// Whether a section starts or ends here.
    pub(super) fn is_boundary(&self, line: usize) -> bool {
        let says = (line..self.len()).find(|at| !self.bare[*at].start().trim_ascii().is_empty());
        says.is_none_or(|at| is_header(self.bare[at].start()))
    }
}

/// Of a line without its secrets and its line end: 24 bits, which many lines have in common.
pub(super) fn hash(line: &Veiled) -> String {
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
