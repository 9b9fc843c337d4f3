//! Processes that outlive the one that started them.
//!
//! An SDK kills its credential process after 5 to 60 seconds, Terraform with the whole process group, and a closed
//! terminal hangs up on its session. What must go on is started by [`spawn_detached`] and begins with
//! [`become_daemon`]:
//!
//! 1. It starts in a process group of its own, so that a kill of ours does not reach it even in its first moment
//!    (but where ours has no number: see `has_number`).
//! 2. As the leader of a group it cannot open a session, so it goes back to its parent's group for the moment
//!    between two system calls, and opens the session from there: no terminal, no hang-up, no group of the caller's.
//!
//! It is a child of ours until we end. We are short-lived and then the system's first process takes it over and
//! reaps it, so it is started once and not, as daemons of old, twice. A caller of ours never has it for a child,
//! unless it asked for that (`PR_SET_CHILD_SUBREAPER`) or is process 1 of a container without an init.

use std::ffi::OsString;
use std::io;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use crate::host::env::names;
use crate::host::inherited;
use crate::host::surroundings::Surroundings;

/// Starts a program that goes on when we end, with nothing of ours open: its streams lead nowhere, and what we were
/// given open stays here. It gets our environment but for the variables `without`.
///
/// # Errors
/// What starting it gives.
pub fn spawn_detached(program: &Path, args: &[OsString], without: &[&str]) -> io::Result<Child> {
    inherited::keep_from_children();
    let mut command = Command::new(program);
    // It works elsewhere, where a path that begins here would lead nowhere.
    for name in PATHS {
        if let Some(path) = std::env::var_os(name).filter(|value| is_relative_path(value)) {
            command.env(name, std::path::absolute(path)?);
        }
    }
    command.args(args).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    for name in without {
        command.env_remove(name);
    }
    spawn_apart(&mut command)
}

/// Variables that hold a path, or may.
const PATHS: [&str; 6] = [
    "BROWSER",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    names::AWS_CONFIG_FILE,
    names::AWS_SHARED_CREDENTIALS_FILE,
    "XAUTHORITY",
];

/// Whether it is a path that begins at the working directory: not a bare name, not a list, not below `~`.
fn is_relative_path(value: &std::ffi::OsStr) -> bool {
    let path = Path::new(value);
    let is_list = value.to_str().is_none_or(|text| text.contains([':', ' ', '~']));
    path.components().count() > 1 && path.is_relative() && !is_list
}

#[cfg(unix)]
fn spawn_apart(command: &mut Command) -> io::Result<Child> {
    if has_number(nix::unistd::getpgrp()) {
        std::os::unix::process::CommandExt::process_group(command, 0);
    }
    command.spawn()
}

/// Whether a group or session can be named here. One that was opened outside this container (a PID namespace) is
/// number 0 within, as pid_namespaces(7) says of all that comes from outside: a process that left it for a group of
/// its own could not go back, and so never open a session.
#[cfg(unix)]
fn has_number(group: nix::unistd::Pid) -> bool {
    group.as_raw() > 0
}

/// Without the console of ours, and out of the job that a runner ends as a whole, where the job lets its processes
/// go. Where it does not, the process ends with the job: nothing else can be had then.
#[cfg(windows)]
fn spawn_apart(command: &mut Command) -> io::Result<Child> {
    use std::os::windows::process::CommandExt as _;
    // From the documentation of CreateProcess, "Process Creation Flags".
    const DETACHED_PROCESS: u32 = 0x0000_0008;
    const CREATE_NEW_PROCESS_GROUP: u32 = 0x0000_0200;
    const CREATE_BREAKAWAY_FROM_JOB: u32 = 0x0100_0000;
    let apart = DETACHED_PROCESS | CREATE_NEW_PROCESS_GROUP;
    match command.creation_flags(apart | CREATE_BREAKAWAY_FROM_JOB).spawn() {
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => {
            command.creation_flags(apart).spawn()
        }
        other => other,
    }
}

/// Cuts this process off from whoever started it: a session of its own without a terminal, the root as working
/// directory (so that no disk is held), no permissions for others on what it makes, no core dumps. The first thing
/// that a detached process does, before it has threads.
///
/// # Errors
/// When the working directory cannot be changed, or when there is no session to be had; the process may go on, and
/// ends with the terminal at worst.
pub fn become_daemon() -> io::Result<()> {
    crate::host::core_dumps::forbid();
    #[cfg(unix)]
    let _ = PERSONS_UMASK.set(rustix::process::umask(OURS));
    std::env::set_current_dir(root())?;
    #[cfg(unix)]
    open_session()?;
    Ok(())
}

/// The permissions for others that this process leaves out of what it makes: all.
#[cfg(unix)]
const OURS: rustix::fs::Mode = rustix::fs::Mode::from_raw_mode(0o077);

/// What the person leaves out, known from [`become_daemon`] on.
#[cfg(unix)]
static PERSONS_UMASK: std::sync::OnceLock<rustix::fs::Mode> = std::sync::OnceLock::new();

/// Starts a program of the person's that may outlive this one, a browser or what holds the clipboard: in a group of its
/// own, so that Ctrl-C here is not meant for it, and with outputs that lead nowhere. It makes its files as the person is
/// used to: a browser that is started now may go on saving files for days. (What this process makes meanwhile has its
/// own mode, whatever the mask is.)
pub(super) fn spawn_for_the_person(command: &mut Command, surroundings: &Surroundings) -> io::Result<Child> {
    command.stdout(Stdio::null()).stderr(Stdio::null());
    surroundings.apply(command);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(unix)]
    if let Some(mask) = PERSONS_UMASK.get() {
        rustix::process::umask(*mask);
        let child = command.spawn();
        rustix::process::umask(OURS);
        return child;
    }
    command.spawn()
}

fn root() -> std::path::PathBuf {
    if cfg!(windows) {
        let windows =
            std::env::var_os(crate::host::env::names::SYSTEM_ROOT).unwrap_or_else(|| r"C:\Windows".into());
        return windows.into();
    }
    "/".into()
}

#[cfg(unix)]
fn open_session() -> io::Result<()> {
    use nix::unistd::{Pid, getpgid, getpid, getppid, getsid, setpgid, setsid};
    if getsid(None) == Ok(getpid()) {
        return Ok(());
    }
    if setsid().is_ok() {
        return Ok(());
    }
    // We lead a group. A session can only be opened from within another's: that of our parent, or of the leader of
    // the session if our parent is gone and its group with it.
    let known = [getpgid(Some(getppid())), getsid(None)];
    for group in known.into_iter().flatten().filter(|group| has_number(*group)) {
        if setpgid(Pid::from_raw(0), group).is_ok() {
            break;
        }
    }
    setsid()?;
    Ok(())
}
