//! A text as a literal of a shell: whatever is in it, the shell takes it as it is.

use crate::shell::Shell;

/// The text cannot be written as a literal of that shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a text with {what} cannot be written for {shell}")]
pub struct Unquotable {
    shell: Shell,
    what: &'static str,
}

/// The literal, quotes included: one word, in which nothing is expanded.
pub fn literal(shell: Shell, text: &str) -> Result<String, Unquotable> {
    if text.contains('\0') {
        return Err(Unquotable { shell, what: "a null character" });
    }
    Ok(match shell {
        Shell::Bash | Shell::Zsh | Shell::Posix => format!("'{}'", text.replace('\'', r"'\''")),
        // History is looked for inside quotes too, and a line ends even there. A backslash stands outside: whether it
        // means something inside depends on `backslash_quote`.
        Shell::Tcsh => {
            let outside = |c: char| matches!(c, '\'' | '\\' | '!');
            let pieces = text.split_inclusive(outside).map(|piece| match piece.strip_suffix(outside) {
                Some(before) => format!("{before}'\\{}'", &piece[before.len()..]),
                None => piece.to_owned(),
            });
            format!("'{}'", pieces.collect::<String>().replace('\n', "\\\n"))
        }
        Shell::Fish => format!("'{}'", text.replace('\\', r"\\").replace('\'', r"\'")),
        Shell::Elvish => format!("'{}'", text.replace('\'', "''")),
        // Its quotes may be curly ones: each is doubled.
        Shell::PowerShell => {
            let is_quote = |c: char| matches!(c, '\'' | '\u{2018}'..='\u{201b}');
            let doubled = text.chars().flat_map(|c| std::iter::repeat_n(c, 1 + usize::from(is_quote(c))));
            format!("'{}'", doubled.collect::<String>())
        }
        Shell::Nushell | Shell::Xonsh => {
            let escaped = text
                .replace('\\', r"\\")
                .replace('"', "\\\"")
                .replace('\n', r"\n")
                .replace('\r', r"\r")
                .replace('\t', r"\t");
            format!("\"{escaped}\"")
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_literal_is_written_by_the_rule_of_its_shell() {
        // The real shells read these back in `tests/shells/literals.rs`.
        let text = "a b'c\"d\\e$f`g!h\ni\u{2019}";
        for (shell, expected) in [
            (Shell::Bash, "'a b'\\''c\"d\\e$f`g!h\ni\u{2019}'"),
            (Shell::Zsh, "'a b'\\''c\"d\\e$f`g!h\ni\u{2019}'"),
            (Shell::Posix, "'a b'\\''c\"d\\e$f`g!h\ni\u{2019}'"),
            (Shell::Fish, "'a b\\'c\"d\\\\e$f`g!h\ni\u{2019}'"),
            (Shell::Elvish, "'a b''c\"d\\e$f`g!h\ni\u{2019}'"),
            (Shell::PowerShell, "'a b''c\"d\\e$f`g!h\ni\u{2019}\u{2019}'"),
            (Shell::Nushell, "\"a b'c\\\"d\\\\e$f`g!h\\ni\u{2019}\""),
            (Shell::Xonsh, "\"a b'c\\\"d\\\\e$f`g!h\\ni\u{2019}\""),
            (Shell::Tcsh, "'a b'\\''c\"d'\\\\'e$f`g'\\!'h\\\ni\u{2019}'"),
        ] {
            assert_eq!(literal(shell, text).as_deref(), Ok(expected), "{shell}");
        }
    }

    #[test]
    fn nothing_is_a_word_too_and_null_is_none() {
        for shell in Shell::ALL {
            let empty = literal(shell, "").expect("it can be written");
            assert!(empty == "''" || empty == "\"\"", "{shell}: {empty}");
            let refused = literal(shell, "a\0b").expect_err("no shell has it");
            assert_eq!(
                refused.to_string(),
                format!("a text with a null character cannot be written for {shell}")
            );
        }
    }
}
