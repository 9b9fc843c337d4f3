//! `jitpass setup --shell`.

use crate::harness::Sandbox;

pub(super) fn set_up(sandbox: &Sandbox, more: &[&str]) -> crate::harness::Run {
    let url = sandbox.url();
    let mut args = vec!["setup", "--host", &url, "--name", "acme", "--yes", "--token-stdin"];
    args.extend(more);
    sandbox.jitpass(args).env("SHELL", "/bin/zsh").stdin(sandbox.token("admin") + "\n").run()
}

#[test]
fn start_up_files_are_touched_only_when_that_is_said() {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".zshrc", "x\n");
    set_up(&sandbox, &[]).success();
    assert_eq!(sandbox.read(".zshrc"), "x\n");
    set_up(&sandbox, &["--no-shell"]).success();
    assert_eq!(sandbox.read(".zshrc"), "x\n");
    let run = set_up(&sandbox, &["--shell"]).success();
    assert!(run.stderr.contains("~/.zshrc · 4 lines added"), "{}", run.stderr);
    assert!(run.stderr.contains("open a new terminal: there `jitnow`"), "{}", run.stderr);
    assert!(sandbox.read(".zshrc").contains("jitpass.zsh"));
    assert!(sandbox.home().join(".local/share/jitpass/shell/jitpass.zsh").exists());
    set_up(&sandbox, &["--shell", "zsh"]).success();
    assert_eq!(sandbox.read(".zshrc").matches("jitpass.zsh").count(), 2);
}

#[test]
fn one_change_with_the_profiles_and_one_undo() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox, &["--shell", "zsh", "--shell", "fish"]).success();
    assert!(sandbox.read(".zshrc").contains("jitpass.zsh"));
    let history = sandbox.jitpass(["history", "--json"]).run().success().json();
    assert_eq!(history.as_array().unwrap().len(), 1);
    sandbox.jitpass(["undo", "--yes"]).run().success();
    for path in [".zshrc", ".config/fish/conf.d/jitpass.fish", ".aws/config"] {
        assert!(!sandbox.home().join(path).exists(), "{path}");
    }
}

#[test]
fn a_dry_run_says_how_it_ends() {
    let sandbox = Sandbox::with("new,tenants=2");
    set_up(&sandbox, &["--shell", "zsh"]).success();
    let run = set_up(&sandbox, &["--shell", "zsh", "--dry-run"]).success();
    assert!(run.stderr.ends_with("there is nothing to write\n"), "{}", run.stderr);
    std::fs::remove_file(sandbox.home().join(".local/share/jitpass/shell/jitpass.zsh")).unwrap();
    let run = set_up(&sandbox, &["--shell", "zsh", "--dry-run"]).success();
    assert!(run.stderr.ends_with("dry run: nothing was written\n"), "{}", run.stderr);
    let run = set_up(&sandbox, &["--shell", "sh", "--dry-run"]).fails(1);
    assert!(run.stderr.contains("error: sh has no start-up file"), "{}", run.stderr);
}
