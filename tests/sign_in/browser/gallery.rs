//! Every page there is, photographed: in light and dark, on a wide and a narrow screen. What can be checked is: nothing
//! is cut off. The rest is for eyes: `target/test-run/pages/`.

use std::collections::VecDeque;
use std::thread;
use std::time::{Duration, Instant};

use jitpass::base::PortalAddress;
use jitpass::portal::sign_in::{Answer, Desk, Listener, Visit};

use super::{Chromium, Manner, Stage, World};

const LOOKS: [(&str, Manner<'_>); 4] = [
    ("light", Manner { scripts: true, dark: false, width: 1000, grants: &[] }),
    ("dark", Manner { scripts: true, dark: true, width: 1000, grants: &[] }),
    ("light-narrow", Manner { scripts: true, dark: false, width: 360, grants: &[] }),
    ("dark-narrow", Manner { scripts: true, dark: true, width: 360, grants: &[] }),
];

/// What our pages say of people and portals is as long as it may be.
const PERSON: &str = "maximiliane.von-und-zu-hohenstein@subsidiary.example-corporation.com";
const BEFORE: &str = "ada@example.com";

/// The pages that a decision leads to, in the order in which they are asked for. The last is for none.
fn decided() -> Vec<(&'static str, &'static str, Option<Answer>)> {
    let text = str::to_owned;
    let reason = || text("cannot connect to `acme.duplocloud.net` (Connection refused)");
    let confirm = |before: Option<&str>| Answer::Confirm {
        person: text(PERSON),
        before: before.map(text),
        value: text("0123456789abcdef"),
    };
    vec![
        ("done", "You are signed in", Some(Answer::SignedIn { person: text(PERSON) })),
        ("confirm", "Is this you?", Some(confirm(None))),
        ("confirm-another", "Is this you?", Some(confirm(Some(BEFORE)))),
        (
            "stop",
            "Stop waiting for the sign-in?",
            Some(Answer::ConfirmStop { value: text("0123456789abcdef") }),
        ),
        ("cancelled", "Sign-in cancelled", Some(Answer::Stopped)),
        (
            "refused",
            "The portal did not accept this sign-in",
            Some(Answer::TokenRefused { reason: text("the portal does not accept the token") }),
        ),
        (
            "wrong-code",
            "The code was not accepted",
            Some(Answer::CodeRefused { reason: text("A valid one-time password is required") }),
        ),
        ("unable", "You are not signed in", Some(Answer::Unable { reason: reason() })),
        ("over", "This sign-in is over", Some(Answer::Over { person: Some(text(BEFORE)) })),
        ("over-nobody", "This sign-in is over", Some(Answer::Over { person: None })),
        ("broken", "Something went wrong", None),
    ]
}

/// Answers each request with the next decision.
fn answer(desk: &Desk, mut decisions: VecDeque<Option<Answer>>) {
    let deadline = Instant::now() + Duration::from_mins(2);
    while !decisions.is_empty() {
        let Some(visit) = desk.next(deadline) else { panic!("{} decisions are left", decisions.len()) };
        let (Visit::Delivery { reply, .. } | Visit::Cancel { reply, .. } | Visit::Press { reply, .. }) =
            visit;
        // Dropped without an answer, it says that something went wrong.
        if let Some(answer) = decisions.pop_front().expect("there is one more") {
            reply.give(answer);
        }
    }
}

#[test]
fn our_pages() {
    let portal: PortalAddress = PortalAddress::new(
        "https://acme-production-europe.duplocloud.net".parse().expect("an address"),
        None,
    );
    let Some(chromium) = Chromium::start(&[]) else { return };
    let listener = Listener::bind(None).expect("a free port");
    let home = format!("http://localhost:{}", listener.port());
    let desk = listener.serve(portal, false).expect("it starts");
    let decisions = LOOKS.iter().flat_map(|_| decided()).map(|(.., answer)| answer).collect();
    let clerk = thread::spawn(move || {
        answer(&desk, decisions);
        desk
    });
    for (look, manner) in LOOKS {
        chromium.person(look, manner);
        let tab = chromium.tab(look, look);
        for (name, heading, _) in decided() {
            tab.open(&format!("{home}/?t=SIMTOKEN-made-up"));
            tab.see(heading);
            tab.picture(&format!("{name}-{look}"));
        }
    }
    // Those that need no decision.
    let desk = clerk.join().expect("nobody asked for more");
    for (look, _) in LOOKS {
        let tab = chromium.tab(look, look);
        tab.open_from("http://cats.example.net/", &format!("{home}/?t=SIMTOKEN-made-up"));
        tab.see("This answer is not from the right portal");
        tab.picture(&format!("wrong-portal-{look}"));
        for (name, path, heading) in [
            ("waiting", "/", "jitpass is waiting for you to sign in"),
            ("unreadable", "/?t=%20", "jitpass does not understand this answer"),
            ("gone", "/page/0", "This page is gone"),
        ] {
            tab.open(&format!("{home}{path}"));
            tab.see(heading);
            tab.picture(&format!("{name}-{look}"));
        }
    }
    desk.close();
}

/// What people see of the demo's portal on their way.
#[test]
fn the_portals_pages() {
    let stage = Stage::new(World::Localhost, "mfa");
    let Some(chromium) = Chromium::start(&[]) else { return };
    let page = format!(
        "{}/app/user/verify-token?localAppName=jitpass&localPort=4711&isAdmin=true&redirect=true",
        stage.url
    );
    for (look, manner) in LOOKS {
        chromium.person(look, manner);
        let tab = chromium.tab(look, look);
        tab.open(&page);
        tab.see("Sign in");
        tab.picture(&format!("portal-sign-in-{look}"));
        tab.press("Mia");
        tab.see("Local Access Requested");
        tab.picture(&format!("portal-asks-{look}"));
        tab.open(&format!("{page}&success=true"));
        tab.see("Access granted");
        tab.picture(&format!("portal-granted-{look}"));
    }
}
