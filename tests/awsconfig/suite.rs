//! The 65 cases that the AWS SDKs for Rust and Java share, which lie in the package `aws-runtime`. We read every one
//! as they do; where they refuse a file, we read on and say that they do.

use std::collections::BTreeMap;
use std::process::Command;

use jitpass::awsconfig::{Anomaly, Document, Readers};
use serde_json::Value;

type Profiles = BTreeMap<String, BTreeMap<String, String>>;

#[test]
fn the_shared_suite_is_read_as_the_sdks_read_it() {
    let suite = suite();
    let cases = suite["tests"].as_array().unwrap();
    assert_eq!(cases.len(), 65, "the suite has changed: read the new cases");
    for case in cases {
        let name = case["name"].as_str().unwrap();
        let file = |kind: &str| case["input"][kind].as_str().unwrap_or_default().as_bytes();
        let config = Document::parse(file("configFile"));
        let credentials = Document::parse_credentials(file("credentialsFile"));
        let rejected = rejects(&config).or(rejects(&credentials));
        let matches = if let Some(message) = case["output"]["errorContaining"].as_str() {
            rejected.is_some_and(|anomaly| means(anomaly, message))
        } else {
            let wanted: Profiles =
                serde_json::from_value(case["output"]["config"]["profiles"].clone()).unwrap();
            rejected.is_none() && wanted == read(&config, &credentials)
        };
        assert!(matches, "{name}: {rejected:?} {:?}", read(&config, &credentials));
    }
}

/// What the strict readers see: profiles and keys that they accept, credentials over config.
fn read(config: &Document, credentials: &Document) -> Profiles {
    let mut profiles = Profiles::new();
    for document in [config, credentials] {
        for name in document.profile_names() {
            let profile = document.profile(name).unwrap();
            if !profile.seen_by.contains(Readers::RUST) {
                continue;
            }
            let dropped = |line| {
                let mut found = profile.disagreements.iter();
                found.any(|one| one.line == line && one.anomaly == Anomaly::OddKey)
            };
            let seen = profile.properties.iter().filter(|property| !dropped(property.line));
            let keys = seen.map(|property| (property.key.clone(), property.value.clone()));
            profiles.entry(name.to_owned()).or_default().extend(keys);
        }
    }
    profiles
}

fn rejects(document: &Document) -> Option<Anomaly> {
    let found = document.disagreements();
    found.iter().find(|one| one.rejects.contains(Readers::RUST)).map(|one| one.anomaly)
}

/// Whether our finding is the one that the suite's error message tells.
fn means(anomaly: Anomaly, message: &str) -> bool {
    let expected = match message {
        "Profile definition must end with ']'" => &[Anomaly::BrokenHeader][..],
        "Expected a profile definition" => &[Anomaly::NoSection, Anomaly::IndentedBody],
        "Property did not have a name" => &[Anomaly::NoName],
        "Expected an '=' sign defining a property" => &[Anomaly::NoSeparator, Anomaly::Colon],
        "Expected a property definition" | "Expected a property definition, found continuation" => {
            &[Anomaly::IndentedBody]
        }
        "Expected an '=' sign defining a sub-property" | "Sub-property did not have a name" => {
            &[Anomaly::NestedNoSeparator]
        }
        other => panic!("the suite has a new message: {other}"),
    };
    expected.contains(&anomaly)
}

fn suite() -> Value {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    // Only what this machine needs has been fetched.
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let about = Command::new(rustc).arg("-vV").output().unwrap();
    let about = String::from_utf8(about.stdout).unwrap();
    let host = about.lines().find_map(|line| line.strip_prefix("host: ")).unwrap();
    let output = Command::new(cargo)
        .args(["metadata", "--format-version", "1", "--offline", "--filter-platform", host])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    let package = packages.iter().find(|package| package["name"] == "aws-runtime").unwrap();
    let manifest = std::path::Path::new(package["manifest_path"].as_str().unwrap());
    let cases = manifest.with_file_name("test-data").join("profile-parser-tests.json");
    serde_json::from_slice(&std::fs::read(cases).unwrap()).unwrap()
}
