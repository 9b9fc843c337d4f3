//! A program to be run in a sandbox, and one that is running.

use std::collections::BTreeMap;
use std::ffi::{OsStr, OsString};
use std::io::{Read, Write};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::thread;
use std::time::{Duration, Instant};

use super::files::Files;
use super::plain::Plain;
use super::{Run, record};

/// When a program that has not ended is taken for one that hangs. Far beyond what any of them needs.
const DEADLINE: Duration = Duration::from_mins(2);

/// A program with its arguments, environment and input, not started yet.
#[derive(Debug, Clone)]
pub(crate) struct Call {
    pub(super) program: PathBuf,
    pub(super) args: Vec<OsString>,
    pub(super) env: BTreeMap<OsString, OsString>,
    pub(super) cwd: PathBuf,
    /// The directory whose files are compared before and after.
    pub(super) watched: PathBuf,
    pub(super) plain: Plain,
    stdin: Option<Vec<u8>>,
    prints_credentials: bool,
    recorded: bool,
    deadline: Duration,
}

impl Call {
    pub(super) fn new(program: impl Into<PathBuf>, home: &Path, plain: Plain) -> Self {
        Self {
            program: program.into(),
            args: Vec::new(),
            env: BTreeMap::new(),
            cwd: home.to_owned(),
            watched: home.to_owned(),
            plain,
            stdin: None,
            prints_credentials: false,
            recorded: true,
            deadline: DEADLINE,
        }
    }

    /// Adds arguments.
    pub(crate) fn args(mut self, args: impl IntoIterator<Item = impl Into<OsString>>) -> Self {
        self.args.extend(args.into_iter().map(Into::into));
        self
    }

    /// Sets a variable.
    pub(crate) fn env(mut self, name: impl Into<OsString>, value: impl Into<OsString>) -> Self {
        self.env.insert(name.into(), value.into());
        self
    }

    /// Takes a variable away.
    pub(crate) fn without(mut self, name: impl AsRef<OsStr>) -> Self {
        self.env.remove(name.as_ref());
        self
    }

    /// Gives text on stdin; otherwise stdin is empty.
    pub(crate) fn stdin(mut self, text: impl Into<Vec<u8>>) -> Self {
        self.stdin = Some(text.into());
        self
    }

    /// Runs elsewhere than in the home directory.
    pub(crate) fn cwd(mut self, directory: impl Into<PathBuf>) -> Self {
        self.cwd = directory.into();
        self
    }

    /// Says that stdout is a credential, and not a leak.
    pub(crate) fn prints_credentials(mut self) -> Self {
        self.prints_credentials = true;
        self
    }

    /// Gives it another deadline.
    pub(crate) fn within(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// Keeps the run out of the record: for what leaks on purpose.
    pub(super) fn unrecorded(mut self) -> Self {
        self.recorded = false;
        self
    }

    /// Makes the program believe it is this moment, in seconds since 1970.
    pub(crate) fn at(self, seconds: i64) -> Self {
        self.env("JITPASS_TEST_NOW", seconds.to_string())
    }

    /// Runs it to its end.
    #[track_caller]
    pub(crate) fn run(self) -> Run {
        let watched = self.watched.clone();
        let before = Files::of(&watched);
        let mut run = self.start().finish();
        run.changes = before.compared_with(&Files::of(&watched));
        run
    }

    /// Starts it.
    #[track_caller]
    pub(crate) fn start(self) -> Started {
        let mut command = Command::new(&self.program);
        command.args(&self.args).env_clear().envs(&self.env).current_dir(&self.cwd);
        command.stdin(if self.stdin.is_some() { Stdio::piped() } else { Stdio::null() });
        // A group of its own, so that what it starts can be ended with it.
        command.stdout(Stdio::piped()).stderr(Stdio::piped()).process_group(0);
        let mut child = command
            .spawn()
            .unwrap_or_else(|error| panic!("{} does not start: {error}", self.program.display()));
        if let (Some(text), Some(mut stdin)) = (self.stdin.clone(), child.stdin.take()) {
            // It may end without reading: that is for the test to judge.
            thread::spawn(move || stdin.write_all(&text).ok());
        }
        let stdout = drain(child.stdout.take());
        let stderr = drain(child.stderr.take());
        let until = Instant::now() + self.deadline;
        Started { child, stdout, stderr, until, call: self }
    }

    /// Whether stdout is a credential by the nature of the command.
    fn answers_with_credentials(&self) -> bool {
        let first = self.args.first().and_then(|arg| arg.to_str());
        self.prints_credentials || matches!(first, Some("aws" | "duplo" | "k8s" | "env"))
    }

    /// The command as a person would type it.
    fn line(&self) -> String {
        let program = self.program.file_name().unwrap_or_default().to_string_lossy();
        let quoted = |arg: &OsString| {
            let arg = arg.to_string_lossy().into_owned();
            let needs = arg.is_empty() || arg.contains([' ', '\'', '"', '$', '\n', ';']);
            if needs { format!("'{arg}'") } else { arg }
        };
        std::iter::once(program.into_owned())
            .chain(self.args.iter().map(quoted))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The secrets that go in: what the recording keeps apart.
    fn secrets(&self) -> String {
        let given =
            self.env.iter().map(|(name, value)| [name.to_string_lossy(), value.to_string_lossy()].join("="));
        let stdin = self.stdin.iter().map(|text| String::from_utf8_lossy(text).into_owned());
        let args = self.args.iter().map(|arg| arg.to_string_lossy().into_owned());
        given
            .chain(stdin)
            .chain(args)
            .filter(|text| record::secret_in(text).is_some())
            .collect::<Vec<_>>()
            .join("\n")
    }
}

/// A program that is running.
#[derive(Debug)]
pub(crate) struct Started {
    child: Child,
    stdout: Receiver<Vec<u8>>,
    stderr: Receiver<Vec<u8>>,
    until: Instant,
    call: Call,
}

impl Started {
    /// Ends it at once with SIGKILL, itself and all it started in its group.
    pub(crate) fn kill(mut self) -> Run {
        self.end_group();
        self.finish()
    }

    /// Waits for its end. Files are not compared: others may be at work.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Run {
        let stdout = self.rest(&self.stdout);
        let stderr = self.rest(&self.stderr);
        let status = self.status();
        if stdout.is_none() || stderr.is_none() || status.is_none() {
            self.end_group();
        }
        let ended = status.is_some();
        let status = status.unwrap_or_else(|| self.child.wait().expect("the child is ours to wait for"));
        let (held, stdout, stderr) =
            (stdout.is_none() || stderr.is_none(), stdout.unwrap_or_default(), stderr.unwrap_or_default());
        let run = Run {
            line: self.call.line(),
            status,
            stdout: String::from_utf8_lossy(&stdout).into_owned(),
            stderr: String::from_utf8_lossy(&stderr).into_owned(),
            changes: Vec::new(),
            plain: self.call.plain.clone(),
        };
        let credentials = self.call.answers_with_credentials();
        if self.call.recorded {
            record::keep(&run, credentials, &self.call.secrets());
        }
        record::refuse_leaks(&run, credentials);
        assert!(ended, "still running after {:?}: {}", self.call.deadline, run.transcript());
        assert!(!held, "ended, but something it started holds its output: {}", run.transcript());
        run
    }

    fn rest(&self, pipe: &Receiver<Vec<u8>>) -> Option<Vec<u8>> {
        pipe.recv_timeout(self.until.saturating_duration_since(Instant::now())).ok()
    }

    /// The exit status, if it comes before the deadline.
    fn status(&mut self) -> Option<ExitStatus> {
        loop {
            if let Some(status) = self.child.try_wait().expect("the child is ours to wait for") {
                return Some(status);
            }
            if Instant::now() >= self.until {
                return None;
            }
            // Its pipes are closed, so that it is about to end; there is no wait with a deadline in std.
            thread::sleep(Duration::from_millis(2));
        }
    }

    fn end_group(&mut self) {
        let group = i32::try_from(self.child.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(group) = group {
            rustix::process::kill_process_group(group, rustix::process::Signal::KILL).ok();
        }
    }
}

impl Drop for Started {
    fn drop(&mut self) {
        // After `finish` the child is gone and this does nothing; a test that fails before leaves nobody behind.
        if matches!(self.child.try_wait(), Ok(None)) {
            self.end_group();
            self.child.wait().ok();
        }
    }
}

fn drain(pipe: Option<impl Read + Send + 'static>) -> Receiver<Vec<u8>> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(mut pipe) = pipe {
            pipe.read_to_end(&mut bytes).ok();
        }
        sender.send(bytes).ok();
    });
    receiver
}
