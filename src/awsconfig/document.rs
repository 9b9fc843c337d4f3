//! The file as lines over its original bytes.

use std::collections::HashMap;
use std::fmt;

use crate::awsconfig::anomaly::Anomaly;
use crate::awsconfig::header::{self, FileKind, Header};
use crate::awsconfig::line::{self, Eol, Kind, Line};
use crate::awsconfig::section::Section;

/// A shared config or credentials file.
///
/// Parsing cannot fail, and rendering what was parsed gives back the same bytes, whatever they are. The buffer is
/// never rewritten: lines point into it, and what an edit adds is appended behind the original. Sections keep
/// their own lines, so an edit costs as much as its section is long, whatever the size of the file.
#[derive(Clone)]
pub struct Document {
    pub(super) text: Vec<u8>,
    /// The lines before the first header, then one block for each header, in file order.
    pub(super) blocks: Vec<Block>,
    pub(super) file: FileKind,
    /// What keeps the whole file from being edited, and on which line.
    pub(super) flaw: Option<(usize, Anomaly)>,
    /// The line end of most lines.
    pub(super) usual_eol: Eol,
    claims: HashMap<String, Vec<Claim>>,
    /// Length of the byte order mark.
    mark: usize,
}

/// A header line and what follows it; without a header, lines that belong to no section.
#[derive(Clone)]
pub(super) struct Block {
    pub(super) header: Option<Header>,
    pub(super) lines: Vec<Line>,
}

/// A place where some reader may see a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Claim {
    /// The block with this index.
    Block(usize),
    /// A line that is no header to all readers.
    Shadow(usize, Anomaly),
}

impl Document {
    /// Reads `~/.aws/config`.
    pub fn parse(bytes: &[u8]) -> Self {
        Self::read(bytes, FileKind::Config)
    }

    /// Reads `~/.aws/credentials`. No edit of such a document is ever accepted.
    pub fn parse_credentials(bytes: &[u8]) -> Self {
        Self::read(bytes, FileKind::Credentials)
    }

    /// The bytes of the file, edits included.
    pub fn render(&self) -> Vec<u8> {
        let mut bytes = self.text[..self.mark].to_vec();
        for line in self.blocks.iter().flat_map(|block| &block.lines) {
            bytes.extend_from_slice(&self.text[line.text.clone()]);
            bytes.extend_from_slice(line.eol.bytes());
        }
        bytes
    }

    /// All sections in file order, broken ones included.
    pub fn sections(&self) -> impl Iterator<Item = Section<'_>> {
        (0..self.blocks.len()).filter_map(|at| Section::at(self, at))
    }

    fn read(bytes: &[u8], file: FileKind) -> Self {
        let mark = if bytes.starts_with(b"\xef\xbb\xbf") { 3 } else { 0 };
        let lines = line::lex(bytes, mark);
        let crlf = lines.iter().filter(|line| line.eol == Eol::CrLf).count();
        let lf = lines.iter().filter(|line| line.eol == Eol::Lf).count();
        let mut document = Self {
            text: bytes.to_vec(),
            blocks: vec![Block { header: None, lines: Vec::new() }],
            file,
            flaw: None,
            usual_eol: if crlf > lf { Eol::CrLf } else { Eol::Lf },
            claims: HashMap::new(),
            mark,
        };
        for line in lines {
            document.take(line);
        }
        document.flaw = document.find_flaw();
        document
    }

    fn take(&mut self, line: Line) {
        let text = String::from_utf8_lossy(&self.text[line.text.clone()]);
        match line.kind {
            Kind::Header => {
                let header = header::parse(&text, self.file);
                self.push(Block { header: Some(header), lines: vec![line] });
                return;
            }
            Kind::Comment { .. } | Kind::Blank | Kind::Property(_) => {}
            Kind::Continuation | Kind::Stray | Kind::Junk(_) => {
                let shown = text.trim_start_matches(line::is_white);
                if shown.starts_with('[') {
                    for name in header::parse(shown, self.file).claims {
                        let claim = Claim::Shadow(line.number, Anomaly::IndentedHeader);
                        self.claims.entry(name).or_default().push(claim);
                    }
                }
            }
        }
        let last = self.blocks.last_mut().expect("the block before the first header is always there");
        last.lines.push(line);
    }

    /// Appends a block and notes the profiles it may stand for.
    pub(super) fn push(&mut self, block: Block) {
        let Block { header, lines } = block;
        self.blocks.push(Block { header: None, lines });
        if let Some(header) = header {
            self.head(self.blocks.len() - 1, header);
        }
    }

    /// Gives a block that has none this header, and notes the profiles it may stand for.
    pub(super) fn head(&mut self, at: usize, header: Header) {
        for name in &header.claims {
            self.claims.entry(name.clone()).or_default().push(Claim::Block(at));
        }
        self.blocks[at].header = Some(header);
    }

    /// Takes a block's header away; the caller has taken its lines.
    pub(super) fn retire(&mut self, at: usize) {
        for name in self.blocks[at].header.take().map(|header| header.claims).unwrap_or_default() {
            if let Some(claims) = self.claims.get_mut(&name) {
                claims.retain(|claim| *claim != Claim::Block(at));
            }
        }
    }

    /// Where readers may see the profile, in file order.
    pub(super) fn claims(&self, profile: &str) -> &[Claim] {
        self.claims.get(profile).map_or(&[], Vec::as_slice)
    }

    pub(super) fn shown(&self, span: std::ops::Range<usize>) -> std::borrow::Cow<'_, str> {
        String::from_utf8_lossy(&self.text[span])
    }

    fn find_flaw(&self) -> Option<(usize, Anomaly)> {
        if self.text.starts_with(b"\xff\xfe") || self.text.starts_with(b"\xfe\xff") {
            return Some((1, Anomaly::Utf16));
        }
        // Some readers reject a file with a mark and others lose its first profile: nothing written there works.
        if self.mark > 0 {
            return Some((1, Anomaly::ByteOrderMark));
        }
        self.blocks.iter().flat_map(|block| &block.lines).find_map(|line| {
            let text = &self.text[line.text.clone()];
            let flaw = |byte, anomaly| text.contains(&byte).then_some((line.number, anomaly));
            flaw(0, Anomaly::Nul).or_else(|| flaw(b'\r', Anomaly::BareCarriageReturn))
        })
    }
}

/// The file may hold secrets of other tools: only its size is shown.
impl fmt::Debug for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Document({:?}, {} blocks)", self.file, self.blocks.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rendering_is_the_inverse_of_parsing() {
        let table: &[&[u8]] = &[
            b"",
            b"\n",
            b"\r",
            b"\r\n",
            b"\n\r",
            b"a",
            b"[a]\r\r\n",
            b"\xef\xbb\xbf",
            b"\xef\xbb\xbf[default]\na=b",
            b"\xff\xfe[\0",
            b"\0\0\n\0",
            b"\xe9\n[profile \xe9]\nx=\xff",
            b"[",
            b"]",
            b"=",
            b"[]\n[\n]\n \n\t",
        ];
        for bytes in table {
            assert_eq!(Document::parse(bytes).render(), *bytes, "{}", bytes.escape_ascii());
            assert_eq!(Document::parse_credentials(bytes).render(), *bytes, "{}", bytes.escape_ascii());
        }
    }

    #[test]
    fn debug_shows_nothing_of_the_file() {
        let shown =
            format!("{:?}", Document::parse(b"[profile a]\naws_secret_access_key = example/secret\n"));
        assert!(!shown.contains("example"), "{shown}");
    }
}
