//! A session bus of its own, and GNOME Keyring on it.

use std::fs;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use jitpass::host::env::Env;
use jitpass::store::keyring::Keyring;
use zbus::Connection;

use crate::harness::{Call, Sandbox, Started, tool};

/// Far beyond what any part needs to start.
const PATIENCE: Duration = Duration::from_secs(90);

/// A bus that starts no service by itself, and everything on it. All of it ends with the test.
pub(super) struct Session {
    pub(super) sandbox: Sandbox,
    _bus: Started,
    keyring: Option<Started>,
}

impl Session {
    /// A bus with nobody on it; `None` where a part is missing.
    #[track_caller]
    pub(super) fn start() -> Option<Self> {
        let daemon = tool("dbus-daemon")?;
        let sandbox = Sandbox::new();
        let config = sandbox.root().join("bus.conf");
        let listen = sandbox.root().join("bus");
        fs::write(
            &config,
            format!(
                "<!DOCTYPE busconfig PUBLIC \"-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN\" \
                 \"http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd\">
                 <busconfig><type>session</type><listen>unix:path={}</listen><auth>EXTERNAL</auth>
                 <policy context=\"default\"><allow send_destination=\"*\" eavesdrop=\"true\"/>
                 <allow eavesdrop=\"true\"/><allow own=\"*\"/></policy>
                 </busconfig>",
                listen.display()
            ),
        )
        .expect("the sandbox is ours");
        let bus = lasting(&sandbox, daemon)?
            .args(["--nofork".into(), "--nopidfile".into(), format!("--config-file={}", config.display())])
            .start();
        let session = Self { sandbox, _bus: bus, keyring: None };
        wait("the bus listens", || UnixStream::connect(&listen).is_ok());
        Some(session)
    }

    /// A bus with GNOME Keyring, its login keyring unlocked.
    #[track_caller]
    pub(super) fn with_gnome_keyring() -> Option<Self> {
        let mut session = Self::start()?;
        session.start_gnome_keyring()?;
        Some(session)
    }

    /// Starts GNOME Keyring as a session's log-in does, with the password that opens its login keyring.
    #[track_caller]
    pub(super) fn start_gnome_keyring(&mut self) -> Option<()> {
        let daemon = tool("gnome-keyring-daemon")?;
        let control = self.sandbox.home().join(".control");
        fs::create_dir_all(&control).expect("the sandbox is ours");
        let call = lasting(&self.sandbox, daemon)?
            .args(["--foreground", "--components=secrets", "--unlock", "--control-directory"])
            .args([control])
            .env("DBUS_SESSION_BUS_ADDRESS", self.address())
            .stdin("password of the login keyring");
        self.keyring = Some(call.start());
        wait("GNOME Keyring is on the bus", || self.has_owner("org.freedesktop.secrets"));
        wait("its login keyring is there", || self.default_collection() != "/");
        Some(())
    }

    /// Ends GNOME Keyring with SIGKILL and waits until the bus knows.
    #[track_caller]
    pub(super) fn kill_gnome_keyring(&mut self) {
        drop(self.keyring.take());
        wait("GNOME Keyring is gone", || !self.has_owner("org.freedesktop.secrets"));
    }

    /// Locks what new items go to.
    pub(super) fn lock(&self) {
        let collection = self.default_collection();
        let path = zbus::ObjectPath::try_from(collection.as_str()).expect("a path");
        self.ask("org.freedesktop.secrets", "org.freedesktop.Secret.Service", "Lock", &(vec![path],));
    }

    /// For `DBUS_SESSION_BUS_ADDRESS`.
    pub(super) fn address(&self) -> String {
        format!("unix:path={}", self.sandbox.root().join("bus").display())
    }

    /// What jitpass sees of it.
    pub(super) fn keyring(&self) -> Keyring {
        Keyring::of(&Env::of([("DBUS_SESSION_BUS_ADDRESS", self.address().as_str())]))
    }

    /// A connection for the test itself.
    pub(super) fn connect(&self) -> Connection {
        let address = self.address();
        let build = async { zbus::connection::Builder::address(address.as_str()).build().await };
        zbus::block_on(build).expect("the bus is there")
    }

    fn has_owner(&self, name: &str) -> bool {
        let answer =
            self.ask("org.freedesktop.DBus", "org.freedesktop.DBus", "NameHasOwner", &(name.to_owned(),));
        answer.body().deserialize().expect("a boolean")
    }

    fn default_collection(&self) -> String {
        let body = ("default".to_owned(),);
        let answer =
            self.ask("org.freedesktop.secrets", "org.freedesktop.Secret.Service", "ReadAlias", &body);
        let path: zbus::OwnedObjectPath = answer.body().deserialize().expect("a path");
        path.to_string()
    }

    #[track_caller]
    fn ask<B>(&self, service: &str, interface: &str, method: &str, body: &B) -> zbus::Message
    where
        B: serde::Serialize + zbus::DynamicType,
    {
        let connection = self.connect();
        let path =
            if service.ends_with("DBus") { "/org/freedesktop/DBus" } else { "/org/freedesktop/secrets" };
        let call = async {
            let answer = connection.call_method(Some(service), path, Some(interface), method, body).await;
            connection.close().await.ok();
            answer
        };
        zbus::block_on(call).unwrap_or_else(|error| panic!("{method}: {error}"))
    }
}

/// A program that ends with us, even when we are killed.
fn lasting(sandbox: &Sandbox, program: PathBuf) -> Option<Call> {
    Some(sandbox.command(tool("setpriv")?).args(["--pdeathsig", "KILL"]).args([program]))
}

#[track_caller]
fn wait(what: &str, mut happened: impl FnMut() -> bool) {
    let deadline = Instant::now() + PATIENCE;
    while !happened() {
        assert!(Instant::now() < deadline, "it never comes that {what}");
        thread::sleep(Duration::from_millis(5));
    }
}
