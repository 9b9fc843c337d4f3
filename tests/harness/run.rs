//! What a program did.

use std::fmt::Write as _;
use std::process::ExitStatus;

use super::files::Change;
use super::plain::Plain;

/// A program that ended: what it printed, how it ended, which files it changed.
#[derive(Debug, Clone)]
pub(crate) struct Run {
    pub(super) line: String,
    pub(crate) status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    /// What changed in the home directory; empty when the program ran beside others.
    pub(crate) changes: Vec<Change>,
    pub(super) plain: Plain,
}

impl Run {
    /// Goes on if it succeeded.
    #[track_caller]
    pub(crate) fn success(self) -> Self {
        assert!(self.status.success(), "expected success\n{}", self.transcript());
        self
    }

    /// Goes on if it ended with this exit code.
    #[track_caller]
    pub(crate) fn fails(self, code: i32) -> Self {
        assert_eq!(self.status.code(), Some(code), "{}", self.transcript());
        self
    }

    /// Goes on if no file changed.
    #[track_caller]
    pub(crate) fn changes_nothing(self) -> Self {
        assert!(self.changes.is_empty(), "expected no change\n{}", self.transcript());
        self
    }

    /// Its stdout, which is one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("no JSON: {error}\n{}", self.transcript()))
    }

    /// A text in the JSON document on its stdout.
    #[track_caller]
    pub(crate) fn field(&self, name: &str) -> String {
        let document = self.json();
        let value = document.get(name).and_then(serde_json::Value::as_str);
        value.unwrap_or_else(|| panic!("no text {name}\n{}", self.transcript())).to_owned()
    }

    /// Command line, exit status, stdout, stderr and changed files as one text, without what differs from run to
    /// run: places, ports, times, sizes, secrets.
    pub(crate) fn transcript(&self) -> String {
        let mut text = String::new();
        let status =
            self.status.code().map_or_else(|| self.status.to_string(), |code| format!("exit {code}"));
        writeln!(text, "$ {}\n{status}", self.line).expect("text grows");
        for (name, content) in [("stdout", &self.stdout), ("stderr", &self.stderr)] {
            if !content.is_empty() {
                let end = if content.ends_with('\n') { "" } else { "⏎ no newline\n" };
                write!(text, "--- {name}\n{content}{end}").expect("text grows");
            }
        }
        if !self.changes.is_empty() {
            text.push_str("--- files\n");
        }
        for change in &self.changes {
            write!(text, "{change}").expect("text grows");
        }
        self.plain.show(&text)
    }
}
