//! Killed in the middle, at any moment: the token is the old one or the new one.

use std::process::{Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use jitpass::host::env::Env;
use jitpass::store::keyring::{Keyring, KeyringError};

use super::session::Session;
use super::{keep, read};

/// Moments spread over `whole` without a pattern, the same in every run.
fn moments(whole: Duration, count: u32) -> impl Iterator<Item = Duration> {
    (1..=count).map(move |n| whole.mul_f64((f64::from(n) * 0.618_033_988_749_895).fract()))
}

#[test]
fn a_client_killed_while_it_keeps_leaves_the_old_token_or_the_new() {
    const BUS: &str = "JITPASS_TEST_KILLED_BUS";
    let name = "keyring::killed::a_client_killed_while_it_keeps_leaves_the_old_token_or_the_new";
    if let Some(address) = std::env::var_os(BUS) {
        // The client below.
        let address = address.to_str().expect("text").to_owned();
        let keyring = Keyring::of(&Env::of([("DBUS_SESSION_BUS_ADDRESS", address.as_str())]));
        return keep(&keyring, "SIMTOKEN-new").unwrap();
    }
    let Some(session) = Session::with_gnome_keyring() else { return };
    let keyring = session.keyring();
    let client = || {
        let mut command = Command::new(std::env::current_exe().expect("this program has a path"));
        command.args(["--exact", name]).env(BUS, session.address());
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it starts")
    };
    let start = Instant::now();
    assert!(client().wait().expect("it is ours").success());
    let whole = start.elapsed();
    assert_eq!(read(&keyring), Ok(Some("SIMTOKEN-new".to_owned())));
    for moment in moments(whole, 20) {
        keep(&keyring, "SIMTOKEN-old").unwrap();
        let mut client = client();
        thread::sleep(moment);
        client.kill().ok();
        client.wait().expect("it is ours");
        let token = read(&keyring).unwrap().unwrap_or_default();
        assert!(["SIMTOKEN-old", "SIMTOKEN-new"].contains(&token.as_str()), "after {moment:?}: {token}");
    }
}

#[test]
fn a_keyring_killed_while_it_keeps_has_the_old_token_or_the_new() {
    let Some(mut session) = Session::with_gnome_keyring() else { return };
    let keyring = session.keyring();
    keep(&keyring, "SIMTOKEN-old").unwrap();
    let start = Instant::now();
    keep(&keyring, "SIMTOKEN-old").unwrap();
    for moment in moments(start.elapsed(), 8) {
        keep(&keyring, "SIMTOKEN-old").unwrap();
        let client = {
            let keyring = keyring.clone();
            thread::spawn(move || keep(&keyring, "SIMTOKEN-new"))
        };
        thread::sleep(moment);
        session.kill_gnome_keyring();
        let kept = client.join().unwrap();
        let known = matches!(kept, Ok(()) | Err(KeyringError::Failed { .. } | KeyringError::Absent { .. }));
        assert!(known, "after {moment:?}: {kept:?}");
        session.start_gnome_keyring().expect("it was there before");
        let token = read(&keyring).unwrap().unwrap_or_default();
        let expected: &[&str] =
            if kept.is_ok() { &["SIMTOKEN-new"] } else { &["SIMTOKEN-old", "SIMTOKEN-new"] };
        assert!(expected.contains(&token.as_str()), "after {moment:?}, {kept:?}: {token}");
    }
}
