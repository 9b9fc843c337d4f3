//! Other programs.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::base::Secret;
use crate::host::surroundings::Surroundings;

/// What a program printed and how it ended. Its output may hold credentials.
#[derive(Debug)]
pub struct Output {
    /// How it ended.
    pub status: ExitStatus,
    /// What it printed for programs.
    pub stdout: Secret,
    /// What it printed for people.
    pub stderr: String,
}

/// How a program is run.
#[derive(Debug, Clone, Default)]
pub struct Manner {
    /// What it finds in its environment besides ours.
    pub surroundings: Surroundings,
    /// What it prints for people goes where ours goes, rather than into [`Output::stderr`].
    pub passes_stderr: bool,
    /// It may ask the person at the terminal something, and Ctrl-C ends it with us. When its time is up it is
    /// ended alone: what it has started cannot be told from what else belongs to this command. Otherwise it gets a
    /// process group of its own, which is ended as a whole.
    pub at_terminal: bool,
}

/// Runs a program the way botocore runs a credential process: no shell, no input, output captured.
///
/// # Errors
/// `TimedOut` when it has not ended within `limit`; it is killed then, with all it started. Otherwise what starting
/// it gives.
pub fn run(argv: &[String], limit: Duration) -> io::Result<Output> {
    run_with(argv, limit, &Manner::default())
}

/// As [`run`], in another manner.
pub fn run_with(argv: &[String], limit: Duration, manner: &Manner) -> io::Result<Output> {
    let (program, args) = argv.split_first().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null()).stdout(Stdio::piped());
    command.stderr(if manner.passes_stderr { Stdio::inherit() } else { Stdio::piped() });
    manner.surroundings.apply(&mut command);
    #[cfg(unix)]
    if !manner.at_terminal {
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
    }
    let mut child = command.spawn()?;
    let (send, receive) = mpsc::channel();
    let stdout = child.stdout.take().map(|pipe| read_in_background(pipe, send.clone()));
    let stderr = child.stderr.take().map(|pipe| read_in_background(pipe, send));
    let deadline = Instant::now() + limit;
    let left = || deadline.saturating_duration_since(Instant::now());
    let pipes = usize::from(stdout.is_some()) + usize::from(stderr.is_some());
    // Nobody waits for it before its pipes are closed, so its number, and its group's, stays its own until then.
    let closed = (0..pipes).all(|_| receive.recv_timeout(left()).is_ok());
    let status = loop {
        if closed && let Some(status) = child.try_wait()? {
            break status;
        }
        if !closed || left().is_zero() {
            end(&mut child, !manner.at_terminal);
            return Err(io::Error::from(io::ErrorKind::TimedOut));
        }
        // It closed its pipes and is about to end; nearly always it already has.
        std::thread::sleep(Duration::from_millis(2));
    };
    let text = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        reader
            .and_then(|r| r.join().ok())
            .map(|b| String::from_utf8_lossy(&b).into_owned())
            .unwrap_or_default()
    };
    Ok(Output { status, stdout: Secret::new(text(stdout)), stderr: text(stderr) })
}

/// Whether a process of this user's has this number. Windows does not tell without a handle on it; there the answer is
/// yes.
pub fn is_running(process: u32) -> bool {
    #[cfg(unix)]
    return i32::try_from(process)
        .ok()
        .and_then(rustix::process::Pid::from_raw)
        .is_some_and(|pid| rustix::process::test_kill_process(pid).is_ok());
    #[cfg(not(unix))]
    return process != 0;
}

/// Ends a program at once, with the whole of its group: the child of a wrapper script would go on, and keep the
/// pipes open. What has a session of its own by now is out of reach.
pub(super) fn end(child: &mut Child, has_group: bool) {
    if has_group {
        end_group(child.id());
    }
    // One that has ended by itself meanwhile is as good.
    let _ = child.kill();
    let _ = child.wait();
}

#[cfg(unix)]
fn end_group(leader: u32) {
    use rustix::process::{Pid, Signal, kill_process_group};
    if let Some(group) = i32::try_from(leader).ok().and_then(Pid::from_raw) {
        let _ = kill_process_group(group, Signal::KILL);
    }
}

/// Windows knows a process's parent only, so its own tool walks the tree.
#[cfg(not(unix))]
fn end_group(leader: u32) {
    let root = std::env::var_os(crate::host::env::names::SYSTEM_ROOT).unwrap_or_else(|| r"C:\Windows".into());
    let mut taskkill = Command::new(std::path::Path::new(&root).join(r"System32\taskkill.exe"));
    taskkill.args(["/T", "/F", "/PID"]).arg(leader.to_string());
    let _ = taskkill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

/// The most that is read from a program: many times what any of them has to say.
const MOST: u64 = 1 << 20;

fn read_in_background(
    pipe: impl Read + Send + 'static,
    done: mpsc::Sender<()>,
) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = pipe.take(MOST).read_to_end(&mut bytes);
        let _ = done.send(());
        bytes
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn run_shell(script: &str, limit: Duration) -> io::Result<Output> {
        run(&["sh".into(), "-c".into(), script.into()], limit)
    }

    #[test]
    fn captures_both_streams_and_the_status() {
        let output = run_shell("echo out; echo err >&2; exit 3", Duration::from_secs(30)).unwrap();
        assert_eq!(
            (output.stdout.expose(), output.stderr.as_str(), output.status.code()),
            ("out\n", "err\n", Some(3))
        );
    }

    #[test]
    fn ends_what_does_not_end() {
        let error = run_shell("exec sleep 600", Duration::from_millis(50)).unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    }

    #[test]
    fn ends_the_child_of_a_wrapper_too() {
        let dir = tempfile::tempdir().unwrap();
        let noted = dir.path().join("child");
        let script = format!("sleep 600 & echo $! >{0}.new && mv {0}.new {0}; wait", noted.display());
        // A machine under load may need longer to come as far as the note.
        let child = [100, 1_000, 30_000].iter().find_map(|limit| {
            let error = run_shell(&script, Duration::from_millis(*limit)).unwrap_err();
            assert_eq!(error.kind(), io::ErrorKind::TimedOut);
            std::fs::read_to_string(&noted).ok()
        });
        let child: i32 = child.expect("the wrapper came as far as its note").trim().parse().unwrap();
        let deadline = Instant::now() + Duration::from_secs(30);
        while is_alive(child) {
            assert!(Instant::now() < deadline, "the wrapper's child goes on");
            std::thread::yield_now();
        }
    }

    /// One that has ended and that nobody has waited for still has its number.
    fn is_alive(process: i32) -> bool {
        let pid = rustix::process::Pid::from_raw(process).unwrap();
        let stat = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
        rustix::process::test_kill_process(pid).is_ok() && !stat.contains(") Z ")
    }

    #[test]
    fn gives_it_the_surroundings_asked_for() {
        let manner = Manner {
            surroundings: Surroundings {
                set: vec![("JITPASS_X".into(), "1".into())],
                unset: vec!["HOME".into()],
            },
            ..Manner::default()
        };
        let argv = ["/bin/sh", "-c", "echo $JITPASS_X; env | grep -c ^HOME="].map(str::to_owned);
        let output = run_with(&argv, Duration::from_secs(30), &manner).unwrap();
        assert_eq!(output.stdout.expose(), "1\n0\n");
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn has_a_group_of_its_own_unless_it_may_use_the_terminal() {
        let group = |at_terminal| {
            let argv = ["sh", "-c", "cut -d' ' -f5 /proc/self/stat"].map(str::to_owned);
            let manner = Manner { at_terminal, ..Manner::default() };
            let output = run_with(&argv, Duration::from_secs(30), &manner).unwrap();
            output.stdout.expose().trim().parse::<i32>().unwrap()
        };
        let ours = nix::unistd::getpgrp().as_raw();
        assert_eq!(group(true), ours);
        assert_ne!(group(false), ours);
    }

    #[test]
    fn reads_so_much_and_no_more() {
        let output = run_shell("head -c 3000000 /dev/zero", Duration::from_secs(30)).unwrap();
        assert_eq!(output.stdout.expose().len(), 1 << 20);
    }
}
