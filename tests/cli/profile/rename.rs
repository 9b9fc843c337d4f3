//! `jitpass profile rename`.

use snapbox::{assert_data_eq, str};

use super::{CREDENTIALS, profile, record, set_up};
use crate::cli::shown;

#[test]
fn the_name_goes_wherever_it_stands() {
    let sandbox = set_up("new,tenants=2");
    sandbox.write(CREDENTIALS, "# mine\n[acme-dev01]\nregion = x\n");
    let before = sandbox.read(".aws/config");
    let call = profile(&sandbox, &["rename", "acme-dev01", "work", "--yes"]);
    assert_data_eq!(
        shown(&call.env("AWS_PROFILE", "acme-dev01").run()),
        str![[r#"
$ jitpass profile rename acme-dev01 work --yes
exit 0
--- stderr

~/.aws/config · 2 lines added, 2 removed
  ⋮ [profile acme-default]
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
  
- [profile acme-dev01]
+ [profile work]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
  ⋮
  
  [profile chain]
  role_arn = arn:aws:iam::123456789012:role/x
- source_profile = acme-dev01
+ source_profile = work
  
  [profile old]
  credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a

! ~/.aws/credentials:2 has a profile acme-dev01 of its own, which stays: jitpass never writes that file
! AWS_PROFILE is set to acme-dev01, which there will be no more in ~/.aws/config
✓ acme-dev01 is now called work
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let moved = record(&sandbox, "work");
    assert_eq!(
        (&moved["is_named_by_person"], &moved["written"]["region"]),
        (&true.into(), &"us-west-2".into())
    );
    // What `undo` brings back is known.
    assert_eq!(record(&sandbox, "acme-dev01")["is_named_by_person"], serde_json::Value::Null);
    let list = profile(&sandbox, &["list", "work", "--json"]).run().json();
    assert_eq!(list[0]["managed"], true);
    // And back, byte for byte.
    profile(&sandbox, &["rename", "work", "acme-dev01", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config"), before);
}

#[test]
fn nothing_changes_hands() {
    let sandbox = set_up("new,tenants=2");
    let run =
        profile(&sandbox, &["rename", "acme-dev01", "acme-dev01", "--yes"]).run().success().changes_nothing();
    assert_eq!(run.stderr, "✓ nothing to change: that is its name\n");
    for (args, message) in [
        (["acme-dev01", "acme-default"], "there already is a profile `acme-default`"),
        (["nope", "x"], "there is no profile `nope`"),
        (["acme-dev01", "a b"], "`a b` is not a profile name"),
        (["acme-dev01", "__proto__"], "cannot read a file with it"),
    ] {
        let run = profile(&sandbox, &["rename", args[0], args[1], "--yes"]).run().fails(2).changes_nothing();
        assert!(run.stderr.contains(message), "{run:?}");
    }
    profile(&sandbox, &["rename", "acme-dev01", "x", "--dry-run"]).run().fails(3).changes_nothing();
    profile(&sandbox, &["rename", "acme-dev01", "x"]).run().fails(2).changes_nothing();
    // Where one of the edits is not safe, none is made.
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replace("source_profile", "nonsense\nsource_profile"));
    let run = profile(&sandbox, &["rename", "acme-dev01", "x", "--yes"]).run().fails(1).changes_nothing();
    assert!(run.stderr.contains("cannot be edited safely"), "{run:?}");
}
