//! A person at a terminal.

use std::process::Command;

use rexpect::session::{PtySession, spawn_command};

use crate::harness::Sandbox;

/// How long anything may take to appear.
const PATIENCE_MILLISECONDS: u64 = 30_000;

/// What a shell gives as the exit code of a program that was ended with Ctrl-C.
pub(crate) const INTERRUPTED: i32 = 130;

/// The program at a terminal of its own: 100 columns, 40 lines.
pub(crate) struct Terminal {
    session: PtySession,
    /// All that was shown so far.
    shown: String,
}

impl Terminal {
    /// Runs `jitpass` with these arguments in the sandbox's environment and what `variables` add to it; an empty
    /// value takes a variable away.
    #[track_caller]
    pub(crate) fn start(sandbox: &Sandbox, args: &[&str], variables: &[(&str, &str)]) -> Self {
        Self::start_script(sandbox, "exec jitpass \"$@\"", args, variables)
    }

    /// Runs a shell's script with these arguments instead, each command in a process group of its own as at a prompt.
    #[track_caller]
    pub(crate) fn start_script(
        sandbox: &Sandbox,
        script: &str,
        args: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        // The sandbox says itself what its environment is.
        let environment = sandbox.command("/usr/bin/env").args(["-0"]).run().success().stdout;
        let mut command = Command::new("/bin/sh");
        command.env_clear().current_dir(sandbox.home());
        command.envs(environment.split('\0').filter_map(|pair| pair.split_once('=')));
        command.env("TERM", "xterm-256color");
        for (name, value) in variables {
            if value.is_empty() {
                command.env_remove(name)
            } else {
                command.env(name, value)
            };
        }
        command.args(["-mc", &format!("stty cols 100 rows 40; {script}"), "sh"]).args(args);
        let session = spawn_command(command, Some(PATIENCE_MILLISECONDS)).expect("a terminal");
        Self { session, shown: String::new() }
    }

    /// Waits until a text appears.
    #[track_caller]
    pub(crate) fn sees(&mut self, text: &str) -> &mut Self {
        match self.session.exp_string(text) {
            Ok(before) => self.shown.push_str(&(before + text)),
            Err(error) => panic!("`{text}` does not appear: {error}\nafter: {}", self.shown),
        }
        self
    }

    /// Types a text, and Enter.
    pub(crate) fn types(&mut self, text: &str) -> &mut Self {
        self.presses(&format!("{text}\r"))
    }

    /// Presses keys.
    pub(crate) fn presses(&mut self, keys: &str) -> &mut Self {
        self.session.send(keys).and_then(|_| self.session.flush()).expect("the terminal is open");
        self
    }

    /// Waits for the end; gives the exit code and all that was shown.
    #[track_caller]
    pub(crate) fn ends(mut self) -> (i32, String) {
        let rest = self.session.exp_eof();
        self.shown.push_str(
            &rest.unwrap_or_else(|error| panic!("it does not end: {error}\nafter: {}", self.shown)),
        );
        for secret in ["SIMTOKEN-", "SIMSECRET", "SIMSESSION"] {
            assert!(!self.shown.contains(secret), "a secret was shown");
        }
        // The type of the status has no public name: `Ok(Exited(Pid(7), 1))`.
        let status = format!("{:?}", self.session.process().wait());
        let exited = status
            .strip_prefix("Ok(Exited(")
            .and_then(|s| s.split([' ', ')']).rev().find_map(|s| s.parse().ok()));
        let code = exited.or_else(|| status.contains("SIGINT").then_some(INTERRUPTED));
        (code.unwrap_or_else(|| panic!("it did not exit: {status}\nafter: {}", self.shown)), self.shown)
    }
}
