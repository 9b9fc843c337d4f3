//! Services that want to prompt where GNOME Keyring does not: each prompt is shown to a person, and to nobody else.

use jitpass::base::Secret;
use jitpass::store::keyring::{Asking, Keyring, KeyringError};
use zbus::{ObjectPath, Variant};

use super::session::Session;
use super::stand_in::{Answer, Asked, StandIn};
use super::{ACCOUNT, LABEL, LONG};

const NAME: &str = "org.freedesktop.secrets";

fn path(path: &'static str) -> ObjectPath<'static> {
    ObjectPath::try_from(path).expect("a path")
}

/// Does nothing without a prompt, and each prompt is agreed to.
fn willing(asked: &Asked<'_>) -> Answer {
    prompting(asked, false)
}

/// Does nothing without a prompt, and each prompt is dismissed.
fn dismissed(asked: &Asked<'_>) -> Answer {
    prompting(asked, true)
}

fn prompting(asked: &Asked<'_>, dismissed: bool) -> Answer {
    let none: Vec<ObjectPath<'_>> = Vec::new();
    Answer::Says(match asked.method.as_str() {
        "SearchItems" => asked.with(&(none, vec![path("/locked")])),
        "Unlock" => asked.with(&(none, path("/prompt/unlock"))),
        "Delete" => asked.with(&(path("/prompt/delete"),)),
        "Prompt" => return Answer::SaysThen(asked.with(&()), asked.completed(dismissed)),
        _ => asked.error("org.freedesktop.DBus.Error.UnknownMethod"),
    })
}

/// Unlocked, empty, and asks before it makes an item (as KeePassXC does).
fn careful(asked: &Asked<'_>) -> Answer {
    let none: Vec<ObjectPath<'_>> = Vec::new();
    Answer::Says(match asked.method.as_str() {
        "SearchItems" => asked.with(&(none.clone(), none)),
        "ReadAlias" => asked.with(&(path("/collection"),)),
        "Get" => asked.with(&(Variant::from(false),)),
        "OpenSession" => asked.with(&(Variant::from(vec![5_u8]), path("/session"))),
        "CreateItem" => asked.with(&(path("/"), path("/prompt/create"))),
        "Prompt" => return Answer::SaysThen(asked.with(&()), asked.completed(false)),
        _ => asked.error("org.freedesktop.DBus.Error.UnknownMethod"),
    })
}

/// Never set up.
fn new(asked: &Asked<'_>) -> Answer {
    match asked.method.as_str() {
        "ReadAlias" => Answer::Says(asked.with(&(path("/"),))),
        "CreateCollection" => Answer::Says(asked.with(&(path("/"), path("/prompt/new")))),
        _ => careful(asked),
    }
}

fn forget(keyring: &Keyring, asking: Asking) -> Result<(), KeyringError> {
    keyring.forget(ACCOUNT, asking, LONG)
}

fn keep(keyring: &Keyring, asking: Asking) -> Result<(), KeyringError> {
    keyring.keep(ACCOUNT, LABEL, &Secret::new("SIMTOKEN-1"), asking, LONG)
}

#[test]
fn prompts_are_shown_to_a_person_and_to_nobody_else() {
    type Does = fn(&Keyring, Asking) -> Result<(), KeyringError>;
    let absent = super::absent("it was never set up");
    for (name, manner, does, nobody, person, shown) in [
        (
            "unlock and delete",
            willing as super::stand_in::Manner,
            forget as Does,
            KeyringError::Locked,
            Ok(()),
            2,
        ),
        ("dismissed", dismissed, forget, KeyringError::Locked, Err(KeyringError::Locked), 1),
        ("create", careful, keep, KeyringError::Locked, Ok(()), 1),
        ("set up", new, keep, absent, Ok(()), 2),
    ] {
        let Some(session) = Session::start() else { return };
        let service = StandIn::start(&session, NAME, manner);
        assert_eq!(does(&session.keyring(), Asking::Nobody), Err(nobody), "{name}");
        assert_eq!(service.count("Prompt"), 0, "{name}: {:?}", service.asked());
        assert_eq!(does(&session.keyring(), Asking::Person), person, "{name}: {:?}", service.asked());
        assert_eq!(service.count("Prompt"), shown, "{name}: {:?}", service.asked());
    }
}
