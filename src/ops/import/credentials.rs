//! Lines of the credentials file that beat ours, and the command that removes them.
//!
//! The AWS CLI has no command that takes a key out of that file, and line numbers are true only until somebody writes:
//! so it is `sed` by the names of section and key. Run late, or twice, it takes nothing else. Where a section cannot be
//! told by its name alone, it is an editor at the place.

use std::path::Path;

use crate::ops::import::convert::{Fate, Row};
use crate::ops::import::survey::{CredentialsLine, Survey};
use crate::ops::machine::Machine;

/// What to remove from the credentials file, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// The file, as people write it.
    pub file: String,
    /// The profiles, each with its 1-based line.
    pub lines: Vec<(String, usize)>,
    /// The command.
    pub command: String,
}

/// The lines of profiles that are ours now, or will be.
pub(super) fn removal(machine: &Machine, survey: &Survey, rows: &[Row]) -> Option<Removal> {
    let (file, lines) = survey.credentials.as_ref()?;
    let is_ours = |row: &Row| matches!(row.fate, Fate::Converted { .. } | Fate::AsItShouldBe);
    let lines: Vec<&CredentialsLine> = lines
        .iter()
        .filter(|line| rows.iter().any(|row| row.profile == line.profile && is_ours(row)))
        .collect();
    let first = lines.first()?;
    let path = quoted(machine, &file.real);
    let text = String::from_utf8_lossy(file.content());
    let raw: Vec<&str> = text.lines().collect();
    let scripts: Option<Vec<String>> = lines.iter().map(|line| script(line, &raw)).collect();
    let command = match scripts {
        _ if cfg!(windows) => format!("notepad {path}"),
        Some(scripts) => {
            // GNU's takes an ending at once, BSD's as the next word.
            let in_place = if cfg!(target_os = "linux") { "-i" } else { "-i ''" };
            format!("sed {in_place} {} {path}", scripts.join(" "))
        }
        None => format!("${{EDITOR:-vi}} +{} {path}", first.line),
    };
    Some(Removal {
        file: machine.shown(&file.path),
        lines: lines.iter().map(|line| (line.profile.clone(), line.line)).collect(),
        command,
    })
}

/// From the header to the next one, the line of the key. `None` where these do not stand there as plainly as that.
fn script(line: &CredentialsLine, raw: &[&str]) -> Option<String> {
    let (name, key) = (&line.profile, &line.key);
    let is_name = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.@+-".contains(&b));
    let is_key = key.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let header = raw.get(line.section.checked_sub(1)?)?.starts_with(&format!("[{name}]"));
    let value = raw.get(line.line.checked_sub(1)?)?.strip_prefix(key.as_str())?.starts_with([' ', '=']);
    (is_name && is_key && header && value && !line.is_continued).then(|| {
        let name = name.replace('.', r"\.");
        format!(r"-e '/^\[{name}\]/,/^\[/{{/^{key}[ =]/d;}}'")
    })
}

/// The path as a shell takes it.
fn quoted(machine: &Machine, path: &Path) -> String {
    let shown = machine.shown(path);
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/._-".contains(c);
    if shown.strip_prefix('~').unwrap_or(&shown).chars().all(is_plain) {
        return shown;
    }
    let path = path.display().to_string();
    if cfg!(windows) { format!("\"{path}\"") } else { format!("'{}'", path.replace('\'', r"'\''")) }
}
