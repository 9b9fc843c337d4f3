//! What jitpass remembers of its profiles: it forgot, took one profile for another, or kept what it must not.

use super::setup;
use crate::cli::profiles;
use crate::harness::{Call, Sandbox};

fn set_up(scenario: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    setup(&sandbox, &[]).run().success();
    sandbox
}

fn call(sandbox: &Sandbox, args: &[&str]) -> Call {
    let call = sandbox.jitpass(args.iter().copied());
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url())
}

#[track_caller]
fn run(sandbox: &Sandbox, args: &[&str]) {
    call(sandbox, args).run().success();
}

/// `sync` finds nothing to do.
#[track_caller]
fn is_settled(sandbox: &Sandbox) {
    let run = call(sandbox, &["sync", "--dry-run"]).run();
    assert_eq!(run.status.code(), Some(0), "{}", run.transcript());
}

#[test]
fn after_an_undo_a_tenant_had_two_profiles() {
    let sandbox = set_up("new,tenants=2");
    run(&sandbox, &["profile", "rename", "acme-dev01", "work", "--yes"]);
    run(&sandbox, &["profile", "rename", "work", "job", "--yes"]);
    run(&sandbox, &["undo", "--yes"]);
    assert_eq!(profiles(&sandbox), ["acme-admin", "acme-default", "work"]);
    is_settled(&sandbox);
    run(&sandbox, &["profile", "remove", "work", "--yes"]);
    run(&sandbox, &["undo", "--yes"]);
    is_settled(&sandbox);
    run(&sandbox, &["profile", "edit", "work", "--unset", "jitpass_portal", "--yes"]);
    run(&sandbox, &["undo", "--yes"]);
    is_settled(&sandbox);
}

#[test]
fn after_an_undo_the_template_was_not_followed() {
    let sandbox = set_up("new,tenants=2");
    run(&sandbox, &["portal", "edit", "acme", "--profile-name", "x-{{ scope }}-{{ tenant }}", "--yes"]);
    run(&sandbox, &["sync", "--yes"]);
    let renamed = profiles(&sandbox);
    run(&sandbox, &["undo", "--yes"]);
    assert_ne!(profiles(&sandbox), renamed);
    run(&sandbox, &["sync", "--yes"]);
    assert_eq!(profiles(&sandbox), renamed);
    is_settled(&sandbox);
}

#[test]
fn a_profile_named_by_a_person_opened_another_tenant() {
    let sandbox = set_up("new,tenants=2");
    run(&sandbox, &["profile", "rename", "acme-dev01", "acme-new", "--yes"]);
    let before = sandbox.read(".aws/config");
    sandbox.portal().portal().add_tenant("new", "default");
    for args in
        [&["sync", "--yes"][..], &["sync", "--yes", "--adopt", "*"], &["sync", "--yes", "--overwrite"]]
    {
        let run = call(&sandbox, args).run().success();
        assert!(
            run.stderr.contains("`acme-new`") || run.stderr.contains("acme-new ("),
            "{}",
            run.transcript()
        );
        assert_eq!(sandbox.read(".aws/config"), before);
    }
    let run = call(&sandbox, &["sync", "--yes", "--json"]).run().success();
    assert!(run.stdout.contains("\"named-by-person\""), "{}", run.stdout);
}

#[test]
fn a_token_typed_into_a_section_of_ours_was_kept_in_the_record() {
    const TOKEN: &str = "SIMTOKEN-typed-by-hand-0123456789";
    let typed = || {
        let sandbox = set_up("new,tenants=2");
        let config = sandbox.read(".aws/config");
        let with = format!("--tenant dev01 --token {TOKEN}");
        sandbox.write(".aws/config", config.replace("--tenant dev01 --interactive", &with));
        sandbox
    };
    let record = |sandbox: &Sandbox| sandbox.read(".local/state/jitpass/managed.json");
    let sandbox = typed();
    run(&sandbox, &["sync", "--keep", "--yes"]);
    assert!(!record(&sandbox).contains(TOKEN));
    // It is settled all the same.
    let again = call(&sandbox, &["sync", "--yes"]).run().success();
    assert!(!again.stderr.contains("! "), "{}", again.transcript());
    assert!(sandbox.read(".aws/config").contains(TOKEN));
    for args in [
        &["profile", "edit", "acme-dev01", "--region", "eu-west-1", "--yes"][..],
        &["portal", "edit", "acme", "--name", "beta", "--yes"],
    ] {
        let sandbox = typed();
        std::fs::remove_file(sandbox.home().join(".local/state/jitpass/managed.json")).unwrap();
        run(&sandbox, args);
        assert!(!record(&sandbox).contains(TOKEN), "{args:?}");
    }
}

#[test]
fn setup_by_somebody_else_gave_them_the_profiles_to_prune() {
    let sandbox = set_up("new,tenants=6");
    let before = profiles(&sandbox);
    let pat = |args: &[&str]| call(&sandbox, args).env("DUPLO_TOKEN", sandbox.token("tenant")).run();
    let url = sandbox.url();
    let setup = pat(&["setup", "--host", &url, "--name", "acme", "--yes"]).success();
    assert!(!setup.stderr.contains("acme-admin"), "{}", setup.transcript());
    let sync = pat(&["sync", "--prune", "--yes"]).fails(1);
    assert!(sync.stderr.contains("pat@example.com is signed in"), "{}", sync.transcript());
    assert_eq!(profiles(&sandbox), before);
    pat(&["sync", "--prune", "--force", "--yes"]).success();
    assert_ne!(profiles(&sandbox), before);
}

#[test]
fn a_profile_that_nobody_remembered_got_a_twin_when_it_was_renamed() {
    let sandbox = set_up("new,tenants=2");
    std::fs::remove_file(sandbox.home().join(".local/state/jitpass/managed.json")).unwrap();
    run(&sandbox, &["profile", "rename", "acme-dev01", "work", "--yes"]);
    is_settled(&sandbox);
}

#[test]
fn a_rename_that_was_killed_left_a_profile_that_nobody_knew() {
    let sandbox = set_up("new,tenants=2");
    let config = sandbox.read(".aws/config");
    // A directory in the record's place: it can be read by nobody, and kept by nobody.
    let record = sandbox.home().join(".local/state/jitpass/managed.json");
    let aside = record.with_file_name("aside");
    std::fs::rename(&record, &aside).unwrap();
    std::fs::create_dir_all(record.join("full")).unwrap();
    call(&sandbox, &["profile", "rename", "acme-dev01", "work", "--yes"]).run().fails(1);
    assert_eq!(sandbox.read(".aws/config"), config, "the file comes after the record");
}
