//! The programs of a system that open a web page in whatever browser the person uses.

use crate::host::env::{Env, names};
use crate::host::place::System;

/// The commands to try, best first; the address comes last.
pub fn of(env: &Env, system: System, is_wsl: bool) -> Vec<Vec<String>> {
    let words = |command: &str| command.split(' ').map(str::to_owned).collect::<Vec<_>>();
    match system {
        // By its path: a program `open` of another kind may come first on PATH.
        System::Mac => vec![words("/usr/bin/open")],
        // Never `cmd /c start`, which reads `&` in an address as the end of a command.
        System::Windows => {
            let root = env.text(names::SYSTEM_ROOT).unwrap_or_else(|| r"C:\Windows".to_owned());
            vec![vec![format!(r"{root}\System32\rundll32.exe"), HANDLER.to_owned()]]
        }
        System::Linux => {
            // Under WSL the browser is a Windows program, also when there is a desktop for Linux programs.
            let windows = ["wslview", "/mnt/c/Windows/System32/rundll32.exe", "rundll32.exe"];
            let windows = windows.map(|program| match program.starts_with("wsl") {
                true => words(program),
                false => vec![program.to_owned(), HANDLER.to_owned()],
            });
            let linux =
                ["xdg-open", "gio open", "gnome-open", "kde-open", "sensible-browser", "x-www-browser"];
            windows.into_iter().filter(|_| is_wsl).chain(linux.map(words)).collect()
        }
    }
}

/// What rundll32 calls to open an address.
const HANDLER: &str = "url.dll,FileProtocolHandler";
