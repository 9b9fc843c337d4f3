//! A portal under another name.

use snapbox::{assert_data_eq, str};

use super::{portal, set_up, settings};
use crate::cli::{profiles, shown};

#[test]
fn its_profiles_go_with_it() {
    let sandbox = set_up("new,tenants=2");
    // Somebody's copy, and a profile that uses one of ours.
    let ours = sandbox.read(".aws/config");
    let copy = "\n[profile mine]\nregion = us-west-2\ncredential_process = /bin/jitpass aws --host https://x.net --tenant dev01\njitpass_portal = acme\n\n[profile role]\nsource_profile = acme-dev01\nrole_arn = arn:aws:iam::1:role/x\n";
    sandbox.write(".aws/config", format!("{ours}{copy}"));
    let run = portal(&sandbox, &["edit", "acme", "--name", "work", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass portal edit acme --name work --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 1 line added, 1 removed
  # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  
- [portal.acme]
+ [portal.work]
  host = "[PORTAL]"
  admin = true
  tenants = "all"

~/.aws/config · 3 lines added, 3 removed
  [profile acme-admin]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
- jitpass_portal = acme
+ jitpass_portal = work
  
  [profile acme-default]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
+ jitpass_portal = work
  
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme
+ jitpass_portal = work
  
  [profile mine]
  region = us-west-2

· copies that you made of its profiles keep their mark: `mine`
✓ ~/.config/jitpass/config.toml and ~/.aws/config written
· for its profiles to follow: jitpass sync work
--- files
changed [HOME]/.aws/config
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert!(settings(&sandbox).contains("[portal.work]\n"), "{}", settings(&sandbox));
    let config = sandbox.read(".aws/config");
    assert_eq!((config.matches("= work\n").count(), config.matches("= acme\n").count()), (3, 1), "{config}");
    // They are known still: by sync they get their new names, and nothing is an orphan or changed by hand.
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert!(run.stderr.contains("3 renamed profiles"), "{}", run.stderr);
    assert!(!run.stderr.contains("by hand"), "{}", run.stderr);
    assert_eq!(profiles(&sandbox), ["work-admin", "work-default", "work-dev01", "mine", "role"]);
    assert!(sandbox.read(".aws/config").contains("source_profile = work-dev01\n"));
    sandbox.jitpass(["sync", "--dry-run"]).run().success();
    // Whoever was signed in is so still.
    sandbox.credential_process("work-dev01").prints_credentials().run().success();
}

#[test]
fn without_a_record_the_names_tell() {
    let sandbox = set_up("new,tenants=2");
    std::fs::remove_file(sandbox.home().join(".local/state/jitpass/managed.json")).unwrap();
    portal(&sandbox, &["edit", "acme", "--name", "work", "--yes"]).run().success();
    assert_eq!(sandbox.read(".aws/config").matches("jitpass_portal = work\n").count(), 3);
    // From now on they are known.
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert!(run.stderr.contains("3 renamed profiles") && !run.stderr.contains("by hand"), "{}", run.stderr);
    assert_eq!(profiles(&sandbox), ["work-admin", "work-default", "work-dev01"]);
}

#[test]
fn a_file_that_cannot_be_edited_there_stays() {
    let sandbox = set_up("new,tenants=1");
    let ours = sandbox.read(".aws/config");
    let twice = format!("{ours}\n[profile acme-admin]\nregion = us-west-2\n");
    sandbox.write(".aws/config", twice);
    let run = portal(&sandbox, &["edit", "acme", "--name", "work", "--yes"]).run();
    assert_data_eq!(
        shown(&run.fails(1).changes_nothing()),
        str![[r#"
$ jitpass portal edit acme --name work --yes
exit 1
--- stderr
error: ~/.aws/config cannot be edited safely: line 11: the same profile is also on line 1; merge the two sections
hint: mend that place by hand, then run this again; nothing was written

"#]]
    );
}
