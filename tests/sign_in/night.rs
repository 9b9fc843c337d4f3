//! Nobody is there: an editor goes on asking all night.

use jitpass::demo::portal::UserKind;

use super::person::{Person, port_of};
use crate::demo::raw;
use crate::harness::{Call, Run, Sandbox};

const TENANT: &[&str] = &["--tenant", "dev01"];
const TENANTS: [&str; 3] = ["dev01", "qa01", "stage01"];

/// Makes a program give up, and a listener end, in a fraction of a second. (Programs that want the same wait for one
/// another, and that would be cut short too: those of a test want different things.)
fn hasty(call: Call) -> Call {
    call.env("JITPASS_TEST_HASTE", "200")
}

/// A failure as SDKs show it: one line that names the remedy.
#[track_caller]
fn refused(run: Run) -> Run {
    let run = run.fails(1);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.transcript());
    assert!(run.stdout.is_empty() && run.stderr.contains("jitpass login http"), "{}", run.transcript());
    run
}

/// A program on its own that asks in vain.
#[track_caller]
fn in_vain(person: &Person<'_>, sandbox: &Sandbox) -> Run {
    refused(hasty(person.program(sandbox, TENANT)).run())
}

/// Nobody answers the first tab, and its listener goes.
#[track_caller]
fn ignored_once(person: &Person<'_>, sandbox: &Sandbox) -> String {
    in_vain(person, sandbox);
    person.nothing_is_left();
    person.tab(1)
}

#[test]
fn a_night_takes_three_tabs_and_the_morning_needs_no_other() {
    let mut sandbox = Sandbox::with("new,seed=1");
    let others = [raw::start("new,seed=2"), raw::start("new,seed=3")];
    let mut ports = Vec::new();
    // Ten hours, every half an hour three programs at each portal.
    for round in 0..20 {
        let people =
            [sandbox.portal(), &others[0], &others[1]].map(|portal| Person::at_portal(&sandbox, portal));
        let calls = people
            .iter()
            .flat_map(|person| TENANTS.map(|tenant| hasty(person.program(&sandbox, &["--tenant", tenant]))));
        let started: Vec<_> = calls.map(Call::start).collect();
        for program in started {
            refused(program.finish());
        }
        for person in &people {
            person.nothing_is_left();
            let record = person.record();
            assert_eq!(person.tabs().len(), 1, "round {round}");
            assert!(record.unanswered > 0, "round {round}: {record:?}");
            if round > 0 {
                // Each round somebody listened where the tab points, and nobody else's port was taken.
                assert_eq!(record.port, Some(port_of(&person.tab(1))), "round {round}");
                assert!(record.quiet_until > 0 && record.unanswered > round, "round {round}: {record:?}");
            }
        }
        ports = people.iter().map(|person| port_of(&person.tab(1))).collect();
        sandbox.pass(1800);
        for portal in &others {
            portal.portal().advance_clock(1800);
        }
    }
    let people = [sandbox.portal(), &others[0], &others[1]].map(|portal| Person::at_portal(&sandbox, portal));
    for (person, port) in people.iter().zip(ports) {
        let program = person.program(&sandbox, TENANT).start();
        let listener = person.listener();
        assert_eq!(person.record().wait.map(|wait| wait.port), Some(port), "{listener:?}");
        let page = person.authorizes(&person.tab(1), UserKind::Tenant);
        assert!(page.contains("pat@example.com"), "{page}");
        program.finish().success();
        assert_eq!(person.record().unanswered, 0);
        // And what comes after needs nobody.
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "qa01"]).run().success();
        assert_eq!(person.tabs().len(), 1);
        person.nothing_is_left();
    }
}

#[test]
fn programs_on_their_own_fail_at_once_for_a_while() {
    let mut sandbox = Sandbox::with("new");
    let (_, requests) = (ignored_once(&Person::at(&sandbox), &sandbox), sandbox.requests());
    let wait = Person::at(&sandbox).record().wait;
    for _ in 0..3 {
        let run = Person::at(&sandbox).program(&sandbox, TENANT).run();
        assert!(refused(run).stderr.contains("nobody answered"));
    }
    assert_eq!(Person::at(&sandbox).record().wait, wait, "nobody listened meanwhile");
    assert_eq!(sandbox.requests(), requests);
    // The pause is over: somebody listens, without a browser.
    sandbox.pass(31);
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    person.listener();
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
}

#[test]
fn somebody_at_the_terminal_gets_a_tab() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    ignored_once(&person, &sandbox);
    let program = person.attended(&sandbox, TENANT).start();
    let page = person.authorizes(&person.tab(2), UserKind::Tenant);
    assert!(page.contains("pat@example.com"), "{page}");
    program.finish().success();
}

#[test]
fn login_makes_programs_bold_again() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    ignored_once(&person, &sandbox);
    let login = ["login", &person.url(), "--token-stdin"];
    sandbox.jitpass(login).stdin(sandbox.token("tenant")).run().success();
    sandbox.jitpass(["logout", &person.url()]).run().success();
    let program = person.program(&sandbox, TENANT).start();
    person.authorizes(&person.tab(2), UserKind::Tenant);
    program.finish().success();
}

#[test]
fn after_cancel_programs_open_nothing() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    let page = person.cancels(&person.tab(1));
    assert!(!page.contains("<form"), "{page}");
    let run = refused(program.finish());
    assert!(run.stderr.contains("was cancelled"), "{}", run.transcript());
    person.nothing_is_left();
    assert!(refused(person.program(&sandbox, TENANT).run()).stderr.contains("was cancelled in the browser"));
    assert_eq!(person.tabs().len(), 1);
    // A person who says `login` gets one.
    let url = person.url();
    let login = sandbox.jitpass(["login", &url]).env("BROWSER", &person.browser).start();
    person.authorizes(&person.tab(2), UserKind::Tenant);
    login.finish().success();
    person.program(&sandbox, TENANT).run().success();
    assert_eq!(person.tabs().len(), 2);
}

#[test]
fn a_clock_that_was_wrong_silences_nobody() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let now = jitpass::host::clock::now().seconds();
    let next_year = hasty(person.program(&sandbox, TENANT)).at(now + 365 * 86_400).run();
    refused(next_year);
    person.nothing_is_left();
    assert!(person.record().quiet_until > now + 364 * 86_400);
    // The clock is right again.
    let program = person.program(&sandbox, TENANT).start();
    person.listener();
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
}
