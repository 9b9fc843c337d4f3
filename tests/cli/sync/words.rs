//! What is said besides what is written.

use snapbox::{assert_data_eq, str};

use super::{report, set_up, sync};
use crate::cli::shown;

/// A file of which AWS programs read nothing is not called fine.
#[test]
fn a_line_that_keeps_programs_from_reading() {
    let sandbox = set_up("new,tenants=1", "admin");
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", format!("{config}\n[profile corp]\nregion us-east-1\n"));
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
! the AWS CLI cannot read ~/.aws/config: line 12: the line has no `=`
✓ nothing to change: 2 profiles in ~/.aws/config as they should be
! until line 12 is mended, the AWS CLI reads no profile of that file

"#]]
    );
    let json: serde_json::Value =
        serde_json::from_str(&sync(&sandbox, "admin", &["--json", "--yes"]).run().stdout).expect("JSON");
    assert_eq!(json["unreadable"]["line"], 12, "{json}");
    sandbox.portal().portal().add_tenant("new01", "default");
    let run = sync(&sandbox, "admin", &["--yes"]).run().success();
    let (before, after) = run.stderr.split_once('✓').expect("it is written");
    assert!(before.contains("! the AWS CLI cannot read ~/.aws/config: line 12: "), "{run:?}");
    assert!(
        after.contains("! until line 12 is mended, the AWS CLI reads no profile of that file\n"),
        "{run:?}"
    );
}

#[test]
fn who_loses_credentials_with_a_tenant_that_is_gone() {
    let sandbox = set_up("new,tenants=3", "admin");
    let chained = "\n[profile chain]\nrole_arn = arn:aws:iam::1:role/x\nsource_profile = acme-dev01\n";
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config + chained);
    sandbox.portal().portal().remove_tenant("dev01");
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
! 127.0.0.1:[PORT] no longer offers what this opens: `acme-dev01`
! `chain` takes its credentials from `acme-dev01`, which opens nothing any more
·   to remove what is not offered or not chosen any more: jitpass sync --prune
✓ nothing to change: 3 profiles in ~/.aws/config as they should be

"#]]
    );
    assert_eq!(report(&sandbox, "admin", &[])["orphans"][0]["used_by"][0], "chain");
}

/// A name that a person gave stays, and is not forgotten.
#[test]
fn a_renamed_profile_of_a_tenant_that_is_not_chosen_any_more() {
    let sandbox = set_up("new,tenants=3", "admin");
    sandbox.jitpass(["profile", "rename", "acme-qa01", "qq", "--yes"]).run().success();
    let edit = ["portal", "edit", "acme", "--exclude", "qa01", "--yes"];
    sandbox.jitpass(edit).run().success();
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
· yours, and not chosen: `qq` (to remove: jitpass profile remove qq)
✓ nothing to change: 3 profiles in ~/.aws/config as they should be

"#]]
    );
    assert_eq!(report(&sandbox, "admin", &[])["not_chosen"][0], "qq");
}

#[test]
fn an_adopted_profile_that_opens_another_tenant() {
    let sandbox = set_up("new,tenants=3", "admin");
    let config = sandbox.read(".aws/config").replace("jitpass_portal = acme\n", "");
    let line = |tenant: &str| format!("jitpass aws --host {} --tenant {tenant} --interactive", sandbox.url());
    sandbox
        .write(".aws/config", config.replace(&line("qa01"), &line("dev01").replace("jitpass", "duplo-jit")));
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--adopt", "acme-qa01", "--yes"]).run()),
        str![[r#"
$ jitpass sync --adopt acme-qa01 --yes
exit 0
--- stderr

~/.aws/config · 2 lines added, 1 removed
  
  [profile acme-qa01]
  region = us-west-2
- credential_process = [BIN]/duplo-jit aws --host [PORTAL] --tenant dev01 --interactive
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
+ jitpass_portal = acme

1 adopted profile
! acme-admin (~/.aws/config:1) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-admin
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
! acme-default (~/.aws/config:5) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-default
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
! acme-dev01 (~/.aws/config:9) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-dev01
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
! acme-qa01 opens tenant qa01 from now on, tenant dev01 until now
✓ 1 profile written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
}
