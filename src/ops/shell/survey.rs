//! Which shells are on this machine, and what their start-up files hold.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::host::dirs;
use crate::host::env::names;
use crate::host::login_shell::login_shell;
use crate::host::parent::parent_program;
use crate::host::program;
use crate::host::user_file::UserFile;
use crate::ops::failure::Failure;
use crate::ops::history::{FileKind, history};
use crate::ops::machine::Machine;
use crate::shell::Shell;
use crate::shell::start_up::{self, Chosen, Places, Platform, Present};

/// What the machine says of the shells.
#[derive(Debug, Clone)]
pub struct Survey {
    places: Places,
    present: Present,
    login: Option<Shell>,
    programs: BTreeSet<Shell>,
}

/// What is known of one shell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traits {
    /// The shell.
    pub shell: Shell,
    /// The person's terminals start it.
    pub is_login_shell: bool,
    /// Its program is on `PATH`.
    pub has_program: bool,
    /// The person has a start-up file of it.
    pub has_start_up_file: bool,
}

impl Traits {
    /// Whether the person works in it, as far as can be told.
    pub fn is_in_use(&self) -> bool {
        self.is_login_shell || self.has_start_up_file
    }
}

impl Survey {
    /// Looks at the machine.
    ///
    /// # Errors
    /// Where there is no home directory.
    pub fn of(machine: &Machine) -> Result<Self, Failure> {
        let places = places(machine)?;
        let login = login_shell(&machine.env).and_then(|path| Shell::of_program(&path));
        let has =
            |shell: &Shell| shell.programs().iter().any(|name| program::find(&machine.env, name).is_some());
        Ok(Self {
            present: present(&Shell::ALL, &places),
            programs: Shell::ALL.into_iter().filter(has).collect(),
            places,
            login,
        })
    }

    /// The shells that are there in any way, the one of the terminals first.
    pub fn shells(&self) -> Vec<Traits> {
        let mut all: Vec<Traits> = Shell::ALL.into_iter().map(|shell| self.traits(shell)).collect();
        // Every system has a POSIX shell, which nobody works in unless they say so.
        all.retain(|one| {
            one.is_in_use() || (one.has_program && (one.shell != Shell::Posix || self.places.env.is_some()))
        });
        all.sort_by_key(|one| (!one.is_login_shell, !one.has_start_up_file));
        all
    }

    /// The shells that the person works in.
    pub fn in_use(&self) -> Vec<Shell> {
        self.shells().into_iter().filter(Traits::is_in_use).map(|one| one.shell).collect()
    }

    fn traits(&self, shell: Shell) -> Traits {
        let files = start_up::everywhere_given(shell, &self.places, &self.present);
        // What a login reads is everybody's.
        let is_own = |path: &&PathBuf| shell != Shell::Bash || !path.ends_with(".profile");
        let own_directory = || match shell {
            Shell::Fish | Shell::Nushell | Shell::Elvish | Shell::Xonsh | Shell::PowerShell => {
                let chosen = self.chosen(shell).files;
                let named = |path: &Path| {
                    path.ancestors().any(|dir| {
                        let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
                        let is_named = name.eq_ignore_ascii_case(shell.name());
                        is_named && dir.is_dir()
                    })
                };
                chosen.iter().any(|path| named(path))
            }
            _ => false,
        };
        Traits {
            shell,
            is_login_shell: self.login == Some(shell),
            has_program: self.programs.contains(&shell),
            has_start_up_file: files.iter().filter(is_own).any(|path| self.present.contains_key(path))
                || own_directory(),
        }
    }

    /// Where the block of a shell belongs.
    pub fn chosen(&self, shell: Shell) -> Chosen {
        start_up::chosen(shell, &self.places, &self.present)
    }

    /// The start-up files of a shell that are there, with their bytes.
    pub fn present(&self, shell: Shell) -> Vec<(PathBuf, &[u8])> {
        let files = start_up::everywhere_given(shell, &self.places, &self.present).into_iter();
        files.filter_map(|path| Some((path.clone(), self.present.get(&path)?.as_slice()))).collect()
    }

    /// Every file in which a block of these shells may be: also where variables pointed elsewhere when it was
    /// written, and whatever the journal says we wrote.
    pub fn everywhere(machine: &Machine, shells: &[Shell]) -> Result<Vec<PathBuf>, Failure> {
        let places = places(machine)?;
        let usual =
            Places { zdotdir: None, xdg_config_home: None, xdg_data_home: None, env: None, ..places.clone() };
        let of = |places: &Places| -> Vec<PathBuf> {
            let present = present(shells, places);
            shells.iter().flat_map(|shell| start_up::everywhere_given(*shell, places, &present)).collect()
        };
        let mut files = of(&places);
        files.extend(of(&usual));
        let is_of_them = |path: &Path| {
            let bytes = UserFile::read(path).ok().and_then(|file| file.bytes).unwrap_or_default();
            let text = String::from_utf8_lossy(&bytes);
            shells.len() == Shell::ALL.len() || shells.iter().any(|shell| text.contains(shell.file_name()))
        };
        // A journal that cannot be read tells of nothing.
        for past in history(machine).unwrap_or_default().iter().flat_map(|change| &change.files) {
            if past.kind(machine) == FileKind::StartUp && is_of_them(&past.path) {
                files.push(past.path.clone());
            }
        }
        let mut seen = BTreeSet::new();
        files.retain(|path| seen.insert(path.clone()));
        Ok(files)
    }
}

/// The shell that the person types in, of these: the one that started this program, else the one that their terminals
/// start. `None` where it is neither, and there are several.
pub fn present_shell(machine: &Machine, shells: &[Shell]) -> Option<Shell> {
    let of_them = |path: Option<String>| Shell::of_program(&path?).filter(|shell| shells.contains(shell));
    let only = || (shells.len() == 1).then(|| shells[0]);
    of_them(parent_program()).or_else(|| of_them(login_shell(&machine.env))).or_else(only)
}

/// The start-up files that are there, and those that they name.
fn present(shells: &[Shell], places: &Places) -> Present {
    let read = |path: PathBuf| Some((path.clone(), UserFile::read(&path).ok()?.bytes?));
    let all = shells.iter().flat_map(|shell| start_up::everywhere(*shell, places));
    let first: Present = all.filter_map(read).collect();
    let named = shells.iter().flat_map(|shell| start_up::everywhere_given(*shell, places, &first));
    named.filter_map(read).collect()
}

fn places(machine: &Machine) -> Result<Places, Failure> {
    let env = &machine.env;
    let home = dirs::home(env)
        .ok_or_else(|| Failure::new("there is no home directory with start-up files").hint("set HOME"))?;
    let absolute = |name: &str| env.var(name).map(PathBuf::from).filter(|path| path.is_absolute());
    let platform = match () {
        () if cfg!(windows) => Platform::Windows,
        () if cfg!(target_os = "macos") => Platform::Mac,
        () => Platform::Linux,
    };
    let one_drive = absolute(names::ONE_DRIVE).filter(|_| cfg!(windows)).map(|dir| dir.join("Documents"));
    Ok(Places {
        platform,
        zdotdir: absolute(names::ZDOTDIR),
        xdg_config_home: absolute(names::XDG_CONFIG_HOME),
        xdg_data_home: absolute(names::XDG_DATA_HOME),
        app_data: absolute(names::APPDATA),
        env: absolute(names::ENV),
        // Where the system says nothing else, PowerShell's is where `start_up` puts it.
        profiles: Vec::new(),
        documents: one_drive.filter(|dir| dir.is_dir()).into_iter().collect(),
        home,
    })
}
