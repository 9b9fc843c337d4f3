//! `jitpass profile edit` with flags.

use snapbox::{assert_data_eq, str};

use super::{CREDENTIALS, profile, record, set_up};
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn what_a_person_changes_is_remembered_as_theirs() {
    let sandbox = set_up("new,tenants=2");
    let args = ["edit", "acme-dev01", "--region", "eu-west-1", "--set", "output=json"];
    assert_data_eq!(
        shown(&profile(&sandbox, &args).args(["--dry-run"]).run().changes_nothing()),
        str![[r#"
$ jitpass profile edit acme-dev01 --region eu-west-1 --set output=json --dry-run
exit 3
--- stdout
~/.aws/config · 2 lines added, 1 removed
  ⋮ [profile acme-default]
  jitpass_portal = acme
  
  [profile acme-dev01]
- region = us-west-2
+ region = eu-west-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ output = json
  
  [profile corp]
  sso_session = corp
--- stderr
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &args).args(["--yes"]).run()),
        str![[r#"
$ jitpass profile edit acme-dev01 --region eu-west-1 --set output=json --yes
exit 0
--- stderr

~/.aws/config · 2 lines added, 1 removed
  ⋮ [profile acme-default]
  jitpass_portal = acme
  
  [profile acme-dev01]
- region = us-west-2
+ region = eu-west-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ output = json
  
  [profile corp]
  sso_session = corp

✓ acme-dev01 is changed
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let preferred = |key: &str| record(&sandbox, "acme-dev01")["preferred"][key].clone();
    assert_eq!(
        (&preferred("region")["own"], &preferred("region")["over"]),
        (&"eu-west-1".into(), &"us-west-2".into())
    );
    assert!(preferred("output").is_null(), "a key of the person's own is no preference");
    // A third value is preferred to what the portal said, not to the second.
    profile(&sandbox, &["edit", "acme-dev01", "--set", "region=eu-west-2", "--yes"]).run().success();
    assert_eq!(
        (&preferred("region")["own"], &preferred("region")["over"]),
        (&"eu-west-2".into(), &"us-west-2".into())
    );
    profile(&sandbox, &["edit", "acme-dev01", "--unset", "region", "--yes"]).run().success();
    assert_eq!(
        (&preferred("region")["own"], &preferred("region")["over"]),
        (&serde_json::Value::Null, &"us-west-2".into())
    );
    // The tenant's own again: nothing is preferred.
    assert_data_eq!(
        shown(&profile(&sandbox, &["edit", "acme-dev01", "--region", "own", "--yes"]).run()),
        str![[r#"
$ jitpass profile edit acme-dev01 --region own --yes
exit 0
--- stderr

~/.aws/config · 1 line added
  ⋮ [profile acme-dev01]
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
  output = json
+ region = us-west-2
  
  [profile corp]
  sso_session = corp

✓ acme-dev01 is changed
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000005.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert!(preferred("region").is_null());
    let before = sandbox.read(".aws/config");
    let run = profile(&sandbox, &["edit", "acme-dev01", "--region", "own", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config"), before);
    assert_eq!(run.stderr, "✓ nothing to change in acme-dev01\n");
}

#[test]
fn another_tenant_in_the_same_command() {
    let sandbox = set_up("new,tenants=3");
    let config = sandbox.read(".aws/config");
    sandbox.write(
        ".aws/config",
        config.replace("--tenant dev01 --interactive", "--tenant=dev01 --port 4711 --interactive"),
    );
    profile(&sandbox, &["edit", "acme-dev01", "--tenant", "QA01", "--yes"]).run().success();
    assert!(
        sandbox.read(".aws/config").contains(" --tenant qa01 --port 4711 --interactive\n"),
        "{}",
        sandbox.read(".aws/config")
    );
    let preferred = &record(&sandbox, "acme-dev01")["preferred"]["credential_process"];
    assert!(preferred["over"].as_str().is_some_and(|over| over.contains("--tenant dev01")), "{preferred}");
    profile(&sandbox, &["edit", "acme-dev01", "--admin", "--yes"]).run().success();
    assert!(sandbox.read(".aws/config").contains(" --admin --port 4711 --interactive\n"));
    // Sync would bring back the tenant that it was written for.
    let run = profile(&sandbox, &["remove", "acme-dev01", "--dry-run"]).run().fails(3);
    assert!(run.stderr.contains("--exclude dev01\n"), "{run:?}");
}

#[test]
fn profiles_of_others_are_edited_with_care() {
    let sandbox = set_up("new,tenants=1");
    sandbox.write(
        CREDENTIALS,
        "[acme-admin]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = SIMSECRET-x\n",
    );
    assert_data_eq!(
        shown(
            &profile(
                &sandbox,
                &[
                    "edit",
                    "chain",
                    "--set",
                    "role_arn=arn:aws:iam::1:role/y",
                    "--unset",
                    "source_profile",
                    "--yes"
                ]
            )
            .run()
        ),
        str![[r#"
$ jitpass profile edit chain --set role_arn=arn:aws:iam::1:role/y --unset source_profile --yes
exit 0
--- stderr

~/.aws/config · 1 line added, 2 removed
  ⋮ [profile corp]
  sso_role_name = dev
  
  [profile chain]
- role_arn = arn:aws:iam::123456789012:role/x
- source_profile = acme-dev01
+ role_arn = arn:aws:iam::1:role/y
  
  [profile old]
  credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a

✓ chain is changed
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    // What beats one of ours is said again.
    let run = profile(&sandbox, &["edit", "acme-admin", "--set", "output=text", "--yes"]).run().success();
    assert!(
        run.stderr.contains("! acme-admin: `aws_access_key_id` (~/.aws/credentials:2) is taken instead by "),
        "{run:?}"
    );
}

#[test]
fn a_mark_that_goes_ends_the_keeping() {
    let sandbox = set_up("new,tenants=1");
    let run =
        profile(&sandbox, &["edit", "acme-default", "--unset", "jitpass_portal", "--yes"]).run().success();
    assert!(run.stderr.contains("`jitpass sync` will leave acme-default to you"), "{run:?}");
    let list = profile(&sandbox, &["list", "acme-default", "--json"]).run().json();
    assert_eq!(list[0]["managed"], false);
}

#[test]
fn what_is_refused_is_said_with_what_helps() {
    let sandbox = set_up("new,tenants=2");
    let table: [(&[&str], &str, &str); 14] = [
        (&["nope", "--region", "us-east-1"], "there is no profile `nope` in ~/.aws/config", "profile list"),
        (&["acme-dev1", "--region", "us-east-1"], "there is no profile `acme-dev1`", "`acme-dev01`"),
        (&["acme-dev01"], "nothing says what is to be different", "--region"),
        (&["acme-dev01", "--region", "mars"], "`mars` is not a region", ""),
        (&["acme-dev01", "--set", "region=mars"], "`mars` is not a region", ""),
        (&["acme-dev01", "--set", "Output=json"], "the key must start with a lower-case letter", ""),
        (&["acme-dev01", "--set", "output=a #b"], "the value has `#`", ""),
        (&["acme-dev01", "--set", "role_arn=x"], "would not ask jitpass any more", "source_profile"),
        (&["acme-dev01", "--set", "aws_access_key_id=x"], "would hold a secret", "every program"),
        (&["acme-dev01", "--set", "credential_process=/x"], "is jitpass's own here", "--tenant NAME"),
        (
            &["acme-dev01", "--unset", "credential_process"],
            "would have no credentials",
            "profile remove acme-dev01",
        ),
        (
            &["old", "--set", "credential_process=/x --token SIMTOKEN-1"],
            "would hold a secret",
            "every program",
        ),
        (&["corp", "--tenant", "dev01"], "`corp` does not ask jitpass", "profile import"),
        (&["corp", "--region", "own"], "`corp` does not ask jitpass", "--region us-west-2"),
    ];
    for (args, message, hint) in table {
        let run = profile(&sandbox, &[&["edit"], args, &["--yes"]].concat()).run().fails(2).changes_nothing();
        assert!(run.stderr.contains(message) && run.stderr.contains(hint), "{args:?}: {run:?}");
        assert!(!run.stderr.contains("SIMTOKEN"), "{run:?}");
    }
    // What cannot be edited safely is said with its line.
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replace("[profile corp]\n", "[profile corp]\n  broken = 1\n"));
    let run = profile(&sandbox, &["edit", "corp", "--region", "us-east-1", "--yes"])
        .run()
        .fails(1)
        .changes_nothing();
    assert!(run.stderr.contains("cannot be edited safely: line "), "{run:?}");
    // In the credentials file, which is only read.
    sandbox.write(CREDENTIALS, "\n[stale]\n");
    let run = profile(&sandbox, &["edit", "stale", "--region", "us-east-1", "--yes"]).run().fails(2);
    assert!(
        run.stderr.contains("hint: there is one in ~/.aws/credentials:2, a file that jitpass only reads"),
        "{run:?}"
    );
    // The portal does not know the tenant's region when nobody is signed in.
    sandbox.jitpass(["logout"]).run().success();
    let run = profile(&sandbox, &["edit", "acme-dev01", "--region", "own", "--yes"]).run().fails(1);
    assert!(run.stderr.contains("not signed in"), "{run:?}");
}

#[test]
fn a_file_that_is_not_there() {
    let sandbox = Sandbox::new();
    let run =
        profile(&sandbox, &["edit", "a", "--region", "us-east-1", "--yes"]).run().fails(2).changes_nothing();
    assert!(run.stderr.contains("there is no profile `a`"), "{run:?}");
}
