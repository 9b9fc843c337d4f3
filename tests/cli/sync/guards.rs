//! What keeps profiles from being taken away.

use snapbox::{assert_data_eq, str};

use super::{report, set_up, sync};
use crate::cli::{profiles, shown};

#[test]
fn a_portal_that_names_no_tenant() {
    let sandbox = set_up("new,tenants=3", "admin");
    let (before, names) = (sandbox.read(".aws/config"), profiles(&sandbox));
    for tenant in sandbox.portal().portal().tenants() {
        sandbox.portal().portal().remove_tenant(tenant.name.as_str());
    }
    assert_eq!(names.len(), 4);
    for args in [&["--yes"][..], &["--prune", "--yes"], &["--prune", "--force", "--yes"]] {
        let run = sync(&sandbox, "admin", args).run();
        assert_eq!(sandbox.read(".aws/config"), before, "{args:?}: {}", run.stderr);
    }
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--prune", "--yes"]).run()),
        str![[r#"
$ jitpass sync --prune --yes
exit 1
--- stderr
! 127.0.0.1:[PORT] names no tenant at all, so every profile of it stays
✓ nothing to change: 1 profile in ~/.aws/config as it should be

"#]]
    );
}

#[test]
fn a_portal_that_cannot_be_asked() {
    let sandbox = set_up("new,tenants=3", "admin");
    let before = sandbox.read(".aws/config");
    for fault in ["500", "html-200", "403"] {
        sandbox.portal().portal().fault("admin/GetTenantsForUser", fault.parse().unwrap(), None);
        let run = sync(&sandbox, "admin", &["--prune", "--force", "--yes"]).run();
        assert_eq!(run.status.code(), Some(1), "{fault}: {}", run.stderr);
        assert_eq!(sandbox.read(".aws/config"), before, "{fault}");
    }
}

#[test]
fn another_person() {
    let sandbox = set_up("new,tenants=4", "admin");
    let before = profiles(&sandbox);
    let run = sync(&sandbox, "tenant", &["--prune", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --prune --yes
exit 1
--- stderr
! pat@example.com is signed in at 127.0.0.1:[PORT] now, and ada@example.com was when its profiles were last written, so all of them stay
·   if that is right: jitpass sync --prune --force
✓ nothing to change: 2 profiles in ~/.aws/config as they should be
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_eq!(profiles(&sandbox), before);
    // However often it is tried.
    let again = report(&sandbox, "tenant", &["--prune"]);
    assert_eq!((&again["guard"], profiles(&sandbox)), (&"another-person".into(), before.clone()), "{again}");
    // The same person as before, again: the profiles are theirs.
    let again = report(&sandbox, "admin", &["--prune"]);
    assert_eq!(profiles(&sandbox), before, "{again}");
}

#[test]
fn another_person_who_insists() {
    let sandbox = set_up("new,tenants=4", "admin");
    let report = report(&sandbox, "tenant", &["--prune", "--force"]);
    assert_eq!(report["guard"], serde_json::Value::Null, "{report}");
    let offered = |name: &String| !report["removed"].as_array().unwrap().iter().any(|r| r == name.as_str());
    assert!(profiles(&sandbox).iter().all(offered));
    assert!(!profiles(&sandbox).contains(&"acme-admin".to_owned()));
}

#[test]
fn more_than_half() {
    let sandbox = set_up("new,tenants=4", "admin");
    let before = profiles(&sandbox);
    for tenant in ["dev01", "prod01", "qa01"] {
        sandbox.portal().portal().remove_tenant(tenant);
    }
    sandbox.portal().portal().add_tenant("new01", "default");
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--prune", "--yes"]).run()),
        str![[r#"
$ jitpass sync --prune --yes
exit 1
--- stderr

~/.aws/config · 5 lines added
  ⋮ [profile acme-qa01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  jitpass_portal = acme
+ 
+ [profile acme-new01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant new01 --interactive
+ jitpass_portal = acme

1 new profile, 2 unchanged profiles
! 127.0.0.1:[PORT] no longer offers what these open: `acme-dev01`, `acme-prod01` and `acme-qa01`
! 3 of the 5 profiles of 127.0.0.1:[PORT] would go, so none is removed
·   if that is right: jitpass sync --prune --force
✓ 1 profile written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert_eq!(profiles(&sandbox).len(), before.len() + 1, "what is new is written all the same");
    sync(&sandbox, "admin", &["--prune", "--force", "--yes"]).run().success();
    assert_eq!(profiles(&sandbox), ["acme-admin", "acme-default", "acme-new01"]);
}

/// The file came from another machine, or the record is lost: whoever is signed in now may be anybody.
#[test]
fn nobody_is_known_from_before() {
    let sandbox = set_up("new,tenants=5", "admin");
    let before = profiles(&sandbox);
    std::fs::remove_file(sandbox.home().join(".local/state/jitpass/managed.json")).unwrap();
    sandbox.portal().portal().remove_tenant("dev01");
    let first = report(&sandbox, "admin", &["--prune"]);
    assert_eq!((&first["guard"], profiles(&sandbox)), (&"nobody-known".into(), before.clone()), "{first}");
    let second = report(&sandbox, "admin", &["--prune"]);
    assert_eq!(second["removed"], serde_json::json!(["acme-dev01"]), "{second}");
    assert_eq!(profiles(&sandbox).len(), before.len() - 1);
}
