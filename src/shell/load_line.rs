//! The one line of a start-up file: it loads jitpass's script, if that is there.
//!
//! It does nothing, and fails nothing, where the script is missing: under `set -eu` and strict modes too, on a
//! machine to which only the start-up file was carried, and after jitpass was removed by hand. Nothing of it stays
//! behind as a variable.

use crate::shell::{Shell, Unquotable, literal};

/// The path of a script cannot stand in a start-up file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unloadable {
    /// The shell has no way to write it.
    #[error(transparent)]
    Unquotable(#[from] Unquotable),
    /// It would be more than one line.
    #[error("a path with a line break or another control character cannot stand in a start-up file")]
    ControlCharacter,
}

/// The line, without its end, that loads the script at this absolute path.
///
/// A path below `home` is written from the home directory on, so that the start-up file can be shared between
/// machines and people.
pub fn load_line(shell: Shell, script: &str, home: Option<&str>) -> Result<String, Unloadable> {
    if script.chars().any(char::is_control) {
        return Err(Unloadable::ControlCharacter);
    }
    let rest = home.and_then(|home| below(script, home));
    Ok(match shell {
        // A `.profile` is read by other shells too, for which the script is not.
        Shell::Bash => {
            let file = posix(shell, script, rest)?;
            format!(r#"[ -z "${{BASH_VERSION-}}" ] || [ ! -r {file} ] || . {file}"#)
        }
        Shell::Zsh | Shell::Posix => {
            let file = posix(shell, script, rest)?;
            format!("[ ! -r {file} ] || . {file}")
        }
        Shell::Fish => {
            let file = posix(shell, script, rest)?;
            format!("if test -r {file}; source {file}; end")
        }
        // A `.cshrc` is read by csh too.
        Shell::Tcsh => {
            let file = posix(shell, script, rest)?;
            format!("if ( $?tcsh && -r {file} ) source {file}")
        }
        Shell::PowerShell => {
            let file = match rest {
                Some(rest) if is_plain(rest) => format!("\"$HOME{rest}\""),
                Some(rest) => format!("($HOME + {})", literal(shell, rest)?),
                None => literal(shell, script)?,
            };
            format!("if (Test-Path -LiteralPath {file} -PathType Leaf) {{ . {file} }}")
        }
        // What is sourced must be known before anything runs: the condition is a constant too, and nothing can be
        // sourced.
        Shell::Nushell => {
            let file = match rest {
                Some(rest) => literal(shell, &format!("~{rest}"))?,
                None => literal(shell, script)?,
            };
            format!("source (if ({file} | path exists) {{ {file} }})")
        }
        Shell::Elvish => {
            let file = match rest {
                Some(rest) => format!("$E:HOME{}", literal(shell, rest)?),
                None => literal(shell, script)?,
            };
            format!(
                "{{ use path; var f = {file}; if (path:is-regular &follow-symlink=$true $f) {{ eval (slurp < $f) }} }}"
            )
        }
        Shell::Xonsh => {
            let file = match rest {
                Some(rest) => format!(
                    "__import__('pathlib').Path.home() / {}",
                    literal(shell, rest.trim_start_matches(['/', '\\']))?
                ),
                None => format!("__import__('pathlib').Path({})", literal(shell, script)?),
            };
            format!("(lambda f: f.is_file() and aliases['source']([str(f)]))({file})")
        }
    })
}

/// What follows the home directory, from the separator on.
fn below<'a>(path: &'a str, home: &str) -> Option<&'a str> {
    let home = home.trim_end_matches(['/', '\\']);
    let rest = path.strip_prefix(home)?;
    (!home.is_empty() && rest.len() > 1 && rest.starts_with(['/', '\\'])).then_some(rest)
}

/// Nothing in it means anything between double quotes.
fn is_plain(rest: &str) -> bool {
    rest.chars().all(|c| c.is_ascii_alphanumeric() || "/._-+@ ".contains(c) || (cfg!(windows) && c == '\\'))
}

fn posix(shell: Shell, script: &str, rest: Option<&str>) -> Result<String, Unquotable> {
    match rest {
        Some(rest) if is_plain(rest) => Ok(format!("\"$HOME{rest}\"")),
        Some(rest) => Ok(format!("\"$HOME\"{}", literal(shell, rest)?)),
        None => literal(shell, script),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_written_from_home_on() {
        let script = |shell: Shell| format!("/h/.local/share/jitpass/shell/{}", shell.file_name());
        for (shell, expected) in [
            (
                Shell::Bash,
                r#"[ -z "${BASH_VERSION-}" ] || [ ! -r "$HOME/.local/share/jitpass/shell/jitpass.bash" ] || . "$HOME/.local/share/jitpass/shell/jitpass.bash""#,
            ),
            (
                Shell::Zsh,
                r#"[ ! -r "$HOME/.local/share/jitpass/shell/jitpass.zsh" ] || . "$HOME/.local/share/jitpass/shell/jitpass.zsh""#,
            ),
            (
                Shell::Fish,
                r#"if test -r "$HOME/.local/share/jitpass/shell/jitpass.fish"; source "$HOME/.local/share/jitpass/shell/jitpass.fish"; end"#,
            ),
            (
                Shell::PowerShell,
                r#"if (Test-Path -LiteralPath "$HOME/.local/share/jitpass/shell/jitpass.ps1" -PathType Leaf) { . "$HOME/.local/share/jitpass/shell/jitpass.ps1" }"#,
            ),
            (
                Shell::Nushell,
                r#"source (if ("~/.local/share/jitpass/shell/jitpass.nu" | path exists) { "~/.local/share/jitpass/shell/jitpass.nu" })"#,
            ),
        ] {
            assert_eq!(load_line(shell, &script(shell), Some("/h")).as_deref(), Ok(expected));
            assert_eq!(load_line(shell, &script(shell), Some("/h/")).as_deref(), Ok(expected));
        }
    }

    #[test]
    fn is_one_line_that_names_the_script() {
        for shell in Shell::ALL {
            for (home, place) in
                [("/h", "/h/it's $x"), ("/other", "/h/a b"), ("/h", "/hh/x"), ("/", "/x"), ("", "/x")]
            {
                let line =
                    load_line(shell, &format!("{place}/shell/{}", shell.file_name()), Some(home)).unwrap();
                assert!(!line.contains('\n'));
                // It is found again, whatever the quoting.
                let file = format!("# >>> jitpass >>>\n{line}\n# <<< jitpass <<<\n");
                assert_eq!(
                    crate::shell::block::plan(Some(file.as_bytes()), &line),
                    crate::shell::block::Plan::Nothing
                );
                let other = format!(". /x/{}", shell.file_name());
                let made = crate::shell::block::plan(Some(file.as_bytes()), &other);
                let replaced = format!("# >>> jitpass >>>\n{other}\n# <<< jitpass <<<\n");
                assert_eq!(made, crate::shell::block::Plan::Replace(replaced.into()), "{line}");
            }
            assert_eq!(load_line(shell, "/a\nb", None), Err(Unloadable::ControlCharacter));
        }
    }
}
