//! Several changes by our own editor, taken back in any order.

use std::cell::Cell;

use jitpass::awsconfig::{Document, Edit};
use jitpass::plan::Written;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

use super::{taken_back, written};
use crate::awsconfig::generate::{for_each, tame};

/// The nth of the edits that our commands make: a profile comes, a value or a key of one changes, a profile goes. Each
/// writes what no other does: of two that write the same, the lines are the later one's.
pub(super) fn edit(n: usize, kind: usize, name: usize) -> Edit {
    let key = |key: &str| key.parse().unwrap();
    let of = |n: usize| format!("ours{n}");
    match kind % 6 {
        0..=2 => Edit::Insert {
            profile: of(n).parse().unwrap(),
            properties: vec![
                (key("region"), "us-west-2".parse().unwrap()),
                (key("credential_process"), format!("/x aws --tenant t{n}").parse().unwrap()),
                (key("jitpass_portal"), "acme".parse().unwrap()),
            ],
        },
        3 => Edit::Set { profile: of(name % 6), key: key("region"), value: format!("r{n}").parse().unwrap() },
        4 => {
            Edit::Set { profile: "a".to_owned(), key: key("output"), value: format!("o{n}").parse().unwrap() }
        }
        _ => Edit::Remove { profile: of(name % 6) },
    }
}

#[test]
fn all_taken_back_in_any_order_give_the_file_before_them_all() {
    let (all, some) = (Cell::new(0), Cell::new(0));
    let cases = (tame(), vec((any::<usize>(), any::<usize>()), 1..6), vec(any::<Index>(), 6));
    for_each(3_000, &cases, |(base, edits, order)| {
        let mut now = base.clone();
        let mut open: Vec<Vec<Written>> = Vec::new();
        for (n, (kind, name)) in edits.into_iter().enumerate() {
            let mut document = Document::parse(&now);
            if document.apply(&edit(n, kind, name)).is_ok() {
                let new = document.render();
                open.push(written(&now, &new));
                now = new;
            }
        }
        let mut back = now.clone();
        for written in open.iter().rev() {
            back = taken_back(&back, written, b"").map_err(|_| TestCaseError::fail("refused in turn"))?;
        }
        prop_assert!(back == base, "in turn: base {}\nleft {}", base.escape_ascii(), back.escape_ascii());
        // One is refused while a later one changed its lines; then the later one is taken back first.
        let mut refused = 0;
        let mut turns = order.iter().cycle();
        while !open.is_empty() && refused < 50 {
            let at = turns.next().expect("it goes round").index(open.len());
            let at = if refused > 10 { open.len() - 1 } else { at };
            match taken_back(&now, &open[at], b"") {
                // What left nothing to take back is not taken back: a later one may yet bring it back.
                Ok(back) if back != now => {
                    now = back;
                    open.remove(at);
                    refused = 0;
                }
                _ => refused += 1,
            }
        }
        if open.is_empty() {
            all.set(all.get() + 1);
            // Which of several gave the last line its end cannot be told when they go out of turn.
            let bare = |text: &[u8]| text.trim_ascii_end().to_vec();
            prop_assert!(
                bare(&now) == bare(&base),
                "base {}\nleft {}",
                base.escape_ascii(),
                now.escape_ascii()
            );
        } else {
            some.set(some.get() + 1);
        }
        Ok(())
    });
    // Hardly ever does one stay that cannot be taken back.
    assert!(all.get() > 20 * some.get(), "{all:?} {some:?}");
}
