//! Showing a diff: file name, counts, the sections it touches where they are many, then the lines, `+` and `-` with
//! colour beside them.

use super::say::{self, BAD, FAINT, GOOD, NAME, STRONG, styled};
use crate::base::text;
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

/// Places that are shown in full.
const MOST_PLACES: usize = 20;

/// Sections from which on their names come first, and how many of them.
const MANY_SECTIONS: usize = 4;
const MOST_NAMES: usize = 6;

/// Shows what will change in a file, and says whether something was folded.
pub(super) fn show(file: &str, is_new: bool, diff: &Diff, manner: Manner) -> bool {
    let (shown, is_folded) = lines(file, is_new, diff, manner);
    for text in shown {
        if manner == Manner::Data { say::data_line(&text) } else { say::line(text) }
    }
    is_folded
}

/// What is shown, line by line, and whether something was folded.
fn lines(file: &str, is_new: bool, diff: &Diff, manner: Manner) -> (Vec<String>, bool) {
    let new = if is_new { " (new file)" } else { "" };
    let counts = match (diff.added, diff.removed) {
        (added, 0) => format!("{} added", text::count(added, "line")),
        (0, removed) => format!("{} removed", text::count(removed, "line")),
        (added, removed) => format!("{} added, {removed} removed", text::count(added, "line")),
    };
    let mut shown =
        vec![format!("{}{new} {}", styled(STRONG, file), styled(FAINT, format_args!("· {counts}")))];
    shown.extend(names(diff));
    let mut is_folded = false;
    let mut places = 0;
    for run in diff.lines.chunk_by(|a, b| a.kind == b.kind) {
        places += usize::from(run[0].kind == LineKind::Gap);
        if manner == Manner::Folded && places > MOST_PLACES {
            let more = diff.lines.iter().filter(|line| line.kind == LineKind::Gap).count() - MOST_PLACES;
            let more = text::count(more, "more place");
            shown.push(styled(FAINT, format_args!("  ⋮ {more} (`--dry-run` shows every line)")));
            is_folded = true;
            break;
        }
        if manner == Manner::Folded && run[0].kind == LineKind::Added && run.len() > MOST_NEW {
            is_folded = true;
            shown.extend(folded(run));
        } else {
            shown.extend(run.iter().map(line));
        }
    }
    (shown, is_folded)
}

/// The names of the sections that are touched, where they are many: `12 new profiles: a, b and 10 more`.
fn names(diff: &Diff) -> Vec<String> {
    let touched = &diff.sections;
    if touched.added.len() + touched.changed.len() + touched.removed.len() < MANY_SECTIONS {
        return Vec::new();
    }
    let groups = [("new", &touched.added), ("changed", &touched.changed), ("removed", &touched.removed)];
    let groups = groups.into_iter().filter(|(_, sections)| !sections.is_empty());
    let line = |(what, sections): (&str, &Vec<String>)| {
        let profile = |section: &String| match section.strip_prefix("profile ") {
            Some(name) => Some(name.to_owned()),
            None => (section == "default").then(|| section.clone()),
        };
        let profiles: Vec<String> = sections.iter().filter_map(profile).collect();
        let (noun, names) =
            if profiles.len() == sections.len() { ("profile", &profiles) } else { ("section", sections) };
        let shown: Vec<&str> = names.iter().take(MOST_NAMES).map(String::as_str).collect();
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
fn folded(run: &[DiffLine]) -> Vec<String> {
    let starts: Vec<usize> = (0..run.len()).filter(|at| run[*at].text.starts_with('[')).collect();
    let first_end = starts.get(1).copied().unwrap_or(run.len());
    let mut shown: Vec<String> = run[..first_end].iter().map(line).collect();
    for start in starts.iter().skip(1).take(MOST_NAMED) {
        let property =
            run.get(start + 1).map(|l| l.text.as_str()).filter(|t| !t.starts_with('[')).unwrap_or_default();
        let more = styled(FAINT, format_args!("{property} …"));
        shown.push(format!("{} {more}", styled(GOOD, format_args!("+ {}", run[*start].text))));
    }
    let left = starts.len().saturating_sub(1 + MOST_NAMED);
    if left > 0 {
        shown.push(styled(FAINT, format_args!("  … and {}", text::count(left, "more section"))));
    }
    shown.push(styled(FAINT, "  (a line for each new section; `--dry-run` shows every line)"));
    shown
}

fn line(line: &DiffLine) -> String {
    match line.kind {
        LineKind::Context => format!("  {}", styled(FAINT, &line.text)),
        LineKind::Removed => styled(BAD, format_args!("- {}", line.text)),
        LineKind::Added => styled(GOOD, format_args!("+ {}", line.text)),
        LineKind::Gap if line.text.is_empty() => styled(FAINT, "  ⋮"),
        LineKind::Gap => styled(FAINT, format_args!("  ⋮ {}", line.text)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(old: &str, new: &str, manner: Manner) -> (String, bool) {
        let diff = Diff::new(old.as_bytes(), new.as_bytes());
        let (shown, is_folded) = lines("~/.aws/config", false, &diff, manner);
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
    fn many_places_are_folded_for_a_person_and_never_in_data() {
        let (old, new) = (profiles(60, "r"), profiles(60, "s"));
        let (folded, is_folded) = plain(&old, &new, Manner::Folded);
        assert!(is_folded && folded.ends_with("more places (`--dry-run` shows every line)"), "{folded}");
        let (whole, is_folded) = plain(&old, &new, Manner::Data);
        assert!(!is_folded && whole.matches("+ region = s").count() == 60, "{whole}");
    }
}
