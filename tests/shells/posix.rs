//! `jitnow` and `jituse` in bash, zsh, fish and what reads POSIX, under strict options.

use std::path::PathBuf;

use jitpass::shell::{Shell, literal};

use super::{ODD, ODD_PLACE, StandIn, variables};
use crate::harness::{Call, Sandbox, tool};

/// A shell as it is started, with what a strict person has set.
pub(super) struct Strict {
    program: &'static str,
    args: &'static [&'static str],
    pub(super) shell: Shell,
    options: &'static str,
}

/// Aliases that break whoever uses these words unquoted. `/bin/echo` is seen on stdout.
const ALIASES: &str = "alias local='echo BAD' command='echo BAD' builtin='echo BAD' export='echo BAD' \
                       unset='echo BAD' printf='echo BAD' echo='echo BAD' use='echo BAD' \
                       jitnow='echo BAD' jituse='echo BAD' complete='echo BAD' shift='echo BAD'\n";

const BASH: &str = "alias while='echo BAD' case='echo BAD' for='echo BAD'\nset -euC -o pipefail\nshopt -s expand_aliases extglob nullglob nocasematch\nIFS=aAt/=\nCDPATH=/\n\
                    local() { echo BAD; }\ncomplete() { echo BAD; }\nread() { echo BAD; }\n";
const ZSH: &str = "function local { echo BAD }\nfunction export { echo BAD }\nfunction print { echo BAD }\n\
                   setopt err_exit no_unset pipe_fail extended_glob ksh_arrays sh_word_split no_clobber rc_quotes \
                   warn_create_global warn_nested_var ignore_braces sh_glob null_glob glob_subst \
                   magic_equal_subst ksh_typeset rc_expand_param\nIFS=aAt/=\n\
                   alias -g console=BAD use=BAD emulate=BAD zsh=BAD\n";

/// Those that this file is about. Where one is not installed, the test says so.
pub(super) const STRICT: [Strict; 5] = [
    Strict { program: "bash", args: &["--norc"], shell: Shell::Bash, options: BASH },
    Strict { program: "bash", args: &["--norc", "--posix"], shell: Shell::Bash, options: BASH },
    Strict { program: "zsh", args: &["-f"], shell: Shell::Zsh, options: ZSH },
    Strict {
        program: "fish",
        args: &["--no-config"],
        shell: Shell::Fish,
        options: "set -g IFS ''\nset -g fish_trace ''\nfunction echo2; end\n",
    },
    Strict { program: "dash", args: &[], shell: Shell::Posix, options: "set -euC\nIFS=aAt/=\n" },
];

/// What reads the POSIX script besides dash.
const POSIX: [Strict; 6] = [
    Strict {
        program: "bash",
        args: &["--norc", "--posix"],
        shell: Shell::Posix,
        options: "set -euC\nIFS=aAt/=\n",
    },
    Strict {
        program: "bash",
        args: &["--norc"],
        shell: Shell::Posix,
        options: "shopt -s expand_aliases\nset -euC\nIFS=aAt/=\n",
    },
    Strict {
        program: "zsh",
        args: &["-f"],
        shell: Shell::Posix,
        options: "emulate sh\nset -euC\nIFS=aAt/=\n",
    },
    Strict { program: "busybox", args: &["sh"], shell: Shell::Posix, options: "set -euC\nIFS=aAt/=\n" },
    Strict { program: "mksh", args: &[], shell: Shell::Posix, options: "set -euC\nIFS=aAt/=\n" },
    Strict { program: "ksh93", args: &[], shell: Shell::Posix, options: "set -euC\nIFS=aAt/=\n" },
];

impl Strict {
    fn all() -> impl Iterator<Item = &'static Self> {
        STRICT.iter().chain(&POSIX)
    }

    fn name(&self) -> String {
        format!("{} {:?} {}", self.program, self.args, self.shell)
    }

    pub(super) fn tool(&self) -> Option<PathBuf> {
        tool(self.program)
    }

    /// The shell, about to read a script: options, aliases, the integration twice, and then `rest`.
    fn call(&self, sandbox: &Sandbox, program: PathBuf, integration: &str, rest: &str) -> Call {
        let aliases = if self.shell == Shell::Fish { "" } else { ALIASES };
        let script = format!("{}{aliases}{integration}{rest}", self.options);
        let file = sandbox.root().join("script");
        std::fs::write(&file, script).expect("the sandbox is ours");
        sandbox.command(program).args(self.args).args([file])
    }

    /// What loads the integration twice.
    fn twice(&self, stand_in: &StandIn) -> String {
        let script = stand_in.script(self.shell);
        format!("\\. '{0}'\n\\. '{0}'\n", script.display())
            .replace("\\.", if self.shell == Shell::Fish { "source" } else { "\\." })
    }

    /// These words as literals of the shell.
    fn literals(&self, words: &[&str]) -> String {
        let literals = words.iter().map(|word| literal(self.shell, word).expect("none holds NUL"));
        literals.collect::<Vec<_>>().join(" ")
    }
}

#[test]
fn arguments_arrive_as_they_are() {
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        for place in [ODD_PLACE, "-x\ny", "plain"] {
            let sandbox = Sandbox::new();
            let stand_in = StandIn::at(&sandbox, place);
            stand_in.answers("console", "told\n", 0);
            let odd = [ODD.as_slice(), &["two\nlines"]].concat();
            let rest = format!("jitnow {0}\njituse {0}\njitnow\n", strict.literals(&odd));
            let run = strict.call(&sandbox, program.clone(), &strict.twice(&stand_in), &rest).run();
            assert_eq!(run.stderr, "", "{}: {}", strict.name(), run.transcript());
            assert_eq!(run.success().stdout, "told\ntold\n", "{}", strict.name());
            let expected = [
                [&["console", "--copy"], odd.as_slice()].concat(),
                [&["use"], odd.as_slice()].concat(),
                vec!["console", "--copy"],
            ];
            assert_eq!(stand_in.calls(), expected, "{}", strict.name());
            assert!(!sandbox.home().join("pwned").exists(), "{}", strict.name());
        }
    }
}

#[test]
fn variables_get_the_values_they_are_given() {
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        for value in ODD {
            let sandbox = Sandbox::new();
            let stand_in = StandIn::at(&sandbox, ODD_PLACE);
            stand_in.listens("use");
            let answer = format!(
                "AWS_PROFILE={value}\nAWS_REGION={value}\nAWS_ACCESS_KEY_ID\nAWS_NEVER_SET\nJITUSE_PREVIOUS=\n\
                 PATH=/pwned\nHOME\nnonsense\nAWS_X[$(touch pwned)]\nAWS_X[$(touch pwned)]=1\nAWS_$(touch pwned)=2\n=x\n\n"
            );
            stand_in.answers("use", &answer, 0);
            stand_in.complains("use", "now used\n");
            let call = strict.call(
                &sandbox,
                program.clone(),
                &strict.twice(&stand_in),
                "jituse x\n/usr/bin/env -0\n",
            );
            let run = call.env("AWS_ACCESS_KEY_ID", "AKIA").env("AWS_REGION", "old").stdin("typed\n").run();
            assert_eq!(run.stderr, "now used\n", "{}", strict.name());
            let found = variables(&run.success().stdout);
            let found = |name: &str| found.get(name).map(String::as_str);
            let name = strict.name();
            assert_eq!((found("AWS_PROFILE"), found("AWS_REGION")), (Some(value), Some(value)), "{name}");
            assert_eq!((found("JITUSE_PREVIOUS"), found("AWS_ACCESS_KEY_ID")), (Some(""), None), "{name}");
            assert_eq!(found("HOME"), sandbox.home().to_str(), "{name}");
            assert_ne!(found("PATH"), Some("/pwned"), "{name}");
            assert!(!sandbox.home().join("pwned").exists(), "{name}: evaluated");
            // The person at the terminal is heard.
            assert_eq!(stand_in.heard("use"), "typed\n", "{name}");
        }
    }
}

#[test]
fn a_failure_is_passed_on_and_nothing_is_applied() {
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        stand_in.complains("use", "no such profile\n");
        stand_in.answers("use", "AWS_PROFILE=wrong\nAWS_REGION=wrong", 3);
        stand_in.answers("console", "", 4);
        let rest = if strict.shell == Shell::Fish {
            "jituse x\n/bin/echo $status\njitnow x\n/bin/echo $status\n/usr/bin/env\n"
        } else {
            "jituse x || /bin/echo $?\njitnow x || /bin/echo $?\n/usr/bin/env\n"
        };
        let run = strict.call(&sandbox, program.clone(), &strict.twice(&stand_in), rest).run().success();
        assert_eq!(run.stderr, "no such profile\n", "{}", strict.name());
        assert!(run.stdout.starts_with("3\n4\n"), "{}", run.transcript());
        assert!(!run.stdout.contains("wrong"), "{}", run.transcript());
        // Where a failure ends a script, it ends it here as well.
        if strict.shell != Shell::Fish {
            let call = strict.call(&sandbox, program, &strict.twice(&stand_in), "jituse x\n/bin/echo on\n");
            assert_eq!(call.run().fails(3).stdout, "", "{}", strict.name());
        }
    }
}

#[test]
fn loading_says_nothing_and_changes_nothing() {
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        let state = match (strict.shell, strict.program) {
            (Shell::Fish, _) => {
                "set -n | string match -rv '^(status|pipestatus|_|history)$'; bind 2>/dev/null\n"
            }
            (_, "bash") => {
                "\\set +o; \\builtin shopt -p; \\alias | grep -v jit; \\builtin compgen -v | grep -vx '_\\|PIPESTATUS'\n"
            }
            (_, "zsh") => {
                "\\set +o; \\alias | grep -v jit; \\builtin typeset + | awk '{print $NF}' | grep -v precmd | sort\n"
            }
            _ => "\\set +o; \\alias | grep -v jit; \\set | cut -d= -f1\n",
        };
        let apart = "/bin/echo '======'\n";
        let rest = format!("{apart}{}{state}", strict.twice(&stand_in));
        let call = strict.call(&sandbox, program, &format!("{state}{apart}"), &rest);
        let run = call.run().success();
        assert_eq!(run.stderr, "", "{}", run.transcript());
        let parts: Vec<&str> = run.stdout.split("======\n").collect();
        assert_eq!(parts.len(), 3, "{}", run.transcript());
        assert!(parts[0].lines().count() > 5, "{}: {}", strict.name(), parts[0]);
        assert_eq!(parts[0], parts[2], "{}", strict.name());
        assert_eq!(parts[1], "", "{}", strict.name());
        assert!(stand_in.calls().is_empty());
        run.changes_nothing();
    }
}

#[test]
fn loading_starts_no_process() {
    let Some(strace) = tool("strace") else { return };
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        let traced = |rest: &str, integration: &str| {
            let (run, trace) = strict.call(&sandbox, program.clone(), integration, rest).traced(&strace);
            run.success();
            (trace.processes, trace.programs.len())
        };
        assert_eq!(traced("", &strict.twice(&stand_in)), traced("", ""), "{}", strict.name());
        assert_eq!(traced("", ""), (0, 0), "{}", strict.name());
        // The same, with a process: it is seen.
        assert_ne!(traced("/bin/ls\n/bin/ls\n", &strict.twice(&stand_in)), (0, 0), "{}", strict.name());
    }
}

/// The shells that stop at a variable that cannot be changed, or go on without it.
#[test]
fn where_a_variable_is_read_only_nothing_changes_and_the_shell_goes_on() {
    for strict in Strict::all().filter(|strict| strict.shell != Shell::Fish) {
        let Some(program) = strict.tool() else { continue };
        for read_only in ["AWS_PROFILE", "AWS_REGION", "AWS_ACCESS_KEY_ID"] {
            let sandbox = Sandbox::new();
            let stand_in = StandIn::at(&sandbox, ODD_PLACE);
            stand_in.answers("use", "AWS_PROFILE=new\nAWS_ACCESS_KEY_ID\nAWS_REGION=new\n", 0);
            let rest = format!(
                "\\readonly {read_only}\n\
                 if jituse new; then /bin/echo done; else /bin/echo $?; fi\n\
                 /bin/echo \"$AWS_PROFILE $AWS_REGION $AWS_ACCESS_KEY_ID\"\n"
            );
            let call = strict.call(&sandbox, program.clone(), &strict.twice(&stand_in), &rest);
            let call = ["AWS_PROFILE", "AWS_REGION", "AWS_ACCESS_KEY_ID"]
                .into_iter()
                .fold(call, |call, name| call.env(name, "old"));
            let run = call.run().success();
            assert_eq!(run.stdout, "1\nold old old\n", "{}", strict.name());
            let said = format!("error: {read_only} is read-only in this shell: nothing was changed\n");
            assert_eq!(run.stderr, said, "{}", strict.name());
        }
    }
}

#[test]
fn a_program_that_is_gone_is_named() {
    for strict in Strict::all() {
        let Some(program) = strict.tool() else { continue };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        let integration = strict.twice(&stand_in);
        let place = stand_in.program().display().to_string();
        std::fs::remove_file(&place).expect("the sandbox is ours");
        let rest = if strict.shell == Shell::Fish {
            "jituse x\n/bin/echo $status\njitnow x\n/bin/echo $status\n"
        } else {
            "jituse x || /bin/echo $?\njitnow x || /bin/echo $?\n"
        };
        let run = strict.call(&sandbox, program, &integration, rest).run().success();
        assert_eq!(run.stdout, "127\n127\n", "{}", strict.name());
        let said =
            format!("error: jitpass is not at {place}: run `jitpass shell install` with the one you have\n");
        assert_eq!(run.stderr, said.repeat(2), "{}", strict.name());
    }
}
