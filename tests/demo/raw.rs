//! A client that sees every byte.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use jitpass::base::PortalUrl;
use jitpass::demo::portal::{Portal, Running, Scenario};
use serde_json::Value;

/// Starts a portal on a free port.
pub(crate) fn start(words: &str) -> Running {
    let scenario = Scenario::named(words).expect("the words of a test are right");
    Portal::start(scenario, ([127, 0, 0, 1], 0).into()).expect("port 0 is always free")
}

/// An answer as it came over the wire.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: String,
    /// How the connection ended.
    pub(crate) end: io::Result<()>,
}

impl Answer {
    /// A header, or nothing.
    pub(crate) fn header(&self, name: &str) -> &str {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields
            .filter(|(n, _)| n.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
            .unwrap_or("")
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {}", self.body))
    }
}

/// A request that can be sent.
#[derive(Debug, Clone)]
pub(crate) struct Ask<'a> {
    method: &'a str,
    path: &'a str,
    headers: Vec<String>,
    body: &'a str,
}

/// A GET.
pub(crate) fn get(path: &str) -> Ask<'_> {
    Ask { method: "GET", path, headers: Vec::new(), body: "" }
}

/// A request with a method and a body.
pub(crate) fn send<'a>(method: &'a str, path: &'a str, body: &'a str) -> Ask<'a> {
    Ask { method, path, headers: Vec::new(), body }
}

impl Ask<'_> {
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push(format!("{name}: {value}\r\n"));
        self
    }

    /// With a portal token; without when it is empty.
    pub(crate) fn token(self, token: &str) -> Self {
        if token.is_empty() { self } else { self.header("Authorization", &format!("Bearer {token}")) }
    }

    /// Sends it on a connection of its own and reads to the end of that.
    pub(crate) fn to(&self, portal: &PortalUrl) -> Answer {
        let mut stream = TcpStream::connect(portal.authority()).expect("the portal listens");
        stream.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout can be set");
        let Self { method, path, body, .. } = self;
        let (host, length, headers) = (portal.authority(), body.len(), self.headers.concat());
        let request = format!(
            "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {length}\r\n\
             {headers}\r\n{body}"
        );
        stream.write_all(request.as_bytes()).expect("the portal reads");
        let mut bytes = Vec::new();
        let end = stream.read_to_end(&mut bytes).map(|_| ());
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
        let status = head.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_default();
        Answer { status, head: head.to_owned(), body: body.to_owned(), end }
    }
}
