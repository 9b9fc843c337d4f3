//! What a request to the listener means. Nothing happens here.
//!
//! The protocol has no nonce: any web page can make a browser send a request here. So a request counts only when it
//! comes in one of the portal's ways (`portal-api.md` 3.2), under one of our own names, and from nobody else's page;
//! whether it *certainly* comes from the portal's is said along (`is_proven`). What does not count is refused and
//! ends nothing.

use hyper::Method;
use hyper::header::{HeaderMap, HeaderName, TRANSFER_ENCODING, UPGRADE};
use hyper::http::request::Parts;

use super::caller::{Ambiguous, Caller, Door, single};
use super::token_text::{self, Brought};
use crate::base::Secret;

/// What a request means, as far as its head tells.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Heard {
    /// The portal's answer.
    Callback(Callback),
    /// The body decides.
    Form(Form),
    /// The browser asks whether the portal's script may speak to us.
    Preflight,
    /// One of our own pages: what follows `/page/`.
    Page(String),
    /// A visitor without an answer: a port scanner, a curious person.
    Visitor,
    /// Nothing that is served.
    Refused(Refusal),
}

/// The portal's answer to a sign-in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Callback {
    /// The person pressed Authorize.
    Token { token: Secret, otp: Option<Secret>, is_proven: bool },
    /// The person pressed Cancel.
    Cancel { is_proven: bool },
}

/// A request whose body decides. Its kind is never asked for: portals send whatever needs no preflight.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// The bare token.
    Token,
    /// The token and a one-time code.
    Bundle,
    /// The button of one of our pages.
    Press,
}

/// Why a request is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    /// It could be read in more than one way, or goes to some other server.
    Malformed(&'static str),
    /// Its body has no length.
    Endless,
    /// It was addressed to a name that is not ours.
    Misled,
    /// It comes from another page than the portal's.
    Stranger {
        /// That page's origin.
        origin: String,
        /// Whether a person waits for what comes of it, and a token may stand in the address bar.
        is_delivery: bool,
    },
    /// A browser sent it, but not to show the answer to a person: an image, a frame, a script, a prefetch.
    Unseen,
    /// It does not say who sends it, as a browser would.
    Anonymous,
    /// What should be a token is none.
    Unreadable,
    /// There is nothing of that name.
    NotFound,
    /// Not done in this way; the ways it is done.
    Method(&'static str),
}

impl From<Ambiguous> for Refusal {
    fn from(Ambiguous: Ambiguous) -> Self {
        Self::Malformed("a header came twice or is not text")
    }
}

/// The path of portals that pass a one-time code on.
const WITH_OTP: &str = "/v2/callbackWithOtp";
const PRESS: &str = "/press";
const PAGE: &str = "/page/";

/// Reads the head of a request.
pub(super) fn hear(head: &Parts, door: &Door<'_>) -> Heard {
    let heard = match head.method {
        Method::GET => hear_get(head, door),
        Method::POST => hear_post(head, door),
        Method::OPTIONS => hear_options(head, door),
        _ => Err(Refusal::Method("GET, POST, OPTIONS")),
    };
    heard.unwrap_or_else(Heard::Refused)
}

impl Form {
    /// Reads the body of a request that came in this form.
    pub(super) fn read(self, body: &[u8]) -> Result<Filled, Refusal> {
        let brought = match self {
            Self::Token => token_text::bare_in_body(body),
            Self::Bundle => token_text::bundle_in_body(body),
            Self::Press => return pressed(body).map(Filled::Press).ok_or(Refusal::Unreadable),
        };
        // Only requests with the portal's origin get this far.
        callback(brought, true).map(Filled::Callback)
    }
}

/// A form with its body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filled {
    /// The portal's answer.
    Callback(Callback),
    /// The one-time value of the button.
    Press(String),
}

fn hear_get(head: &Parts, door: &Door<'_>) -> Result<Heard, Refusal> {
    own_address(head, door)?;
    let path = head.uri.path();
    let page = path.strip_prefix(PAGE);
    if path != "/" && path != WITH_OTP && page.is_none() {
        return Err(Refusal::NotFound);
    }
    shown_to_a_person(&head.headers)?;
    // Who led a person to a page of ours is no matter: its name cannot be guessed.
    if let Some(name) = page {
        return Ok(Heard::Page(name.to_owned()));
    }
    let value = token_parameter(head.uri.query().unwrap_or_default())?;
    let is_proven = match door.caller(&head.headers)? {
        Caller::Portal => true,
        // So it is when the portal leads on at once a person whom a page of ours led to it.
        Caller::Unnamed | Caller::Ourselves => false,
        Caller::Stranger(origin) => {
            let is_delivery = value.is_some_and(|value| !value.is_empty());
            return Err(Refusal::Stranger { origin, is_delivery });
        }
    };
    let brought = match value {
        None if path == "/" => return Ok(Heard::Visitor),
        None => return Err(Refusal::NotFound),
        Some(value) if path == "/" => token_text::bare_in_query(value),
        Some(value) => token_text::bundle_in_query(value),
    };
    callback(brought, is_proven).map(Heard::Callback)
}

fn hear_post(head: &Parts, door: &Door<'_>) -> Result<Heard, Refusal> {
    let host = own_address(head, door)?;
    let form = form_at(head.uri.path())?;
    let caller = door.caller(&head.headers)?;
    let Some(origin) = single(&head.headers, hyper::header::ORIGIN)? else { return Err(Refusal::Anonymous) };
    match (form, caller) {
        (_, Caller::Stranger(origin)) => return Err(Refusal::Stranger { origin, is_delivery: false }),
        (Form::Press, Caller::Ourselves) => {
            // A page under another of our names is ours too, but none of ours sends its button there.
            let own = origin.strip_prefix("http://").is_some_and(|name| name.eq_ignore_ascii_case(host));
            if !own || said(&head.headers, FETCH_SITE)?.is_some_and(|site| site != "same-origin") {
                return Err(Refusal::Stranger { origin: origin.to_owned(), is_delivery: false });
            }
            if said(&head.headers, FETCH_MODE)?.is_some_and(|mode| mode != "navigate") {
                return Err(Refusal::Unseen);
            }
        }
        (Form::Token | Form::Bundle, Caller::Portal) => {
            let by_script = |mode| ["cors", "no-cors"].contains(&mode);
            let mode = said(&head.headers, FETCH_MODE)?;
            let destination = said(&head.headers, FETCH_DEST)?;
            if mode.is_some_and(|mode| !by_script(mode)) || destination.is_some_and(|to| to != "empty") {
                return Err(Refusal::Unseen);
            }
        }
        _ => return Err(Refusal::Stranger { origin: origin.to_owned(), is_delivery: false }),
    }
    Ok(Heard::Form(form))
}

fn hear_options(head: &Parts, door: &Door<'_>) -> Result<Heard, Refusal> {
    own_address(head, door)?;
    if form_at(head.uri.path())? == Form::Press {
        // A page of ours needs no permission.
        return Err(Refusal::Method("POST"));
    }
    match door.caller(&head.headers)? {
        Caller::Portal => Ok(Heard::Preflight),
        Caller::Stranger(origin) => Err(Refusal::Stranger { origin, is_delivery: false }),
        Caller::Ourselves | Caller::Unnamed => Err(Refusal::Anonymous),
    }
}

/// Refuses what is not addressed to us in the plain way of a browser; gives the name we were called by.
fn own_address<'h>(head: &'h Parts, door: &Door<'_>) -> Result<&'h str, Refusal> {
    let host = door.own_host(&head.headers)?.ok_or(Refusal::Misled)?;
    if head.uri.authority().is_some() || head.uri.scheme().is_some() {
        return Err(Refusal::Malformed("this is not a proxy"));
    }
    // No browser sends a body in chunks over HTTP/1, and a length beside them would be a second truth.
    if head.headers.contains_key(TRANSFER_ENCODING) {
        return Err(Refusal::Endless);
    }
    Ok(host)
}

fn form_at(path: &str) -> Result<Form, Refusal> {
    match path {
        "/" => Ok(Form::Token),
        WITH_OTP => Ok(Form::Bundle),
        PRESS => Ok(Form::Press),
        _ if path.starts_with(PAGE) => Err(Refusal::Method("GET")),
        _ => Err(Refusal::NotFound),
    }
}

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// What a browser sends along when nobody asked for the page yet, or when it is no page that it loads.
const UNSEEN: [HeaderName; 5] = [
    HeaderName::from_static("sec-purpose"),
    HeaderName::from_static("purpose"),
    HeaderName::from_static("x-moz"),
    HeaderName::from_static("service-worker"),
    HeaderName::from_static("sec-websocket-key"),
];

/// Refuses what a browser loads for a page instead of showing it. Browsers that do not say so pass; `Sec-Fetch-Site`
/// is no help, since a real portal is another site.
fn shown_to_a_person(headers: &HeaderMap) -> Result<(), Refusal> {
    let is_else = |name, usual| said(headers, name).map(|value| value.is_some_and(|value| value != usual));
    let is_websocket = said(headers, UPGRADE)?.is_some_and(|to| to.eq_ignore_ascii_case("websocket"));
    if is_else(FETCH_MODE, "navigate")?
        || is_else(FETCH_DEST, "document")?
        || is_websocket
        || UNSEEN.into_iter().any(|name| headers.contains_key(name))
    {
        return Err(Refusal::Unseen);
    }
    Ok(())
}

fn said(headers: &HeaderMap, name: HeaderName) -> Result<Option<&str>, Refusal> {
    Ok(single(headers, name)?.map(str::trim))
}

/// The value of the parameter `t`, as escaped as it came.
fn token_parameter(query: &str) -> Result<Option<&str>, Refusal> {
    let mut values = query.split('&').filter_map(|pair| match pair.split_once('=') {
        Some(("t", value)) => Some(value),
        None if pair == "t" => Some(""),
        _ => None,
    });
    match (values.next(), values.next()) {
        (value, None) => Ok(value),
        _ => Err(Refusal::Malformed("two tokens at once")),
    }
}

fn callback(brought: Brought, is_proven: bool) -> Result<Callback, Refusal> {
    match brought {
        Brought::Token(token, otp) => Ok(Callback::Token { token, otp, is_proven }),
        Brought::Nothing => Ok(Callback::Cancel { is_proven }),
        Brought::Unreadable => Err(Refusal::Unreadable),
    }
}

/// The value of a pressed button, as our own pages send it.
fn pressed(body: &[u8]) -> Option<String> {
    let value = std::str::from_utf8(body).ok()?.strip_prefix("value=")?;
    let value = token_text::unescape(value)?;
    let is_plain = (1..=128).contains(&value.len()) && value.bytes().all(|byte| byte.is_ascii_graphic());
    is_plain.then_some(value)
}

#[cfg(test)]
mod tests {
    use hyper::Request;

    use super::*;

    const PORTAL: &str = "origin: https://acme.duplocloud.net";
    const FROM_PORTAL: &str = "referer: https://acme.duplocloud.net/app/user/verify-token";
    const NAVIGATION: &str = "sec-fetch-site: cross-site|sec-fetch-mode: navigate|sec-fetch-dest: document";
    const BUNDLE: &str = "%7B%22token%22%3A%22SIMTOKEN-a%22%2C%22otp%22%3A%22012345%22%7D";

    /// What `GET /path` means with these headers (parted by `|`), under one of our names unless they say another.
    fn heard(line: &str, headers: &str) -> Heard {
        let (method, target) = line.split_once(' ').unwrap();
        let mut request = Request::builder().method(method).uri(target);
        if !headers.split('|').any(|line| line.starts_with("host: ")) {
            request = request.header("host", "127.0.0.1:4100");
        }
        for (name, value) in headers.split('|').filter_map(|line| line.split_once(": ")) {
            request = request.header(name, value);
        }
        let portal = "https://acme.duplocloud.net".parse().unwrap();
        let head = request.body(()).unwrap().into_parts().0;
        hear(&head, &Door { portal: &portal, port: 4100 })
    }

    /// In short, for tables.
    fn said(heard: &Heard) -> String {
        let sure = |is_proven: bool| if is_proven { "proven" } else { "unproven" };
        match heard {
            Heard::Callback(Callback::Token { token, otp, is_proven }) => {
                let otp = otp.as_ref().map(|otp| format!(" with {}", otp.expose())).unwrap_or_default();
                format!("{} {}{otp}", sure(*is_proven), token.expose())
            }
            Heard::Callback(Callback::Cancel { is_proven }) => format!("{} cancel", sure(*is_proven)),
            Heard::Form(form) => format!("{form:?}"),
            Heard::Preflight => "preflight".to_owned(),
            Heard::Page(name) => format!("page {name}"),
            Heard::Visitor => "visitor".to_owned(),
            Heard::Refused(Refusal::Stranger { origin, is_delivery: true }) => format!("token from {origin}"),
            Heard::Refused(Refusal::Stranger { origin, .. }) => format!("stranger {origin}"),
            Heard::Refused(refusal) => format!("{refusal:?}"),
        }
    }

    #[track_caller]
    fn table(rows: &[(&str, &str, &str)]) {
        for (line, headers, expected) in rows {
            assert_eq!(said(&heard(line, headers)), *expected, "{line} {headers}");
        }
    }

    #[test]
    fn every_way_of_the_portal() {
        let otp = format!("GET /v2/callbackWithOtp?t={BUNDLE}");
        table(&[
            ("GET /?t=SIMTOKEN-a", "", "unproven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", NAVIGATION, "unproven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", FROM_PORTAL, "proven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", "referer: https://ACME.duplocloud.net:443/", "proven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", PORTAL, "proven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", "referer: http://localhost:4100/", "unproven SIMTOKEN-a"),
            ("GET /?t=SIMTOKEN-a", "host: [::1]:4100", "unproven SIMTOKEN-a"),
            ("GET /?x=1&t=SIMTOKEN%252Da&y", "", "unproven SIMTOKEN-a"),
            (&otp, "", "unproven SIMTOKEN-a with 012345"),
            (&otp, FROM_PORTAL, "proven SIMTOKEN-a with 012345"),
            ("GET /?t=", "", "unproven cancel"),
            ("GET /?t", FROM_PORTAL, "proven cancel"),
            ("GET /v2/callbackWithOtp?t=", "", "unproven cancel"),
            ("GET /v2/callbackWithOtp?t=", FROM_PORTAL, "proven cancel"),
            ("POST /", PORTAL, "Token"),
            ("POST /", "origin: https://ACME.duplocloud.net:443", "Token"),
            ("POST /v2/callbackWithOtp", PORTAL, "Bundle"),
            (
                "POST /",
                "origin: https://acme.duplocloud.net|sec-fetch-site: cross-site|sec-fetch-mode: cors|sec-fetch-dest: empty",
                "Token",
            ),
            (
                "POST /v2/callbackWithOtp",
                "origin: https://acme.duplocloud.net|sec-fetch-site: same-site|sec-fetch-mode: no-cors|content-type: text/plain",
                "Bundle",
            ),
            ("OPTIONS /", PORTAL, "preflight"),
            ("OPTIONS /v2/callbackWithOtp", PORTAL, "preflight"),
            ("GET /", "", "visitor"),
            ("GET /?x=1", FROM_PORTAL, "visitor"),
            ("GET /page/0123", FROM_PORTAL, "page 0123"),
            ("GET /page/0123", "referer: https://evil.com/", "page 0123"),
            ("POST /press", "origin: http://127.0.0.1:4100", "Press"),
            (
                "POST /press",
                "host: localhost:4100|origin: http://localhost:4100|sec-fetch-site: same-origin|sec-fetch-mode: navigate",
                "Press",
            ),
        ]);
    }

    #[test]
    fn what_does_not_count() {
        let twice = r#"Malformed("two tokens at once")"#;
        let again = r#"Malformed("a header came twice or is not text")"#;
        table(&[
            // Names.
            ("GET /?t=SIMTOKEN-a", "host: evil.com:4100", "Misled"),
            ("GET /?t=SIMTOKEN-a", "host: 127.0.0.1:4101", "Misled"),
            ("GET /page/0123", "host: evil.com", "Misled"),
            ("POST /", "host: evil.com|origin: https://acme.duplocloud.net", "Misled"),
            ("OPTIONS /", "host: evil.com|origin: https://acme.duplocloud.net", "Misled"),
            ("GET /", "host: 127.0.0.1:4100|host: evil.com", again),
            ("GET http://127.0.0.1:4100/?t=SIMTOKEN-a", "", r#"Malformed("this is not a proxy")"#),
            // Others' pages.
            ("GET /?t=SIMTOKEN-a", "referer: https://evil.com/x", "token from https://evil.com"),
            ("GET /?t=SIMTOKEN-a", "origin: null", "token from null"),
            ("GET /?t=", "referer: https://evil.com/x", "stranger https://evil.com"),
            ("GET /", "referer: https://evil.com/x", "stranger https://evil.com"),
            ("POST /", "origin: https://evil.com", "stranger https://evil.com"),
            ("POST /", "origin: null", "stranger null"),
            ("POST /", "", "Anonymous"),
            ("POST /", FROM_PORTAL, "Anonymous"),
            ("POST /", "origin: http://127.0.0.1:4100", "stranger http://127.0.0.1:4100"),
            ("OPTIONS /", "", "Anonymous"),
            ("OPTIONS /", "origin: https://evil.com", "stranger https://evil.com"),
            ("POST /press", PORTAL, "stranger https://acme.duplocloud.net"),
            ("POST /press", "origin: http://localhost:4100", "stranger http://localhost:4100"),
            ("POST /press", "origin: null", "stranger null"),
            ("POST /press", "", "Anonymous"),
            (
                "POST /press",
                "origin: http://127.0.0.1:4100|sec-fetch-site: same-site",
                "stranger http://127.0.0.1:4100",
            ),
            ("POST /press", "origin: http://127.0.0.1:4100|sec-fetch-mode: cors", "Unseen"),
            ("OPTIONS /press", PORTAL, r#"Method("POST")"#),
            // What nobody sees.
            ("GET /?t=SIMTOKEN-a", "sec-fetch-mode: no-cors|sec-fetch-dest: image", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "sec-fetch-mode: navigate|sec-fetch-dest: iframe", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "origin: https://acme.duplocloud.net|sec-fetch-mode: cors", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "sec-fetch-mode: navigate|sec-purpose: prefetch;prerender", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "purpose: prefetch", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "service-worker: script", "Unseen"),
            ("GET /?t=SIMTOKEN-a", "upgrade: WebSocket", "Unseen"),
            ("GET /page/0123", "sec-fetch-dest: iframe", "Unseen"),
            ("POST /", "origin: https://acme.duplocloud.net|sec-fetch-mode: navigate", "Unseen"),
            ("POST /", "origin: https://acme.duplocloud.net|sec-fetch-dest: document", "Unseen"),
            // Not clear.
            ("GET /?t=SIMTOKEN-a&t=SIMTOKEN-b", "", twice),
            ("GET /?t=&t=SIMTOKEN-b", "", twice),
            ("POST /", "origin: https://acme.duplocloud.net|transfer-encoding: chunked", "Endless"),
            ("GET /?t=%zz", "", "Unreadable"),
            ("GET /?t=SIMTOKEN%0Ab", "", "Unreadable"),
            ("GET /v2/callbackWithOtp?t=SIMTOKEN-a", "", "Unreadable"),
            // Not there.
            ("GET /favicon.ico", "sec-fetch-mode: no-cors|sec-fetch-dest: image", "NotFound"),
            ("GET /v2/callbackWithOtp", "", "NotFound"),
            ("GET /v2/callbackWithOtp/?t=", "", "NotFound"),
            ("GET //?t=SIMTOKEN-a", "", "NotFound"),
            ("GET /./?t=SIMTOKEN-a", "", "NotFound"),
            ("GET /%2F?t=SIMTOKEN-a", "", "NotFound"),
            ("GET /V2/callbackwithotp?t=", "", "NotFound"),
            ("GET /press", "", "NotFound"),
            ("POST /other", PORTAL, "NotFound"),
            ("POST /page/0123", PORTAL, r#"Method("GET")"#),
            ("HEAD /?t=SIMTOKEN-a", "", r#"Method("GET, POST, OPTIONS")"#),
            ("PUT /", PORTAL, r#"Method("GET, POST, OPTIONS")"#),
            ("BREW /", "", r#"Method("GET, POST, OPTIONS")"#),
        ]);
    }

    #[test]
    fn bodies() {
        let brought = |form: Form, body: &str| match form.read(body.as_bytes()) {
            Ok(Filled::Callback(callback)) => said(&Heard::Callback(callback)),
            Ok(Filled::Press(value)) => format!("press {value}"),
            Err(refusal) => format!("{refusal:?}"),
        };
        for (form, body, expected) in [
            (Form::Token, "SIMTOKEN-a", "proven SIMTOKEN-a"),
            (Form::Token, "", "proven cancel"),
            (Form::Token, "a b", "Unreadable"),
            (Form::Bundle, r#"{"token":"SIMTOKEN-a"}"#, "proven SIMTOKEN-a"),
            (Form::Bundle, r#"{"token":"SIMTOKEN-a","otp":"012345"}"#, "proven SIMTOKEN-a with 012345"),
            (Form::Bundle, "", "proven cancel"),
            (Form::Bundle, "SIMTOKEN-a", "Unreadable"),
            (Form::Press, "value=0a1b", "press 0a1b"),
            (Form::Press, "value=%30a", "press 0a"),
            (Form::Press, "value=", "Unreadable"),
            (Form::Press, "", "Unreadable"),
            (Form::Press, "other=1", "Unreadable"),
            (Form::Press, "value=%0A", "Unreadable"),
        ] {
            assert_eq!(brought(form, body), expected, "{form:?} {body}");
        }
        assert_eq!(brought(Form::Press, &format!("value={}", "a".repeat(129))), "Unreadable");
    }
}
