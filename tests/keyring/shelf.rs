//! Secrets from lines that were changed, in GNOME Keyring.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use jitpass::base::Secret;
use jitpass::credential::sha256_hex;
use jitpass::store::keyring::Asking;
use jitpass::store::shelf::Shelf;
use jitpass::store::tokens::TokenPlace;

use super::session::Session;

/// The text of the files of the shelf.
fn text_of(state: &Path) -> String {
    let files = fs::read_dir(state.join("shelf")).expect("it was made").flatten();
    files.map(|file| fs::read_to_string(file.path()).expect("it is ours")).collect()
}

#[test]
fn a_replaced_secret_lies_in_the_keyring_and_goes_from_it() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    let state = tempfile::tempdir().unwrap();
    let shelf = Shelf::below(state.path(), session.keyring(), TokenPlace::Best);
    let sha256 = sha256_hex(b"SIMTOKEN-1");
    shelf.keep([Secret::new("SIMTOKEN-1")], Asking::Nobody).unwrap();
    assert!(!text_of(state.path()).contains("SIM"));
    assert_eq!(shelf.find(&sha256, Asking::Nobody), Ok(Some(Secret::new("SIMTOKEN-1"))));

    // Locked, it gives nothing and asks nobody; what comes meanwhile lies in a file.
    session.lock();
    assert!(shelf.find(&sha256, Asking::Nobody).is_err());
    assert!(shelf.keep_only(&BTreeSet::new(), Asking::Nobody).is_err());
    shelf.keep([Secret::new("SIMTOKEN-2")], Asking::Nobody).unwrap();
    assert!(text_of(state.path()).contains("SIMTOKEN-2"));
    let second = shelf.find(&sha256_hex(b"SIMTOKEN-2"), Asking::Nobody);
    assert_eq!(second, Ok(Some(Secret::new("SIMTOKEN-2"))));
}

#[test]
fn what_the_keyring_held_is_gone_when_it_is_dropped() {
    let Some(session) = Session::with_gnome_keyring() else { return };
    let state = tempfile::tempdir().unwrap();
    let shelf = Shelf::below(state.path(), session.keyring(), TokenPlace::Keyring);
    shelf.keep([Secret::new("SIMTOKEN-1")], Asking::Nobody).unwrap();
    let text = text_of(state.path());
    let account = text.split('"').nth(3).expect("an account");
    let there = || session.keyring().read(account, Asking::Nobody, super::LONG).map(|found| found.is_some());
    assert_eq!(there(), Ok(true));
    shelf.keep_only(&BTreeSet::new(), Asking::Nobody).unwrap();
    assert_eq!(there(), Ok(false));
    assert!(shelf.is_empty());
}
