//! Environment variables.

use std::collections::BTreeMap;
use std::ffi::OsString;

/// Every variable jitpass reads, so that the list can be found in one place. (HTTP proxies and `SSL_CERT_FILE`
/// are read by the libraries that act on them.)
pub mod names {
    /// An explicit portal token, used for the portal that `DUPLO_HOST` names.
    pub const DUPLO_TOKEN: &str = "DUPLO_TOKEN";
    /// The portal that `DUPLO_TOKEN` belongs to.
    pub const DUPLO_HOST: &str = "DUPLO_HOST";
    /// The context that duploctl uses.
    pub const DUPLO_CONTEXT: &str = "DUPLO_CONTEXT";
    /// The tenant that duploctl works in.
    pub const DUPLO_TENANT: &str = "DUPLO_TENANT";
    /// The same by its id.
    pub const DUPLO_TENANT_ID: &str = "DUPLO_TENANT_ID";
    /// Where duploctl's configuration is, when not in its home directory.
    pub const DUPLO_CONFIG: &str = "DUPLO_CONFIG";
    /// The home directory of duploctl, when not `~/.duplo`.
    pub const DUPLO_HOME: &str = "DUPLO_HOME";
    /// The kubeconfigs, when not `~/.kube/config`.
    pub const KUBECONFIG: &str = "KUBECONFIG";
    /// Where the shared AWS config file is, when not in `~/.aws/config`.
    pub const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
    /// Where the shared AWS credentials file is, when not in `~/.aws/credentials`.
    pub const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
    /// The profile that AWS programs use when none is named.
    pub const AWS_PROFILE: &str = "AWS_PROFILE";
    /// The older form of `AWS_PROFILE`, which not all of them know.
    pub const AWS_DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
    /// The profile that `jituse` left for the one in use.
    pub const JITUSE_PREVIOUS: &str = "JITUSE_PREVIOUS";
    /// The region that `jituse` put into the two variables of AWS.
    pub const JITUSE_REGION: &str = "JITUSE_REGION";
    /// What a person's own `AWS_REGION` held before `jituse` put a region there.
    pub const JITUSE_REGION_BEFORE: &str = "JITUSE_REGION_BEFORE";
    /// The same of `AWS_DEFAULT_REGION`.
    pub const JITUSE_DEFAULT_REGION_BEFORE: &str = "JITUSE_DEFAULT_REGION_BEFORE";
    /// The region that AWS programs use.
    pub const AWS_REGION: &str = "AWS_REGION";
    /// The older form of `AWS_REGION`, which others read.
    pub const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
    /// The id of a key that AWS programs use before they look for a profile.
    pub const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
    /// The secret of that key.
    pub const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
    /// The file of a token that some AWS programs exchange for credentials before they look for a profile.
    pub const AWS_WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
    /// Where STS is, when not at AWS.
    pub const AWS_ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
    /// Where every AWS service is, when not at AWS.
    pub const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
    /// Set for the programs that jitpass runs to get a token, so that one which runs jitpass is found out.
    pub const JITPASS_HELPER: &str = "JITPASS_HELPER";
    /// Where the D-Bus session bus is, and on it the keyring.
    pub const DBUS_SESSION_BUS_ADDRESS: &str = "DBUS_SESSION_BUS_ADDRESS";
    /// Where the session keeps its sockets; the D-Bus session bus is there when nothing else is said.
    pub const XDG_RUNTIME_DIR: &str = "XDG_RUNTIME_DIR";
    /// Diagnostics to stderr: `error`, `warn`, `info`, `debug` or `trace`.
    pub const JITPASS_LOG: &str = "JITPASS_LOG";
    /// The browser a person wants: a list of programs, `%s` for the address.
    pub const BROWSER: &str = "BROWSER";
    /// Set to `true` in GitHub's actions.
    pub const GITHUB_ACTIONS: &str = "GITHUB_ACTIONS";
    /// The editor for a screen that a person wants, with its flags.
    pub const VISUAL: &str = "VISUAL";
    /// The editor that a person wants, with its flags.
    pub const EDITOR: &str = "EDITOR";
    /// How many characters a line holds, where somebody says so.
    pub const COLUMNS: &str = "COLUMNS";
    /// Set where nobody wants colours.
    pub const NO_COLOR: &str = "NO_COLOR";
    /// `0` where nobody wants colours.
    pub const CLICOLOR: &str = "CLICOLOR";
    /// The kind of terminal.
    pub const TERM: &str = "TERM";
    /// Set by nearly every CI system.
    pub const CI: &str = "CI";
    /// Where an SSH session comes from and where it goes: address and port of both ends.
    pub const SSH_CONNECTION: &str = "SSH_CONNECTION";
    /// The older form of `SSH_CONNECTION`.
    pub const SSH_CLIENT: &str = "SSH_CLIENT";
    /// The terminal of an SSH session.
    pub const SSH_TTY: &str = "SSH_TTY";
    /// The name of the distribution under WSL.
    pub const WSL_DISTRO_NAME: &str = "WSL_DISTRO_NAME";
    /// The socket through which WSL starts Windows programs.
    pub const WSL_INTEROP: &str = "WSL_INTEROP";
    /// The kind of container: `podman`, `lxc`, `flatpak`, ….
    pub const CONTAINER: &str = "container";
    /// Set in every pod of Kubernetes.
    pub const KUBERNETES_SERVICE_HOST: &str = "KUBERNETES_SERVICE_HOST";
    /// Set in the containers that an editor opens for development.
    pub const REMOTE_CONTAINERS: &str = "REMOTE_CONTAINERS";
    /// Set in GitHub Codespaces.
    pub const CODESPACES: &str = "CODESPACES";
    /// The name of the Codespace.
    pub const CODESPACE_NAME: &str = "CODESPACE_NAME";
    /// Set in a Distrobox, a container that shares the person's desktop.
    pub const DISTROBOX_ENTER_PATH: &str = "DISTROBOX_ENTER_PATH";
    /// The X11 display.
    pub const DISPLAY: &str = "DISPLAY";
    /// The Wayland display.
    pub const WAYLAND_DISPLAY: &str = "WAYLAND_DISPLAY";
    /// The socket of the tmux that this runs in.
    pub const TMUX: &str = "TMUX";
    /// The session of GNU screen that this runs in.
    pub const STY: &str = "STY";
    /// Set in Termux, a terminal for Android.
    pub const TERMUX_VERSION: &str = "TERMUX_VERSION";
    /// Who works here, on Unix.
    pub const USER: &str = "USER";
    /// As `USER`.
    pub const LOGNAME: &str = "LOGNAME";
    /// Who works here, on Windows.
    pub const USERNAME: &str = "USERNAME";
    /// The shell that the person's terminals start.
    pub const SHELL: &str = "SHELL";
    /// Where zsh's start-up files lie, when not in the home directory.
    pub const ZDOTDIR: &str = "ZDOTDIR";
    /// The start-up file of an interactive POSIX shell.
    pub const ENV: &str = "ENV";
    /// Where settings lie, when not in `~/.config`.
    pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";
    /// Where data lie, when not in `~/.local/share`.
    pub const XDG_DATA_HOME: &str = "XDG_DATA_HOME";
    /// Where settings lie on Windows.
    pub const APPDATA: &str = "APPDATA";
    /// Where OneDrive keeps a person's documents, on Windows.
    pub const ONE_DRIVE: &str = "OneDrive";
    /// Where Windows lies.
    pub const SYSTEM_ROOT: &str = "SystemRoot";
    /// Which endings make a file a program on Windows.
    pub const PATHEXT: &str = "PATHEXT";
    /// Where programs lie.
    pub const PATH: &str = "PATH";
}

/// The environment: the process's own, or a table in its place.
#[derive(Debug, Clone, Default)]
pub struct Env {
    table: Option<BTreeMap<String, OsString>>,
}

impl Env {
    /// The environment of this process.
    pub const fn real() -> Self {
        Self { table: None }
    }

    /// An environment made up for a test.
    pub fn of<'a>(pairs: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        Self { table: Some(pairs.into_iter().map(|(k, v)| (k.to_owned(), OsString::from(v))).collect()) }
    }

    /// A variable that is set and not empty.
    pub fn var(&self, name: &str) -> Option<OsString> {
        let value = match &self.table {
            None => std::env::var_os(name),
            Some(table) => table.get(name).cloned(),
        };
        value.filter(|v| !v.is_empty())
    }

    /// The names of the variables that begin so, sorted.
    pub fn starting_with(&self, start: &str) -> Vec<String> {
        let mut all: Vec<String> = match &self.table {
            None => std::env::vars_os().filter_map(|(name, _)| name.into_string().ok()).collect(),
            Some(table) => table.keys().cloned().collect(),
        };
        all.retain(|name| name.starts_with(start));
        all.sort_unstable();
        all
    }

    /// A variable that is set, not empty and text.
    pub fn text(&self, name: &str) -> Option<String> {
        self.var(name)?.into_string().ok()
    }
}
