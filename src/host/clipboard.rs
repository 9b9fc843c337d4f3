//! Putting a text on the clipboard that the person pastes from.
//!
//! 1. Which ways, in which order: [`ways`], a pure table. The clipboard of the machine this runs on comes first where
//!    the person sits at it; else that of their terminal, which is asked with an escape sequence.
//! 2. A program gets the text over stdin, never in its arguments. It may stay to hold the selection, as those of X11
//!    and Wayland do, so it is started apart: in a group of its own, with streams that lead nowhere.
//! 3. One that fails, or does not end in time, is followed by the next way.

use std::io::{self, Write as _};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc;
use std::time::{Duration, Instant};

use crate::base::Secret;
use crate::host::env::{Env, names};
use crate::host::place::{Place, System};
use crate::host::surroundings::Surroundings;
use crate::host::{clock, detach, inherited, osc52, process, program};

/// Where a text is now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copied {
    /// On the clipboard.
    Clipboard,
    /// In tmux's paste buffer, and on the clipboard if the terminal allows it.
    Tmux,
    /// Sent to the terminal, which puts it on the clipboard if it allows that.
    Terminal,
}

/// Why a text is on no clipboard.
#[derive(Debug, thiserror::Error)]
#[error("{}", if .0.is_empty() { "there is no clipboard here".to_owned() } else { .0.join(", ") })]
pub struct ClipboardError(
    /// What was tried and what became of it: `` `xclip` ended with exit status: 1 ``.
    Vec<String>,
);

/// How long a program may take: it hands the text on, which is done in no time.
const PATIENCE: Duration = Duration::from_secs(3);

/// Puts a text on the clipboard.
pub fn copy(env: &Env, place: &Place, text: &Secret) -> Result<Copied, ClipboardError> {
    inherited::keep_from_children();
    let surroundings = Surroundings::without_bundle(env).without_secrets(env);
    let mut tried = Vec::new();
    for way in ways(env, place) {
        let outcome = match &way {
            Way::Program(argv) => run(env, argv, &surroundings, text).map(|()| Copied::Clipboard),
            Way::Tmux => into_tmux(env, &surroundings, text),
            Way::Terminal => send(env, text),
        };
        match outcome {
            Ok(copied) => return Ok(copied),
            // Of the system's programs most are missing everywhere.
            Err(Trouble::Missing) => {}
            Err(Trouble::Failed(how)) => tried.push(how),
        }
    }
    Err(ClipboardError(tried))
}

/// A way to a clipboard.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Way {
    /// A program that reads the text.
    Program(Vec<String>),
    /// tmux, which has a buffer of its own and knows its terminals.
    Tmux,
    /// The terminal itself.
    Terminal,
}

enum Trouble {
    /// There is no such program, or no terminal.
    Missing,
    /// It came to nothing: `` `xclip` ended with … ``.
    Failed(String),
}

/// The ways to try, best first.
fn ways(env: &Env, place: &Place) -> Vec<Way> {
    let words = |line: &str| Way::Program(line.split(' ').map(str::to_owned).collect());
    let mut ways = Vec::new();
    let is_set = |name: &str| env.var(name).is_some();
    if is_set(names::TERMUX_VERSION) {
        ways.push(words("termux-clipboard-set"));
    }
    match place.system {
        // Over SSH these are the clipboards of a screen that nobody looks at.
        System::Mac | System::Windows if place.is_ssh => {}
        System::Mac => ways.push(words("pbcopy")),
        System::Windows => {
            let root = env.text(names::SYSTEM_ROOT).unwrap_or_else(|| r"C:\Windows".to_owned());
            ways.push(Way::Program(vec![format!(r"{root}\System32\clip.exe")]));
        }
        System::Linux => {
            // What Windows has on its clipboard, its own programs for Linux have too, but not always the reverse.
            if place.is_wsl && !place.is_ssh {
                ways.extend(["/mnt/c/Windows/System32/clip.exe", "clip.exe"].map(words));
            }
            if is_set(names::WAYLAND_DISPLAY) {
                ways.push(words("wl-copy --type text/plain"));
            }
            if env.text(names::DISPLAY).is_some_and(|display| !place.is_ssh || is_forwarded(&display)) {
                ways.push(words("xclip -selection clipboard -in"));
                ways.push(words("xsel --clipboard --input"));
            }
        }
    }
    if is_set(names::TMUX) {
        ways.push(Way::Tmux);
    }
    if osc52::is_understood(env) {
        ways.push(Way::Terminal);
    }
    ways
}

/// Whether an X11 display is one that SSH leads to the person's own: `localhost:10.0`, and not `:0`, which is that of
/// the machine itself.
fn is_forwarded(display: &str) -> bool {
    !display.starts_with(':') && !display.starts_with("unix:") && !display.starts_with('/')
}

/// Has a program read the text, and waits until it has ended.
fn run(env: &Env, argv: &[String], surroundings: &Surroundings, text: &Secret) -> Result<(), Trouble> {
    let (name, args) = argv.split_first().expect("each begins with a program");
    let is_path = name.contains(std::path::is_separator);
    let found = if is_path { program::resolve(env, name) } else { program::find(env, name) };
    let mut command = Command::new(found.ok_or(Trouble::Missing)?);
    command.args(args).stdin(Stdio::piped());
    let failed = |how: String| Trouble::Failed(format!("`{name}` {how}"));
    let mut child = detach::spawn_for_the_person(&mut command, surroundings)
        .map_err(|error| failed(format!("cannot be started ({error})")))?;
    let bytes =
        if name.ends_with("clip.exe") { for_windows(text) } else { text.expose().as_bytes().to_vec() };
    let written = feed(&mut child, bytes);
    let deadline = Instant::now() + clock::patience(PATIENCE);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() => {
                // A child of its may read on.
                let _ = written.recv_timeout(deadline.saturating_duration_since(Instant::now()));
                return Ok(());
            }
            Ok(Some(status)) => return Err(failed(format!("ended with {status}"))),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            Ok(None) | Err(_) => {
                process::end(&mut child, true);
                return Err(failed("did not end".to_owned()));
            }
        }
    }
}

/// Writes a text to a program, which may never read it: then the writer ends with it. Tells when it is done.
fn feed(child: &mut Child, mut bytes: Vec<u8>) -> mpsc::Receiver<()> {
    let (done, written) = mpsc::channel();
    if let Some(mut stdin) = child.stdin.take() {
        std::thread::spawn(move || {
            // What it did not read it says by its end.
            let _ = stdin.write_all(&bytes);
            drop(stdin);
            bytes.fill(0);
            std::hint::black_box(&bytes);
            let _ = done.send(());
        });
    }
    written
}

/// Windows's `clip` takes bytes for the letters of an old code page, but for those that look like UTF-16.
fn for_windows(text: &Secret) -> Vec<u8> {
    let text = text.expose();
    if text.is_ascii() {
        return text.as_bytes().to_vec();
    }
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

/// Since 3.2 tmux hands a buffer on to the terminals it is shown at (`-w`). Before that it can only be asked the way
/// any terminal is.
fn into_tmux(env: &Env, surroundings: &Surroundings, text: &Secret) -> Result<Copied, Trouble> {
    let words = |line: &str| line.split(' ').map(str::to_owned).collect::<Vec<_>>();
    let newer = run(env, &words("tmux load-buffer -w -"), surroundings, text);
    if let Err(Trouble::Failed(how)) = newer {
        run(env, &words("tmux load-buffer -"), surroundings, text).map_err(|_| Trouble::Failed(how))?;
        // The buffer is filled already.
        let _ = osc52::send(env, text);
        return Ok(Copied::Tmux);
    }
    newer.map(|()| Copied::Tmux)
}

/// Asks the terminal.
fn send(env: &Env, text: &Secret) -> Result<Copied, Trouble> {
    osc52::send(env, text).map(|()| Copied::Terminal).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Trouble::Missing,
        _ => Trouble::Failed(format!("the terminal cannot be asked ({error})")),
    })
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::host::test_programs::{Programs, place};

    /// The ways as words.
    fn words(place: &Place, env: &[(&str, &str)]) -> Vec<String> {
        let ways = ways(&Env::of(env.iter().copied()), place).into_iter();
        ways.map(|way| match way {
            Way::Program(argv) => argv[0].clone(),
            Way::Tmux => "(tmux)".to_owned(),
            Way::Terminal => "(terminal)".to_owned(),
        })
        .collect()
    }

    #[test]
    fn the_persons_own_clipboard_comes_first() {
        let linux = place(System::Linux);
        let ssh = Place { is_ssh: true, ..linux.clone() };
        let wsl = Place { is_wsl: true, ..linux.clone() };
        let (mac, windows) = (place(System::Mac), place(System::Windows));
        let clip = "/mnt/c/Windows/System32/clip.exe";
        let (x, wayland) = (("DISPLAY", ":0"), ("WAYLAND_DISPLAY", "wayland-0"));
        let (tmux, term) = (("TMUX", "/tmp/tmux-0/default,1,0"), ("TERM", "xterm-256color"));
        for (name, place, env, expected) in [
            ("nothing", &linux, vec![], vec![]),
            ("a terminal", &linux, vec![term], vec!["(terminal)"]),
            ("X11", &linux, vec![x, term], vec!["xclip", "xsel", "(terminal)"]),
            ("Wayland", &linux, vec![x, wayland], vec!["wl-copy", "xclip", "xsel"]),
            ("tmux", &linux, vec![tmux, ("TERM", "tmux-256color")], vec!["(tmux)", "(terminal)"]),
            ("tmux on X11", &linux, vec![x, tmux], vec!["xclip", "xsel", "(tmux)"]),
            ("SSH", &ssh, vec![term], vec!["(terminal)"]),
            ("SSH to a desktop", &ssh, vec![x, term], vec!["(terminal)"]),
            (
                "SSH with a display",
                &ssh,
                vec![("DISPLAY", "localhost:10.0"), term],
                vec!["xclip", "xsel", "(terminal)"],
            ),
            ("WSL", &wsl, vec![wayland, term], vec![clip, "clip.exe", "wl-copy", "(terminal)"]),
            ("macOS", &mac, vec![term], vec!["pbcopy", "(terminal)"]),
            ("macOS over SSH", &Place { is_ssh: true, ..mac.clone() }, vec![term], vec!["(terminal)"]),
            ("Windows", &windows, vec![], vec![r"C:\Windows\System32\clip.exe"]),
            ("Termux", &linux, vec![("TERMUX_VERSION", "0.118")], vec!["termux-clipboard-set"]),
            ("a dumb terminal", &linux, vec![("TERM", "dumb")], vec![]),
            ("the console", &linux, vec![("TERM", "linux")], vec![]),
            ("Emacs", &linux, vec![("TERM", "eterm-color")], vec![]),
        ] {
            assert_eq!(words(place, &env), expected, "{name}");
        }
    }

    #[test]
    fn windows_reads_ascii_and_utf_16() {
        assert_eq!(for_windows(&Secret::new("a&b")), b"a&b");
        assert_eq!(for_windows(&Secret::new("é")), [0xe9, 0]);
    }

    /// Puts [`TEXT`] on a clipboard by these programs.
    fn copied(programs: &Programs, place: &Place, env: &[(&str, &str)]) -> Result<Copied, String> {
        let env = Env::of(env.iter().copied().chain([("PATH", programs.path())]));
        copy(&env, place, &Secret::new(TEXT)).map_err(|error| error.to_string())
    }

    const TEXT: &str = "https://signin.example.com/?SigninToken=SIMTOKEN-x&y=%2f";

    /// Notes arguments and text.
    const NOTES: &str = r#"{ echo "${0##*/}: $*"; cat; } >noted"#;

    #[test]
    fn each_program_gets_the_text_over_stdin_and_nowhere_else() {
        let linux = place(System::Linux);
        let wsl = Place { is_wsl: true, ..linux.clone() };
        for (name, place, env, noted) in [
            ("pbcopy", place(System::Mac), vec![], "pbcopy: "),
            ("wl-copy", linux.clone(), vec![("WAYLAND_DISPLAY", "w")], "wl-copy: --type text/plain"),
            ("xclip", linux.clone(), vec![("DISPLAY", ":0")], "xclip: -selection clipboard -in"),
            ("xsel", linux.clone(), vec![("DISPLAY", ":0")], "xsel: --clipboard --input"),
            ("clip.exe", wsl, vec![], "clip.exe: "),
            ("termux-clipboard-set", linux, vec![("TERMUX_VERSION", "1")], "termux-clipboard-set: "),
        ] {
            let programs = Programs::new(&[(name, NOTES)]);
            assert_eq!(copied(&programs, &place, &env), Ok(Copied::Clipboard), "{name}");
            assert_eq!(programs.read("noted").unwrap(), format!("{noted}\n{TEXT}"));
        }
    }

    #[test]
    fn tmux_hands_it_on_where_it_can() {
        let tmux = [("TMUX", "/x,1,0")];
        let programs = Programs::new(&[("tmux", NOTES)]);
        assert_eq!(copied(&programs, &place(System::Linux), &tmux), Ok(Copied::Tmux));
        assert_eq!(programs.read("noted").unwrap(), format!("tmux: load-buffer -w -\n{TEXT}"));
        let old = format!("[ \"$2\" = - ] || exit 1; {NOTES}");
        let programs = Programs::new(&[("tmux", &old)]);
        assert_eq!(copied(&programs, &place(System::Linux), &tmux), Ok(Copied::Tmux));
        assert_eq!(programs.read("noted").unwrap(), format!("tmux: load-buffer -\n{TEXT}"));
        let programs = Programs::new(&[("tmux", "exit 1")]);
        assert_eq!(
            copied(&programs, &place(System::Linux), &tmux),
            Err("`tmux` ended with exit status: 1".to_owned())
        );
    }

    #[test]
    fn goes_on_to_the_next_when_one_fails_or_hangs() {
        let display = [("DISPLAY", ":0")];
        let linux = place(System::Linux);
        // Side by side: each waits for one that hangs.
        std::thread::scope(|scope| {
            for failing in ["exit 1", "exec sleep 600", "sleep 600 & wait", "cat >/dev/null; sleep 600"] {
                let linux = &linux;
                scope.spawn(move || {
                    let programs = Programs::new(&[("xclip", failing), ("xsel", NOTES)]);
                    assert_eq!(copied(&programs, linux, &display), Ok(Copied::Clipboard), "{failing}");
                    assert!(programs.read("noted").unwrap().ends_with(TEXT), "{failing}");
                });
            }
        });
        let programs = Programs::new(&[("xclip", "exit 1"), ("xsel", "exit 3")]);
        assert_eq!(
            copied(&programs, &linux, &display),
            Err("`xclip` ended with exit status: 1, `xsel` ended with exit status: 3".to_owned())
        );
        assert_eq!(
            copied(&Programs::new(&[]), &linux, &display),
            Err("there is no clipboard here".to_owned())
        );
    }

    #[test]
    fn one_that_stays_to_hold_the_selection_goes_on() {
        let holder = "cat >text; (sleep 600 & echo $! >holder.new; mv holder.new holder; wait) & exit 0";
        let programs = Programs::new(&[("xclip", holder)]);
        assert_eq!(copied(&programs, &place(System::Linux), &[("DISPLAY", ":0")]), Ok(Copied::Clipboard));
        let deadline = Instant::now() + Duration::from_secs(60);
        let holder = loop {
            match programs.read("holder") {
                Some(holder) => break holder,
                None if Instant::now() < deadline => std::thread::yield_now(),
                None => panic!("it does not stay"),
            }
        };
        let holder: i32 = holder.trim().parse().unwrap();
        let pid = rustix::process::Pid::from_raw(holder).unwrap();
        assert!(rustix::process::test_kill_process(pid).is_ok());
        rustix::process::kill_process(pid, rustix::process::Signal::KILL).unwrap();
        assert_eq!(programs.read("text").as_deref(), Some(TEXT));
    }
}
