//! A screen that nobody sees, and its clipboard.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use super::tool;

/// An X server, ended with the test.
pub(crate) struct Display {
    server: Child,
    /// For `DISPLAY`.
    pub(crate) name: String,
}

impl Display {
    /// Starts one; `None` where there is none to start.
    #[track_caller]
    pub(crate) fn start() -> Option<Self> {
        let mut command = Command::new(tool("Xvfb")?);
        // It chooses a number that is free, and says it once it listens.
        command.args(["-displayfd", "1", "-screen", "0", "640x480x24", "-nolisten", "tcp"]);
        let mut server = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("it starts");
        let mut number = String::new();
        let stdout = server.stdout.take().expect("a pipe");
        BufReader::new(stdout).read_line(&mut number).expect("it says its number");
        Some(Self { server, name: format!(":{}", number.trim()) })
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        // In this way it takes its lock away with it.
        let server = i32::try_from(self.server.id()).ok().and_then(rustix::process::Pid::from_raw);
        if let Some(server) = server {
            rustix::process::kill_process(server, rustix::process::Signal::TERM).ok();
        }
        self.server.wait().ok();
    }
}
