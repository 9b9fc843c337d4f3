//! Which profiles a person means: names, and globs with `*` and `?`.

use crate::base::text;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;

/// Whether a name fits a glob. At worst as many steps as both lengths multiplied.
pub(super) fn matches(glob: &str, name: &str) -> bool {
    let (glob, name): (Vec<char>, Vec<char>) = (glob.chars().collect(), name.chars().collect());
    let (mut g, mut n, mut star) = (0, 0, None);
    while n < name.len() {
        if glob.get(g) == Some(&'*') {
            star = Some((g, n));
            g += 1;
        } else if glob.get(g).is_some_and(|c| *c == '?' || *c == name[n]) {
            (g, n) = (g + 1, n + 1);
        } else if let Some((at, taken)) = star {
            (g, n) = (at + 1, taken + 1);
            star = Some((at, taken + 1));
        } else {
            return false;
        }
    }
    glob[g..].iter().all(|c| *c == '*')
}

/// Nothing fits.
pub(super) fn nothing(glob: &str, all: &[&str]) -> Failure {
    let failure = Failure::misuse(format!("no profile is called `{}`", text::one_line(glob, 60)));
    match closest(glob, all) {
        Some(near) => failure.hint(format!("did you mean `{}`?", text::Visible(near))),
        None => failure.hint("leave the names out to see every profile that can be taken over"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs() {
        for (glob, name, expected) in [
            ("a", "a", true),
            ("a", "ab", false),
            ("*", "", true),
            ("*", "anything", true),
            ("acme-*", "acme-dev01", true),
            ("*-dev??", "acme-dev01", true),
            ("*dev*1", "acme-dev01", true),
            ("acme-?", "acme-", false),
            ("a*b*c", "a-b-b", false),
            ("", "a", false),
        ] {
            assert_eq!(matches(glob, name), expected, "{glob} {name}");
        }
        assert!(!matches(&"*a".repeat(1000), &"a".repeat(999)));
    }
}
