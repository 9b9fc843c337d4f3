//! What a person does with `jitpass profile`, `jitpass sync` leaves as it is.

use super::{SETTINGS, profile, set_up};
use crate::harness::Sandbox;

/// `sync` finds nothing to do, and nothing to ask.
#[track_caller]
fn is_settled(sandbox: &Sandbox) {
    let run = sandbox.jitpass(["sync", "--dry-run"]).run().success();
    assert_eq!(run.stdout, "", "{run:?}");
    assert!(!run.stderr.contains("! "), "{run:?}");
    let before = sandbox.read(".aws/config");
    sandbox.jitpass(["sync", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config"), before);
}

#[test]
fn what_is_edited_stays() {
    let sandbox = set_up("new,tenants=3");
    is_settled(&sandbox);
    for args in [
        ["edit", "acme-dev01", "--region", "eu-west-1"],
        ["edit", "acme-dev01", "--set", "output=json"],
        ["edit", "acme-dev01", "--unset", "region"],
        ["edit", "acme-dev01", "--region", "own"],
        ["edit", "acme-qa01", "--set", "region=eu-west-2"],
    ] {
        profile(&sandbox, &args).args(["--yes"]).run().success();
        is_settled(&sandbox);
    }
}

#[test]
fn another_name_stays() {
    let sandbox = set_up("new,tenants=2");
    profile(&sandbox, &["rename", "acme-dev01", "work", "--yes"]).run().success();
    is_settled(&sandbox);
    profile(&sandbox, &["rename", "work", "acme-dev01", "--yes"]).run().success();
    is_settled(&sandbox);
}

#[test]
fn what_is_added_stays() {
    let sandbox = set_up("new,tenants=2");
    profile(&sandbox, &["remove", "acme-dev01", "--yes"]).run().success();
    profile(&sandbox, &["add", "work", "--host", "acme", "--tenant", "dev01", "--yes"]).run().success();
    is_settled(&sandbox);
    profile(&sandbox, &["add", "mine", "--host", "acme", "--tenant", "dev01", "--yes"]).run().success();
    profile(&sandbox, &["add", "ops", "--host", "acme", "--duplo-ops", "--yes"]).run().success();
    is_settled(&sandbox);
}

#[test]
fn what_is_removed_comes_back_unless_it_is_excluded() {
    let sandbox = set_up("new,tenants=3");
    profile(&sandbox, &["remove", "acme-dev01", "--yes"]).run().success();
    let run = sandbox.jitpass(["sync", "--dry-run"]).run().fails(3);
    assert!(run.stdout.contains("+ [profile acme-dev01]"), "{run:?}");
    let settings = sandbox.read(SETTINGS);
    sandbox.write(SETTINGS, settings.replace("tenants = \"all\"", "tenants = \"all\"\nexclude = [\"dev*\"]"));
    is_settled(&sandbox);
    let run = profile(&sandbox, &["remove", "acme-q*", "--dry-run"]).run().fails(3);
    assert!(run.stderr.contains("--exclude qa01\n"), "{run:?}");
    // What was excluded does not come back.
    let settings = sandbox.read(SETTINGS);
    sandbox.write(SETTINGS, settings.replace("\"dev*\"", "\"dev*\", \"qa0?\""));
    let run = profile(&sandbox, &["remove", "acme-q*", "--dry-run"]).run().fails(3);
    assert!(!run.stderr.contains("--exclude"), "{run:?}");
}

#[test]
fn another_tenant_stays() {
    let sandbox = set_up("new,tenants=3");
    profile(&sandbox, &["edit", "acme-dev01", "--tenant", "qa01", "--yes"]).run().success();
    is_settled(&sandbox);
}
