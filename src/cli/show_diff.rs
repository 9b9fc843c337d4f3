//! Showing a diff: file name, counts, the sections it touches where they are many, then the lines, `+` and `-` with
//! colour beside them.

use super::say::{self, BAD, FAINT, GOOD, NAME, STRONG, styled};
use super::wrap::wrapped;
use crate::base::text;
use crate::host::terminal;
use crate::plan::{Diff, DiffLine, LineKind};

/// Where it is shown, and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// To a person who is about to decide: of many new sections, the first in full and a line for each of the others.
    Folded,
    /// To a person, every line.
    Whole,
    /// On stdout, every line: it is what was asked for.
    Data,
}

/// New lines in a row that are shown in full.
const MOST_NEW: usize = 40;

/// New sections in a row that are named.
const MOST_NAMED: usize = 60;

/// Lines of a file that are shown, about.
const MOST_LINES: usize = 120;

/// Sections from which on their names come first, and how many of them.
const MANY_SECTIONS: usize = 4;
const MOST_NAMES: usize = 6;

/// Shows what will change in a file, and says whether something was folded.
pub(super) fn show(file: &str, is_new: bool, diff: &Diff, manner: Manner) -> bool {
    // On a terminal a line that is too long goes on indented: at the margin it would look like a line of its own.
    let is_terminal = match manner {
        Manner::Data => terminal::stdout_is_terminal(),
        Manner::Folded | Manner::Whole => terminal::stderr_is_terminal(),
    };
    let columns = match is_terminal.then(crossterm::terminal::size) {
        Some(Ok((columns, _))) => usize::from(columns),
        _ => usize::MAX,
    };
    let (shown, is_folded) = lines(file, is_new, diff, manner, columns);
    for text in shown {
        if manner == Manner::Data { say::data_line(&text) } else { say::as_it_is(text) }
    }
    is_folded
}

/// What is shown, line by line, and whether something was folded.
fn lines(file: &str, is_new: bool, diff: &Diff, manner: Manner, columns: usize) -> (Vec<String>, bool) {
    let new = if is_new { " (new file)" } else { "" };
    let counts = match (diff.added, diff.removed) {
        (added, 0) => format!("{} added", text::count(added, "line")),
        (0, removed) => format!("{} removed", text::count(removed, "line")),
        (added, removed) => format!("{} added, {removed} removed", text::count(added, "line")),
    };
    let heading = format!("{}{new} {}", styled(STRONG, file), styled(FAINT, format_args!("· {counts}")));
    let mut shown = vec![wrapped(&heading, columns, 2)];
    shown.extend(names(diff).iter().map(|line| wrapped(line, columns, 4)));
    let mut is_folded = false;
    let mut left = diff.lines.len();
    for run in diff.lines.chunk_by(|a, b| a.kind == b.kind) {
        if manner == Manner::Folded && shown.len() > MOST_LINES && left > MOST_NEW {
            let more = text::count(left, "more line");
            shown.push(styled(FAINT, format_args!("  ⋮ {more} (`--dry-run` shows every line)")));
            is_folded = true;
            break;
        }
        left -= run.len();
        if manner == Manner::Folded && run[0].kind == LineKind::Added && run.len() > MOST_NEW {
            is_folded = true;
            shown.extend(folded(run, columns));
        } else {
            shown.extend(run.iter().map(|one| line(one, columns)));
        }
    }
    (shown, is_folded)
}

/// The names of the sections that are touched, where they are many: `12 new profiles: a, b and 10 more`.
fn names(diff: &Diff) -> Vec<String> {
    let touched = &diff.sections;
    let groups = [
        ("new", &touched.added),
        ("changed", &touched.changed),
        ("renamed", &touched.renamed),
        ("removed", &touched.removed),
    ];
    if groups.iter().map(|(_, sections)| sections.len()).sum::<usize>() < MANY_SECTIONS {
        return Vec::new();
    }
    let groups = groups.into_iter().filter(|(_, sections)| !sections.is_empty());
    let line = |(what, sections): (&str, &Vec<String>)| {
        let one = |section: &str| match section.strip_prefix("profile ") {
            Some(name) => Some(name.to_owned()),
            None => (section == "default").then(|| section.to_owned()),
        };
        let profile = |section: &String| match section.split_once(" → ") {
            Some((from, to)) => Some(format!("{} → {}", one(from)?, one(to)?)),
            None => one(section),
        };
        let profiles: Vec<String> = sections.iter().filter_map(profile).collect();
        let (noun, names) =
            if profiles.len() == sections.len() { ("profile", &profiles) } else { ("section", sections) };
        let most = text::at_most(names.len(), MOST_NAMES);
        let shown: Vec<&str> = names.iter().take(most).map(String::as_str).collect();
        let more = match names.len() - shown.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let count = text::count(names.len(), &format!("{what} {noun}"));
        format!("  {count}: {}{more}", styled(NAME, shown.join(", ")))
    };
    groups.map(line).collect()
}

/// The first new section in full, and a line for each of the others: its header and its first property.
fn folded(run: &[DiffLine], columns: usize) -> Vec<String> {
    let starts: Vec<usize> = (0..run.len()).filter(|at| run[*at].text.starts_with('[')).collect();
    let first_end = starts.get(1).copied().unwrap_or(run.len());
    let mut shown: Vec<String> = run[..first_end].iter().map(|one| line(one, columns)).collect();
    let others = starts.len().saturating_sub(1);
    let named = text::at_most(others, MOST_NAMED);
    for start in starts.iter().skip(1).take(named) {
        let property =
            run.get(start + 1).map(|l| l.text.as_str()).filter(|t| !t.starts_with('[')).unwrap_or_default();
        let more = styled(FAINT, format_args!("{property} …"));
        shown.push(format!("{} {more}", styled(GOOD, format_args!("+ {}", run[*start].text))));
    }
    let left = others - named;
    if left > 0 {
        shown.push(styled(FAINT, format_args!("  … and {}", text::count(left, "more section"))));
    }
    shown.push(styled(FAINT, "  (a line for each new section; `--dry-run` shows every line)"));
    shown
}

fn line(line: &DiffLine, columns: usize) -> String {
    // Two columns are for the mark.
    let text = wrapped(&line.text, columns.saturating_sub(2), 4);
    // The indent is counted from behind the mark.
    let text = text.replace('\n', "\n  ");
    match line.kind {
        LineKind::Context => format!("  {}", styled(FAINT, text)),
        LineKind::Removed => styled(BAD, format_args!("- {text}")),
        LineKind::Added => styled(GOOD, format_args!("+ {text}")),
        LineKind::Gap if text.is_empty() => styled(FAINT, "  ⋮"),
        LineKind::Gap => styled(FAINT, format_args!("  ⋮ {text}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(old: &str, new: &str, manner: Manner) -> (String, bool) {
        let diff = Diff::new(old.as_bytes(), new.as_bytes());
        let (shown, is_folded) = lines("~/.aws/config", false, &diff, manner, usize::MAX);
        (anstream::adapter::strip_str(&shown.join("\n")).to_string(), is_folded)
    }

    fn profiles(count: usize, region: &str) -> String {
        (0..count)
            .map(|n| format!("[profile p{n:02}]\nregion = {region}\na = 1\nb = 2\nc = 3\nd = 4\n\n"))
            .collect()
    }

    #[test]
    fn names_come_first_when_they_are_many() {
        let (old, new) = (profiles(3, "r"), profiles(12, "r"));
        assert_eq!(
            plain(&old, &new, Manner::Folded).0.lines().nth(1),
            Some("  9 new profiles: p03, p04, p05, p06, p07, p08 and 3 more")
        );
        assert_eq!(
            plain(&new, &old, Manner::Whole).0.lines().nth(1),
            Some("  9 removed profiles: p03, p04, p05, p06, p07, p08 and 3 more")
        );
        let three = plain(&old, &profiles(3, "s"), Manner::Whole).0;
        assert!(three.lines().nth(1).is_some_and(|line| line == "  [profile p00]"), "{three}");
    }

    #[test]
    fn long_lines_go_on_indented() {
        let new = "[profile a]\ncredential_process = /usr/local/bin/jitpass aws --host https://acme.duplocloud.net --tenant dev01\n";
        let diff = Diff::new(b"", new.as_bytes());
        let (shown, _) = lines("f", true, &diff, Manner::Folded, 60);
        assert_eq!(
            anstream::adapter::strip_str(&shown[2]).to_string(),
            "+ credential_process = /usr/local/bin/jitpass aws --host\n      https://acme.duplocloud.net --tenant dev01"
        );
        let heading = "~/.config/fish/conf.d/jitpass.fish (new file)";
        let shown = lines(heading, false, &diff, Manner::Data, 60).0[0].clone();
        assert_eq!(anstream::adapter::strip_str(&shown).to_string(), format!("{heading} · 2 lines\n  added"));
        // The last column stays free: after it many a terminal shows an empty line.
        let shown = lines("f", true, &diff, Manner::Folded, 58).0[2].clone();
        assert!(shown.lines().all(|line| super::super::wrap::columns(line) < 58), "{shown}");
        assert!(shown.lines().all(|line| !line.ends_with(' ')), "{shown}");
    }

    #[test]
    fn a_long_diff_is_folded_for_a_person_and_never_in_data() {
        let (old, new) = (profiles(60, "r"), profiles(60, "s"));
        let (folded, is_folded) = plain(&old, &new, Manner::Folded);
        assert!(is_folded && folded.ends_with("more lines (`--dry-run` shows every line)"), "{folded}");
        let (whole, is_folded) = plain(&old, &new, Manner::Data);
        assert!(!is_folded && whole.matches("+ region = s").count() == 60, "{whole}");
    }
}
