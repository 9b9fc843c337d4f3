//! Patterns over names, as shells have them: `*` for any text, `?` for one character.

use std::fmt;
use std::str::FromStr;

/// A pattern over names. One without `*` and `?` is a name, and fits only that.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Glob(String);

impl Glob {
    /// Whether the whole of a name fits. Upper and lower case differ.
    pub fn fits(&self, name: &str) -> bool {
        let (pattern, name): (Vec<char>, Vec<char>) = (self.0.chars().collect(), name.chars().collect());
        let (mut p, mut n) = (0, 0);
        // After the last `*`: where the pattern goes on, and the first character of the name that it has not eaten.
        let mut retry: Option<(usize, usize)> = None;
        while n < name.len() {
            match pattern.get(p) {
                Some('*') => {
                    retry = Some((p + 1, n));
                    p += 1;
                }
                Some(c) if *c == '?' || *c == name[n] => {
                    p += 1;
                    n += 1;
                }
                _ => match &mut retry {
                    Some((after, from)) => {
                        *from += 1;
                        (p, n) = (*after, *from);
                    }
                    None => return false,
                },
            }
        }
        pattern[p..].iter().all(|c| *c == '*')
    }

    /// The one name that fits, if it is no pattern.
    pub fn as_name(&self) -> Option<&str> {
        (!self.0.contains(['*', '?'])).then_some(&self.0)
    }

    /// As it was typed.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Glob {
    type Err = std::convert::Infallible;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

impl fmt::Display for Glob {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
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
