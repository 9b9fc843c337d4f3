//! Where a token goes, and where it must not: command lines, environments, logs, files but the store.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use jitpass::demo::portal::{Button, UserKind};

use super::person::Person;
use super::processes::Process;
use crate::harness::{Sandbox, tool};

const SECRETS: [&str; 3] = ["SIMTOKEN-", "SIMSECRET", "SIMSESSION"];

/// The files below a directory that hold a secret.
fn with_secrets(directory: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(directory).expect("the sandbox is ours").flatten() {
        let path = entry.path();
        if path.is_symlink() {
            continue;
        }
        if path.is_dir() {
            with_secrets(&path, found);
        } else if let Ok(bytes) = fs::read(&path) {
            let text = String::from_utf8_lossy(&bytes);
            if SECRETS.iter().any(|secret| text.contains(secret)) {
                found.insert(path);
            }
        }
    }
}

/// A program of the test's below the sandbox.
fn program(sandbox: &Sandbox, name: &str, script: &str) -> String {
    let path = sandbox.root().join(name);
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).expect("the sandbox is ours");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
    path.display().to_string()
}

#[test]
fn no_command_line_ever_holds_one() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let trace = sandbox.root().join("trace");
    let url = person.url();
    let args = ["-ff", "-qq", "-v", "-s", "65536", "-e", "trace=execve", "-e", "signal=none", "-o"];
    let call = sandbox.command(&strace).args(args).args([&trace]).args(["jitpass", "aws", "--host", &url]);
    let call = call.args(["--admin", "--interactive"]).prints_credentials();
    let call = call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no");
    let program = call.start();
    let page = person.presses(&person.tab(1), UserKind::Mfa, Button::Authorize, Some("123456"));
    assert!(page.contains("mia@example.com"), "{page}");
    program.finish().success();
    person.nothing_is_left();
    let traces = fs::read_dir(sandbox.root()).expect("the sandbox is ours").flatten();
    let texts =
        traces.map(|entry| entry.path()).filter(|path| path.display().to_string().contains("/trace."));
    let text: String = texts.map(|path| fs::read_to_string(path).unwrap_or_default()).collect();
    assert!(text.contains("sign-in-listener") && text.contains("HOME="), "the control: all was seen");
    for secret in SECRETS.iter().chain(&["123456"]) {
        assert!(!text.contains(secret), "{secret} in an argument or a variable");
    }
}

#[test]
fn no_log_ever_holds_one() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let job = serde_json::json!({
        "id": "by-hand", "host": person.url(), "api_host": null, "is_admin": true, "duplo_ops": false,
        "region": null, "port": null, "browse": "not",
    });
    // The listener's own log usually leads nowhere: here it is started by hand.
    let listener =
        sandbox.jitpass(["sign-in-listener", &job.to_string()]).env("JITPASS_LOG", "trace").start();
    person.listener();
    let call = person.program(&sandbox, &["--tenant", "dev01"]).env("JITPASS_LOG", "trace");
    let program = call.start();
    let page = person.record().wait.expect("there is a wait").address;
    person.presses(&page, UserKind::Mfa, Button::Authorize, Some("123456"));
    for run in [listener.finish().success(), program.finish().success()] {
        assert!(run.stderr.contains("DEBUG answered"), "the control: {}", run.stderr);
        for secret in SECRETS.iter().chain(&["123456"]) {
            assert!(!run.stderr.contains(secret), "{secret}");
        }
    }
    assert!(person.tabs().is_empty());
}

#[test]
fn what_it_starts_finds_none_in_its_environment() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let (browser_env, helper_env) = (sandbox.root().join("env-browser"), sandbox.root().join("env-helper"));
    let script = format!("env > '{}'; exec '{}' \"$1\"", browser_env.display(), person.browser);
    let browser = program(&sandbox, "curious", &script);
    let secrets = [
        ("DUPLO_TOKEN", "SIMTOKEN-other"),
        ("AWS_ACCESS_KEY_ID", "ASIASIMOTHER"),
        ("AWS_SECRET_ACCESS_KEY", "SIMSECRET-other"),
        ("AWS_SESSION_TOKEN", "SIMSESSION-other"),
        ("AWS_CONTAINER_AUTHORIZATION_TOKEN", "SIMTOKEN-container"),
    ];
    let with = |call: crate::harness::Call| {
        let call = secrets.iter().fold(call, |call, (name, value)| call.env(*name, *value));
        call.env("DUPLO_HOST", "https://elsewhere.example.com").env("KEPT", "yes")
    };
    let call = person.program(&sandbox, &["--tenant", "dev01"]).env("BROWSER", browser);
    let started = with(call).start();
    let tab = person.tab(1);
    let listener: Process = person.listener();
    let environment = fs::read(listener.file("environ")).expect("root may look");
    let of_browser = fs::read_to_string(&browser_env).expect("the browser ran");
    for text in [String::from_utf8_lossy(&environment).into_owned(), of_browser] {
        assert!(text.contains("KEPT=yes"), "the control: the rest is there");
        for (name, _) in secrets {
            assert!(!text.contains(name), "{name}");
        }
    }
    person.authorizes(&tab, UserKind::Tenant);
    started.finish().success();
    // A password manager may need AWS; the portal's token is none of its business.
    let token = sandbox.token("tenant");
    fs::write(sandbox.root().join("token"), &token).expect("the sandbox is ours");
    let script = format!("env > '{}'; cat '{}/token'", helper_env.display(), sandbox.root().display());
    let helper = program(&sandbox, "helper", &script);
    let settings = format!("[portal.acme]\nhost = \"{}\"\ntoken_command = [\"{helper}\"]\n", person.url());
    sandbox.write(".config/jitpass/config.toml", settings);
    let call = sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "qa01"]);
    with(call).run().success();
    let of_helper = fs::read_to_string(helper_env).expect("the helper ran");
    assert!(of_helper.contains("KEPT=yes") && of_helper.contains("JITPASS_HELPER=1"));
    assert!(!of_helper.contains("DUPLO_TOKEN"), "{of_helper}");
}

#[test]
fn no_file_but_the_store_holds_one() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, &["--admin"]).start();
    person.presses(&person.tab(1), UserKind::Mfa, Button::Authorize, Some("123456"));
    program.finish().success();
    person.nothing_is_left();
    let mut found = BTreeSet::new();
    with_secrets(sandbox.root(), &mut found);
    let key = format!("http~{}", person.mark().replace(':', "~"));
    let expected = [
        sandbox.home().join(format!(".cache/jitpass/credentials/{key}/self/admin")),
        sandbox.home().join(format!(".local/state/jitpass/tokens/{key}.json")),
    ];
    assert_eq!(found, BTreeSet::from(expected));
    for file in found {
        let mode = fs::metadata(&file).expect("it is there").permissions().mode() & 0o7777;
        assert_eq!(mode, 0o600, "{}", file.display());
    }
    let record = sandbox.read(&format!(".local/state/jitpass/sign-in/{key}.json"));
    assert!(record.contains("signed-in") && !record.contains("123456"), "{record}");
}
