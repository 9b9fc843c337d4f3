//! What the browser does to the waiting program when a person presses a button on the sign-in page.

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::form;
use super::scenario::{Generation, Scenario};

/// How the token travels from the page to the program.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// As a portal would: a redirect when asked for and known to its generation, else a POST; by way of
    /// `/v2/callbackWithOtp` when a code is involved.
    Auto,
    /// `GET /?t=TOKEN`.
    Redirect,
    /// `GET /?t=TOKEN`, escaped twice.
    RedirectTwice,
    /// `GET /v2/callbackWithOtp?t={"token":…,"otp":…}`.
    RedirectOtp,
    /// `POST /` with the bare token.
    Post,
    /// `POST /v2/callbackWithOtp` with `{"token":…}`.
    PostV2,
    /// The same with the code, when one was typed.
    PostOtp,
    /// The page never answers.
    Never,
}

/// What the Cancel button sends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cancel {
    /// What suits the way of the token.
    Auto,
    /// `POST /v2/callbackWithOtp` with an empty body.
    Post,
    /// `GET /?t=`.
    Redirect,
    /// `GET /v2/callbackWithOtp?t=`.
    RedirectOtp,
    /// Nothing.
    Silent,
}

/// How the page spells this machine.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LoopbackName {
    /// `localhost`.
    Localhost,
    /// `127.0.0.1`.
    Address,
}

/// A button of the sign-in page.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Button {
    /// Hand the token over.
    Authorize,
    /// Do not.
    Cancel,
}

/// What the page was opened with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Opening {
    /// `localPort`.
    pub(super) port: u16,
    /// `localAppName`.
    pub(super) app: String,
    /// `isAdmin`.
    pub(super) admin: bool,
    /// `redirect`.
    pub(super) redirect: bool,
}

impl Opening {
    /// Reads the query of the page's address; `None` when it names no port to answer to.
    pub(super) fn read(query: &[(String, String)]) -> Option<Self> {
        let is = |name| form::value(query, name) == Some("true");
        Some(Self {
            port: form::value(query, "localPort")?.parse().ok().filter(|&port| port > 0)?,
            app: form::value(query, "localAppName").unwrap_or("unknown").to_owned(),
            admin: is("isAdmin"),
            redirect: is("redirect"),
        })
    }
}

/// What the browser does next. It holds the token: [`fmt::Debug`] leaves it out.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct BrowserRequest {
    /// `GET` (the page itself goes there), `POST` (a request of the page's script) or `NONE`.
    pub method: &'static str,
    /// Where to.
    pub url: String,
    /// The body of a POST, sent as `text/plain` so that the browser asks no permission first.
    pub body: String,
    /// An address the browser asks for before, unbidden.
    pub before: Option<String>,
}

impl fmt::Debug for BrowserRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("BrowserRequest").field("method", &self.method).finish_non_exhaustive()
    }
}

/// What pressing a button makes the browser do. `otp` is what was typed into the field for the code.
pub(super) fn press(
    scenario: &Scenario,
    opening: &Opening,
    button: Button,
    token: &str,
    otp: Option<&str>,
) -> BrowserRequest {
    let host = match scenario.loopback {
        LoopbackName::Localhost => "localhost",
        LoopbackName::Address => "127.0.0.1",
    };
    let at = |path: &str| format!("http://{host}:{}{path}", opening.port);
    let get = |path: &str| ("GET", at(path), String::new());
    let post = |path: &str, body: String| ("POST", at(path), body);
    let nothing = || ("NONE", String::new(), String::new());
    let bundle = |otp: Option<&str>| match otp {
        Some(otp) => json!({ "token": token, "otp": otp }).to_string(),
        None => json!({ "token": token }).to_string(),
    };
    let way = chosen_way(scenario, opening, otp.is_some());
    let (method, url, body) = match (button, way) {
        (Button::Cancel, way) => match chosen_cancel(scenario, way) {
            Cancel::Post => post(V2, String::new()),
            Cancel::Redirect => get("/?t="),
            Cancel::RedirectOtp => get(&format!("{V2}?t=")),
            Cancel::Silent | Cancel::Auto => nothing(),
        },
        (_, Way::Redirect) => get(&format!("/?t={}", form::escape_all(token))),
        (_, Way::RedirectTwice) => get(&format!("/?t={}", form::escape_all(&form::escape_all(token)))),
        (_, Way::RedirectOtp) => get(&format!("{V2}?t={}", form::escape_all(&bundle(otp)))),
        (_, Way::Post) => post("/", token.to_owned()),
        (_, Way::PostV2) => post(V2, bundle(None)),
        (_, Way::PostOtp) => post(V2, bundle(otp)),
        (_, Way::Never | Way::Auto) => nothing(),
    };
    BrowserRequest { method, url, body, before: scenario.favicon.then(|| at("/favicon.ico")) }
}

const V2: &str = "/v2/callbackWithOtp";

fn chosen_way(scenario: &Scenario, opening: &Opening, otp: bool) -> Way {
    // Portals from before the redirect know nothing of the parameter and post.
    let redirect = opening.redirect && scenario.generation == Generation::New;
    match (scenario.callback, redirect, otp) {
        (Way::Auto, true, false) => Way::Redirect,
        (Way::Auto, true, true) => Way::RedirectOtp,
        (Way::Auto, false, false) => Way::Post,
        (Way::Auto, false, true) => Way::PostOtp,
        (way, ..) => way,
    }
}

fn chosen_cancel(scenario: &Scenario, way: Way) -> Cancel {
    match (scenario.cancel, way) {
        (Cancel::Auto, Way::Redirect | Way::RedirectTwice) => Cancel::Redirect,
        (Cancel::Auto, Way::RedirectOtp) => Cancel::RedirectOtp,
        (Cancel::Auto, Way::Post | Way::PostV2 | Way::PostOtp) => Cancel::Post,
        (Cancel::Auto, Way::Never | Way::Auto) => Cancel::Silent,
        (cancel, _) => cancel,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Method, address after the port, body.
    fn done(words: &str, query: &str, button: Button, otp: Option<&str>) -> (&'static str, String, String) {
        let opening = Opening::read(&form::pairs(&format!("localPort=9&{query}"))).unwrap();
        let request = press(&Scenario::named(words).unwrap(), &opening, button, "a-b", otp);
        let path = request.url.split_once(":9").map(|(_, path)| path.to_owned()).unwrap_or_default();
        (request.method, path, request.body)
    }

    #[test]
    fn every_way_of_handing_the_token_over() {
        for (words, query, otp, method, path, body) in [
            ("", "redirect=true", None, "GET", "/?t=a%2Db", ""),
            (
                "",
                "redirect=true",
                Some("1"),
                "GET",
                "/v2/callbackWithOtp?t=%7B%22otp%22%3A%221%22%2C%22token%22%3A%22a%2Db%22%7D",
                "",
            ),
            ("", "", None, "POST", "/", "a-b"),
            ("", "", Some("1"), "POST", "/v2/callbackWithOtp", r#"{"otp":"1","token":"a-b"}"#),
            ("older", "redirect=true", None, "POST", "/", "a-b"),
            ("callback=redirect-twice", "", None, "GET", "/?t=a%252Db", ""),
            (
                "callback=post-v2",
                "redirect=true",
                Some("1"),
                "POST",
                "/v2/callbackWithOtp",
                r#"{"token":"a-b"}"#,
            ),
            ("callback=post-otp", "", None, "POST", "/v2/callbackWithOtp", r#"{"token":"a-b"}"#),
            ("callback=never", "redirect=true", None, "NONE", "", ""),
        ] {
            let expected = (method, path.to_owned(), body.to_owned());
            assert_eq!(done(words, query, Button::Authorize, otp), expected, "{words} {query}");
        }
    }

    #[test]
    fn every_way_of_cancelling() {
        for (words, query, method, path) in [
            ("", "redirect=true", "GET", "/?t="),
            ("", "", "POST", "/v2/callbackWithOtp"),
            ("callback=redirect-otp", "", "GET", "/v2/callbackWithOtp?t="),
            ("cancel=post", "redirect=true", "POST", "/v2/callbackWithOtp"),
            ("cancel=redirect", "", "GET", "/?t="),
            ("cancel=silent", "", "NONE", ""),
        ] {
            let expected = (method, path.to_owned(), String::new());
            assert_eq!(done(words, query, Button::Cancel, None), expected, "{words} {query}");
        }
    }

    #[test]
    fn the_machine_is_spelled_as_asked_and_the_icon_asked_for_first() {
        let opening = Opening::read(&form::pairs("localPort=9")).unwrap();
        let scenario = Scenario::named("loopback=localhost,favicon").unwrap();
        let request = press(&scenario, &opening, Button::Authorize, "SIMTOKEN-x", None);
        assert_eq!(request.url, "http://localhost:9/");
        assert_eq!(request.before.as_deref(), Some("http://localhost:9/favicon.ico"));
        assert!(!format!("{request:?}").contains("SIMTOKEN"));
        for bad in ["", "localPort=", "localPort=0", "localPort=99999", "localPort=1/x"] {
            assert_eq!(Opening::read(&form::pairs(bad)), None, "{bad}");
        }
    }
}
