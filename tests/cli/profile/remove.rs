//! `jitpass profile remove`.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, profile, record, set_up};
use crate::cli::{profiles, shown};

#[test]
fn several_at_once_with_one_diff() {
    let sandbox = set_up("new,tenants=3");
    let args = ["remove", "acme-d*", "acme-admin", "old", "--yes"];
    assert_data_eq!(
        shown(&profile(&sandbox, &args).run()),
        str![[r#"
$ jitpass profile remove acme-d* acme-admin old --yes
exit 0
--- stderr

~/.aws/config · 17 lines removed
  4 removed profiles: acme-admin, acme-default, acme-dev01, old
- [profile acme-admin]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
- jitpass_portal = acme
- 
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
- 
- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme
  
  [profile acme-qa01]
  region = us-west-2
  ⋮
  [profile chain]
  role_arn = arn:aws:iam::123456789012:role/x
  source_profile = acme-dev01
- 
- [profile old]
- credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a

! `chain` takes its credentials from acme-dev01, which goes
! `jitpass sync` will bring them back, unless you say:
    jitpass portal edit acme --exclude default --exclude dev01 --no-admin
✓ 4 profiles removed; `jitpass undo` brings back what was there
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
created [HOME]/.local/state/jitpass/locks/journal.lock mode 0600
created [HOME]/.local/state/jitpass/shelf/[HASH].json mode 0600

"#]]
    );
    assert_eq!(profiles(&sandbox), ["acme-qa01", "corp", "chain"]);
    // What is known of one that went is what `undo` brings back.
    assert!(record(&sandbox, "acme-dev01").is_object() && record(&sandbox, "acme-qa01").is_object());
}

#[test]
fn patterns_stand_for_what_jitpass_keeps() {
    let sandbox = set_up("new,tenants=2");
    profile(&sandbox, &["add", "acme-mine", "--host", "acme", "--tenant", "dev01", "--yes"]).run().success();
    assert_data_eq!(
        shown(&profile(&sandbox, &["remove", "*", "--dry-run"]).run().changes_nothing()),
        str![[r#"
$ jitpass profile remove * --dry-run
exit 3
--- stdout
~/.aws/config · 14 lines removed
- [profile acme-admin]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
- jitpass_portal = acme
- 
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
- 
- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme
  
  [profile corp]
  sso_session = corp
--- stderr
! `chain` takes its credentials from acme-dev01, which goes
! `jitpass sync` will bring them back, unless you say:
    jitpass portal edit acme --exclude default --exclude dev01 --no-admin
· not jitpass's own, so they stay: `corp`, `chain`, `old` and `acme-mine` (--foreign takes them too)
· dry run: nothing was written

"#]]
    );
    for (args, code, message) in [
        (["remove", "zzz*"], 2, "no profile of jitpass's own fits `zzz*`\nhint: `jitpass profile list`"),
        (
            ["remove", "c*"],
            2,
            "no profile of jitpass's own fits `c*`\nhint: others do: name them one by one, or add --foreign",
        ),
        (["remove", "nope"], 2, "there is no profile `nope`"),
    ] {
        let run = profile(&sandbox, &args).args(["--yes"]).run().fails(code).changes_nothing();
        assert!(run.stderr.contains(message), "{run:?}");
    }
    // One that is not there, and all stay.
    profile(&sandbox, &["remove", "acme-*", "nope", "--yes"]).run().fails(2).changes_nothing();
    profile(&sandbox, &["remove", "acme-*"]).run().fails(2).changes_nothing();
    profile(&sandbox, &["remove", "*", "--foreign", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config"), "");
}

#[test]
fn what_the_settings_want_comes_back() {
    let sandbox = set_up("new,tenants=3");
    let comes_back = |names: &[&str]| {
        let run = profile(&sandbox, &[&["remove", "--dry-run"], names].concat()).run().fails(3);
        run.stderr
            .lines()
            .find_map(|line| line.trim().strip_prefix("jitpass portal edit "))
            .map(str::to_owned)
    };
    assert_eq!(comes_back(&["acme-dev01"]).as_deref(), Some("acme --exclude dev01"));
    assert_eq!(
        comes_back(&["acme-*"]).as_deref(),
        Some("acme --exclude default --exclude dev01 --exclude qa01 --no-admin")
    );
    assert_eq!(comes_back(&["corp", "old"]), None);
    let settings =
        sandbox.read(SETTINGS).replace("\"all\"", "[\"qa01\"]").replace("admin = true", "admin = false");
    sandbox.write(SETTINGS, settings);
    assert_eq!(comes_back(&["acme-dev01", "acme-admin"]), None);
    assert_eq!(comes_back(&["acme-qa01"]).as_deref(), Some("acme --exclude qa01"));
}

#[test]
fn it_comes_back_byte_for_byte_when_it_is_added_again() {
    let sandbox = set_up("new,tenants=1");
    let before = sandbox.read(".aws/config");
    profile(&sandbox, &["add", "x", "--host", "acme", "--duplo-ops", "--yes"]).run().success();
    profile(&sandbox, &["remove", "x", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config"), before);
}
