//! What runs on this machine, as `/proc` tells it.

use std::fs;
use std::path::PathBuf;

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

/// A process that was alive a moment ago.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Process {
    pub(super) id: u32,
    /// Its command line, blanks between the words.
    pub(super) line: String,
}

impl Process {
    /// Those with a text on their command line. One that has ended has none, whether it was reaped or not.
    pub(super) fn all_of(mark: &str) -> Vec<Self> {
        let entries = fs::read_dir("/proc").expect("this is Linux").flatten();
        let ids = entries.filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
        let processes = ids.filter_map(|id| {
            let line = fs::read(format!("/proc/{id}/cmdline")).ok()?;
            Some(Self { id, line: String::from_utf8_lossy(&line).replace('\0', " ") })
        });
        processes.filter(|process| process.line.contains(mark)).collect()
    }

    /// Whether it is a sign-in listener.
    pub(super) fn is_listener(&self) -> bool {
        self.line.contains(" sign-in-listener ")
    }

    /// The name of the wait that a listener was started for: each has its own.
    pub(super) fn wait(&self) -> Option<String> {
        let job = self.line.split_once(" sign-in-listener ")?.1.trim();
        let job: serde_json::Value = serde_json::from_str(job).ok()?;
        Some(job.get("id")?.as_str()?.to_owned())
    }

    /// Kills it, and nothing else.
    pub(super) fn kill(&self) {
        kill_process(self.pid(), Signal::KILL).expect("it lives");
    }

    /// Kills its whole group.
    pub(super) fn kill_group(&self) {
        let group = self.number(4).try_into().ok().and_then(Pid::from_raw).expect("it lives, in a group");
        kill_process_group(group, Signal::KILL).expect("it lives");
    }

    /// Its process group.
    pub(super) fn group(&self) -> i64 {
        self.number(4)
    }

    /// Its session.
    pub(super) fn session(&self) -> i64 {
        self.number(5)
    }

    /// Its controlling terminal, 0 for none.
    pub(super) fn terminal(&self) -> i64 {
        self.number(6)
    }

    /// A file of its directory under `/proc`.
    pub(super) fn file(&self, name: &str) -> PathBuf {
        PathBuf::from(format!("/proc/{}/{name}", self.id))
    }

    /// Where its open files lead.
    pub(super) fn open_files(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.file("fd")).expect("it lives").flatten();
        entries.filter_map(|entry| fs::read_link(entry.path()).ok()).collect()
    }

    fn pid(&self) -> Pid {
        i32::try_from(self.id).ok().and_then(Pid::from_raw).expect("the id of a process")
    }

    /// A field of its line in `stat`, counted as proc(5) does from 0 for the id.
    fn number(&self, field: usize) -> i64 {
        let stat = fs::read_to_string(self.file("stat")).expect("it lives");
        let (_, rest) = stat.rsplit_once(')').expect("a name in parentheses");
        rest.split_whitespace().nth(field - 2).and_then(|text| text.parse().ok()).expect("a number")
    }
}
