//! What it says.

use snapbox::{assert_data_eq, str};

use super::set_up;
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

#[test]
fn shown_first_then_removed() {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".zshrc", "x\n");
    sandbox.write(".aws/config", "[default]\nregion = eu-central-1\n");
    set_up(&sandbox);
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    let refused = sandbox.jitpass(["uninstall"]).run().fails(2).changes_nothing();
    assert!(refused.stderr.contains("there is no terminal to ask at"), "{}", refused.stderr);
    let dry = sandbox.jitpass(["uninstall", "--dry-run"]).run().fails(3).changes_nothing();
    assert_data_eq!(
        shown(&dry),
        str![[r#"
$ jitpass uninstall --dry-run
exit 3
--- stdout
~/.aws/config · 15 lines removed
  [default]
  region = eu-central-1
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
~/.zshrc · 4 lines removed
  x
- 
- # >>> jitpass >>>
- [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
- # <<< jitpass <<<
~/.config/jitpass/config.toml · 6 lines removed
- # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
- 
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"
--- stderr
These go:
  profiles   3 profiles in the AWS config: acme-admin, acme-default and acme-dev01
  shells     blocks in ~/.zshrc, jitpass's scripts in ~/.local/share/jitpass
  sign-ins   tokens of 127.0.0.1:[PORT], in the keyring and in files, and secrets kept for undo
  settings   ~/.config/jitpass
  caches     credentials and what is known of portals, in ~/.cache/jitpass
  records    journal, locks and all else in ~/.local/state/jitpass
· dry run: nothing was removed

"#]]
    );
    let run = sandbox.jitpass(["uninstall", "--yes"]).run().success();
    assert_data_eq!(
        run.transcript().split("--- files").next().unwrap().to_owned(),
        str![[r#"
$ jitpass uninstall --yes
exit 0
--- stderr

~/.aws/config · 15 lines removed
  [default]
  region = eu-central-1
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

~/.zshrc · 4 lines removed
  x
- 
- # >>> jitpass >>>
- [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
- # <<< jitpass <<<

~/.config/jitpass/config.toml · 6 lines removed
- # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
- 
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"

These go:
  profiles   3 profiles in the AWS config: acme-admin, acme-default and acme-dev01
  shells     blocks in ~/.zshrc, jitpass's scripts in ~/.local/share/jitpass
  sign-ins   tokens of 127.0.0.1:[PORT], in the keyring and in files, and secrets kept for undo
  settings   ~/.config/jitpass
  caches     credentials and what is known of portals, in ~/.cache/jitpass
  records    journal, locks and all else in ~/.local/state/jitpass
✓ removed

To remove the program itself:
    rm [BIN]/jitpass [PROGRAM]

"#]]
    );
}

#[test]
fn where_there_is_nothing() {
    let run = Sandbox::new().jitpass(["uninstall"]).run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass uninstall
exit 0
--- stderr
· there is no trace of jitpass here but the program itself

To remove the program itself:
    rm [BIN]/jitpass [PROGRAM]

"#]]
    );
}

#[test]
fn a_person_chooses_what_goes() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox);
    let mut terminal = Terminal::start(&sandbox, &["uninstall"], &[]);
    // All off, then the caches alone.
    terminal
        .sees("Remove:")
        .sees("[x] profiles")
        .presses("\u{1b}[D")
        .presses("caches")
        .sees("caches")
        .presses(" \r");
    terminal.sees("Remove all this?").presses("y\r").sees("removed");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(!sandbox.home().join(".cache").exists(), "{shown}");
    assert!(sandbox.aws_config().exists() && sandbox.home().join(".config/jitpass/config.toml").exists());
    let mut terminal = Terminal::start(&sandbox, &["uninstall"], &[]);
    terminal.sees("Remove:").presses("\r").sees("Remove all this?").presses("\r").sees("nothing was removed");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
    assert!(sandbox.aws_config().exists());
}

#[test]
fn what_stays_and_will_find_no_jitpass_is_named() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox);
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    let mut terminal = Terminal::start(&sandbox, &["uninstall"], &[]);
    terminal.sees("Remove:").presses("\u{1b}[D").presses("caches").sees("caches").presses(" \r");
    terminal.sees("acme-admin, ").sees("stay, without credentials when jitpass is gone");
    terminal.sees("the blocks in ~/.zshrc stay; ").sees("Remove all this?").presses("n\r");
    assert_eq!(terminal.ends().0, 1);
}

#[test]
fn a_row_of_the_list_is_a_line() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox);
    let script = "stty cols 60; exec jitpass uninstall";
    let mut terminal = Terminal::start_script(&sandbox, script, &[], &[]);
    terminal.sees("3 profiles in the AWS config: ").presses("\r").sees("Remove all this?").presses("n\r");
    let (_, shown) = terminal.ends();
    let rows = shown.split("[x] profiles ").nth(1).unwrap().split("callers").next().unwrap();
    assert!(!rows.split("sign-ins").next().unwrap().contains("acme-dev01"), "{shown}");
}
