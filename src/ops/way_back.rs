//! The way back of one file: the places that a change wrote, and what was there before it.

use crate::credential::sha256_hex;
use crate::ops::history::PastFile;
use crate::ops::journaling::{Recall, written};
use crate::ops::machine::Machine;
use crate::plan::Spot;

/// A file on the way back.
#[derive(Debug, Clone)]
pub(super) struct State {
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
    /// Whether there is one.
    pub(super) is_there: bool,
}

/// The file before all of these writes, newest first, where nobody else wrote it since the oldest.
pub(super) fn exactly(machine: &Machine, present: &State, all: &[(u64, &PastFile)]) -> Option<State> {
    let mut state = (!all.is_empty()).then(|| present.clone())?;
    for (_, past) in all.iter().filter(|(_, past)| !past.is_not_there) {
        if !is_as_written(past, &state) {
            return None;
        }
        let (bytes, missing) = put_back(machine, &state.bytes, &exact_places(past));
        if missing > 0 || sha256_hex(&bytes) != past.entry.before {
            return None;
        }
        state = State { bytes, is_there: past.entry.existed };
    }
    Some(state)
}

/// Whether the file is as this change wrote it.
pub(super) fn is_as_written(past: &PastFile, state: &State) -> bool {
    state.is_there != past.was_removed && sha256_hex(&state.bytes) == past.entry.after
}

/// The places in the very bytes that were written.
pub(super) fn exact_places(past: &PastFile) -> Vec<Spot> {
    let place = |(hunk, written): (&crate::store::journal::Hunk, crate::plan::Written)| Spot {
        range: hunk.at..hunk.at + hunk.length,
        with: written.old,
        line_ends: [b"", b""],
    };
    past.entry.hunks.iter().zip(written(&past.entry)).map(place).collect()
}

/// The file with what was there put back; and how many secrets were not to be had.
pub(super) fn put_back(machine: &Machine, text: &[u8], places: &[Spot]) -> (Vec<u8>, usize) {
    let recall = Recall::of(machine);
    let (mut new, mut missing, mut at) = (Vec::with_capacity(text.len()), 0, 0);
    for place in places {
        let (with, lost) = place.with.filled(|mark| recall.secret(mark));
        new.extend_from_slice(text.get(at..place.range.start).unwrap_or_default());
        if !with.is_empty() {
            new.extend_from_slice(place.line_ends[0]);
            new.extend_from_slice(&with);
            new.extend_from_slice(place.line_ends[1]);
        }
        missing += lost;
        at = place.range.end;
    }
    new.extend_from_slice(text.get(at..).unwrap_or_default());
    (new, missing)
}
