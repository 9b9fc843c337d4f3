//! Real readers of the file, asked what they read before and after an edit.

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_runtime::env_config::section::EnvConfigSections;
use aws_runtime::env_config::source;
use jitpass::awsconfig::Edit;

use crate::harness::tool;

/// Profile → key → value; `None` when the reader reads nothing from the file.
pub(crate) type Reading = Option<BTreeMap<String, BTreeMap<String, String>>>;

/// What the AWS SDK for Rust reads.
#[expect(clippy::default_trait_access, reason = "the types live in a crate that is no dependency of ours")]
pub(crate) fn rust_sdk(config: &[u8]) -> Reading {
    // It takes a file that is not UTF-8 for an empty one.
    let text = std::str::from_utf8(config).ok()?;
    // Of sections for one profile whose headers are spelled differently, any may win.
    let headers: BTreeSet<&str> =
        text.lines().filter(|line| line.starts_with('[')).filter_map(|line| line.split(']').next()).collect();
    let names: BTreeSet<Vec<&str>> =
        headers.iter().map(|header| header[1..].split_whitespace().collect()).collect();
    if names.len() < headers.len() {
        return None;
    }
    let files = EnvConfigFiles::builder().with_contents(EnvConfigFileKind::Config, text).build();
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let source = runtime.block_on(source::load(&Default::default(), &Default::default(), &files)).unwrap();
    let sections = EnvConfigSections::parse(source).ok()?;
    // It does not list keys, so every text before a `=` is tried as one.
    let keys: BTreeSet<String> = text
        .lines()
        .filter_map(|line| line.split_once('='))
        .map(|(key, _)| key.trim().to_lowercase())
        .collect();
    let profile = |name: &str| {
        let profile = sections.get_profile(name).unwrap();
        let value = |key: &String| Some((key.clone(), profile.get(key)?.to_owned()));
        (name.to_owned(), keys.iter().filter_map(value).collect())
    };
    Some(sections.profiles().map(profile).collect())
}

/// What botocore reads from each file, or `None` when it is not to be had here.
pub(crate) fn botocore(files: &[Vec<u8>]) -> Option<Vec<Reading>> {
    let python = tool("python")?;
    Some(ask(Command::new(python).arg(script("botocore_read.py")).env("PYTHONUTF8", "1"), files))
}

/// What the AWS SDK for JavaScript reads from each file, or `None` when it is not to be had here.
pub(super) fn js_sdk(files: &[Vec<u8>]) -> Option<Vec<Reading>> {
    let (node, directory) = (tool("node")?, tool("node-dir")?);
    Some(ask(Command::new(node).arg(script("js_read.cjs")).arg(directory), files))
}

fn script(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/awsconfig").join(name)
}

/// Gives a program the paths of all files, one a line, and reads its answers.
fn ask(command: &mut Command, files: &[Vec<u8>]) -> Vec<Reading> {
    let directory = tempfile::tempdir().unwrap();
    let mut paths = String::new();
    for (at, bytes) in files.iter().enumerate() {
        let path = directory.path().join(at.to_string());
        std::fs::write(&path, bytes).unwrap();
        paths.push_str(path.to_str().unwrap());
        paths.push('\n');
    }
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the reader starts");
    let mut stdin = child.stdin.take().unwrap();
    let writer = std::thread::spawn(move || stdin.write_all(paths.as_bytes()).unwrap());
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    assert!(output.status.success(), "the reader failed");
    let text = String::from_utf8(output.stdout).unwrap();
    let readings: Vec<Reading> = text.lines().map(answer).collect();
    assert_eq!(readings.len(), files.len());
    readings
}

fn answer(line: &str) -> Reading {
    let answer: serde_json::Value = serde_json::from_str(line).unwrap();
    let flat = |value: &serde_json::Value| match value.as_str() {
        Some(text) => text.to_owned(),
        None => value.to_string(),
    };
    let keys = |value: &serde_json::Value| {
        value.as_object().unwrap().iter().map(|(key, value)| (key.clone(), flat(value))).collect()
    };
    let profiles = answer.get("profiles")?.as_object().unwrap();
    Some(profiles.iter().map(|(name, value)| (name.clone(), keys(value))).collect())
}

/// What is wrong with a reader's view after an edit, given its view before; nothing, if it could not read the file
/// before.
pub(super) fn objection(before: &Reading, after: &Reading, edit: &Edit) -> Option<String> {
    let before = before.as_ref()?;
    let Some(after) = after else { return Some("it can no longer read the file".to_owned()) };
    let mut wanted = before.clone();
    match edit {
        Edit::Set { profile, key, value } => {
            wanted.entry(profile.clone()).or_default().insert(key.to_string(), value.to_string());
        }
        Edit::Unset { profile, key } => {
            wanted.entry(profile.clone()).or_default().remove(key.as_str());
        }
        Edit::Insert { profile, properties } => {
            let keys = properties.iter().map(|(key, value)| (key.to_string(), value.to_string()));
            let mut keys: BTreeMap<_, _> = keys.collect();
            // To botocore every profile, the new one too, has the keys of `[DEFAULT]`.
            for (key, value) in after.get(profile.as_str()).into_iter().flatten() {
                if before
                    .values()
                    .next()
                    .is_some_and(|_| before.values().all(|other| other.contains_key(key)))
                {
                    keys.entry(key.clone()).or_insert_with(|| value.clone());
                }
            }
            wanted.insert(profile.to_string(), keys);
        }
        Edit::Remove { profile } => {
            wanted.remove(profile);
        }
        Edit::Rename { profile, to } => {
            let keys = wanted.remove(profile).unwrap_or_default();
            wanted.insert(to.to_string(), keys);
        }
        // What the profile reads now is its own affair.
        Edit::Replace { profile, .. } => {
            wanted.remove(profile);
            wanted.extend(after.get(profile).map(|keys| (profile.clone(), keys.clone())));
        }
    }
    let names: BTreeSet<&String> = wanted.keys().chain(after.keys()).collect();
    let odd = names.into_iter().find(|name| wanted.get(*name) != after.get(*name))?;
    Some(format!("profile `{odd}` reads {:?} instead of {:?}", after.get(odd), wanted.get(odd)))
}
