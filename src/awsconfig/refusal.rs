//! What an edit depends on, and why it is refused.
//!
//! The file must be one that can be edited at all, exactly one section must be the profile to every reader, and its
//! lines must mean the same to all of them. What is not sure is refused, with the line. The rest of the file may be
//! as broken as it likes; it stays so.

use crate::awsconfig::anomaly::Anomaly;
use crate::awsconfig::document::{Block, Claim, Document};
use crate::awsconfig::header::{self, FileKind, Header, SectionKind};
use crate::awsconfig::line::{self, Junk, Kind, Line};
use crate::awsconfig::section::{fold_key, group};
use crate::awsconfig::value::Key;
use crate::base::{ProfileName, text};

/// Why an edit was refused. The document is as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EditError {
    /// Readers of the file would not agree on what the edit did.
    #[error("line {line}: {anomaly}")]
    Unsafe {
        /// The 1-based line in the file that was parsed.
        line: usize,
        /// What is there.
        anomaly: Anomaly,
    },
    /// Nothing in the file names the profile.
    #[error("there is no profile `{}`", text::Visible(.0))]
    NoSuchProfile(String),
    /// The profile to insert is there already.
    #[error("line {line}: there already is a profile `{profile}`")]
    ProfileExists {
        /// The profile.
        profile: ProfileName,
        /// The 1-based line of its header.
        line: usize,
    },
    /// A profile to insert has a key twice.
    #[error("the new profile has the key `{0}` twice")]
    KeyTwice(Key),
    /// The text of a section that is to replace another is not one to write.
    #[error("line {line} of your text{}", said_of_text(*anomaly))]
    Section {
        /// The 1-based line in the text given, not in the file.
        line: usize,
        /// What is there.
        anomaly: Anomaly,
    },
    /// The text of a section that is to replace another does not start with its header, or has a second one.
    #[error(
        "line {line} of your text: it must start with the header of profile `{}` and have no other",
        text::Visible(.profile)
    )]
    OtherSection {
        /// The profile.
        profile: String,
        /// The 1-based line in the text given, not in the file.
        line: usize,
    },
    /// The document is the credentials file.
    #[error("the credentials file is never changed")]
    Credentials,
}

fn said_of_text(anomaly: Anomaly) -> String {
    match anomaly {
        Anomaly::NoSeparator => " has no `=`".to_owned(),
        other => format!(": {other}"),
    }
}

impl EditError {
    /// The 1-based line of the file that stands in the way, where there is one.
    pub fn line(&self) -> Option<usize> {
        match self {
            Self::Unsafe { line, .. } | Self::ProfileExists { line, .. } => Some(*line),
            Self::NoSuchProfile(_)
            | Self::KeyTwice(_)
            | Self::Section { .. }
            | Self::OtherSection { .. }
            | Self::Credentials => None,
        }
    }
}

impl Document {
    pub(super) fn check_file(&self) -> Result<(), EditError> {
        match (self.file, self.flaw) {
            (FileKind::Credentials, _) => Err(EditError::Credentials),
            (FileKind::Config, Some((line, anomaly))) => Err(EditError::Unsafe { line, anomaly }),
            (FileKind::Config, None) => Ok(()),
        }
    }

    /// The one block that is the profile to every reader, with nothing in it that they read differently enough to
    /// make an edit unsafe.
    pub(super) fn editable(&self, profile: &str) -> Result<usize, EditError> {
        self.check_file()?;
        let refuse = |line, anomaly| Err(EditError::Unsafe { line, anomaly });
        let claims = self.claims(profile);
        let shadow = claims.iter().find_map(|claim| match claim {
            Claim::Shadow(line, anomaly) => Some((*line, *anomaly)),
            Claim::Block(_) => None,
        });
        if let Some((line, anomaly)) = shadow {
            return refuse(line, anomaly);
        }
        let blocks: Vec<(usize, &Block)> = claims
            .iter()
            .filter_map(|claim| match claim {
                Claim::Block(at) => Some((*at, &self.blocks[*at])),
                Claim::Shadow(..) => None,
            })
            .collect();
        let Some((at, block)) = blocks.first() else {
            return Err(EditError::NoSuchProfile(profile.to_owned()));
        };
        if let Some((_, second)) = blocks.get(1) {
            return refuse(second.lines[0].number, Anomaly::DuplicateProfile(block.lines[0].number));
        }
        let header = block.header.as_ref().expect("a claim is a block with a header");
        if !header.is_profile() {
            return refuse(block.lines[0].number, Anomaly::BrokenHeader);
        }
        if !header.is_plain() || header.name != profile {
            return refuse(block.lines[0].number, Anomaly::DisputedHeader);
        }
        match self.first_objection(block).or_else(|| self.unseen_end(*at)) {
            Some((line, anomaly)) => refuse(line, anomaly),
            None => Ok(*at),
        }
    }

    /// The header below a section, where it is none to some reader: what stands under it then belongs to the section.
    fn unseen_end(&self, block: usize) -> Option<(usize, Anomaly)> {
        let mut below = self.blocks[block + 1..].iter();
        let (header, line) = below.find_map(|block| Some((block.header.as_ref()?, &block.lines[0])))?;
        if header::is_seen(&self.shown(line.text.clone())) {
            return None;
        }
        let broken = header.kind == SectionKind::Broken;
        Some((line.number, if broken { Anomaly::BrokenHeader } else { Anomaly::DisputedHeader }))
    }

    /// Makes sure that no reader may see a profile of this name.
    pub(super) fn check_free(&self, profile: &ProfileName) -> Result<(), EditError> {
        match self.claims(profile.as_str()).first() {
            None => Ok(()),
            Some(Claim::Shadow(line, anomaly)) => Err(EditError::Unsafe { line: *line, anomaly: *anomaly }),
            Some(Claim::Block(at)) => {
                let line = self.blocks[*at].lines[0].number;
                let known = self.blocks[*at].header.as_ref();
                Err(if known.is_some_and(Header::is_plain) {
                    EditError::ProfileExists { profile: profile.clone(), line }
                } else {
                    EditError::Unsafe { line, anomaly: Anomaly::DisputedHeader }
                })
            }
        }
    }

    /// What the first unsafe line of a section is.
    pub(super) fn first_objection(&self, block: &Block) -> Option<(usize, Anomaly)> {
        let lines = &block.lines;
        lines.iter().enumerate().find_map(|(at, line)| self.objection(&lines[..at], line))
    }

    /// What makes a line of our own section unsafe, given the lines above it.
    fn objection(&self, above: &[Line], line: &Line) -> Option<(usize, Anomaly)> {
        let anomaly = match &line.kind {
            Kind::Stray => Anomaly::IndentedBody,
            Kind::Junk(Junk::NoSeparator) => Anomaly::NoSeparator,
            Kind::Junk(Junk::NoName) => Anomaly::NoName,
            Kind::Junk(Junk::OddSpace) => Anomaly::OddSpace,
            Kind::Continuation
                if self.shown(line.text.clone()).trim_start_matches(line::is_white).starts_with('[') =>
            {
                Anomaly::IndentedHeader
            }
            // Under no property, the strict readers refuse it.
            Kind::Comment { indented: true }
                if !above.iter().any(|line| matches!(line.kind, Kind::Property(_))) =>
            {
                Anomaly::IndentedComment
            }
            _ => return None,
        };
        Some((line.number, anomaly))
    }

    /// The line of a key, if it is there once and no continuation line can be taken for it.
    pub(super) fn find_key(&self, block: usize, key: &Key) -> Result<Option<usize>, EditError> {
        let lines = &self.blocks[block].lines;
        let mut found: Option<usize> = None;
        let mut nested = false;
        for (at, line) in lines.iter().enumerate() {
            match &line.kind {
                Kind::Property(parts) => {
                    nested = parts.value.is_empty();
                    if fold_key(&self.shown(parts.key.clone())) != key.as_str() {
                        continue;
                    }
                    if let Some(first) = found {
                        let anomaly = Anomaly::DuplicateKey(lines[first].number);
                        return Err(EditError::Unsafe { line: line.number, anomaly });
                    }
                    found = Some(at);
                }
                // To Go and JavaScript an indented `key = value` under a plain value is a property.
                Kind::Continuation if !nested => {
                    let text = self.shown(line.text.clone());
                    let name = text.split(['=', ':']).next().map(fold_key);
                    if name.as_deref() == Some(key.as_str()) && text.contains(['=', ':']) {
                        let anomaly = Anomaly::ContinuationAsKey;
                        return Err(EditError::Unsafe { line: line.number, anomaly });
                    }
                }
                _ => {}
            }
        }
        Ok(found)
    }

    /// An indented comment under a key would end up in another value when the key's own lines change.
    pub(super) fn check_group(&self, block: usize, at: usize) -> Result<(), EditError> {
        let lines = &self.blocks[block].lines;
        match lines[group(lines, at)].iter().find(|line| line.kind == Kind::Comment { indented: true }) {
            Some(line) => Err(EditError::Unsafe { line: line.number, anomaly: Anomaly::IndentedComment }),
            None => Ok(()),
        }
    }
}
