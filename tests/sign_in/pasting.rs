//! `login` at a terminal where no browser opens: the link is shown, and what is pasted is read.

use jitpass::demo::portal::{Button, UserKind};

use super::person::{Person, until};
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

/// What a terminal is told when pasting begins: nothing is shown from here on.
const LISTENS: &str = "\u{1b}[?2004h";

const NO_BROWSER: [(&str, &str); 2] = [("BROWSER", ""), ("WSL_DISTRO_NAME", "")];

fn login(sandbox: &Sandbox, person: &Person<'_>) -> Terminal {
    let mut terminal = Terminal::start(sandbox, &["login", &person.url()], &NO_BROWSER);
    terminal.sees(LISTENS).sees("no browser opens here: ").sees("/app/user/verify-token?");
    terminal
}

#[track_caller]
fn signed_in(terminal: Terminal, sandbox: &Sandbox, person: &Person<'_>) {
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("signed in to") && shown.contains("pat@example.com"), "{shown}");
    sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().success();
    person.nothing_is_left();
    // A person who signed in has answered: programs may ask again.
    assert_eq!((person.record().unanswered, person.record().quiet_until), (0, 0));
}

#[test]
fn a_token_however_it_was_copied() {
    for (before, wrap, after) in [
        // Bare.
        ("", "", ""),
        // Bracketed.
        ("\u{1b}[200~", "", "\u{1b}[201~"),
        // Bracketed and wrapped.
        ("\u{1b}[200~", "\r\n  ", "\u{1b}[201~"),
        // Wrapped.
        ("", "\r", ""),
        // Quoted, with a word before.
        ("\"Bearer ", "", "\""),
    ] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let token = sandbox.token("tenant");
        let (start, end) = token.split_at(40);
        let mut terminal = login(&sandbox, &person);
        terminal.types(&format!("{before}{start}{wrap}{end}{after}"));
        signed_in(terminal, &sandbox, &person);
    }
}

#[test]
fn the_address_at_which_the_browser_ended() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let mut terminal = login(&sandbox, &person);
    let page = person.record().wait.expect("there is a wait").address;
    let next = sandbox.portal().portal().press(UserKind::Tenant, &page, Button::Authorize, None);
    terminal.types(&next.expect("a page with a port").url);
    signed_in(terminal, &sandbox, &person);
}

#[test]
fn the_browser_wins_too() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let terminal = login(&sandbox, &person);
    let page = person.record().wait.expect("there is a wait").address;
    person.authorizes(&page, UserKind::Tenant);
    signed_in(terminal, &sandbox, &person);
}

#[test]
fn a_wrong_paste_is_followed_by_another() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let mut terminal = login(&sandbox, &person);
    terminal.types("SIMTOKEN-wrong").sees("does not accept the token").sees("still waiting");
    terminal.types(&sandbox.token("tenant"));
    signed_in(terminal, &sandbox, &person);
}

#[test]
fn programs_that_wait_are_served_by_a_paste() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let mut terminal = login(&sandbox, &person);
    let id = person.record().wait.expect("there is a wait").id;
    let program = person.program(&sandbox, &["--tenant", "qa01"]).start();
    until("it waits", || sandbox.portal().counts().portal().gt(&0).then_some(()));
    terminal.types(&sandbox.token("tenant"));
    program.finish().success();
    signed_in(terminal, &sandbox, &person);
    assert_eq!(person.record().wait.map(|wait| wait.id), Some(id), "it joined");
    assert!(person.tabs().is_empty());
}

#[test]
fn ctrl_c_leaves_the_terminal_as_it_was_and_calls_the_wait_off() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let script = "stty -a > before; jitpass \"$@\"; code=$?; stty -a > after; exit $code";
    let mut terminal = Terminal::start_script(&sandbox, script, &["login", &person.url()], &NO_BROWSER);
    terminal.sees(LISTENS);
    let listener = person.listener();
    terminal.presses("\u{3}");
    let (code, shown) = terminal.ends();
    assert_ne!(code, 0, "{shown}");
    assert!(shown.contains("stopped") && shown.contains("\u{1b}[?2004l"), "{shown}");
    assert_eq!(sandbox.read("before"), sandbox.read("after"));
    until("the listener ends", || {
        let left = super::processes::Process::all_of(&person.mark());
        (!left.contains(&listener)).then_some(())
    });
}

#[test]
fn without_a_terminal_nobody_waits() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let run = sandbox.jitpass(["login", &person.url()]).run().fails(2);
    assert!(run.stderr.contains("--token-stdin"), "{}", run.transcript());
    person.nothing_is_left();
}
