//! The real clipboards: that of X11, and that of a terminal, which tmux keeps.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use super::{console, home};
use crate::harness::{Sandbox, tool};

/// Ended with the test.
struct Display {
    server: Child,
    name: String,
}

impl Display {
    fn start() -> Option<Self> {
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

/// Whether a text is a link to the console, and nothing else.
fn is_link(text: &str) -> bool {
    text.starts_with("https://signin.aws.amazon.com/federation?Action=login&SigninToken=")
        && text.ends_with("%3dus-west-2")
        && !text.contains(char::is_whitespace)
}

/// The harness sees to it that nothing holds the command's output any more, either.
#[test]
fn x11_has_the_link_after_the_command_ended() {
    let (Some(display), Some(xclip)) = (Display::start(), tool("xclip")) else { return };
    let sandbox = home("new,tenants=2", "admin");
    let run = console(&sandbox, &["acme-dev01", "--copy"]).env("DISPLAY", &display.name).run().success();
    assert!(run.stdout.is_empty() && run.stderr.contains("is on the clipboard"), "{}", run.stderr);
    let pasted = || {
        let call = sandbox.command(&xclip).args(["-selection", "clipboard", "-out"]);
        call.env("DISPLAY", &display.name).prints_credentials().run().success().stdout
    };
    let first = pasted();
    assert!(is_link(&first) && pasted() == first);
    console(&sandbox, &["acme-dev01", "--copy"]).env("DISPLAY", &display.name).run().success();
    assert!(is_link(&pasted()) && pasted() != first);
}

/// A tmux of its own.
struct Tmux<'a> {
    sandbox: &'a Sandbox,
    program: PathBuf,
    socket: PathBuf,
}

impl<'a> Tmux<'a> {
    fn start(sandbox: &'a Sandbox) -> Option<Self> {
        let tmux = Self { sandbox, program: tool("tmux")?, socket: sandbox.root().join("tmux.socket") };
        tmux.run(&["-f", "/dev/null", "new-session", "-d", "-x", "100", "-y", "30", "exec sh"]);
        Some(tmux)
    }

    fn run(&self, args: &[&str]) -> String {
        let call =
            self.sandbox.command(&self.program).args([std::ffi::OsStr::new("-S"), self.socket.as_os_str()]);
        call.args(args).prints_credentials().run().success().stdout
    }

    /// Types a command, and waits for its end; gives what the screen shows.
    fn types(&self, line: &str) -> String {
        let socket = self.socket.display();
        let line = format!("{line}; {} -S {socket} wait-for -S done", self.program.display());
        self.run(&["send-keys", "-l", &line]);
        self.run(&["send-keys", "Enter"]);
        self.run(&["wait-for", "done"]);
        self.run(&["capture-pane", "-p", "-J"])
    }
}

impl Drop for Tmux<'_> {
    fn drop(&mut self) {
        let mut command = Command::new(&self.program);
        command.arg("-S").arg(&self.socket).arg("kill-server").stderr(Stdio::null()).status().ok();
    }
}

#[test]
fn a_terminal_has_the_link_by_its_sequence() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(tmux) = Tmux::start(&sandbox) else { return };
    tmux.run(&["set-option", "-s", "set-clipboard", "on"]);
    // Not the way of tmux, which is known by these variables: it is a terminal like others here.
    let screen = tmux.types("env -u TMUX -u TMUX_PANE jitpass console --copy acme-dev01");
    assert!(
        screen.contains("is sent to your terminal's clipboard") && screen.contains("--print"),
        "{screen}"
    );
    assert!(!screen.contains("SigninToken") && !screen.contains("]52;"), "{screen}");
    assert!(is_link(&tmux.run(&["show-buffer"])));
    // A terminal that shows what it does not know is not asked.
    let screen = tmux.types("clear; env -u TMUX TERM=dumb jitpass console --copy acme-dev01 >printed");
    assert!(screen.contains("there is no clipboard here") && !screen.contains("]52;"), "{screen}");
    assert!(is_link(sandbox.read("printed").trim_end()));
}

#[test]
fn tmux_has_the_link_in_its_buffer() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(tmux) = Tmux::start(&sandbox) else { return };
    tmux.run(&["set-option", "-s", "set-clipboard", "off"]);
    let screen = tmux.types("jitpass console --copy acme-dev01");
    assert!(screen.contains("is in tmux's buffer"), "{screen}");
    assert!(is_link(&tmux.run(&["show-buffer"])));
}

/// `set-clipboard` is about what programs in tmux ask of it, and not about this: it hands the link on, whatever that is.
#[test]
fn tmux_hands_the_link_on_to_its_terminal() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(outer) = Tmux::start(&sandbox) else { return };
    outer.run(&["set-option", "-s", "set-clipboard", "on"]);
    let inner =
        Tmux { sandbox: &sandbox, program: outer.program.clone(), socket: sandbox.root().join("inner") };
    for option in ["off", "external", "on"] {
        let (tmux, socket) = (inner.program.display(), inner.socket.display());
        let start = format!(
            "{tmux} -S {socket} -f /dev/null new-session '{tmux} -S {socket} set-option -s set-clipboard {option}; \
             jitpass console --copy acme-dev01 2>said'"
        );
        outer.types(&format!("clear; env -u TMUX -u TMUX_PANE TERM=xterm-256color {start}"));
        assert!(sandbox.read("said").contains("it is on the clipboard too, if your terminal allows that"));
        assert!(is_link(&outer.run(&["show-buffer"])), "{option}");
        outer.run(&["delete-buffer"]);
    }
}
