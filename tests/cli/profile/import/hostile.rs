//! Files that mean no good, or no sense.

use std::fmt::Write as _;
use std::fs;
use std::process::Command;

use super::import;
use crate::harness::{Run, Sandbox};

#[track_caller]
fn is_harmless(run: &Run) {
    let printed = run.stdout.clone() + &run.stderr;
    assert!(!printed.contains(|c: char| c.is_control() && c != '\n'), "{printed:?}");
    assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
}

#[test]
fn command_lines() {
    let sandbox = Sandbox::new();
    let mut config = String::new();
    for (n, line) in [
        "duplo-jit aws --admin --host https://x\u{1b}[2J.net --interactive",
        "duplo-jit aws --admin --host 'https://a b' --interactive",
        "duplo-jit aws --admin --host https://x/$(touch pwned) --interactive",
        "duplo-jit aws --host https://x.net --tenant --admin --interactive",
        "duplo-jit aws --host https://x.net --tenant 'a\u{202e}b' --interactive",
        "duplo-jit aws --host http://x.net --admin --interactive",
        "duplo-jit aws --host https://x.net --admin \\",
        "duplo-jit aws --host https://x.net --admin; touch pwned",
        "duplo-jit aws --host https://x.net --admin\n  --interactive",
    ]
    .iter()
    .enumerate()
    {
        writeln!(config, "[profile p{n}]\ncredential_process = {line}").expect("text grows");
    }
    let long = format!("duplo-jit aws --admin --host https://x.net {}", "--debug ".repeat(9_000));
    writeln!(config, "[profile long]\ncredential_process = {long}").expect("text grows");
    config
        .push_str("[profile \u{1b}]0;x]\ncredential_process = duplo-jit aws --admin --host https://x.net\n");
    sandbox.write(".aws/config", &config);
    let run = import(&sandbox, ["--yes", "--offline"]).run().success();
    is_harmless(&run);
    is_harmless(&import(&sandbox, ["--dry-run", "--json", "--offline"]).run());
    assert!(!sandbox.home().join("pwned").exists());
    let after = sandbox.read(".aws/config");
    // Only the long one makes sense.
    assert_eq!(after.matches("/jitpass aws").count(), 1, "{}", run.stderr);
    assert!(after.contains("[profile long]\ncredential_process = /"), "{}", run.stderr);
    let rest = |text: &str| text.split("[profile long]").next().unwrap_or_default().to_owned();
    assert_eq!(rest(&after), rest(&config));
}

#[test]
fn configurations_of_duploctl_and_kubernetes() {
    let sandbox = Sandbox::new();
    let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for n in 1..40 {
        let of = format!("*a{},", n - 1).repeat(10);
        writeln!(bomb, "a{n}: &a{n} [{of}]").expect("text grows");
    }
    bomb.push_str("contexts: *a39\nusers: *a39\n");
    let before = "[profile ctx]\ncredential_process = duploctl --ctx work jit aws\n";
    for text in [
        bomb.as_bytes(),
        b"contexts: [",
        b"\xff\xfe\x00",
        "[".repeat(500_000).as_bytes(),
        b"contexts:\n- {name: work, host: \"https://x\\e[2J.net\", token: SIMTOKEN-in-clear-00}\n",
        b"contexts:\n- {name: work, host: javascript:alert(1), token: SIMTOKEN-in-clear-00}\n",
        b"contexts:\n- {name: \"\\e[2J\", host: https://x.net}\n",
        "a".repeat(9 << 20).as_bytes(),
    ] {
        sandbox.write(".aws/config", before);
        sandbox.write(".duplo/config", text);
        sandbox.write(".kube/config", text);
        let run = import(&sandbox, ["--yes", "--offline"]).run().success().changes_nothing();
        is_harmless(&run);
        assert!(run.stderr.contains("ctx (~/.aws/config:2) stays with duploctl: "), "{}", run.stderr);
    }
}

#[test]
fn what_is_no_file_or_not_ones_own() {
    let sandbox = Sandbox::new();
    sandbox.write(".aws/config", "[profile ctx]\ncredential_process = duploctl --ctx work jit aws\n");
    let path =
        sandbox.write(".duplo/config", "contexts:\n- {name: work, host: https://x.net, admin: true}\n");
    let stays = |why: &str| {
        let run = import(&sandbox, ["--dry-run", "--offline"]).run().success();
        assert!(run.stderr.contains(why), "{}", run.stderr);
    };
    if rustix::process::geteuid().is_root() {
        std::os::unix::fs::chown(&path, Some(65534), None).expect("root may");
        stays("~/.duplo/config: it belongs to another user");
    }
    fs::remove_file(&path).expect("the sandbox is ours");
    stays("~/.duplo/config has no context `work`");
    assert!(Command::new("mkfifo").arg(&path).status().expect("mkfifo runs").success());
    stays("~/.duplo/config: not a regular file of sensible size");
    fs::remove_file(&path).expect("the sandbox is ours");
    fs::create_dir(&path).expect("the sandbox is ours");
    stays("~/.duplo/config: not a regular file of sensible size");
}

#[test]
fn a_file_that_cannot_be_edited_safely() {
    let sandbox = Sandbox::new();
    let twice = "[profile a]\ncredential_process = duplo-jit aws --admin --host https://x.net\nregion = us-west-2\ncredential_process = duplo-jit aws --admin --host https://y.net\n";
    sandbox.write(".aws/config", twice);
    let run = import(&sandbox, ["--yes", "--offline"]).run().success().changes_nothing();
    assert!(run.stderr.contains("a (~/.aws/config:"), "{}", run.stderr);
}
