//! A renamed profile takes along those that get their credentials from it.

use std::collections::BTreeMap;

use jitpass::awsconfig::guard::{self, Confirmed};
use jitpass::awsconfig::{Document, Edit};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::generate;
use super::oracle::{self, Reading};

const NAMES: [&str; 5] = ["a", "b", "c", "team/x", "default"];

#[test]
fn renamed_profiles_stay_the_source_of_the_same_profiles() {
    let spelled = select(vec!["source_profile = ", "source_profile=", "Source_Profile\t=  "]);
    let section =
        (vec((spelled, select(&NAMES[..])), 0..2), select(vec!["", "\n", "# note\n", "s3 =\n  k = v\n"]));
    let strategy = (vec(section, NAMES.len()), any::<Index>(), select(vec!["n", "default", "a"]));
    let (mut files, mut expected) = (Vec::new(), Vec::new());
    let done = std::cell::RefCell::new(Vec::new());
    generate::for_each(400, &strategy, |(sections, old, new)| {
        let sections = NAMES.iter().zip(sections).map(|(name, (sources, rest))| {
            let header =
                if *name == "default" { "[default]\n".to_owned() } else { format!("[profile {name}]\n") };
            let sources: String =
                sources.iter().map(|(spelled, source)| format!("{spelled}{source}\n")).collect();
            header + &sources + rest
        });
        let text: String = sections.collect();
        let old = NAMES[old.index(NAMES.len())];
        let mut document = Document::parse(text.as_bytes());
        let edits = document.rename_edits(old, &new.parse().unwrap());
        prop_assert_eq!(edits.is_ok(), !NAMES.contains(&new) || old == new, "{:?}", edits);
        let Ok(edits) = edits else { return Ok(()) };
        for edit in &edits {
            prop_assert_eq!(
                document.apply(edit),
                Ok(!matches!(edit, Edit::Rename { .. } if old == new)),
                "{:?}",
                edit
            );
        }
        let after = document.render();
        prop_assert_eq!(guard::confirm(text.as_bytes(), &after, &edits), Ok(Confirmed::Checked));
        done.borrow_mut().push((old.to_owned(), new.to_owned(), text.into_bytes(), after));
        Ok(())
    });
    for (old, new, before, after) in done.into_inner() {
        expected.push((old, new));
        files.extend([before, after]);
    }
    assert!(expected.len() > 100, "{} renames", expected.len());
    check(&expected, &files, &files.iter().map(|bytes| oracle::rust_sdk(bytes)).collect::<Vec<_>>());
    for readings in [oracle::botocore(&files), oracle::js_sdk(&files)].into_iter().flatten() {
        check(&expected, &files, &readings);
    }
}

/// The new name everywhere where the old one was, and nothing else.
fn check(renames: &[(String, String)], files: &[Vec<u8>], readings: &[Reading]) {
    for (at, (old, new)) in renames.iter().enumerate() {
        let [before, after] = [&readings[2 * at], &readings[2 * at + 1]];
        let put = |name: &str| if name == old { new.clone() } else { name.to_owned() };
        // The SDK for JavaScript tells keys apart by case, and an edited key is written in lower case.
        let keys =
            |keys: &BTreeMap<String, String>, put: &dyn Fn(&str) -> String| -> BTreeMap<String, String> {
                keys.iter().map(|(key, value)| (key.to_lowercase(), put(value))).collect()
            };
        let before: BTreeMap<String, _> =
            before.as_ref().unwrap().iter().map(|(name, own)| (put(name), keys(own, &put))).collect();
        let after: BTreeMap<String, _> = after
            .as_ref()
            .unwrap()
            .iter()
            .map(|(name, own)| (name.clone(), keys(own, &str::to_owned)))
            .collect();
        assert_eq!(
            before,
            after,
            "{old} to {new}\n{}\n{}",
            files[2 * at].escape_ascii(),
            files[2 * at + 1].escape_ascii()
        );
    }
}
