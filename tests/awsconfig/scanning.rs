//! The quick look at a shared file finds what the whole reading finds.

use jitpass::awsconfig::{Document, scan};

use super::{corpus, generate};

const KEYS: [&str; 4] = ["region", "credential_process", "jitpass_portal", "s3"];

/// Names, and the values that are one line of text.
fn read(document: &Document) -> Vec<(String, Vec<Option<String>>)> {
    let names = document.profile_names();
    let profiles = names.into_iter().map(|name| document.profile(name).expect("it has this name"));
    let value = |profile: &jitpass::awsconfig::Profile, key| {
        let value = profile.value(key)?;
        (!value.contains(['\n', char::REPLACEMENT_CHARACTER])).then(|| value.to_owned())
    };
    profiles.map(|one| (one.name.clone(), KEYS.map(|key| value(&one, key)).into())).collect()
}

fn scanned(profiles: &[scan::Glimpse<'_>]) -> Vec<(String, Vec<Option<String>>)> {
    let text = |value: Option<&str>| {
        value.filter(|value| !value.contains(char::REPLACEMENT_CHARACTER)).map(str::to_owned)
    };
    profiles.iter().map(|one| (one.name.to_string(), one.values(KEYS).map(text).into())).collect()
}

#[test]
fn the_corpus_is_read_alike() {
    let mut found = 0;
    for sample in corpus::samples() {
        let (document, profiles) = if sample.is_credentials() {
            (Document::parse_credentials(&sample.bytes), scan::profiles_of_credentials(&sample.bytes, ""))
        } else {
            (Document::parse(&sample.bytes), scan::profiles(&sample.bytes, ""))
        };
        let read = read(&document);
        found += read.len();
        assert_eq!(scanned(&profiles), read, "{}", sample.name);
    }
    assert!(found > 60, "{found} profiles");
}

#[test]
fn generated_documents_are_read_alike() {
    let alike = |bytes: Vec<u8>| {
        let document = Document::parse(&bytes);
        proptest::prop_assert_eq!(scanned(&scan::profiles(&bytes, "")), read(&document));
        for name in document.profile_names() {
            let one = scan::profile(&bytes, name).map(|one| scanned(&[one]));
            let all = read(&document).into_iter().filter(|(other, _)| other == name).collect();
            proptest::prop_assert_eq!(one, Some(all));
        }
        let credentials = Document::parse_credentials(&bytes);
        proptest::prop_assert_eq!(scanned(&scan::profiles_of_credentials(&bytes, "")), read(&credentials));
        Ok(())
    };
    generate::for_each(3000, &generate::soup(), alike);
    generate::for_each(1000, &generate::tame(), alike);
}
