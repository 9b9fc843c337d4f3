//! Whether a person is there, and telling them something.
//!
//! A credential process has its streams from an SDK: whatever it prints is captured, shown late or taken for an
//! error. What remains is the terminal itself, and that only while this process belongs to the command in the
//! foreground: a background job that writes may be stopped for it (`stty tostop`).

use std::time::Duration;

/// Writes one line to the terminal this was started from, never to stdout or stderr; nothing where this runs in the
/// background or without a terminal. It never waits: output that is held (Ctrl-S) loses the line.
///
/// The caller makes the text harmless (`base::text`). On Windows it had better be ASCII, because the console takes
/// bytes in a code page of its own.
pub fn tell(line: &str) {
    #[cfg(unix)]
    let terminal = foreground_terminal().map(std::fs::File::from);
    #[cfg(windows)]
    let terminal = std::fs::OpenOptions::new().read(true).write(true).open("CONOUT$").ok();
    if let Some(mut terminal) = terminal {
        // At once, so that nobody else's output comes between.
        let _ = std::io::Write::write_all(&mut terminal, format!("{line}\n").as_bytes());
    }
}

/// Whether a person is at the terminal this was started from: there is one, this process is in its foreground, and
/// somebody typed something within `idle`.
///
/// Idle time is what `w` shows: the time since the terminal was last read from. Linux notes it to eight seconds, in
/// favour of the person here. Where it cannot be found out nobody is taken to be there. Windows tells nothing of the
/// kind: there the answer is whether one of our streams is a console.
///
/// Builds with debug assertions take the answer from `JITPASS_TEST_ATTENDED` (`yes` or `no`) when that is set.
pub fn is_attended(idle: Duration) -> bool {
    #[cfg(debug_assertions)]
    if let Ok(answer) = std::env::var("JITPASS_TEST_ATTENDED") {
        return answer == "yes";
    }
    #[cfg(unix)]
    return foreground_terminal().is_some() && idle_time().is_some_and(|time| time <= idle + GRAIN);
    #[cfg(windows)]
    {
        use std::io::IsTerminal as _;
        let _ = idle;
        std::io::stdin().is_terminal() || std::io::stdout().is_terminal() || std::io::stderr().is_terminal()
    }
}

/// How much later than it was noted the last input may have been: Linux writes the time down only when it differs
/// in more than the last three bits (`tty_update_time`).
#[cfg(unix)]
const GRAIN: Duration = Duration::from_secs(8);

/// The controlling terminal, open for writing, if this process is in its foreground.
#[cfg(unix)]
fn foreground_terminal() -> Option<rustix::fd::OwnedFd> {
    use rustix::fs::{Mode, OFlags};
    let flags = OFlags::WRONLY | OFlags::NOCTTY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    let terminal = rustix::fs::open("/dev/tty", flags, Mode::empty()).ok()?;
    let foreground = rustix::termios::tcgetpgrp(&terminal).ok()?;
    (foreground.as_raw_pid() == nix::unistd::getpgrp().as_raw()).then_some(terminal)
}

/// How long ago somebody typed at the controlling terminal.
#[cfg(unix)]
fn idle_time() -> Option<Duration> {
    let noted = device()?.accessed().ok()?;
    // The kernel's clock is meant, whatever the time is for the rest of the program. A time ahead of it is now.
    Some(std::time::SystemTime::now().duration_since(noted).unwrap_or_default())
}

/// The device of the controlling terminal. `/dev/tty` will not do: its times are those of the name `/dev/tty`.
#[cfg(target_os = "linux")]
fn device() -> Option<std::fs::Metadata> {
    use std::os::unix::fs::MetadataExt as _;
    let (major, minor) = terminal_number(&std::fs::read_to_string("/proc/self/stat").ok()?)?;
    let path = match major {
        // Documentation/admin-guide/devices.txt: pseudo-terminals have 136 to 143, consoles and serial lines 4.
        136..=143 => format!("/dev/pts/{}", (major - 136) * 256 + minor),
        4 if minor < 64 => format!("/dev/tty{minor}"),
        4 => format!("/dev/ttyS{}", minor - 64),
        _ => return None,
    };
    let metadata = std::fs::metadata(path).ok()?;
    // A container may have other terminals under the same names.
    let number = metadata.rdev();
    (rustix::fs::major(number) == major && rustix::fs::minor(number) == minor).then_some(metadata)
}

/// Major and minor number of the controlling terminal in a line of `/proc/PID/stat` (proc(5), field 7).
#[cfg(target_os = "linux")]
fn terminal_number(stat: &str) -> Option<(u32, u32)> {
    // The name in field 2 may hold anything, parentheses too.
    let (_, fields) = stat.rsplit_once(')')?;
    let number = fields.split_whitespace().nth(4)?.parse::<i32>().ok().filter(|n| *n != 0)?.cast_unsigned();
    Some(((number >> 8) & 0xff, (number & 0xff) | ((number >> 12) & 0x000f_ff00)))
}

/// The device of the controlling terminal: that of a stream of ours, else the one that `ps` knows; macOS tells it to
/// those who ask for their process only by a call that needs unsafe code.
#[cfg(all(unix, not(target_os = "linux")))]
fn device() -> Option<std::fs::Metadata> {
    use std::os::fd::AsFd as _;
    use std::os::unix::ffi::OsStrExt as _;
    use std::process::{Command, Stdio};
    let (stdin, stdout, stderr) = (std::io::stdin(), std::io::stdout(), std::io::stderr());
    let name = |fd: std::os::fd::BorrowedFd<'_>| rustix::termios::ttyname(fd, Vec::new()).ok();
    if let Some(name) = [stdin.as_fd(), stdout.as_fd(), stderr.as_fd()].into_iter().find_map(name) {
        return std::fs::metadata(std::ffi::OsStr::from_bytes(name.as_bytes())).ok();
    }
    let mut ps = Command::new("/bin/ps");
    ps.args(["-o", "tty=", "-p"]).arg(std::process::id().to_string());
    let said = ps.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?.stdout;
    let name = std::str::from_utf8(&said).ok()?.trim();
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'/');
    std::fs::metadata(format!("/dev/{name}")).ok().filter(|_| is_name)
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::*;

    #[test]
    fn reads_the_number_of_the_terminal() {
        for (stat, expected) in [
            ("7 (jitpass) S 1 7 7 34816 7 4194304 1", Some((136, 0))),
            ("7 (a) b) S 1 7 7 34819 7 4194304 1", Some((136, 3))),
            ("7 (x) S 1 7 7 1025 7 4194304 1", Some((4, 1))),
            ("7 (x) S 1 7 7 1083447 7 0 1", Some((136, 311))),
            ("7 (x) S 1 7 7 0 -1 4194304 1", None),
            ("7 (x) S 1 7", None),
            ("", None),
        ] {
            assert_eq!(terminal_number(stat), expected, "{stat}");
        }
    }
}
