//! Saying plurals, lists and durations, and showing text that somebody else wrote.

use std::fmt;

/// Text from outside, shown so that it cannot act on a terminal: control and bidirectional-override characters
/// appear as escapes.
#[derive(Debug, Clone, Copy)]
pub struct Visible<'a>(pub &'a str);

impl fmt::Display for Visible<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        use fmt::Write as _;
        for c in self.0.chars() {
            let steers = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
            if c.is_control() || steers {
                write!(f, "{}", c.escape_default())?;
            } else {
                f.write_char(c)?;
            }
        }
        Ok(())
    }
}

/// The first `most` characters of a text, with `…` where something was left out.
pub fn clip(text: &str, most: usize) -> String {
    match text.char_indices().nth(most) {
        None => text.to_owned(),
        Some((at, _)) => format!("{}…", &text[..at]),
    }
}

/// One line made of any text: white space folded, made harmless, clipped to `most` characters.
pub fn one_line(text: &str, most: usize) -> String {
    let folded = text.split_whitespace().collect::<Vec<_>>().join(" ");
    clip(&Visible(&folded).to_string(), most)
}

/// `1 tenant`, `2 tenants`, `no tenants`.
pub fn count(n: usize, noun: &str) -> String {
    match n {
        0 => format!("no {noun}s"),
        1 => format!("1 {noun}"),
        _ => format!("{n} {noun}s"),
    }
}

/// How many of `all` are shown where there is room for `most`: one more is shown as easily as `and 1 more` is said.
pub fn at_most(all: usize, most: usize) -> usize {
    if all == most.saturating_add(1) { all } else { all.min(most) }
}

/// `` `a` ``, `` `a` and `b` ``, `` `a`, `b` and `c` ``; past `most` names, `` `a`, `b` and 7 more ``.
pub fn list<T: AsRef<str>>(names: &[T], most: usize) -> String {
    let ticked = |name: &T| format!("`{}`", Visible(name.as_ref()));
    let shown: Vec<String> = names.iter().take(at_most(names.len(), most.max(1))).map(ticked).collect();
    let left = names.len() - shown.len();
    match (shown.as_slice(), left) {
        ([], _) => "none".to_owned(),
        (shown, 1..) => format!("{} and {left} more", shown.join(", ")),
        ([only], 0) => only.clone(),
        ([first @ .., last], 0) => format!("{} and {last}", first.join(", ")),
    }
}

/// A stretch of time as people say it, to the nearest minute from one minute on: `40 s`, `12 min`, `1 h 5 min`,
/// `3 days`.
pub fn duration(seconds: i64) -> String {
    let seconds = seconds.max(0);
    if seconds < 60 {
        return format!("{seconds} s");
    }
    let minutes = (seconds + 30) / 60;
    match (minutes / 1440, minutes / 60, minutes % 60) {
        (days @ 2.., _, _) => format!("{days} days"),
        (_, 0, minutes) => format!("{minutes} min"),
        (_, hours, 0) => format!("{hours} h"),
        (_, hours, minutes) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_and_lists() {
        assert_eq!(count(0, "tenant"), "no tenants");
        assert_eq!(count(1, "tenant"), "1 tenant");
        assert_eq!(count(12, "tenant"), "12 tenants");
        assert_eq!(list::<&str>(&[], 3), "none");
        assert_eq!(list(&["a"], 3), "`a`");
        assert_eq!(list(&["a", "b"], 3), "`a` and `b`");
        assert_eq!(list(&["a", "b", "c"], 3), "`a`, `b` and `c`");
        assert_eq!(list(&["a", "b", "c", "d"], 2), "`a`, `b` and 2 more");
        assert_eq!(list(&["a", "b", "c"], 2), "`a`, `b` and `c`");
        assert_eq!((at_most(3, 2), at_most(4, 2), at_most(1, 2), at_most(9, usize::MAX)), (3, 2, 1, 9));
    }

    #[test]
    fn durations() {
        let said: Vec<_> = [-4, 0, 59, 60, 3569, 3570, 3600, 3900, 172_800].map(duration).into();
        assert_eq!(said, ["0 s", "0 s", "59 s", "1 min", "59 min", "1 h", "1 h", "1 h 5 min", "2 days"]);
    }

    #[test]
    fn foreign_text_cannot_steer_a_terminal() {
        assert_eq!(Visible("a\u{1b}]0;x\u{7}b\u{202e}c").to_string(), "a\\u{1b}]0;x\\u{7}b\\u{202e}c");
        assert_eq!(one_line("  a\r\n b\t\u{0}c ", 40), "a b \\u{0}c");
        assert_eq!(clip("été", 2), "ét…");
    }
}
