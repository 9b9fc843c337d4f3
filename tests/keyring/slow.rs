//! A keyring that takes its time, or for ever, or talks nonsense.

use std::io::Write as _;
use std::process::{Command, Stdio};
use std::thread;

use jitpass::base::Secret;
use jitpass::host::env::Env;
use jitpass::store::keyring::{Asking, Keyring, KeyringError};
use zbus::{ObjectPath, Variant};

use super::session::Session;
use super::stand_in::{Answer, Asked, StandIn};
use super::{ACCOUNT, LABEL, LONG, SHORT, read};

const NAME: &str = "org.freedesktop.secrets";

fn path(path: &'static str) -> ObjectPath<'static> {
    ObjectPath::try_from(path).expect("a path")
}

/// Has nothing, and says so when the test lets it.
fn late(asked: &Asked<'_>) -> Answer {
    let none: Vec<ObjectPath<'_>> = Vec::new();
    match asked.method.as_str() {
        "SearchItems" => Answer::Late(asked.with(&(none.clone(), none))),
        "ReadAlias" => Answer::Says(asked.with(&(path("/"),))),
        _ => Answer::Nothing,
    }
}

fn never(_: &Asked<'_>) -> Answer {
    Answer::Nothing
}

/// Late before the last step of keeping.
fn late_session(asked: &Asked<'_>) -> Answer {
    let none: Vec<ObjectPath<'_>> = Vec::new();
    match asked.method.as_str() {
        "SearchItems" => Answer::Says(asked.with(&(vec![path("/item")], none))),
        "OpenSession" => Answer::Late(asked.with(&(Variant::from(vec![5_u8]), path("/session")))),
        _ => Answer::Says(asked.with(&())),
    }
}

#[test]
fn one_that_answers_late_is_waited_for_within_the_limit() {
    let Some(session) = Session::start() else { return };
    let service = StandIn::start(&session, NAME, late);
    let keyring = session.keyring();
    let patient = thread::spawn(move || read(&keyring));
    service.wait_for_call();
    assert!(!patient.is_finished());
    service.release();
    assert_eq!(patient.join().unwrap(), Ok(None));
}

#[test]
fn one_that_answers_after_the_limit_is_given_up_and_nothing_is_written_later() {
    let Some(session) = Session::start() else { return };
    let service = StandIn::start(&session, NAME, late_session);
    let keyring = session.keyring();
    let token = Secret::new("SIMTOKEN-1");
    let kept = keyring.keep(ACCOUNT, LABEL, &token, Asking::Nobody, SHORT);
    assert_eq!(kept, Err(KeyringError::Slow));
    service.release();
    // What is asked now comes after anything that the thread given up might still have sent.
    let next = thread::spawn(move || keyring.keep(ACCOUNT, LABEL, &token, Asking::Nobody, LONG));
    service.release();
    assert_eq!(next.join().unwrap(), Ok(()));
    assert_eq!(service.count("SetSecret"), 1, "{:?}", service.asked());
}

#[test]
fn one_that_never_answers_holds_up_neither_caller_nor_process() {
    const BUS: &str = "JITPASS_TEST_SILENT_BUS";
    let name = "keyring::slow::one_that_never_answers_holds_up_neither_caller_nor_process";
    if let Some(address) = std::env::var_os(BUS) {
        // The process below: told that the keyring was asked, it ends without the answer.
        let address = address.to_str().expect("text").to_owned();
        let keyring = Keyring::of(&Env::of([("DBUS_SESSION_BUS_ADDRESS", address.as_str())]));
        thread::spawn(move || read(&keyring));
        std::io::stdin().read_line(&mut String::new()).expect("a line");
        return;
    }
    let Some(session) = Session::start() else { return };
    let service = StandIn::start(&session, NAME, never);
    for asking in [Asking::Nobody, Asking::Person] {
        let found = session.keyring().read(ACCOUNT, asking, SHORT).map(|token| token.is_some());
        assert_eq!(found, Err(KeyringError::Slow));
    }

    let Some(session) = Session::start() else { return };
    let service_of_process = StandIn::start(&session, NAME, never);
    let mut process = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", name])
        .env(BUS, session.address())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("it starts");
    service_of_process.wait_for_call();
    process.stdin.take().expect("a pipe").write_all(b"\n").expect("it listens");
    assert!(process.wait().expect("it is ours").success());
    assert_eq!(service_of_process.asked(), ["SearchItems"]);
    assert!(service.asked().iter().all(|method| method == "SearchItems"), "{:?}", service.asked());
}

#[test]
fn a_bus_that_never_answers_is_given_up_too() {
    let directory = tempfile::tempdir().unwrap();
    // It lets everybody in and says nothing.
    let _listener = std::os::unix::net::UnixListener::bind(directory.path().join("bus")).unwrap();
    let keyring =
        Keyring::of(&Env::of([("XDG_RUNTIME_DIR", directory.path().to_str().expect("a plain path"))]));
    let found = keyring.read(ACCOUNT, Asking::Nobody, SHORT).map(|token| token.is_some());
    assert_eq!(found, Err(KeyringError::Slow));
}

#[test]
fn nonsense_is_an_error_and_not_a_crash() {
    let item: super::stand_in::Manner = |asked| {
        let none: Vec<ObjectPath<'_>> = Vec::new();
        Answer::Says(match asked.method.as_str() {
            "SearchItems" => asked.with(&(vec![path("/item")], none)),
            "OpenSession" => asked.with(&(Variant::from(vec![5_u8]), path("/session"))),
            // No vector, and no whole block.
            _ => asked.with(&((path("/session"), Vec::<u8>::new(), b"SIMTOKEN-1".to_vec(), "text/plain"),)),
        })
    };
    let weak: super::stand_in::Manner = |asked| {
        let none: Vec<ObjectPath<'_>> = Vec::new();
        Answer::Says(match asked.method.as_str() {
            "SearchItems" => asked.with(&(vec![path("/item")], none)),
            _ => asked.with(&(Variant::from(vec![1_u8]), path("/session"))),
        })
    };
    for (name, manner, reason) in [
        (
            "another type",
            (|asked| Answer::Says(asked.with(&("text", 7_u32)))) as super::stand_in::Manner,
            "it answered something else than the Secret Service API says",
        ),
        ("a key that everybody knows", weak, "it answered something else than the Secret Service API says"),
        ("no secret of ours", item, "it gave a secret that cannot be read"),
        (
            "an error",
            |asked| Answer::Says(asked.error("com.example.Error.Broken")),
            "com.example.Error.Broken: no",
        ),
        ("the end", |_| Answer::Leaves, "it ended while it was asked"),
    ] {
        let Some(session) = Session::start() else { return };
        let _service = StandIn::start(&session, NAME, manner);
        let failed = KeyringError::Failed { reason: reason.to_owned() };
        assert_eq!(read(&session.keyring()), Err(failed), "{name}");
    }
}
