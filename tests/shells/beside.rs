//! Other people's completions, and a shell that a person uses: what is there stays.

use jitpass::shell::Shell;

use super::{ODD_PLACE, StandIn};
use crate::harness::{Sandbox, tool};

/// What a shell prints at the end of a script with `.` before the place of the integration.
fn printed(shell: Shell, args: &[&str], before: &str, after: &str) -> Option<String> {
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    stand_in.answers("complete", "ours\n", 0);
    let load = stand_in.script(shell);
    let script = format!("{before}\n. '{}'\n{after}\n", load.display());
    let script = sandbox.write("script", script);
    let run = sandbox.command(tool(shell.name())?).args(args).args([script]).run();
    assert_eq!(run.stderr, "", "{}", run.transcript());
    Some(run.success().stdout)
}

#[test]
fn who_completes_aws_goes_on() {
    let bash = |before: &str, after: &str| printed(Shell::Bash, &["--norc"], before, after);
    let Some(ours) = bash("", "complete -p aws") else { return };
    assert!(ours.contains("-F __jitpass_complete_aws aws"), "{ours}");
    for (before, after) in [("complete -C theirs aws", ""), ("", "complete -C theirs aws;")] {
        let said = bash(before, &format!("{after} complete -p aws"));
        assert_eq!(said.as_deref(), Some("complete -C 'theirs' aws\n"));
    }

    let zsh = |before: &str, after: &str| printed(Shell::Zsh, &["-f", "-i"], before, after);
    let compinit = "autoload -Uz compinit; compinit -u -D";
    let show = "for hook in $precmd_functions; do $hook; done; print -r -- $_comps[aws] $_comps[jituse] $precmd_functions";
    let Some(ours) = zsh(compinit, show) else { return };
    assert_eq!(ours, "__jitpass_complete __jitpass_complete\n");
    let said = zsh(&format!("{compinit}; compdef _theirs aws"), show);
    assert_eq!(said.as_deref(), Some("_theirs __jitpass_complete\n"));
    let said = zsh("", &format!("{compinit}; compdef _theirs aws; {show}"));
    assert_eq!(said.as_deref(), Some("_theirs __jitpass_complete\n"));
    // Begun anew, it forgets what it was told.
    let said = zsh(compinit, &format!("{compinit}; {show}"));
    assert_eq!(said.as_deref(), Some("__jitpass_complete __jitpass_complete\n"));
    // Not there yet at the first prompt: the hook waits.
    let said = zsh("", show);
    assert_eq!(said.as_deref(), Some("__jitpass_register\n"));

    let ask = "complete -C 'aws s3 ls --profile o'";
    let fish = |before: &str| printed(Shell::Fish, &["--no-config"], before, ask);
    let Some(ours) = fish("") else { return };
    assert_eq!(ours, "ours\n");
    assert_eq!(fish("function aws_completer; end").as_deref(), Some(""));
}

#[test]
fn what_is_typed_later_wins_and_what_was_there_before_gives_way() {
    for (shell, args, before, after) in [
        (
            Shell::Bash,
            ["--norc"],
            "jitnow() { echo old; }",
            "type -t jitnow; jitnow() { echo mine; }; jitnow",
        ),
        (Shell::Zsh, ["-f"], "jitnow() { echo old }", "jitnow; jitnow() { echo mine }; jitnow"),
        (
            Shell::Fish,
            ["--no-config"],
            "function jitnow; echo old; end",
            "jitnow; function jitnow; echo mine; end; jitnow",
        ),
    ] {
        let Some(said) = printed(shell, &args, before, after) else { continue };
        assert!(said.ends_with("mine\n") && !said.contains("old"), "{shell}: {said}");
    }
}

#[test]
fn a_universal_variable_of_fish_is_hidden_and_kept() {
    let Some(fish) = tool("fish") else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    stand_in.answers("use", "AWS_ACCESS_KEY_ID\n", 0);
    let script = format!(
        "set -Ux AWS_ACCESS_KEY_ID AKIA; /usr/bin/env | grep ^AWS_ACC; source '{}'; jituse x; \
         /usr/bin/env | grep ^AWS_ACC; set -qU AWS_ACCESS_KEY_ID; and echo kept",
        stand_in.script(Shell::Fish).display()
    );
    let run = sandbox.command(fish).args(["-c", &script]).run().success();
    assert_eq!(run.stdout, "AWS_ACCESS_KEY_ID=AKIA\nAWS_ACCESS_KEY_ID=\nkept\n", "{}", run.transcript());
}

#[test]
fn loading_at_a_prompt_starts_no_process_either() {
    let (Some(strace), Some(zsh)) = (tool("strace"), tool("zsh")) else { return };
    let sandbox = Sandbox::new();
    let stand_in = StandIn::at(&sandbox, ODD_PLACE);
    // compinit itself starts some.
    let load = format!("compdef() {{ : }}; . '{}'", stand_in.script(Shell::Zsh).display());
    for (script, processes) in [(load.clone(), 0), (format!("{load}; /bin/ls; :"), 1)] {
        let script = sandbox.write("script", script);
        let (run, trace) = sandbox.command(&zsh).args(["-f", "-i"]).args([script]).traced(&strace);
        run.success();
        assert_eq!(trace.processes, processes, "{trace:?}");
    }
}
