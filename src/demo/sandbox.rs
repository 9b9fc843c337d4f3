//! A directory that stands in for somebody's home, so that trying touches nothing of theirs.

use std::ffi::OsString;
use std::io;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::host::dirs;
use crate::host::env::Env;

/// A sandbox: a home of its own, this program on its `PATH`, and no AWS but what the demo portal stands in for.
#[derive(Debug)]
pub struct Sandbox {
    dir: TempDir,
    sts: String,
}

/// Variables that would lead out of the sandbox, or beat what lies in it.
const FOREIGN: &[&str] = &[
    "XDG_CACHE_HOME",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
    "XDG_DATA_HOME",
    "AWS_CONFIG_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
    "AWS_ENDPOINT_URL",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "DUPLO_TOKEN",
    "DUPLO_HOST",
    "JITPASS_LOG",
    "ZDOTDIR",
    "ENV",
    "BASH_ENV",
    "JITUSE_PREVIOUS",
    "JITUSE_REGION",
    "OneDrive",
];

/// Version managers find their programs (`aws` among them) through the home directory, unless told where.
const VERSION_MANAGERS: &[(&str, &str)] =
    &[("PYENV_ROOT", ".pyenv"), ("ASDF_DATA_DIR", ".asdf"), ("MISE_DATA_DIR", ".local/share/mise")];

impl Sandbox {
    /// Makes the directory, with a link to this program and a prompt that says where one is. `sts` stands in for
    /// AWS's STS.
    pub fn new(sts: &str) -> io::Result<Self> {
        let dir = tempfile::Builder::new().prefix("jitpass-demo-").tempdir()?;
        let this = Self { dir, sts: sts.to_owned() };
        std::fs::create_dir(this.home())?;
        std::fs::create_dir(this.bin())?;
        let link = this.program();
        let program = std::env::current_exe()?;
        #[cfg(unix)]
        std::os::unix::fs::symlink(program, link)?;
        #[cfg(not(unix))]
        std::fs::copy(program, link)?;
        for (file, prompt) in [
            (".bashrc", "PS1='(jitpass demo) \\w \\$ '\n"),
            (".zshrc", "PROMPT='(jitpass demo) %~ %# '\n"),
            (
                ".config/fish/config.fish",
                "function fish_prompt; echo -n '(jitpass demo) '(prompt_pwd)' > '; end\nset fish_greeting\n",
            ),
        ] {
            let path = this.home().join(file);
            std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
            std::fs::write(path, prompt)?;
        }
        Ok(this)
    }

    /// The home directory in it.
    pub fn home(&self) -> PathBuf {
        self.dir.path().join("home")
    }

    /// This program, as it is found in it.
    pub fn program(&self) -> PathBuf {
        self.bin().join(if cfg!(windows) { "jitpass.exe" } else { "jitpass" })
    }

    /// A command that runs in it.
    pub fn command(&self, program: impl AsRef<std::ffi::OsStr>, outside: &Env) -> Command {
        let mut command = Command::new(program);
        for name in FOREIGN {
            command.env_remove(name);
        }
        if let Some(home) = dirs::home(outside) {
            for (variable, below) in VERSION_MANAGERS {
                let place = home.join(below);
                if outside.var(variable).is_none() && place.is_dir() {
                    command.env(variable, place);
                }
            }
        }
        let home = self.home();
        command
            .env("HOME", &home)
            .env("USERPROFILE", &home)
            .env("LOCALAPPDATA", home.join("local"))
            .env("APPDATA", home.join("roaming"))
            .env("PATH", self.path(outside))
            .env("AWS_ENDPOINT_URL_STS", &self.sts)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_PAGER", "")
            // A proxy has no business between programs of this machine.
            .env("NO_PROXY", "127.0.0.1,localhost")
            .env("no_proxy", "127.0.0.1,localhost")
            .current_dir(&home);
        command
    }

    fn bin(&self) -> PathBuf {
        self.dir.path().join("bin")
    }

    fn path(&self, outside: &Env) -> OsString {
        let old = outside.var("PATH").unwrap_or_default();
        let dirs = std::iter::once(self.bin()).chain(std::env::split_paths(&old));
        std::env::join_paths(dirs).unwrap_or(old)
    }

    /// Where it lies.
    pub fn path_on_disk(&self) -> &Path {
        self.dir.path()
    }
}
