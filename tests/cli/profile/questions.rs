//! `jitpass profile` with a person at a terminal.

use super::{profile, set_up};
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

const ESCAPE: &str = "\u{1b}";
const DOWN: &str = "\u{1b}[B";

#[test]
fn adding_by_answering() {
    let sandbox = set_up("new,tenants=3");
    let mut terminal = Terminal::start(&sandbox, &["profile", "add"], &[]);
    terminal.sees("Portal:").sees("acme").types("");
    terminal.sees("Tenant:").sees("dev01").types("qa01");
    terminal.sees("Name of the profile: (acme-qa01)").types("work");
    terminal
        .sees("+ [profile work]")
        .sees("`jitpass sync` keeps acme-qa01")
        .sees("Write this? (Y/n)")
        .types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("work is there"), "{shown}");
    assert!(sandbox.read(".aws/config").contains("[profile work]\nregion = us-west-2\n"));
}

#[test]
fn adding_without_a_portal_that_is_known() {
    let sandbox = Sandbox::new();
    let mut terminal = Terminal::start(&sandbox, &["profile", "add"], &[]);
    terminal.sees("Portal:").types("ftp://x").sees("must start with `https://`");
    terminal.presses(&"\u{7f}".repeat(10)).types("acme");
    terminal.sees("Tenant:").types("-x").sees("is not a tenant name").presses("\u{7f}\u{7f}").types("Dev01");
    terminal.sees("Name of the profile: (acme-dev01)").types("");
    terminal.sees("was not asked: not signed in").sees("Write this?").types("n").sees("nothing was written");
    assert_eq!(terminal.ends().0, 1);
    assert!(!sandbox.aws_config().exists());
}

#[test]
fn editing_by_answering() {
    let sandbox = set_up("new,tenants=2");
    let mut terminal = Terminal::start(&sandbox, &["profile", "edit", "acme-dev01"], &[]);
    terminal.sees("What is to be different?").types("");
    terminal
        .sees("Region: (us-west-2)")
        .types("mars")
        .sees("a region looks like")
        .presses("\u{7f}\u{7f}\u{7f}\u{7f}");
    terminal.types("eu-west-1").sees("+ region = eu-west-1").sees("Write this?").types("");
    assert_eq!(terminal.ends().0, 0);
    assert!(sandbox.read(".aws/config").contains("region = eu-west-1\n"));
    let mut terminal = Terminal::start(&sandbox, &["profile", "edit", "corp"], &[]);
    terminal
        .sees("What is to be different?")
        .presses(DOWN)
        .types("")
        .sees("Key and value:")
        .types("output=json");
    terminal.sees("+ output = json").sees("Write this?").types("");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn escape_writes_nothing() {
    let sandbox = set_up("new,tenants=2");
    let before = sandbox.read(".aws/config");
    for (args, question) in [
        (["add", "x"].as_slice(), "Portal:"),
        (&["edit", "corp"], "What is to be different?"),
        (&["rename", "corp", "x"], "Write this?"),
        (&["remove", "corp"], "Write this?"),
    ] {
        let args = [&["profile"], args].concat();
        let mut terminal = Terminal::start(&sandbox, &args, &[]);
        terminal.sees(question).presses(ESCAPE);
        let (code, shown) = terminal.ends();
        assert_eq!(code, 1, "{shown}");
        assert!(shown.contains("nothing was written") || shown.contains("stopped"), "{shown}");
    }
    assert_eq!(sandbox.read(".aws/config"), before);
    profile(&sandbox, &["list"]).run().success();
}
