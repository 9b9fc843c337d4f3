//! The path under which this program can be found again.

use std::path::{Path, PathBuf};

use crate::host::env::Env;

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
    let on_path = env.var("PATH").and_then(|path| {
        std::env::split_paths(&path)
            .filter(|dir| dir.is_absolute())
            .map(|dir| dir.join(name))
            .find(|candidate| candidate.canonicalize().is_ok_and(|c| c == real))
    });
    Ok(on_path.unwrap_or(own))
}

/// Finds a program on `PATH`.
pub fn find(env: &Env, name: &str) -> Option<PathBuf> {
    let path = env.var("PATH")?;
    std::env::split_paths(&path).filter(|d| d.is_absolute()).map(|d| d.join(name)).find(|p| is_executable(p))
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
