//! The stand-in itself.

use super::{ODD, ODD_PLACE, StandIn, variables};
use crate::harness::Sandbox;

#[test]
fn the_stand_in_writes_down_what_it_is_given() {
    let sandbox = Sandbox::new();
    for place in [ODD_PLACE, "plain"] {
        let stand_in = StandIn::at(&sandbox, place);
        let run = sandbox.command(stand_in.program()).args(ODD).args(["two\nlines"]).run().success();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
        assert_eq!(stand_in.calls(), [[ODD.as_slice(), &["two\nlines"]].concat()]);
        assert!(stand_in.calls().is_empty());
    }
}

#[test]
fn the_stand_in_says_what_it_is_told() {
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, "place");
    stand_in.answers("use", "AWS_PROFILE=x\n", 3);
    stand_in.complains("use", "oops\n");
    stand_in.listens("use");
    let run = sandbox.command(stand_in.program()).args(["use", "x"]).stdin("in").run().fails(3);
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("AWS_PROFILE=x\n", "oops\n"));
    assert_eq!(stand_in.heard("use"), "in");
    let run = sandbox.command(stand_in.program()).args(["console", "use"]).run().success();
    assert_eq!(run.stdout, "");
    assert_eq!(stand_in.calls(), [["use", "x"], ["console", "use"]]);
}

#[test]
fn variables_are_read_exactly() {
    let sandbox = Sandbox::new();
    let run = sandbox.command("/usr/bin/env").args(["-0"]).env("AWS_PROFILE", "a=b\nc ").run().success();
    assert_eq!(variables(&run.stdout).get("AWS_PROFILE").map(String::as_str), Some("a=b\nc "));
}
