//! Each script is read by its shell, or by the tool that judges scripts of that shell.

use std::path::Path;

use jitpass::shell::Shell;

use super::{ODD_PLACE, StandIn};
use crate::harness::{Sandbox, tool};

/// Runs a linter over a file: its status says whether it is content.
fn content(sandbox: &Sandbox, linter: &str, args: &[&str], file: &Path) -> Option<bool> {
    let run = sandbox.command(tool(linter)?).args(args).args([file]).run();
    let fine = run.status.success();
    assert!(!fine || run.stdout.is_empty(), "{}", run.transcript());
    Some(fine)
}

const LINTERS: [(Shell, &str, &[&str]); 10] = [
    (Shell::Bash, "shellcheck", &["--norc", "--severity=style"]),
    (Shell::Bash, "bash", &["-n"]),
    (Shell::Posix, "shellcheck", &["--norc", "--severity=style"]),
    (Shell::Posix, "dash", &["-n"]),
    (Shell::Posix, "bash", &["--posix", "-n"]),
    (Shell::Zsh, "zsh", &["-f", "-n"]),
    (Shell::Fish, "fish", &["--no-config", "-n"]),
    (Shell::Fish, "fish_indent", &["--check"]),
    (Shell::Tcsh, "tcsh", &["-f", "-n"]),
    (Shell::Posix, "zsh", &["--emulate", "sh", "-f", "-n"]),
];

#[test]
fn the_scripts_are_clean() {
    for (shell, linter, args) in LINTERS {
        let sandbox = Sandbox::new();
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("shells").join(shell.file_name());
        assert_ne!(content(&sandbox, linter, args, &source), Some(false), "{linter}: {shell}");
        // Filled in they are read as well; a judge of style would have a word to say on an odd path.
        if !args.contains(&"-n") {
            continue;
        }
        let filled = StandIn::at(&sandbox, ODD_PLACE).script(shell);
        assert_ne!(content(&sandbox, linter, args, &filled), Some(false), "{linter}: {shell}");
    }
}

#[test]
fn a_broken_script_is_not() {
    for (shell, linter, args) in LINTERS {
        let sandbox = Sandbox::new();
        // What fish_indent looks at is blanks.
        let text = if linter == "fish_indent" { "if true\necho\nend\n" } else { "if (\n'\n" };
        let broken = sandbox.write(shell.file_name(), format!("# shellcheck shell=sh\n{text}"));
        assert_ne!(content(&sandbox, linter, args, &broken), Some(true), "{linter}: {shell}");
    }
}
