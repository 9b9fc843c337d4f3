//! The clipboard of a desktop.

use super::{integration, person};
use crate::harness::{Display, tool};

/// The link is there after everything that put it there has ended, shell and all.
#[test]
fn of_x11_holds_the_link_when_all_have_ended() {
    let (Some(display), Some(_)) = (Display::start(), tool("xclip")) else { return };
    let sandbox = person();
    let script = integration(&sandbox, "bash");
    let said = sandbox
        .command("/bin/bash")
        .args(["--noprofile", "--norc", "-euc", &format!(". {script}; jitnow acme-dev01")])
        .env("DISPLAY", &display.name)
        .run()
        .success();
    assert_eq!(said.stdout, "");
    let read = |program: &[&str]| {
        sandbox.command(program[0]).args(&program[1..]).env("DISPLAY", &display.name).run().success().stdout
    };
    let link = read(&["/usr/bin/xclip", "-o", "-selection", "clipboard"]);
    assert!(link.starts_with("https://signin.aws.amazon.com/federation?"), "{link}");
    assert!(!link.contains('\n'), "{link}");
}
