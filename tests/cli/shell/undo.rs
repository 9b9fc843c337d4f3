//! `jitpass undo` of what was written into start-up files: our scripts follow the blocks.

use snapbox::{assert_data_eq, str};

use super::setup::set_up;
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

const ZSH: &str = ".local/share/jitpass/shell/jitpass.zsh";
const FISH: &str = ".local/share/jitpass/shell/jitpass.fish";

fn is_there(sandbox: &Sandbox, path: &str) -> bool {
    sandbox.home().join(path).exists()
}

#[test]
fn the_script_comes_back_with_the_block_and_goes_with_it() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "x\n");
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    let script = sandbox.read(ZSH);
    sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success();
    sandbox.jitpass(["undo", "--dry-run"]).run().fails(3).changes_nothing();
    assert_data_eq!(
        shown(&sandbox.jitpass(["undo", "--yes"]).run().success()),
        str![[r#"
$ jitpass undo --yes
exit 0
--- stderr
· taking back change 2 (`shell uninstall`)

~/.zshrc · 4 lines added
  x
+ 
+ # >>> jitpass >>>
+ [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
+ # <<< jitpass <<<

· ~/.local/share/jitpass/shell/jitpass.zsh: jitpass's own script for zsh comes back with the block
✓ change 2 is taken back in ~/.zshrc
· to bring it back: jitpass undo 3
--- files
created [HOME]/.local/share/jitpass/shell/jitpass.zsh mode 0644
created [HOME]/.local/state/jitpass/journal/00000003.json mode 0600
changed [HOME]/.zshrc

"#]]
    );
    assert_eq!(sandbox.read(ZSH), script);
    // Undone, what came back goes again, and so on.
    sandbox.jitpass(["undo", "3", "--yes"]).run().success();
    assert!(!is_there(&sandbox, ZSH) && sandbox.read(".zshrc") == "x\n");
    sandbox.jitpass(["undo", "4", "--yes"]).run().success();
    assert!(is_there(&sandbox, ZSH));
    // An undo of the installation takes the script with it, and the directories that were made for it.
    assert_data_eq!(
        shown(&sandbox.jitpass(["undo", "1", "--yes"]).run().success()),
        str![[r#"
$ jitpass undo 1 --yes
exit 0
--- stderr
· taking back change 1 (`shell install`)

~/.zshrc · 4 lines removed
  x
- 
- # >>> jitpass >>>
- [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
- # <<< jitpass <<<

· ~/.local/share/jitpass/shell/jitpass.zsh goes: jitpass's own script
✓ change 1 is taken back in ~/.zshrc
· to bring it back: jitpass undo 6
--- files
removed [HOME]/.local/share/jitpass/shell/jitpass.zsh
created [HOME]/.local/state/jitpass/journal/00000006.json mode 0600
changed [HOME]/.zshrc

"#]]
    );
    assert!(!is_there(&sandbox, ".local/share"));
}

#[test]
fn a_script_to_which_another_block_leads_stays() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "x\n");
    sandbox.write("zsh/.zshrc", "y\n");
    sandbox.jitpass(["shell", "install", "zsh", "fish", "--yes"]).run().success();
    let call =
        sandbox.jitpass(["shell", "install", "zsh", "--yes"]).env("ZDOTDIR", sandbox.home().join("zsh"));
    call.run().success();
    sandbox.jitpass(["undo", "1", "--yes"]).run().success();
    assert!(is_there(&sandbox, ZSH) && !is_there(&sandbox, FISH));
    assert!(!is_there(&sandbox, ".config/fish") && sandbox.read(".zshrc") == "x\n");
    sandbox.jitpass(["undo", "2", "--yes"]).run().success();
    assert!(!is_there(&sandbox, ZSH));
}

#[test]
fn of_setup_too() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox, &["--shell", "zsh"]).success();
    assert!(is_there(&sandbox, ZSH));
    sandbox.jitpass(["undo", "--yes"]).run().success();
    assert!(!is_there(&sandbox, ".local/share"));
    sandbox.jitpass(["undo", "2", "--yes"]).run().success();
    assert!(is_there(&sandbox, ZSH));
    sandbox.jitpass(["undo", "--to", "1", "--yes"]).run().success();
    assert!(!is_there(&sandbox, ".local/share"));
}

#[test]
fn a_test_in_brackets_is_no_section() {
    let sandbox = Sandbox::new();
    let top = "[ -f ~/.secret ] && . ~/.secret\na\nb\nc\nd\ne\n";
    sandbox.write(".zshrc", top);
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    sandbox.jitpass(["shell", "uninstall", "--yes"]).run().success();
    // Far from the block, another test.
    sandbox.write(".zshrc", top.replace(".secret", ".other"));
    sandbox.jitpass(["undo", "--yes"]).run().success();
    assert!(sandbox.read(".zshrc").contains("jitpass.zsh"));
    // The block was changed: what is there is told, and no line of it is taken for a section.
    let edited = sandbox.read(".zshrc").replace(" || . ", " || source ");
    sandbox.write(".zshrc", edited);
    assert_data_eq!(
        shown(&sandbox.jitpass(["undo", "1", "--yes"]).run().fails(1).changes_nothing()),
        str![[r#"
$ jitpass undo 1 --yes
exit 1
--- stderr
~/.zshrc:8 · written:
  + 
  + # >>> jitpass >>>
  + [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
  + # <<< jitpass <<<
  there now, from line 8:
    # >>> jitpass >>>
  ! [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || source "$HOME/.local/share/jitpass/shell/jitpass.zsh"
    # <<< jitpass <<<

error: change 1 is not taken back: the lines it wrote to ~/.zshrc were changed since
hint: edit ~/.zshrc by hand; `jitpass history 1` shows what was written

"#]]
    );
}

#[test]
fn a_row_of_history_with_many_files_is_parted_between_words() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox, &["--shell", "zsh", "--shell", "fish", "--shell", "bash"]).success();
    let script = "stty cols 60; exec jitpass history";
    let (code, shown) = Terminal::start_script(&sandbox, script, &[], &[("COLUMNS", "")]).ends();
    assert_eq!(code, 0, "{shown}");
    // What was shown is told byte by byte.
    let shown = String::from_utf8(shown.chars().map(|byte| byte as u8).collect()).unwrap().replace('\r', "");
    assert_data_eq!(
        shown,
        str![[r#"
NO  WHEN      COMMAND  LINES   WHAT
 1  just now  setup    +29 −0  acme-admin and 3 more ·
                               ~/.zshrc (new),
                               ~/.config…conf.d/jitpass.fish
                               (new), ~/.bashrc (new)

"#]]
    );
}
