//! Any edits, one after another, of any file: no byte outside our lines changes, no other profile means anything
//! else to anybody, and what can be taken back is.

use std::cell::Cell;

use jitpass::awsconfig::{Document, Edit, EditError, Key};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
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

/// Sections and keys that were not there go as they came, whichever goes first.
#[test]
fn what_was_added_goes_in_any_order() {
    let files = prop_oneof![2 => mutate::mutated(), 1 => generate::soup(), 2 => generate::tame()];
    let strategy = (files, vec((any::<bool>(), any::<Index>(), any::<Index>()), 1..8), any::<[u8; 8]>());
    let added = Cell::new(0);
    generate::for_each(2_000, &strategy, |(bytes, choices, order)| {
        let mut document = Document::parse(&bytes);
        let mut way_back = Vec::new();
        for (at, (whole, profile, key)) in choices.iter().enumerate() {
            let name = format!("new-{at}");
            let key: Key = select_from(&["k", "longer_key", "region"], *key).parse().unwrap();
            let mut names = document.profile_names();
            names.push("default");
            let profile = select_from(&names, *profile).to_owned();
            let (edit, inverse) = if *whole {
                let properties = vec![(key, "v".parse().unwrap())];
                let remove = Edit::Remove { profile: name.clone() };
                (Edit::Insert { profile: name.parse().unwrap(), properties }, remove)
            } else if document.profile(&profile).is_none_or(|one| one.value(key.as_str()).is_none()) {
                let unset = Edit::Unset { profile: profile.clone(), key: key.clone() };
                (Edit::Set { profile, key, value: "v".parse().unwrap() }, unset)
            } else {
                continue;
            };
            if document.apply(&edit).is_ok() {
                way_back.push((order[at % order.len()], inverse));
            }
        }
        added.set(added.get() + way_back.len());
        way_back.sort_by_key(|(rank, _)| *rank);
        let mut anew = Document::parse(&document.render());
        for (_, edit) in &way_back {
            for document in [&mut document, &mut anew] {
                // A key may have gone with its section.
                match document.apply(edit) {
                    Ok(_) | Err(EditError::NoSuchProfile(_)) => {}
                    Err(error) => prop_assert!(false, "{:?}: {}", edit, error),
                }
            }
        }
        for document in [document, anew] {
            prop_assert_eq!(
                document.render().escape_ascii().to_string(),
                bytes.escape_ascii().to_string(),
                "{:?}",
                way_back
            );
        }
        Ok(())
    });
    assert!(added.get() > 2_000, "only {} were added", added.get());
}

fn select_from<'a>(list: &[&'a str], at: Index) -> &'a str {
    list[at.index(list.len())]
}
