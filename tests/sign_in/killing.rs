//! Callers kill: SDKs after 5 to 60 seconds, Terraform with the whole group, a person by closing the terminal. The
//! sign-in goes on, and the next call finds the token.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;

use jitpass::demo::portal::UserKind;
use rexpect::session::spawn_command;

use super::person::{Person, until};
use super::processes::Process;
use crate::harness::{Call, Sandbox};

const TENANT: &[&str] = &["--tenant", "dev01"];

/// The command line of the credential process, for a shell.
fn line(person: &Person<'_>) -> String {
    format!("jitpass aws --host {} --tenant dev01 --interactive", person.url())
}

/// As a runner in Go calls it: a shell between.
fn by_shell(sandbox: &Sandbox, person: &Person<'_>, script: &str) -> Call {
    let call = sandbox.command("/bin/sh").args(["-c", script]).prints_credentials();
    call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no")
}

/// The browser answers although nobody waits any more; what comes next needs no browser.
#[track_caller]
fn goes_on(person: &Person<'_>, sandbox: &Sandbox) {
    let page = person.authorizes(&person.tab(1), UserKind::Tenant);
    assert!(page.contains("pat@example.com"), "{page}");
    person.nothing_is_left();
    let next = ["aws", "--host", &person.url(), "--tenant", "dev01"];
    let key = sandbox.jitpass(next).run().success().field("AccessKeyId");
    let requests = sandbox.requests();
    assert_eq!(sandbox.jitpass(next).run().success().field("AccessKeyId"), key);
    assert_eq!(sandbox.requests(), requests, "the second is a hit");
    assert_eq!(person.tabs().len(), 1);
}

/// Those that wait at the portal: neither listeners nor shells.
fn askers(person: &Person<'_>) -> Vec<Process> {
    let mut all = Process::all_of(&person.mark());
    all.retain(|process| !process.is_listener() && process.line.starts_with("jitpass aws"));
    all
}

#[test]
fn the_asker_and_its_group() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    person.tab(1);
    let listener = person.listener();
    program.kill();
    let left = until("only the listener", || {
        let left = Process::all_of(&person.mark());
        (left.len() == 1).then_some(left)
    });
    assert_eq!(left, [listener]);
    goes_on(&person, &sandbox);
}

#[test]
fn a_runner_kills_its_shell_alone_or_the_group() {
    for kills_group in [false, true] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let script = format!("{}; exit $?", line(&person));
        let runner = by_shell(&sandbox, &person, &script).start();
        person.tab(1);
        let listener = person.listener();
        let shell = until("the shell", || {
            Process::all_of(&person.mark()).into_iter().find(|process| process.line.starts_with("/bin/sh -c"))
        });
        assert_ne!(listener.group(), shell.group());
        assert_ne!(listener.session(), shell.session());
        if kills_group {
            shell.kill_group();
            until("no asker", || askers(&person).is_empty().then_some(()));
        } else {
            // The asker is nobody's child now, and goes on.
            shell.kill();
            assert_eq!(askers(&person).len(), 1);
        }
        goes_on(&person, &sandbox);
        runner.finish();
    }
}

#[test]
fn a_runner_that_gives_it_no_time() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    // Like an SDK that gives five seconds, over and over: the first finds nobody, the later ones join.
    let script = format!("timeout --signal=KILL 5 {}", line(&person));
    for _ in 0..2 {
        let run = by_shell(&sandbox, &person, &script).run();
        assert!(!run.status.success() && run.stdout.is_empty(), "{}", run.transcript());
        person.tab(1);
    }
    goes_on(&person, &sandbox);
}

#[test]
fn the_terminal_is_closed() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let environment = sandbox.command("/usr/bin/env").args(["-0"]).run().success().stdout;
    let mut command = std::process::Command::new("/bin/sh");
    command.env_clear().current_dir(sandbox.home()).env("BROWSER", &person.browser);
    command.envs(environment.split('\0').filter_map(|pair| pair.split_once('=')));
    command.args(["-mc", &format!("{}; :", line(&person))]);
    let terminal = spawn_command(command, Some(30_000)).expect("a terminal");
    person.tab(1);
    let listener = person.listener();
    assert_eq!((listener.session(), listener.terminal()), (i64::from(listener.id), 0));
    assert_eq!(askers(&person).len(), 1);
    drop(terminal);
    until("no asker", || askers(&person).is_empty().then_some(()));
    goes_on(&person, &sandbox);
}

#[test]
fn the_listener_itself() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let scopes = [TENANT, &["--tenant", "qa01"], &["--tenant", "stage01"]];
    let programs = scopes.map(|scope| person.program(&sandbox, scope).start());
    person.tab(1);
    let first = person.listener();
    first.kill();
    // The tab is still there: another listens where it points.
    next_listener(&person, &first);
    let page = person.authorizes(&person.tab(1), UserKind::Tenant);
    assert!(page.contains("pat@example.com"), "{page}");
    for program in programs {
        program.finish().success();
    }
    person.nothing_is_left();
    assert_eq!(person.tabs().len(), 1, "nobody opened another");
}

/// The listener that took the place of one that was killed.
#[track_caller]
fn next_listener(person: &Person<'_>, before: &Process) -> Process {
    until("another listener", || {
        let wait = person.record().wait.filter(|wait| wait.pid != before.id && wait.pid != 0)?;
        let all = Process::all_of(&person.mark());
        all.into_iter().find(|process| process.is_listener() && process.id == wait.pid)
    })
}

#[test]
fn the_listener_when_nobody_waits() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, TENANT).start();
    person.tab(1);
    let listener = person.listener();
    program.kill();
    listener.kill();
    person.nothing_is_left();
    let program = person.program(&sandbox, TENANT).start();
    next_listener(&person, &listener);
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
    assert_eq!(person.tabs().len(), 1);
}

#[test]
fn the_program_is_replaced_or_gone() {
    for is_replaced in [true, false] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let (program, newer) = (sandbox.root().join("own"), sandbox.root().join("newer"));
        fs::copy(env!("CARGO_BIN_EXE_jitpass"), &program).expect("the sandbox is ours");
        let scope = ["aws", "--host", &person.url(), "--tenant", "dev01", "--interactive"];
        let call = sandbox.command(&program).args(scope).env("BROWSER", &person.browser);
        let asker = call.env("JITPASS_TEST_ATTENDED", "no").start();
        person.tab(1);
        let listener = person.listener();
        if is_replaced {
            fs::write(&newer, "#!/bin/sh\nexit 3\n").expect("the sandbox is ours");
            fs::set_permissions(&newer, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
            fs::rename(&newer, &program).expect("the sandbox is ours");
            person.authorizes(&person.tab(1), UserKind::Tenant);
        } else {
            fs::remove_file(&program).expect("the sandbox is ours");
            // Even the next listener can be started.
            listener.kill();
            next_listener(&person, &listener);
            person.authorizes(&person.tab(1), UserKind::Tenant);
        }
        asker.finish().success();
        person.nothing_is_left();
    }
}

#[test]
fn without_streams() {
    for closed in ["<&-", "2>&-", "<&- 2>&-", "<&- >&- 2>&-"] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let script = format!("exec {} {closed}", line(&person));
        let program = by_shell(&sandbox, &person, &script).start();
        person.authorizes(&person.tab(1), UserKind::Tenant);
        let run = program.finish();
        if !closed.contains(" >&-") {
            run.success().field("AccessKeyId");
        }
        person.nothing_is_left();
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01"]).run().success();
    }
}
