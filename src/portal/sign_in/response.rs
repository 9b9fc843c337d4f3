//! Answers as bytes, with the headers that keep them to themselves.

use http_body_util::Full;
use hyper::body::Bytes;
use hyper::header::{self, HeaderMap, HeaderName, HeaderValue};
use hyper::{Response, StatusCode};

use super::pages::Html;

/// An answer.
pub(super) type Wire = Response<Full<Bytes>>;

/// What every answer says: do not keep it, do not frame it, do not guess its kind, do not let another site see it.
/// `same-origin`, not `no-referrer`: with the latter the button of a page would come without an origin.
const ALWAYS: [(HeaderName, &str); 8] = [
    (header::CACHE_CONTROL, "no-store"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "same-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (header::CONNECTION, "close"),
    (header::CONTENT_TYPE, "text/plain; charset=utf-8"),
];

/// A word for a program.
pub(super) fn word(status: StatusCode, text: &str) -> Wire {
    let policy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
    let mut response = bare(status, text.to_owned());
    response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(policy));
    response
}

/// A page for a person.
pub(super) fn page(status: StatusCode, page: Html) -> Wire {
    // The nonce consists of hexadecimal digits.
    let policy = format!(
        "default-src 'none'; style-src 'nonce-{}'; img-src data:; base-uri 'none'; form-action 'self'; \
         frame-ancestors 'none'",
        page.nonce
    );
    let mut response = bare(status, page.text);
    set(response.headers_mut(), header::CONTENT_SECURITY_POLICY, &policy);
    set(response.headers_mut(), header::CONTENT_TYPE, "text/html; charset=utf-8");
    response
}

/// Leads the browser on by a GET, so that the address it has been to is not kept.
pub(super) fn lead_to(path: &str) -> Wire {
    let mut response = word(StatusCode::SEE_OTHER, "");
    set(response.headers_mut(), header::LOCATION, path);
    response
}

/// Lets the portal's script, whose origin this is as the browser spells it, read an answer.
pub(super) fn let_read(response: &mut Wire, origin: &HeaderValue) {
    let headers = response.headers_mut();
    headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin.clone());
    headers.insert(header::VARY, HeaderValue::from_static("Origin"));
    // A script may also send without asking to read (`no-cors`); told to keep off, it would see a network failure.
    set(headers, HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");
}

/// Lets the portal's script send what it asks leave for. `asked` is the list of headers it names: portals add their
/// own to everything they send.
pub(super) fn preflight(origin: &HeaderValue, asked: Option<&HeaderValue>) -> Wire {
    let mut response = word(StatusCode::NO_CONTENT, "");
    let_read(&mut response, origin);
    let headers = response.headers_mut();
    headers.remove(header::CONTENT_TYPE);
    set(headers, header::ACCESS_CONTROL_ALLOW_METHODS, "GET, POST, OPTIONS");
    let usual = HeaderValue::from_static("X-Requested-With, Accept, Content-Type");
    headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, asked.cloned().unwrap_or(usual));
    // Chromium asks it before a public page may speak to this machine.
    set(headers, HeaderName::from_static("access-control-allow-private-network"), "true");
    response
}

/// Adds a header whose value is text of ours.
pub(super) fn set(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    let value = HeaderValue::from_str(value).expect("text of ours holds visible ASCII only");
    headers.insert(name, value);
}

fn bare(status: StatusCode, text: String) -> Wire {
    let mut response = Response::new(Full::new(Bytes::from(text)));
    *response.status_mut() = status;
    for (name, value) in ALWAYS {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}
