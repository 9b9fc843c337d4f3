//! Showing a diff: file name, counts, then the lines, `+` and `-` with colour beside them.

use super::say::{self, BAD, FAINT, GOOD, STRONG, styled};
use crate::base::text;
use crate::plan::{Diff, DiffLine, LineKind};

/// Lines shown of one file's diff: what is over that is counted. `None` shows all.
pub(super) type Most = Option<usize>;

/// Shows what will change in a file.
pub(super) fn show(file: &str, is_new: bool, diff: &Diff, most: Most) {
    let new = if is_new { " (new file)" } else { "" };
    let counts = match (diff.added, diff.removed) {
        (added, 0) => format!("{} added", text::count(added, "line")),
        (0, removed) => format!("{} removed", text::count(removed, "line")),
        (added, removed) => format!("{} added, {removed} removed", text::count(added, "line")),
    };
    say::line(format_args!("{}{new} {}", styled(STRONG, file), styled(FAINT, format_args!("· {counts}"))));
    let most = most.unwrap_or(usize::MAX);
    for line in diff.lines.iter().take(most) {
        say::line(shown(line));
    }
    if let Some(left) = diff.lines.len().checked_sub(most).filter(|left| *left > 0) {
        say::line(styled(
            FAINT,
            format_args!("  … and {} (`--dry-run` shows all)", text::count(left, "more line")),
        ));
    }
}

fn shown(line: &DiffLine) -> String {
    match line.kind {
        LineKind::Context => format!("  {}", styled(FAINT, &line.text)),
        LineKind::Removed => styled(BAD, format_args!("- {}", line.text)),
        LineKind::Added => styled(GOOD, format_args!("+ {}", line.text)),
        LineKind::Gap => styled(FAINT, "  ⋮"),
    }
}
