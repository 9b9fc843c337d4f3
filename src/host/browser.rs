//! Opening a web page in a browser of the person's.
//!
//! 1. Which commands, in which order: [`candidates`], a pure table.
//! 2. Each is started without a shell, in a process group of its own, with streams that lead nowhere and without our
//!    secrets. One that cannot be started or fails at once is followed by the next; one that still runs after a
//!    moment is the browser itself.
//!
//! Nobody waits for the browser's end: this process is short-lived, and the system reaps what it leaves.

use std::io;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::base::text;
use crate::host::env::{Env, names};
use crate::host::place::{Place, System, split_browsers};
use crate::host::surroundings::Surroundings;
use crate::host::{clock, detach, inherited, openers, program};

/// Why no browser was opened.
#[derive(Debug, thiserror::Error)]
pub enum BrowserError {
    /// The address is not one of a web page, or holds characters that must be escaped in one.
    #[error("this is not the address of a web page")]
    Address,
    /// None of the programs could be started.
    #[error("{}", .0.join(", "))]
    Failed(
        /// What was tried and what became of it: `` `xdg-open` ended with exit status 3 ``.
        Vec<String>,
    ),
}

/// How long a program has to fail. One that hands the address on has ended by then, one that is the browser goes on.
const MOMENT: Duration = Duration::from_secs(1);

/// Opens an address in the `chosen` browser, else in one of `BROWSER`, else in that of the system. Whether anybody
/// will see it is another question: [`Place::no_browser`].
///
/// `chosen` is a program by name or path, with arguments if need be (`%s` stands for the address), or on macOS the
/// name of an application. Where it fails no other is tried: the person may be signed in there as somebody else.
pub fn open(env: &Env, place: &Place, chosen: Option<&str>, address: &str) -> Result<(), BrowserError> {
    if !is_web_address(address) {
        return Err(BrowserError::Address);
    }
    inherited::keep_from_children();
    let surroundings = Surroundings::without_bundle(env).without_secrets(env);
    let (mut tried, mut missing) = (Vec::new(), Vec::new());
    for argv in candidates(env, place, chosen, address) {
        match start(env, &argv, &surroundings) {
            Ok(()) => return Ok(()),
            Err(Failure::Missing) => missing.push(argv[0].clone()),
            Err(Failure::Failed(how)) => tried.push(format!("`{}` {how}", argv[0])),
        }
    }
    // Of the system's programs most are missing everywhere, which is no news unless all are.
    if tried.is_empty() {
        missing.dedup();
        tried.push(format!("{} cannot be found", text::list(&missing, usize::MAX)));
    }
    Err(BrowserError::Failed(tried))
}

/// What became of a program that is no use.
enum Failure {
    /// There is none of that name.
    Missing,
    /// It could not be started, or failed: `ended with …`.
    Failed(String),
}

/// Whether this is an address that our own parts made: of the web, and of characters that mean nothing to any shell
/// but `&`, `?`, `#` and `~`, which nobody reads in the middle of an argument. Some openers are shell scripts, and
/// some of their authors have been careless.
fn is_web_address(address: &str) -> bool {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let is_plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:/?#[]@&+=%".contains(&b);
    rest.is_some_and(|rest| !rest.is_empty() && address.len() <= 8192 && rest.bytes().all(is_plain))
}

/// The commands to try, in order, the address among their arguments.
fn candidates(env: &Env, place: &Place, chosen: Option<&str>, address: &str) -> Vec<Vec<String>> {
    let mut all = Vec::new();
    if let Some(chosen) = chosen {
        if place.system == System::Mac && !chosen.contains('/') {
            all.push(["/usr/bin/open", "-a", chosen, address].map(str::to_owned).to_vec());
        }
        all.extend(readings(chosen, address));
        return all;
    }
    let browsers = env.text(names::BROWSER).unwrap_or_default();
    if place.has_chosen_browser {
        all.extend(split_browsers(&browsers, place.system).flat_map(|browser| readings(browser, address)));
    }
    // Where `BROWSER` leads to the person's own machine, the system's browser would open where nobody sees it.
    if all.is_empty() || place.no_system_browser().is_none() {
        let system = openers::of(env, place.system, place.is_wsl).into_iter();
        all.extend(system.map(|mut opener| {
            opener.push(address.to_owned());
            opener
        }));
    }
    all
}

/// What a browser's name may mean: a path, blanks and all (`/mnt/c/Program Files/…`), else a program and arguments.
fn readings(browser: &str, address: &str) -> Vec<Vec<String>> {
    let whole = vec![browser.to_owned()];
    let mut all = vec![whole];
    let words = words(browser);
    if !words.is_empty() && words != all[0] {
        all.push(words);
    }
    for argv in &mut all {
        let (_, args) = argv.split_first_mut().expect("each begins with a program");
        if args.iter().any(|word| word.contains("%s")) {
            for word in args {
                *word = word.replace("%s", address);
            }
        } else {
            argv.push(address.to_owned());
        }
    }
    all
}

/// Words apart by blanks, with `'` and `"` round those that hold blanks. A backslash is itself: it stands in the
/// paths of Windows.
fn words(text: &str) -> Vec<String> {
    let mut words = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in text.chars() {
        match (c, quote) {
            (_, Some(open)) if c == open => quote = None,
            ('"' | '\'', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (_, None) if c.is_whitespace() => words.extend(word.take()),
            _ => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    words
}

/// Starts a program and sees whether it fails at once; if so, says how.
fn start(env: &Env, argv: &[String], surroundings: &Surroundings) -> Result<(), Failure> {
    let (name, args) = argv.split_first().expect("each begins with a program");
    let is_path = name.contains(std::path::is_separator);
    let program = if is_path { Some(name.into()) } else { program::find(env, name) };
    let program = program.ok_or(Failure::Missing)?;
    let mut command = Command::new(program);
    command.args(args).stdin(Stdio::null());
    let mut child =
        detach::spawn_for_the_person(&mut command, surroundings).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => Failure::Missing,
            _ => Failure::Failed(format!("cannot be started ({error})")),
        })?;
    let deadline = Instant::now() + clock::patience(MOMENT);
    loop {
        match child.try_wait() {
            Ok(Some(status)) if status.success() || is_explorer(&argv[0]) => return Ok(()),
            Ok(Some(status)) => return Err(Failure::Failed(format!("ended with {status}"))),
            Ok(None) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(10)),
            // It runs, and whatever becomes of it is between it and the person.
            Ok(None) | Err(_) => return Ok(()),
        }
    }
}

/// Windows's own opens the page and ends with 1, always.
fn is_explorer(program: &str) -> bool {
    let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
    name.eq_ignore_ascii_case("explorer.exe")
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use crate::host::test_programs::{Programs, place};

    const PAGE: &str = "https://acme.duplocloud.net/app/user/verify-token?localPort=5&localAppName=x";

    /// The commands as lines, with `@` for the address.
    fn lines(place: &Place, browser: &str, chosen: Option<&str>) -> Vec<String> {
        let place = Place { has_chosen_browser: !browser.is_empty(), ..place.clone() };
        let all = candidates(&Env::of([("BROWSER", browser)]), &place, chosen, PAGE);
        all.iter().map(|argv| argv.join("|").replace(PAGE, "@")).collect()
    }

    #[test]
    fn asks_the_system_unless_told_otherwise() {
        let linux = place(System::Linux);
        let system = [
            "xdg-open|@",
            "gio|open|@",
            "gnome-open|@",
            "kde-open|@",
            "sensible-browser|@",
            "x-www-browser|@",
        ];
        let handler = "url.dll,FileProtocolHandler|@";
        assert_eq!(lines(&linux, "", None), system);
        let wsl = lines(&Place { is_wsl: true, ..linux.clone() }, "", None);
        assert_eq!(
            wsl[..3],
            [
                "wslview|@".to_owned(),
                format!("/mnt/c/Windows/System32/rundll32.exe|{handler}"),
                format!("rundll32.exe|{handler}"),
            ]
        );
        assert_eq!(wsl[3..], system);
        assert_eq!(lines(&place(System::Mac), "", None), ["/usr/bin/open|@"]);
        assert_eq!(
            lines(&place(System::Windows), "", None),
            [format!(r"C:\Windows\System32\rundll32.exe|{handler}")]
        );
    }

    #[test]
    fn reads_what_people_write_in_browser() {
        let far = Place { is_ssh: true, ..place(System::Linux) };
        for (browser, expected) in [
            ("/vscode/helpers/browser.sh", vec!["/vscode/helpers/browser.sh|@"]),
            ("firefox:chromium", vec!["firefox|@", "chromium|@"]),
            ("firefox -P work %s", vec!["firefox -P work %s|@", "firefox|-P|work|@"]),
            ("firefox --url=%s", vec!["firefox --url=%s|@", "firefox|--url=@"]),
            ("'/opt/my browser' -n", vec!["'/opt/my browser' -n|@", "/opt/my browser|-n|@"]),
            (
                "/mnt/c/Program Files/x.exe",
                vec!["/mnt/c/Program Files/x.exe|@", "/mnt/c/Program|Files/x.exe|@"],
            ),
            (" : firefox :", vec!["firefox|@"]),
        ] {
            assert_eq!(lines(&far, browser, None), expected, "{browser}");
        }
        // Here the system's browser is one the person sees, and better than none.
        let near = lines(&place(System::Linux), "firefox", None);
        assert_eq!((near[0].as_str(), near[1].as_str(), near.len()), ("firefox|@", "xdg-open|@", 7));
        let windows = lines(&place(System::Windows), r"C:\x\a.exe;b", None);
        assert_eq!(windows[..2], [r"C:\x\a.exe|@", "b|@"]);
    }

    #[test]
    fn the_chosen_browser_or_none() {
        assert_eq!(lines(&place(System::Linux), "chromium", Some("firefox")), ["firefox|@"]);
        assert_eq!(
            lines(&place(System::Mac), "", Some("Google Chrome")),
            ["/usr/bin/open|-a|Google Chrome|@", "Google Chrome|@", "Google|Chrome|@"]
        );
        assert_eq!(lines(&place(System::Mac), "", Some("/opt/b")), ["/opt/b|@"]);
    }

    #[test]
    fn opens_addresses_of_the_web_and_no_others() {
        for address in [PAGE, "http://127.0.0.1:8080/", "https://[::1]:1/a?b=c%20d&e#f"] {
            assert!(is_web_address(address), "{address}");
        }
        for address in [
            "",
            "https://",
            "file:///etc/passwd",
            "javascript:alert(1)",
            "HTTPS://a.net",
            "--help",
            "https://a.net/ x",
            "https://a.net/\n",
            "https://a.net/$(x)",
            "https://a.net/`x`",
            "https://a.net/;x",
            "https://a.net/|x",
            "https://a.net/'x",
            "https://a.net/\"x",
            "https://a.net/\\x",
            "https://a.net/ü",
        ] {
            assert!(!is_web_address(address), "{address}");
            let opened = open(&Env::default(), &place(System::Linux), None, address);
            assert!(matches!(opened, Err(BrowserError::Address)), "{address}");
        }
    }

    /// Opens [`PAGE`] by these programs.
    fn opened(programs: &Programs, chosen: Option<&str>) -> Result<(), String> {
        let env = Env::of([("PATH", programs.path()), ("JITPASS_LOG", "debug")]);
        open(&env, &place(System::Linux), chosen, PAGE).map_err(|error| error.to_string())
    }

    #[test]
    fn goes_on_to_the_next_when_one_fails() {
        let programs = Programs::new(&[
            ("xdg-open", "echo x >>tried; exit 3"),
            ("gio", r#"echo "$#|$1|$2" >opened"#),
            ("kde-open", "echo no >tried-too-many"),
        ]);
        assert_eq!(opened(&programs, None), Ok(()));
        assert_eq!(programs.read("opened").unwrap(), format!("2|open|{PAGE}\n"));
        assert_eq!((programs.read("tried").as_deref(), programs.read("tried-too-many")), (Some("x\n"), None));
    }

    #[test]
    fn says_what_was_tried() {
        let programs = Programs::new(&[("xdg-open", "exit 3"), ("gio", "exit 1")]);
        assert_eq!(
            opened(&programs, None).unwrap_err(),
            "`xdg-open` ended with exit status: 3, `gio` ended with exit status: 1"
        );
        assert_eq!(
            opened(&programs, Some("firefox --new")).unwrap_err(),
            "`firefox --new` and `firefox` cannot be found"
        );
    }

    #[test]
    fn one_that_goes_on_is_the_browser() {
        let programs =
            Programs::new(&[("xdg-open", "echo $$ >browser; exec sleep 600"), ("gio", "echo no >second")]);
        assert_eq!(opened(&programs, None), Ok(()));
        assert_eq!(programs.read("second"), None);
        let deadline = Instant::now() + Duration::from_secs(60);
        let browser = loop {
            match programs.read("browser").filter(|note| note.ends_with('\n')) {
                Some(note) => break note.trim().parse().unwrap(),
                None => assert!(Instant::now() < deadline, "it never started"),
            }
        };
        let browser = rustix::process::Pid::from_raw(browser).unwrap();
        // Of a group of its own: Ctrl-C here is not meant for it.
        assert_eq!(rustix::process::getpgid(Some(browser)), Ok(browser));
        rustix::process::kill_process(browser, rustix::process::Signal::KILL).unwrap();
    }
}
