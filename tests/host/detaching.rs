//! A process that outlives the one that started it.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

use jitpass::host::detach::{become_daemon, spawn_detached};
use rustix::process::{Pid, Signal, kill_process_group};

use super::{PART, Role, STAGE, Stage, open_files, role};

const TEST: &str = "detaching::outlives_its_starter_and_the_terminal";

/// The starter sits at a terminal with the lock of a script open. It is killed with its group, and the terminal is
/// closed; then the detached process is asked for an answer.
#[test]
fn outlives_its_starter_and_the_terminal() {
    let stage = match role() {
        Role::Test(stage) => stage,
        Role::Part(part, stage) => return play(&part, &stage),
    };
    let script = "umask 022; exec 9>lock; DUPLO_TOKEN=SIMTOKEN-1 KEPT=1 JITPASS_TEST_PART=starter exec $PLAY";
    let terminal = stage.terminal(TEST, script);
    let starter: i32 = stage.read("starter").parse().unwrap();
    let facts = stage.read("facts");
    kill_process_group(Pid::from_raw(starter).unwrap(), Signal::KILL).unwrap();
    drop(terminal);

    stage.note("question", "");
    let detached = stage.read("answer");
    let expected = format!(
        "leads its session: true\nleads its group: true\nterminal: 0\nworking directory: /\nstreams: /dev/null /dev/null \
         /dev/null\nlock: false\nmask: 0077\ncore dumps: 0\ndumpable: false\ntoken: false\nkept: true\npid: {detached}\n"
    );
    assert_eq!(facts, expected);
}

/// Started where nobody has a terminal or a group to lose, it finds nothing to do, and that is no failure.
#[test]
fn becomes_a_daemon_twice() {
    let stage = match role() {
        Role::Test(stage) => stage,
        Role::Part(_, stage) => {
            let both = [become_daemon(), become_daemon()];
            return stage.note("both", &format!("{both:?}"));
        }
    };
    let mut shell = stage.shell("detaching::becomes_a_daemon_twice", "JITPASS_TEST_PART=x exec $PLAY");
    assert!(shell.output().unwrap().status.success());
    assert_eq!(stage.read("both"), "[Ok(()), Ok(())]");
}

fn play(part: &str, stage: &Stage) {
    match part {
        "starter" => {
            let [program, args @ ..] = &*Stage::words(TEST) else { panic!("a program and its arguments") };
            // The next part to play is said by `env`, which the program replaces: what is passed on besides, and
            // what is not, is `spawn_detached`'s affair.
            let part = format!("{PART}=detached");
            let args: Vec<OsString> = [&part, program].into_iter().chain(args).map(OsString::from).collect();
            let mut child =
                spawn_detached("/usr/bin/env".as_ref(), &args, &["DUPLO_TOKEN"]).expect("it starts");
            stage.note("starter", &nix::unistd::getpgrp().to_string());
            // Until it is killed: the one it waits for outlives it.
            child.wait().expect("a child");
        }
        "detached" => {
            become_daemon().expect("a session");
            stage.note("facts", &facts().expect("Linux tells all this"));
            stage.read("question");
            stage.note("answer", &std::process::id().to_string());
        }
        other => panic!("no part is called {other}"),
    }
}

/// What the system says of this process.
fn facts() -> Option<String> {
    let stat = fs::read_to_string("/proc/self/stat").ok()?;
    let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
    let pid = std::process::id().to_string();
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let mask = status.lines().find_map(|line| line.strip_prefix("Umask:\t"))?;
    let limits = fs::read_to_string("/proc/self/limits").ok()?;
    let core = limits.lines().find_map(|line| line.strip_prefix("Max core file size"))?;
    let files = open_files();
    let stage = std::env::var_os(STAGE)?;
    let streams: Vec<_> = files[..3].iter().filter_map(|file| file.to_str()).collect();
    let dumpable = rustix::process::dumpable_behavior().ok()?;
    let lines = [
        ("leads its session", (fields[3] == pid).to_string()),
        ("leads its group", (fields[2] == pid).to_string()),
        ("terminal", fields[4].to_owned()),
        ("working directory", std::env::current_dir().ok()?.display().to_string()),
        ("streams", streams.join(" ")),
        ("lock", files.contains(&Path::new(&stage).join("lock")).to_string()),
        ("mask", mask.to_owned()),
        ("core dumps", core.split_whitespace().next()?.to_owned()),
        ("dumpable", (dumpable == rustix::process::DumpableBehavior::Dumpable).to_string()),
        ("token", std::env::var_os("DUPLO_TOKEN").is_some().to_string()),
        ("kept", std::env::var_os("KEPT").is_some().to_string()),
        ("pid", pid),
    ];
    Some(lines.iter().map(|(name, value)| format!("{name}: {value}\n")).collect())
}
