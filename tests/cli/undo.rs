//! What was written, and the way back.

use std::fs;

use snapbox::{assert_data_eq, str};

use super::shown;
use super::terminal::Terminal;
use crate::harness::{Call, Sandbox};

const OLD: &str = "# mine\n[default]\nregion = eu-central-1\n\n[profile other]\nregion = us-east-1\n";

/// A sandbox with a portal of two tenants, and a config file of the person's own.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".aws/config", OLD);
    sandbox
}

fn setup(sandbox: &Sandbox, args: &[&str]) {
    let url = sandbox.url();
    let call = sandbox.jitpass(["setup", "--host", &url, "--name", "acme", "--yes"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url).run().success();
}

fn jitpass(sandbox: &Sandbox, line: &str) -> Call {
    sandbox.jitpass(line.split(' '))
}

#[test]
fn a_change_and_the_way_back_and_forth() {
    let sandbox = sandbox();
    setup(&sandbox, &[]);
    let new = sandbox.read(".aws/config");
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history").run()),
        str![[r#"
$ jitpass history
exit 0
--- stdout
1  just now  setup  +21 −0  acme-admin and 3 more

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history 1").run()),
        str![[r#"
$ jitpass history 1
exit 0
--- stdout
~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "[PORTAL]"
+ admin = true
+ tenants = "all"

~/.aws/config · 15 lines added
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
+ 
+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme
--- stderr
change 1: setup, just now

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --dry-run").run().changes_nothing()),
        str![[r#"
$ jitpass undo --dry-run
exit 3
--- stdout
~/.config/jitpass/config.toml · 6 lines removed
- # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
- 
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"
~/.aws/config · 15 lines removed
  
  [profile other]
  region = us-east-1
- 
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
--- stderr
· taking back change 1 (`setup`)
· ~/.config/jitpass/config.toml goes: jitpass made it, and it holds nothing else
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run()),
        str![[r#"
$ jitpass undo --yes
exit 0
--- stderr
· taking back change 1 (`setup`)

~/.config/jitpass/config.toml · 6 lines removed
- # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
- 
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"

~/.aws/config · 15 lines removed
  
  [profile other]
  region = us-east-1
- 
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

· ~/.config/jitpass/config.toml goes: jitpass made it, and it holds nothing else
✓ change 1 is taken back in ~/.config/jitpass/config.toml and ~/.aws/config
· to bring it back: jitpass undo 2
--- files
changed [HOME]/.aws/config
removed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), OLD);
    assert!(!sandbox.home().join(".config/jitpass/config.toml").exists());
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run()),
        str![[r#"
$ jitpass undo --yes
exit 1
--- stderr
error: there is nothing to take back
hint: to bring back what was taken back last: jitpass undo 2

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 1 --yes").run()),
        str![[r#"
$ jitpass undo 1 --yes
exit 1
--- stderr
error: change 1 is taken back already, by change 2
hint: to bring it back: jitpass undo 2

"#]]
    );
    jitpass(&sandbox, "undo 2 --yes").run().success();
    assert_eq!(sandbox.read(".aws/config"), new);
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history --json").run()),
        str![[r#"
$ jitpass history --json
exit 0
--- stdout
[
  {
    "at": "[TIME]",
    "command": "undo",
    "files": [
      {
        "added": 15,
        "created": false,
        "deleted": false,
        "path": "[HOME]/.aws/config",
        "removed": 0,
        "sections": [
          "profile acme-admin",
          "profile acme-default",
          "profile acme-dev01"
        ]
      },
      {
        "added": 6,
        "created": true,
        "deleted": false,
        "path": "[HOME]/.config/jitpass/config.toml",
        "removed": 0,
        "sections": [
          "portal.acme"
        ]
      }
    ],
    "number": 3,
    "standing": "stands",
    "through": null,
    "undoes": 2,
    "undone_by": null
  },
  {
    "at": "[TIME]",
    "command": "undo",
    "files": [
      {
        "added": 0,
        "created": false,
        "deleted": false,
        "path": "[HOME]/.aws/config",
        "removed": 15,
        "sections": [
          "profile acme-admin",
          "profile acme-default",
          "profile acme-dev01"
        ]
      },
      {
        "added": 0,
        "created": false,
        "deleted": true,
        "path": "[HOME]/.config/jitpass/config.toml",
        "removed": 6,
        "sections": [
          "portal.acme"
        ]
      }
    ],
    "number": 2,
    "standing": "undone",
    "through": null,
    "undoes": 1,
    "undone_by": 3
  },
  {
    "at": "[TIME]",
    "command": "setup",
    "files": [
      {
        "added": 15,
        "created": false,
        "deleted": false,
        "path": "[HOME]/.aws/config",
        "removed": 0,
        "sections": [
          "profile acme-admin",
          "profile acme-default",
          "profile acme-dev01"
        ]
      },
      {
        "added": 6,
        "created": true,
        "deleted": false,
        "path": "[HOME]/.config/jitpass/config.toml",
        "removed": 0,
        "sections": [
          "portal.acme"
        ]
      }
    ],
    "number": 1,
    "standing": "stands",
    "through": null,
    "undoes": null,
    "undone_by": null
  }
]

"#]]
    );
    // The one that was brought back is the newest that stands.
    let run = jitpass(&sandbox, "undo --yes --json").run().success();
    assert_eq!((run.json()["undoes"].as_u64(), run.json()["number"].as_u64()), (Some(1), Some(4)));
    assert_eq!(sandbox.read(".aws/config"), OLD);
}

#[test]
fn after_later_changes_and_those_of_others() {
    let sandbox = sandbox();
    setup(&sandbox, &["--tenant", "dev01", "--no-admin"]);
    setup(&sandbox, &["--all-tenants", "--admin"]);
    let config = sandbox.read(".aws/config");
    let theirs =
        config.replace("[profile other]\n", "[profile other]\noutput = json\n") + "[profile theirs]\n";
    sandbox.write(".aws/config", &theirs);
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 1 --dry-run").run()),
        str![[r#"
$ jitpass undo 1 --dry-run
exit 1
--- stderr
~/.config/jitpass/config.toml:3 · written to [portal.acme]:
  + # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  + 
  + [portal.acme]
  + host = "[PORTAL]"
  + admin = false
  + tenants = ["dev01"]
  there now, from line 3:
    [portal.acme]
    host = "[PORTAL]"
  ! admin = true
  ! tenants = "all"

error: change 1 is not taken back: the lines it wrote to ~/.config/jitpass/config.toml were changed since
hint: take back what was changed later first (`jitpass undo 2`), or edit ~/.config/jitpass/config.toml by hand; `jitpass history 1` shows what was written

"#]]
    );
    jitpass(&sandbox, "undo 2 --yes").run().success();
    jitpass(&sandbox, "undo 1 --yes").run().success();
    let left = OLD.replace("[profile other]\n", "[profile other]\noutput = json\n") + "[profile theirs]\n";
    assert_eq!(sandbox.read(".aws/config"), left);
    // What was taken back by hand-made command is offered again by the next setup.
    setup(&sandbox, &["--all-tenants", "--admin"]);
    assert!(sandbox.read(".aws/config").contains("[profile acme-dev01]"));
}

#[test]
fn lines_that_others_changed() {
    let sandbox = sandbox();
    setup(&sandbox, &["--tenant", "dev01", "--no-admin"]);
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replace("us-west-2", "eu-west-1"));
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run().changes_nothing()),
        str![[r#"
$ jitpass undo --yes
exit 1
--- stderr
~/.aws/config:8 · written to [profile acme-dev01]:
  + 
  + [profile acme-dev01]
  + region = us-west-2
  + credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  + jitpass_portal = acme
  there now, from line 8:
    [profile acme-dev01]
  ! region = eu-west-1
    credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
    jitpass_portal = acme

error: change 1 is not taken back: the lines it wrote to ~/.aws/config were changed since
hint: edit ~/.aws/config by hand; `jitpass history 1` shows what was written

"#]]
    );
    let run = jitpass(&sandbox, "undo --yes --json").run().fails(1).changes_nothing();
    let conflict = &run.json()["conflicts"][0];
    assert_eq!(
        (conflict["section"].as_str(), conflict["line"].as_u64()),
        (Some("[profile acme-dev01]"), Some(8))
    );
    // A copy of what was written: nobody guesses which.
    let copy = &config[config.find("\n[profile acme-dev01]").unwrap_or_default()..];
    sandbox.write(".aws/config", format!("{config}\n# mine\n{copy}"));
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run().changes_nothing()),
        str![[r#"
$ jitpass undo --yes
exit 1
--- stderr
~/.aws/config:8 · written to [profile acme-dev01]:
  + 
  + [profile acme-dev01]
  + region = us-west-2
  + credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  + jitpass_portal = acme
  there now at lines 8, 15

error: change 1 is not taken back: the lines it wrote stand more than once in ~/.aws/config
hint: edit ~/.aws/config by hand; `jitpass history 1` shows what was written

"#]]
    );
}

#[test]
fn files_that_went_or_hold_more() {
    let sandbox = Sandbox::with("new,tenants=1");
    setup(&sandbox, &["--no-admin"]);
    // What the change made, and somebody added to.
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", format!("{config}\n[profile theirs]\n"));
    fs::remove_file(sandbox.home().join(".config/jitpass/config.toml")).expect("it was written");
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run()),
        str![[r#"
$ jitpass undo --yes
exit 0
--- stderr
· taking back change 1 (`setup`)

~/.aws/config · 4 lines removed
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
  
  [profile theirs]

· ~/.config/jitpass/config.toml is as it was before already
✓ change 1 is taken back in ~/.aws/config
· to bring it back: jitpass undo 2
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), "\n[profile theirs]\n");
    fs::remove_file(sandbox.aws_config()).expect("it was there");
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 2 --yes").run()),
        str![[r#"
$ jitpass undo 2 --yes
exit 1
--- stderr
· taking back change 2 (`undo`)
! ~/.aws/config is not there any more: nothing to take back in it
error: change 2 cannot be taken back: its file is gone

"#]]
    );
}

#[test]
fn refusals() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history").run()),
        str![[r#"
$ jitpass history
exit 0
--- stderr
· jitpass has written nothing yet

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run()),
        str![[r#"
$ jitpass undo --yes
exit 1
--- stderr
error: there is nothing to take back

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo").run()),
        str![[r#"
$ jitpass undo
exit 1
--- stderr
error: there is nothing to take back

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 7 --yes").run()),
        str![[r#"
$ jitpass undo 7 --yes
exit 2
--- stderr
error: there is no change 7
hint: `jitpass history -n 500` lists them all

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history 7").run()),
        str![[r#"
$ jitpass history 7
exit 2
--- stderr
error: there is no change 7
hint: `jitpass history` lists them

"#]]
    );
}

#[test]
fn a_person_is_asked() {
    let sandbox = sandbox();
    setup(&sandbox, &[]);
    let new = sandbox.read(".aws/config");
    let mut terminal = Terminal::start(&sandbox, &["undo"], &[]);
    terminal
        .sees("taking back change 1 (`setup`)")
        .sees("[profile acme-dev01]")
        .sees("Write this?")
        .types("n");
    let (code, said) = terminal.ends();
    assert!(code == 1 && said.contains("nothing was written"), "{code} {said}");
    assert_eq!(sandbox.read(".aws/config"), new);
    let mut terminal = Terminal::start(&sandbox, &["undo"], &[]);
    terminal.sees("Write this?").types("y");
    assert_eq!(terminal.ends().0, 0);
    assert_eq!(sandbox.read(".aws/config"), OLD);
}
