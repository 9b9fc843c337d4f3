//! Our reading of the corpus, against what five readers measured made of it.

use std::collections::{BTreeMap, BTreeSet};

use jitpass::awsconfig::{Document, Readers};
use serde_json::Value;

use super::corpus::{self, Sample};

type Reading = BTreeMap<(String, String), String>;

const FAMILIES: [(&str, Readers); 5] = [
    ("botocore", Readers::BOTOCORE),
    ("rust", Readers::RUST),
    ("java", Readers::JAVA),
    ("go", Readers::GO),
    ("js", Readers::JS),
];

#[test]
fn where_all_readers_of_a_file_agree_we_agree() {
    let mut agreed = 0;
    for_each_sample(|sample, document, readings| {
        let ours = our_reading(document);
        let keys: BTreeSet<_> =
            readings.iter().flat_map(|(_, reading)| reading.keys()).chain(ours.keys()).collect();
        for key in keys {
            let theirs: BTreeSet<_> = readings.iter().map(|(_, reading)| reading.get(key)).collect();
            if theirs.len() == 1 {
                assert_eq!(ours.get(key), theirs.into_iter().next().unwrap(), "{}: {key:?}", sample.name);
                agreed += 1;
            }
        }
    });
    assert!(agreed > 80, "only {agreed} values were compared");
}

#[test]
fn where_readers_disagree_we_say_so_and_nowhere_else() {
    for_each_sample(|sample, document, readings| {
        let found = document.disagreements();
        let rejects = found.iter().fold(Readers::NONE, |all, one| all.and(one.rejects));
        let mut readable = Readers::NONE;
        for (name, family) in FAMILIES {
            let reading = readings.iter().find(|(reader, _)| *reader == name).map(|(_, reading)| reading);
            match reading {
                // UTF-16 and `__proto__` make some readers read nothing, without an error.
                Some(reading) if reading.is_empty() && rejects.contains(family) => {}
                Some(_) => {
                    assert!(!rejects.contains(family), "{}: {name} did read it: {found:?}", sample.name);
                    readable = readable.and(family);
                }
                None => assert!(rejects.contains(family), "{}: {name} refused it: {found:?}", sample.name),
            }
        }
        let seen: BTreeSet<_> = FAMILIES
            .iter()
            .filter(|(_, family)| readable.contains(*family))
            .filter_map(|(name, _)| readings.iter().find(|(reader, _)| reader == name))
            .map(|(_, reading)| reading)
            .collect();
        let said = found.iter().any(|one| {
            let differs = one.differs.without(Readers::ALL.without(readable));
            !differs.is_empty() && differs != readable
        });
        assert_eq!(said, seen.len() > 1, "{}: {found:?}", sample.name);
    });
}

fn for_each_sample(mut check: impl FnMut(&Sample, &Document, &[(&str, Reading)])) {
    let matrix = corpus::json("messy-oracle-matrix.json");
    for sample in corpus::samples() {
        let document = if sample.is_credentials() {
            Document::parse_credentials(&sample.bytes)
        } else {
            Document::parse(&sample.bytes)
        };
        let answers = &matrix[&sample.name];
        let readings: Vec<(&str, Reading)> = FAMILIES
            .iter()
            .filter_map(|(name, _)| {
                let answer = answers[*name].as_object().expect("every file was given to every reader");
                (!answer.contains_key("__error__")).then(|| (*name, flat(answer)))
            })
            .collect();
        check(&sample, &document, &readings);
    }
}

/// Profile and key to value. A nested key is `s3.region`; empty values and profiles count as absent, because the
/// SDK for JavaScript does not tell them apart.
fn flat(profiles: &serde_json::Map<String, Value>) -> Reading {
    let mut reading = Reading::new();
    for (profile, keys) in profiles {
        for (key, value) in keys.as_object().unwrap() {
            let mut put = |key: String, value: &str| {
                if !value.is_empty() {
                    reading.insert((profile.clone(), key), value.to_owned());
                }
            };
            match value {
                Value::Object(nested) => {
                    for (name, value) in nested {
                        put(format!("{key}.{name}"), value.as_str().unwrap());
                    }
                }
                Value::String(text) if text.starts_with('\n') => {
                    for (name, value) in text.lines().filter_map(|line| line.split_once('=')) {
                        put(format!("{key}.{}", name.trim()), value.trim());
                    }
                }
                value => put(key.clone(), value.as_str().unwrap()),
            }
        }
    }
    reading
}

fn our_reading(document: &Document) -> Reading {
    let mut reading = Reading::new();
    for name in document.profile_names() {
        for property in document.profile(name).unwrap().properties {
            for (key, value) in &property.nested {
                reading.insert((name.to_owned(), format!("{}.{key}", property.key)), value.clone());
            }
            if property.nested.is_empty()
                && !property.value.trim().is_empty()
                && !property.value.starts_with('\n')
            {
                reading.insert((name.to_owned(), property.key), property.value);
            }
        }
    }
    reading
}
