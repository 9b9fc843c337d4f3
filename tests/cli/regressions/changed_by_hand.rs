//! “changed by hand” where nobody changed anything.

use std::fs;
use std::os::unix::fs::symlink;

use super::setup;
use crate::harness::{Call, Run, Sandbox};

const BY_HAND: &str = "changed by hand";

/// A portal whose tenant qa01 can move from us-west-2 to eu-central-1.
fn set_up() -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=3,regions=us-west-2+eu-central-1");
    setup(&sandbox, &[]).run().success();
    sandbox
}

fn moves(sandbox: &Sandbox) {
    sandbox.portal().portal().remove_tenant("qa01");
    sandbox.portal().portal().add_tenant("qa01", "prod");
}

/// What the section of qa01 says for a key.
fn value(sandbox: &Sandbox, key: &str) -> String {
    let config = sandbox.read(".aws/config");
    let section = config.split_once("[profile acme-qa01]\n").expect("it is there").1;
    let line = section.lines().take_while(|line| !line.starts_with('[')).find(|line| line.starts_with(key));
    line.and_then(|line| line.split_once(" = ")).expect("it says so").1.to_owned()
}

#[track_caller]
fn nobody_did(call: Call) -> Run {
    let run = call.run().success();
    assert!(!run.stderr.contains(BY_HAND), "{}", run.transcript());
    run
}

#[test]
fn the_program_lies_elsewhere() {
    let sandbox = set_up();
    let elsewhere = sandbox.home().join("elsewhere");
    fs::create_dir(&elsewhere).unwrap();
    symlink(env!("CARGO_BIN_EXE_jitpass"), elsewhere.join("jitpass")).unwrap();
    let setup_from_there = || {
        let url = sandbox.url();
        let args = ["setup", "--host", url.as_str(), "--name", "acme", "--yes"];
        let call = sandbox.command(elsewhere.join("jitpass")).args(args);
        let call = call.env("PATH", format!("{}:/usr/bin:/bin", elsewhere.display()));
        call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url)
    };
    let before = sandbox.read(".aws/config");
    assert!(nobody_did(setup_from_there()).stderr.contains("nothing to change: 4 profiles"));
    assert_eq!(sandbox.read(".aws/config"), before);
    moves(&sandbox);
    nobody_did(setup_from_there());
    assert_eq!(value(&sandbox, "region"), "eu-central-1");
    // And back.
    assert!(nobody_did(setup(&sandbox, &[])).stderr.contains("nothing to change: 4 profiles"));
}

#[test]
fn the_record_was_lost_and_the_portal_changed_later() {
    let sandbox = set_up();
    let record = sandbox.home().join(".local/state/jitpass/managed.json");
    fs::remove_file(&record).unwrap();
    assert!(nobody_did(setup(&sandbox, &[])).stderr.contains("nothing to change: 4 profiles"));
    assert!(record.exists(), "it was not made anew");
    moves(&sandbox);
    assert!(nobody_did(setup(&sandbox, &[])).stderr.contains("1 changed profile"));
    assert_eq!(value(&sandbox, "region"), "eu-central-1");
}

#[test]
fn one_key_was_changed_and_the_portal_changed_the_other() {
    let sandbox = set_up();
    let config = sandbox.read(".aws/config");
    sandbox.write(
        ".aws/config",
        config.replace("--tenant qa01 --interactive", "--tenant qa01 --interactive --no-cache"),
    );
    moves(&sandbox);
    for _ in 0..2 {
        let run = setup(&sandbox, &[]).run().success();
        let said: Vec<&str> = run.stderr.lines().filter(|line| line.contains(BY_HAND)).collect();
        assert!(
            matches!(said[..], [line] if line.contains("acme-qa01 (~/.aws/config:16) was changed by hand")),
            "{}",
            run.transcript()
        );
        assert_eq!(value(&sandbox, "region"), "eu-central-1");
        assert!(value(&sandbox, "credential_process").ends_with("--interactive --no-cache"));
    }
    // Taken back by hand, there is nothing to say.
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replace(" --no-cache", ""));
    assert!(nobody_did(setup(&sandbox, &[])).stderr.contains("nothing to change: 4 profiles"));
}

/// The control: what was changed is said.
#[test]
fn the_region_was_changed_and_then_the_portal_changed_it() {
    let sandbox = set_up();
    let config = sandbox.read(".aws/config");
    let (others, last) = config.split_at(config.find("[profile acme-qa01]").expect("it is there"));
    sandbox.write(".aws/config", format!("{others}{}", last.replace("us-west-2", "ap-south-1")));
    moves(&sandbox);
    for _ in 0..2 {
        let run = setup(&sandbox, &[]).run().success();
        assert!(
            run.stderr.contains("acme-qa01 (~/.aws/config:16) was changed by hand, and your values stay:\n    region: `ap-south-1`"),
            "{}",
            run.stderr
        );
        assert_eq!(value(&sandbox, "region"), "ap-south-1");
    }
}
