//! How a new property is spaced, so that it looks like its neighbours.

use crate::awsconfig::line::{Kind, Line, Parts};

/// The white space round the `=` of a new property.
pub(super) struct Spacing {
    pub(super) before: String,
    pub(super) after: String,
}

impl Spacing {
    /// As in ` = `.
    pub(super) fn usual() -> Self {
        Self { before: " ".to_owned(), after: " ".to_owned() }
    }

    /// What the properties of a section teach about a key of this length: where the `=` stand in one column, that
    /// column, otherwise the spacing of the last property.
    pub(super) fn of(text: &[u8], lines: &[Line], key: usize) -> Self {
        let all: Vec<(&Line, &Parts)> = lines
            .iter()
            .filter_map(|line| match &line.kind {
                Kind::Property(parts) => Some((line, parts)),
                _ => None,
            })
            .collect();
        let Some((line, last)) = all.last() else { return Self::usual() };
        let column = |line: &Line, parts: &Parts| parts.separator - line.text.start;
        let end = if last.value.is_empty() { last.separator + 1 } else { last.value.start };
        let mut before = white(&text[last.key.end..last.separator]);
        let mut after = white(&text[last.separator + 1..end]);
        if last.value.is_empty() {
            after.clone_from(&before);
            after.truncate(1);
        }
        let spread = all.iter().any(|(_, parts)| parts.separator - parts.key.end > 1);
        let aligned = all.iter().all(|(other, parts)| column(other, parts) == column(line, last));
        if spread && aligned && !before.contains('\t') {
            before = " ".repeat(column(line, last).saturating_sub(key).max(1));
        }
        Self { before, after }
    }
}

/// The spaces and tabs of a stretch; what else lies there (a no-break space) is not worth imitating.
fn white(bytes: &[u8]) -> String {
    bytes.iter().filter(|b| matches!(b, b' ' | b'\t')).map(|b| char::from(*b)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::awsconfig::line::lex;

    #[test]
    fn spacing_is_learned() {
        let table = [
            ("", " = "),
            ("a=b\n", "="),
            ("a = b\n", " = "),
            ("a= b\n", "= "),
            ("a =\n", " = "),
            ("a=\n", "="),
            ("a\t=\tb\n", "\t=\t"),
            ("region    = a\n", "    = "),
            ("region    = a\noutput    = b\n", "    = "),
            ("x         = a\noutput    = b\n", "    = "),
            ("x   =   a\noutput = b\n", " = "),
            ("a  = b\n", " = "),
        ];
        for (section, expected) in table {
            let spacing = Spacing::of(section.as_bytes(), &lex(section.as_bytes(), 0), "region".len());
            assert_eq!(format!("{}={}", spacing.before, spacing.after), expected, "{section:?}");
        }
    }
}
