//! What the real readers make of a file before and after each edit of a sequence: of every other profile the same,
//! and of the profile itself what was asked for.

use std::collections::{BTreeMap, BTreeSet};

use jitpass::awsconfig::Edit;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::oracle::{self, Reading};
use super::sequence::{self, Choice, Run};
use super::{corpus, generate, mutate};

type Profiles = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn edits_of_the_corpus_mean_nothing_to_other_profiles() {
    check(600, prop::sample::select(corpus::samples()).prop_map(|sample| sample.bytes));
}

#[test]
fn edits_of_mutated_files_mean_nothing_to_other_profiles() {
    check(600, mutate::mutated());
}

#[test]
fn edits_of_generated_files_mean_nothing_to_other_profiles() {
    check(600, prop_oneof![1 => generate::soup(), 3 => generate::tame()]);
}

fn check(cases: u32, files: impl Strategy<Value = Vec<u8>>) {
    let runs = std::cell::RefCell::new(Vec::new());
    generate::for_each(cases, &(files, vec(any::<Choice>(), 1..8)), |(bytes, choices)| {
        runs.borrow_mut().push(sequence::run(&bytes, &choices).map_err(TestCaseError::fail)?);
        Ok(())
    });
    let runs: Vec<Run> = runs.into_inner().into_iter().filter(|run| !run.edits.is_empty()).collect();
    let files: Vec<Vec<u8>> = runs.iter().flat_map(|run| run.versions.clone()).collect();
    compare(
        "the SDK for Rust",
        &runs,
        &files.iter().map(|bytes| oracle::rust_sdk(bytes)).collect::<Vec<_>>(),
    );
    if let Some(readings) = oracle::botocore(&files) {
        compare("botocore", &runs, &readings);
    }
    if let Some(readings) = oracle::js_sdk(&files) {
        compare("the SDK for JavaScript", &runs, &readings);
    }
}

/// One reader's view of all versions of all runs, in their order.
fn compare(reader: &str, runs: &[Run], readings: &[Reading]) {
    let (mut edits, mut read) = (0, 0);
    let mut rest = readings;
    for run in runs {
        let (mine, others) = rest.split_at(run.versions.len());
        rest = others;
        for (at, edit) in run.edits.iter().enumerate() {
            edits += 1;
            let Some(before) = &mine[at] else { continue };
            read += 1;
            let wrong = match &mine[at + 1] {
                None => Some("it can no longer read the file".to_owned()),
                Some(after) => objection(before, after, edit),
            };
            if let Some(wrong) = wrong {
                let [before, after] =
                    [&run.versions[at], &run.versions[at + 1]].map(|file| file.escape_ascii());
                panic!("{reader}: {edit:?}: {wrong}\n--- before\n{before}\n--- after\n{after}\n---");
            }
        }
    }
    assert!(edits > runs.len() / 2 && read > edits / 4, "{reader} could read {read} of {edits} files");
}

/// What is wrong with a reader's view after an edit.
fn objection(before: &Profiles, after: &Profiles, edit: &Edit) -> Option<String> {
    let ours: Vec<&str> = match edit {
        Edit::Rename { profile, to } => vec![profile, to.as_str()],
        Edit::Insert { profile, .. } => vec![profile.as_str()],
        Edit::Set { profile, .. }
        | Edit::Unset { profile, .. }
        | Edit::Remove { profile }
        | Edit::Replace { profile, .. } => vec![profile],
    };
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    // A profile without properties is none to the SDK for JavaScript.
    let view = |profiles: &Profiles, name: &str| profiles.get(name).filter(|keys| !keys.is_empty()).cloned();
    let other = names
        .into_iter()
        .find(|name| !ours.contains(&name.as_str()) && view(before, name) != view(after, name));
    if let Some(name) = other {
        return Some(format!(
            "profile `{name}` reads {:?} instead of {:?}",
            after.get(name),
            before.get(name)
        ));
    }
    // botocore adds the keys of `[DEFAULT]` to every section.
    let inherited = |key: &str| !before.is_empty() && before.values().all(|keys| keys.contains_key(key));
    let read =
        |profile: &str, key: &str| after.get(profile).and_then(|keys| keys.get(key)).map(String::as_str);
    let fine = match edit {
        Edit::Set { profile, key, value } => read(profile, key.as_str()) == Some(value.as_str()),
        Edit::Unset { profile, key } => read(profile, key.as_str()).is_none() || inherited(key.as_str()),
        Edit::Insert { profile, properties } => {
            properties.iter().all(|(key, value)| read(profile.as_str(), key.as_str()) == Some(value.as_str()))
        }
        Edit::Remove { profile } => !after.contains_key(profile),
        Edit::Rename { profile, to } => {
            !after.contains_key(profile) && view(before, profile) == view(after, to.as_str())
        }
        Edit::Replace { .. } => true,
    };
    (!fine).then(|| {
        format!(
            "its own profile reads {:?}, formerly {:?}",
            ours.iter().map(|name| after.get(*name)).collect::<Vec<_>>(),
            before.get(ours[0])
        )
    })
}
