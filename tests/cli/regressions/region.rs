//! Regions that could not be undone, and regions that are none.

use super::setup;
use crate::harness::Sandbox;

/// How many profiles have which region.
fn count(sandbox: &Sandbox, region: &str) -> usize {
    sandbox.read(".aws/config").matches(&format!("region = {region}\n")).count()
}

#[test]
fn one_region_for_all_is_for_ever() {
    let sandbox = Sandbox::with("new,tenants=4,regions=us-west-2+eu-central-1");
    let counts = || (count(&sandbox, "us-west-2"), count(&sandbox, "eu-central-1"));
    setup(&sandbox, &["--region", "eu-central-1"]).run().success();
    assert_eq!(counts(), (0, 5));
    // It is remembered until told otherwise.
    setup(&sandbox, &[]).run().success();
    assert_eq!(counts(), (0, 5));
    let run = setup(&sandbox, &["--region", "own"]).run().success();
    assert_eq!(counts(), (4, 1), "{}", run.transcript());
    assert!(!run.stderr.contains("by hand"), "{}", run.stderr);
    assert!(!sandbox.read(".config/jitpass/config.toml").contains("region"));
    setup(&sandbox, &[]).run().success();
    assert_eq!(counts(), (4, 1));
}

#[test]
fn a_mistyped_region_is_taken_without_a_word() {
    let sandbox = Sandbox::with("new,tenants=2,regions=us-west-2+eu-central-1");
    for (typed, said) in [
        ("us-wset-2", "! us-wset-2 is no region of this portal; did you mean us-west-2?\n"),
        ("eu-centrel-1", "! eu-centrel-1 is no region of this portal; did you mean eu-central-1?\n"),
        ("me-south-1", "! me-south-1 is no region of this portal\n"),
    ] {
        let run = setup(&sandbox, &["--dry-run", "--region", typed]).run().success();
        assert!(run.stderr.contains(said), "{}", run.stderr);
    }
    let run = setup(&sandbox, &["--dry-run", "--region", "us-west-2"]).run().success();
    assert!(!run.stderr.contains("is no region"), "{}", run.stderr);
    let run = setup(&sandbox, &["--dry-run", "--region", "west"]).run().fails(2);
    assert!(run.stderr.contains("a region looks like `us-west-2`"), "{}", run.stderr);
}
