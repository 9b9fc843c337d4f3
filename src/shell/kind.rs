//! The shells that jitpass knows.

use std::fmt;
use std::str::FromStr;

/// A shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Shell {
    /// bash 3.2 (macOS) and later.
    Bash,
    /// zsh.
    Zsh,
    /// fish.
    Fish,
    /// Windows PowerShell 5.1 and PowerShell 7.
    PowerShell,
    /// nushell.
    Nushell,
    /// Elvish.
    Elvish,
    /// xonsh.
    Xonsh,
    /// tcsh, and csh where it is tcsh.
    Tcsh,
    /// Any other shell that reads what POSIX says: dash, ksh, ash.
    Posix,
}

/// This is none of the shells that jitpass knows.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is none of {list}", list = Shell::names().join(", "))]
pub struct UnknownShell(String);

impl Shell {
    /// All of them, the most used first.
    pub const ALL: [Self; 9] = [
        Self::Bash,
        Self::Zsh,
        Self::Fish,
        Self::PowerShell,
        Self::Nushell,
        Self::Elvish,
        Self::Xonsh,
        Self::Tcsh,
        Self::Posix,
    ];

    /// The names of all, as people type them.
    pub fn names() -> Vec<&'static str> {
        Self::ALL.map(Self::name).to_vec()
    }

    /// Its name, as people type it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bash => "bash",
            Self::Zsh => "zsh",
            Self::Fish => "fish",
            Self::PowerShell => "powershell",
            Self::Nushell => "nushell",
            Self::Elvish => "elvish",
            Self::Xonsh => "xonsh",
            Self::Tcsh => "tcsh",
            Self::Posix => "sh",
        }
    }

    /// The names of its programs.
    pub fn programs(self) -> &'static [&'static str] {
        match self {
            Self::Bash => &["bash"],
            Self::Zsh => &["zsh"],
            Self::Fish => &["fish"],
            Self::PowerShell => &["pwsh", "powershell"],
            Self::Nushell => &["nu"],
            Self::Elvish => &["elvish"],
            Self::Xonsh => &["xonsh"],
            Self::Tcsh => &["tcsh", "csh"],
            Self::Posix => &["sh", "dash", "ksh", "mksh", "ash"],
        }
    }

    /// The name of jitpass's script for it.
    pub fn file_name(self) -> &'static str {
        match self {
            Self::Bash => "jitpass.bash",
            Self::Zsh => "jitpass.zsh",
            Self::Fish => "jitpass.fish",
            Self::PowerShell => "jitpass.ps1",
            Self::Nushell => "jitpass.nu",
            Self::Elvish => "jitpass.elv",
            Self::Xonsh => "jitpass.xsh",
            Self::Tcsh => "jitpass.tcsh",
            Self::Posix => "jitpass.sh",
        }
    }

    /// The shell whose program is called so: `/usr/bin/zsh`, `-bash` (of a login), `pwsh.exe`, `xonsh3`.
    pub fn of_program(path: &str) -> Option<Self> {
        let name =
            path.rsplit(['/', '\\']).next().unwrap_or(path).trim_start_matches('-').to_ascii_lowercase();
        let name = name
            .strip_suffix(".exe")
            .unwrap_or(&name)
            .trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Self::ALL.into_iter().find(|shell| shell.name() == name || shell.programs().contains(&name))
    }
}

impl fmt::Display for Shell {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Shell {
    type Err = UnknownShell;

    fn from_str(text: &str) -> Result<Self, UnknownShell> {
        Self::of_program(text).ok_or_else(|| UnknownShell(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn is_known_by_name_program_and_path() {
        for (text, shell) in [
            ("bash", Shell::Bash),
            ("-zsh", Shell::Zsh),
            ("/opt/homebrew/bin/fish", Shell::Fish),
            ("pwsh", Shell::PowerShell),
            (r"C:\Program Files\PowerShell\7\pwsh.exe", Shell::PowerShell),
            ("PowerShell.EXE", Shell::PowerShell),
            ("nu", Shell::Nushell),
            ("nushell", Shell::Nushell),
            ("/usr/bin/xonsh3.11", Shell::Xonsh),
            ("/bin/csh", Shell::Tcsh),
            ("dash", Shell::Posix),
            ("sh", Shell::Posix),
        ] {
            assert_eq!(text.parse(), Ok(shell), "{text}");
        }
        for text in ["", "-", "cmd", "bash-x", "/"] {
            assert_eq!(text.parse::<Shell>(), Err(UnknownShell(text.to_owned())));
        }
        for shell in Shell::ALL {
            assert_eq!(shell.name().parse(), Ok(shell));
        }
    }
}
