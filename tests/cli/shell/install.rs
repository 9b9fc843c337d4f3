//! `jitpass shell install`.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};

use snapbox::{assert_data_eq, str};

use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn first_second_and_after_an_upgrade() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "export API_TOKEN=SIMTOKEN-neighbour\nbindkey -v");
    let call = || sandbox.jitpass(["shell", "install", "--yes"]).env("SHELL", "/usr/bin/zsh");
    assert_data_eq!(
        shown(&call().run().success()),
        str![[r#"
$ jitpass shell install --yes
exit 0
--- stderr

~/.zshrc · 4 lines added
  export API_TOKEN=‹redacted 490c›
  bindkey -v
+ 
+ # >>> jitpass >>>
+ [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
+ # <<< jitpass <<<

· ~/.local/share/jitpass/shell/jitpass.zsh: jitpass's own script for zsh, new
! if TAB completes nothing of jitpass in zsh: its completion system is started by this line in .zshrc: autoload -Uz compinit && compinit
✓ ~/.zshrc written

Open a new terminal, or begin anew in this one:
    exec zsh
There you have:
    jitnow  puts a link to the AWS console on the clipboard
    jituse  sets AWS_PROFILE in this shell
--- files
created [HOME]/.local/share/jitpass/shell/jitpass.zsh mode 0644
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
changed [HOME]/.zshrc

"#]]
    );
    // Nothing of the neighbours is in the journal.
    let journal = sandbox.read(".local/state/jitpass/journal/00000001.json");
    assert!(!journal.contains("SIMTOKEN") && !journal.contains("bindkey"), "{journal}");
    assert_data_eq!(
        shown(&call().run().success().changes_nothing()),
        str![[r#"
$ jitpass shell install --yes
exit 0
--- stderr
✓ zsh: it is in ~/.zshrc already

"#]]
    );
    // A script of another version is replaced, without a word in the start-up file.
    sandbox.write(".local/share/jitpass/shell/jitpass.zsh", "# of an older version\n");
    assert_data_eq!(
        shown(&sandbox.jitpass(["shell", "install", "zsh", "--dry-run"]).run().fails(3)),
        str![[r#"
$ jitpass shell install zsh --dry-run
exit 3
--- stderr
· ~/.local/share/jitpass/shell/jitpass.zsh: jitpass's own script for zsh, replaced by this version's
· dry run: nothing was written

"#]]
    );
    assert_data_eq!(
        shown(&call().run().success()),
        str![[r#"
$ jitpass shell install --yes
exit 0
--- stderr
· ~/.local/share/jitpass/shell/jitpass.zsh: jitpass's own script for zsh, replaced by this version's
✓ the scripts are those of this version now: zsh

Open a new terminal, or begin anew in this one:
    exec zsh
There you have:
    jitnow  puts a link to the AWS console on the clipboard
    jituse  sets AWS_PROFILE in this shell
--- files
changed [HOME]/.local/share/jitpass/shell/jitpass.zsh

"#]]
    );
    let script = sandbox.read(".local/share/jitpass/shell/jitpass.zsh");
    assert_eq!(script, sandbox.jitpass(["shell", "init", "zsh"]).run().success().stdout);
}

#[test]
fn a_dry_run_shows_what_would_be_written_and_writes_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write(".config/fish/config.fish", "set -gx A 1\n");
    let run = sandbox.jitpass(["shell", "install", "--dry-run"]).run().fails(1).changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass shell install --dry-run
exit 1
--- stdout
~/.config/fish/conf[DURATION]/jitpass.fish (new file) · 3 lines added
+ # >>> jitpass >>> (this file was made for it)
+ if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end
+ # <<< jitpass <<<
--- stderr
· ~/.local/share/jitpass/shell/jitpass.fish: jitpass's own script for fish, new
error: sh has no start-up file that could load it
hint: a POSIX shell reads only the file that `ENV` names, and it names none: put `export ENV="$HOME/.shrc"` into `~/.profile`, sign in again and repeat this
· dry run: nothing was written

"#]]
    );
}

#[test]
fn what_to_put_where_for_those_who_do_it_themselves() {
    let sandbox = Sandbox::new();
    let run =
        sandbox.jitpass(["shell", "install", "--print", "zsh", "fish"]).run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass shell install --print zsh fish
exit 0
--- stdout
# zsh: into ~/.zshrc
# >>> jitpass >>>
[ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh"
# <<< jitpass <<<

# fish: into ~/.config/fish/conf[DURATION]/jitpass.fish
# >>> jitpass >>>
if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end
# <<< jitpass <<<

--- stderr
· the line loads ~/.local/share/jitpass/shell/jitpass.zsh, which every upgrade renews once it is there; to make it:
    mkdir -p ~/.local/share/jitpass/shell && jitpass shell init zsh > ~/.local/share/jitpass/shell/jitpass.zsh
· the line loads ~/.local/share/jitpass/shell/jitpass.fish, which every upgrade renews once it is there; to make it:
    mkdir -p ~/.local/share/jitpass/shell && jitpass shell init fish > ~/.local/share/jitpass/shell/jitpass.fish

"#]]
    );
}

#[test]
fn nobody_to_ask_is_a_refusal_and_no_shell_too() {
    let sandbox = Sandbox::new();
    for args in [&["shell", "install"][..], &["shell", "install", "zsh"]] {
        let run = sandbox.jitpass(args.to_vec()).run().fails(2).changes_nothing();
        assert!(run.stderr.contains("there is no terminal to ask at"), "{}", run.stderr);
    }
    let run = sandbox.jitpass(["shell", "install", "--yes"]).env("SHELL", "/bin/false").run().fails(2);
    assert!(run.stderr.contains("none of your shells was found"), "{}", run.stderr);
    let run = sandbox.jitpass(["shell", "install", "cmd", "--yes"]).run().fails(2);
    assert!(run.stderr.contains("`cmd` is none of bash, zsh"), "{}", run.stderr);
}

#[test]
fn one_that_cannot_be_written_keeps_no_other_from_it() {
    let sandbox = Sandbox::new();
    let zshrc = sandbox.write(".zshrc", "bindkey -v\n");
    fs::set_permissions(&zshrc, fs::Permissions::from_mode(0o444)).unwrap();
    sandbox.write(".tcshrc", "# x\n# # >>> jitpass >>>\n# x\n# # <<< jitpass <<<\n");
    fs::create_dir_all(sandbox.home().join(".bashrc")).unwrap();
    let run = sandbox.jitpass(["shell", "install", "zsh", "bash", "tcsh", "fish", "--yes"]).run().fails(1);
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass shell install zsh bash tcsh fish --yes
exit 1
--- stderr

~/.config/fish/conf[DURATION]/jitpass.fish (new file) · 3 lines added
+ # >>> jitpass >>> (this file was made for it)
+ if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end
+ # <<< jitpass <<<

· ~/.local/share/jitpass/shell/jitpass.fish: jitpass's own script for fish, new
✓ ~/.config/fish/conf[DURATION]/jitpass.fish written

Open a new terminal, or begin anew in this one:
    exec fish
There you have:
    jitnow  puts a link to the AWS console on the clipboard
    jituse  sets AWS_PROFILE in this shell
error: ~/.zshrc is left as it is: ~/.zshrc is read-only
hint: if you want it changed: chmod u+w ~/.zshrc
error: ~/.bashrc is left as it is: ~/.bashrc is not a file
hint: move away what is in its place, then run this again
error: ~/.tcshrc:2 is left as it is: the block is commented out
hint: take the `#` away, or the block with `jitpass shell uninstall tcsh`, then run this again
--- files
created [HOME]/.config/fish/conf[DURATION]/jitpass.fish mode 0644
created [HOME]/.local/share/jitpass/shell/jitpass.fish mode 0644
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".zshrc"), "bindkey -v\n");
}

#[test]
fn a_function_from_the_documentation_is_named_and_left() {
    let sandbox = Sandbox::new();
    let old = "jitnow() {\n  duplo-jit aws --admin --host \"https://$1.duplocloud.net\" | jq -r .ConsoleUrl | pbcopy\n}\n";
    sandbox.write(".zshrc", old);
    let run = sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    assert!(
        run.stderr.contains("~/.zshrc:1 has a `jitnow` of your own; jitpass's takes its place in zsh"),
        "{}",
        run.stderr
    );
    assert!(sandbox.read(".zshrc").starts_with(old));
    // Written below the block, it wins.
    let below = sandbox.read(".zshrc").replace(old, "") + old;
    sandbox.write(".zshrc", below);
    let run = sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success().changes_nothing();
    assert!(run.stderr.contains("below the block: zsh goes on using that one"), "{}", run.stderr);
}

#[test]
fn new_files_are_as_an_editor_makes_them_and_old_ones_keep_mode_and_link() {
    let sandbox = Sandbox::new();
    let home = sandbox.home();
    let real = sandbox.write("dotfiles/zshrc", "x\n");
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    symlink("dotfiles/zshrc", home.join(".zshrc")).unwrap();
    let call =
        sandbox.command("/bin/sh").args(["-c", "umask 027; exec jitpass shell install zsh fish --yes"]);
    call.run().success();
    let mode = |path: &str| fs::metadata(home.join(path)).unwrap().permissions().mode() & 0o7777;
    assert!(home.join(".zshrc").symlink_metadata().unwrap().is_symlink());
    assert_eq!(mode("dotfiles/zshrc"), 0o640);
    assert_eq!(mode(".config/fish/conf.d/jitpass.fish"), 0o640);
    assert_eq!((mode(".config"), mode(".config/fish/conf.d")), (0o750, 0o750));
}

#[test]
fn undo_takes_it_back_and_history_names_the_files() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "[ -f ~/.secret ] && A_TOKEN=SIMTOKEN-x\n");
    sandbox.jitpass(["shell", "install", "zsh", "fish", "--yes"]).run().success();
    let history = sandbox.jitpass(["history"]).run().success().stdout;
    assert!(history.contains("shell install") && history.contains("~/.zshrc"), "{history}");
    assert!(!history.contains(".secret"), "{history}");
    let shown = sandbox.jitpass(["history", "1"]).run().success().stdout;
    assert!(shown.contains("# >>> jitpass >>>") && !shown.contains(".secret"), "{shown}");
    // `--to` goes over several start-up files, too.
    sandbox.jitpass(["undo", "--to", "1", "--yes"]).run().success();
    assert_eq!(sandbox.read(".zshrc"), "[ -f ~/.secret ] && A_TOKEN=SIMTOKEN-x\n");
    assert!(!sandbox.home().join(".config/fish/conf.d/jitpass.fish").exists());
    sandbox.jitpass(["undo", "2", "--yes"]).run().success();
    assert!(sandbox.read(".config/fish/conf.d/jitpass.fish").contains("jitpass.fish"));
}

#[test]
fn scripts_of_another_version_are_renewed_by_what_people_run_and_never_made() {
    let sandbox = Sandbox::with("new,tenants=2");
    let url = sandbox.url();
    let setup = ["setup", "--host", &url, "--name", "acme", "--yes", "--token-stdin"];
    let set_up = || sandbox.jitpass(setup).stdin(sandbox.token("admin") + "\n").run().success();
    set_up();
    assert!(!sandbox.home().join(".local/share").exists());
    let old = "# of an older version\n";
    let script = ".local/share/jitpass/shell/jitpass.zsh";
    for command in ["setup", "sync", "login"] {
        sandbox.write(script, old);
        match command {
            "setup" => set_up(),
            "sync" => sandbox.jitpass(["sync", "--yes"]).run().success(),
            _ => sandbox.jitpass(["login", "--token-stdin"]).stdin(sandbox.token("admin")).run().success(),
        };
        assert_ne!(sandbox.read(script), old, "{command}");
    }
    sandbox.write(script, old);
    sandbox.jitpass(["sync", "--dry-run"]).run().success().changes_nothing();
}

#[test]
fn what_is_no_file_is_left_alone_and_no_advice_is_about_another_file() {
    let sandbox = Sandbox::new();
    std::fs::create_dir(sandbox.home().join(".zshrc")).unwrap();
    let said = sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().fails(1).stderr;
    assert!(said.contains("~/.zshrc is not a file") && !said.contains("AWS_CONFIG_FILE"), "{said}");
}

#[test]
fn after_several_the_shell_is_named_in_which_the_person_is() {
    let sandbox = Sandbox::new();
    let last = |script: &str, login: &str| {
        let run = sandbox.command("/bin/bash").args(["-c", script]).env("SHELL", login).run().success();
        run.stderr.lines().rev().take(5).collect::<Vec<_>>().join("\n")
    };
    // The shell that runs it, else the one of the person's terminals, else none.
    for (undo, script, login, names) in [
        ("", "jitpass shell install zsh nu bash --yes; :", "/usr/bin/zsh", "exec bash"),
        ("jitpass undo --yes", "jitpass shell install zsh nu fish --yes; :", "/usr/bin/zsh", "exec zsh"),
        ("jitpass undo --yes", "jitpass shell install nu --yes; :", "/usr/bin/zsh", "exec nu"),
    ] {
        sandbox.command("/bin/bash").args(["-c", undo]).run().success();
        let said = last(script, login);
        assert!(said.contains(names) && said.contains("There you have:"), "{said}");
    }
    sandbox.jitpass(["undo", "--yes"]).run().success();
    let said = last("jitpass shell install zsh fish --yes; :", "/bin/false");
    assert!(said.contains("Open a new terminal. There you have:") && !said.contains("exec"), "{said}");
}

#[test]
fn what_cannot_be_done_is_a_failure_in_a_dry_run_too_and_said_before_its_end() {
    let sandbox = Sandbox::new();
    let run = sandbox.jitpass(["shell", "install", "sh", "--dry-run"]).run().fails(1).changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass shell install sh --dry-run
exit 1
--- stderr
error: sh has no start-up file that could load it
hint: a POSIX shell reads only the file that `ENV` names, and it names none: put `export ENV="$HOME/.shrc"` into `~/.profile`, sign in again and repeat this
· dry run: there is nothing to write

"#]]
    );
    assert_data_eq!(
        shown(&sandbox.jitpass(["shell", "install", "sh", "--yes"]).run().fails(1)),
        str![[r#"
$ jitpass shell install sh --yes
exit 1
--- stderr
error: sh has no start-up file that could load it
hint: a POSIX shell reads only the file that `ENV` names, and it names none: put `export ENV="$HOME/.shrc"` into `~/.profile`, sign in again and repeat this

"#]]
    );
}

#[test]
fn where_zsh_has_its_completion_system_nothing_is_said_of_it() {
    for (start, is_told) in [("autoload -Uz compinit && compinit\n", false), ("# compinit\n", true)] {
        let sandbox = Sandbox::new();
        sandbox.write(".zshrc", start);
        let install = || sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success().stderr;
        assert_eq!(install().contains("if TAB completes nothing"), is_told, "{start}");
        // Once is enough.
        assert!(!install().contains("if TAB completes nothing"));
    }
}
