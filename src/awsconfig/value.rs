//! Keys and values that every reader of the file reads alike.

use std::fmt;
use std::str::FromStr;

/// Why a text cannot stand in the file as a key or a value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {reason}")]
pub struct ValueError {
    what: &'static str,
    reason: &'static str,
}

/// The name of a property: lower-case ASCII letters, digits, `_`, `-` and `.`, starting with a letter.
///
/// Lower case, because some readers fold case and others do not.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(String);

/// The value of a property: one line of printable ASCII that no reader cuts, strips or joins.
///
/// It can be anything a person types, a secret too, so neither `Debug` nor an error shows it.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Value(String);

impl Key {
    /// The text of the key.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Value {
    /// The text of the value.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Key {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        let error = |reason| ValueError { what: "key", reason };
        if !text.starts_with(|c: char| c.is_ascii_lowercase()) {
            return Err(error("must start with a lower-case letter"));
        }
        let legal = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b"_-.".contains(&b);
        if !text.bytes().all(legal) {
            return Err(error("may hold only lower-case letters, digits, `_`, `-` and `.`"));
        }
        if text.len() > 128 {
            return Err(error("is too long"));
        }
        Ok(Self(text.to_owned()))
    }
}

impl FromStr for Value {
    type Err = ValueError;

    fn from_str(text: &str) -> Result<Self, ValueError> {
        match objection(text) {
            Some(reason) => Err(ValueError { what: "value", reason }),
            None => Ok(Self(text.to_owned())),
        }
    }
}

/// Why some reader would not read the text back as it is.
fn objection(text: &str) -> Option<&'static str> {
    if text.is_empty() {
        return Some("is empty, which some readers take for the start of a nested block");
    }
    if text.len() > 4096 {
        return Some("is too long");
    }
    if !text.bytes().all(|b| (b' '..=b'~').contains(&b)) {
        return Some("may hold only printable ASCII: readers decode anything else differently");
    }
    if text.trim() != text {
        return Some("starts or ends with a space, which every reader drops");
    }
    if text.starts_with(['#', ';']) || text.contains(" #") || text.contains(" ;") {
        return Some("has `#` or `;` after a space, where most readers start a comment");
    }
    if text.ends_with('\\') {
        return Some("ends with a backslash, which some readers take for a continued line");
    }
    let quoted = |quote| text.starts_with(quote) && text.ends_with(quote);
    if quoted('"') || quoted('\'') {
        return Some("starts and ends with the same quote, and the SDK for Go strips such a pair");
    }
    None
}

impl fmt::Debug for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Value({} bytes)", self.0.len())
    }
}

macro_rules! shown {
    ($name:ident) => {
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

shown!(Key);
shown!(Value);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys() {
        for good in ["region", "s3", "x_custom.key-1", "jitpass_portal"] {
            assert!(good.parse::<Key>().is_ok(), "{good}");
        }
        for bad in ["", "Region", "a b", "a=b", "a:b", "1a", "#a", "[a", "é", "a\n", " a", &"a".repeat(129)]
        {
            assert!(bad.parse::<Key>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn values() {
        for good in
            ["x", "a=b", "x#y", "a;b", "\"/a b/c\" d", "%PATH%", "C:\\a\\b", "[x]", "it's", "a\"", "="]
        {
            assert!(good.parse::<Value>().is_ok(), "{good}");
        }
        let bad = [
            "",
            " a",
            "a ",
            "a\nb",
            "a\rb",
            "a\tb",
            "a\0b",
            "é",
            "a #b",
            "a ;b",
            "#a",
            ";a",
            "\"",
            "'a'",
            "\"a\" \"b\"",
            "a\\",
            &"a".repeat(4097),
        ];
        for bad in bad {
            assert!(bad.parse::<Value>().is_err(), "{bad:?}");
        }
    }
}
