//! nushell.

use std::fs;

use jitpass::shell::Shell;

use super::StandIn;
use super::modern::Modern;
use crate::harness::{Sandbox, tool};

#[track_caller]
fn nushell() -> Option<Modern> {
    Modern::find(Shell::Nushell, "nu", &["--no-config-file"])
}

#[test]
fn words_arrive_as_they_are() {
    if let Some(shell) = nushell() {
        shell.passes_words_on();
    }
}

#[test]
fn lines_are_data() {
    if let Some(shell) = nushell() {
        shell.applies_lines_as_data();
    }
}

#[test]
fn loading_is_quiet() {
    if let Some(shell) = nushell() {
        shell.loads_quietly();
    }
}

#[test]
fn the_line_of_the_start_up_file() {
    if let Some(shell) = nushell() {
        let proof = "print (scope commands | where name == jitnow | length)";
        shell.start_up_line_is_harmless(proof, "1", "0");
    }
}

/// `nu --ide-check` says what is wrong with a file, a line of JSON each; it says hints too.
#[test]
fn the_script_is_well_formed() {
    let Some(nu) = tool("nu") else { return };
    let sandbox = Sandbox::new();
    let script = StandIn::at(&sandbox, "place").script(Shell::Nushell);
    let diagnostics = || {
        let call = sandbox.command(&nu).args(["--no-config-file", "--ide-check", "100"]);
        let run = call.args([script.display().to_string()]).run();
        run.stdout
            .lines()
            .filter(|line| line.contains("\"diagnostic\""))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(diagnostics(), [""; 0]);
    let whole = fs::read_to_string(&script).expect("it is there");
    fs::write(&script, whole.replacen("] {", "] (", 1)).expect("the sandbox is ours");
    assert_ne!(diagnostics(), [""; 0], "this check can fail");
}

/// What is offered for the last word of a line.
fn offered(sandbox: &Sandbox, stand_in: &StandIn, line: &str) -> Vec<String> {
    let nu = tool("nu").expect("the caller has looked");
    let script = stand_in.script(Shell::Nushell);
    let text = format!("source {}\n{line}", script.display());
    let file = sandbox.write("line.nu", &text);
    let run = sandbox
        .command(nu)
        .args(["--no-config-file", "--ide-complete", &text.len().to_string(), &file.display().to_string()])
        .run()
        .success();
    // It is no JSON where a candidate holds a quote.
    let list = run.stdout.trim().trim_start_matches("{\"completions\": [").trim_end_matches("]}").to_owned();
    list.split(", ").map(|word| word[1..word.len() - 1].to_owned()).collect()
}

#[test]
fn words_are_completed() {
    if tool("nu").is_none() {
        return;
    }
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, super::ODD_PLACE);
    stand_in.answers("complete", "acme-dev\tus-west-2\ntwo words\nit's $x\n007\n--open\n", 0);
    assert_eq!(
        offered(&sandbox, &stand_in, "jitnow 'a b' "),
        ["acme-dev", "\"two words\"", "\"it's $x\"", "\"007\"", "--open"]
    );
    assert_eq!(stand_in.calls(), [["complete", "2", "--", "jitnow", "a b", ""]]);
    assert_eq!(offered(&sandbox, &stand_in, "ls | jituse ac"), ["acme-dev"]);
    assert_eq!(stand_in.calls(), [["complete", "1", "--", "jituse", "ac"]]);
    assert_eq!(offered(&sandbox, &stand_in, "jitpass console `x y` \"q \\\" q\" ac"), ["acme-dev"]);
    assert_eq!(stand_in.calls(), [["complete", "4", "--", "jitpass", "console", "x y", "q \" q", "ac"]]);
}

#[test]
fn aws_is_completed_where_nothing_else_does() {
    let Some(shell) = nushell() else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, "place");
    stand_in.answers("complete", "acme-dev\tus-west-2\n", 0);
    let load = shell.load(&stand_in);
    let ask =
        "do $env.config.completions.external.completer [aws s3 --profile \"a\"] | to json --raw | print\n";
    let run = shell.runs(&sandbox, &format!("{load}{ask}")).run().success();
    assert_eq!(run.stdout, "[{\"value\":\"acme-dev\",\"description\":\"us-west-2\"}]\n");
    assert_eq!(stand_in.calls(), [["complete", "3", "--", "aws", "s3", "--profile", "a"]]);
    let other = "do $env.config.completions.external.completer [git \"\"] | describe | print\n";
    assert_eq!(shell.runs(&sandbox, &format!("{load}{other}")).run().success().stdout, "nothing\n");
    let theirs = "$env.config.completions.external.completer = {|words| [theirs] }\n";
    let run = shell.runs(&sandbox, &format!("{theirs}{load}{ask}")).run().success();
    assert_eq!(run.stdout, "[\"theirs\"]\n");
}
