//! The clipboard of a desktop.

use super::{integration, person};
use crate::harness::tool;

/// An X server that nobody sees.
struct Display {
    server: std::process::Child,
    name: String,
}

impl Display {
    fn start() -> Self {
        use std::io::{BufRead as _, BufReader};
        let mut command = std::process::Command::new("Xvfb");
        command.args(["-displayfd", "1", "-screen", "0", "320x240x8", "-nolisten", "tcp"]);
        command.stdout(std::process::Stdio::piped()).stderr(std::process::Stdio::null());
        let mut server = command.spawn().expect("Xvfb starts");
        let mut name = String::new();
        let said = server.stdout.take().expect("it is piped");
        BufReader::new(said).read_line(&mut name).expect("it says its display");
        Self { server, name: format!(":{}", name.trim()) }
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        self.server.kill().ok();
        self.server.wait().ok();
    }
}

/// The link is there after everything that put it there has ended, shell and all.
#[test]
fn of_x11_holds_the_link_when_all_have_ended() {
    if tool("Xvfb").is_none() || tool("xclip").is_none() {
        return;
    }
    let sandbox = person();
    let script = integration(&sandbox, "bash");
    let display = Display::start();
    let said = sandbox
        .command("/bin/bash")
        .args(["--noprofile", "--norc", "-euc", &format!(". {script}; jitnow acme-dev01")])
        .env("DISPLAY", &display.name)
        .run()
        .success();
    assert_eq!(said.stdout, "");
    let read = |program: &[&str]| {
        sandbox.command(program[0]).args(&program[1..]).env("DISPLAY", &display.name).run().success().stdout
    };
    let link = read(&["/usr/bin/xclip", "-o", "-selection", "clipboard"]);
    assert!(link.starts_with("https://signin.aws.amazon.com/federation?"), "{link}");
    assert!(!link.contains('\n'), "{link}");
}
