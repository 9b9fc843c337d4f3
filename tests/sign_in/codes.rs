//! Portals that want a one-time code for administrators' work: it is good once, so that the credential is fetched in
//! the same breath.

use jitpass::demo::portal::{Button, UserKind};

use super::person::{Person, until};
use super::processes::Process;
use crate::harness::Sandbox;

const CODE: Option<&str> = Some("123456");

fn roles(sandbox: &Sandbox) -> Vec<String> {
    sandbox.portal().portal().issued().into_iter().map(|issued| issued.role).collect()
}

#[test]
fn one_code_serves_all_who_wait() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let first = person.program(&sandbox, &["--admin"]).start();
    let tab = person.tab(1);
    assert!(tab.contains("isAdmin=true"), "{tab}");
    let others = [["--admin", "--no-cache"], ["--tenant", "dev01"]];
    let others = others.map(|scope| person.program(&sandbox, &scope).start());
    let page = person.presses(&tab, UserKind::Mfa, Button::Authorize, CODE);
    assert!(page.contains("mia@example.com"), "{page}");
    let key = first.finish().success().field("AccessKeyId");
    let [admin, tenant] = others.map(|program| program.finish().success().field("AccessKeyId"));
    assert_eq!(admin, key);
    assert_ne!(tenant, key);
    let mut roles = roles(&sandbox);
    roles.sort();
    assert_eq!(roles, ["duplomaster", "duploservices-dev01"]);
    // From now on it is a hit.
    let requests = sandbox.requests();
    let next = sandbox.jitpass(["aws", "--host", &person.url(), "--admin"]).run().success();
    assert_eq!((next.field("AccessKeyId"), sandbox.requests()), (key, requests));
    assert_eq!(person.tabs().len(), 1);
}

#[test]
fn who_joined_a_wait_without_a_code_gets_another() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let tenant = person.program(&sandbox, &["--tenant", "dev01"]).start();
    let tab = person.tab(1);
    assert!(!tab.contains("isAdmin"), "{tab}");
    let admin = person.program(&sandbox, &["--admin"]).start();
    let page = person.presses(&tab, UserKind::Mfa, Button::Authorize, None);
    assert!(page.contains("mia@example.com"), "{page}");
    tenant.finish().success();
    let second = person.tab(2);
    assert!(second.contains("isAdmin=true"), "{second}");
    person.presses(&second, UserKind::Mfa, Button::Authorize, CODE);
    admin.finish().success();
    assert_eq!(person.tabs().len(), 2);
    person.nothing_is_left();
}

#[test]
fn a_wrong_code_can_be_typed_again_in_the_same_tab() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, &["--admin"]).start();
    let tab = person.tab(1);
    for wrong in ["654321", "111111"] {
        let page = person.presses(&tab, UserKind::Mfa, Button::Authorize, Some(wrong));
        assert!(page.contains("The code was not accepted"), "{page}");
        assert!(roles(&sandbox).is_empty());
    }
    person.presses(&tab, UserKind::Mfa, Button::Authorize, CODE);
    program.finish().success();
    assert_eq!(roles(&sandbox), ["duplomaster"]);
    person.nothing_is_left();
    assert_eq!(person.tabs().len(), 1);
}

#[test]
fn a_token_alone_is_not_enough_and_that_is_said() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    for scope in [["--admin"].as_slice(), &["--admin", "--no-cache"]] {
        let call = person.program(&sandbox, scope).env("DUPLO_TOKEN", sandbox.token("mfa"));
        let run = call.env("DUPLO_HOST", person.url()).run().fails(1);
        assert!(
            run.stderr.contains("one-time code") && run.stderr.lines().count() == 1,
            "{}",
            run.transcript()
        );
    }
    assert!(person.tabs().is_empty(), "whoever gives a token wants no browser");
}

#[test]
fn a_stored_token_is_kept_while_a_code_is_asked_for() {
    let sandbox = Sandbox::with("mfa");
    let person = Person::at(&sandbox);
    let login = ["login", &person.url(), "--token-stdin"];
    sandbox.jitpass(login).stdin(sandbox.token("mfa")).run().success();
    sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().success();
    let program = person.program(&sandbox, &["--admin"]).start();
    let tab = person.tab(1);
    let still = Process::all_of(&person.mark()).into_iter().any(|process| process.is_listener());
    assert!(still && tab.contains("isAdmin=true"), "{tab}");
    sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "qa01"]).run().success();
    person.presses(&tab, UserKind::Mfa, Button::Authorize, CODE);
    program.finish().success();
    until("all of them gone", || Process::all_of(&person.mark()).is_empty().then_some(()));
}
