//! Elvish.

use std::fs;

use jitpass::shell::Shell;

use super::StandIn;
use super::modern::Modern;
use crate::cli::terminal::Terminal;
use crate::harness::{Sandbox, tool};

#[track_caller]
fn elvish() -> Option<Modern> {
    Modern::find(Shell::Elvish, "elvish", &["-norc"])
}

#[test]
fn words_arrive_as_they_are() {
    if let Some(shell) = elvish() {
        shell.passes_words_on();
    }
}

#[test]
fn lines_are_data() {
    if let Some(shell) = elvish() {
        shell.applies_lines_as_data();
    }
}

#[test]
fn loading_is_quiet() {
    if let Some(shell) = elvish() {
        shell.loads_quietly();
    }
}

#[test]
fn the_line_of_the_start_up_file() {
    if let Some(shell) = elvish() {
        shell.start_up_line_is_harmless("nop", "loaded", "");
    }
}

#[test]
fn the_script_is_well_formed() {
    let Some(elvish) = tool("elvish") else { return };
    let sandbox = Sandbox::new();
    let script = StandIn::at(&sandbox, "place").script(Shell::Elvish);
    let compiles = || {
        let call = sandbox.command(&elvish).args(["-norc", "-compileonly"]);
        call.args([script.display().to_string()]).run().status.success()
    };
    assert!(compiles());
    let whole = fs::read_to_string(&script).expect("it is there");
    fs::write(&script, whole.replacen("$line", "$lines", 1)).expect("the sandbox is ours");
    assert!(!compiles(), "this check can fail");
}

/// At a prompt: the functions are there after `eval`, and words are completed by real presses of TAB.
#[test]
fn at_a_prompt() {
    if elvish().is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, "place");
    stand_in.answers("use", "AWS_PROFILE=it's \"x\" $HOME\n", 0);
    stand_in.answers("complete", "two words\tdescribed\n", 0);
    let script = stand_in.script(Shell::Elvish);
    let line =
        jitpass::shell::load_line(Shell::Elvish, script.to_str().expect("text"), None).expect("a line");
    sandbox.write(".config/elvish/rc.elv", format!("{line}\n"));
    let mut terminal = Terminal::start_script(&sandbox, "exec elvish", &[], &[]);
    // It asks where the cursor is before it reads.
    terminal.types("jituse x; jitnow $E:AWS_PROFILE; echo r''eady").sees("ready");
    assert_eq!(stand_in.calls(), [vec!["use", "x"], vec!["console", "--copy", "it's \"x\" $HOME"]]);
    for (typed, name) in
        [("jitnow 'a b' tw", "jitnow"), ("jitpass 'a b' tw", "jitpass"), ("aws 'a b' tw", "aws")]
    {
        terminal.presses(typed).presses("\t").sees("described");
        assert_eq!(stand_in.calls(), [["complete", "2", "--", name, "a b", "tw"]]);
        // Takes the candidate, then empties the line.
        terminal.presses("\r").presses("\u{15}");
    }
    terminal.presses("jitnow tw\t").sees("described").presses("\r").presses("\r; echo d''one\r").sees("done");
    let calls = stand_in.calls();
    assert_eq!(calls.last().expect("it was called"), &["console", "--copy", "two words"]);
    terminal.types("exit");
    terminal.ends();
}

/// The program has said why it failed. What stands behind it on the line is not done with the wrong profile.
#[test]
fn a_failure_at_a_prompt_says_no_more_than_the_program() {
    if elvish().is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, "place");
    for command in ["use", "console"] {
        stand_in.answers(command, "", 2);
        stand_in.complains(command, "error: no such thing\n");
    }
    let script = stand_in.script(Shell::Elvish);
    let line =
        jitpass::shell::load_line(Shell::Elvish, script.to_str().expect("text"), None).expect("a line");
    sandbox.write(".config/elvish/rc.elv", format!("{line}\n"));
    let mut terminal = Terminal::start_script(&sandbox, "exec elvish", &[], &[]);
    terminal.types("jituse x").sees("error: no such thing");
    terminal.types("jitnow 'a b' --open").sees("error: no such thing").types("echo r''eady").sees("ready");
    terminal.types("jituse y; echo reac''hed").sees("error: no such thing").sees("exited with 2");
    terminal.types("if $true { jituse z }").sees("error: no such thing").sees("exited with 2").types("exit");
    let (_, shown) = terminal.ends();
    assert_eq!(shown.matches("Exception").count(), 2, "{shown}");
    assert!(!shown.contains("reached"), "{shown}");
}
