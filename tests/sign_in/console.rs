//! `jitpass console` where somebody must sign in first, without a terminal: as the documented `jitnow` does.

use jitpass::demo::portal::{Button, UserKind};

use super::person::Person;
use crate::harness::{Call, Sandbox};

fn console(sandbox: &Sandbox, person: &Person<'_>) -> Call {
    let call = sandbox.jitpass(["console", "--print", &person.url()]).prints_credentials();
    call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "yes")
}

fn is_link(text: &str) -> bool {
    text.starts_with("https://signin.aws.amazon.com/federation?") && text.lines().count() == 1
}

#[test]
fn the_browser_opens_and_then_there_is_a_link() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let running = console(&sandbox, &person).start();
    let tab = person.tab(1);
    person.presses(&tab, UserKind::Admin, Button::Authorize, None);
    let run = running.finish().success();
    assert!(is_link(&run.stdout), "{}", run.transcript());
    // The next is as fresh, and asks nobody.
    let next = console(&sandbox, &person).run().success();
    assert!(is_link(&next.stdout) && next.stdout != run.stdout);
    assert_eq!(person.tabs().len(), 1);
    person.nothing_is_left();
}

#[test]
fn who_is_no_administrator_hears_it() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let running = console(&sandbox, &person).start();
    person.presses(&person.tab(1), UserKind::Tenant, Button::Authorize, None);
    let run = running.finish().fails(1);
    assert!(run.stdout.is_empty() && run.stderr.contains("administrator"), "{}", run.transcript());
}

/// A code opens the console once. While that link works, nobody is asked for another.
#[test]
fn a_code_is_asked_for_once_in_ten_minutes() {
    let mut sandbox = Sandbox::with("mfa");
    let first = {
        let person = Person::at(&sandbox);
        let login = ["login", &person.url(), "--token-stdin"];
        sandbox.jitpass(login).stdin(sandbox.token("mfa")).run().success();
        let running = console(&sandbox, &person).start();
        let tab = person.tab(1);
        assert!(tab.contains("isAdmin=true"), "{tab}");
        person.presses(&tab, UserKind::Mfa, Button::Authorize, Some("123456"));
        running.finish().success().stdout
    };
    assert!(is_link(&first));
    sandbox.pass(9 * 60);
    let person = Person::at(&sandbox);
    assert_eq!(console(&sandbox, &person).run().success().stdout, first);
    assert_eq!(person.tabs().len(), 1);
    drop(person);
    sandbox.pass(2 * 60);
    let person = Person::at(&sandbox);
    let running = console(&sandbox, &person).start();
    person.presses(&person.tab(2), UserKind::Mfa, Button::Authorize, Some("123456"));
    let second = running.finish().success().stdout;
    assert!(is_link(&second) && second != first);
}
