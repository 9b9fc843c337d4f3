//! What jitpass gives a shell: the files of `shells/`, with the program's place filled in.

use crate::shell::{Shell, Unquotable, literal};

/// What stands in a script for the literal of the program's path. It is a literal itself, in every shell.
const PLACEHOLDER: &str = "'@jitpass@'";

/// The line above which a script gives functions, and below which completions.
const COMPLETIONS: &str = "# ---- completions ----";

/// The whole script: `jitnow`, `jituse`, and completions.
pub fn integration(shell: Shell, program: &str) -> Result<String, Unquotable> {
    Ok(source(shell).replace(PLACEHOLDER, &literal(shell, program)?))
}

/// The completions alone, as packages install them.
pub fn completions(shell: Shell, program: &str) -> Result<String, Unquotable> {
    let script = integration(shell, program)?;
    Ok(script.split_once(COMPLETIONS).map_or_else(String::new, |(_, rest)| rest.trim_start().to_owned()))
}

fn source(shell: Shell) -> &'static str {
    match shell {
        Shell::Bash => include_str!("../../shells/jitpass.bash"),
        Shell::Zsh => include_str!("../../shells/jitpass.zsh"),
        Shell::Fish => include_str!("../../shells/jitpass.fish"),
        Shell::PowerShell => include_str!("../../shells/jitpass.ps1"),
        Shell::Nushell => include_str!("../../shells/jitpass.nu"),
        Shell::Elvish => include_str!("../../shells/jitpass.elv"),
        Shell::Xonsh => include_str!("../../shells/jitpass.xsh"),
        Shell::Tcsh => include_str!("../../shells/jitpass.tcsh"),
        Shell::Posix => include_str!("../../shells/jitpass.sh"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_program_is_filled_in_everywhere() {
        for shell in Shell::ALL {
            assert!(source(shell).contains(PLACEHOLDER), "{shell}");
            assert!(source(shell).is_ascii(), "{shell}: Windows PowerShell takes it for another encoding");
            let script = integration(shell, "/opt/it's/jitpass").expect("it can be written");
            let literal = literal(shell, "/opt/it's/jitpass").expect("it can be written");
            assert!(script.contains(&literal) && !script.contains("@jitpass@"), "{shell}");
        }
    }

    #[test]
    fn completions_are_what_follows_the_line() {
        for shell in Shell::ALL {
            let lines = source(shell).lines().filter(|line| line.contains("---- completions")).count();
            assert!(lines <= 1, "{shell}");
            let completions = completions(shell, "jitpass").expect("it can be written");
            assert_eq!(completions.is_empty(), lines == 0, "{shell}");
            assert!(!completions.contains("console --copy"), "{shell}");
        }
        // zsh finds a completion by its first line.
        let zsh = completions(Shell::Zsh, "jitpass").expect("it can be written");
        assert!(zsh.starts_with("#compdef jitpass jitnow jituse\n"));
    }
}
