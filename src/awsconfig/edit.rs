//! Changing exact lines of a document: the properties of a profile, one at a time.
//!
//! Whole sections come and go in `insertion`, get another name in `renaming` and other lines in `replacement`. Each edit first asks whether everything it depends on is clear ([`EditError`]); after that it cannot fail.

use std::fmt;

use crate::awsconfig::anomaly::Anomaly;
use crate::awsconfig::document::Document;
use crate::awsconfig::line::{self, Eol, Kind, Line, Parts};
use crate::awsconfig::refusal::EditError;
use crate::awsconfig::section::group;
use crate::awsconfig::style::Spacing;
use crate::awsconfig::value::{Key, Value};
use crate::base::ProfileName;

/// One change of a document.
///
/// Profiles that are there already go by any name, because other people named them; new ones only by a
/// [`ProfileName`].
#[derive(Clone, PartialEq, Eq)]
pub enum Edit {
    /// Give a key of a profile this value, whether it has one or not.
    Set {
        /// A profile that is in the file.
        profile: String,
        /// The key.
        key: Key,
        /// Its new value.
        value: Value,
    },
    /// Take a key away, with its nested block or continuation lines.
    Unset {
        /// A profile that is in the file.
        profile: String,
        /// The key.
        key: Key,
    },
    /// Append a section for a profile that is not in the file.
    Insert {
        /// The new profile.
        profile: ProfileName,
        /// Its properties, in this order.
        properties: Vec<(Key, Value)>,
    },
    /// Take a section away, from its header to its last property.
    Remove {
        /// A profile that is in the file.
        profile: String,
    },
    /// Give a profile another name: its header changes, and nothing else. [`Document::rename_edits`] finds what else
    /// has to change with it.
    Rename {
        /// A profile that is in the file.
        profile: String,
        /// Its new name, which no profile in the file has.
        to: ProfileName,
    },
    /// Put other lines in the place of a section, from its header to its last property.
    Replace {
        /// A profile that is in the file.
        profile: String,
        /// The lines, with the header of the same profile first.
        section: Vec<u8>,
    },
}

/// A section that a person typed may hold a secret: only its size is shown.
impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Set { profile, key, value } => write!(f, "Set({profile:?}, {key}, {value:?})"),
            Self::Unset { profile, key } => write!(f, "Unset({profile:?}, {key})"),
            Self::Insert { profile, properties } => write!(f, "Insert({profile}, {properties:?})"),
            Self::Remove { profile } => write!(f, "Remove({profile:?})"),
            Self::Rename { profile, to } => write!(f, "Rename({profile:?}, {to})"),
            Self::Replace { profile, section } => write!(f, "Replace({profile:?}, {} bytes)", section.len()),
        }
    }
}

impl Document {
    /// Applies one edit, and tells whether it changed anything.
    pub fn apply(&mut self, edit: &Edit) -> Result<bool, EditError> {
        match edit {
            Edit::Set { profile, key, value } => self.set(profile, key, value),
            Edit::Unset { profile, key } => self.unset(profile, key),
            Edit::Insert { profile, properties } => self.insert_profile(profile, properties).map(|()| true),
            Edit::Remove { profile } => self.remove_profile(profile).map(|()| true),
            Edit::Rename { profile, to } => self.rename_profile(profile, to),
            Edit::Replace { profile, section } => self.replace_section(profile, section),
        }
    }

    /// Gives a key of a profile this value, and tells whether that changed anything.
    ///
    /// An existing value is replaced where it stands: spacing, alignment and line end stay. Its continuation lines
    /// go, its inline comment moves to a line of its own above (some readers would take it for part of the value).
    /// A new key comes after the last property of the section, spaced like its neighbours.
    pub fn set(&mut self, profile: &str, key: &Key, value: &Value) -> Result<bool, EditError> {
        let block = self.editable(profile)?;
        match self.find_key(block, key)? {
            None => {
                self.add(block, key, value);
                Ok(true)
            }
            Some(at) => self.replace(block, at, key, value),
        }
    }

    /// Takes a key of a profile away, and tells whether it was there.
    ///
    /// After a [`Document::set`] that added the key, this gives back the original bytes.
    pub fn unset(&mut self, profile: &str, key: &Key) -> Result<bool, EditError> {
        let block = self.editable(profile)?;
        let Some(at) = self.find_key(block, key)? else { return Ok(false) };
        self.check_group(block, at)?;
        self.drop_continuation(block, at);
        self.drop_line(block, at);
        Ok(true)
    }

    fn add(&mut self, block: usize, key: &Key, value: &Value) {
        let lines = &self.blocks[block].lines;
        let above = last_of_body(lines);
        let spacing = Spacing::of(&self.text, lines, key.as_str().len());
        let number = lines[above].number;
        let mut line = self.property_line(key, value, &spacing, number);
        line.eol = self.end_line(block, above);
        self.blocks[block].lines.insert(above + 1, line);
    }

    fn replace(&mut self, block: usize, at: usize, key: &Key, value: &Value) -> Result<bool, EditError> {
        self.check_group(block, at)?;
        let lines = &self.blocks[block].lines;
        let old = &lines[at];
        let Kind::Property(parts) = &old.kind else { unreachable!("a key is found on a property line") };
        let continued = lines[group(lines, at)].iter().find(|line| line.kind == Kind::Continuation);
        if let (true, Some(_)) = (parts.value.is_empty(), continued) {
            return Err(EditError::Unsafe { line: old.number, anomaly: Anomaly::Nested });
        }
        let bytes = self.replaced(old, parts, key, value);
        if bytes == self.text[old.text.clone()] && continued.is_none() {
            return Ok(false);
        }
        let (number, eol) = (old.number, old.eol);
        let comment = parts.comment.map(|start| line::trim(&self.text, start..old.text.end));
        let kind_of = |text: &[u8], span: std::ops::Range<usize>| line::classify(text, span, true);
        let text = self.write(&bytes);
        let kind = kind_of(&self.text, text.clone());
        self.blocks[block].lines[at] = Line { text, eol, number, kind };
        self.drop_continuation(block, at);
        if let Some(text) = comment {
            let eol = if eol == Eol::None { self.usual_eol } else { eol };
            let line = Line { text, eol, number, kind: Kind::Comment { indented: false } };
            self.blocks[block].lines.insert(at, line);
        }
        Ok(true)
    }

    /// The bytes of a property line with another value. The key in lower case and `=`, because some readers see
    /// nothing else.
    fn replaced(&self, old: &Line, parts: &Parts, key: &Key, value: &Value) -> Vec<u8> {
        let text = &self.text;
        let (mut before, mut after) =
            (&text[parts.key.end..parts.separator], &text[parts.separator + 1..parts.value.start]);
        if parts.value.is_empty() {
            after = if before.is_empty() { b"" } else { b" " };
        }
        if text[parts.separator] == b':' && before.is_empty() {
            before = after;
        }
        let tail = if parts.comment.is_some() || parts.value.is_empty() {
            &[][..]
        } else {
            &text[parts.value.end..old.text.end]
        };
        [key.as_str().as_bytes(), before, b"=", after, value.as_str().as_bytes(), tail].concat()
    }

    pub(super) fn property_line(
        &mut self,
        key: &Key,
        value: &Value,
        spacing: &Spacing,
        number: usize,
    ) -> Line {
        let Spacing { before, after } = spacing;
        let text = self.write(format!("{key}{before}={after}{value}").as_bytes());
        let kind = line::classify(&self.text, text.clone(), true);
        Line { text, eol: self.usual_eol, number, kind }
    }

    /// Appends bytes to the buffer.
    pub(super) fn write(&mut self, bytes: &[u8]) -> std::ops::Range<usize> {
        let start = self.text.len();
        self.text.extend_from_slice(bytes);
        start..self.text.len()
    }

    /// Makes sure that a line has an end, and returns the end of a line put below it.
    pub(super) fn end_line(&mut self, block: usize, at: usize) -> Eol {
        let usual = self.usual_eol;
        let eol = &mut self.blocks[block].lines[at].eol;
        let below = *eol;
        if below == Eol::None {
            *eol = usual;
        }
        below
    }

    fn drop_continuation(&mut self, block: usize, at: usize) {
        let under = group(&self.blocks[block].lines, at);
        for below in under.rev() {
            if self.blocks[block].lines[below].kind == Kind::Continuation {
                self.drop_line(block, below);
            }
        }
    }

    /// Removes a line that is not a header. If the file ended with it, the line above becomes its end.
    fn drop_line(&mut self, block: usize, at: usize) {
        let lines = &mut self.blocks[block].lines;
        if lines.remove(at).eol == Eol::None {
            lines[at - 1].end_file();
        }
    }
}

/// The last line of the last property of a section, or its header. Indented comments count: to some readers they
/// are part of the value above.
pub(super) fn last_of_body(lines: &[Line]) -> usize {
    let body = |line: &Line| {
        matches!(line.kind, Kind::Property(_) | Kind::Continuation | Kind::Comment { indented: true })
    };
    lines.iter().rposition(body).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn set(text: &str, name: &str, value: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        document.set("a", &key(name), &value.parse().unwrap())?;
        Ok(String::from_utf8(document.render()).unwrap())
    }

    fn unset(text: &str, name: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        document.unset("a", &key(name))?;
        Ok(String::from_utf8(document.render()).unwrap())
    }

    #[test]
    fn setting_touches_only_its_own_line() {
        let table = [
            ("new key", "[profile a]\nx = y\n", "[profile a]\nx = y\nk = v\n"),
            ("empty section", "[profile a]", "[profile a]\nk = v"),
            ("no final newline", "[profile a]\nx=y", "[profile a]\nx=y\nk=v"),
            (
                "line end of the line above",
                "[profile a]\r\nx = y\r\n[z]\n",
                "[profile a]\r\nx = y\r\nk = v\r\n[z]\n",
            ),
            (
                "before trailing comments",
                "[profile a]\nx = y\n\n# b\n[z]",
                "[profile a]\nx = y\nk = v\n\n# b\n[z]",
            ),
            (
                "after a nested block",
                "[profile a]\ns3 =\n  k = w\n[z]\n",
                "[profile a]\ns3 =\n  k = w\nk = v\n[z]\n",
            ),
            (
                "aligned",
                "[profile a]\nlonger  = y\nx       = y\n",
                "[profile a]\nlonger  = y\nx       = y\nk       = v\n",
            ),
            ("replaced in place", "[profile a]\nk\t=  old \t\nx = y\n", "[profile a]\nk\t=  v \t\nx = y\n"),
            ("replaced without value", "[profile a]\nk =\n", "[profile a]\nk = v\n"),
            ("replaced without spaces", "[profile a]\nk=\r\n", "[profile a]\nk=v\r\n"),
            ("comment moves up", "[profile a]\r\nk = old # why\r\n", "[profile a]\r\n# why\r\nk = v\r\n"),
            ("comment at the end", "[profile a]\nk = old ; why", "[profile a]\n; why\nk = v"),
            (
                "continuation goes",
                "[profile a]\nk = b\n  c\n# d\n  e\nx = y\n",
                "[profile a]\nk = v\n# d\nx = y\n",
            ),
            ("continuation at the end", "[profile a]\nk = b\n  c", "[profile a]\nk = v"),
            ("capitals go", "[profile a]\nK = old\n", "[profile a]\nk = v\n"),
            ("colon goes", "[profile a]\nk: old\n", "[profile a]\nk = v\n"),
            ("nothing to do", "[profile a]\nk =  v\t\n", "[profile a]\nk =  v\t\n"),
        ];
        for (name, before, after) in table {
            assert_eq!(set(before, "k", "v").as_deref(), Ok(after), "{name}");
            assert_eq!(set(after, "k", "v").as_deref(), Ok(after), "{name}, again");
        }
    }

    #[test]
    fn unsetting() {
        let table = [
            ("[profile a]\nk = v\nx = y\n", "[profile a]\nx = y\n"),
            ("[profile a]\nx = y\nk = v", "[profile a]\nx = y"),
            ("[profile a]\n\nk = v", "[profile a]\n\n"),
            ("[profile a]\nk =\n  b = c\n# d\n  e = f\nx = y\n", "[profile a]\n# d\nx = y\n"),
            ("[profile a]\nx = y\n", "[profile a]\nx = y\n"),
        ];
        for (before, after) in table {
            assert_eq!(unset(before, "k").as_deref(), Ok(after), "{before:?}");
        }
    }

    #[test]
    fn refusals_of_an_edit_say_the_line() {
        let table = [
            ("[profile a]\n[profile a]\n", 2, Anomaly::DuplicateProfile(1)),
            ("[profile a]\n[profile \"a\"]\n", 2, Anomaly::DuplicateProfile(1)),
            ("[profile \"a\"]\n", 1, Anomaly::DisputedHeader),
            ("[ profile a ]\n", 1, Anomaly::DisputedHeader),
            ("[profile a]; x\n", 1, Anomaly::DisputedHeader),
            ("[profile a]\n\n[profile b]; x\n", 3, Anomaly::DisputedHeader),
            ("[profile a]\n[z\n", 2, Anomaly::BrokenHeader),
            ("[profile a\n", 1, Anomaly::BrokenHeader),
            ("[profiles a]\n", 1, Anomaly::BrokenHeader),
            ("[profile a]\n[z]\nx = y\n  [profile a]\n", 4, Anomaly::IndentedHeader),
            ("[profile a]\nx = y\n  [z]\n", 3, Anomaly::IndentedHeader),
            ("[profile a]\n  x = y\n", 2, Anomaly::IndentedBody),
            ("[profile a]\nx\n", 2, Anomaly::NoSeparator),
            ("[profile a]\n=======\n", 2, Anomaly::NoName),
            ("[profile a]\n\u{a0}x = y\n", 2, Anomaly::OddSpace),
            ("[profile a]\n # x\n", 2, Anomaly::IndentedComment),
            ("[profile a]\nk = y\n # x\n", 3, Anomaly::IndentedComment),
            ("[profile a]\nk = x\nK = y\n", 3, Anomaly::DuplicateKey(2)),
            ("[profile a]\nx = y\n  k = w\n", 3, Anomaly::ContinuationAsKey),
            ("[profile a]\n\0\n", 2, Anomaly::Nul),
            ("[profile a]\nx = y\r", 2, Anomaly::BareCarriageReturn),
            ("\u{feff}[profile a]\n", 1, Anomaly::ByteOrderMark),
        ];
        for (text, line, anomaly) in table {
            assert_eq!(set(text, "k", "v"), Err(EditError::Unsafe { line, anomaly }), "{text:?}");
            let mut document = Document::parse(text.as_bytes());
            document.set("a", &key("k"), &"v".parse().unwrap()).unwrap_err();
            assert_eq!(document.render(), text.as_bytes());
        }
        let nested = EditError::Unsafe { line: 2, anomaly: Anomaly::Nested };
        assert_eq!(set("[profile a]\nk =\n  x = y\n", "k", "v"), Err(nested));
        assert_eq!(set("[a]\n", "k", "v"), Err(EditError::NoSuchProfile("a".to_owned())));
        let mut credentials = Document::parse_credentials(b"[a]\n");
        assert_eq!(credentials.remove_profile("a"), Err(EditError::Credentials));
    }

    #[test]
    fn both_defaults_are_refused_and_one_of_them_is_edited() {
        let edit = Edit::Set { profile: "default".into(), key: key("k"), value: "v".parse().unwrap() };
        let mut both = Document::parse(b"[default]\n[profile default]\n");
        assert_eq!(both.apply(&edit).unwrap_err().line(), Some(2));
        let mut prefixed = Document::parse(b"[profile default]\n");
        assert_eq!(prefixed.apply(&edit), Ok(true));
        assert_eq!(prefixed.render(), b"[profile default]\nk = v\n");
        let mut none = Document::parse(b"");
        none.apply(&Edit::Insert { profile: "default".parse().unwrap(), properties: vec![] }).unwrap();
        assert_eq!(none.render(), b"[default]\n");
    }
}
