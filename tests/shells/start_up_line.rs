//! The line of a start-up file, read by the shells that have it in theirs, under their strictest options.

use std::fs;

use jitpass::shell::{Shell, block, load_line};

use super::ODD_PLACE;
use crate::harness::{Sandbox, tool};

/// A shell, its program, what makes it read nothing else, and its strictest options.
const SHELLS: [(Shell, &str, &[&str], &str); 6] = [
    (Shell::Bash, "bash", &["--norc", "--noprofile"], "set -euo pipefail -C\n"),
    (Shell::Bash, "bash", &["--norc", "--noprofile", "--posix"], "set -eu\n"),
    (
        Shell::Zsh,
        "zsh",
        &["-f"],
        "setopt err_exit no_unset no_clobber extended_glob ksh_arrays sh_word_split\n",
    ),
    (Shell::Posix, "dash", &[], "set -eu\n"),
    (Shell::Fish, "fish", &["--no-config"], ""),
    (Shell::Tcsh, "tcsh", &["-f"], "set noclobber\n"),
];

#[test]
fn loads_what_is_there_and_nothing_else() {
    for (shell, name, bare, strict) in SHELLS {
        let Some(program) = tool(name) else { continue };
        for place in ["plain", "two words", ODD_PLACE] {
            for (below_home, eol) in [(true, "\n"), (false, "\n"), (true, "\r\n")] {
                let sandbox = Sandbox::new();
                let home = sandbox.home();
                let base = if below_home { home.clone() } else { sandbox.root().to_owned() };
                let script = base
                    .join(place)
                    .join("jitpass")
                    .with_extension(std::path::Path::new(shell.file_name()).extension().expect("it has one"));
                let line = load_line(shell, script.to_str().expect("text"), home.to_str()).expect("a line");
                assert_eq!(
                    line.contains(home.to_str().expect("text")),
                    !below_home && line.contains("/home")
                );
                // As it stands in a file, with the marks; such a shell reads a CR as part of a word.
                let before = if eol == "\n" { strict.to_owned() } else { format!("true #{eol}") };
                let block::Plan::Add(mut text) = block::plan(Some(before.as_bytes()), &line) else {
                    panic!("{name}: there is something to add")
                };
                text.extend_from_slice(b"echo went on\n");
                // The empty line before the block would be a command named CR.
                let text = String::from_utf8(text).expect("it was text").replace("\r\n\r\n", "\r\n");
                let file = sandbox.write("start-up", text);
                let run = || sandbox.command(&program).args(bare).args([file.display().to_string()]).run();
                let missing = run().success();
                assert_eq!(
                    (missing.stdout.as_str(), missing.stderr.as_str()),
                    ("went on\n", ""),
                    "{name}: {line}"
                );
                fs::create_dir_all(script.parent().expect("it has one")).expect("the sandbox is ours");
                fs::write(&script, "echo loaded\n").expect("the sandbox is ours");
                let there = run().success();
                let expected = ("loaded\nwent on\n", "");
                assert_eq!((there.stdout.as_str(), there.stderr.as_str()), expected, "{name}: {line}");
            }
        }
    }
}

/// A `.profile` with bash's line is read by other shells too.
#[test]
fn bash_s_line_does_nothing_in_another_shell() {
    let Some(dash) = tool("dash") else { return };
    let sandbox = Sandbox::new();
    let script = sandbox.write("jitpass.bash", "array=(a b)\necho loaded\n");
    let line = load_line(Shell::Bash, script.to_str().expect("text"), None).expect("a line");
    let file = sandbox.write(".profile", format!("set -eu\n{line}\necho went on\n"));
    let run = sandbox.command(dash).args([file.display().to_string()]).run().success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("went on\n", ""));
}
