//! Other programs.

use std::io::{self, Read};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::base::Secret;

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

/// Runs a program the way botocore runs a credential process: no shell, no input, output captured.
///
/// # Errors
/// `TimedOut` when it has not ended within `limit`; it is killed then. Otherwise what starting it gives.
pub fn run(argv: &[String], limit: Duration) -> io::Result<Output> {
    let (program, args) = argv.split_first().ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
    let mut child = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let (send, receive) = mpsc::channel();
    let stdout = child.stdout.take().map(|pipe| read_in_background(pipe, send.clone()));
    let stderr = child.stderr.take().map(|pipe| read_in_background(pipe, send));
    let deadline = Instant::now() + limit;
    let left = || deadline.saturating_duration_since(Instant::now());
    let readers = (0..2).all(|_| receive.recv_timeout(left()).is_ok());
    let status = loop {
        match child.try_wait()? {
            Some(status) if readers => break status,
            // It closed its pipes and is about to end; nearly always it already has.
            None if readers && !left().is_zero() => std::thread::sleep(Duration::from_millis(2)),
            _ => {
                child.kill()?;
                child.wait()?;
                return Err(io::Error::from(io::ErrorKind::TimedOut));
            }
        }
    };
    let text = |reader: Option<std::thread::JoinHandle<Vec<u8>>>| {
        reader
            .and_then(|r| r.join().ok())
            .map(|b| String::from_utf8_lossy(&b).into_owned())
            .unwrap_or_default()
    };
    Ok(Output { status, stdout: Secret::new(text(stdout)), stderr: text(stderr) })
}

fn read_in_background(
    mut pipe: impl Read + Send + 'static,
    done: mpsc::Sender<()>,
) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut bytes = Vec::new();
        // What was read before an error is still worth showing.
        let _ = pipe.read_to_end(&mut bytes);
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
}
