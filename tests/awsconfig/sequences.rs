//! Any edits, one after another, of any file: no byte outside our lines changes, no other profile means anything
//! else to anybody, and what can be taken back is.

use std::cell::Cell;

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::sequence::{self, Choice, Run};
use super::{corpus, generate, mutate};

#[test]
fn any_edits_of_the_corpus_change_only_their_lines_and_can_be_taken_back() {
    check(1_000, prop::sample::select(corpus::samples()).prop_map(|sample| sample.bytes), 8);
}

#[test]
fn any_edits_of_mutated_files_change_only_their_lines_and_can_be_taken_back() {
    check(1_000, mutate::mutated(), 8);
}

#[test]
fn any_edits_of_generated_files_change_only_their_lines_and_can_be_taken_back() {
    check(1_000, prop_oneof![1 => generate::soup(), 3 => generate::tame()], 12);
}

/// A file and what decides its edits; a failure shows it as text.
struct Case(Vec<u8>, Vec<Choice>);

impl std::fmt::Debug for Case {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "b\"{}\" edited by {:?}", self.0.escape_ascii(), self.1)
    }
}

fn check(cases: u32, files: impl Strategy<Value = Vec<u8>>, most: usize) {
    let strategy = (files, vec(any::<Choice>(), 1..most)).prop_map(|(bytes, choices)| Case(bytes, choices));
    let (changed, refused, undone) = (Cell::new(0), Cell::new(0), Cell::new(0));
    generate::for_each(cases, &strategy, |Case(bytes, choices)| {
        let Run { edits, refused: no, undone: back, .. } =
            sequence::run(&bytes, &choices).map_err(TestCaseError::fail)?;
        changed.set(changed.get() + edits.len());
        refused.set(refused.get() + no);
        undone.set(undone.get() + back);
        Ok(())
    });
    let counted = (changed.get(), refused.get(), undone.get());
    let cases = cases as usize;
    assert!(counted.0 > cases / 2 && counted.1 > cases / 4 && counted.2 > cases / 4, "{counted:?}");
}
