//! The start-up files of each shell: where the block goes, and everywhere it may be found.
//!
//! 1. [`everywhere`] names the files to read, from what the environment says.
//! 2. [`everywhere_given`] names those too that they name.
//! 3. [`chosen`] says in which of them the block belongs, from what is there.
//!
//! Sources: bash(1) INVOCATION; zsh(1) STARTUP/SHUTDOWN FILES; fish "Configuration files"; PowerShell
//! `about_Profiles`; nushell "Configuration"; elvish "Rc file"; xonsh "Run Control File"; tcsh(1) "Startup and
//! shutdown"; POSIX `sh`, `ENV`.

mod login;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::shell::Shell;

/// The kinds of system whose shells look in different places.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Linux, WSL, and whatever else is neither of the others.
    Linux,
    /// macOS, whose terminals start login shells.
    Mac,
    /// Windows; a bash there is Git's, whose window starts a login shell.
    Windows,
}

/// What the environment says about where start-up files are. All paths are absolute.
#[derive(Debug, Clone)]
pub struct Places {
    /// The kind of system.
    pub platform: Platform,
    /// The home directory.
    pub home: PathBuf,
    /// `ZDOTDIR`.
    pub zdotdir: Option<PathBuf>,
    /// `XDG_CONFIG_HOME`.
    pub xdg_config_home: Option<PathBuf>,
    /// `XDG_DATA_HOME`.
    pub xdg_data_home: Option<PathBuf>,
    /// `APPDATA`, on Windows.
    pub app_data: Option<PathBuf>,
    /// `ENV`, which a POSIX shell reads when it is interactive.
    pub env: Option<PathBuf>,
    /// What each PowerShell that was asked says of `$PROFILE.CurrentUserAllHosts`.
    pub profiles: Vec<PathBuf>,
    /// Where the person's documents may lie, on Windows: the directory in use first (OneDrive may have taken them).
    pub documents: Vec<PathBuf>,
}

/// The files that are there, with their bytes.
pub type Present = BTreeMap<PathBuf, Vec<u8>>;

/// Where the block of a shell belongs.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Chosen {
    /// The files, those missing to be made (with their directories).
    pub files: Vec<PathBuf>,
    /// What the person should know.
    pub note: Option<String>,
}

impl Chosen {
    fn files(files: impl IntoIterator<Item = PathBuf>) -> Self {
        Self { files: files.into_iter().collect(), note: None }
    }
}

/// Every file in which a block of this shell may be found, and every file that [`chosen`] wants to know of.
pub fn everywhere(shell: Shell, places: &Places) -> Vec<PathBuf> {
    let home = |name: &str| places.home.join(name);
    let config = |names: &[&str]| -> Vec<PathBuf> {
        let dirs = places.config_homes();
        names.iter().flat_map(|name| dirs.iter().map(move |dir| dir.join(name))).collect()
    };
    let mut files: Vec<PathBuf> = match shell {
        Shell::Bash => {
            [".bashrc", ".bash_profile", ".bash_login", ".profile", ".bash_aliases"].map(home).to_vec()
        }
        Shell::Zsh => {
            let dirs = places.zdotdir.iter().chain([&places.home]);
            let files = [".zshrc", ".zshenv", ".zprofile", ".zlogin"];
            dirs.flat_map(|dir| files.map(|file| dir.join(file))).collect()
        }
        Shell::Fish => config(&["fish/conf.d/jitpass.fish", "fish/config.fish"]),
        Shell::PowerShell => {
            let mut files = places.profiles.clone();
            for dir in files
                .clone()
                .iter()
                .filter_map(|file| file.parent())
                .chain(places.power_shells().iter().map(PathBuf::as_path))
            {
                files.extend(POWER_SHELL_FILES.map(|file| dir.join(file)));
            }
            files
        }
        Shell::Nushell => {
            let dirs = places.nushell_dirs();
            let files = ["autoload/jitpass.nu", "config.nu", "env.nu", "login.nu"];
            let vendor = places.data_home().join("nushell/vendor/autoload/jitpass.nu");
            dirs.iter().flat_map(|dir| files.map(|file| dir.join(file))).chain([vendor]).collect()
        }
        Shell::Elvish => {
            let roaming = places.app_data.iter().map(|dir| dir.join("elvish/rc.elv"));
            config(&["elvish/rc.elv"]).into_iter().chain(roaming).chain([home(".elvish/rc.elv")]).collect()
        }
        Shell::Xonsh => {
            let own = config(&["xonsh/rc.d/jitpass.xsh", "xonsh/rc.xsh"]);
            own.into_iter().chain([home(".xonshrc")]).collect()
        }
        Shell::Tcsh => [".tcshrc", ".cshrc", ".login"].map(home).to_vec(),
        Shell::Posix => {
            let own = [".shrc", ".kshrc", ".mkshrc", ".shinit"].map(home);
            places.env.iter().cloned().chain(own).collect()
        }
    };
    let mut seen = std::collections::BTreeSet::new();
    files.retain(|file| seen.insert(file.clone()));
    files
}

/// The same, when the files of [`everywhere`] were read: they may name more.
pub fn everywhere_given(shell: Shell, places: &Places, present: &Present) -> Vec<PathBuf> {
    match shell {
        Shell::Zsh => {
            let zdotdir = Some(zdotdir(places, present));
            everywhere(shell, &Places { zdotdir, ..places.clone() })
        }
        _ => everywhere(shell, places),
    }
}

/// The files in which the block belongs.
pub fn chosen(shell: Shell, places: &Places, present: &Present) -> Chosen {
    let home = |name: &str| places.home.join(name);
    let config = |name: &str| places.config_home().join(name);
    let first_present = |files: &[PathBuf]| files.iter().find(|file| present.contains_key(*file)).cloned();
    match shell {
        Shell::Bash => bash(places, present),
        Shell::Zsh => Chosen::files([zdotdir(places, present).join(".zshrc")]),
        Shell::Fish => Chosen::files([config("fish/conf.d/jitpass.fish")]),
        Shell::PowerShell if places.profiles.is_empty() => {
            // Windows PowerShell is always there, and PowerShell comes later: each reads a directory of its own.
            let dirs = match places.platform {
                Platform::Windows => places.power_shells().into_iter().take(2).collect(),
                Platform::Linux | Platform::Mac => vec![config("powershell")],
            };
            Chosen::files(dirs.iter().map(|dir| dir.join("profile.ps1")))
        }
        Shell::PowerShell => Chosen::files(places.profiles.iter().cloned()),
        Shell::Nushell => Chosen::files([places.nushell_dirs()[0].join("autoload/jitpass.nu")]),
        // Without the new one the old one is read: making the new one would hide it.
        Shell::Elvish => {
            let new = match places.platform {
                Platform::Windows if places.xdg_config_home.is_none() => {
                    places.app_data.clone().unwrap_or_else(|| home("AppData/Roaming")).join("elvish/rc.elv")
                }
                _ => config("elvish/rc.elv"),
            };
            Chosen::files([first_present(&[new.clone(), home(".elvish/rc.elv")]).unwrap_or(new)])
        }
        Shell::Xonsh => Chosen::files([config("xonsh/rc.d/jitpass.xsh")]),
        // A .tcshrc hides the .cshrc.
        Shell::Tcsh => {
            let files = [home(".tcshrc"), home(".cshrc")];
            Chosen::files([first_present(&files).unwrap_or_else(|| home(".tcshrc"))])
        }
        Shell::Posix => posix(places),
    }
}

/// The directory of zsh's start-up files: `ZDOTDIR`, which `.zshenv` may set without exporting it.
fn zdotdir(places: &Places, present: &Present) -> PathBuf {
    let zshenv = present.get(&places.home.join(".zshenv"));
    let said = || login::zdotdir_in(zshenv?, &places.home, &places.config_home());
    places.zdotdir.clone().or_else(said).unwrap_or_else(|| places.home.clone())
}

/// `.bashrc` is what interactive shells read; a login shell reads the first of three others instead.
fn bash(places: &Places, present: &Present) -> Chosen {
    let home = |name: &str| places.home.join(name);
    let bashrc = home(".bashrc");
    let logins = [".bash_profile", ".bash_login", ".profile"].map(home);
    match logins.iter().find(|file| present.contains_key(*file)) {
        Some(file) if login::reads_bashrc(&present[file]) => Chosen::files([bashrc]),
        Some(file) => Chosen::files([bashrc, file.clone()]),
        // Every terminal starts a login shell there. Elsewhere it is left alone: it would hide a `.profile` that
        // something else makes later.
        None if places.platform != Platform::Linux => Chosen::files([bashrc, logins[0].clone()]),
        None => Chosen::files([bashrc]),
    }
}

/// A POSIX shell reads `$ENV`; what it reads at login is for every program, and for other shells.
fn posix(places: &Places) -> Chosen {
    let others = [Shell::Bash, Shell::Zsh].into_iter().flat_map(|shell| everywhere(shell, places));
    let others: Vec<PathBuf> = others.collect();
    match &places.env {
        Some(file) if !others.contains(file) => Chosen::files([file.clone()]),
        Some(file) => Chosen {
            files: Vec::new(),
            note: Some(format!(
                "`ENV` names {}, which is another shell's file: nothing is added for sh",
                file.display()
            )),
        },
        None => Chosen {
            files: Vec::new(),
            note: Some(
                "a POSIX shell reads only the file that `ENV` names, and it names none: \
                 put `export ENV=\"$HOME/.shrc\"` into `~/.profile`, sign in again and repeat this"
                    .to_owned(),
            ),
        },
    }
}

/// What PowerShell reads in its directory; the last two are of one host each.
const POWER_SHELL_FILES: [&str; 3] =
    ["profile.ps1", "Microsoft.PowerShell_profile.ps1", "Microsoft.VSCode_profile.ps1"];

impl Places {
    fn config_home(&self) -> PathBuf {
        self.xdg_config_home.clone().unwrap_or_else(|| self.home.join(".config"))
    }

    /// The one in use, and the one that is in use where the variable is not set.
    fn config_homes(&self) -> Vec<PathBuf> {
        vec![self.config_home(), self.home.join(".config")]
    }

    fn data_home(&self) -> PathBuf {
        self.xdg_data_home.clone().unwrap_or_else(|| self.home.join(".local/share"))
    }

    /// The one in use first.
    fn nushell_dirs(&self) -> Vec<PathBuf> {
        let usual = match self.platform {
            Platform::Linux => self.home.join(".config"),
            Platform::Mac => self.home.join("Library/Application Support"),
            Platform::Windows => self.app_data.clone().unwrap_or_else(|| self.home.join("AppData/Roaming")),
        };
        self.xdg_config_home.iter().chain([&usual]).map(|dir| dir.join("nushell")).collect()
    }

    /// The directories of the PowerShells: of Windows PowerShell, then of PowerShell, those in use first.
    fn power_shells(&self) -> Vec<PathBuf> {
        if self.platform != Platform::Windows {
            return self.config_homes().iter().map(|dir| dir.join("powershell")).collect();
        }
        let usual = self.home.join("Documents");
        let all = self.documents.iter().map(PathBuf::as_path).chain([usual.as_path() as &Path]);
        all.flat_map(|dir| ["WindowsPowerShell", "PowerShell"].map(|name| dir.join(name))).collect()
    }
}

#[cfg(test)]
mod tests;
