//! One request, and what is at hand while it is answered.

use std::collections::HashMap;

use axum::body::Bytes;
use axum::http::{HeaderMap, Method, Uri, header};

use super::clock::Clock;
use super::faults::Faults;
use super::form;
use super::issue::Issuer;
use super::scenario::Scenario;
use super::tenants::Tenants;
use super::users::{Tokens, UserKind};
use crate::base::Timestamp;

/// A request, taken apart.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    /// Without slashes at either end or twice in a row: duploctl asks for `//v3/…`.
    pub(super) path: String,
    /// The query as it came.
    pub(super) query_text: String,
    pub(super) query: Vec<(String, String)>,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    pub(super) fn new(method: Method, uri: &Uri, headers: HeaderMap, body: Bytes) -> Self {
        let path: Vec<&str> = uri.path().split('/').filter(|segment| !segment.is_empty()).collect();
        let query_text = uri.query().unwrap_or_default().to_owned();
        Self { method, path: path.join("/"), query: form::pairs(&query_text), query_text, headers, body }
    }

    /// A query parameter.
    pub(super) fn query(&self, name: &str) -> Option<&str> {
        form::value(&self.query, name)
    }

    /// A header, when it is text.
    pub(super) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The token of `Authorization: Bearer …`.
    pub(super) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header(header::AUTHORIZATION.as_str())?.split_once(' ')?;
        scheme.eq_ignore_ascii_case("bearer").then_some(token.trim())
    }

    /// A cookie.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let cookies = self.header(header::COOKIE.as_str())?.split(';');
        cookies.filter_map(|cookie| cookie.trim().split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
    }
}

/// What changes while the portal runs.
#[derive(Debug)]
pub(super) struct State {
    pub(super) clock: Clock,
    pub(super) tokens: Tokens,
    pub(super) tenants: Tenants,
    pub(super) issuer: Issuer,
    pub(super) faults: Faults,
    /// Browser sessions: cookie → who signed in, with the token of that session.
    pub(super) sessions: HashMap<String, (UserKind, String)>,
}

impl State {
    pub(super) fn new(scenario: &Scenario) -> Self {
        Self {
            clock: Clock::default(),
            tokens: Tokens::new(scenario.seed, &scenario.users),
            tenants: Tenants::new(scenario),
            issuer: Issuer::new(scenario.seed, scenario.partition),
            faults: Faults::default(),
            sessions: HashMap::new(),
        }
    }
}

/// A request being answered.
#[derive(Debug)]
pub(super) struct Visit<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) state: &'a mut State,
    pub(super) call: &'a Call,
    /// The values of the route's `{…}` segments.
    pub(super) parameters: Vec<(&'static str, String)>,
}

impl Visit<'_> {
    /// The value of a `{name}` segment; empty when the route has none of that name.
    pub(super) fn parameter(&self, name: &str) -> &str {
        self.parameters.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value)
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state.clock.now()
    }

    /// Whether this user is asked for a code before administrator's work.
    pub(super) fn wants_otp(&self, user: UserKind) -> bool {
        self.scenario.mfa || user == UserKind::Mfa
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_and_headers_are_read_leniently() {
        let mut headers = HeaderMap::new();
        headers.insert("authorization", "bearer  SIMTOKEN-x".parse().unwrap());
        headers.insert("cookie", "a=b; simsession=c".parse().unwrap());
        let uri: Uri = "/a//b/?x=1%202".parse().unwrap();
        let call = Call::new(Method::GET, &uri, headers, Bytes::new());
        assert_eq!((call.path.as_str(), call.query("x")), ("a/b", Some("1 2")));
        assert_eq!((call.bearer(), call.cookie("simsession")), (Some("SIMTOKEN-x"), Some("c")));
    }
}
