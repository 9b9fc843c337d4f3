//! Requests that must neither end the wait nor change anything.

use std::io::Write;
use std::net::TcpStream;

use jitpass::portal::sign_in::{self, Limits};

use super::wire::{LONG, PORTAL, Waiting, get, post, read, soon};

/// The connection is closed without an answer.
const CLOSED: u16 = 0;

/// What is sent, and the statuses it may be answered with.
struct Row {
    name: &'static str,
    bytes: Vec<u8>,
    expected: &'static [u16],
}

fn row(name: &'static str, bytes: impl Into<Vec<u8>>, expected: &'static [u16]) -> Row {
    Row { name, bytes: bytes.into(), expected }
}

/// A GET with a token that must not count.
fn token(name: &'static str, headers: &str, expected: &'static [u16]) -> Row {
    row(name, get("/?t=SIMTOKEN-evil", headers), expected)
}

/// A GET under another name.
fn host(name: &'static str, host: &str, expected: &'static [u16]) -> Row {
    row(name, format!("GET /?t=SIMTOKEN-evil HTTP/1.1\r\n{host}\r\n"), expected)
}

/// A request with another first line.
fn line(name: &'static str, line: &str, expected: &'static [u16]) -> Row {
    row(name, format!("{line}\r\nHost: 127.0.0.1:@PORT\r\nOrigin: {PORTAL}\r\n\r\n"), expected)
}

/// A POST by the portal's script, as far as it says.
fn script(name: &'static str, path: &str, body: &str, expected: &'static [u16]) -> Row {
    row(name, post(path, &format!("Origin: {PORTAL}\r\n"), body), expected)
}

fn rows() -> Vec<Row> {
    let from = |origin: &str| format!("Origin: {origin}\r\n");
    let referred = |by: &str| format!("Referer: {by}\r\n");
    let deep = format!(r#"{{"x":{}{},"token":"SIMTOKEN-evil"}}"#, "[".repeat(20_000), "]".repeat(20_000));
    let unending = format!(r#"{{"token":{}"#, "[".repeat(60_000));
    let wide = format!("{{{}\"token\":1}}", r#""token":"SIMTOKEN-evil","#.repeat(2000));
    let body_of = |n: usize| "a".repeat(n);
    let portal = from(PORTAL);
    let chunked = |chunks: &str| {
        format!(
            "POST / HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\n{portal}Transfer-Encoding: chunked\r\n\r\n{chunks}"
        )
    };
    let raw_post = |headers: &str, body: &str| {
        format!("POST / HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\n{portal}{headers}\r\n{body}")
    };
    vec![
        // Other sites' pages, in every way a browser lets them reach us.
        token("a link on another site", &referred("https://evil.com/"), &[303]),
        token(
            "a link on a site that names the portal",
            &referred("https://evil.com/https://acme.duplocloud.net/"),
            &[303],
        ),
        token(
            "a link on a site below the portal's name",
            &referred("https://acme.duplocloud.net.evil.com/"),
            &[303],
        ),
        token("a link on a site above the portal's name", &referred("https://duplocloud.net/"), &[303]),
        token("a link on the portal without encryption", &referred("http://acme.duplocloud.net/"), &[303]),
        token("a link on another port of the portal", &referred("https://acme.duplocloud.net:8443/"), &[303]),
        token("a referrer with a user name", &referred("https://acme.duplocloud.net@evil.com/"), &[303]),
        token("a referrer with the portal's user name", &referred("https://a@acme.duplocloud.net/"), &[303]),
        token("a referrer that is no address", &referred("acme.duplocloud.net"), &[303]),
        token("a referrer of another program on this machine", &referred("http://127.0.0.1:1/"), &[303]),
        token("two referrers", &(referred(PORTAL) + &referred("https://evil.com/")), &[400]),
        token("a form of another site", &from("https://evil.com"), &[303]),
        token("a sandboxed page", &from("null"), &[303]),
        token("two origins", &(from(PORTAL) + &from("https://evil.com")), &[400]),
        token(
            "the portal's origin and another's referrer",
            &(from(PORTAL) + &referred("https://evil.com/")),
            &[303],
        ),
        token("an origin with bytes that are no text", "Origin: https://\u{e9}vil.com\r\n", &[400]),
        token("an image", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n", &[403]),
        token(
            "an image of the portal's page",
            &format!("{portal}Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: image\r\n"),
            &[403],
        ),
        token("a script", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: script\r\n", &[403]),
        token("a style sheet", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: style\r\n", &[403]),
        token("a frame", "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: iframe\r\n", &[403]),
        token("an embedded object", "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: object\r\n", &[403]),
        token("a fetch", "Sec-Fetch-Mode: cors\r\nSec-Fetch-Dest: empty\r\n", &[403]),
        token("a fetch without an answer", "Sec-Fetch-Mode: no-cors\r\nSec-Fetch-Dest: empty\r\n", &[403]),
        token(
            "a prefetch",
            "Sec-Fetch-Mode: navigate\r\nSec-Fetch-Dest: document\r\nSec-Purpose: prefetch\r\n",
            &[403],
        ),
        token("a prerender", "Sec-Purpose: prefetch;prerender\r\n", &[403]),
        token("an old prefetch", "Purpose: prefetch\r\n", &[403]),
        token("a prefetch of old Firefox", "X-Moz: prefetch\r\n", &[403]),
        token("a service worker", "Service-Worker: script\r\nSec-Fetch-Dest: serviceworker\r\n", &[403]),
        token(
            "a web socket",
            "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\nSec-WebSocket-Version: 13\r\n",
            &[403],
        ),
        row("a cancel by another site", get("/?t=", &referred("https://evil.com/")), &[403]),
        row("a cancel by an image", get("/?t=", "Sec-Fetch-Dest: image\r\n"), &[403]),
        row("a post by another site", post("/", &from("https://evil.com"), "SIMTOKEN-evil"), &[403]),
        row("a post by nobody", post("/", "", "SIMTOKEN-evil"), &[403]),
        row("a post by a sandboxed page", post("/", &from("null"), "SIMTOKEN-evil"), &[403]),
        row(
            "a post by a form on the portal",
            post("/", &format!("{portal}Sec-Fetch-Mode: navigate\r\n"), "SIMTOKEN-evil"),
            &[403],
        ),
        row(
            "a post with a one-time code by another site",
            post("/v2/callbackWithOtp", &from("https://evil.com"), "{}"),
            &[403],
        ),
        row(
            "a cancel by post by another site",
            post("/v2/callbackWithOtp", &from("https://evil.com"), ""),
            &[403],
        ),
        row("a button on another site", post("/press", &from("https://evil.com"), "value=1"), &[403]),
        row("a button on the portal", post("/press", &portal, "value=1"), &[403]),
        row("a button of nobody", post("/press", "", "value=1"), &[403]),
        row(
            "a button on another of our names",
            post("/press", &from("http://localhost:@PORT"), "value=1"),
            &[403],
        ),
        row("a button without a value", post("/press", &from("http://127.0.0.1:@PORT"), "x=1"), &[400]),
        row("a button by GET", get("/press?value=1", ""), &[404]),
        row(
            "a preflight of another site",
            line("", "OPTIONS / HTTP/1.1", &[]).bytes_without_portal(),
            &[403],
        ),
        // Names that were made to lead here.
        host("no host", "", &[403]),
        host("an empty host", "Host:\r\n", &[403]),
        host("another host", "Host: evil.com\r\n", &[403]),
        host("another host with our port", "Host: evil.com:@PORT\r\n", &[403]),
        host("a host that resolves to us", "Host: 127.0.0.1.nip.io:@PORT\r\n", &[403]),
        host("our address with another port", "Host: 127.0.0.1:1\r\n", &[403]),
        host("our address without a port", "Host: 127.0.0.1\r\n", &[403]),
        host("our address in another spelling", "Host: 2130706433:@PORT\r\n", &[403]),
        host("any address", "Host: 0.0.0.0:@PORT\r\n", &[403]),
        host("two hosts", "Host: 127.0.0.1:@PORT\r\nHost: evil.com\r\n", &[400]),
        host("two hosts, ours last", "Host: evil.com\r\nHost: 127.0.0.1:@PORT\r\n", &[400]),
        host("the portal's host", "Host: acme.duplocloud.net\r\n", &[403]),
        // Paths.
        line("an icon", "GET /favicon.ico HTTP/1.1", &[404]),
        line("two slashes", "GET //?t=SIMTOKEN-evil HTTP/1.1", &[404]),
        line("two slashes and a host", "GET //evil.com/?t=SIMTOKEN-evil HTTP/1.1", &[404]),
        line("a way up", "GET /x/../?t=SIMTOKEN-evil HTTP/1.1", &[404]),
        line("an escaped slash", "GET /%2f?t=SIMTOKEN-evil HTTP/1.1", &[404]),
        line("an escaped path", "GET /v2%2FcallbackWithOtp?t= HTTP/1.1", &[404]),
        line("a backslash", "GET /\\evil.com?t=SIMTOKEN-evil HTTP/1.1", &[400, 404]),
        line("a path without a slash", "GET ?t=SIMTOKEN-evil HTTP/1.1", &[400]),
        line("the address of another host", "GET http://evil.com/?t=SIMTOKEN-evil HTTP/1.1", &[400]),
        line("our own whole address", "GET http://127.0.0.1:@PORT/?t=SIMTOKEN-evil HTTP/1.1", &[400]),
        line("a tunnel", "CONNECT evil.com:443 HTTP/1.1", &[405]),
        line("a star", "OPTIONS * HTTP/1.1", &[400, 404]),
        line("a page that is not there", "GET /page/0123456789abcdef HTTP/1.1", &[404]),
        line("the page of a stranger that never came", "GET /page/ HTTP/1.1", &[404]),
        line("a visitor", "GET / HTTP/1.1", &[200]),
        line("a visitor with a query", "GET /?token=SIMTOKEN-evil HTTP/1.1", &[200]),
        // Methods.
        line("HEAD", "HEAD /?t=SIMTOKEN-evil HTTP/1.1", &[405]),
        line("PUT", "PUT / HTTP/1.1", &[405]),
        line("DELETE", "DELETE / HTTP/1.1", &[405]),
        line("TRACE", "TRACE / HTTP/1.1", &[405]),
        line("PATCH", "PATCH /v2/callbackWithOtp HTTP/1.1", &[405]),
        line("a method of nobody", "BREW /?t=SIMTOKEN-evil HTTP/1.1", &[405]),
        line("a method in small letters", "get /?t=SIMTOKEN-evil HTTP/1.1", &[405]),
        // Tokens that are none.
        line("two tokens", "GET /?t=SIMTOKEN-evil&t=SIMTOKEN-b HTTP/1.1", &[400]),
        line("a token with a new line", "GET /?t=SIMTOKEN%0d%0aX-Evil:1 HTTP/1.1", &[303]),
        line("a token with a NUL", "GET /?t=SIMTOKEN%00 HTTP/1.1", &[303]),
        line("a token that is half escaped", "GET /?t=SIMTOKEN%2 HTTP/1.1", &[303]),
        line("a token that is no text", "GET /?t=%ff%fe HTTP/1.1", &[303]),
        line(
            "a bare token where a bundle should be",
            "GET /v2/callbackWithOtp?t=SIMTOKEN-evil HTTP/1.1",
            &[303],
        ),
        script("a token of two lines", "/", "SIMTOKEN\r\nX-Evil: 1", &[400]),
        script("a token with a NUL in the body", "/", "SIMTOKEN\0", &[400]),
        script("a token that is too long", "/", &body_of(16 * 1024 + 1), &[400]),
        script("a body that is too long", "/", &body_of(64 * 1024 + 1), &[413]),
        script("a bundle that is no JSON", "/v2/callbackWithOtp", "SIMTOKEN-evil", &[400]),
        script("a bundle without a token", "/v2/callbackWithOtp", r#"{"otp":"1"}"#, &[400]),
        script("a token that is a list", "/v2/callbackWithOtp", r#"{"token":["SIMTOKEN-evil"]}"#, &[400]),
        script("a token said twice", "/v2/callbackWithOtp", &wide, &[400]),
        script("an endless list", "/v2/callbackWithOtp", &unending, &[400]),
        script(
            "a deep bundle that is broken at its end",
            "/v2/callbackWithOtp",
            &deep[..deep.len() - 1],
            &[400],
        ),
        script(
            "a code that is too long",
            "/v2/callbackWithOtp",
            &format!(r#"{{"token":"SIMTOKEN-evil","otp":"{}"}}"#, body_of(33)),
            &[400],
        ),
        script(
            "a code with a new line",
            "/v2/callbackWithOtp",
            r#"{"token":"SIMTOKEN-evil","otp":"1\n2"}"#,
            &[400],
        ),
        // Bodies and heads whose length is a lie.
        row(
            "a body that is announced too long",
            raw_post("Content-Length: 99999999999\r\n", "SIMTOKEN-evil"),
            &[413],
        ),
        row("a length that is no number", raw_post("Content-Length: x\r\n", "SIMTOKEN-evil"), &[400]),
        row("a length below nothing", raw_post("Content-Length: -1\r\n", "SIMTOKEN-evil"), &[400]),
        row("two lengths", raw_post("Content-Length: 13\r\nContent-Length: 4\r\n", "SIMTOKEN-evil"), &[400]),
        row(
            "a length and chunks",
            raw_post(
                "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n",
                "0\r\n\r\nGET /?t=SIMTOKEN-evil HTTP/1.1\r\n\r\n",
            ),
            &[411],
        ),
        row("a coding of nobody", raw_post("Transfer-Encoding: gzip\r\n", "SIMTOKEN-evil"), &[400]),
        row(
            "two codings",
            raw_post("Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", "0\r\n\r\n"),
            &[400],
        ),
        row("a token in chunks", chunked("d\r\nSIMTOKEN-evil\r\n0\r\n\r\n"), &[411]),
        row("a chunk without a size", chunked("zz\r\nSIMTOKEN-evil\r\n0\r\n\r\n"), &[411]),
        row("a chunk without end", chunked("ffffffffffffffff\r\nSIMTOKEN-evil"), &[411]),
        row(
            "too many chunks",
            chunked(
                &"1000\r\n"
                    .chars()
                    .chain(body_of(4096).chars())
                    .chain("\r\n".chars())
                    .collect::<String>()
                    .repeat(17),
            ),
            &[411],
        ),
        row("a long header", get("/", &format!("X-Long: {}\r\n", body_of(97 * 1024))), &[431]),
        row("a long path", get(&format!("/{}", body_of(100_000)), ""), &[404, 414, 431]),
        row("many headers", get("/", &"X: 1\r\n".repeat(500)), &[431]),
        row("a header with a NUL", get("/?t=SIMTOKEN-evil", "X-Evil: a\0b\r\n"), &[400]),
        row("a header without a name", get("/?t=SIMTOKEN-evil", ": x\r\n"), &[400]),
        row(
            "a header with a space before the colon",
            get("/?t=SIMTOKEN-evil", "Origin : https://evil.com\r\n"),
            &[400],
        ),
        row("a folded header", get("/?t=SIMTOKEN-evil", "X-A: b\r\n c\r\n"), &[400]),
        // What is no HTTP/1 at all.
        row("nothing but lines", "\r\n\r\n\r\n\r\nGET\r\n\r\n", &[400]),
        row("bytes", (0..=255u8).cycle().take(4096).collect::<Vec<_>>(), &[400]),
        row("NULs", vec![0; 512], &[400]),
        row("a TLS greeting", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03".repeat(40), &[400]),
        row("HTTP/2", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0", &[400, CLOSED]),
        row("HTTP/0.9", "GET /?t=SIMTOKEN-evil\r\n\r\n", &[400]),
        row("HTTP/3 in words", "GET /?t=SIMTOKEN-evil HTTP/3.0\r\nHost: 127.0.0.1:@PORT\r\n\r\n", &[400]),
        row(
            "an old request of another host",
            "GET /?t=SIMTOKEN-evil HTTP/1.0\r\nHost: evil.com\r\n\r\n",
            &[403],
        ),
        row("an old request without a host", "GET /?t=SIMTOKEN-evil HTTP/1.0\r\n\r\n", &[403]),
        row("mail", "EHLO evil.com\r\nMAIL FROM:<a@evil.com>\r\n\r\n", &[400]),
        // A second request behind one that is refused: the connection ends with the first.
        row(
            "a request behind another",
            format!("{}{}", get("/favicon.ico", ""), get("/?t=SIMTOKEN-evil", "")),
            &[404],
        ),
    ]
}

impl Row {
    /// The same bytes with another site's origin in place of the portal's.
    fn bytes_without_portal(self) -> Vec<u8> {
        String::from_utf8(self.bytes).expect("it is text").replace(PORTAL, "https://evil.com").into_bytes()
    }
}

#[test]
fn nothing_stray_counts_or_ends_the_wait() {
    let waiting = Waiting::start();
    let rows = rows();
    assert!(rows.len() > 100, "{}", rows.len());
    let mut wrong = Vec::new();
    for row in &rows {
        let answer = waiting.send(&row.bytes);
        let status = answer.status.unwrap_or(CLOSED);
        if !row.expected.contains(&status) {
            wrong.push(format!("{}: {status} instead of {:?}\n{}", row.name, row.expected, answer.head));
        }
        // Where an answer is ours, nobody may keep it, frame it or read it.
        let ours = !answer.header("content-security-policy").is_empty();
        if [200, 303, 403, 404, 405, 411, 413].contains(&status) {
            assert!(ours, "{}: {}", row.name, answer.head);
        }
        let text = format!("{}{}", answer.head, answer.body);
        assert!(!text.contains("SIMTOKEN"), "{}: it says the token: {text}", row.name);
        assert_eq!(text.matches("HTTP/1.").count(), usize::from(status != CLOSED), "{}: {text}", row.name);
        let lets_read = answer.header("access-control-allow-origin");
        assert!(lets_read.is_empty() || lets_read == PORTAL, "{}: {lets_read}", row.name);
        waiting.assert_nothing_came(row.name);
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    still_accepts(&waiting);
}

#[test]
fn one_connection_too_many_is_closed_at_once() {
    let waiting = Waiting::within(Limits { head: LONG, ..Limits::default() });
    let idle: Vec<TcpStream> = (0..64).map(|_| waiting.connect()).collect();
    let answer = read(waiting.connect());
    assert_eq!(answer.status, None, "{answer:?}");
    drop(idle);
    let deadline = soon();
    while waiting.get("/favicon.ico", "").status != Some(404) {
        assert!(std::time::Instant::now() < deadline, "the listener never has room again");
    }
    still_accepts(&waiting);
}

#[test]
fn connections_that_are_given_up_leave_nothing_behind() {
    let waiting = Waiting::start();
    for part in ["", "G", "GET / HTTP/1.1\r\n", "POST / HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\n"] {
        let mut stream = waiting.connect();
        stream.write_all(&waiting.filled(part.as_bytes())).expect("a few bytes can be sent");
        drop(stream);
    }
    let announced =
        format!("POST / HTTP/1.1\r\nHost: 127.0.0.1:@PORT\r\nOrigin: {PORTAL}\r\nContent-Length: 13\r\n\r\n");
    let answer = waiting.send_and_end(format!("{announced}SIMTOK").as_bytes());
    assert!([None, Some(400)].contains(&answer.status), "{answer:?}");
    waiting.assert_nothing_came("half a token");
    still_accepts(&waiting);
}

/// A real callback works as if nothing had been.
#[track_caller]
fn still_accepts(waiting: &Waiting) {
    let (answer, page) = waiting.visit(&get("/?t=SIMTOKEN-good", ""), |visit| match visit {
        sign_in::Visit::Delivery { token, otp: None, is_proven: false, reply } => {
            assert_eq!(token.expose(), "SIMTOKEN-good");
            reply.give(sign_in::Answer::SignedIn { person: "pat@example.com".to_owned() })
        }
        other => panic!("{other:?}"),
    });
    assert_eq!(answer.status, Some(303));
    assert!(page.expect("a navigation gets a page").ends_with(answer.header("location")));
}
