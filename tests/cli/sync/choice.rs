//! Which tenants, and what of a profile that is not ours.

use snapbox::{assert_data_eq, str};

use super::{report, set_up, sync};
use crate::cli::{profiles, shown};

#[test]
fn patterns() {
    let sandbox = set_up("new,tenants=6", "admin");
    let settings = sandbox.read(".config/jitpass/config.toml");
    let chosen = settings
        .replace("tenants = \"all\"", "tenants = [\"DEV*\", \"prod0?\", \"gone\"]\nexclude = [\"*02\"]");
    assert_ne!(chosen, settings);
    sandbox.write(".config/jitpass/config.toml", chosen);
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--prune", "--force", "--yes"]).run()),
        str![[r#"
$ jitpass sync --prune --force --yes
exit 0
--- stderr

~/.aws/config · 20 lines removed
  4 removed profiles: acme-default, acme-dev02, acme-qa01, acme-stage01
  ⋮ [profile acme-admin]
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
  
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
- 
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
  
- [profile acme-dev02]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev02 --interactive
- jitpass_portal = acme
- 
  [profile acme-prod01]
  region = us-east-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant prod01 --interactive
  jitpass_portal = acme
- 
- [profile acme-qa01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
- jitpass_portal = acme
- 
- [profile acme-stage01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant stage01 --interactive
- jitpass_portal = acme

4 removed profiles, 3 unchanged profiles
! your settings name `gone`, which 127.0.0.1:[PORT] does not offer you
✓ 4 profiles removed from ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
}

#[test]
fn a_foreign_profile_and_both_ways_out() {
    let sandbox = set_up("new,tenants=2", "admin");
    let config = sandbox.read(".aws/config");
    let foreign = config.replace("jitpass_portal = acme\n", "");
    sandbox.write(".aws/config", &foreign);
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
! acme-admin (~/.aws/config:1) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-admin
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
! acme-default (~/.aws/config:5) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-default
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
! acme-dev01 (~/.aws/config:9) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-dev01
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
✓ nothing to change in ~/.aws/config

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), foreign);
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--adopt", "acme-d*", "--yes"]).run()),
        str![[r#"
$ jitpass sync --adopt acme-d* --yes
exit 0
--- stderr

~/.aws/config · 2 lines added
  [profile acme-default]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme
  
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme

2 adopted profiles
! acme-admin (~/.aws/config:1) is yours (no mark of jitpass) and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-admin
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
✓ 2 profiles written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    let left = report(&sandbox, "admin", &[]);
    assert_eq!(left["conflicts"][0]["profile"], "acme-admin", "{left}");
    // The other: another name.
    let settings = sandbox.read(".config/jitpass/config.toml");
    sandbox.write(
        ".config/jitpass/config.toml",
        format!("{settings}profile_name = \"work-{{{{ tenant }}}}\"\n"),
    );
    sync(&sandbox, "admin", &["--yes"]).run().success();
    assert_eq!(profiles(&sandbox), ["acme-admin", "work-default", "work-dev01", "work-admin"]);
}

#[test]
fn what_would_beat_ours_is_not_adopted() {
    let sandbox = set_up("new,tenants=2", "admin");
    let keys = "[profile acme-dev01]\naws_access_key_id = AKIASIM\naws_secret_access_key = SIMSECRET-x\n";
    sandbox.write(".aws/config", keys);
    let run = sync(&sandbox, "admin", &["--adopt", "*", "--dry-run"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --adopt * --dry-run
exit 3
--- stdout
~/.aws/config · 10 lines added
  [profile acme-dev01]
  aws_access_key_id = AKIASIM
  aws_secret_access_key = ‹redacted›
+ 
+ [profile acme-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme
--- stderr
2 new profiles
! acme-dev01 (~/.aws/config:1) cannot be adopted: with `aws_access_key_id` and `aws_secret_access_key` AWS programs would not ask jitpass
·   take it out first: jitpass profile edit acme-dev01 --unset aws_access_key_id
· dry run: nothing was written

"#]]
    );
    assert!(!run.stdout.contains("SIMSECRET") && !run.stderr.contains("SIMSECRET"));
}

#[test]
fn keys_that_would_do_harm() {
    let sandbox = set_up("new,tenants=2", "admin");
    let settings = sandbox.read(".config/jitpass/config.toml");
    for (key, why) in [
        ("role_arn", "would not ask jitpass"),
        ("aws_secret_access_key", "holds a secret"),
        ("region", "keeps that key itself"),
    ] {
        sandbox.write(".config/jitpass/config.toml", format!("{settings}keys = {{ {key} = \"x\" }}\n"));
        let run = sync(&sandbox, "admin", &["--yes"]).run();
        assert!(run.status.code() == Some(1) && run.stderr.contains(why), "{key}: {}", run.stderr);
    }
}
