//! TAB in bash, zsh and fish: what stands on the line afterwards is the value, whatever is in it.

use std::path::PathBuf;

use jitpass::shell::Shell;

use super::{ODD, ODD_PLACE, StandIn};
use crate::cli::terminal::Terminal;
use crate::harness::{Sandbox, tool};

/// The start of a line, as typed, what it says, and the value that is completed.
const TYPED: [(&str, &str, &str); 16] = [
    ("two\\ w", "two w", "two words"),
    ("'two w", "two w", "two words"),
    ("\"two w", "two w", "two words"),
    ("tw'o w", "two w", "two words"),
    ("\"it'", "it'", "it's \"it\" `x` $y"),
    ("it\\'", "it'", "it's \"it\" `x` $y"),
    ("a:", "a:", "a:b=c,d@e/f"),
    ("a:b=c", "a:b=c", "a:b=c,d@e/f g"),
    ("\"a:b=", "a:b=", "a:b=c,d@e/f g"),
    ("'!! ", "!! ", "!! it's !1 wow!"),
    ("\\$H", "$H", "$HOME $(touch pwned)"),
    ("'$H", "$H", "$HOME `touch pwned`"),
    ("na", "na", "naïve ünï ✓"),
    ("\"na\u{ef}", "na\u{ef}", "na\u{ef}ve \u{2713}"),
    ("--region=us", "--region=us", "--region=us-west-2"),
    ("--x=it\\'", "--x=it'", "--x=it's \\ here"),
];

struct Person {
    terminal: Terminal,
    stand_in: StandIn,
    sandbox: Sandbox,
    lines: usize,
}

impl Person {
    fn at(shell: Shell, start: &str, before: &str, after: &str) -> Option<Self> {
        let program: PathBuf = tool(shell.name())?;
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, ODD_PLACE);
        let script = stand_in.script(shell);
        let load = if shell == Shell::Fish { "source" } else { "." };
        let start = format!("exec '{}' {start}", program.display());
        let mut terminal = Terminal::start_script(&sandbox, &start, &[], &[]);
        // What is printed differs from what is typed, which is seen too.
        terminal.types(&format!("{before} {load} '{}'; {after} printf 're%s\\n' ady", script.display()));
        terminal.sees("ready");
        Some(Self { terminal, stand_in, sandbox, lines: 0 })
    }

    /// Types a line with a TAB at its end, then Enter; gives the calls: completion, then command.
    fn completes(&mut self, line: &str, answer: &str) -> Vec<Vec<String>> {
        self.lines += 1;
        self.stand_in.answers("complete", answer, 0);
        self.stand_in.answers("console", &format!("told {}.\n", self.lines), 0);
        self.terminal.presses(&format!("{line}\t")).types("");
        self.terminal.sees(&format!("told {}.", self.lines));
        self.stand_in.calls()
    }

    fn goes(mut self) {
        self.terminal.types("exit");
        self.terminal.ends();
        assert!(!self.sandbox.home().join("pwned").exists());
    }
}

const COMPINIT: &str = "autoload -Uz compinit; compinit -u -D;";

fn people() -> impl Iterator<Item = (Shell, Person)> {
    let people = [
        (
            Shell::Bash,
            "--norc --noprofile -i",
            "set -eu -o pipefail; set -C; shopt -s extglob nocasematch;",
            "",
        ),
        (Shell::Zsh, "-f -i", COMPINIT, ""),
        (Shell::Zsh, "-f -i", "setopt err_exit extended_glob no_unset ksh_arrays sh_word_split;", COMPINIT),
        (Shell::Fish, "--no-config -i", "", ""),
    ];
    people
        .into_iter()
        .filter_map(|(shell, start, before, after)| Some((shell, Person::at(shell, start, before, after)?)))
}

#[test]
fn a_value_is_inserted_so_that_the_shell_reads_it_back() {
    for (shell, mut person) in people() {
        for value in ODD.into_iter().filter(|value| !value.is_empty()) {
            let calls = person.completes("jitnow ", &format!("{value}\tits description: odd\n"));
            let expected = [vec!["complete", "1", "--", "jitnow", ""], vec!["console", "--copy", value]];
            assert_eq!(calls, expected, "{shell}");
        }
        person.goes();
    }
}

#[test]
fn what_is_typed_already_is_understood() {
    for (shell, mut person) in people() {
        for (typed, said, value) in TYPED {
            let calls = person.completes(&format!("jitnow 'x y' --z=\\\"1 {typed}"), &format!("{value}\n"));
            let before = ["x y", "--z=\"1"];
            let expected = [
                [&["complete", "3", "--", "jitnow"], before.as_slice(), &[said]].concat(),
                [&["console", "--copy"], before.as_slice(), &[value]].concat(),
            ];
            assert_eq!(calls, expected, "{shell}: {typed}");
        }
        person.goes();
    }
}

/// A part of a name is typed, and the program gives the name.
#[test]
fn what_does_not_begin_with_the_word_takes_its_place() {
    for (shell, mut person) in people() {
        for typed in ["prod", "'prod", "\"prod"] {
            for value in ["acme-prod01", "two prod words"] {
                let calls = person.completes(&format!("jitnow {typed}"), &format!("{value}\tits place\n"));
                let expected =
                    [vec!["complete", "1", "--", "jitnow", "prod"], vec!["console", "--copy", value]];
                assert_eq!(calls, expected, "{shell}: {typed}");
            }
        }
        // Of several the shell shows all; the word is never lost.
        let several = "acme-prod01\tone\nglobex-prod01\tother\n";
        person.stand_in.answers("complete", several, 0);
        person.terminal.presses("jitnow prod\t\t").sees("acme-prod01").sees("globex-prod01");
        person.terminal.presses("\u{3}");
        person.stand_in.calls();
        let calls = person.completes("jitnow prod", several);
        let taken = if shell == Shell::Zsh { "acme-prod01" } else { "prod" };
        let expected = ["console", "--copy", taken].map(str::to_owned).to_vec();
        assert_eq!(calls.last(), Some(&expected), "{shell}");
        person.goes();
    }
}

#[test]
fn where_the_program_says_nothing_there_are_files() {
    for (shell, mut person) in people() {
        person.sandbox.write("some file.txt", "");
        // A program that fails says nothing either; with `set -e` the shell lives on.
        person.stand_in.answers("complete", "", 1);
        person.terminal.presses("jitnow x\t\t\u{15}");
        let calls = person.completes("jitnow --from so", "");
        let calls = &calls[calls.len() - 2..];
        let expected = [
            vec!["complete", "2", "--", "jitnow", "--from", "so"],
            vec!["console", "--copy", "--from", "some file.txt"],
        ];
        assert_eq!(calls, expected, "{shell}");
        person.goes();
    }
}

#[test]
fn descriptions_are_shown() {
    for (_, mut person) in people() {
        person.stand_in.answers("complete", "dev-a\tthe first: one\ndev-b\tthe second\n", 0);
        person.terminal.presses("jitnow dev-\t\t").sees("the first: one").sees("the second");
        // An open menu takes the first Enter for itself.
        person.terminal.types("").types("");
        person.goes();
    }
}

/// zsh's own way to describe puts what is described alike on one line, out of its order.
#[test]
fn each_has_a_row_in_the_order_of_the_program() {
    for (_, mut person) in people().filter(|(shell, _)| *shell == Shell::Zsh) {
        let long = "dev-".to_owned() + &"long".repeat(40);
        let answer = format!("dev-z\tsame: one\ndev-a\tsame: one\n{long}\tnever seen\ndev-plain\n");
        person.stand_in.answers("complete", &answer, 0);
        person.terminal.presses("jitnow dev-\t\t").sees("dev-z ").sees("  -- same: one").sees("dev-a ");
        person.terminal.sees("  -- same: one").sees("dev-longlong").sees("dev-plain");
        person.terminal.types("").types("");
        person.goes();
        let mut person = Person::at(Shell::Zsh, "-f -i", COMPINIT, "").expect("it is there");
        // Too many to read, and quick all the same.
        let many: String = (0..10_000).map(|n| format!("dev-{}\tof:many\n", 20_000 - n)).collect();
        person.stand_in.answers("complete", &(many + "x:y z\tcolon\n"), 0);
        person.terminal.presses("jitnow dev-1000\t").types("");
        let calls = person.completes("jitnow x:\\y", "x:y z\tone\n");
        assert_eq!(calls.last().expect("it was called"), &["console", "--copy", "x:y z"]);
        person.goes();
    }
}

#[test]
fn only_profiles_of_aws_are_completed() {
    for (shell, mut person) in people() {
        person.sandbox.write("some file.txt", "");
        person.stand_in.answers("complete", "two words\n", 0);
        let show = "printf 'got<%s>'";
        person.terminal.types(&if shell == Shell::Fish {
            format!("function aws; {show} $argv; printf 'do%s\\n' ne; end")
        } else {
            format!("aws() {{ {show} \"$@\"; printf 'do%s\\n' ne; }}")
        });
        person.terminal.presses("aws s3 ls --profile tw\t").types("");
        person.terminal.sees("got<s3>got<ls>got<--profile>got<two words>done");
        let calls = person.stand_in.calls();
        assert_eq!(calls, [["complete", "4", "--", "aws", "s3", "ls", "--profile", "tw"]], "{shell}");
        person.goes();
    }
}

#[test]
fn completions_of_a_package_stand_alone() {
    let loads = [
        (Shell::Bash, "--norc --noprofile -i", "jitpass.bash", ". ~/packaged/jitpass.bash;"),
        (
            Shell::Zsh,
            "-f -i",
            "_jitpass",
            "fpath=(~/packaged $fpath); autoload -Uz compinit; compinit -u -D;",
        ),
        (Shell::Fish, "--no-config -i", "jitpass.fish", "set -p fish_complete_path ~/packaged;"),
    ];
    for (shell, start, file, load) in loads {
        let Some(program) = tool(shell.name()) else { continue };
        let sandbox = Sandbox::new();
        let stand_in = StandIn::at(&sandbox, "plain");
        let completions = jitpass::shell::completions(shell, "jitpass").expect("it can be written");
        sandbox.write(&format!("packaged/{file}"), completions);
        let start = format!("exec '{}' {start}", program.display());
        let mut terminal = Terminal::start_script(&sandbox, &start, &[], &[]);
        let directory = stand_in.program().parent().expect("it is in a directory").display().to_string();
        let path = if shell == Shell::Fish { "set -p PATH" } else { "PATH=" };
        let path = if shell == Shell::Fish {
            format!("{path} '{directory}'")
        } else {
            format!("{path}'{directory}':$PATH")
        };
        terminal.types(&format!("{load} {path}; printf 're%s\\n' ady")).sees("ready");
        for (index, value) in ["two words", "it's"].into_iter().enumerate() {
            stand_in.answers("complete", &format!("{value}\tdescribed\n"), 0);
            stand_in.answers("tenants", &format!("told {index}.\n"), 0);
            terminal.presses("jitpass tenants \t").types("").sees(&format!("told {index}."));
            let expected = [vec!["complete", "2", "--", "jitpass", "tenants", ""], vec!["tenants", value]];
            assert_eq!(stand_in.calls(), expected, "{shell}");
        }
        terminal.types("exit");
        terminal.ends();
    }
}
