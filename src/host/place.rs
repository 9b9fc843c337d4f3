//! Where this runs: whether a browser that is opened here is one the person sees.
//!
//! A browser on the wrong machine is worse than none: nobody sees it, and its callback reaches nobody. So one is
//! opened only where nothing speaks against it, or where somebody has said how: a set `BROWSER` is the way in which
//! editors that work on a remote machine, in a container or a Codespace open a page at the person's own machine,
//! and see to it that `localhost` there leads here.

use std::path::Path;

use crate::host::env::{Env, names};
use crate::host::{openers, program};

/// The kinds of system that differ in how a browser is opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum System {
    /// Linux, and whatever else is neither of the others.
    Linux,
    /// macOS.
    Mac,
    /// Windows.
    Windows,
}

/// Where this runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The kind of system.
    pub system: System,
    /// In an SSH session: the person's screen is elsewhere.
    pub is_ssh: bool,
    /// In the Windows Subsystem for Linux.
    pub is_wsl: bool,
    /// In a container that has its own network.
    pub is_container: bool,
    /// In a GitHub Codespace.
    pub is_codespace: bool,
    /// In a CI job.
    pub is_ci: bool,
    /// `BROWSER` names a program that opens pages.
    pub has_chosen_browser: bool,
    /// `BROWSER` asks for none.
    pub refuses_browser: bool,
    /// Windows can be opened here.
    pub has_display: bool,
    /// The system has a program that opens pages.
    pub has_opener: bool,
}

/// What the machine says besides its environment.
#[derive(Debug, Clone, Default)]
struct Facts {
    /// `/.dockerenv` is there.
    dockerenv: bool,
    /// `/run/.containerenv` is there: Podman.
    containerenv: bool,
    /// `/run/.toolboxenv` is there: a container that shares the person's desktop and network.
    toolboxenv: bool,
    /// The kernel's release.
    kernel: String,
}

/// Values of `BROWSER` by which people say that they want the link and no browser. They would seem to work, with
/// nothing to be seen.
const NO_BROWSER: [&str; 5] = ["echo", "true", "false", "none", ":"];

/// Browsers that need a terminal, which a credential process cannot give them.
const TEXT_BROWSERS: [&str; 8] =
    ["w3m", "lynx", "links", "links2", "elinks", "browsh", "www-browser", "carbonyl"];

impl Place {
    /// Where this process runs.
    pub fn here(env: &Env) -> Self {
        let system = match std::env::consts::OS {
            "macos" => System::Mac,
            "windows" => System::Windows,
            _ => System::Linux,
        };
        let facts = if system == System::Linux { Facts::of_this_machine() } else { Facts::default() };
        Self::of(env, system, &facts)
    }

    fn of(env: &Env, system: System, facts: &Facts) -> Self {
        let any = |names: &[&str]| names.iter().any(|name| env.var(name).is_some());
        let shares_desktop = facts.toolboxenv
            || env.var(names::DISTROBOX_ENTER_PATH).is_some()
            || env.var(names::CONTAINER).is_some_and(|kind| kind == "flatpak");
        let has_container_signs = facts.dockerenv
            || facts.containerenv
            || any(&[names::CONTAINER, names::KUBERNETES_SERVICE_HOST, names::REMOTE_CONTAINERS]);
        let is_container = has_container_signs && !shares_desktop;
        // Containers of Docker Desktop run on WSL's kernel and are not WSL.
        let has_wsl_kernel = facts.kernel.to_ascii_lowercase().contains("microsoft") && !is_container;
        let is_wsl = any(&[names::WSL_DISTRO_NAME, names::WSL_INTEROP]) || has_wsl_kernel;
        let browsers = env.text(names::BROWSER).unwrap_or_default();
        let all_are = |these: &[&str]| {
            let mut names = split_browsers(&browsers, system).map(program_name).peekable();
            names.peek().is_some() && names.all(|name| these.contains(&name))
        };
        let refuses_browser = all_are(&NO_BROWSER);
        let opens = |opener: &Vec<String>| match opener[0].contains(['/', '\\']) {
            true => Path::new(&opener[0]).is_file(),
            false => program::find(env, &opener[0]).is_some(),
        };
        Self {
            system,
            is_ssh: any(&[names::SSH_CONNECTION, names::SSH_TTY, names::SSH_CLIENT]),
            is_wsl,
            is_container,
            is_codespace: any(&[names::CODESPACES, names::CODESPACE_NAME]),
            is_ci: env.text(names::CI).is_some_and(|ci| !["false", "0", "no"].contains(&ci.as_str())),
            has_chosen_browser: !browsers.is_empty() && !refuses_browser && !all_are(&TEXT_BROWSERS),
            refuses_browser,
            has_display: system != System::Linux || is_wsl || any(&[names::DISPLAY, names::WAYLAND_DISPLAY]),
            // The others always have theirs.
            has_opener: system != System::Linux || openers::of(env, system, is_wsl).iter().any(opens),
        }
    }

    /// Why no browser that the person sees can be opened here: the end of a sentence that begins with "no browser
    /// is opened:". `None` when one can. `is_chosen`: the person has named the browser for this very call.
    pub fn no_browser(&self, is_chosen: bool) -> Option<&'static str> {
        if is_chosen || self.has_chosen_browser {
            return None;
        }
        if self.refuses_browser {
            return Some("`BROWSER` asks for none");
        }
        self.no_system_browser()
    }

    /// As [`Place::no_browser`], where nobody has named one.
    pub(super) fn no_system_browser(&self) -> Option<&'static str> {
        let reasons = [
            (self.is_ci, "this runs in CI"),
            (self.is_codespace, "this is a Codespace"),
            (self.is_ssh, "this is an SSH session"),
            (self.is_container, "this is a container"),
            (!self.has_display, "there is no display"),
            (!self.has_opener, "there is no program that opens web pages"),
        ];
        reasons.into_iter().find_map(|(applies, reason)| applies.then_some(reason))
    }
}

impl Facts {
    fn of_this_machine() -> Self {
        Self {
            dockerenv: Path::new("/.dockerenv").exists(),
            containerenv: Path::new("/run/.containerenv").exists(),
            toolboxenv: Path::new("/run/.toolboxenv").exists(),
            kernel: std::fs::read_to_string("/proc/sys/kernel/osrelease").unwrap_or_default(),
        }
    }
}

/// The commands in a value of `BROWSER`: a list like `PATH`, as `xdg-open` and Python read it.
pub(super) fn split_browsers(list: &str, system: System) -> impl Iterator<Item = &str> {
    let separator = if system == System::Windows { ';' } else { ':' };
    // A colon alone is one of the ways to ask for none.
    let whole = list.trim() == ":";
    let parts = list.split(move |c| c == separator && !whole);
    parts.map(str::trim).filter(|command| !command.is_empty())
}

/// The name of the program in a command.
fn program_name(command: &str) -> &str {
    let program = command.split_whitespace().next().unwrap_or_default();
    program.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// What comes after `ssh -L …` to reach this machine from the person's own: `ann@10.0.0.7`, with `-p PORT` before
/// it where the port is another than 22. `None` where it is not known or holds anything that a shell might read
/// otherwise.
///
/// It is the address this machine was reached at. Behind a jump host or a translated address the person knows a
/// better one.
pub fn ssh_target(env: &Env) -> Option<String> {
    let connection = env.text(names::SSH_CONNECTION)?;
    let mut fields = connection.split_whitespace().skip(2);
    let (address, port) = (fields.next()?, fields.next().unwrap_or("22"));
    // ssh takes an IPv6 address without brackets here; an IPv4 address that came through an IPv6 socket is one.
    let address = address.strip_prefix("::ffff:").filter(|rest| rest.contains('.')).unwrap_or(address);
    let user = [names::USER, names::LOGNAME, names::USERNAME].iter().find_map(|name| env.text(name))?;
    let is_safe = |text: &str, others: &str| {
        !text.starts_with('-') && text.chars().all(|c| c.is_ascii_alphanumeric() || others.contains(c))
    };
    let port: u16 = port.parse().ok()?;
    let port = if port == 22 { String::new() } else { format!("-p {port} ") };
    (is_safe(&user, "._-") && is_safe(address, ".:%-")).then(|| format!("{port}{user}@{address}"))
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;
    use System::{Linux, Mac, Windows};

    /// A machine with one opener on PATH.
    fn desktop() -> (tempfile::TempDir, String) {
        let dir = tempfile::tempdir().unwrap();
        let opener = dir.path().join("xdg-open");
        std::fs::write(&opener, "").unwrap();
        std::fs::set_permissions(&opener, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
        let path = dir.path().to_str().unwrap().to_owned();
        (dir, path)
    }

    const DOCKER: Facts =
        Facts { dockerenv: true, containerenv: false, toolboxenv: false, kernel: String::new() };

    #[test]
    fn opens_a_browser_only_where_the_person_sees_it() {
        let (_dir, path) = desktop();
        let none = Facts::default();
        let podman = Facts { containerenv: true, ..none.clone() };
        let toolbox = Facts { toolboxenv: true, ..podman.clone() };
        let wsl = Facts { kernel: "5.15.90.1-microsoft-standard-WSL2".into(), ..none.clone() };
        let docker_on_wsl = Facts { dockerenv: true, ..wsl.clone() };
        let ssh = ("SSH_CONNECTION", "192.0.2.1 50000 192.0.2.9 22");
        let ci = Some("this runs in CI");
        let container = Some("this is a container");
        let display = ("DISPLAY", ":0");
        for (system, facts, env, expected) in [
            (Linux, &none, vec![display], None),
            (Linux, &none, vec![("WAYLAND_DISPLAY", "wayland-0")], None),
            (Linux, &none, vec![], Some("there is no display")),
            (
                Linux,
                &none,
                vec![display, ("PATH", "/nowhere")],
                Some("there is no program that opens web pages"),
            ),
            (Linux, &none, vec![display, ssh], Some("this is an SSH session")),
            (Linux, &none, vec![display, ("SSH_TTY", "/dev/pts/1")], Some("this is an SSH session")),
            (Linux, &none, vec![display, ssh, ("BROWSER", "/vscode/bin/helpers/browser.sh")], None),
            (Linux, &none, vec![display, ("CI", "true")], ci),
            (Linux, &none, vec![display, ("CI", "1")], ci),
            (Linux, &none, vec![display, ("CI", "")], None),
            (Linux, &none, vec![display, ("CI", "0")], None),
            (Linux, &none, vec![display, ("CI", "false")], None),
            (Linux, &DOCKER, vec![display], container),
            (Linux, &podman, vec![display], container),
            (Linux, &toolbox, vec![display], None),
            (Linux, &podman, vec![display, ("DISTROBOX_ENTER_PATH", "/usr/bin/distrobox-enter")], None),
            (Linux, &none, vec![display, ("container", "lxc")], container),
            (Linux, &none, vec![display, ("container", "flatpak")], None),
            (Linux, &none, vec![display, ("KUBERNETES_SERVICE_HOST", "10.0.0.1")], container),
            (Linux, &DOCKER, vec![("REMOTE_CONTAINERS", "true"), ("BROWSER", "/helper.sh")], None),
            (Linux, &DOCKER, vec![("CODESPACES", "true")], Some("this is a Codespace")),
            (Linux, &wsl, vec![], None),
            (Linux, &none, vec![("WSL_DISTRO_NAME", "Ubuntu")], None),
            (Linux, &wsl, vec![ssh], Some("this is an SSH session")),
            (Linux, &docker_on_wsl, vec![], container),
            (Linux, &none, vec![display, ("BROWSER", "echo")], Some("`BROWSER` asks for none")),
            (Linux, &none, vec![display, ("BROWSER", ":")], Some("`BROWSER` asks for none")),
            (Linux, &none, vec![("BROWSER", "/bin/true %s")], Some("`BROWSER` asks for none")),
            (Linux, &none, vec![("BROWSER", "w3m")], Some("there is no display")),
            (Linux, &none, vec![("BROWSER", "w3m:firefox")], None),
            (Linux, &none, vec![display, ("BROWSER", "lynx")], None),
            (Mac, &none, vec![], None),
            (Mac, &none, vec![ssh], Some("this is an SSH session")),
            (Mac, &none, vec![("CI", "yes")], ci),
            (Windows, &none, vec![], None),
            (Windows, &none, vec![ssh], Some("this is an SSH session")),
        ] {
            let table = Env::of([("PATH", path.as_str())].into_iter().chain(env.iter().copied()));
            let place = Place::of(&table, system, facts);
            assert_eq!(place.no_browser(false), expected, "{system:?} {env:?} {facts:?}");
            assert_eq!(place.no_browser(true), None, "the person's choice counts: {system:?} {env:?}");
        }
    }

    #[test]
    fn wsl_is_known_by_its_variables_in_a_container_too() {
        let place = |env: &[(&str, &str)], facts: &Facts| {
            Place::of(&Env::of(env.iter().copied()), Linux, facts).is_wsl
        };
        let on_wsl = Facts { kernel: "6.6.0-Microsoft-x".into(), ..DOCKER };
        assert!(!place(&[], &on_wsl) && place(&[("WSL_INTEROP", "/run/WSL/8_interop")], &on_wsl));
    }

    #[test]
    fn names_the_way_back_for_ssh() {
        let target = |connection: &str, user: &str| {
            ssh_target(&Env::of([("SSH_CONNECTION", connection), ("USER", user)]))
        };
        for (connection, user, expected) in [
            ("192.0.2.1 50000 10.0.0.7 22", "ann", Some("ann@10.0.0.7")),
            ("192.0.2.1 50000 10.0.0.7 2222", "ann", Some("-p 2222 ann@10.0.0.7")),
            ("2001:db8::1 50000 2001:db8::7 22", "ann", Some("ann@2001:db8::7")),
            ("fe80::1%eth0 50000 fe80::7%eth0 22", "ann.b-c_d", Some("ann.b-c_d@fe80::7%eth0")),
            ("::ffff:192.0.2.1 50000 ::ffff:10.0.0.7 22", "ann", Some("ann@10.0.0.7")),
            ("192.0.2.1 50000 10.0.0.7 22", "CORP\\ann", None),
            ("192.0.2.1 50000 10.0.0.7 22", "-oProxyCommand=x", None),
            ("192.0.2.1 50000 $(x) 22", "ann", None),
            ("192.0.2.1 50000 -x 22", "ann", None),
            ("192.0.2.1 50000 10.0.0.7 x", "ann", None),
            ("192.0.2.1 50000", "ann", None),
            ("192.0.2.1 50000 10.0.0.7 22", "", None),
        ] {
            assert_eq!(target(connection, user).as_deref(), expected, "{connection} {user}");
        }
        let logname = Env::of([("SSH_CONNECTION", "192.0.2.1 1 192.0.2.2 22"), ("LOGNAME", "bo")]);
        assert_eq!(ssh_target(&logname).as_deref(), Some("bo@192.0.2.2"));
        assert_eq!(ssh_target(&Env::of([("USER", "ann")])), None);
    }
}
