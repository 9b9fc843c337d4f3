//! The process that listens: what it holds, what it lets go, and that it ends.

use std::fs;
use std::path::{Path, PathBuf};

use jitpass::demo::portal::UserKind;

use super::person::{Person, until};
use super::processes::Process;
use crate::harness::Sandbox;

const TENANT: &[&str] = &["--tenant", "dev01"];

#[test]
fn it_is_cut_off_from_whoever_started_it() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let held = sandbox.root().join("held");
    let script = format!(
        "ulimit -c unlimited; umask 022; exec 9> '{}'; exec jitpass aws --host {} --tenant dev01 --interactive",
        held.display(),
        person.url()
    );
    let call = sandbox.command("/bin/sh").args(["-c", &script]).prints_credentials();
    let program = call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no").start();
    person.tab(1);
    let listener = person.listener();
    let asker = until("the asker", || {
        Process::all_of(&person.mark()).into_iter().find(|process| !process.is_listener())
    });
    assert!(asker.open_files().contains(&held), "the control: it was inherited so far");
    assert_eq!((listener.session(), listener.group()), (i64::from(listener.id), i64::from(listener.id)));
    assert_eq!(listener.terminal(), 0);
    assert_eq!(fs::read_link(listener.file("cwd")).expect("it lives"), Path::new("/"));
    let status = fs::read_to_string(listener.file("status")).expect("it lives");
    assert!(status.lines().any(|line| line == "Umask:\t0077"), "{status}");
    let limits = fs::read_to_string(listener.file("limits")).expect("it lives");
    let cores = limits.lines().find(|line| line.starts_with("Max core file size")).unwrap_or_default();
    assert_eq!(cores.split_whitespace().nth(4), Some("0"), "{limits}");
    let files = listener.open_files();
    let own = |file: &PathBuf| {
        let name = file.display().to_string();
        let state = sandbox.home().join(".local/state/jitpass/sign-in");
        name == "/dev/null"
            || name.starts_with("socket:")
            || name.starts_with("anon_inode:")
            || name.starts_with("/dev/urandom")
            || file.starts_with(state)
    };
    assert!(files.iter().all(own), "{files:?}");
    assert_eq!(files.iter().filter(|file| *file == Path::new("/dev/null")).count(), 3, "{files:?}");
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
}

#[test]
fn nobody_looks_into_it() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let Some(user) = sandbox.hand_over() else { return };
    let args = ["aws", "--host", &person.url(), "--tenant", "dev01", "--interactive"];
    let call = user.jitpass(args).env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no");
    let program = call.start();
    person.tab(1);
    // (Its record is another's file, which is not read here.)
    let listener =
        until("a listener", || Process::all_of(&person.mark()).into_iter().find(Process::is_listener));
    // The kernel gives what cannot be dumped to root: no other process of the same person may look into it.
    let look = |process: &Process| {
        let memory = process.file("environ").display().to_string();
        user.command("/bin/cat").args([memory]).run().status.success()
    };
    let control = user.command("/bin/sleep").args(["60"]).start();
    let sleeper = until("the control", || Process::all_of("/bin/sleep 60").into_iter().find(&look));
    assert!(look(&sleeper), "the control: others can be looked into");
    assert!(!look(&listener), "the listener can be looked into");
    control.kill();
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
    person.nothing_is_left();
}

/// Whether a process of this id is gone. A zombie waits for a parent that does not look: that is ours, unless the
/// parent is the first of all processes, which in some containers looks after nobody.
fn is_gone(id: u32) -> bool {
    let stat = std::fs::read_to_string(Path::new("/proc").join(id.to_string()).join("stat"));
    stat.map_or(true, |stat| stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with("Z 1 ")))
}

#[test]
fn it_leaves_nobody_behind_however_it_ends() {
    for ending in ["signed in", "cancelled", "unanswered", "called off"] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let call = person.program(&sandbox, TENANT);
        let call = if ending == "unanswered" { call.env("JITPASS_TEST_HASTE", "200") } else { call };
        let program = call.start();
        let tab = person.tab(1);
        let id = until("a listener", || person.record().wait.map(|wait| wait.pid).filter(|id| *id != 0));
        match ending {
            "signed in" => drop(person.authorizes(&tab, UserKind::Tenant)),
            "cancelled" => drop(person.cancels(&tab)),
            "called off" => drop(sandbox.jitpass(["logout", &person.url()]).run()),
            _ => {}
        }
        let run = program.finish();
        assert_eq!(run.status.success(), ending == "signed in", "{ending}\n{}", run.transcript());
        person.nothing_is_left();
        until("the listener is gone and reaped", || is_gone(id).then_some(()));
        assert!(!person.sign_ins().is_listening(&person.address()), "{ending}");
        let port = super::person::port_of(&tab);
        assert!(std::net::TcpStream::connect(("127.0.0.1", port)).is_err(), "{ending}");
    }
}
