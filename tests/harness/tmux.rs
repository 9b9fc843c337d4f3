//! A terminal that people know: tmux, with its screen, its keys and its clipboard.

use std::cell::Cell;
use std::path::PathBuf;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

use super::Sandbox;
use super::record::secret_in;

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(60);

/// A tmux server of its own with one program in one window.
pub(crate) struct Tmux {
    socket: PathBuf,
    environment: Vec<(String, String)>,
    /// How many commands were waited for.
    finished: Cell<u32>,
}

impl Tmux {
    /// Starts a program in the home directory, in a window of so many columns and 30 lines, in the sandbox's environment and what `variables`
    /// add to it; an empty value takes a variable away. `options` are lines of tmux's configuration.
    #[track_caller]
    pub(crate) fn start(
        sandbox: &Sandbox,
        columns: u16,
        options: &str,
        program: &[&str],
        variables: &[(&str, &str)],
    ) -> Self {
        // The sandbox says itself what its environment is.
        let said = sandbox.command("/usr/bin/env").args(["-0"]).run().success().stdout;
        let mut environment: Vec<(String, String)> = said
            .split('\0')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        environment.push(("LC_ALL".to_owned(), "C.UTF-8".to_owned()));
        environment.push(("TERM".to_owned(), "xterm-256color".to_owned()));
        environment.retain(|(name, _)| !variables.iter().any(|(other, _)| other == name));
        let given = variables.iter().filter(|(_, value)| !value.is_empty());
        environment.extend(given.map(|(name, value)| ((*name).to_owned(), (*value).to_owned())));
        let configuration = sandbox.root().join("tmux.conf");
        std::fs::write(&configuration, format!("set -g status off\nset -sg escape-time 0\n{options}\n"))
            .expect("the sandbox is ours");
        let tmux = Self { socket: sandbox.root().join("tmux.socket"), environment, finished: Cell::new(0) };
        let columns = columns.to_string();
        let configuration = configuration.to_str().expect("the sandbox has a plain path").to_owned();
        let home = sandbox.home().to_str().expect("the sandbox has a plain path").to_owned();
        let mut args = vec!["-f", &configuration, "new-session", "-d", "-c", &home];
        args.extend_from_slice(&["-x", &columns, "-y", "30", "--"]);
        args.extend_from_slice(program);
        tmux.command(&args);
        tmux
    }

    /// Waits until a text is on the screen; gives the screen.
    #[track_caller]
    pub(crate) fn sees(&self, text: &str) -> String {
        self.waits(&format!("`{text}` to appear"), |screen| screen.contains(text))
    }

    /// Waits until the screen is as it should be; gives it.
    #[track_caller]
    pub(crate) fn waits(&self, what: &str, is_so: impl Fn(&str) -> bool) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is_so(&screen) {
                return screen;
            }
            assert!(Instant::now() < deadline, "waited in vain for {what}:\n{screen}");
            // tmux tells nobody that its screen changed.
            thread::sleep(Duration::from_millis(20));
        }
    }

    /// What is on the screen, without blanks at the ends of lines. What is wrapped is one line.
    #[track_caller]
    pub(crate) fn screen(&self) -> String {
        let screen = self.command(&["capture-pane", "-p", "-J"]);
        if let Some(secret) = secret_in(&screen) {
            panic!("a secret is on the screen: {}…", &secret[..4]);
        }
        screen.lines().map(str::trim_end).collect::<Vec<_>>().join("\n").trim_end().to_owned()
    }

    /// Types a text as it is.
    #[track_caller]
    pub(crate) fn types(&self, text: &str) -> &Self {
        self.command(&["send-keys", "-l", "--", text]);
        self
    }

    /// Presses keys by their names: `Enter`, `Tab`, `Down`, `C-c`.
    #[track_caller]
    pub(crate) fn presses(&self, keys: &[&str]) -> &Self {
        let mut args = vec!["send-keys"];
        args.extend_from_slice(keys);
        self.command(&args);
        self
    }

    /// Types a command, and Enter.
    #[track_caller]
    pub(crate) fn runs(&self, line: &str) -> &Self {
        self.types(line).presses(&["Enter"])
    }

    /// Types a command for a shell, and waits for its end; gives the screen.
    #[track_caller]
    pub(crate) fn finishes(&self, line: &str) -> String {
        let number = self.finished.get() + 1;
        self.finished.set(number);
        // What is typed does not look like what is waited for.
        self.runs(&format!("{line}; echo ended''{number}."));
        self.sees(&format!("ended{number}."))
    }

    /// Runs a command of tmux; gives what it prints.
    #[track_caller]
    pub(crate) fn command(&self, args: &[&str]) -> String {
        let mut command = Command::new("tmux");
        command.env_clear().envs(self.environment.iter().map(|(name, value)| (name, value)));
        let output = command.arg("-S").arg(&self.socket).args(args).output().expect("tmux is there");
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "tmux {args:?}: {error}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        // It may have ended with its program.
        Command::new("tmux").arg("-S").arg(&self.socket).arg("kill-server").output().ok();
    }
}
