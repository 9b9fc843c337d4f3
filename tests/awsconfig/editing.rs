//! Every edit is confirmed by readers that share no code with us, or refused with line and reason; and what it
//! does can be taken back.

use jitpass::awsconfig::guard::{self, Confirmed};
use jitpass::awsconfig::{Document, Edit, EditError, Key};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;

use super::oracle::{self, objection};
use super::{corpus, generate};

/// A file, an edit, and the file after it.
struct Edited {
    name: String,
    edit: Edit,
    before: Vec<u8>,
    after: Vec<u8>,
}

fn key(text: &str) -> Key {
    text.parse().unwrap()
}

fn set(profile: &str, name: &str, value: &str) -> Edit {
    Edit::Set { profile: profile.to_owned(), key: key(name), value: value.parse().unwrap() }
}

fn insert(profile: &str) -> Edit {
    let properties = vec![
        (key("region"), "eu-north-1".parse().unwrap()),
        (key("credential_process"), "\"/opt/My Tools/jitpass\" aws --admin".parse().unwrap()),
        (key("jitpass_portal"), "acme".parse().unwrap()),
    ];
    Edit::Insert { profile: profile.parse().unwrap(), properties }
}

/// The edits worth trying on a file.
fn edits(bytes: &[u8]) -> Vec<Edit> {
    let document = Document::parse(bytes);
    let mut profiles = document.profile_names();
    profiles.extend(["default", "a"]);
    profiles.sort_unstable();
    profiles.dedup();
    let mut edits = vec![insert("new-1"), insert("default"), insert("a")];
    for profile in profiles {
        edits.push(set(profile, "region", "eu-north-1"));
        edits.push(set(profile, "credential_process", "/opt/jitpass aws --tenant=x --interactive"));
        edits.push(set(profile, "jitpass_portal", "acme"));
        edits.push(set(profile, "s3", "x"));
        for name in ["region", "credential_process", "output", "s3"] {
            edits.push(Edit::Unset { profile: profile.to_owned(), key: key(name) });
        }
        edits.push(Edit::Remove { profile: profile.to_owned() });
    }
    edits
}

/// Applies an edit; a refusal must leave the file alone and name a line that exists.
fn apply(bytes: &[u8], edit: &Edit) -> Result<Option<Vec<u8>>, EditError> {
    let mut document = Document::parse(bytes);
    let outcome = document.apply(edit);
    let after = document.render();
    match outcome {
        Ok(changed) => {
            assert_eq!(changed, after != bytes, "{edit:?}");
            Ok(changed.then_some(after))
        }
        Err(error) => {
            assert_eq!(after, bytes, "{edit:?} was refused and changed the file");
            let lines = bytes.split_inclusive(|b| *b == b'\n').count().max(1);
            match error.line() {
                Some(line) => assert!((1..=lines).contains(&line), "{edit:?}: {error}"),
                None => assert!(matches!(error, EditError::NoSuchProfile(_)), "{edit:?}: {error}"),
            }
            Err(error)
        }
    }
}

#[test]
fn every_edit_of_the_corpus_is_confirmed_or_refused() {
    let mut done = Vec::new();
    let mut refused = 0;
    for sample in corpus::samples().into_iter().filter(|sample| !sample.is_credentials()) {
        let tidy = Document::parse(&sample.bytes).disagreements().is_empty();
        for edit in edits(&sample.bytes) {
            match apply(&sample.bytes, &edit) {
                Ok(Some(after)) => {
                    done.push(Edited {
                        name: sample.name.clone(),
                        edit,
                        before: sample.bytes.clone(),
                        after,
                    });
                }
                Ok(None) | Err(EditError::NoSuchProfile(_) | EditError::ProfileExists { .. }) => {}
                Err(EditError::Unsafe { anomaly, .. }) => {
                    let nested = anomaly == jitpass::awsconfig::Anomaly::Nested;
                    assert!(!tidy || nested, "{}: {edit:?} was refused: {anomaly}", sample.name);
                    refused += 1;
                }
                Err(error) => panic!("{}: {edit:?}: {error}", sample.name),
            }
        }
    }
    assert!(done.len() > 300 && refused > 50, "{} edits done, {refused} refused", done.len());
    check_with_guard(&done);
    check_with_rust_sdk(&done);
    check_with_botocore(&done);
}

#[test]
fn edits_of_generated_files_are_confirmed_or_refused() {
    let done = std::cell::RefCell::new(Vec::new());
    let strategy = (generate::tame(), any::<prop::sample::Index>());
    generate::for_each(1_500, &strategy, |(before, pick)| {
        let mut edits = edits(&before);
        let first = pick.index(edits.len());
        edits.rotate_left(first);
        let accepted = edits.into_iter().filter_map(|edit| Some((apply(&before, &edit).ok()??, edit)));
        for (after, edit) in accepted.take(2) {
            done.borrow_mut().push(Edited {
                name: "generated".to_owned(),
                edit,
                before: before.clone(),
                after,
            });
        }
        Ok(())
    });
    let done = done.into_inner();
    assert!(done.len() > 1_000, "only {} edits were accepted", done.len());
    check_with_guard(&done);
    check_with_rust_sdk(&done);
    check_with_botocore(&done);
}

fn check_with_guard(done: &[Edited]) {
    let mut checked = 0;
    for edited in done {
        match guard::confirm(&edited.before, &edited.after, std::slice::from_ref(&edited.edit)) {
            Ok(Confirmed::Checked) => checked += 1,
            Ok(Confirmed::NotReadable(_)) => {}
            Err(error) => panic!("{}: {error}", show(edited)),
        }
    }
    assert!(checked > done.len() / 2, "only {checked} of {} edits were checked", done.len());
}

fn check_with_rust_sdk(done: &[Edited]) {
    let mut checked = 0;
    for edited in done {
        let before = oracle::rust_sdk(&edited.before);
        if let Some(wrong) = objection(&before, &oracle::rust_sdk(&edited.after), &edited.edit) {
            panic!("{}: the SDK for Rust: {wrong}", show(edited));
        }
        checked += usize::from(before.is_some());
    }
    assert!(checked > done.len() / 2, "only {checked} of {} files could be read before", done.len());
}

fn check_with_botocore(done: &[Edited]) {
    let files: Vec<Vec<u8>> =
        done.iter().flat_map(|edited| [edited.before.clone(), edited.after.clone()]).collect();
    let Some(readings) = oracle::botocore(&files) else { return };
    let mut checked = 0;
    for (edited, reading) in done.iter().zip(readings.chunks(2)) {
        if let Some(wrong) = objection(&reading[0], &reading[1], &edited.edit) {
            panic!("{}: botocore: {wrong}", show(edited));
        }
        checked += usize::from(reading[0].is_some());
    }
    assert!(checked > done.len() / 2, "only {checked} of {} files could be read before", done.len());
}

fn show(edited: &Edited) -> String {
    let Edited { name, edit, before, after } = edited;
    format!(
        "{name}: {edit:?}\n--- before\n{}\n--- after\n{}\n---",
        before.escape_ascii(),
        after.escape_ascii()
    )
}

#[test]
fn inverse_edits_restore_the_bytes_of_the_corpus() {
    for sample in corpus::samples() {
        inverse(&sample.bytes).unwrap_or_else(|error| panic!("{}: {error}", sample.name));
    }
}

#[test]
fn inverse_edits_restore_the_bytes_of_generated_documents() {
    generate::for_each(2_000, &prop_oneof![generate::soup(), generate::tame()], |bytes| inverse(&bytes));
}

/// Insert and remove, and set and unset of a key that was not there, with the file written and read in between.
fn inverse(bytes: &[u8]) -> Result<(), TestCaseError> {
    for profile in ["new-1", "default", "a"] {
        if let Ok(Some(after)) = apply(bytes, &insert(profile)) {
            let back = apply(&after, &Edit::Remove { profile: profile.to_owned() });
            prop_assert_eq!(back, Ok(Some(bytes.to_vec())), "insert and remove of {}", profile);
        }
    }
    let document = Document::parse(bytes);
    for profile in document.profile_names() {
        for name in ["region", "jitpass_portal", "a_long_key_that_is_nowhere"] {
            let unset = Edit::Unset { profile: profile.to_owned(), key: key(name) };
            if apply(bytes, &unset) != Ok(None) {
                continue;
            }
            let after = apply(bytes, &set(profile, name, "x")).unwrap().unwrap();
            prop_assert_eq!(apply(&after, &unset), Ok(Some(bytes.to_vec())), "set and unset of {}", name);
        }
    }
    Ok(())
}

#[test]
fn no_byte_outside_the_section_changes() {
    generate::for_each(2_000, &prop_oneof![generate::soup(), generate::tame()], |bytes| {
        for edit in edits(&bytes) {
            let (Edit::Set { profile, .. } | Edit::Unset { profile, .. }) = &edit else { continue };
            if let Ok(Some(after)) = apply(&bytes, &edit) {
                prop_assert_eq!(outside(&bytes, profile), outside(&after, profile), "{:?}", edit);
            }
        }
        Ok(())
    });
}

/// The lines before and after a profile's section.
fn outside(bytes: &[u8], profile: &str) -> (Vec<u8>, Vec<u8>) {
    let document = Document::parse(bytes);
    let first = document.profile(profile).unwrap().lines[0];
    let next = document.sections().map(|section| section.line()).find(|line| *line > first);
    let lines: Vec<&[u8]> = bytes.split_inclusive(|b| *b == b'\n').collect();
    let after = next.map_or(&[][..], |next| &lines[next - 1..]);
    (lines[..first - 1].concat(), after.concat())
}
