//! GNOME Keyring.

use jitpass::host::env::Env;
use jitpass::store::keyring::{Asking, Keyring, KeyringError};

use super::session::Session;
use super::stand_in::{Answer, StandIn};
use super::{ACCOUNT, LABEL, LONG, absent, keep, read};
use crate::harness::{Sandbox, tool};

#[test]
fn a_token_is_kept_read_replaced_and_forgotten() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    let keyring = session.keyring();
    assert_eq!(read(&keyring), Ok(None));
    assert_eq!(keyring.forget(ACCOUNT, Asking::Nobody, LONG), Ok(()));

    let long = format!("SIMTOKEN-{}", "3".repeat(16 * 1024));
    for token in ["SIMTOKEN-1", "SIMTOKEN-2", &long, "SIMTOKEN-4 ü"] {
        keep(&keyring, token).unwrap();
        assert_eq!(read(&keyring), Ok(Some(token.to_owned())));
    }
    assert_eq!(
        keyring.read("other.duplocloud.net", Asking::Nobody, LONG).map(|token| token.is_some()),
        Ok(false)
    );

    assert_eq!(keyring.forget(ACCOUNT, Asking::Nobody, LONG), Ok(()));
    assert_eq!(read(&keyring), Ok(None));
}

#[test]
fn other_programs_understand_what_is_kept() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    let Some(secret_tool) = tool("secret-tool") else { return };
    keep(&session.keyring(), "SIMTOKEN-1").unwrap();
    let run = |args: &[&str]| {
        let call = session.sandbox.command(&secret_tool).args(args.iter().copied());
        call.env("DBUS_SESSION_BUS_ADDRESS", session.address()).prints_credentials().run().success()
    };
    let found = run(&["search", "service", "jitpass"]);
    assert!(found.stdout.contains(&format!("label = {LABEL}\n")), "{}", found.transcript());
    assert_eq!(run(&["lookup", "service", "jitpass", "account", ACCOUNT]).stdout, "SIMTOKEN-1");

    run(&["clear", "service", "jitpass", "account", ACCOUNT]);
    assert_eq!(read(&session.keyring()), Ok(None));
}

#[test]
fn nothing_is_left_in_it_after_uninstall() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    let Some(secret_tool) = tool("secret-tool") else { return };
    let other = Sandbox::with("new");
    let (address, url) = (session.address(), other.url());
    let call = |args: &[&str]| {
        session.sandbox.jitpass(args.iter().copied()).env("DBUS_SESSION_BUS_ADDRESS", &address)
    };
    let found = || {
        let call = session.sandbox.command(&secret_tool).args(["search", "--all", "service", "jitpass"]);
        call.env("DBUS_SESSION_BUS_ADDRESS", &address).prints_credentials().run().success().stdout
    };
    call(&["login", &url, "--token-stdin"]).stdin(other.token("admin")).run().success();
    assert_eq!(found().matches("label = jitpass").count(), 1);
    call(&["uninstall", "--yes"]).run().success();
    assert_eq!(found(), "");
    assert!(!session.sandbox.home().join(".local/state").exists());
}

#[test]
fn a_locked_one_is_no_reason_to_prompt() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    // What GNOME Keyring asks to show its prompts.
    let prompter = StandIn::start(&session, "org.gnome.keyring.SystemPrompter", |asked| {
        Answer::Says(asked.error("org.freedesktop.DBus.Error.Failed"))
    });
    let keyring = session.keyring();
    keep(&keyring, "SIMTOKEN-1").unwrap();
    session.lock();

    let nobody = Asking::Nobody;
    assert_eq!(read(&keyring), Err(KeyringError::Locked));
    assert_eq!(keep(&keyring, "SIMTOKEN-2"), Err(KeyringError::Locked));
    assert_eq!(keyring.forget(ACCOUNT, nobody, LONG), Err(KeyringError::Locked));
    let other = keyring.read("other.duplocloud.net", nobody, LONG).map(|token| token.is_some());
    assert_eq!(other, Err(KeyringError::Locked));
    assert_eq!(prompter.asked(), [""; 0]);

    // The same with a person, so that the stand-in is known to be what is asked.
    let refused = keyring.read(ACCOUNT, Asking::Person, LONG).map(|token| token.is_some());
    assert_eq!(refused, Err(KeyringError::Locked));
    assert_eq!(prompter.count("BeginPrompting"), 1, "{:?}", prompter.asked());
}

#[test]
fn where_there_is_none_that_is_said_at_once() {
    let directory = tempfile::tempdir().unwrap();
    let nothing = directory.path().join("nothing").display().to_string();
    let address = format!("unix:path={nothing}");
    for (env, reason) in [
        (&[][..], "no D-Bus session bus"),
        (
            &[("DBUS_SESSION_BUS_ADDRESS", address.as_str())],
            "no D-Bus session bus: No such file or directory (os error 2)",
        ),
        (&[("DBUS_SESSION_BUS_ADDRESS", "autolaunch:")], "no D-Bus session bus"),
        (
            &[("XDG_RUNTIME_DIR", nothing.as_str())],
            "no D-Bus session bus: No such file or directory (os error 2)",
        ),
    ] {
        let keyring = Keyring::of(&Env::of(env.iter().copied()));
        assert_eq!(read(&keyring), Err(absent(reason)), "{env:?}");
        assert_eq!(keep(&keyring, "SIMTOKEN-1"), Err(absent(reason)), "{env:?}");
    }
    let Some(session) = Session::start() else { return };
    let nobody_there = Err(absent("no Secret Service on the D-Bus session bus"));
    assert_eq!(read(&session.keyring()), nobody_there);
}

#[test]
fn a_bus_that_nobody_serves_any_more_is_none() {
    let directory = tempfile::tempdir().unwrap();
    let socket = directory.path().join("bus");
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let keyring =
        Keyring::of(&Env::of([("XDG_RUNTIME_DIR", directory.path().to_str().expect("a plain path"))]));
    let refused = "no D-Bus session bus: Connection refused (os error 111)";
    assert_eq!(read(&keyring), Err(absent(refused)));
}
