//! At a terminal: which shells, and the question of `setup`.

use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

#[test]
fn those_in_use_are_picked_already() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "x\n");
    let mut terminal = Terminal::start(&sandbox, &["shell", "install"], &[("SHELL", "/usr/bin/fish")]);
    terminal
        .sees("Shells:")
        .sees("[x] fish")
        .sees("your login shell")
        .sees("[x] zsh")
        .sees("has a start-up file");
    terminal.presses("\r").sees("Write this?").presses("\r");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(sandbox.read(".zshrc").contains("jitpass.zsh"));
    assert!(sandbox.home().join(".config/fish/conf.d/jitpass.fish").exists());
    assert!(!sandbox.home().join(".bashrc").exists());
}

#[test]
fn those_that_are_set_up_are_said_to_be_and_not_picked() {
    let sandbox = Sandbox::new();
    sandbox.write(".zshrc", "x\n");
    sandbox.jitpass(["shell", "install", "zsh", "--yes"]).run().success();
    let variables = &[("SHELL", "/usr/bin/fish")];
    let mut terminal = Terminal::start(&sandbox, &["shell", "install"], variables);
    terminal.sees("[x] fish").sees("[ ] zsh").sees("is set up already").presses("\r");
    terminal.sees("Write this?").presses("\r").sees("exec fish");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(sandbox.read(".zshrc").matches("jitpass.zsh").count(), 2);
    // Without its script it is not.
    std::fs::remove_file(sandbox.home().join(".local/share/jitpass/shell/jitpass.zsh")).unwrap();
    let mut terminal = Terminal::start(&sandbox, &["shell", "install"], variables);
    terminal.sees("[ ] fish").sees("is set up already").sees("[x] zsh").presses("\r");
    terminal.sees("the scripts are those of this version now");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn setup_asks_at_the_end_and_writes_all_at_once() {
    for wants in [true, false] {
        let sandbox = Sandbox::with("new,tenants=2");
        sandbox.write(".zshrc", "x\n");
        let (url, token) = (sandbox.url(), sandbox.token("admin"));
        let login = ["login", &url, "--token-stdin"];
        sandbox.jitpass(login).stdin(token + "\n").run().success();
        let args = ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--admin", "--region", "own"];
        let mut terminal = Terminal::start(&sandbox, &args, &[("SHELL", "/bin/zsh")]);
        terminal.sees("your default profile").presses("\r");
        terminal.sees("Add jitnow and jituse to zsh?").presses(if wants { "\r" } else { "n\r" });
        terminal.sees("Write this?").presses("\r").sees("Try it:");
        let (code, shown) = terminal.ends();
        assert_eq!(code, 0, "{shown}");
        assert_eq!(sandbox.read(".zshrc").contains("jitpass"), wants, "{shown}");
    }
}
