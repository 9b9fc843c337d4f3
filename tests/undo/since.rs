//! Everything since a change taken back at once, with the journal and the file on disk.

use std::cell::Cell;
use std::fs;

use jitpass::awsconfig::Document;
use jitpass::host::user_file::UserFile;
use jitpass::ops::undo::{Which, apply, prepare};
use jitpass::ops::write::{FilePlan, Occasion, replace};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::secrets::machine;
use super::sequences::edit;
use crate::awsconfig::generate::{for_each, tame};

#[test]
fn gives_the_bytes_before_it_and_can_be_taken_back_itself() {
    let (far, near) = (Cell::new(0), Cell::new(0));
    let step = (any::<usize>(), any::<usize>(), proptest::bool::weighted(0.3), any::<Index>());
    let cases = (tame(), vec(step, 3..8), any::<Index>());
    for_each(80, &cases, |(base, steps, back_to)| {
        let home = tempfile::tempdir().unwrap();
        let (machine, path) = (machine(home.path()), home.path().join("config"));
        fs::write(&path, &base).unwrap();
        // The bytes before each change, from number 1 on.
        let mut before: Vec<Vec<u8>> = Vec::new();
        for (n, (kind, name, undoes, which)) in steps.into_iter().enumerate() {
            let now = fs::read(&path).unwrap();
            if undoes && !before.is_empty() {
                // What is taken back already, or stands in the way of itself, is refused.
                let number = which.index(before.len()) as u64 + 1;
                let Ok(undoing) = prepare(&machine, Which::One(number)) else { continue };
                if undoing.clashes.is_empty() && !undoing.change.is_empty() {
                    prop_assert_eq!(apply(&machine, &undoing).unwrap(), Some(before.len() as u64 + 1));
                    before.push(now);
                }
                continue;
            }
            let mut document = Document::parse(&now);
            if document.apply(&edit(n, kind, name)).unwrap_or(false) {
                let file = UserFile::read(&path).unwrap();
                let plan = FilePlan { file, new: document.render() };
                replace(&machine, &Occasion::of("sync"), &plan).unwrap();
                before.push(now);
            }
        }
        if before.is_empty() {
            return Ok(());
        }
        let (last, number) = (fs::read(&path).unwrap(), back_to.index(before.len()));
        let Ok(undoing) = prepare(&machine, Which::Since(number as u64 + 1)) else {
            // Everything since cancels out.
            prop_assert!(last.trim_ascii_end() == before[number].trim_ascii_end());
            near.set(near.get() + 1);
            return Ok(());
        };
        prop_assert!(undoing.clashes.is_empty(), "{:?}", undoing.clashes);
        let written = apply(&machine, &undoing).unwrap();
        let left = fs::read(&path).unwrap();
        prop_assert!(
            left == before[number],
            "left {}\nbefore {}",
            left.escape_ascii(),
            before[number].escape_ascii()
        );
        far.set(far.get() + usize::from(undoing.takes.len() > 1));
        if let Some(written) = written {
            apply(&machine, &prepare(&machine, Which::One(written)).unwrap()).unwrap();
            prop_assert!(fs::read(&path).unwrap() == last, "the way forth");
        }
        Ok(())
    });
    assert!(far.get() > 25 && near.get() > 0, "{far:?} {near:?}");
}
