//! Parting a text between words, so that a terminal does not part it inside one.
//!
//! What a person may want to copy stays in one piece: a command in backticks, or one that begins with `jitpass` after a
//! colon, goes as a whole to a line of its own where it does not fit behind the rest.

use unicode_width::UnicodeWidthStr as _;

/// How many columns a text fills; what colours it fills none.
pub(super) fn columns(text: &str) -> usize {
    anstream::adapter::strip_str(text).to_string().width()
}

/// The text in lines of fewer columns than these, all but the first of each line of the text indented so far: the last
/// column stays free, because many a terminal goes on at the next line after it.
pub(super) fn wrapped(text: &str, columns: usize, indent: usize) -> String {
    text.split('\n').map(|line| one(line, columns, indent)).collect::<Vec<_>>().join("\n")
}

fn one(line: &str, most: usize, indent: usize) -> String {
    // In a very narrow terminal nothing helps.
    let most = most.saturating_sub(1).max(indent + LEAST);
    if columns(line) <= most {
        return line.to_owned();
    }
    let lead = line.len() - line.trim_start_matches(' ').len();
    let (mut whole, mut filled) = (line[..lead].to_owned(), lead);
    let mut is_start = true;
    for piece in pieces(&line[lead..]) {
        let width = columns(piece);
        if !is_start && filled + columns(piece.trim_end_matches(' ')) > most {
            whole.truncate(whole.trim_end_matches(' ').len());
            whole.push('\n');
            whole.push_str(&" ".repeat(indent));
            filled = indent;
        }
        whole.push_str(piece);
        filled += width;
        is_start = false;
    }
    whole
}

/// Columns that a line has for words at least.
const LEAST: usize = 20;

/// Words with the blanks behind them; what is to stay in one piece counts as one word.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces: Vec<&str> = Vec::new();
    let (mut start, mut at) = (0, 0);
    let (mut is_quoted, mut is_command) = (false, false);
    let mut before = String::new();
    for word in text.split_inclusive(' ') {
        let bare = anstream::adapter::strip_str(word).to_string();
        let bare = bare.trim_end_matches(' ');
        let begins = before.is_empty() || before.ends_with([':', ',']) || before == "or" || before == "and";
        is_command |= !is_quoted && bare == "jitpass" && begins;
        is_quoted ^= bare.matches('`').count() % 2 == 1;
        at += word.len();
        is_command &= !bare.ends_with([',', ';', ')']);
        if !is_quoted && !is_command {
            pieces.push(&text[start..at]);
            start = at;
        }
        bare.clone_into(&mut before);
    }
    pieces.extend(Some(&text[start..]).filter(|rest| !rest.is_empty()));
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_between_words_and_commands_stay_whole() {
        for (text, most, indent, shown) in [
            ("one two", 20, 2, "one two"),
            ("the quick brown fox jumps over the dog", 26, 2, "the quick brown fox jumps\n  over the dog"),
            // The last column stays free, and no blank at the break.
            ("the quick brown fox jumps over the dog", 25, 2, "the quick brown fox\n  jumps over the dog"),
            (
                "· to bring it back: jitpass undo 12 --yes",
                38,
                2,
                "· to bring it back:\n  jitpass undo 12 --yes",
            ),
            (
                "· settle it: jitpass sync --keep, or jitpass sync --overwrite",
                34,
                2,
                "· settle it: jitpass sync --keep,\n  or jitpass sync --overwrite",
            ),
            (
                "hint: take it back first (`jitpass undo 9`), or not",
                36,
                6,
                "hint: take it back first\n      (`jitpass undo 9`), or not",
            ),
            // Of those that fit nowhere, the terminal makes what it can.
            (
                "· a: jitpass sync --prune --force --adopt x",
                30,
                2,
                "· a:\n  jitpass sync --prune --force --adopt x",
            ),
            // A mention is no command.
            ("what is written by jitpass or by others", 28, 2, "what is written by jitpass\n  or by others"),
            // Blanks at the start, colours, wide characters, several lines.
            ("  the quick brown fox jumps", 24, 4, "  the quick brown fox\n    jumps"),
            (
                "\u{1b}[1mthe quick\u{1b}[0m brown fox jumps over",
                26,
                2,
                "\u{1b}[1mthe quick\u{1b}[0m brown fox jumps\n  over",
            ),
            ("東京東京東京 東京東京東京 東京", 28, 2, "東京東京東京 東京東京東京\n  東京"),
            ("one\nthe quick brown fox jumps over", 26, 2, "one\nthe quick brown fox jumps\n  over"),
        ] {
            assert_eq!(wrapped(text, most, indent), shown, "{text} in {most}");
        }
    }
}
