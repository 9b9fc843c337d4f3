//! Showing a diff: file name, counts, then the lines, `+` and `-` with colour beside them.

use super::say::{self, BAD, FAINT, GOOD, STRONG, styled};
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

/// Shows what will change in a file, and says whether something was folded.
pub(super) fn show(file: &str, is_new: bool, diff: &Diff, manner: Manner) -> bool {
    let new = if is_new { " (new file)" } else { "" };
    let counts = match (diff.added, diff.removed) {
        (added, 0) => format!("{} added", text::count(added, "line")),
        (0, removed) => format!("{} removed", text::count(removed, "line")),
        (added, removed) => format!("{} added, {removed} removed", text::count(added, "line")),
    };
    let heading = format!("{}{new} {}", styled(STRONG, file), styled(FAINT, format_args!("· {counts}")));
    let mut is_folded = false;
    let mut shown = vec![heading];
    for run in diff.lines.chunk_by(|a, b| a.kind == b.kind) {
        if manner == Manner::Folded && run[0].kind == LineKind::Added && run.len() > MOST_NEW {
            is_folded = true;
            shown.extend(folded(run));
        } else {
            shown.extend(run.iter().map(line));
        }
    }
    for text in shown {
        if manner == Manner::Data { say::data_line(&text) } else { say::line(text) }
    }
    is_folded
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
        LineKind::Gap => styled(FAINT, "  ⋮"),
    }
}
