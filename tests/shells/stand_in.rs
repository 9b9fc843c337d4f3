//! A program in jitpass's place: it writes down how it was called, and says what the test wants.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jitpass::shell::{self, Shell};

use crate::harness::Sandbox;

/// The stand-in for `jitpass`, somewhere in a sandbox.
#[derive(Debug)]
pub(crate) struct StandIn {
    program: PathBuf,
    /// What it was called with and what it answers. The path holds nothing odd.
    notes: PathBuf,
    /// Where the scripts are that call it.
    scripts: PathBuf,
}

impl StandIn {
    /// One in the directory of this name.
    pub(crate) fn at(sandbox: &Sandbox, place: &str) -> Self {
        let notes = sandbox.root().join("notes");
        let scripts = sandbox.root().join("scripts");
        let place = sandbox.root().join(place);
        for directory in [&notes, &scripts, &place] {
            fs::create_dir_all(directory).expect("the sandbox is ours");
        }
        let program = place.join("jitpass");
        // The number of arguments before them: so they can be empty and hold anything but NUL.
        let text = format!(
            "#!/bin/sh\n\
             notes='{}'\n\
             printf '%s\\0' \"$#\" \"$@\" >>\"$notes/calls\"\n\
             if [ -e \"$notes/$1.listens\" ]; then cat >\"$notes/$1.heard\"; fi\n\
             if [ -e \"$notes/$1.complaint\" ]; then cat \"$notes/$1.complaint\" >&2; fi\n\
             if [ -e \"$notes/$1.answer\" ]; then cat \"$notes/$1.answer\"; fi\n\
             if [ -e \"$notes/$1.status\" ]; then exit \"$(cat \"$notes/$1.status\")\"; fi\n",
            notes.display()
        );
        fs::write(&program, text).expect("the sandbox is ours");
        fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
        Self { program, notes, scripts }
    }

    /// Its path.
    pub(crate) fn program(&self) -> &Path {
        &self.program
    }

    /// The integration of a shell that calls it, as `jitpass shell install` would write it, elsewhere.
    #[track_caller]
    pub(crate) fn script(&self, shell: Shell) -> PathBuf {
        let program = self.program.to_str().expect("the paths of the tests are text");
        let text = shell::integration(shell, program).unwrap_or_else(|error| panic!("{error}"));
        let script = self.scripts.join(shell.file_name());
        fs::write(&script, text).expect("the sandbox is ours");
        script
    }

    /// Makes it answer a command (`use`, `complete`, `console`) with this on stdout, and this status.
    pub(crate) fn answers(&self, command: &str, answer: &str, status: u8) {
        fs::write(self.notes.join(format!("{command}.answer")), answer).expect("the sandbox is ours");
        let status_file = self.notes.join(format!("{command}.status"));
        fs::write(status_file, status.to_string()).expect("the sandbox is ours");
    }

    /// Makes it say this on stderr when called with a command.
    pub(crate) fn complains(&self, command: &str, complaint: &str) {
        fs::write(self.notes.join(format!("{command}.complaint")), complaint).expect("the sandbox is ours");
    }

    /// Makes it read its stdin to the end when called with a command.
    pub(crate) fn listens(&self, command: &str) {
        fs::write(self.notes.join(format!("{command}.listens")), "").expect("the sandbox is ours");
    }

    /// What it read from stdin when it was called with this command last.
    #[track_caller]
    pub(crate) fn heard(&self, command: &str) -> String {
        fs::read_to_string(self.notes.join(format!("{command}.heard"))).expect("it was called and listened")
    }

    /// The arguments of every call so far, and forgets them.
    pub(crate) fn calls(&self) -> Vec<Vec<String>> {
        let noted = self.notes.join("calls");
        let text = fs::read_to_string(&noted).unwrap_or_default();
        fs::remove_file(&noted).ok();
        let mut words = text.split_terminator('\0').map(str::to_owned);
        let mut calls = Vec::new();
        while let Some(count) = words.next() {
            let count = count.parse().expect("each call begins with a number");
            calls.push(words.by_ref().take(count).collect());
        }
        calls
    }
}

/// The variables that `env -0` printed.
pub(crate) fn variables(printed: &str) -> BTreeMap<String, String> {
    let pairs = printed.split_terminator('\0').filter_map(|pair| pair.split_once('='));
    pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
}
