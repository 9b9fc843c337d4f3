//! The way back past several changes, and what a history says of them.

use snapbox::{assert_data_eq, str};

use super::shown;
use super::terminal::Terminal;
use crate::harness::{Call, Sandbox};

const OLD: &str = "# mine\n[profile other]\nregion = us-east-1\n";

fn jitpass(sandbox: &Sandbox, line: &str) -> Call {
    sandbox.jitpass(line.split(' '))
}

/// Six changes: 1 a set-up, 2 and 3 edits, 4 takes 2 back, 5 and 6 are one command.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=3");
    sandbox.write(".aws/config", OLD);
    let url = sandbox.url();
    let setup = sandbox.jitpass(["setup", "--host", &url, "--name", "acme", "--yes"]);
    setup.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", &url).run().success();
    jitpass(&sandbox, "profile edit acme-dev01 --set output=json --yes").run().success();
    jitpass(&sandbox, "profile edit acme-default --set output=text --yes").run().success();
    jitpass(&sandbox, "undo 2 --yes").run().success();
    let edit = jitpass(&sandbox, "portal edit acme --set output=yaml --sync --yes");
    edit.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", &url).run().success();
    sandbox
}

#[test]
fn everything_since_a_change_in_one_go() {
    let sandbox = sandbox();
    let (config, settings) = (sandbox.read(".aws/config"), sandbox.read(".config/jitpass/config.toml"));
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history").run()),
        str![[r#"
$ jitpass history
exit 0
--- stdout
6  just now  sync          +3 −0   acme-admin and 2 more · ~/.aws/config
5  just now  portal edit   +3 −0   portal.acme.keys · ~/.config/jitpass/config.toml
4  just now  undo 2        +0 −1   acme-dev01 · ~/.aws/config
3  just now  profile edit  +1 −0   acme-default · ~/.aws/config
2  just now  profile edit  +1 −0   acme-dev01 · ~/.aws/config · taken back by 4
1  just now  setup         +26 −0  acme-admin and 4 more

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history").env("COLUMNS", "60").run()),
        str![[r#"
$ jitpass history
exit 0
--- stdout
6  just now  sync          +3 −0   acme-admin and 2 more
5  just now  portal edit   +3 −0   portal.acme.keys
4  just now  undo 2        +0 −1   acme-dev01
3  just now  profile edit  +1 −0   acme-default
2  just now  profile edit  +1 −0   acme-dev01 · taken back by 4
1  just now  setup         +26 −0  acme-admin and 4 more

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --to 2 --dry-run").run().changes_nothing()),
        str![[r#"
$ jitpass undo --to 2 --dry-run
exit 3
--- stdout
~/.config/jitpass/config.toml · 3 lines removed
  ⋮ [portal.acme]
  host = "[PORTAL]"
  admin = true
  tenants = "all"
- 
- [portal.acme.keys]
- output = "yaml"
~/.aws/config · 4 lines removed
  4 changed profiles: acme-admin, acme-default, acme-dev01, acme-qa01
  ⋮ [profile acme-admin]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
- output = yaml
  
  [profile acme-default]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
- output = text
  
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
- output = yaml
  
  [profile acme-qa01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  jitpass_portal = acme
- output = yaml
--- stderr
· taking back 3 changes, newest first: 6 (`sync`), 5 (`portal edit`), 3 (`profile edit`)
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --to 1 --yes").run()),
        str![[r#"
$ jitpass undo --to 1 --yes
exit 0
--- stderr
· taking back 4 changes, newest first: 6 (`sync`), 5 (`portal edit`), 3 (`profile edit`), 1 (`setup`)

~/.config/jitpass/config.toml · 9 lines removed
- # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
- 
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"
- 
- [portal.acme.keys]
- output = "yaml"

~/.aws/config · 24 lines removed
  4 removed profiles: acme-admin, acme-default, acme-dev01, acme-qa01
  # mine
  [profile other]
  region = us-east-1
- 
- [profile acme-admin]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
- jitpass_portal = acme
- output = yaml
- 
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
- output = text
- 
- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme
- output = yaml
- 
- [profile acme-qa01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
- jitpass_portal = acme
- output = yaml

· ~/.config/jitpass/config.toml goes: jitpass made it, and it holds nothing else
✓ 4 changes are taken back in ~/.config/jitpass/config.toml and ~/.aws/config
· to bring them back: jitpass undo 7
--- files
changed [HOME]/.aws/config
removed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000007-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000007.json mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), OLD);
    assert_data_eq!(
        shown(&jitpass(&sandbox, "history").run()),
        str![[r#"
$ jitpass history
exit 0
--- stdout
7  just now  undo --to 1   +0 −33  acme-admin and 5 more
6  just now  sync          +3 −0   acme-admin and 2 more · ~/.aws/config · taken back by 7
5  just now  portal edit   +3 −0   portal.acme.keys · taken back by 7
4  just now  undo 2        +0 −1   acme-dev01 · ~/.aws/config · taken back by 7
3  just now  profile edit  +1 −0   acme-default · ~/.aws/config · taken back by 7
2  just now  profile edit  +1 −0   acme-dev01 · ~/.aws/config · taken back by 7
1  just now  setup         +26 −0  acme-admin and 4 more · taken back by 7

"#]]
    );
    // An undo of an older change is one that is taken back, and with it what it took back since.
    let report = jitpass(&sandbox, "undo --to 2 --dry-run --json").run().fails(3).json();
    assert_eq!(report["takes_back"].to_string(), "[7,6,5,3]");
    jitpass(&sandbox, "undo 7 --yes").run().success();
    assert_eq!(sandbox.read(".aws/config"), config);
    assert_eq!(sandbox.read(".config/jitpass/config.toml"), settings);
    let report = jitpass(&sandbox, "undo --to 2 --dry-run --json").run().fails(3).json();
    assert_eq!(report["takes_back"].to_string(), "[6,5,3]");
    assert_eq!((report["undoes"].as_u64(), report["through"].as_u64()), (Some(2), Some(8)));
    jitpass(&sandbox, "undo --to 9 --yes").run().fails(2);
}

#[test]
fn nothing_is_taken_back_where_one_piece_is_in_the_way() {
    let sandbox = sandbox();
    let config = sandbox.read(".aws/config").replace("region = us-west-2\n", "region = us-west-1\n");
    sandbox.write(".aws/config", config);
    let settings = sandbox.read(".config/jitpass/config.toml").replace("admin = true", "admin = false");
    sandbox.write(".config/jitpass/config.toml", settings);
    // Only what stands is named.
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 1 --yes").run().changes_nothing()),
        str![[r#"
$ jitpass undo 1 --yes
exit 1
--- stderr
~/.aws/config:5 · written to [profile acme-admin]:
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
  + 
  + [profile acme-qa01]
  + region = us-west-2
  + credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  + jitpass_portal = acme
  there now, from line 5:
    [profile acme-admin]
  ! region = us-west-1
    credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
    jitpass_portal = acme
  ! output = yaml
    

~/.config/jitpass/config.toml:3 · written to [portal.acme]:
  + # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  + 
  + [portal.acme]
  + host = "[PORTAL]"
  + admin = true
  + tenants = "all"
  there now, from line 3:
    [portal.acme]
    host = "[PORTAL]"
  ! admin = false
    tenants = "all"
    

error: change 1 is not taken back: the lines it wrote to ~/.aws/config and ~/.config/jitpass/config.toml were changed since
hint: take back all that was changed since, too (`jitpass undo --to 1`), or edit ~/.aws/config and ~/.config/jitpass/config.toml by hand; `jitpass history 1` shows what was written

"#]]
    );
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --to 1 --yes").run().changes_nothing()),
        str![[r#"
$ jitpass undo --to 1 --yes
exit 1
--- stderr
~/.aws/config:5 · written to [profile acme-admin]:
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
  + 
  + [profile acme-qa01]
  + region = us-west-2
  + credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  + jitpass_portal = acme
  there now, from line 5:
    [profile acme-admin]
  ! region = us-west-1
    credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
    jitpass_portal = acme
  ! output = yaml
    

~/.config/jitpass/config.toml:3 · written to [portal.acme]:
  + # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  + 
  + [portal.acme]
  + host = "[PORTAL]"
  + admin = true
  + tenants = "all"
  there now, from line 3:
    [portal.acme]
    host = "[PORTAL]"
  ! admin = false
    tenants = "all"
    

error: nothing is taken back: the lines change 1 wrote to ~/.aws/config and ~/.config/jitpass/config.toml were changed since
hint: take back less (`jitpass undo --to 3`), or edit ~/.aws/config and ~/.config/jitpass/config.toml by hand; `jitpass history 1` shows what was written

"#]]
    );
    // A section that is gone is named all the same.
    let config = sandbox.read(".aws/config").replace("[profile acme-default]", "[profile mine]");
    sandbox.write(".aws/config", config);
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo 3 --yes").run().changes_nothing()),
        str![[r#"
$ jitpass undo 3 --yes
exit 1
--- stderr
~/.aws/config · written to [profile acme-default], which is not there now:
  + output = text
  there now: nothing of it

error: change 3 is not taken back: the lines it wrote to ~/.aws/config were changed since
hint: take back all that was changed since, too (`jitpass undo --to 3`), or edit ~/.aws/config by hand; `jitpass history 3` shows what was written

"#]]
    );
}

#[test]
fn the_other_half_of_a_command_is_named() {
    let sandbox = sandbox();
    assert_data_eq!(
        shown(&jitpass(&sandbox, "undo --yes").run()),
        str![[r#"
$ jitpass undo --yes
exit 0
--- stderr
· taking back change 6 (`sync`)

~/.aws/config · 3 lines removed
  ⋮ [profile acme-admin]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
- output = yaml
  
  [profile acme-default]
  region = us-west-2
  ⋮ [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
- output = yaml
  
  [profile acme-qa01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  jitpass_portal = acme
- output = yaml

✓ change 6 is taken back in ~/.aws/config
· to bring it back: jitpass undo 7
· change 5 (`portal edit`) belongs to it: jitpass undo 5
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000007.json mode 0600

"#]]
    );
}

#[test]
fn a_narrow_terminal_is_not_broken_inside_words() {
    let sandbox = sandbox();
    let at_60 = "stty cols 60; exec jitpass \"$@\"";
    let lines = |args: &[&str]| {
        let (_, said) = Terminal::start_script(&sandbox, at_60, args, &[("COLUMNS", "")]).ends();
        // The terminal gives bytes, each as a character.
        let said = String::from_utf8(said.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect());
        let said = said.expect("it is UTF-8");
        let lines = said.lines().map(|line| anstream::adapter::strip_str(line).to_string());
        lines.collect::<Vec<_>>()
    };
    for args in
        [&["history", "1"][..], &["undo", "1", "--yes"], &["undo", "--to", "1", "--dry-run"], &["history"]]
    {
        let lines = lines(args);
        // What has no blank in it is as long as it is.
        // A row of a table may fill the last column.
        let most = if args == ["history"] { 60 } else { 59 };
        let is_broken = |line: &String| line.chars().count() > most && line.trim_start().contains(' ');
        assert!(lines.len() > 4 && !lines.iter().any(is_broken), "{args:?}: {lines:#?}");
    }
    let said = lines(&["undo", "4", "--yes"]).join("\n");
    // Also below lines in colour.
    assert!(said.contains("\n  ! credential_process =\n        /"), "{said}");
    assert!(said.contains("\n      (`jitpass undo 6`), or edit ~/.aws/config by hand;\n"), "{said}");
    let said = lines(&["undo", "77", "--yes"]).join("\n");
    assert!(said.contains("hint: `jitpass history -n 500` lists them all"), "{said}");
}
