//! tcsh, which has neither functions nor a way to take a text as data only.

use jitpass::shell::{Shell, literal};

use super::{ODD, ODD_PLACE, StandIn, variables};
use crate::cli::terminal::Terminal;
use crate::harness::{Call, Sandbox, tool};

/// tcsh, about to read the integration twice and then `rest`.
fn call(sandbox: &Sandbox, stand_in: &StandIn, rest: &str) -> Option<Call> {
    let source = format!("source '{}'\n", stand_in.script(Shell::Tcsh).display());
    let script = sandbox.root().join("script");
    std::fs::write(&script, format!("set noclobber nonomatch\n{source}{source}{rest}")).expect("ours");
    Some(sandbox.command(tool("tcsh")?).args(["-f"]).args([script]))
}

/// What tcsh can take as an argument and as a value: see the script's head.
fn odd() -> Vec<&'static str> {
    ODD.into_iter().filter(|value| !value.is_empty() && !value.contains("  ")).collect()
}

fn quoted(text: &str) -> String {
    literal(Shell::Tcsh, text).expect("none holds NUL")
}

#[test]
fn arguments_arrive_as_they_are() {
    for place in [ODD_PLACE, "plain"] {
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, place);
        let words: Vec<String> = odd().into_iter().map(quoted).collect();
        let rest = format!("jitnow {0}\njituse {0}\njituse\njituse -\n", words.join(" "));
        let Some(call) = call(&sandbox, &stand_in, &rest) else { return };
        let run = call.run().success();
        assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", ""));
        let expected = [
            [&["console", "--copy"], odd().as_slice()].concat(),
            [&["use", "--tcsh"], odd().as_slice()].concat(),
            vec!["use", "--tcsh"],
            vec!["use", "--tcsh", "-"],
        ];
        assert_eq!(stand_in.calls(), expected);
        run.changes_nothing();
    }
}

#[test]
fn variables_get_the_values_they_are_given() {
    let refused = |value: &&str| value.contains(['{', '*', '?', '[', '~']);
    for value in odd().into_iter().filter(|value| !refused(value)).chain(["$HOME $(touch pwned)"]) {
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        let line = format!(
            "setenv AWS_PROFILE {}; unsetenv AWS_ACCESS_KEY_ID; setenv AWS_REGION r\n",
            quoted(value)
        );
        stand_in.answers("use", &line, 0);
        stand_in.listens("use");
        let Some(call) = call(&sandbox, &stand_in, "jituse x\necho $status\n/usr/bin/env -0\n") else {
            return;
        };
        let run = call.env("AWS_ACCESS_KEY_ID", "AKIA").stdin("typed\n").run().success();
        let (status, printed) = run.stdout.split_once('\n').expect("two things are printed");
        let found = variables(printed);
        assert_eq!((status, found.get("AWS_PROFILE").map(String::as_str)), ("0", Some(value)), "{found:?}");
        assert_eq!((found.get("AWS_ACCESS_KEY_ID"), found.contains_key("AWS_REGION")), (None, true));
        assert_eq!(stand_in.heard("use"), "typed\n");
        assert!(!sandbox.home().join("pwned").exists(), "{value}: evaluated");
    }
}

#[test]
fn a_failure_is_passed_on() {
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    stand_in.answers("use", "", 3);
    stand_in.answers("console", "", 4);
    stand_in.complains("use", "no such profile\n");
    let Some(call) = call(&sandbox, &stand_in, "jituse x\necho $status\njitnow x\necho $status\n") else {
        return;
    };
    let run = call.run().success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("3\n4\n", "no such profile\n"));
}

#[test]
fn loading_says_nothing_and_starts_no_process() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    for (rest, programs) in [("", 0), ("/bin/ls\n/bin/ls\n", 1)] {
        let Some(call) = call(&sandbox, &stand_in, rest) else { return };
        let (run, trace) = call.traced(&strace);
        assert_eq!(run.success().stdout, "");
        assert!(trace.programs.len() >= programs && (programs > 0 || trace.programs.is_empty()), "{trace:?}");
        // tcsh itself forks once at its start.
        assert_eq!(trace.processes > 1, programs > 0, "{trace:?}");
    }
}

#[test]
fn a_value_is_inserted_so_that_the_shell_reads_it_back() {
    let Some(tcsh) = tool("tcsh") else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    let script = stand_in.script(Shell::Tcsh);
    let mut terminal =
        Terminal::start_script(&sandbox, &format!("exec '{}' -f -i", tcsh.display()), &[], &[]);
    terminal.types(&format!("source '{}'; printf 're%s\\n' ady", script.display())).sees("ready");
    let values = ["plain", "it's", "a:b=c,d@e/f", "$HOME", "`x`", "wow!", "100%", "\"q\"", "-dash"];
    for (index, value) in values.into_iter().enumerate() {
        stand_in.answers("complete", &format!("{value}\ta description\ntwo words\tof two\n"), 0);
        stand_in.answers("console", &format!("told {index}.\n"), 0);
        terminal.presses("jitnow -x \t").types("").sees(&format!("told {index}."));
        let expected =
            [vec!["complete", "2", "--", "jitnow", "-x", ""], vec!["console", "--copy", "-x", value]];
        assert_eq!(stand_in.calls(), expected);
    }
    terminal.types("exit");
    terminal.ends();
}
