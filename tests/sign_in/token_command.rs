//! Tokens that a program of the person's gives, and signing out.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use jitpass::demo::portal::{TokenState, UserKind};

use super::person::Person;
use super::processes::Process;
use crate::harness::{Call, Sandbox};

const TENANT: &[&str] = &["--tenant", "dev01"];

/// A sandbox whose portal has this shell script for a `token_command`.
fn with_script(script: &str) -> Sandbox {
    let sandbox = Sandbox::with("new");
    let program = sandbox.root().join("give");
    fs::write(&program, format!("#!/bin/sh\n{script}\n")).expect("the sandbox is ours");
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
    fs::write(sandbox.root().join("token"), sandbox.token("tenant")).expect("the sandbox is ours");
    with_words(&sandbox, &[&program.display().to_string()]);
    sandbox
}

fn with_words(sandbox: &Sandbox, words: &[&str]) {
    let settings = format!("[portal.acme]\nhost = \"{}\"\ntoken_command = {words:?}\n", sandbox.url());
    sandbox.write(".config/jitpass/config.toml", settings);
}

/// A program that asks in vain, and is told why in one line; no browser opens.
#[track_caller]
fn refused(sandbox: &Sandbox, change: impl Fn(Call) -> Call, words: &[&str]) {
    let person = Person::at(sandbox);
    let run = change(person.program(sandbox, TENANT)).run().fails(1);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.transcript());
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in\n{}", run.transcript());
    }
    assert!(person.tabs().is_empty(), "no sign-in helps");
}

#[test]
fn it_gives_a_token_that_is_kept_nowhere() {
    let sandbox = with_script("echo asked >> \"$HOME/asked\"; cat \"$HOME/../token\"");
    let person = Person::at(&sandbox);
    let key = person.program(&sandbox, TENANT).run().success().field("AccessKeyId");
    assert_eq!(person.program(&sandbox, TENANT).run().success().field("AccessKeyId"), key);
    assert_eq!(sandbox.read("asked"), "asked\n", "the second is a hit");
    let state = sandbox.home().join(".local/state/jitpass/tokens");
    for entry in fs::read_dir(state).into_iter().flatten().flatten() {
        let text = fs::read_to_string(entry.path()).expect("the sandbox is ours");
        assert!(!text.contains("SIMTOKEN"), "{}", entry.path().display());
    }
    assert!(person.tabs().is_empty());
}

#[test]
fn what_goes_wrong_with_it() {
    let same = |call: Call| call;
    for (script, words) in [
        ("echo 'the vault is locked' >&2; exit 3", ["exit status: 3", "the vault is locked"]),
        ("exit 1", ["gave no token", "exit status: 1"]),
        ("echo", ["gave no token", "not a token"]),
        ("printf 'no\\001 token'", ["gave no token", "not a token"]),
        ("kill -9 $$", ["gave no token", "signal: 9"]),
    ] {
        refused(&with_script(script), same, &words);
    }
    let sandbox = Sandbox::with("new");
    for words in [["/nowhere/give"].as_slice(), &["no-such-program"], &["no-such-program", "--flag"]] {
        with_words(&sandbox, words);
        refused(&sandbox, same, &["is not to be found", "whole path"]);
    }
    // A directory of PATH that depends on where one happens to be.
    let sandbox = with_script("cat \"$HOME/../token\"");
    fs::copy(sandbox.root().join("give"), sandbox.home().join("give")).expect("the sandbox is ours");
    with_words(&sandbox, &["give"]);
    refused(&sandbox, |call| call.env("PATH", ".:/usr/bin:/bin"), &["is not to be found"]);
}

#[test]
fn a_slow_one_is_ended_with_all_it_started() {
    let sandbox = with_script("sleep 3217.5 & sleep 3217.5; cat \"$HOME/../token\"");
    refused(&sandbox, |call| call.env("JITPASS_TEST_HASTE", "10"), &["did not answer within"]);
    assert_eq!(Process::all_of("sleep 3217.5"), []);
}

#[test]
fn jitpass_is_none() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    with_words(&sandbox, &["jitpass", "aws", "--host", &url, "--admin"]);
    refused(&sandbox, |call| call, &["is jitpass itself"]);
    // Not even by way of another program.
    let sandbox = with_script("exec jitpass aws --host \"$PORTAL\" --tenant qa01 --interactive");
    let url = sandbox.url();
    refused(&sandbox, |call| call.env("PORTAL", &url), &["must not call jitpass"]);
}

#[test]
fn a_token_that_the_portal_does_not_accept_opens_no_browser() {
    let sandbox = with_script("cat \"$HOME/../token\"");
    sandbox.portal().portal().set_token_state(UserKind::Tenant, TokenState::LoggedOut);
    refused(&sandbox, |call| call, &["token_command"]);
}

#[test]
fn signing_out_of_one_and_of_all() {
    let sandbox = Sandbox::with("new,seed=1");
    let other = crate::demo::raw::start("new,seed=2");
    let people = [Person::at(&sandbox), Person::at_portal(&sandbox, &other)];
    let sign_in = |person: &Person<'_>| {
        let program = person.program(&sandbox, TENANT).start();
        person.authorizes(&person.tab(1), UserKind::Tenant);
        program.finish().success();
        person.nothing_is_left();
    };
    people.iter().for_each(sign_in);
    let asks = |person: &Person<'_>| {
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().status.success()
    };
    assert_eq!(people.each_ref().map(asks), [true, true]);
    sandbox.jitpass(["logout", &people[0].url()]).run().success();
    assert_eq!(people.each_ref().map(asks), [false, true]);
    sandbox.jitpass(["logout", "--all"]).run().success();
    assert_eq!(people.each_ref().map(asks), [false, false]);
    let run = sandbox.jitpass(["logout", "--all"]).run().success();
    assert!(!run.stderr.contains("signed out of"), "{}", run.transcript());
    let cached = sandbox.home().join(".cache/jitpass/credentials");
    for portal in fs::read_dir(cached).into_iter().flatten().flatten() {
        assert!(!portal.path().join("self/tenant-dev01").exists(), "{}", portal.path().display());
    }
}
