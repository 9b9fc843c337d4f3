//! `jitpass shell uninstall`.

use std::fs;

use snapbox::{assert_data_eq, str};

use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn the_bytes_are_as_before_and_what_was_made_goes() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "bindkey -v\r\nx");
    sandbox.jitpass(["shell", "install", "zsh", "fish", "--yes"]).run().success();
    assert_data_eq!(
        shown(&sandbox.jitpass(["shell", "uninstall", "--dry-run"]).run().fails(3)),
        str![[r#"
$ jitpass shell uninstall --dry-run
exit 3
--- stdout
~/.zshrc · 4 lines removed
  bindkey -v
  x
- 
- # >>> jitpass >>>
- [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh" #
- # <<< jitpass <<<
~/.config/fish/conf[DURATION]/jitpass.fish · 3 lines removed
- # >>> jitpass >>> (this file was made for it)
- if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end
- # <<< jitpass <<<
--- stderr
· ~/.config/fish/conf[DURATION]/jitpass.fish goes: jitpass made it, and it holds nothing else
· ~/.local/share/jitpass/shell/jitpass.zsh goes: jitpass's own script
· ~/.local/share/jitpass/shell/jitpass.fish goes: jitpass's own script
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success()),
        str![[r#"
$ jitpass shell uninstall --yes
exit 0
--- stderr

~/.zshrc · 4 lines removed
  bindkey -v
  x
- 
- # >>> jitpass >>>
- [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh" #
- # <<< jitpass <<<

~/.config/fish/conf[DURATION]/jitpass.fish · 3 lines removed
- # >>> jitpass >>> (this file was made for it)
- if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end
- # <<< jitpass <<<

· ~/.config/fish/conf[DURATION]/jitpass.fish goes: jitpass made it, and it holds nothing else
· ~/.local/share/jitpass/shell/jitpass.zsh goes: jitpass's own script
· ~/.local/share/jitpass/shell/jitpass.fish goes: jitpass's own script
✓ taken out of ~/.zshrc and ~/.config/fish/conf[DURATION]/jitpass.fish
· terminals that are open keep `jitnow` and `jituse` until they are closed
--- files
removed [HOME]/.config/fish/conf[DURATION]/jitpass.fish
removed [HOME]/.local/share/jitpass/shell/jitpass.fish
removed [HOME]/.local/share/jitpass/shell/jitpass.zsh
created [HOME]/.local/state/jitpass/journal/00000002-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.zshrc

"#]]
    );
    assert_eq!(sandbox.read(".zshrc"), "bindkey -v\r\nx");
    assert!(!sandbox.home().join(".config").exists() && !sandbox.home().join(".local/share").exists());
    let again = sandbox.jitpass(["shell", "uninstall"]).run().success().changes_nothing();
    assert!(again.stderr.contains("no start-up file loads the integration"), "{}", again.stderr);
}

#[test]
fn only_the_shell_that_is_named() {
    let sandbox = Sandbox::new();
    sandbox.jitpass(["shell", "install", "zsh", "fish", "--yes"]).run().success();
    sandbox.jitpass(["shell", "uninstall", "zsh", "--yes"]).run().success();
    assert!(!sandbox.home().join(".zshrc").exists());
    assert!(!sandbox.home().join(".local/share/jitpass/shell/jitpass.zsh").exists());
    assert!(sandbox.home().join(".config/fish/conf.d/jitpass.fish").exists());
    assert!(sandbox.home().join(".local/share/jitpass/shell/jitpass.fish").exists());
}

#[test]
fn it_is_found_where_variables_pointed_then() {
    let sandbox = Sandbox::new();
    let zsh = sandbox.root().join("zsh");
    let install = ["shell", "install", "zsh", "fish", "--yes"];
    fs::create_dir_all(&zsh).unwrap();
    fs::write(zsh.join(".zshrc"), "x\n").unwrap();
    let elsewhere = sandbox.home().join("xdg");
    sandbox.jitpass(install).env("ZDOTDIR", &zsh).env("XDG_CONFIG_HOME", &elsewhere).run().success();
    assert!(fs::read_to_string(zsh.join(".zshrc")).unwrap().contains("jitpass"));
    sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success();
    assert_eq!(fs::read_to_string(zsh.join(".zshrc")).unwrap(), "x\n");
    assert!(!elsewhere.exists());
}

#[test]
fn it_is_found_where_a_start_up_file_points_though_nothing_else_tells() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshenv", "ZDOTDIR=$HOME/zsh\n");
    sandbox.write("zsh/.zshrc", "x\n");
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    assert!(sandbox.read("zsh/.zshrc").contains("jitpass"));
    // As on a machine to which only the start-up files were carried.
    fs::remove_dir_all(sandbox.home().join(".local/state")).unwrap();
    sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success();
    assert_eq!(sandbox.read("zsh/.zshrc"), "x\n");
}

#[test]
fn what_stands_in_the_block_and_is_not_ours_stays_and_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "a\n");
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    let edited = sandbox.read(".zshrc").replace("# <<<", "alias x=y\n# <<<");
    sandbox.write(".zshrc", edited);
    let run = sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success();
    assert!(run.stderr.contains("this line stood in the block, but is not jitpass's"), "{}", run.stderr);
    assert!(sandbox.read(".zshrc").contains("alias x=y\n") && !sandbox.read(".zshrc").contains("jitpass"));
}

#[test]
fn a_block_that_has_to_stay_keeps_its_script() {
    let sandbox = Sandbox::new();
    let zshrc = sandbox.write(".zshrc", "x\n");
    sandbox.jitpass(["shell", "install", "zsh", "fish", "--yes"]).run().success();
    fs::set_permissions(&zshrc, std::os::unix::fs::PermissionsExt::from_mode(0o444)).unwrap();
    let run = sandbox.jitpass(["shell", "uninstall", "--yes"]).run().fails(1);
    assert!(run.stderr.contains("~/.zshrc is read-only"), "{}", run.stderr);
    let script = |name: &str| sandbox.home().join(".local/share/jitpass/shell").join(name);
    assert!(script("jitpass.zsh").exists() && !script("jitpass.fish").exists());
}
