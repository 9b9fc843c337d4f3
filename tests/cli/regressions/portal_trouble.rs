//! What a portal on a bad day did to profiles and to what people were told.

use jitpass::demo::portal::Fault;

use super::{login, setup};
use crate::cli::profiles;
use crate::harness::Sandbox;

#[test]
fn one_bad_answer_rewrites_every_region() {
    for fault in ["500", "403"] {
        let sandbox = Sandbox::with("new,tenants=4,regions=us-west-2+eu-central-1");
        setup(&sandbox, &[]).run().success();
        let before = sandbox.read(".aws/config");
        assert_eq!(before.matches("region = eu-central-1\n").count(), 1, "{before}");
        sandbox.portal().portal().add_tenant("prod02", "prod");
        sandbox.portal().portal().fault("v3/features/tenant", fault.parse().unwrap(), None);
        let run = setup(&sandbox, &[]).env("JITPASS_TEST_HASTE", "10").run().success();
        let after = sandbox.read(".aws/config");
        let added = after.strip_prefix(&before).unwrap_or_else(|| panic!("{fault}\n{}", run.transcript()));
        assert!(added.starts_with("\n[profile acme-prod02]\nregion = us-west-2\n"), "{fault}: {added}");
        assert!(run.stderr.contains("1 new profile, 5 unchanged profiles"), "{fault}: {}", run.stderr);
        // On the next good day it gets its own.
        sandbox.portal().portal().clear_faults();
        let run = setup(&sandbox, &[]).run().success();
        assert!(run.stderr.contains("1 changed profile, 5 unchanged profiles"), "{fault}: {}", run.stderr);
        let after = sandbox.read(".aws/config");
        assert_eq!(after.matches("region = eu-central-1\n").count(), 2, "{fault}: {after}");
    }
}

#[test]
fn a_tenant_that_vanished_stops_everything() {
    let sandbox = Sandbox::with("new");
    setup(&sandbox, &["--tenant", "dev01", "--tenant", "qa01"]).run().success();
    let settings = sandbox.read(".config/jitpass/config.toml");
    sandbox.portal().portal().remove_tenant("qa01");
    let run = setup(&sandbox, &[]).run().success();
    let host = sandbox.portal().address();
    let said = format!("! `qa01` in your settings, but {host} does not offer it to you any more\n");
    assert!(run.stderr.contains(&said), "{}", run.stderr);
    assert!(run.stderr.contains("acme-dev01 works: "), "{}", run.stderr);
    // It may come back.
    assert_eq!(sandbox.read(".config/jitpass/config.toml"), settings);
    assert!(profiles(&sandbox).contains(&"acme-qa01".to_owned()));
    // Typed, it is a mistake.
    let run = setup(&sandbox, &["--tenant", "dev01", "--tenant", "qa01"]).run().fails(1);
    assert!(
        run.stderr.contains(&format!("error: {host} has no tenant `qa01` for you\nhint: ")),
        "{}",
        run.stderr
    );
}

#[test]
fn who_may_not_list_tenants_is_told_to_sign_in() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    login(&sandbox, "tenant").run().success();
    sandbox.portal().portal().fault("admin/GetTenantsForUser", Fault::Forbidden, None);
    for args in [
        ["tenants", &url].as_slice(),
        &["setup", "--host", &url, "--yes"],
        &["aws", "--host", &url, "--tenant", "dev01"],
    ] {
        let run = sandbox.jitpass(args).run().fails(1);
        assert!(
            run.stderr.contains("refuses the list of tenants to pat@example.com"),
            "{}",
            run.transcript()
        );
        assert!(!run.stderr.contains("login") && !run.stderr.contains("token"), "{}", run.transcript());
        assert!(run.stderr.contains("an administrator"), "{}", run.transcript());
    }
}

#[test]
fn one_bad_answer_makes_a_portal_old_for_a_day() {
    const NEWER: &str = "v3/admin/aws/jitAccess/admin";
    // A 404 says that the question is not known; a 500 may have had another reason.
    for (fault, believed, forgotten) in [("500", 590, 20), ("404", 86_000, 500)] {
        let mut sandbox = Sandbox::with("new");
        login(&sandbox, "admin").run().success();
        let ask = |sandbox: &Sandbox| {
            sandbox.jitpass(["aws", "--host", &sandbox.url(), "--admin", "--no-cache"]).run().success();
            sandbox.portal().counts().of(&format!("GET {NEWER}"))
        };
        sandbox.portal().portal().fault(NEWER, fault.parse().unwrap(), Some(1));
        assert_eq!(ask(&sandbox), 1, "{fault}");
        sandbox.pass(believed);
        assert_eq!(ask(&sandbox), 1, "{fault}: asked again too soon");
        sandbox.pass(forgotten);
        assert_eq!(ask(&sandbox), 2, "{fault}: not asked again");
        assert_eq!(ask(&sandbox), 3, "{fault}: that it is new was not believed");
    }
}

#[test]
fn an_administrators_profile_that_a_token_cannot_use() {
    let sandbox = Sandbox::with("new,mfa,tenants=2");
    let run = setup(&sandbox, &[]).run().success();
    assert_eq!(profiles(&sandbox), ["acme-default", "acme-dev01"]);
    assert!(run.stderr.contains("wants a one-time code for administrators' work"), "{}", run.stderr);
    // Who asks for it gets it, and keeps it.
    for args in [["--admin"].as_slice(), &[]] {
        setup(&sandbox, args).run().success();
        assert!(profiles(&sandbox).contains(&"acme-admin".to_owned()), "{args:?}");
    }
}
