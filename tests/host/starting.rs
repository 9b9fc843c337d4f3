//! What a program that we start finds, and what it does not find.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::time::Duration;

use jitpass::host::browser;
use jitpass::host::detach::become_daemon;
use jitpass::host::env::Env;
use jitpass::host::place::Place;
use jitpass::host::process::{Manner, run_with};

use super::{Role, role};

/// The browser is started by a detached process that an AWS CLI and a script with a lock stand behind.
#[test]
fn the_browser_finds_the_persons_environment() {
    let stage = match role() {
        Role::Test(stage) => stage,
        Role::Part(_, _) => {
            become_daemon().unwrap();
            let env = Env::real();
            return browser::open(&env, &Place::here(&env), None, "http://localhost:1/?a=b&c").unwrap();
        }
    };
    let (dist, browser) = (stage.path("dist"), stage.path("the browser"));
    fs::create_dir(&dist).unwrap();
    fs::write(dist.join("base_library.zip"), "").unwrap();
    let report = "#!/bin/sh\ncd \"$STAGE\" && { umask; echo \"$# $1\"; readlink /proc/$$/fd/*; env; } >new && mv new report\n";
    fs::write(&browser, report).unwrap();
    fs::set_permissions(&browser, fs::Permissions::from_mode(0o755)).unwrap();

    let script = "umask 027; exec 9>lock; JITPASS_TEST_PART=opener exec $PLAY";
    let mut shell = stage.shell("starting::the_browser_finds_the_persons_environment", script);
    shell.env("STAGE", stage.path("")).env("BROWSER", &browser);
    shell.env("LD_LIBRARY_PATH", format!("{}:/mine", dist.display()));
    let secret = "SIMTOKEN-browser";
    for name in ["DUPLO_TOKEN", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "JITPASS_ANYTHING"] {
        shell.env(name, secret);
    }
    let output = shell.output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let report = stage.read("report");
    let lines: Vec<&str> = report.lines().collect();
    assert_eq!(lines[..2], ["0027", "1 http://localhost:1/?a=b&c"]);
    assert!(lines.contains(&"LD_LIBRARY_PATH=/mine"), "the libraries of the bundle are left out");
    assert!(!report.contains(secret), "a secret is passed on");
    assert!(!report.contains("JITPASS_"), "what is ours is passed on");
    assert!(!lines.contains(&stage.path("lock").to_str().unwrap()), "the lock is held on");
    assert!(lines.contains(&"/dev/null"), "its open files are listed at all");
}

/// What a password manager has to say reaches the person, whatever becomes of its answer.
#[test]
fn stderr_is_passed_on_where_that_is_asked_for() {
    let stage = match role() {
        Role::Test(stage) => stage,
        Role::Part(_, stage) => {
            let argv = ["sh", "-c", "echo answer; echo unlock me >&2"].map(str::to_owned);
            let manner = Manner { passes_stderr: true, ..Manner::default() };
            let output = run_with(&argv, Duration::from_secs(30), &manner).unwrap();
            return stage.note("captured", &format!("{}|{}", output.stdout.expose().trim(), output.stderr));
        }
    };
    let script = "JITPASS_TEST_PART=runner exec $PLAY";
    let mut shell = stage.shell("starting::stderr_is_passed_on_where_that_is_asked_for", script);
    let output = shell.output().unwrap();
    assert_eq!(stage.read("captured"), "answer|");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "unlock me\n");
}
