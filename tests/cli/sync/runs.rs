//! What is new, what is gone, and what stays.

use snapbox::{assert_data_eq, str};

use super::{report, set_up, sync};
use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

/// The config file without what differs from run to run.
fn plain(sandbox: &Sandbox) -> String {
    let text = sandbox.read(".aws/config").replace(&sandbox.url(), "[PORTAL]");
    text.replace(&sandbox.root().display().to_string(), "[SANDBOX]")
}

#[test]
fn nothing_changed() {
    let sandbox = set_up("new,tenants=3", "admin");
    let (before, requests) = (sandbox.read(".aws/config"), sandbox.requests());
    let run = sync(&sandbox, "admin", &["--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
✓ nothing to change: 4 profiles in ~/.aws/config as they should be

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), before);
    assert_eq!(sandbox.requests() - requests, 4, "who, features, tenants at once, then their regions");
    let run = sync(&sandbox, "admin", &["--dry-run"]).run();
    assert_eq!(run.status.code(), Some(0), "{}", run.stderr);
}

#[test]
fn a_tenant_more_and_one_less() {
    let sandbox = set_up("new,tenants=4", "admin");
    sandbox.portal().portal().add_tenant("new01", "default");
    sandbox.portal().portal().remove_tenant("dev01");
    let dry = sync(&sandbox, "admin", &["--dry-run"]).run();
    assert_data_eq!(
        shown(&dry),
        str![[r#"
$ jitpass sync --dry-run
exit 3
--- stdout
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
--- stderr
1 new profile, 4 unchanged profiles
! 127.0.0.1:[PORT] no longer offers what this opens: `acme-dev01`
·   to remove what is not offered or not chosen any more: jitpass sync --prune
· dry run: nothing was written

"#]]
    );
    let run = sync(&sandbox, "admin", &["--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --yes
exit 0
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

1 new profile, 4 unchanged profiles
! 127.0.0.1:[PORT] no longer offers what this opens: `acme-dev01`
·   to remove what is not offered or not chosen any more: jitpass sync --prune
✓ 1 profile written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert!(profiles(&sandbox).contains(&"acme-dev01".to_owned()), "an orphan stays until it is pruned");
    let pruned = sync(&sandbox, "admin", &["--prune", "--yes"]).run();
    assert_data_eq!(
        shown(&pruned),
        str![[r#"
$ jitpass sync --prune --yes
exit 0
--- stderr

~/.aws/config · 5 lines removed
  ⋮ [profile acme-default]
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
  
- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme
- 
  [profile acme-prod01]
  region = us-east-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant prod01 --interactive

1 removed profile, 5 unchanged profiles
✓ 1 profile removed from ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000003.json mode 0600

"#]]
    );
    assert!(!profiles(&sandbox).contains(&"acme-dev01".to_owned()));
}

#[test]
fn regions_and_names_follow() {
    let sandbox = set_up("new,tenants=2", "admin");
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", format!("{config}\n[profile chain]\nsource_profile = acme-dev01\nx = y\n"));
    let settings = sandbox.read(".config/jitpass/config.toml");
    let more = "region = \"eu-west-1\"\nprofile_name = \"{{ tenant }}@{{ short_region }}\"\nkeys = { output = \"json\" }\n";
    sandbox.write(".config/jitpass/config.toml", format!("{settings}{more}"));
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr

~/.aws/config · 10 lines added, 7 removed
  4 changed profiles: admin@euw1, default@euw1, dev01@euw1, chain
  3 renamed profiles: acme-admin → admin@euw1, acme-default → default@euw1, acme-dev01 → dev01@euw1
- [profile acme-admin]
- region = us-west-2
+ [profile admin@euw1]
+ region = eu-west-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
+ output = json
  
- [profile acme-default]
- region = us-west-2
+ [profile default@euw1]
+ region = eu-west-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
+ output = json
  
- [profile acme-dev01]
- region = us-west-2
+ [profile dev01@euw1]
+ region = eu-west-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ output = json
  
  [profile chain]
- source_profile = acme-dev01
+ source_profile = dev01@euw1
  x = y

3 renamed profiles, 1 other profile names its source anew
✓ 3 profiles written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert_data_eq!(
        plain(&sandbox),
        str![[r#"
[profile admin@euw1]
region = eu-west-1
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --admin --interactive
jitpass_portal = acme
output = json

[profile default@euw1]
region = eu-west-1
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant default --interactive
jitpass_portal = acme
output = json

[profile dev01@euw1]
region = eu-west-1
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01 --interactive
jitpass_portal = acme
output = json

[profile chain]
source_profile = dev01@euw1
x = y

"#]]
    );
    // And back again: to the byte what it was.
    sandbox.write(".config/jitpass/config.toml", settings);
    sync(&sandbox, "admin", &["--yes"]).run().success();
    assert_eq!(
        sandbox.read(".aws/config"),
        format!("{config}\n[profile chain]\nsource_profile = acme-dev01\nx = y\n")
    );
}

#[test]
fn accounts_in_names_are_asked_for() {
    let sandbox = set_up("new,tenants=2", "admin");
    let settings = sandbox.read(".config/jitpass/config.toml");
    let template = "profile_name = \"{{ portal }}.{{ tenant }}.{{ account_id }}\"\n";
    sandbox.write(".config/jitpass/config.toml", format!("{settings}{template}"));
    let requests = sandbox.requests();
    sync(&sandbox, "admin", &["--yes"]).run().success();
    assert_eq!(sandbox.requests() - requests, 4 + 2, "one more for each tenant");
    let names = profiles(&sandbox);
    let has_account = |name: &String| name.rsplit('.').next().is_some_and(|last| last.len() == 12);
    assert!(names.iter().filter(|name| !name.contains("admin")).all(has_account), "{names:?}");
}

#[test]
fn a_program_that_moved_is_found_again() {
    let sandbox = set_up("new,tenants=2", "admin");
    let (config, bin) = (sandbox.read(".aws/config"), sandbox.root().join("bin").display().to_string());
    sandbox.write(".aws/config", config.replace(&bin, "/nowhere"));
    assert_eq!(report(&sandbox, "admin", &[])["updated"].as_array().map(Vec::len), Some(3));
    assert_eq!(sandbox.read(".aws/config"), config);
    // One that is there is as good as ours, for a file that two machines share.
    sandbox.write("elsewhere/jitpass", "#!/bin/sh\n");
    let elsewhere = sandbox.home().join("elsewhere");
    std::fs::set_permissions(elsewhere.join("jitpass"), std::os::unix::fs::PermissionsExt::from_mode(0o755))
        .unwrap();
    sandbox.write(".aws/config", config.replace(&bin, &elsewhere.display().to_string()));
    assert_eq!(report(&sandbox, "admin", &[])["unchanged"], 3);
}

#[test]
fn the_report_for_programs() {
    let sandbox = set_up("new,tenants=3", "admin");
    sandbox.portal().portal().remove_tenant("dev01");
    let config = sandbox.read(".aws/config").replacen("region = us-west-2", "region = eu-west-3", 1);
    sandbox.write(".aws/config", format!("{config}\n[profile acme-qa99]\n"));
    sandbox.portal().portal().add_tenant("qa99", "default");
    let run = sync(&sandbox, "admin", &["--json", "--dry-run"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --json --dry-run
exit 0
--- stdout
{
  "at": "[TIME]",
  "changed": false,
  "file": "[HOME]/.aws/config",
  "portals": [
    {
      "added": [],
      "adopted": [],
      "conflicts": [
        {
          "detail": null,
          "line": 21,
          "profile": "acme-qa99",
          "reason": "foreign"
        }
      ],
      "drift": [
        {
          "keys": [
            {
              "key": "region",
              "own": "eu-west-3",
              "wanted": "us-west-2",
              "written": "us-west-2"
            }
          ],
          "line": 1,
          "profile": "acme-admin"
        }
      ],
      "error": null,
      "guard": null,
      "host": "[PORTAL]",
      "moved": [],
      "not_chosen": [],
      "orphans": [
        {
          "line": 11,
          "offered": false,
          "profile": "acme-dev01",
          "scope": "tenant dev01",
          "used_by": []
        }
      ],
      "person": "ada@example.com",
      "portal": "acme",
      "removed": [],
      "renamed": [],
      "settled": [],
      "unchanged": 2,
      "updated": []
    }
  ],
  "unreadable": null,
  "written": false
}

"#]]
    );
    let asked = sync(&sandbox, "admin", &["--json"]).run();
    assert_eq!(asked.status.code(), Some(2), "{}", asked.stderr);
}

#[test]
fn nobody_to_ask() {
    let sandbox = set_up("new,tenants=2", "admin");
    sandbox.portal().portal().add_tenant("new01", "default");
    let before = sandbox.read(".aws/config");
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &[]).run()),
        str![[r#"
$ jitpass sync
exit 2
--- stderr

~/.aws/config · 5 lines added
  ⋮ [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ 
+ [profile acme-new01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant new01 --interactive
+ jitpass_portal = acme

1 new profile, 3 unchanged profiles
error: there is no terminal to ask at, so nothing would be written
hint: add --yes to write without asking, or --dry-run to only see what would be written

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), before);
}

#[test]
fn no_portal_is_set_up() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&sandbox.jitpass(["sync", "--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 2
--- stderr
error: no portal is set up yet
hint: set one up: jitpass setup

"#]]
    );
}
