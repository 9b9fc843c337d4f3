//! The person of a test, with a browser that shows nothing: what a program opens is noted, and the test presses the
//! buttons.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use jitpass::base::PortalAddress;
use jitpass::demo::portal::{BrowserRequest, Button, Running, UserKind};
use jitpass::store::sign_in::{Record, SignIns};

use super::processes::Process;
use super::wire::{Answer, Client, get, post};
use crate::harness::{Call, Sandbox};

/// When something that does not happen is taken for something that never will.
const PATIENCE: Duration = Duration::from_secs(60);

/// Waits until something is there.
#[track_caller]
pub(super) fn until<T>(what: &str, mut look: impl FnMut() -> Option<T>) -> T {
    let deadline = Instant::now() + PATIENCE;
    loop {
        if let Some(found) = look() {
            return found;
        }
        assert!(Instant::now() < deadline, "in vain: {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// What a browser sends when a person follows a link, or is led on by a portal on https: no word of where from.
const NAVIGATION: &str = "Sec-Fetch-Site: cross-site\r\nSec-Fetch-Mode: navigate\r\nSec-Fetch-User: ?1\r\n\
                          Sec-Fetch-Dest: document\r\nUpgrade-Insecure-Requests: 1\r\nAccept: text/html\r\n";

/// A person at a portal.
#[derive(Debug)]
pub(super) struct Person<'a> {
    portal: &'a Running,
    home: PathBuf,
    /// The program that the browser is.
    pub(super) browser: String,
    opened: PathBuf,
}

impl<'a> Person<'a> {
    /// Somebody at the sandbox's own portal.
    pub(super) fn at(sandbox: &'a Sandbox) -> Self {
        Self::at_portal(sandbox, sandbox.portal())
    }

    /// Somebody at another portal.
    pub(super) fn at_portal(sandbox: &Sandbox, portal: &'a Running) -> Self {
        let (program, opened) = (sandbox.root().join("browser"), sandbox.root().join("opened"));
        // One write each, so that none is torn by another.
        let script = format!("#!/bin/sh\nprintf '%s\\n' \"$1\" >> '{}'\n", opened.display());
        if !program.exists() {
            fs::write(&program, script).expect("the sandbox is ours");
            fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
        }
        Self { portal, home: sandbox.home(), browser: program.display().to_string(), opened }
    }

    /// The portal's address.
    pub(super) fn url(&self) -> String {
        self.portal.url().to_string().trim_end_matches('/').to_owned()
    }

    /// What every process that has to do with this portal has on its command line.
    pub(super) fn mark(&self) -> String {
        self.portal.url().authority().to_owned()
    }

    /// The credential process, started by a program on its own.
    pub(super) fn program(&self, sandbox: &Sandbox, scope: &[&str]) -> Call {
        self.attended(sandbox, scope).env("JITPASS_TEST_ATTENDED", "no")
    }

    /// The credential process, started by somebody who is at the terminal.
    pub(super) fn attended(&self, sandbox: &Sandbox, scope: &[&str]) -> Call {
        let call = sandbox.jitpass(["aws", "--host", &self.url()]).args(scope).args(["--interactive"]);
        call.env("BROWSER", &self.browser).env("JITPASS_TEST_ATTENDED", "yes")
    }

    /// The addresses that were opened at this portal so far.
    pub(super) fn tabs(&self) -> Vec<String> {
        let all = fs::read_to_string(&self.opened).unwrap_or_default();
        all.lines().filter(|line| line.starts_with(&self.url())).map(str::to_owned).collect()
    }

    /// The newest tab, once there are so many and somebody listens for it.
    #[track_caller]
    pub(super) fn tab(&self, number: usize) -> String {
        let tab = until(&format!("tab {number} at {}", self.url()), || self.tabs().get(number - 1).cloned());
        assert_eq!(self.tabs().len(), number, "more tabs than that");
        tab
    }

    /// How signing in stands.
    pub(super) fn record(&self) -> Record {
        self.sign_ins().record(&self.address())
    }

    pub(super) fn sign_ins(&self) -> SignIns {
        SignIns::below(&self.home.join(".local/state/jitpass"))
    }

    pub(super) fn address(&self) -> PortalAddress {
        PortalAddress::new(self.portal.url(), None)
    }

    /// Waits until a listener listens, and gives it.
    #[track_caller]
    pub(super) fn listener(&self) -> Process {
        until("a listener", || {
            let wait = self.record().wait.filter(|wait| wait.pid != 0 && wait.ending.is_none())?;
            Process::all_of(&self.mark()).into_iter().find(|process| process.id == wait.pid)
        })
    }

    /// Waits until nothing runs any more that has to do with this portal.
    #[track_caller]
    pub(super) fn nothing_is_left(&self) {
        let left = || Process::all_of(&self.mark());
        let deadline = Instant::now() + PATIENCE;
        while !left().is_empty() {
            assert!(Instant::now() < deadline, "still there: {:?}", left());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Presses Authorize, and then whatever page of ours asks; gives the last page.
    #[track_caller]
    pub(super) fn authorizes(&self, tab: &str, user: UserKind) -> String {
        self.presses(tab, user, Button::Authorize, None)
    }

    /// Presses Cancel, and then the button of the page that asks whether it was meant.
    #[track_caller]
    pub(super) fn cancels(&self, tab: &str) -> String {
        self.presses(tab, UserKind::Admin, Button::Cancel, None)
    }

    /// Presses a button of the portal's page, and then the one of ours if it asks.
    #[track_caller]
    pub(super) fn presses(&self, tab: &str, user: UserKind, button: Button, code: Option<&str>) -> String {
        let request = self.portal.portal().press(user, tab, button, code).expect("a page with a port");
        let client = Client { port: port_of(tab) };
        let page = followed(client, self.sent(client, &request));
        let Some(value) = page.split_once("name=\"value\" value=\"").map(|(_, rest)| rest) else {
            return page.replace("<wbr>", "");
        };
        let value = value.split('"').next().unwrap_or_default();
        let headers = "Origin: http://127.0.0.1:@PORT\r\nSec-Fetch-Site: same-origin\r\nSec-Fetch-Mode: navigate\r\n\
                       Sec-Fetch-Dest: document\r\nContent-Type: application/x-www-form-urlencoded\r\n";
        let page =
            followed(client, client.send(post("/press", headers, &format!("value={value}")).as_bytes()));
        // Where a long name may be broken.
        page.replace("<wbr>", "")
    }

    fn sent(&self, client: Client, request: &BrowserRequest) -> Answer {
        let path = request.url.splitn(4, '/').nth(3).unwrap_or_default();
        match request.method {
            "GET" => client.get(&format!("/{path}"), NAVIGATION),
            "POST" => {
                let headers =
                    format!("Origin: {}\r\nSec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n", self.url());
                client.send(post(&format!("/{path}"), &headers, &request.body).as_bytes())
            }
            other => panic!("a browser that sends {other}"),
        }
    }
}

/// The page to which an answer leads.
#[track_caller]
fn followed(client: Client, answer: Answer) -> String {
    if answer.status != Some(303) {
        return answer.body;
    }
    let page = client.send(get(answer.header("location"), NAVIGATION).as_bytes());
    assert_eq!(page.status, Some(200), "{}", page.body);
    page.body
}

/// The port to which a page of the portal answers.
pub(super) fn port_of(tab: &str) -> u16 {
    let port = tab.split_once("localPort=").and_then(|(_, rest)| rest.split('&').next()?.parse().ok());
    port.unwrap_or_else(|| panic!("no port in {tab}"))
}
