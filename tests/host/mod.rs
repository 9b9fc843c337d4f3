//! What only processes of their own can show: sessions, terminals, what is inherited.
//!
//! Each test starts this very binary again, with its own name as the filter and the part to play in a variable. What
//! the parts find out they note in a file: their streams may lead nowhere.

mod attending;
mod detaching;
mod starting;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use rexpect::session::{PtySession, spawn_command};
use tempfile::TempDir;

/// The part that this process plays; none for the test itself.
const PART: &str = "JITPASS_TEST_PART";

/// The directory that a test shares with its parts.
const STAGE: &str = "JITPASS_TEST_STAGE";

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A directory for a test and the parts it starts.
#[derive(Debug)]
struct Stage {
    directory: PathBuf,
    /// Removed at the end, by the test that made it.
    _owned: Option<TempDir>,
}

/// What this process is here for.
enum Role {
    Test(Stage),
    Part(String, Stage),
}

/// What this process is here for, by its variables.
fn role() -> Role {
    match (std::env::var(PART), std::env::var_os(STAGE)) {
        (Ok(part), Some(directory)) => Role::Part(part, Stage { directory: directory.into(), _owned: None }),
        _ => {
            let owned = tempfile::Builder::new().prefix("jitpass-stage-").tempdir().expect("a directory");
            Role::Test(Stage {
                directory: owned.path().canonicalize().expect("it is there"),
                _owned: Some(owned),
            })
        }
    }
}

impl Stage {
    fn path(&self, name: &str) -> PathBuf {
        self.directory.join(name)
    }

    /// Leaves a note, whole or not at all.
    fn note(&self, name: &str, text: &str) {
        let unfinished = self.path(&format!("{name}.new"));
        fs::write(&unfinished, text).expect("the stage is ours");
        fs::rename(unfinished, self.path(name)).expect("the stage is ours");
    }

    /// Waits for a note.
    #[track_caller]
    fn read(&self, name: &str) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            match fs::read_to_string(self.path(name)) {
                Ok(text) => return text,
                Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
                Err(error) => panic!("nobody left the note `{name}`: {error}"),
            }
        }
    }

    /// The words that start a part of a test.
    fn words(test: &str) -> Vec<String> {
        let this = std::env::current_exe().expect("a program").to_str().expect("a plain path").to_owned();
        vec![this, "--exact".into(), format!("host::{test}"), "--nocapture".into(), "--quiet".into()]
    }

    /// A shell's script, in which `JITPASS_TEST_PART=… $PLAY` starts a part of a test.
    fn shell(&self, test: &str, script: &str) -> Command {
        let mut command = Command::new("/bin/sh");
        command.args(["-c", script]).env("PLAY", Self::words(test).join(" "));
        command.env(STAGE, &self.directory).env_remove(PART);
        command.env_remove("JITPASS_TEST_ATTENDED").env_remove("JITPASS_TEST_HASTE");
        command.current_dir(&self.directory);
        command
    }

    /// A script at a terminal of its own, each command in a process group of its own as at a prompt.
    #[track_caller]
    fn terminal(&self, test: &str, script: &str) -> PtySession {
        let milliseconds = u64::try_from(PATIENCE.as_millis()).expect("a minute");
        spawn_command(self.shell(test, &format!("set -m\n{script}")), Some(milliseconds)).expect("a terminal")
    }
}

/// Where the open files of this process lead, the standard streams first.
fn open_files() -> Vec<PathBuf> {
    let mut numbers: Vec<u32> = fs::read_dir("/proc/self/fd")
        .expect("Linux")
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort_unstable();
    numbers
        .iter()
        .filter_map(|n| fs::read_link(Path::new("/proc/self/fd").join(n.to_string())).ok())
        .collect()
}
