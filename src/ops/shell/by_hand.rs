//! A `jitnow` that a person wrote, as DuploCloud's documentation teaches it.

use std::path::PathBuf;

use crate::ops::shell::Survey;
use crate::shell::Shell;
use crate::shell::block;

/// Where it stands. Nobody touches it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByHand {
    /// What is defined: `jitnow` or `jituse`.
    pub name: &'static str,
    /// The start-up file.
    pub path: PathBuf,
    /// The 1-based line.
    pub line: usize,
    /// Whether it stands where it is read after our block, so that it goes on being used.
    pub wins: bool,
}

/// Those in the start-up files of a shell, as they will be.
pub fn in_files(survey: &Survey, shell: Shell, planned: &dyn Fn(&PathBuf) -> Option<Vec<u8>>) -> Vec<ByHand> {
    let mut found = Vec::new();
    for (path, bytes) in survey.present(shell) {
        let text = planned(&path).unwrap_or_else(|| bytes.to_vec());
        found.extend(in_text(&text).into_iter().map(|(name, line, wins)| ByHand {
            name,
            path: path.clone(),
            line,
            wins,
        }));
    }
    found
}

/// Each with its line, and whether the block of the same file stands above it.
fn in_text(bytes: &[u8]) -> Vec<(&'static str, usize, bool)> {
    let text = String::from_utf8_lossy(bytes);
    let mut found = Vec::new();
    let mut is_below = false;
    for (at, line) in text.lines().enumerate() {
        is_below |= line.trim() == block::END;
        found.extend(defined(line).map(|name| (name, at + 1, is_below)));
    }
    found
}

/// What a line defines.
fn defined(line: &str) -> Option<&'static str> {
    let line = line.trim_start();
    ["jitnow", "jituse"].into_iter().find(|name| {
        let starts = |text: &str, ends: &[char]| {
            text.trim_start().strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with(ends))
        };
        let keyword = ["function ", "alias ", "def ", "export def ", "fn ", "Function "];
        keyword.iter().filter_map(|word| line.strip_prefix(word)).any(|rest| {
            let rest = rest.trim_start().trim_start_matches("-g ").trim_start_matches("--env ");
            starts(rest, &[' ', '\t', '(', '=', '{', ';'])
        }) || line.strip_prefix(name).is_some_and(|rest| rest.trim_start().starts_with("()"))
            || line
                .strip_prefix("aliases[")
                .is_some_and(|rest| starts(&rest[1.min(rest.len())..], &['\'', '"']))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_found_in_every_form() {
        for (line, name) in [
            ("function jitnow() {", Some("jitnow")),
            ("function jitnow {", Some("jitnow")),
            ("jitnow() {", Some("jitnow")),
            ("  jitnow () {", Some("jitnow")),
            ("function jitnow", Some("jitnow")),
            ("alias jitnow='duplo-jit aws'", Some("jitnow")),
            ("alias jitnow 'duplo-jit aws'", Some("jitnow")),
            ("alias -g jitnow=x", Some("jitnow")),
            ("def --env jituse [] {", Some("jituse")),
            ("fn jitnow {|@a| x }", Some("jitnow")),
            ("aliases['jitnow'] = 'x'", Some("jitnow")),
            ("# jitnow() {", None),
            ("jitnow acme", None),
            ("alias jitnowish=x", None),
            ("function myjitnow {", None),
            ("aliases[", None),
            ("", None),
        ] {
            assert_eq!(defined(line), name, "{line}");
        }
    }

    #[test]
    fn what_is_read_after_the_block_wins() {
        let block = format!("# >>> jitpass >>>\nx\n{}\n", block::END);
        let old = "jitnow() {\n}\n";
        assert_eq!(in_text(format!("{old}{block}").as_bytes()), [("jitnow", 1, false)]);
        assert_eq!(in_text(format!("{block}{old}").as_bytes()), [("jitnow", 4, true)]);
    }
}
