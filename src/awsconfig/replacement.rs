//! Other lines in the place of a section, such as a person's editor brings back.
//!
//! The lines must be ones that we could edit, and no reader may refuse the file for one of them: what stands there
//! was typed a moment ago and can be typed again.

use crate::awsconfig::anomaly::Anomaly;
use crate::awsconfig::document::Document;
use crate::awsconfig::edit::last_of_body;
use crate::awsconfig::line::{self, Eol, Kind, Line};
use crate::awsconfig::refusal::EditError;

impl Document {
    /// The lines of a profile's section as they stand, from its header to the last line of its last property.
    ///
    /// # Errors
    /// As [`Document::replace_section`] refuses to replace them.
    pub fn section_text(&self, profile: &str) -> Result<Vec<u8>, EditError> {
        let block = self.editable(profile)?;
        Ok(self.bytes_of(self.body(block)))
    }

    /// Puts other lines in the place of those of [`Document::section_text`], and tells whether that changed anything.
    ///
    /// They take the section's line ends, unless its own or theirs are mixed. Blank lines at their end are dropped,
    /// and the last one ends as the last one did, whether that was the end of the file or not. Putting the old lines
    /// back gives back the original bytes, unless the new ones end with comments: those belong to what follows.
    ///
    /// # Errors
    /// [`EditError::OtherSection`] or [`EditError::Section`] when the new lines are not exactly one section with a
    /// plain header of the same profile, or hold what makes an edit unsafe or some reader refuse the file.
    pub fn replace_section(&mut self, profile: &str, section: &[u8]) -> Result<bool, EditError> {
        let block = self.editable(profile)?;
        let section = check(profile, section)?;
        let start = self.write(section).start;
        let mut new = line::lex(&self.text, start);
        let old = self.body(block);
        fit_ends(&mut new, old);
        let changed = self.bytes_of(&new) != self.bytes_of(old);
        if changed {
            let numbers: Vec<usize> = old.iter().map(|line| line.number).collect();
            let rest = self.blocks[block].lines.split_off(numbers.len());
            let last = numbers.last().copied().unwrap_or(1);
            for (at, line) in new.iter_mut().enumerate() {
                line.number = numbers.get(at).copied().unwrap_or(last);
            }
            self.retitle(block, new[0].text.clone());
            self.blocks[block].lines = new;
            self.blocks[block].lines.extend(rest);
        }
        Ok(changed)
    }

    fn body(&self, block: usize) -> &[Line] {
        let lines = &self.blocks[block].lines;
        &lines[..=last_of_body(lines)]
    }

    fn bytes_of(&self, lines: &[Line]) -> Vec<u8> {
        let parts = lines.iter().flat_map(|line| [&self.text[line.text.clone()], line.eol.bytes()]);
        parts.collect::<Vec<_>>().concat()
    }
}

/// The text without the blank lines at its end, if it may stand in the place of the profile's section.
fn check<'a>(profile: &str, section: &'a [u8]) -> Result<&'a [u8], EditError> {
    let refuse = |line, anomaly| Err(EditError::Section { line, anomaly });
    let new = Document::parse(section);
    if let Some((line, anomaly)) = new.flaw {
        return refuse(line, anomaly);
    }
    let other = |line| Err(EditError::OtherSection { profile: profile.to_owned(), line });
    let [before, block, rest @ ..] = new.blocks.as_slice() else { return other(1) };
    let header = block.header.as_ref().expect("every block but the first has a header");
    if !before.lines.is_empty() {
        return other(1);
    }
    if let Some(second) = rest.first() {
        return other(second.lines[0].number);
    }
    if header.is_profile() && !header.is_plain() {
        return refuse(1, Anomaly::DisputedHeader);
    }
    if !header.is_profile() || header.name != profile {
        return other(1);
    }
    if let Some((line, anomaly)) = new.first_objection(block) {
        return refuse(line, anomaly);
    }
    let refused = new.disagreements().into_iter().find(|one| !one.rejects.is_empty());
    if let Some(one) = refused {
        return refuse(one.line, one.anomaly);
    }
    let last = block.lines.iter().rfind(|line| line.kind != Kind::Blank);
    let end = last.map_or(0, |line| line.text.end + line.eol.bytes().len());
    Ok(&section[..end])
}

fn fit_ends(new: &mut [Line], old: &[Line]) {
    if let (Some(_), Some(end)) = (one_end(new), one_end(old)) {
        for line in new.iter_mut().filter(|line| line.eol != Eol::None) {
            line.eol = end;
        }
    }
    if let (Some(new), Some(old)) = (new.last_mut(), old.last())
        && (new.eol == Eol::None || old.eol == Eol::None)
    {
        new.eol = old.eol;
    }
}

/// The line end that all of the lines have that have one.
fn one_end(lines: &[Line]) -> Option<Eol> {
    let mut ends = lines.iter().map(|line| line.eol).filter(|eol| *eol != Eol::None);
    let first = ends.next()?;
    ends.all(|eol| eol == first).then_some(first)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(text: &str, section: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        let changed = document.replace_section("a", section.as_bytes())?;
        let after = document.render();
        assert_eq!(changed, after != text.as_bytes(), "{text:?}");
        Ok(String::from_utf8(after).unwrap())
    }

    #[test]
    fn what_is_replaced_can_be_put_back() {
        let table = [
            (
                "in the middle",
                "[y]\n[profile a]\nk = v\n# z\n[z]\n",
                "[profile a] # x\n\nl = w\n",
                "[y]\n[profile a] # x\n\nl = w\n# z\n[z]\n",
            ),
            (
                "without its last line end",
                "[profile a]\nk = v\n\n[z]\n",
                "[profile a]\nl = w",
                "[profile a]\nl = w\n\n[z]\n",
            ),
            ("at the end of the file", "[profile a]\nk = v", "[profile a]\nl = w\n", "[profile a]\nl = w"),
            (
                "with blank lines below",
                "[profile a]\nk = v\n[z]\n",
                "[profile a]\nl = w\n\n \n",
                "[profile a]\nl = w\n[z]\n",
            ),
            ("LF for CRLF", "[profile a]\r\nk = v\r\n", "[profile a]\nl = w\n", "[profile a]\r\nl = w\r\n"),
            ("CRLF for LF", "[profile a]\nk = v", "[profile a]\r\nl = w\r\n", "[profile a]\nl = w"),
            ("mixed for LF", "[profile a]\nk = v\n", "[profile a]\r\nl = w\n", "[profile a]\r\nl = w\n"),
            ("LF for mixed", "[profile a]\nk = v\r\n", "[profile a]\nl = w\n", "[profile a]\nl = w\n"),
            ("CRLF for none", "[profile a]", "[profile a]\r\nl = w\r\n", "[profile a]\r\nl = w"),
            ("only the header", "[profile a]\r\nk = v\r\n", "[profile a]", "[profile a]\r\n"),
            (
                "nested",
                "[profile a]\nk = v\n[z]",
                "[profile a]\ns3 =\n  k = v\n",
                "[profile a]\ns3 =\n  k = v\n[z]",
            ),
            ("the same", "[profile a]\r\nk = v\r\n", "[profile a]\nk = v\n\n", "[profile a]\r\nk = v\r\n"),
        ];
        for (name, before, section, after) in table {
            let old = Document::parse(before.as_bytes()).section_text("a").unwrap();
            assert_eq!(replace(before, section).as_deref(), Ok(after), "{name}");
            assert_eq!(
                replace(after, std::str::from_utf8(&old).unwrap()).as_deref(),
                Ok(before),
                "{name}, back"
            );
        }
    }

    #[test]
    fn comments_at_the_end_are_kept() {
        let after = replace("[profile a]\nk = v\n# z\n", "[profile a]\nk = v\n\n# why\n\n").unwrap();
        assert_eq!(after, "[profile a]\nk = v\n\n# why\n# z\n");
        assert_eq!(Document::parse(after.as_bytes()).section_text("a").unwrap(), b"[profile a]\nk = v\n");
    }

    #[test]
    fn the_document_knows_its_new_lines() {
        let mut document = Document::parse(b"[default]\nk = v\n[z]\n");
        document.replace_section("default", b"[profile default]\nl = w\n  x\nm = n\n").unwrap();
        let (key, value) = ("m".parse().unwrap(), "o".parse().unwrap());
        assert_eq!(document.set("default", &key, &value), Ok(true));
        assert_eq!(document.render(), b"[profile default]\nl = w\n  x\nm = o\n[z]\n");
        document.remove_profile("default").unwrap();
        assert_eq!(document.render(), b"[z]\n");
    }

    #[test]
    fn what_is_not_this_section_alone_is_refused() {
        let other = |line| EditError::OtherSection { profile: "a".to_owned(), line };
        let unsafe_ = |line, anomaly| EditError::Section { line, anomaly };
        let table = [
            ("", other(1)),
            ("\n", other(1)),
            ("# x\n[profile a]\n", other(1)),
            ("[profile b]\n", other(1)),
            ("[a]\n", other(1)),
            ("[profile a]\nk = v\n[z]\n", other(3)),
            ("[profile a]\n[profile a]\n", other(2)),
            ("[profile \"a\"]\n", unsafe_(1, Anomaly::DisputedHeader)),
            ("[profile a] # [x]\n", unsafe_(1, Anomaly::DisputedHeader)),
            ("[profile a\n", other(1)),
            ("[profile a]\n  k = v\n", unsafe_(2, Anomaly::IndentedBody)),
            ("[profile a]\nk = v\n  [profile b]\n", unsafe_(3, Anomaly::IndentedHeader)),
            ("[profile a]\nk\n", unsafe_(2, Anomaly::NoSeparator)),
            ("[profile a]\nk: v\n", unsafe_(2, Anomaly::Colon)),
            ("[profile a]\nk v --host http://w\n", unsafe_(2, Anomaly::NoSeparator)),
            ("[profile a]\nk = v\nK = w\n", unsafe_(3, Anomaly::DuplicateKey(2))),
            ("[profile a]\nk =\n  v\n", unsafe_(3, Anomaly::NestedNoSeparator)),
            ("[profile a]\nk = v\rl = w\n", unsafe_(2, Anomaly::BareCarriageReturn)),
            ("[profile a]\nk = \0\n", unsafe_(2, Anomaly::Nul)),
            ("\u{feff}[profile a]\n", unsafe_(1, Anomaly::ByteOrderMark)),
        ];
        for (section, error) in table {
            assert_eq!(replace("[profile a]\nk = v\n", section), Err(error), "{section:?}");
        }
        let mut document = Document::parse(b"[profile a]\n");
        let latin = document.replace_section("a", b"[profile a]\nk = \xe9\n");
        assert_eq!(latin, Err(unsafe_(2, Anomaly::NotUtf8)));
        assert_eq!(document.render(), b"[profile a]\n");
        let missing = document.section_text("b").unwrap_err();
        assert_eq!(missing, EditError::NoSuchProfile("b".to_owned()));
    }
}
