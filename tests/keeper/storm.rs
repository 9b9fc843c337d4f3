//! Sixteen processes edit one file all the time, and no edit is lost.

use std::collections::BTreeMap;
use std::fs;
use std::thread;

use jitpass::credential::sha256_hex;

use super::number;
use crate::harness::Sandbox;

const WRITERS: usize = 16;

/// New keys of `shared` come into the middle of it, new profiles to its end.
const FOREIGN: &str = "# by hand\n[default]\nregion = eu-central-1\ns3 =\n  region = us-east-1\n\n\
    [profile shared]\nregion = us-east-1   \n\n; and this\n[profile other]\noutput\t=  text\n";

const SETTINGS: &str = "[portal.acme]\nhost = \"https://acme.duplocloud.net\"\n";

/// Keys and values of profiles, by name.
type Profiles = BTreeMap<String, BTreeMap<String, String>>;

/// One of the writers, and what must be there when it is done.
struct Writer {
    number: usize,
    profiles: Profiles,
    shared: BTreeMap<String, String>,
}

impl Writer {
    fn new(number: usize) -> Self {
        Self { number, profiles: Profiles::new(), shared: BTreeMap::new() }
    }

    /// The arguments of its next edit. Every seventh begins again with a new profile.
    fn next(&mut self, edit: usize) -> Vec<String> {
        let (turn, me) = (edit / 7, self.number);
        let (first, second, kept) =
            (format!("w{me}-{turn}"), format!("gone{me}-{turn}"), format!("kept{me}-{turn}"));
        let words = |line: String| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
        // Each for a tenant of its own, so that all of them are on record.
        let add = |name: &str| words(format!("add {name} --host acme --tenant {name} --region us-west-2"));
        let new = |name: &str| [("region", "us-west-2"), ("tenant", name)].map(owned).into();
        match edit % 7 {
            0 => {
                self.profiles.insert(first.clone(), new(&first));
                add(&first)
            }
            1 => {
                self.profiles.get_mut(&first).unwrap().insert("output".to_owned(), "json".to_owned());
                words(format!("edit {first} --set output=json"))
            }
            2 => {
                self.shared.insert(format!("key{me}_{turn}"), "1".to_owned());
                words(format!("edit shared --set key{me}_{turn}=1"))
            }
            3 => {
                let keys = self.profiles.remove(&first).unwrap();
                self.profiles.insert(kept.clone(), keys);
                words(format!("rename {first} {kept}"))
            }
            4 => {
                self.profiles.insert(second.clone(), new(&second));
                add(&second)
            }
            5 => {
                let keys = self.profiles.get_mut(&kept).unwrap();
                keys.remove("output");
                keys.insert("region".to_owned(), "eu-west-1".to_owned());
                words(format!("edit {kept} --region eu-west-1 --unset output"))
            }
            _ => {
                self.profiles.remove(&second);
                words(format!("remove {second}"))
            }
        }
    }
}

fn owned((key, value): (&str, &str)) -> (String, String) {
    (key.to_owned(), value.to_owned())
}

/// What the writers' profiles say, what was added to `shared`, and the bytes of everybody else.
fn sorted_out(config: &str) -> (Profiles, BTreeMap<String, String>, String) {
    let (mut profiles, mut shared, mut foreign) = (Profiles::new(), BTreeMap::new(), String::new());
    let mut name = String::new();
    for line in config.split_inclusive('\n') {
        if let Some(header) = line.strip_prefix('[') {
            header.trim_end().trim_end_matches(']').trim_start_matches("profile ").clone_into(&mut name);
        }
        let is_ours = ["w", "kept", "gone"].iter().any(|start| {
            name.strip_prefix(start).is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
        });
        let pair = line.split_once('=').map(|(key, value)| (key.trim().to_owned(), value.trim().to_owned()));
        match pair {
            Some((key, value)) if is_ours && key == "credential_process" => {
                let tenant =
                    value.split(' ').skip_while(|word| *word != "--tenant").nth(1).unwrap().to_owned();
                profiles.entry(name.clone()).or_default().insert("tenant".to_owned(), tenant);
            }
            Some((key, value)) if is_ours && key != "jitpass_portal" => {
                let before = profiles.entry(name.clone()).or_default().insert(key, value);
                assert_eq!(before, None, "twice the same key in {name}");
            }
            Some((key, value)) if name == "shared" && key.starts_with("key") => {
                assert_eq!(shared.insert(key, value), None, "twice the same key in {name}");
            }
            // The one blank line before each new section stands in the section above.
            _ if is_ours => {}
            _ => foreign.push_str(line),
        }
    }
    (profiles, shared, foreign)
}

#[test]
fn sixteen_writers_at_once_lose_no_edit() {
    let edits = number("JITPASS_TEST_EDITS", 14);
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", FOREIGN);
    sandbox.write(".config/jitpass/config.toml", SETTINGS);
    let write = |mut writer: Writer| {
        for edit in 0..edits {
            let args = writer.next(edit);
            sandbox.jitpass(["profile"]).args(&args).args(["--yes"]).start().finish().success();
        }
        writer
    };
    let writers: Vec<Writer> = thread::scope(|scope| {
        let started: Vec<_> = (0..WRITERS).map(|n| scope.spawn(move || write(Writer::new(n)))).collect();
        started.into_iter().map(|writer| writer.join().unwrap()).collect()
    });
    let config = sandbox.read(".aws/config");
    let (profiles, shared, foreign) = sorted_out(&config);
    assert_eq!(profiles, writers.iter().flat_map(|writer| writer.profiles.clone()).collect());
    assert_eq!(shared, writers.iter().flat_map(|writer| writer.shared.clone()).collect());
    // The first profile was parted from them by a blank line.
    assert_eq!(foreign, FOREIGN.to_owned() + "\n");
    journal_is_whole(&sandbox, (WRITERS * edits).min(500));
    sandbox.jitpass(["undo", "--yes"]).run().success();
    assert_ne!(sandbox.read(".aws/config"), config);
}

#[test]
fn writers_of_different_files_do_not_forget_each_other() {
    let sandbox = Sandbox::new();
    sandbox.write(".config/jitpass/config.toml", SETTINGS);
    let edits = 4;
    let file = |n: usize| sandbox.home().join(format!("config{n}")).display().to_string();
    let write = |n: usize| {
        for edit in 0..edits {
            let name = format!("p{n}-{edit}");
            let args =
                ["profile", "add", &name, "--host", "acme", "--tenant", &name, "--region", "us-west-2"];
            let call = sandbox.jitpass(args).args(["--yes"]).env("AWS_CONFIG_FILE", file(n));
            call.start().finish().success();
        }
    };
    thread::scope(|scope| {
        for n in 0..WRITERS {
            scope.spawn(move || write(n));
        }
    });
    let record: serde_json::Value =
        serde_json::from_str(&sandbox.read(".local/state/jitpass/managed.json")).unwrap();
    for n in 0..WRITERS {
        let recorded = record["files"][file(n)].as_object().map_or(0, serde_json::Map::len);
        assert_eq!(recorded, edits, "{n}: {record}");
    }
}

/// Each entry begins where the one before ended, and the last is what the file is now.
fn journal_is_whole(sandbox: &Sandbox, count: usize) {
    let journal = sandbox.home().join(".local/state/jitpass/journal");
    let mut files: Vec<_> = fs::read_dir(journal).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert_eq!(files.len(), count, "one entry for each edit and nothing else: {files:?}");
    let entries: Vec<serde_json::Value> =
        files.iter().map(|file| serde_json::from_slice(&fs::read(file).unwrap()).unwrap()).collect();
    for pair in entries.windows(2) {
        assert_eq!(pair[0]["after"], pair[1]["before"], "{} and {}", pair[0], pair[1]);
    }
    let now = sha256_hex(&fs::read(sandbox.aws_config()).unwrap());
    assert_eq!(entries.last().unwrap()["after"], now.as_str());
    let history = sandbox.jitpass(["history", "--json", "-n", "1000"]).run().success().json();
    assert_eq!(history.as_array().unwrap().len(), count);
    // Nobody forgot what it wrote, although all of them wrote the same record.
    let record: serde_json::Value =
        serde_json::from_str(&sandbox.read(".local/state/jitpass/managed.json")).unwrap();
    let config = sandbox.aws_config().display().to_string();
    // (What was renamed or removed stays on record, for an undo.)
    let recorded = &record["files"][config];
    let (profiles, ..) = sorted_out(&sandbox.read(".aws/config"));
    let forgotten: Vec<_> = profiles.keys().filter(|name| recorded[name.as_str()].is_null()).collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}
