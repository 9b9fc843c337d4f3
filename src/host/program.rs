//! The path under which this program can be found again.

use std::path::{Path, PathBuf};

use crate::host::env::{Env, names};

/// The absolute path to write into files for later: the entry on `PATH` that leads to this very program, because
/// that stays when a package manager moves the program to another versioned directory; else where the program
/// lies.
///
/// # Errors
/// When the system does not tell where the program lies.
pub fn stable_path(env: &Env) -> std::io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    let real = own.canonicalize().unwrap_or_else(|_| own.clone());
    let name = if cfg!(windows) { "jitpass.exe" } else { "jitpass" };
    let on_path = env.var(names::PATH).and_then(|path| {
        std::env::split_paths(&path)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(name))
            .find(|candidate| candidate.canonicalize().is_ok_and(|c| c == real))
    });
    Ok(on_path.unwrap_or(own))
}

/// Where this program can be started from now: its own file, also when that was replaced by a newer one meanwhile.
///
/// # Errors
/// When the system does not tell.
pub fn own_path() -> std::io::Result<PathBuf> {
    let own = std::env::current_exe()?;
    // The file that was removed is still there under this name, as long as this process lives.
    let kept = PathBuf::from("/proc/self/exe");
    Ok(if cfg!(target_os = "linux") && !own.exists() { kept } else { own })
}

/// Finds a program on `PATH`.
pub fn find(env: &Env, name: &str) -> Option<PathBuf> {
    let path = env.var(names::PATH)?;
    std::env::split_paths(&path).filter(|d| d.is_absolute()).find_map(|d| executable(env, &d.join(name)))
}

/// The canonical path of the program that a word of a command stands for: a path when it has a separator, else the
/// name of a program on `PATH`. `None` where there is no such program.
///
/// For comparing and for showing. What is run is the word: many a program looks at the name it is called by.
pub fn resolve(env: &Env, word: &str) -> Option<PathBuf> {
    let is_path = word.contains(std::path::is_separator);
    let found = if is_path { executable(env, Path::new(word)) } else { find(env, word) };
    found?.canonicalize().ok()
}

/// Whether a path leads to this very program, by whatever links. Where the system does not tell where this program
/// lies, no path does.
pub fn is_this_program(path: &Path) -> bool {
    let same = |own: PathBuf| {
        is_same_file(path, &own)
            || path.canonicalize().is_ok_and(|p| own.canonicalize().is_ok_and(|o| o == p))
    };
    std::env::current_exe().is_ok_and(same)
}

#[cfg(unix)]
fn is_same_file(one: &Path, other: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let number = |path: &Path| path.metadata().ok().map(|m| (m.dev(), m.ino()));
    number(one).is_some_and(|n| number(other) == Some(n))
}

/// Windows tells the number of a file to nobody who asks by path.
#[cfg(not(unix))]
fn is_same_file(_: &Path, _: &Path) -> bool {
    false
}

/// A path if a program lies there; on Windows, with the ending that makes it one.
fn executable(env: &Env, path: &Path) -> Option<PathBuf> {
    let endings = if cfg!(windows) { env.text(names::PATHEXT) } else { None };
    let with_ending = |ending: &str| {
        let mut named = path.as_os_str().to_owned();
        named.push(ending);
        PathBuf::from(named)
    };
    let endings = endings.as_deref().unwrap_or_default().split(';').filter(|ending| !ending.is_empty());
    let mut candidates = endings.map(with_ending).collect::<Vec<_>>();
    // Last: beside `x.cmd` there is often a script `x` for other systems.
    candidates.push(path.to_owned());
    candidates.into_iter().find(|candidate| is_executable(candidate))
}

#[cfg(unix)]
fn is_executable(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    path.metadata().is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_executable(path: &Path) -> bool {
    path.is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn resolves_names_and_paths_to_what_lies_behind_them() {
        let dir = tempfile::tempdir().unwrap();
        let dir = dir.path().canonicalize().unwrap();
        let (real, link) = (dir.join("real"), dir.join("link"));
        std::fs::write(&real, "").unwrap();
        std::os::unix::fs::symlink(&real, &link).unwrap();
        let env = Env::of([("PATH", format!("relative:{}", dir.display()).as_str())]);
        let (link, named) = (link.to_str().unwrap(), "link");
        assert_eq!((resolve(&env, named), resolve(&env, link)), (None, None), "nothing that can be run");
        std::fs::set_permissions(&real, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        for word in [named, link] {
            assert_eq!(resolve(&env, word).as_ref(), Some(&real), "{word}");
        }
        for word in ["", "missing", "./link", "/", ".."] {
            assert_eq!(resolve(&env, word), None, "{word:?}");
        }
    }

    #[test]
    fn knows_itself_by_any_name() {
        let dir = tempfile::tempdir().unwrap();
        let own = std::env::current_exe().unwrap();
        let link = dir.path().join("duplo-jit");
        std::os::unix::fs::symlink(&own, &link).unwrap();
        assert!(is_this_program(&own) && is_this_program(&link));
        assert!(!is_this_program("/bin/sh".as_ref()));
        assert!(!is_this_program(&dir.path().join("missing")));
    }
}
