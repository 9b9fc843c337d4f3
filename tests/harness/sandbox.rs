//! A home directory and an environment of its own, with a portal where a test wants one.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs;
use std::net::{Ipv4Addr, SocketAddr};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use jitpass::demo::portal::{Portal, Running, Scenario, UserKind};
use tempfile::TempDir;

use super::Call;
use super::plain::Plain;

/// Where nobody listens: what asks AWS without being told where finds nothing, at once.
const CLOSED: &str = "http://127.0.0.1:1";

/// Where a program runs in a test: nothing of the machine it runs on shows through.
#[derive(Debug)]
pub(crate) struct Sandbox {
    root: TempDir,
    portal: Option<Running>,
    /// Seconds by which the sandbox is ahead of the machine.
    passed: i64,
}

impl Sandbox {
    /// One without a portal.
    pub(crate) fn new() -> Self {
        let root = tempfile::Builder::new().prefix("jitpass-test-").tempdir().expect("a temporary directory");
        let sandbox = Self { root, portal: None, passed: 0 };
        fs::create_dir(sandbox.home()).expect("the sandbox is ours");
        fs::create_dir(sandbox.bin()).expect("the sandbox is ours");
        // As it is installed: a link on PATH.
        symlink(env!("CARGO_BIN_EXE_jitpass"), sandbox.bin().join("jitpass")).expect("the sandbox is ours");
        sandbox
    }

    /// One with a portal; the scenario as on the command line (`new`, `older,tenants=80`).
    #[track_caller]
    pub(crate) fn with(scenario: &str) -> Self {
        let scenario = Scenario::named(scenario).unwrap_or_else(|error| panic!("{scenario}: {error}"));
        let portal =
            Portal::start(scenario, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a portal starts");
        Self { portal: Some(portal), ..Self::new() }
    }

    /// The portal of [`Self::with`].
    #[track_caller]
    pub(crate) fn portal(&self) -> &Running {
        self.portal.as_ref().expect("this sandbox was made with a portal")
    }

    /// The portal's address, for `--host`.
    #[track_caller]
    pub(crate) fn url(&self) -> String {
        self.portal().url().to_string().trim_end_matches('/').to_owned()
    }

    /// The token of one of the portal's users (`admin`, `tenant`, `none`, `read-only`, `mfa`).
    #[track_caller]
    pub(crate) fn token(&self, user: &str) -> String {
        let user = UserKind::from_name(user).unwrap_or_else(|| panic!("no kind of user is called {user}"));
        self.portal().token(user).expose().to_owned()
    }

    /// Lets time pass, for the portal and for every program started from now on.
    pub(crate) fn pass(&mut self, seconds: i64) {
        self.passed += seconds;
        if let Some(portal) = &self.portal {
            portal.portal().advance_clock(seconds);
        }
    }

    /// Requests to the portal so far, those to its STS apart.
    #[track_caller]
    pub(crate) fn requests(&self) -> usize {
        self.portal().counts().portal()
    }

    /// The directory of it all.
    pub(crate) fn root(&self) -> &Path {
        self.root.path()
    }

    /// The home directory.
    pub(crate) fn home(&self) -> PathBuf {
        self.root().join("home")
    }

    /// The directory on PATH that holds the program.
    pub(super) fn bin(&self) -> PathBuf {
        self.root().join("bin")
    }

    /// The shared config file.
    pub(crate) fn aws_config(&self) -> PathBuf {
        self.home().join(".aws/config")
    }

    /// Writes a file below the home directory.
    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.home().join(path);
        fs::create_dir_all(path.parent().expect("a path below home")).expect("the sandbox is ours");
        fs::write(&path, content).expect("the sandbox is ours");
        path
    }

    /// Reads a file below the home directory.
    #[track_caller]
    pub(crate) fn read(&self, path: &str) -> String {
        let path = self.home().join(path);
        fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
    }

    /// The program, with these arguments.
    pub(crate) fn jitpass<I: Into<OsString>>(&self, args: impl IntoIterator<Item = I>) -> Call {
        self.command(self.bin().join("jitpass")).args(args)
    }

    /// The command that a profile names, run as the AWS CLI would: split at spaces, without a shell.
    #[track_caller]
    pub(crate) fn credential_process(&self, profile: &str) -> Call {
        let config = self.read(".aws/config");
        let header =
            if profile == "default" { "[default]".to_owned() } else { format!("[profile {profile}]") };
        let section = config.lines().skip_while(|line| line.trim() != header).skip(1);
        let mut values =
            section.take_while(|line| !line.starts_with('[')).filter_map(|line| line.split_once('='));
        let value =
            values.find(|(name, _)| name.trim() == "credential_process").map(|(_, value)| value.trim());
        let value = value.unwrap_or_else(|| panic!("no credential_process for {profile} in\n{config}"));
        let mut words = value.split_whitespace();
        self.command(words.next().expect("a value is not empty")).args(words)
    }

    /// Any program, in the same environment.
    pub(crate) fn command(&self, program: impl Into<PathBuf>) -> Call {
        let home = self.home();
        let mut call = Call::new(program, &home, self.plain());
        call.env = self.environment();
        if self.passed == 0 {
            return call;
        }
        let now = SystemTime::now().duration_since(UNIX_EPOCH).expect("it is after 1970").as_secs();
        call.at(i64::try_from(now).expect("it is long before the end of time") + self.passed)
    }

    fn environment(&self) -> BTreeMap<OsString, OsString> {
        let home = self.home();
        let sts = self.portal.as_ref().map_or_else(|| CLOSED.to_owned(), |_| self.url());
        let variables: [(&str, OsString); 18] = [
            ("HOME", home.clone().into()),
            ("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", self.bin().display()).into()),
            ("TMPDIR", self.root().join("tmp").into()),
            ("XDG_CONFIG_HOME", home.join(".config").into()),
            ("XDG_CACHE_HOME", home.join(".cache").into()),
            ("XDG_STATE_HOME", home.join(".local/state").into()),
            ("XDG_DATA_HOME", home.join(".local/share").into()),
            ("XDG_RUNTIME_DIR", home.join(".run").into()),
            // Never the keyring of the person who runs the tests.
            (
                "DBUS_SESSION_BUS_ADDRESS",
                format!("unix:path={}", self.root().join("no-bus").display()).into(),
            ),
            // Not that of the person who runs the tests, and none with a start-up file that `setup` would ask about.
            ("SHELL", "/bin/sh".into()),
            ("LC_ALL", "C.UTF-8".into()),
            ("TZ", "UTC".into()),
            ("COLUMNS", "100".into()),
            ("NO_COLOR", "1".into()),
            ("TERM", "dumb".into()),
            ("AWS_EC2_METADATA_DISABLED", "true".into()),
            ("AWS_ENDPOINT_URL", CLOSED.into()),
            ("AWS_ENDPOINT_URL_STS", sts.into()),
        ];
        fs::create_dir_all(self.root().join("tmp")).expect("the sandbox is ours");
        variables.into_iter().map(|(name, value)| (name.into(), value)).collect()
    }

    fn plain(&self) -> Plain {
        let mut plain = Plain::default()
            .with(self.home().display().to_string(), "[HOME]")
            .with(self.bin().display().to_string(), "[BIN]")
            .with(self.root().display().to_string(), "[SANDBOX]")
            .with(env!("CARGO_BIN_EXE_jitpass"), "[PROGRAM]");
        if let Some(portal) = &self.portal {
            plain = plain.with(self.url(), "[PORTAL]").with_port(portal.address().port());
        }
        plain
    }
}
