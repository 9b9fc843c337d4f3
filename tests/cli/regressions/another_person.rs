//! Somebody else signs in while programs ask for credentials all the time.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use jitpass::demo::portal::{Fault, UserKind};

use super::login;
use crate::harness::{Run, Sandbox};

/// Who signs in, in turn. All of them may use the tenant.
const PEOPLE: [UserKind; 3] = [UserKind::Admin, UserKind::Tenant, UserKind::ReadOnly];

const ROUNDS: usize = 20;
const PROGRAMS: usize = 8;

/// An answer: the last sign-in that had ended when it was asked for, the last that had begun when it came, the key.
type Answer = (usize, usize, String);

/// Sets it when it goes, so that a failure ends the other threads.
struct Ends<'a>(&'a AtomicBool);

impl Drop for Ends<'_> {
    fn drop(&mut self) {
        self.0.store(true, SeqCst);
    }
}

fn person(round: usize) -> UserKind {
    PEOPLE[round % PEOPLE.len()]
}

#[test]
fn programs_fail_or_get_what_was_the_others() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    // Files are not compared: too many are at work here.
    let sign_in = |round: usize| login(&sandbox, person(round).name()).start().finish().success();
    let (begun, ended, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicBool::new(false));
    let ask = || -> Answer {
        let from = ended.load(SeqCst);
        let run = sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01"]).start().finish().success();
        assert_eq!(run.stderr, "");
        (from, begun.load(SeqCst), run.field("AccessKeyId"))
    };
    sign_in(0);
    let answers: Vec<Answer> = thread::scope(|scope| {
        let end = Ends(&done);
        let program = || {
            let _end = Ends(&done);
            std::iter::from_fn(|| (!done.load(SeqCst)).then(ask)).collect::<Vec<_>>()
        };
        let programs: Vec<_> = (0..PROGRAMS).map(|_| scope.spawn(program)).collect();
        let mut answers = Vec::new();
        for round in 1..=ROUNDS {
            begun.store(round, SeqCst);
            sign_in(round);
            ended.store(round, SeqCst);
            answers.push(ask());
        }
        drop(end);
        let others = programs.into_iter().flat_map(|program| program.join().expect("every call is answered"));
        answers.extend(others);
        answers
    });
    let issued = sandbox.portal().portal().issued();
    let whose: HashMap<&str, UserKind> = issued.iter().map(|i| (i.key_id.as_str(), i.user)).collect();
    for (from, to, key) in &answers {
        let whose = whose[key.as_str()];
        assert!((*from..=*to).any(|round| person(round) == whose), "{whose:?}'s, in rounds {from} to {to}");
    }
    assert!(answers.len() >= ROUNDS + PROGRAMS, "{} answers", answers.len());
}

#[test]
fn what_came_late_for_one_is_kept_for_the_other() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let ask = || sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01"]).start();
    let whose = |run: Run| {
        let (key, issued) = (run.success().field("AccessKeyId"), sandbox.portal().portal().issued());
        issued.into_iter().find(|issued| issued.key_id == key).map(|issued| issued.user)
    };
    login(&sandbox, "admin").run().success();
    let slow = Fault::Slow(Duration::from_secs(2));
    sandbox.portal().portal().fault("subscriptions/{id}/GetAwsConsoleTokenUrl", slow, Some(1));
    let late = ask();
    while sandbox.portal().counts().of("GET subscriptions/{id}/GetAwsConsoleTokenUrl") == 0 {
        thread::yield_now();
    }
    login(&sandbox, "tenant").start().finish().success();
    assert_eq!(whose(late.finish()), Some(UserKind::Admin));
    assert_eq!(whose(ask().finish()), Some(UserKind::Tenant));
}
