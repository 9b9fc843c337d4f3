//! A listener, and a client that sends exactly what it is told.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpStream};
use std::ops::Deref;
use std::time::{Duration, Instant};

use jitpass::base::PortalAddress;
use jitpass::portal::sign_in::{Desk, Limits, Listener, Visit};

/// The portal that is waited for.
pub(super) const PORTAL: &str = "https://acme.duplocloud.net";

/// A listener that waits for [`PORTAL`].
pub(super) struct Waiting {
    pub(super) desk: Desk,
    pub(super) client: Client,
}

/// Who sends to a listener, from any thread.
#[derive(Debug, Clone, Copy)]
pub(super) struct Client {
    pub(super) port: u16,
}

impl Deref for Waiting {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// An answer as it came over the wire. Without a status the connection was closed without one.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) status: Option<u16>,
    pub(super) head: String,
    pub(super) body: String,
}

/// Long enough for any answer on a machine that is busy.
pub(super) const LONG: Duration = Duration::from_secs(60);

pub(super) fn soon() -> Instant {
    Instant::now() + LONG
}

impl Waiting {
    pub(super) fn start() -> Self {
        Self::within(Limits::default())
    }

    pub(super) fn within(limits: Limits) -> Self {
        let listener = Listener::bind(None).expect("some port is free").within(limits);
        let port = listener.port();
        let portal = PortalAddress::new(PORTAL.parse().expect("it is an address"), None);
        let desk = listener.serve(portal, false).expect("a thread can be started");
        Self { desk, client: Client { port } }
    }

    /// Sends a request that needs a decision, and gives what is at the desk meanwhile to `decide`.
    pub(super) fn visit<T>(&self, request: &str, decide: impl FnOnce(Visit) -> T) -> (Answer, T) {
        std::thread::scope(|scope| {
            let client = self.client;
            let answer = scope.spawn(move || client.send(request.as_bytes()));
            let visit = self.desk.next(soon()).expect("the request needs a decision");
            let decided = decide(visit);
            (answer.join().expect("the client does not panic"), decided)
        })
    }

    /// Whether nothing has come to the desk.
    #[track_caller]
    pub(super) fn assert_nothing_came(&self, why: &str) {
        let visit = self.desk.next(Instant::now());
        assert!(visit.is_none(), "{why}: {visit:?}");
    }
}

impl Client {
    pub(super) fn connect(self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the listener listens");
        stream.set_read_timeout(Some(LONG)).expect("a timeout can be set");
        stream
    }

    /// Sends bytes on a connection of their own, in which `@PORT` stands for the port, and reads to the end.
    pub(super) fn send(self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        // The listener may close before it has read everything.
        let _ = stream.write_all(&self.filled(bytes));
        read(stream)
    }

    /// The same, saying that nothing follows.
    pub(super) fn send_and_end(self, bytes: &[u8]) -> Answer {
        let mut stream = self.connect();
        let _ = stream.write_all(&self.filled(bytes));
        let _ = stream.shutdown(Shutdown::Write);
        read(stream)
    }

    pub(super) fn filled(self, bytes: &[u8]) -> Vec<u8> {
        let (mark, port) = (b"@PORT".as_slice(), self.port.to_string());
        let mut filled = Vec::with_capacity(bytes.len());
        let mut rest = bytes;
        while let Some(at) = rest.windows(mark.len()).position(|window| window == mark) {
            filled.extend_from_slice(&rest[..at]);
            filled.extend_from_slice(port.as_bytes());
            rest = &rest[at + mark.len()..];
        }
        filled.extend_from_slice(rest);
        filled
    }

    /// A GET as a browser's address bar sends it, with further headers.
    pub(super) fn get(self, path: &str, headers: &str) -> Answer {
        self.send(get(path, headers).as_bytes())
    }
}

/// A GET, `Host` and all.
pub(super) fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\n{headers}\r\n")
}

/// A POST.
pub(super) fn post(path: &str, headers: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    )
}

/// Reads an answer to the end of the connection.
pub(super) fn read(mut stream: TcpStream) -> Answer {
    let mut bytes = Vec::new();
    // A connection that is reset has ended too.
    let end = stream.read_to_end(&mut bytes);
    let timed_out = end.as_ref().is_err_and(|error| {
        matches!(error.kind(), std::io::ErrorKind::WouldBlock | std::io::ErrorKind::TimedOut)
    });
    assert!(!timed_out, "no end of the connection after {LONG:?}: {bytes:?}");
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let (head, body) = text.split_once("\r\n\r\n").unwrap_or((&text, ""));
    let status = head.split(' ').nth(1).and_then(|code| code.parse().ok());
    Answer { status, head: head.to_owned(), body: body.to_owned() }
}

impl Answer {
    /// What a person reads of a page.
    pub(super) fn text(&self) -> String {
        let mut parts = self.body.split('<');
        let before = parts.next().unwrap_or_default();
        let after = parts.map(|part| part.split_once('>').map_or("", |(_, text)| text));
        format!("{before}{}", after.collect::<String>()).replace("&#x2f;", "/").replace("&#8209;", "-")
    }

    /// A header, or nothing.
    pub(super) fn header(&self, name: &str) -> &str {
        let fields = self.head.lines().filter_map(|line| line.split_once(':'));
        fields
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.trim())
            .next()
            .unwrap_or("")
    }
}
