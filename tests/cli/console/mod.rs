//! `jitpass console`.

mod at_terminal;
mod clipboards;
mod names;
mod pages;
mod ways;

use crate::harness::{Call, Sandbox};

/// A home with the profiles of a portal called `acme`, where this kind of person is signed in.
fn home(scenario: &str, user: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token(user)).run().success();
    sandbox.jitpass(["setup", "--host", &url, "--name", "acme", "--yes"]).run().success();
    sandbox
}

/// `jitpass console` where there is neither browser nor clipboard.
fn console(sandbox: &Sandbox, args: &[&str]) -> Call {
    sandbox.jitpass(["console"]).args(args).prints_credentials()
}

/// A program on PATH.
fn program(sandbox: &Sandbox, name: &str, script: &str) {
    let path = sandbox.root().join("bin").join(name);
    // Written by another process: a file that this one has open, in whichever of its threads' children, cannot be run.
    let write = "printf %s \"$1\" >\"$0\" && chmod 755 \"$0\"";
    let text = format!("#!/bin/sh\n{script}\n");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", write]).arg(path).arg(text);
    assert!(shell.status().expect("sh starts").success());
}
