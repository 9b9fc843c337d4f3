//! The person's editor.

use std::io;
use std::path::Path;
use std::process::{Command, ExitStatus};

use crate::host::env::{Env, names};
use crate::host::surroundings::Surroundings;

/// What a person says is their editor: a program, with arguments if need be. `VISUAL`, else `EDITOR`, else what every
/// system of this kind has.
pub fn chosen(env: &Env) -> String {
    let said = [names::VISUAL, names::EDITOR].into_iter().find_map(|name| env.text(name));
    let said = said.filter(|said| !said.trim().is_empty());
    said.unwrap_or_else(|| if cfg!(windows) { "notepad" } else { "vi" }.to_owned())
}

/// Opens a file in it, and waits until the person is done. It has the terminal to itself meanwhile.
///
/// What stands in the variables is a line for the shell: git, crontab and their like take it for one, and so people
/// write quotes and `$HOME` there. A program whose path has blanks may stand there as it is.
///
/// # Errors
/// When it cannot be started. Where a shell starts it, that is a status of 126 or 127 instead.
pub fn edit(env: &Env, chosen: &str, file: &Path) -> io::Result<ExitStatus> {
    let mut command = if Path::new(chosen).is_file() {
        Command::new(chosen)
    } else if cfg!(unix) {
        let mut shell = Command::new("/bin/sh");
        shell.args(["-c", &format!("{chosen} \"$@\""), "editor"]);
        shell
    } else {
        let mut words = chosen.split_whitespace();
        let mut program = Command::new(words.next().ok_or(io::ErrorKind::InvalidInput)?);
        program.args(words);
        program
    };
    // It loads whatever plug-ins it likes.
    Surroundings::default().without_secrets(env).apply(&mut command);
    command.arg(file).status()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn how_it_is_called() {
        let dir = tempfile::tempdir().unwrap();
        let (file, odd) = (dir.path().join("a b.toml"), dir.path().join("my editor"));
        std::fs::write(&odd, "#!/bin/sh\nprintf odd > \"$1\"\n").unwrap();
        std::fs::set_permissions(&odd, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for (chosen, code, expected) in [
            ("sed -i 's/x/a b/'", 0, "a b\n"),
            ("sed -i \"s/x/$((1 + 1))/\"", 0, "2\n"),
            (odd.to_str().unwrap(), 0, "odd"),
            ("exit 3 #", 3, "x\n"),
        ] {
            std::fs::write(&file, "x\n").unwrap();
            assert_eq!(edit(&Env::real(), chosen, &file).unwrap().code(), Some(code), "{chosen}");
            assert_eq!(std::fs::read_to_string(&file).unwrap(), expected, "{chosen}");
        }
    }

    #[test]
    fn which_one() {
        let usual = if cfg!(windows) { "notepad" } else { "vi" };
        for (pairs, expected) in [
            (vec![("VISUAL", "code --wait"), ("EDITOR", "ed")], "code --wait"),
            (vec![("VISUAL", ""), ("EDITOR", "ed")], "ed"),
            (vec![("VISUAL", "  ")], usual),
            (vec![], usual),
        ] {
            assert_eq!(chosen(&Env::of(pairs)), expected);
        }
    }
}
