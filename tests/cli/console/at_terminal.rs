//! `jitpass console` with a person at the terminal.

use super::home;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

const SCRIPT: &str = "jitpass console --print \"$@\" >printed";

fn is_link(sandbox: &Sandbox) -> bool {
    sandbox.read("printed").starts_with("https://signin.aws.amazon.com/federation?")
}

#[test]
fn a_list_with_the_most_used_first() {
    let sandbox = home("new,tenants=4", "admin");
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config + "[profile mine]\nregion = us-west-2\n");
    sandbox.jitpass(["use", "acme-qa01"]).run().success();
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &[], &[]);
    terminal.sees("Console of:").sees("> acme-qa01").sees("us-west-2").sees("acme-dev01").types("");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && !shown.contains("mine"), "{shown}");
    assert!(is_link(&sandbox));
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &[], &[]);
    terminal.sees("Console of:").presses("dev").sees("> acme-dev01").types("");
    assert_eq!(terminal.ends().0, 0);
    assert!(sandbox.read(".local/state/jitpass/usage.json").contains("acme-dev01"));
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &[], &[]);
    terminal.sees("Console of:").presses("\u{1b}");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("stopped") && !shown.contains("written"), "{shown}");
    assert_eq!(sandbox.read("printed"), "");
}

#[test]
fn who_is_no_administrator_chooses() {
    let sandbox = home("new,tenants=4", "tenant");
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &["acme"], &[]);
    terminal
        .sees("you are no administrator of ")
        .sees("Console of:")
        .presses("qa")
        .sees("> acme-qa01")
        .types("");
    assert_eq!(terminal.ends().0, 0);
    assert!(is_link(&sandbox));
    // Without profiles it is the tenants.
    sandbox.write(".aws/config", "");
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &["acme"], &[]);
    terminal.sees("Console of:").sees("tenant dev01, no profile").types("");
    assert_eq!(terminal.ends().0, 0);
    assert!(is_link(&sandbox));
}

/// Nobody need sign in beforehand, nor be told to.
#[test]
fn signs_in_where_that_is_needed() {
    let sandbox = Sandbox::with("new,tenants=2");
    let url = sandbox.url();
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &[&url], &[("CI", "true")]);
    terminal.sees("not signed in to ").sees("It is not shown.").types(&sandbox.token("admin"));
    terminal.sees("signed in to ");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(is_link(&sandbox));
    // The portal takes the token back.
    sandbox.jitpass(["portal", "add", "acme", "--host", &url, "--yes"]).run().success();
    sandbox.jitpass(["logout", "acme"]).run().success();
    let mut terminal = Terminal::start_script(&sandbox, SCRIPT, &["acme"], &[("CI", "true")]);
    terminal.sees("not signed in to ").sees("It is not shown.").types(&sandbox.token("admin"));
    terminal.sees("acme: administrator of ");
    assert_eq!(terminal.ends().0, 0);
    assert!(is_link(&sandbox));
}
