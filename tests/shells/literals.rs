//! A literal is read back by the real shell as the text that it was made of.

use jitpass::shell::{Shell, literal};

use super::{ODD, ODD_PLACE};
use crate::harness::{Sandbox, tool};

const READERS: [(Shell, &str, &[&str], &str); 8] = [
    (Shell::Bash, "bash", &["--norc"], "printf '%s\\0' "),
    (Shell::Bash, "bash", &["--posix"], "set -o histexpand\nprintf '%s\\0' "),
    (Shell::Zsh, "zsh", &["-f"], "setopt bang_hist rc_quotes\nprintf '%s\\0' "),
    (Shell::Posix, "dash", &[], "printf '%s\\0' "),
    (Shell::Fish, "fish", &["--no-config"], "printf '%s\\0' "),
    (Shell::Tcsh, "tcsh", &["-f"], "/usr/bin/printf '%s\\0' "),
    (Shell::Tcsh, "tcsh", &["-f"], "set backslash_quote\n/usr/bin/printf '%s\\0' "),
    (Shell::Elvish, "elvish", &["-norc"], "/usr/bin/printf '%s\\0' "),
];

#[test]
fn a_literal_is_read_back() {
    let odd = [
        ODD.as_slice(),
        &[
            ODD_PLACE,
            "two\nlines",
            "\n",
            "a\\\nb",
            "tab\there",
            "'",
            "''",
            "\\",
            "\\'",
            "\\!",
            "!",
            "'!'\\",
            "!\n'",
        ],
    ]
    .concat();
    for (shell, program, args, print) in READERS {
        let Some(program) = tool(program) else { continue };
        let sandbox = Sandbox::new();
        let literals: Vec<String> =
            odd.iter().map(|text| literal(shell, text).expect("none holds NUL")).collect();
        let script = sandbox.write("script", format!("{print}{}\n", literals.join(" ")));
        let run = sandbox.command(program).args(args).args([script]).run().success();
        let read: Vec<&str> = run.stdout.split_terminator('\0').collect();
        assert_eq!(read, odd, "{shell} {args:?} {print}");
    }
}
