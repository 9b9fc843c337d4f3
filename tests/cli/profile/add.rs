//! `jitpass profile add`.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, profile, record, set_up};
use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

#[test]
fn one_that_sync_keeps_from_then_on() {
    let sandbox = set_up("new,tenants=2");
    profile(&sandbox, &["remove", "acme-dev01", "--yes"]).run().success();
    assert_data_eq!(
        shown(&profile(&sandbox, &["add", "work", "--host", "acme", "--tenant", "Dev01", "--yes"]).run()),
        str![[r#"
$ jitpass profile add work --host acme --tenant Dev01 --yes
exit 0
--- stderr

~/.aws/config · 5 lines added
  
  [profile old]
  credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a
+ 
+ [profile work]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme

✓ work is there; try it:
    aws sts get-caller-identity --profile work
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000003.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let record = record(&sandbox, "work");
    assert_eq!(
        (&record["is_named_by_person"], record["tenant_id"].is_string()),
        (&true.into(), true),
        "{record}"
    );
    assert_eq!(record["written"]["jitpass_portal"], "acme", "{record}");
    sandbox.credential_process("work").run().success();
    // A second run has nothing to add to.
    profile(&sandbox, &["add", "work", "--host", "acme", "--tenant", "dev01", "--yes"])
        .run()
        .fails(2)
        .changes_nothing();
}

#[test]
fn a_second_one_for_the_same_tenant_is_the_persons_own() {
    let sandbox = set_up("new,tenants=2");
    let args = [
        "add",
        "mine",
        "--host",
        "acme",
        "--tenant",
        "dev01",
        "--region",
        "eu-west-1",
        "--set",
        "output=json",
    ];
    let run = profile(&sandbox, &args).args(["--no-interactive", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile add mine --host acme --tenant dev01 --region eu-west-1 --set output=json --no-interactive --yes
exit 0
--- stderr

~/.aws/config · 5 lines added
  
  [profile old]
  credential_process = duplo-jit aws --host https://acme.duplocloud.net --token ‹redacted d0a8› --tenant a
+ 
+ [profile mine]
+ region = eu-west-1
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01
+ output = json

· `jitpass sync` keeps acme-dev01 for the same scope, and leaves this one to you
✓ mine is there; try it:
    aws sts get-caller-identity --profile mine
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    assert!(record(&sandbox, "mine").is_null());
}

#[test]
fn without_settings_and_without_a_sign_in() {
    let sandbox = Sandbox::new();
    let args = ["add", "default", "--host", "acme", "--api-host", "https://api.acme.net", "--admin"];
    assert_data_eq!(
        shown(&profile(&sandbox, &args).args(["--dry-run"]).run().changes_nothing()),
        str![[r#"
$ jitpass profile add default --host acme --api-host https://api.acme.net --admin --dry-run
exit 3
--- stdout
~/.aws/config (new file) · 2 lines added
+ [default]
+ credential_process = [BIN]/jitpass aws --host https://acme.duplocloud.net --api-host https://api.acme.net --admin --interactive
--- stderr
· that portal is not in your settings, so `jitpass sync` leaves this profile to you (jitpass setup --host https://acme.duplocloud.net)
· not checked, acme.duplocloud.net was not asked: not signed in to acme.duplocloud.net
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &args).args(["--yes"]).run()),
        str![[r#"
$ jitpass profile add default --host acme --api-host https://api.acme.net --admin --yes
exit 0
--- stderr

~/.aws/config (new file) · 2 lines added
+ [default]
+ credential_process = [BIN]/jitpass aws --host https://acme.duplocloud.net --api-host https://api.acme.net --admin --interactive

· that portal is not in your settings, so `jitpass sync` leaves this profile to you (jitpass setup --host https://acme.duplocloud.net)
· not checked, acme.duplocloud.net was not asked: not signed in to acme.duplocloud.net
✓ default is there; try it:
    aws sts get-caller-identity --profile default
--- files
created [HOME]/.aws/config mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600

"#]]
    );
    assert_eq!(profiles(&sandbox), ["default"]);
}

#[test]
fn what_is_refused_is_said_with_what_helps() {
    let sandbox = set_up("new,tenants=2");
    let before = sandbox.read(".aws/config");
    let refused = |args: &[&str]| {
        let run = profile(&sandbox, &[&["add"], args, &["--yes"]].concat()).run();
        let said: Vec<&str> = run.stderr.lines().collect();
        assert_eq!(sandbox.read(".aws/config"), before);
        assert!(run.stdout.is_empty() && said.len() == 2 && said[0].starts_with("error: "), "{run:?}");
        (said[0].trim_start_matches("error: ").to_owned(), said[1].trim_start_matches("hint: ").to_owned())
    };
    let tenant = |name: &'static str| vec![name, "--host", "acme", "--tenant", "dev01"];
    let with = |name, more: &[&'static str]| [tenant(name), more.to_vec()].concat();
    let table: [(Vec<&str>, &str, &str); 10] = [
        (
            tenant("acme-dev01"),
            "there already is a profile `acme-dev01` (~/.aws/config:11)",
            "edit acme-dev01",
        ),
        (tenant("corp"), "there already is a profile `corp`", "rename corp NEW"),
        (vec!["x", "--host", "acme", "--tenant", "dve01"], "has no tenant `dve01` for you", "`dev01`"),
        (vec!["x", "--host", "acme"], "--tenant, --admin or --duplo-ops is missing", "--tenant dev01"),
        (vec!["--host", "acme", "--admin"], "the profile's name is missing", "profile add acme-dev01"),
        (with("x", &["--set", "output"]), "--set wants a key and its value", "--set output=json"),
        (with("x", &["--set", "aws_secret_access_key=y"]), "would hold a secret", "every program can read"),
        (with("x", &["--set", "role_arn=y"]), "would not ask jitpass any more", "source_profile"),
        (with("x", &["--set", "jitpass_portal=y"]), "is the mark", "profile add"),
        (with("x", &["--set", "region=us-east-1"]), "`region` is said twice", "--region"),
    ];
    for (args, message, hint) in table {
        let (said, helps) = refused(&args);
        assert!(said.contains(message) && helps.contains(hint), "{args:?}: {said}; {helps}");
    }
    profile(&sandbox, &["add", "x", "--host", "acme", "--tenant", "dev01"]).run().fails(2).changes_nothing();
    for name in ["a]b", "a\nb", "__proto__", "-x", "a b", ""] {
        let args = ["add", "--host", "acme", "--tenant", "dev01", "--yes", "--", name];
        let run = profile(&sandbox, &args).run().fails(2).changes_nothing();
        assert!(run.stderr.contains("is not a profile name"), "{run:?}");
    }
}

/// The portal is asked only when somebody is signed in; when it cannot answer, what was typed stands.
#[test]
fn a_portal_that_does_not_answer_stops_nobody() {
    let sandbox = set_up("new,tenants=2");
    sandbox.portal().portal().fault("v3/features/system", "html-200".parse().expect("a fault"), None);
    let run = profile(&sandbox, &["add", "x", "--host", "acme", "--tenant", "nobody-knows", "--yes"])
        .run()
        .success();
    assert!(run.stderr.contains("was not asked: "), "{run:?}");
    let settings = sandbox.read(SETTINGS);
    sandbox.write(SETTINGS, settings.replace("admin = true", "admin = true\nregion = \"eu-north-1\""));
    profile(&sandbox, &["add", "y", "--host", "acme", "--duplo-ops", "--yes"]).run().success();
    assert!(sandbox.read(".aws/config").contains("[profile y]\nregion = eu-north-1\n"));
}
