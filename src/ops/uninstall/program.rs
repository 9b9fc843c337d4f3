//! The program itself, which does not remove itself: whoever installed it does.

use std::path::{Path, PathBuf};

use crate::host::env::names;
use crate::host::program as place;
use crate::ops::machine::Machine;

/// Where it lies, and what removes it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Program {
    /// The command to type.
    pub command: String,
    /// Links on `PATH` by which it answers to other tools' names.
    pub links: Vec<PathBuf>,
}

/// Finds it. `None` where the system does not tell.
pub fn program(machine: &Machine) -> Option<Program> {
    let path = place::stable_path(&machine.env).ok()?;
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    let path_dirs = machine.env.var(names::PATH).unwrap_or_default();
    let links = std::env::split_paths(&path_dirs)
        .filter(|dir| dir.is_absolute())
        .flat_map(|dir| ["duplo-jit", "duplo-aws-credential-process"].map(|name| dir.join(name)))
        .filter(|link| place::is_this_program(link));
    let mut links: Vec<PathBuf> = links.collect();
    links.sort();
    links.dedup();
    Some(Program { command: command(&path, &real, &|list| Path::new(list).exists()), links })
}

/// What removes it, told by where it lies.
fn command(path: &Path, real: &Path, is_there: &dyn Fn(&str) -> bool) -> String {
    let lies_in = |name: &str| real.components().any(|part| part.as_os_str() == name);
    match () {
        () if lies_in("Cellar") || lies_in("homebrew") || lies_in(".linuxbrew") => {
            "brew uninstall jitpass".to_owned()
        }
        () if lies_in(".cargo") => "cargo uninstall jitpass".to_owned(),
        () if lies_in("scoop") => "scoop uninstall jitpass".to_owned(),
        () if real.starts_with("/nix/store") => "nix profile remove jitpass".to_owned(),
        () if real.starts_with("/usr/bin") && is_there("/var/lib/dpkg/info/jitpass.list") => {
            "sudo apt remove jitpass".to_owned()
        }
        () if real.starts_with("/usr/bin") && is_there("/var/lib/rpm") => {
            "sudo dnf remove jitpass".to_owned()
        }
        () => {
            let both = if path == real { vec![path] } else { vec![path, real] };
            let quoted: Vec<String> = both.into_iter().map(quoted).collect();
            let remove = if cfg!(windows) { "del" } else { "rm" };
            format!("{remove} {}", quoted.join(" "))
        }
    }
}

/// As it can be typed.
fn quoted(path: &Path) -> String {
    let text = path.display().to_string();
    let is_plain = text.chars().all(|c| c.is_alphanumeric() || "/._-+@:\\".contains(c));
    if is_plain { text } else { format!("'{}'", text.replace('\'', r"'\''")) }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn is_removed_by_what_installed_it() {
        let dpkg = |list: &str| list.contains("dpkg");
        for (path, real, expected) in [
            ("/home/ada/.cargo/bin/jitpass", "", "cargo uninstall jitpass"),
            (
                "/opt/homebrew/bin/jitpass",
                "/opt/homebrew/Cellar/jitpass/1/bin/jitpass",
                "brew uninstall jitpass",
            ),
            ("/usr/bin/jitpass", "", "sudo apt remove jitpass"),
            ("/usr/local/bin/jitpass", "", "rm /usr/local/bin/jitpass"),
            (
                "/home/ada/bin/jitpass",
                "/opt/jit pass/jitpass",
                "rm /home/ada/bin/jitpass '/opt/jit pass/jitpass'",
            ),
        ] {
            let real = if real.is_empty() { path } else { real };
            assert_eq!(command(path.as_ref(), real.as_ref(), &dpkg), expected);
        }
    }
}
