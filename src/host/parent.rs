//! The program that started this one.

/// Its name, or the path of it: `zsh`, `/bin/zsh`, `-zsh` of a login. `None` where the system does not say.
pub fn parent_program() -> Option<String> {
    let said = told()?;
    let name = said.trim();
    (!name.is_empty()).then(|| name.to_owned())
}

/// proc(5): the name of the program, at most 15 bytes of it.
#[cfg(target_os = "linux")]
fn told() -> Option<String> {
    std::fs::read_to_string(format!("/proc/{}/comm", std::os::unix::process::parent_id())).ok()
}

#[cfg(all(unix, not(target_os = "linux")))]
fn told() -> Option<String> {
    use std::process::{Command, Stdio};
    let mut ps = Command::new("/bin/ps");
    ps.args(["-o", "comm=", "-p"]).arg(std::os::unix::process::parent_id().to_string());
    let said = ps.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?.stdout;
    String::from_utf8(said).ok()
}

#[cfg(not(unix))]
fn told() -> Option<String> {
    None
}
