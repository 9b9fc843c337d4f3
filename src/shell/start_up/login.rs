//! What a start-up file says about other start-up files, in the forms in which people and systems write it.

use std::path::{Path, PathBuf};

/// Whether it reads `.bashrc` too: `. ~/.bashrc`, `source "$HOME/.bashrc"`, behind any condition.
pub(super) fn reads_bashrc(file: &[u8]) -> bool {
    String::from_utf8_lossy(file).lines().any(|line| {
        let words: Vec<&str> = code(line).split([' ', '\t', ';', '&', '|', '(', ')']).collect();
        let words: Vec<&str> = words.into_iter().filter(|word| !word.is_empty()).collect();
        words
            .windows(2)
            .any(|pair| matches!(pair[0], "." | "source" | r"\." | r"\source") && is_bashrc(pair[1]))
    })
}

/// The directory that a `.zshenv` gives `ZDOTDIR`, where it is written in a usual form.
pub(super) fn zdotdir_in(zshenv: &[u8], home: &Path, config_home: &Path) -> Option<PathBuf> {
    let text = String::from_utf8_lossy(zshenv);
    let mut given = text.lines().filter_map(|line| {
        let line = code(line).trim();
        let line = ["export ", "typeset -gx ", "typeset -x "]
            .iter()
            .find_map(|word| line.strip_prefix(word))
            .unwrap_or(line);
        line.trim_start().strip_prefix("ZDOTDIR=")
    });
    let value = given.next_back()?.trim().trim_end_matches(';').replace(['"', '\''], "");
    let starts = [
        ("${XDG_CONFIG_HOME:-$HOME/.config}", config_home),
        ("${XDG_CONFIG_HOME:-${HOME}/.config}", config_home),
        ("${XDG_CONFIG_HOME:-~/.config}", config_home),
        ("${XDG_CONFIG_HOME}", config_home),
        ("$XDG_CONFIG_HOME", config_home),
        ("${HOME}", home),
        ("$HOME", home),
        ("~", home),
    ];
    let started = starts.iter().find_map(|(start, dir)| Some((value.strip_prefix(start)?, *dir)));
    let path = match started {
        Some(("", dir)) => dir.to_owned(),
        Some((rest, dir)) => dir.join(rest.strip_prefix('/')?),
        None => PathBuf::from(&value),
    };
    let is_plain = !path.to_string_lossy().contains(['$', '`', '~', '(']);
    (path.is_absolute() && is_plain).then_some(path)
}

/// A line without its comment.
fn code(line: &str) -> &str {
    let comment =
        line.match_indices('#').map(|(at, _)| at).find(|&at| at == 0 || line[..at].ends_with([' ', '\t']));
    comment.map_or(line, |at| &line[..at])
}

fn is_bashrc(word: &str) -> bool {
    let word = word.replace(['"', '\''], "");
    let name = word.rsplit('/').next().unwrap_or_default();
    name == ".bashrc"
}
