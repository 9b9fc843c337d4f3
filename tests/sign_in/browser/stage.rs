//! A sandbox with a portal that a browser can reach, and jitpass in it.

use std::fs;
use std::net::Ipv4Addr;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, Instant};

use jitpass::base::PortalAddress;
use jitpass::store::sign_in::{Record, SignIns};

use crate::cli::network::relay::Relay;
use crate::harness::{Call, Sandbox, Started};

/// Where the portal is.
#[derive(Debug, Clone, Copy)]
pub(super) enum World {
    /// `https://NAME.example.com`.
    Https(&'static str),
    /// `http://localhost:PORT`.
    Localhost,
    /// `http://127.0.0.1:PORT`.
    Address,
}

/// A site with a certificate of its own, served on a port of this machine.
#[derive(Debug)]
pub(super) struct Site {
    pub(super) host: String,
    pub(super) port: u16,
    /// The file with the certificate of who vouches for it.
    pub(super) authority: PathBuf,
}

/// A person's machine, and a portal.
pub(super) struct Stage {
    pub(super) sandbox: Sandbox,
    /// The portal's address.
    pub(super) url: String,
    /// How a browser finds it, where its name alone does not say.
    pub(super) site: Option<Site>,
    proxy: Option<Relay>,
}

/// How long jitpass may take to want a browser.
const PATIENCE: Duration = Duration::from_secs(30);

impl Stage {
    /// A new one; the scenario is that of the portal.
    #[track_caller]
    pub(super) fn new(world: World, scenario: &str) -> Self {
        let sandbox = Sandbox::with(scenario);
        let portal = sandbox.portal().address();
        let (url, site, proxy) = match world {
            World::Localhost => (format!("http://localhost:{}", portal.port()), None, None),
            World::Address => (format!("http://127.0.0.1:{}", portal.port()), None, None),
            World::Https(name) => {
                let host = format!("{name}.example.com");
                let (relay, authority) = Relay::tls(portal, &host);
                let authority = sandbox.write("authority.pem", authority);
                // Only the proxy knows the way to a name that is nobody's.
                let proxy = Relay::proxy((Ipv4Addr::LOCALHOST, relay.port).into());
                let site = Site { host: host.clone(), port: relay.port, authority };
                (format!("https://{host}"), Some(site), Some(proxy))
            }
        };
        let stage = Self { sandbox, url, site, proxy };
        let script = "#!/bin/sh\nprintf '%s\\n' \"$1\" >>\"$(dirname \"$0\")/opened\"\n";
        fs::write(stage.opener(), script).expect("the sandbox is ours");
        fs::set_permissions(stage.opener(), fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
        stage
    }

    /// Its host with the port, as people are told of it.
    pub(super) fn name(&self) -> &str {
        self.url.split_once("://").expect("a scheme").1
    }

    /// jitpass with these arguments; what it opens is heard of by [`Stage::opened`].
    pub(super) fn jitpass<'a>(&self, args: impl IntoIterator<Item = &'a str>) -> Call {
        let call = self.sandbox.jitpass(args).env("BROWSER", self.opener());
        match (&self.site, &self.proxy) {
            (Some(site), Some(proxy)) => {
                call.env("SSL_CERT_FILE", &site.authority).env("HTTPS_PROXY", proxy.url())
            }
            _ => call,
        }
    }

    /// `jitpass login`, waiting for the browser.
    #[track_caller]
    pub(super) fn login(&self) -> Started {
        self.jitpass(["login", &self.url]).start()
    }

    /// The credential process of an administrator's profile.
    pub(super) fn admin(&self) -> Call {
        self.jitpass(["aws", "--host", &self.url, "--admin", "--interactive"])
    }

    /// The address that jitpass opened as its `n`th, from 1; waits for it.
    #[track_caller]
    pub(super) fn opened(&self, n: usize) -> String {
        let deadline = Instant::now() + PATIENCE;
        loop {
            // A line is there as a whole once its end is.
            let text = self.all_opened();
            if let Some(line) = text.split_inclusive('\n').nth(n - 1).and_then(|line| line.strip_suffix('\n'))
            {
                return line.to_owned();
            }
            assert!(Instant::now() < deadline, "jitpass opened no {n}. page, only {text:?}");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// How many pages jitpass opened.
    pub(super) fn openings(&self) -> usize {
        self.all_opened().lines().count()
    }

    /// Whose token is kept: the person as it is written there, and the kind of user as the token itself says.
    #[track_caller]
    pub(super) fn kept(&self) -> Option<(String, String)> {
        let key = self
            .url
            .strip_prefix("https://")
            .map_or_else(|| self.url.replace("://", "~").replace(':', "~"), str::to_owned);
        let path = self.sandbox.home().join(format!(".local/state/jitpass/tokens/{key}.json"));
        let text = fs::read_to_string(path).ok()?;
        let json: serde_json::Value = serde_json::from_str(&text).expect("the file is JSON");
        let kind = json["token"].as_str()?.strip_prefix("SIMTOKEN-")?;
        let end = kind.find(|c: char| c.is_ascii_digit()).expect("a number follows the kind");
        Some((json["person"].as_str()?.to_owned(), kind[..end].trim_end_matches('-').to_owned()))
    }

    /// The page of ours on which somebody is asked who they are; waits for it.
    #[track_caller]
    pub(super) fn asks_at(&self) -> String {
        let deadline = Instant::now() + PATIENCE;
        let (sign_ins, portal) = self.sign_ins();
        loop {
            if let Some(asked) = sign_ins.record(&portal).wait.and_then(|wait| wait.confirm) {
                return asked.page;
            }
            assert!(Instant::now() < deadline, "nobody is asked");
            thread::sleep(Duration::from_millis(2));
        }
    }

    /// Where the listener of the open wait is, as an address without a path.
    #[track_caller]
    pub(super) fn listener(opened: &str) -> String {
        let port = opened.split("localPort=").nth(1).and_then(|rest| rest.split('&').next());
        format!("http://127.0.0.1:{}", port.expect("the address names the port"))
    }

    /// How signing in to the portal stands, as jitpass's own processes see it.
    fn sign_ins(&self) -> (SignIns, PortalAddress) {
        let portal = PortalAddress::new(self.url.parse().expect("it is a portal's"), None);
        (SignIns::below(&self.sandbox.home().join(".local/state/jitpass")), portal)
    }

    fn opener(&self) -> PathBuf {
        self.sandbox.root().join("opener")
    }

    fn all_opened(&self) -> String {
        fs::read_to_string(self.sandbox.root().join("opened")).unwrap_or_default()
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        // A test may fail in the middle of a wait: whoever listens goes before the directory it writes to.
        let (sign_ins, portal) = self.sign_ins();
        sign_ins.change(&portal, Record::call_off).ok();
        let deadline = Instant::now() + PATIENCE;
        while sign_ins.is_listening(&portal) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
    }
}
