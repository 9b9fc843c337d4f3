//! What is written as it was typed and will hardly do what was meant.

use snapbox::{assert_data_eq, str};

use super::editor::editor;
use super::{profile, set_up};
use crate::cli::shown;
use crate::cli::terminal::Terminal;

#[test]
fn a_broken_profile_is_not_called_fine() {
    let sandbox = set_up("new,tenants=2");
    let script = editor(&sandbox, "sed -i -e 's/--tenant /--tennant /' -e 's/^region/regoin/' \"$1\"");
    let call = profile(&sandbox, &["edit", "acme-dev01", "--editor", "--yes"]).env("EDITOR", script);
    assert_data_eq!(
        shown(&call.run()),
        str![[r#"
$ jitpass profile edit acme-dev01 --editor --yes
exit 0
--- stderr

~/.aws/config · 2 lines added, 2 removed
  ⋮ [profile acme-default]
  jitpass_portal = acme
  
  [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ regoin = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tennant dev01 --interactive
  jitpass_portal = acme
  
  [profile corp]

! `--tennant` is no flag of `jitpass aws` (`--tenant` is): this profile will give no credentials
! `regoin` is no key that AWS programs know; did you mean `region`?
✓ acme-dev01 is changed
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let list = profile(&sandbox, &["list", "acme-dev01"]).run().success();
    assert_data_eq!(
        shown(&list),
        str![[r#"
$ jitpass profile list acme-dev01
exit 0
--- stdout
acme-dev01  jitpass, but its command is wrong  managed

"#]]
    );
    assert_data_eq!(
        shown(&profile(&sandbox, &["show", "acme-dev01"]).run()),
        str![[r#"
$ jitpass profile show acme-dev01
exit 0
--- stdout
acme-dev01
  · managed: jitpass wrote it for portal acme
  ! jitpass, but its command is wrong: `--tennant` is no flag of `jitpass aws` (`--tenant` is); it gives no credentials
  · your own: `credential_process` is `[BIN]/jitpass aws --host [PORTAL] --tennant dev01 --interactive`; without that it would be `[BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive` (jitpass sync --overwrite)
  · your own: `region` was taken out; without that it would be `us-west-2` (jitpass sync --overwrite)
  · runs [BIN]/jitpass aws --host [PORTAL] --tennant dev01 --interactive (it lies at [PROGRAM])

~/.aws/config
  11  [profile acme-dev01]
  12  regoin = us-west-2
  13  credential_process = [BIN]/jitpass aws --host [PORTAL] --tennant dev01 --interactive
  14  jitpass_portal = acme

"#]]
    );
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
! acme-dev01: `--tennant` is no flag of `jitpass aws` (`--tenant` is): it gives no credentials
✓ nothing to change: 3 profiles in ~/.aws/config as they should be
· values of your own stay: acme-dev01 (region, credential_process)
·   to give them up, those kept earlier too: jitpass sync --overwrite

"#]]
    );
    let list = profile(&sandbox, &["list", "acme-dev01", "--json"]).run().success().stdout;
    let list: serde_json::Value = serde_json::from_str(&list).expect("it is JSON");
    assert_eq!((&list[0]["source"], &list[0]["managed"]), (&"jitpass".into(), &true.into()));
}

#[test]
fn a_key_that_was_misspelt_on_the_command_line() {
    let sandbox = set_up("new,tenants=2");
    let run = profile(&sandbox, &["edit", "corp", "--set", "ouput=json", "--dry-run"]).run().fails(3);
    assert!(
        run.stderr.contains("! `ouput` is no key that AWS programs know; did you mean `output`?\n"),
        "{run:?}"
    );
    // One that is there already is not spoken of.
    profile(&sandbox, &["edit", "corp", "--set", "ouput=json", "--yes"]).run().success();
    let run = profile(&sandbox, &["edit", "corp", "--set", "cli_pager=less", "--dry-run"]).run().fails(3);
    assert!(!run.stderr.contains("did you mean"), "{run:?}");
    let run = profile(&sandbox, &["edit", "corp", "--unset", "outptu", "--yes"]).run().success();
    assert_eq!(
        run.stderr,
        "! there is no `outptu` in corp; did you mean `ouput`?\n✓ nothing to change in corp\n"
    );
}

#[test]
fn a_tenant_that_the_portal_does_not_have() {
    let sandbox = set_up("new,tenants=3");
    let edit =
        |tenant: &str, how: &str| profile(&sandbox, &["edit", "acme-dev01", "--tenant", tenant, how]).run();
    let run = edit("qa10", "--yes").fails(1).changes_nothing();
    assert!(run.stderr.contains("has no tenant `qa10` for you\nhint: did you mean `qa01`?"), "{run:?}");
    sandbox.jitpass(["logout"]).run().success();
    let run = edit("qa10", "--dry-run").fails(3);
    assert!(run.stderr.contains("· not checked, 127.0.0.1:"), "{run:?}");
}

#[test]
fn names_of_nothing() {
    let sandbox = set_up("new,tenants=2");
    for (args, near) in [
        (["list", "acme-dev1"].as_slice(), Some("acme-dev01")),
        (&["list", "--tenant", "dve01"], Some("dev01")),
        (&["list", "--tenant", "xyzzy"], None),
    ] {
        let run = profile(&sandbox, args).run().success();
        let near = near.map(|near| format!("·   did you mean `{near}`?\n")).unwrap_or_default();
        assert_eq!(run.stderr, format!("· no profile is like that\n{near}"), "{args:?}");
    }
    let run = sandbox.jitpass(["sync", "--adopt", "acme-dve01", "--yes"]).run().success();
    assert!(
        run.stderr.contains(
            "! no profile that jitpass would write fits `acme-dve01`; did you mean `acme-dev01`?\n"
        ),
        "{run:?}"
    );
    let run = sandbox.jitpass(["sync", "--adopt", "acme-*", "--yes"]).run().success();
    assert!(!run.stderr.contains("fits"), "{run:?}");
}

/// Who stops at the question is told where the text is.
#[test]
fn stopped_at_the_question() {
    let sandbox = set_up("new,tenants=1");
    let script = editor(&sandbox, "echo 'output = json' >> \"$1\"");
    let environment = [("EDITOR", script.as_str())];
    let mut terminal = Terminal::start(&sandbox, &["profile", "edit", "corp", "--editor"], &environment);
    terminal.sees("Write this? (Y/n)").presses("\u{3}");
    let (code, shown) = terminal.ends();
    assert_ne!(code, 0, "{shown}");
    assert!(!shown.contains("Edit it again?"), "{shown}");
    assert!(shown.contains("your text is kept in ~/.local/state/jitpass/drafts/profile-"), "{shown}");
    assert!(
        shown.contains("`jitpass profile edit corp --editor` starts from what ~/.aws/config says"),
        "{shown}"
    );
}
