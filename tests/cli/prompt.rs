//! The part of a prompt.

use crate::harness::{Call, Sandbox, tool};

/// A sandbox that `setup` left, and when the credential of `acme-dev01` that is cached in it expires.
fn set_up() -> (Sandbox, i64) {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let setup = ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--yes", "--token-stdin"];
    sandbox.jitpass(setup).stdin(sandbox.token("tenant")).run().success();
    let expires = sandbox.credential_process("acme-dev01").run().success().field("Expiration");
    let expires = expires.parse::<jiff::Timestamp>().expect("RFC 3339").as_second();
    (sandbox, expires)
}

fn prompt(sandbox: &Sandbox, profile: &str, args: &[&str]) -> Call {
    sandbox.jitpass(["prompt"]).args(args.iter().copied()).env("AWS_PROFILE", profile)
}

#[track_caller]
fn said(call: Call) -> String {
    let run = call.run().success().changes_nothing();
    assert_eq!(run.stderr, "");
    run.stdout
}

#[test]
fn the_profile_and_the_minutes_left() {
    let (sandbox, expires) = set_up();
    let colourful = |args: &[&str]| {
        prompt(&sandbox, "acme-dev01", args).without("NO_COLOR").env("TERM", "xterm-256color")
    };
    let at = |left: i64, args: &[&str]| said(colourful(args).at(expires - left));
    for (left, expected) in [
        (2520, "\u{1b}[32macme-dev01 42m\u{1b}[0m"),
        (961, "\u{1b}[32macme-dev01 16m\u{1b}[0m"),
        (960, "\u{1b}[33macme-dev01 16m\u{1b}[0m"),
        (300, "\u{1b}[33macme-dev01 5m\u{1b}[0m"),
        (299, "\u{1b}[31macme-dev01 4m\u{1b}[0m"),
        (59, "\u{1b}[31macme-dev01 59s\u{1b}[0m"),
        (0, "\u{1b}[31macme-dev01 expired\u{1b}[0m"),
        (-99_999, "\u{1b}[31macme-dev01 expired\u{1b}[0m"),
        // The clock was set back: its moments mean nothing.
        (99_999, "acme-dev01"),
    ] {
        assert_eq!(at(left, &[]), expected, "{left}");
    }
    assert_eq!(at(2520, &["--plain"]), "acme-dev01 42m");
    assert_eq!(at(2520, &["--shell", "zsh"]), "%{\u{1b}[32m%}acme-dev01 42m%{\u{1b}[0m%}");
    assert_eq!(at(2520, &["--shell=bash"]), "\u{1}\u{1b}[32m\u{2}acme-dev01 42m\u{1}\u{1b}[0m\u{2}");
    for (name, value) in [("NO_COLOR", "1"), ("CLICOLOR", "0"), ("TERM", "dumb")] {
        assert_eq!(said(colourful(&[]).env(name, value).at(expires - 60)), "acme-dev01 1m");
    }
}

#[test]
fn which_profile_is_in_use() {
    let (sandbox, expires) = set_up();
    let call = || sandbox.jitpass(["prompt", "--plain"]).at(expires - 600);
    assert_eq!(said(call()), "");
    assert_eq!(said(call().env("AWS_PROFILE", "").env("AWS_DEFAULT_PROFILE", "")), "");
    assert_eq!(said(call().env("AWS_DEFAULT_PROFILE", "acme-dev01")), "acme-dev01 10m");
    assert_eq!(
        said(call().env("AWS_PROFILE", "acme-qa01").env("AWS_DEFAULT_PROFILE", "acme-dev01")),
        "acme-qa01"
    );
    assert_eq!(said(call().env("AWS_PROFILE", "nobody")), "nobody");
}

#[test]
fn every_way_of_writing_the_command() {
    let (sandbox, expires) = set_up();
    let url = sandbox.url();
    let command = |rest: &str| format!("[profile x]\ncredential_process = {rest}\n");
    let quoted = command(&format!("\"/opt/my jit/jitpass\" aws --host {url} --tenant DEV01"));
    for (config, expected) in [
        (command(&format!("jitpass aws --tenant=dev01 --host={url}")), "x 10m"),
        (quoted, "x 10m"),
        // Not on the short road of a cached answer, and with the same answer in the cache.
        (command(&format!("jitpass aws --tenant dev01 --host {url} --no-cache")), "x 10m"),
        (command(&format!("jitpass --debug aws --tenant dev01 --host {url}")), "x 10m"),
        (command(&format!("duplo-jit aws --tenant dev01 --host {url}")), "x"),
        (command(&format!("jitpass aws --tenant dev01 --host {url} --region eu-west-1")), "x"),
        (command("jitpass aws --tenant ../../x --host https://a.net"), "x"),
        (command("jitpass"), "x"),
        (command("'"), "x"),
        (String::new(), "x"),
    ] {
        sandbox.write(".aws/config", &config);
        assert_eq!(said(prompt(&sandbox, "x", &["--plain"]).at(expires - 600)), expected, "{config}");
    }
}

#[test]
fn what_is_damaged_breaks_no_prompt() {
    let (sandbox, expires) = set_up();
    let name_alone = || assert_eq!(said(prompt(&sandbox, "acme-dev01", &[]).at(expires - 600)), "acme-dev01");
    let config = sandbox.read(".aws/config");
    for damaged in [&b"\xff\xfe[\0"[..], b"[profile acme-dev01", b"[profile acme-dev01]\ncredential_process"]
    {
        sandbox.write(".aws/config", damaged);
        name_alone();
    }
    sandbox.write(".aws/config", config);
    let host = sandbox.url().replace("http://", "http~").replace(':', "~");
    let file = format!(".cache/jitpass/credentials/{host}/self/tenant-dev01");
    let cached = sandbox.read(&file);
    sandbox.write(&file, &cached[..cached.len() - 9]);
    name_alone();
    sandbox.write(&file, "");
    name_alone();
    std::fs::remove_dir_all(sandbox.home()).expect("the sandbox is ours");
    std::fs::create_dir(sandbox.home()).expect("the sandbox is ours");
    name_alone();
}

#[test]
fn a_hostile_name_is_shown_harmlessly() {
    let sandbox = Sandbox::new();
    let hostile = "a$(touch x)`id`\u{1b}]0;x\u{7}\\w!%n\n";
    let shown = said(prompt(&sandbox, hostile, &["--shell", "bash"]));
    assert_eq!(shown, "a??touch x??id???0?x??w?%n?");
    assert_eq!(said(prompt(&sandbox, hostile, &["--shell", "zsh"])), "a??touch x??id???0?x??w?%%n?");
}

#[test]
fn flags_that_make_no_sense_are_said() {
    let sandbox = Sandbox::new();
    for args in [&["--shell", "cmd"][..], &["--nonsense"], &["--shell"], &["x"], &["--plain", "--plain"]] {
        let run = prompt(&sandbox, "a", args).run().fails(2);
        assert!(run.stdout.is_empty() && run.stderr.starts_with("error: "), "{args:?}: {}", run.stderr);
    }
    assert!(prompt(&sandbox, "a", &["--help"]).run().success().stdout.contains("for a prompt"));
}

#[test]
fn two_files_are_read_and_nothing_else_is_done() {
    let Some(strace) = tool("strace") else { return };
    let (sandbox, expires) = set_up();
    let (run, trace) = prompt(&sandbox, "acme-dev01", &["--plain"]).at(expires - 600).traced(&strace);
    assert_eq!(run.success().stdout, "acme-dev01 10m");
    let [config, cached] = trace.opened.as_slice() else { panic!("{trace:?}") };
    assert!(config.ends_with("/.aws/config") && cached.ends_with("/self/tenant-dev01"), "{trace:?}");
    assert_eq!((trace.changed.len(), trace.sockets.len()), (0, 0), "{trace:?}");
    assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0), "{trace:?}");
}

/// The lines that the help shows for a shell, given to that shell.
#[test]
fn the_lines_of_the_help_work() {
    let (sandbox, expires) = set_up();
    let help = sandbox.jitpass(["prompt", "--help"]).run().success().stdout;
    let lines = |shell: &str| -> String {
        let below = help.lines().skip_while(|line| *line != format!("{shell}:")).skip(1);
        below.take_while(|line| line.starts_with("  ")).map(|line| format!("{}\n", line.trim())).collect()
    };
    for (shell, args, before, after) in [
        ("bash", &["--norc"][..], "PS1='$ '\n", "printf '%s' \"${PS1@P}\"\n"),
        ("zsh", &["-f"], "PROMPT='$ '\n", "print -nP -- $PROMPT\n"),
        ("fish", &["--no-config"], "function fish_prompt; echo -n '$ '; end\n", "fish_prompt\n"),
    ] {
        let Some(program) = tool(shell) else { continue };
        let lines = lines(shell);
        assert!(lines.contains("jitpass prompt --shell"), "{shell}: {help}");
        // A start-up file may be read twice; in fish that must not ask itself for ever.
        let again = if shell == "fish" { lines.as_str() } else { "" };
        let script = sandbox.write("script", format!("{before}{lines}{again}{after}"));
        let call = sandbox.command(program).args(args).args([script]);
        let run = call.env("AWS_PROFILE", "acme-dev01").at(expires - 2520).run().success();
        assert_eq!(
            (run.stdout.trim_matches(['\u{1}', '\u{2}']), run.stderr.as_str()),
            ("acme-dev01 42m $ ", ""),
            "{shell}"
        );
    }
}
