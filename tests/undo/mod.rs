//! Taking back what was written: pure, over any history of changes by us and by others, and killed at any moment.

#![expect(clippy::unwrap_used, reason = "a test may fail wherever it likes")]

mod killing;
mod scale;
mod secrets;
mod sequences;
mod since;
mod three_way;

use jitpass::base::Secret;
use jitpass::plan::{self, Clash, Diff, Mark, Veiled, Written, anchors, take_back};

/// What the journal keeps of a change from `old` to `new`.
fn written(old: &[u8], new: &[u8]) -> Vec<Written> {
    let diff = Diff::new(old, new);
    let (old_secrets, new_secrets) = (plan::secrets(old), plan::secrets(new));
    let anchors = anchors(new, diff.hunks.iter().map(|hunk| &hunk.new));
    let hunks = diff.hunks.iter().zip(anchors);
    let one = |(hunk, anchors): (&jitpass::plan::Hunk, _)| Written {
        old: Veiled::of(old, hunk.old.clone(), &old_secrets),
        new: Veiled::of(new, hunk.new.clone(), &new_secrets),
        anchors,
    };
    hunks.map(one).collect()
}

/// The file with what was written taken back; `known` holds every secret.
fn taken_back(now: &[u8], written: &[Written], known: &[u8]) -> Result<Vec<u8>, Vec<Clash>> {
    let values: Vec<&[u8]> = plan::secrets(known).into_iter().map(|span| &known[span]).collect();
    let secret = |mark: &Mark| {
        let value = values.iter().find(|value| Mark::of(value) == *mark);
        value.map(|value| Secret::new(String::from_utf8(value.to_vec()).unwrap()))
    };
    let (mut new, mut at) = (Vec::new(), 0);
    for place in take_back(now, written)? {
        let (with, missing) = place.with.filled(secret);
        assert_eq!(missing, 0);
        new.extend_from_slice(&now[at..place.range.start]);
        if !with.is_empty() {
            new.extend([place.line_ends[0], &with, place.line_ends[1]].concat());
        }
        at = place.range.end;
    }
    new.extend_from_slice(&now[at..]);
    Ok(new)
}
