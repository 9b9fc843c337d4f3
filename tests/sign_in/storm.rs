//! Everybody at once: nobody is signed in anywhere, and a hundred programs want credentials.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use jitpass::demo::portal::{Running, UserKind};

use super::person::Person;
use super::processes::Process;
use crate::demo::raw;
use crate::harness::{Sandbox, Started};

const PROGRAMS: usize = 100;
const SCOPES: [&[&str]; 4] =
    [&["--tenant", "dev01"], &["--tenant", "qa01"], &["--tenant", "stage01"], &["--admin"]];

/// The waits for which somebody was seen to listen, while the storm lasts.
fn watched(marks: &[String], is_over: &AtomicBool) -> BTreeSet<(String, String)> {
    let mut seen = BTreeSet::new();
    while !is_over.load(Ordering::Relaxed) {
        for mark in marks {
            let waits = Process::all_of(mark).into_iter().filter_map(|process| process.wait());
            seen.extend(waits.map(|wait| (mark.clone(), wait)));
        }
        thread::sleep(Duration::from_millis(20));
    }
    seen
}

#[test]
fn a_hundred_programs_at_three_portals_take_three_tabs() {
    let sandbox = Sandbox::with("new,seed=1");
    let others: [Running; 2] = [raw::start("new,seed=2"), raw::start("older,seed=3")];
    let people = [sandbox.portal(), &others[0], &others[1]].map(|portal| Person::at_portal(&sandbox, portal));
    let marks = people.each_ref().map(Person::mark);
    let is_over = AtomicBool::new(false);
    let seen = thread::scope(|scope| {
        let watch = scope.spawn(|| watched(&marks, &is_over));
        let programs: Vec<Started> = (0..PROGRAMS)
            .map(|n| people[n % 3].program(&sandbox, SCOPES[n / 3 % SCOPES.len()]).start())
            .collect();
        for person in &people {
            let page = person.authorizes(&person.tab(1), UserKind::Admin);
            assert!(page.is_empty() || page.contains("ada@example.com") || page == "done\n", "{page}");
        }
        let answers: Vec<(usize, String)> = programs
            .into_iter()
            .enumerate()
            .map(|(n, program)| (n, program.finish().success().field("AccessKeyId")))
            .collect();
        is_over.store(true, Ordering::Relaxed);
        // Whoever asked for the same got the same, and nobody got what is another's.
        let mut keys: BTreeMap<(usize, usize), BTreeSet<String>> = BTreeMap::new();
        for (n, key) in answers {
            keys.entry((n % 3, n / 3 % SCOPES.len())).or_default().insert(key);
        }
        assert_eq!(keys.len(), 3 * SCOPES.len());
        assert!(keys.values().all(|same| same.len() == 1), "{keys:?}");
        let different: BTreeSet<&String> = keys.values().flatten().collect();
        assert_eq!(different.len(), keys.len());
        watch.join().expect("the watch does not panic")
    });
    let portals: Vec<&str> = seen.iter().map(|(portal, _)| portal.as_str()).collect();
    assert_eq!(portals.len(), 3, "one listener at each: {seen:?}");
    for person in &people {
        assert_eq!(person.tabs().len(), 1, "one tab at {}", person.url());
        person.nothing_is_left();
    }
    for portal in [sandbox.portal(), &others[0], &others[1]] {
        let roles: Vec<String> = portal.portal().issued().into_iter().map(|issued| issued.role).collect();
        let once: BTreeSet<&String> = roles.iter().collect();
        assert_eq!((roles.len(), once.len()), (SCOPES.len(), SCOPES.len()), "one request each: {roles:?}");
    }
}
