//! Sections that come and go.
//!
//! Insertion always adds the same thing in the same place, below everything but blank lines at the end, so that
//! removal knows what to take: one does not have to remember the other.

use std::collections::HashSet;

use crate::awsconfig::document::{Block, Document};
use crate::awsconfig::edit::last_of_body;
use crate::awsconfig::header::{self, FileKind};
use crate::awsconfig::line::{Eol, Kind, Line};
use crate::awsconfig::refusal::EditError;
use crate::awsconfig::style::Spacing;
use crate::awsconfig::value::{Key, Value};
use crate::base::ProfileName;

impl Document {
    /// Appends a section: one empty line before it unless nothing but blank lines is above, and without a line end
    /// if the file had none. Blank lines at the end of the file stay at its end.
    pub fn insert_profile(
        &mut self,
        profile: &ProfileName,
        properties: &[(Key, Value)],
    ) -> Result<(), EditError> {
        self.check_file()?;
        self.check_free(profile)?;
        let mut keys = HashSet::new();
        if let Some((key, _)) = properties.iter().find(|(key, _)| !keys.insert(key)) {
            return Err(EditError::KeyTwice(key.clone()));
        }
        self.append(profile, properties);
        Ok(())
    }

    /// Takes a section away, from its header to the last line of its last property, and the empty line above it.
    ///
    /// After [`Document::insert_profile`] this gives back the original bytes. Comments below the last property
    /// stay: they belong to what follows.
    pub fn remove_profile(&mut self, profile: &str) -> Result<(), EditError> {
        let block = self.editable(profile)?;
        let lines = &mut self.blocks[block].lines;
        let rest = lines.split_off(last_of_body(lines) + 1);
        let removed = std::mem::replace(lines, rest);
        let ended = removed.last().is_some_and(|line| line.eol == Eol::None);
        self.retire(block);
        let Some(above) = self.blocks[..block].iter_mut().rev().find(|block| !block.lines.is_empty()) else {
            return Ok(());
        };
        if above.lines.last().is_some_and(|line| line.kind == Kind::Blank && line.text.is_empty()) {
            above.lines.pop();
        }
        if ended {
            self.end_file_above(block);
        }
        Ok(())
    }

    fn append(&mut self, profile: &ProfileName, properties: &[(Key, Value)]) {
        let header = format!("[{}]", header::inner(profile));
        let last = self.blocks.iter().enumerate().rev().find_map(|(at, block)| {
            let line = block.lines.iter().rposition(|line| line.kind != Kind::Blank)?;
            Some((at, line))
        });
        let mut tail = Vec::new();
        let first_after = last.map_or(0, |(at, line)| {
            tail = self.blocks[at].lines.split_off(line + 1);
            at + 1
        });
        for block in &mut self.blocks[first_after..] {
            tail.append(&mut block.lines);
        }
        let mut number = 1;
        let mut end = self.usual_eol;
        if let Some((at, line)) = last {
            number = self.blocks[at].lines[line].number;
            end = self.end_line(at, line);
            let text = self.write(b"");
            let blank = Line { text, eol: self.usual_eol, number, kind: Kind::Blank };
            self.blocks[at].lines.push(blank);
        }
        let text = self.write(header.as_bytes());
        let mut lines = vec![Line { text, eol: self.usual_eol, number, kind: Kind::Header }];
        for (key, value) in properties {
            let line = self.property_line(key, value, &Spacing::usual(), number);
            lines.push(line);
        }
        if end == Eol::None
            && let Some(line) = lines.last_mut()
        {
            line.eol = Eol::None;
        }
        lines.append(&mut tail);
        let header = header::parse(&header, FileKind::Config);
        self.push(Block { header: Some(header), lines });
    }

    fn end_file_above(&mut self, block: usize) {
        let last = self.blocks[..block].iter_mut().rev().find_map(|block| block.lines.last_mut());
        if let Some(line) = last {
            line.end_file();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Key {
        text.parse().unwrap()
    }

    fn insert(text: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        document.insert_profile(&"a".parse().unwrap(), &[(key("k"), "v".parse().unwrap())])?;
        Ok(String::from_utf8(document.render()).unwrap())
    }

    fn remove(text: &str) -> Result<String, EditError> {
        let mut document = Document::parse(text.as_bytes());
        document.remove_profile("a")?;
        Ok(String::from_utf8(document.render()).unwrap())
    }

    #[test]
    fn inserting_and_removing_are_inverse() {
        let table = [
            ("", "[profile a]\nk = v\n"),
            ("\n\n", "[profile a]\nk = v\n\n\n"),
            (" ", "[profile a]\nk = v\n "),
            ("# x", "# x\n\n[profile a]\nk = v"),
            ("[z]\n", "[z]\n\n[profile a]\nk = v\n"),
            ("[z]\nx = y", "[z]\nx = y\n\n[profile a]\nk = v"),
            ("[z]\r\nx = y", "[z]\r\nx = y\r\n\r\n[profile a]\r\nk = v"),
            ("[z]\n\n \n", "[z]\n\n[profile a]\nk = v\n\n \n"),
            ("[z]\n\t", "[z]\n\n[profile a]\nk = v\n\t"),
            ("[z]\nx = y\n  # x\n", "[z]\nx = y\n  # x\n\n[profile a]\nk = v\n"),
        ];
        for (before, after) in table {
            assert_eq!(insert(before).as_deref(), Ok(after), "{before:?}");
            assert_eq!(remove(after).as_deref(), Ok(before), "{before:?}");
        }
    }

    #[test]
    fn a_thousand_profiles_come_and_go_in_any_order() {
        let original = "[z]\nx = y\n\n";
        let mut document = Document::parse(original.as_bytes());
        let names: Vec<ProfileName> = (0..1000).map(|n| format!("p{n}").parse().unwrap()).collect();
        for name in &names {
            document.insert_profile(name, &[]).unwrap();
            document.set(name.as_str(), &key("k"), &"v".parse().unwrap()).unwrap();
        }
        assert_eq!(document.profile_names().len(), 1000);
        let reread = Document::parse(&document.render());
        assert_eq!(
            (reread.disagreements().len(), reread.profile("p999").unwrap().value("k")),
            (0, Some("v"))
        );
        let (odd, even): (Vec<_>, Vec<_>) = names.iter().enumerate().partition(|(at, _)| at % 2 == 1);
        for (_, name) in odd.into_iter().chain(even) {
            document.remove_profile(name.as_str()).unwrap();
        }
        assert_eq!(document.render(), original.as_bytes());
        assert_eq!(document.remove_profile("p1"), Err(EditError::NoSuchProfile("p1".to_owned())));
    }

    #[test]
    fn removing_leaves_what_is_not_ours() {
        let table = [
            ("[profile a]\nk = v\n", ""),
            ("x\n\n[profile a]\nk = v\n\n[z]\n", "x\n\n[z]\n"),
            ("[y]\n\n[profile a]\nk = v\n# about z\n[z]\n", "[y]\n# about z\n[z]\n"),
            ("[y]\n# mine\n[profile a]\nk = v", "[y]\n# mine"),
            ("[y]\n \n[profile a]\n[z]", "[y]\n \n[z]"),
        ];
        for (before, after) in table {
            assert_eq!(remove(before).as_deref(), Ok(after), "{before:?}");
        }
    }

    #[test]
    fn what_may_be_the_profile_already_is_refused_with_its_line() {
        assert_eq!(insert("[z]\n[profile a]\n").unwrap_err().line(), Some(2));
        assert_eq!(insert("[z]\n[profile 'a']\n").unwrap_err().line(), Some(2));
        assert_eq!(insert("[z]\nx = y\n [profile a]\n").unwrap_err().line(), Some(3));
        assert_eq!(insert("[a]\n").as_deref(), Ok("[a]\n\n[profile a]\nk = v\n"));
    }
}
