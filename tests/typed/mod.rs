//! What a person types in a shell, and sees: real shells in tmux, with real keys.

mod bash;
mod clipboard;
mod demo;
mod fish;
mod zsh;

use crate::harness::{Sandbox, Tmux, tool};

/// A person who is signed in to a portal with four tenants, and has profiles for them.
fn person() -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=4");
    let token = sandbox.token("admin");
    let url = sandbox.url();
    sandbox
        .jitpass(["setup", "--host", &url, "--name", "acme", "--token-stdin", "--yes"])
        .stdin(token)
        .run()
        .success();
    sandbox
}

/// What `jitpass shell init` prints, in a file of the person's home.
fn integration(sandbox: &Sandbox, shell: &str) -> String {
    let script = sandbox.jitpass(["shell", "init", shell]).run().success().stdout;
    sandbox.write("integration", script).display().to_string()
}

/// A terminal over SSH, which has no clipboard but its own.
const FAR: [(&str, &str); 3] = [("SSH_TTY", "/dev/pts/0"), ("DISPLAY", ""), ("WAYLAND_DISPLAY", "")];

/// What the person of [`person`] does in every shell: `list` shows the candidates at a second Tab, `value` prints a
/// variable.
fn the_day_of_a_person(tmux: &Tmux, tabs: &[&str], value: impl Fn(&str) -> String) {
    // The name is completed as far as it is clear, then listed, then completed.
    tmux.types("jitnow acme-a").presses(&["Tab"]).sees("jitnow acme-admin");
    tmux.presses(&["C-u"]).types("jitnow acme-d").presses(tabs).sees("jitnow acme-de");
    let screen = tmux.sees("acme-dev01");
    for name in ["acme-default", "acme-dev01"] {
        assert!(screen.contains(name), "{name} is not listed:\n{screen}");
    }
    assert!(!screen.contains("acme-qa01"), "what does not fit is listed:\n{screen}");
    tmux.types("v01").presses(&["Enter"]);
    // The first Enter may only close the list of candidates.
    let link = || tmux.command(&["list-buffers", "-F", "#{buffer_sample}"]);
    tmux.waits("the link to be copied", |screen| {
        screen.contains("acme-dev01") && link().contains("https://")
    });
    assert!(tmux.command(&["show-buffer"]).starts_with("https://signin.aws.amazon.com/federation?"));

    // Without a name there is a list that is searched by typing.
    tmux.presses(&["C-l"]).runs("jituse").sees("type to search");
    tmux.types("qa01").waits("the list to be searched", |screen| !screen.contains("acme-dev01"));
    tmux.presses(&["Enter"]).waits("the profile to be in use", |screen| {
        screen.lines().last().is_some_and(|line| line.starts_with('$'))
    });
    tmux.runs(&value("AWS_PROFILE")).sees("[acme-qa01]");

    // A part of a name is enough, and `-` goes back.
    tmux.presses(&["C-l"]).runs("jituse default").sees("acme-default");
    tmux.runs(&value("AWS_PROFILE")).sees("[acme-default]");
    tmux.presses(&["C-l"]).runs("jituse -").sees("acme-qa01");
    tmux.runs(&value("AWS_PROFILE")).sees("[acme-qa01]");
    tmux.presses(&["C-l"]).types("jituse acme-a").presses(&["Tab"]).sees("jituse acme-admin");
    tmux.presses(&["Enter"])
        .waits("the profile to be in use", |screen| screen.matches("acme-admin").count() > 1);
    tmux.presses(&["C-l"]).runs("jituse --clear");
    tmux.runs(&value("AWS_PROFILE")).sees("[]");

    // Commands and flags.
    tmux.presses(&["C-l"]).types("jitpass prof").presses(&["Tab"]).sees("jitpass profile");
    tmux.types("sh").presses(&["Tab"]).sees("jitpass profile show");
    tmux.types("acme-ad").presses(&["Tab"]).sees("jitpass profile show acme-admin");
    tmux.presses(&["C-c"]);
}

/// Starts a shell in tmux as a person has it.
#[track_caller]
fn at_a_prompt(sandbox: &Sandbox, program: &[&str], variables: &[(&str, &str)]) -> Option<Tmux> {
    tool("tmux")?;
    tool(program[0])?;
    let variables: Vec<(&str, &str)> = FAR.iter().chain(variables).copied().collect();
    // Without its own variable the programs inside do not know of tmux, and talk to it as to any terminal.
    let unknown: Vec<&str> =
        ["env", "-u", "TMUX", "-u", "TMUX_PANE"].into_iter().chain(program.iter().copied()).collect();
    let tmux = Tmux::start(sandbox, 100, "set -s set-clipboard on", &unknown, &variables);
    tmux.sees("$");
    Some(tmux)
}
