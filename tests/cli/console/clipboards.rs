//! The real clipboards: that of X11, and that of a terminal, which tmux keeps.

use super::{console, home};
use crate::harness::{Display, Sandbox, Tmux, tool};

/// Whether a text is a link to the console, and nothing else.
fn is_link(text: &str) -> bool {
    text.starts_with("https://signin.aws.amazon.com/federation?Action=login&SigninToken=")
        && text.ends_with("%3dus-west-2")
        && !text.contains(char::is_whitespace)
}

/// The harness sees to it that nothing holds the command's output any more, either.
#[test]
fn x11_has_the_link_after_the_command_ended() {
    let (Some(display), Some(xclip)) = (Display::start(), tool("xclip")) else { return };
    let sandbox = home("new,tenants=2", "admin");
    let run = console(&sandbox, &["acme-dev01", "--copy"]).env("DISPLAY", &display.name).run().success();
    assert!(run.stdout.is_empty() && run.stderr.contains("is on the clipboard"), "{}", run.stderr);
    let pasted = || {
        let call = sandbox.command(&xclip).args(["-selection", "clipboard", "-out"]);
        call.env("DISPLAY", &display.name).prints_credentials().run().success().stdout
    };
    let first = pasted();
    assert!(is_link(&first) && pasted() == first);
    console(&sandbox, &["acme-dev01", "--copy"]).env("DISPLAY", &display.name).run().success();
    assert!(is_link(&pasted()) && pasted() != first);
}

/// A shell in tmux, which does with what programs ask of the clipboard as `set-clipboard` says.
fn shell(sandbox: &Sandbox, set_clipboard: &str) -> Option<Tmux> {
    tool("tmux")?;
    Some(Tmux::start(sandbox, 100, &format!("set -s set-clipboard {set_clipboard}"), &["sh"], &[]))
}

#[test]
fn a_terminal_has_the_link_by_its_sequence() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(tmux) = shell(&sandbox, "on") else { return };
    // Not the way of tmux, which is known by these variables: it is a terminal like others here.
    let screen = tmux.finishes("env -u TMUX -u TMUX_PANE jitpass console --copy acme-dev01");
    assert!(
        screen.contains("is sent to your terminal's clipboard") && screen.contains("--print"),
        "{screen}"
    );
    assert!(!screen.contains("SigninToken") && !screen.contains("]52;"), "{screen}");
    assert!(is_link(&tmux.command(&["show-buffer"])));
    // A terminal that shows what it does not know is not asked.
    let screen = tmux.finishes("clear; env -u TMUX TERM=dumb jitpass console --copy acme-dev01 >printed");
    assert!(screen.contains("there is no clipboard here") && !screen.contains("]52;"), "{screen}");
    assert!(is_link(sandbox.read("printed").trim_end()));
}

#[test]
fn tmux_has_the_link_in_its_buffer() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(tmux) = shell(&sandbox, "off") else { return };
    let screen = tmux.finishes("jitpass console --copy acme-dev01");
    assert!(screen.contains("is in tmux's buffer"), "{screen}");
    assert!(is_link(&tmux.command(&["show-buffer"])));
}

/// `set-clipboard` is about what programs in tmux ask of it, and not about this: it hands the link on, whatever that is.
#[test]
fn tmux_hands_the_link_on_to_its_terminal() {
    let sandbox = home("new,tenants=2", "admin");
    let Some(outer) = shell(&sandbox, "on") else { return };
    let socket = sandbox.root().join("inner").display().to_string();
    for option in ["off", "external", "on"] {
        let start = format!(
            "tmux -S {socket} -f /dev/null new-session 'tmux -S {socket} set-option -s set-clipboard {option}; \
             jitpass console --copy acme-dev01 2>said'"
        );
        outer.finishes(&format!("clear; env -u TMUX -u TMUX_PANE TERM=xterm-256color {start}"));
        assert!(sandbox.read("said").contains("it is on the clipboard too, if your terminal allows that"));
        assert!(is_link(&outer.command(&["show-buffer"])), "{option}");
        outer.command(&["delete-buffer"]);
    }
}
