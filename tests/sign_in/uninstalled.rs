//! `jitpass uninstall` while a sign-in waits for the browser.

use super::person::Person;
use crate::harness::Sandbox;

#[test]
fn the_wait_ends_and_nothing_is_written_after() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let program = person.program(&sandbox, &["--tenant", "dev01"]).start();
    person.tab(1);
    person.listener();
    sandbox.jitpass(["uninstall", "--yes"]).run().success();
    program.finish().fails(1);
    person.nothing_is_left();
    assert_eq!(std::fs::read_dir(sandbox.home()).unwrap().count(), 0, "whoever waited wrote something");
}
