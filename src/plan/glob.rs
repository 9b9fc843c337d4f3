//! Patterns over the names of profiles, as shells have them: `*` for any text, `?` for one character.

use std::convert::Infallible;
use std::str::FromStr;

use wildmatch::WildMatch;

/// A pattern over names. One without `*` and `?` is a name, and fits only that.
#[derive(Debug, Clone, PartialEq)]
pub struct Glob {
    text: String,
    pattern: WildMatch,
}

impl Glob {
    /// Whether the whole of a name fits. Upper and lower case differ, as AWS programs have it.
    pub fn fits(&self, name: &str) -> bool {
        self.pattern.matches(name)
    }

    /// The one name that fits, if it is no pattern.
    pub fn as_name(&self) -> Option<&str> {
        (!self.text.contains(['*', '?'])).then_some(&self.text)
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl FromStr for Glob {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self { text: text.to_owned(), pattern: WildMatch::new(text) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits() {
        for (pattern, fitting, others) in [
            ("acme-*", vec!["acme-", "acme-dev01", "acme-*"], vec!["acme", "xacme-dev01"]),
            ("*-dev*", vec!["a-dev", "a-b-dev01"], vec!["dev01", "a-de"]),
            ("dev0?", vec!["dev01", "dev0é"], vec!["dev0", "dev011"]),
            ("*", vec!["", "a"], vec![]),
            ("", vec![""], vec!["a"]),
            ("a*b*c", vec!["abc", "axbxbc", "abcbc"], vec!["ab", "acb", "xabc"]),
            ("[a]", vec!["[a]"], vec!["a"]),
        ] {
            let glob: Glob = pattern.parse().unwrap();
            for name in fitting {
                assert!(glob.fits(name), "{pattern} {name}");
            }
            for name in others {
                assert!(!glob.fits(name), "{pattern} {name}");
            }
        }
    }

    #[test]
    fn a_hostile_pattern_takes_no_time() {
        let glob: Glob = "a*".repeat(2000).parse().unwrap();
        assert!(!glob.fits(&"a".repeat(1000)));
    }
}
