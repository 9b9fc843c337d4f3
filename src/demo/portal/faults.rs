//! Things that go wrong on demand.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use axum::http::header;

use super::page::page;
use super::reply::Reply;
use super::sts;
use crate::base::text;

/// A way in which an endpoint goes wrong.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// `401`: JSON as for a bad token.
    Unauthorized,
    /// `403`: plain text.
    Forbidden,
    /// `400`: plain text, a permission set's "Default Deny".
    DefaultDeny,
    /// `404`: JSON as for an unknown route.
    NotFound,
    /// `404-text`: plain text.
    NotFoundText,
    /// `500`: JSON.
    ServerError,
    /// `rate-exceeded`, `rate-exceeded-500`: AWS throttled the portal; JSON with that status.
    RateExceeded(u16),
    /// `429`, `429=SECONDS`: with `Retry-After` when there are seconds.
    TooMany(Option<u32>),
    /// `502`, `503`, `504`: a proxy's page.
    Gateway(u16),
    /// `html-200`: the portal's own page where JSON was asked for.
    Html,
    /// `html-503`: a maintenance page.
    Maintenance,
    /// `redirect`: 302 to a sign-in service.
    Redirect,
    /// `slow=MILLISECONDS`: the right answer, later.
    Slow(Duration),
    /// `truncated`: half of the right answer, then the end of the connection.
    Truncated,
    /// `reset`: the connection is torn down (TCP RST) instead of an answer.
    Reset,
    /// `wrong-type`: the right answer as `text/plain`.
    WrongType,
    /// `empty`: 200 with nothing in it.
    Empty,
    /// `skew=SECONDS`: the right answer, its `Date` header moved.
    Skew(i64),
    /// `aws=CODE`: 403 in AWS's XML form, for `sts`.
    Aws(String),
}

/// A text that names no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{}` is no fault; write 401, 403, 400, 404, 404-text, 500, rate-exceeded, rate-exceeded-500, 429[=SECONDS], \
     502, 503, 504, html-200, html-503, redirect, slow=MILLISECONDS, truncated, reset, wrong-type, empty, \
     skew=SECONDS or aws=CODE",
    text::Visible(.0)
)]
pub struct FaultError(String);

impl FromStr for Fault {
    type Err = FaultError;

    fn from_str(text: &str) -> Result<Self, FaultError> {
        read(text).ok_or_else(|| FaultError(text.to_owned()))
    }
}

fn read(text: &str) -> Option<Fault> {
    let (name, value) = text.split_once('=').map_or((text, None), |(name, value)| (name, Some(value)));
    Some(match (name, value) {
        ("401", None) => Fault::Unauthorized,
        ("403", None) => Fault::Forbidden,
        ("400", None) => Fault::DefaultDeny,
        ("404", None) => Fault::NotFound,
        ("404-text", None) => Fault::NotFoundText,
        ("500", None) => Fault::ServerError,
        ("rate-exceeded", None) => Fault::RateExceeded(400),
        ("rate-exceeded-500", None) => Fault::RateExceeded(500),
        ("429", None) => Fault::TooMany(None),
        ("429", Some(seconds)) => Fault::TooMany(Some(seconds.parse().ok()?)),
        ("502" | "503" | "504", None) => Fault::Gateway(name.parse().ok()?),
        ("html-200", None) => Fault::Html,
        ("html-503", None) => Fault::Maintenance,
        ("redirect", None) => Fault::Redirect,
        ("slow", Some(milliseconds)) => Fault::Slow(Duration::from_millis(milliseconds.parse().ok()?)),
        ("truncated", None) => Fault::Truncated,
        ("reset", None) => Fault::Reset,
        ("wrong-type", None) => Fault::WrongType,
        ("empty", None) => Fault::Empty,
        ("skew", Some(seconds)) => Fault::Skew(seconds.parse().ok()?),
        ("aws", Some(code)) if !code.is_empty() && code.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            Fault::Aws(code.to_owned())
        }
        _ => return None,
    })
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unauthorized => f.write_str("401"),
            Self::Forbidden => f.write_str("403"),
            Self::DefaultDeny => f.write_str("400"),
            Self::NotFound => f.write_str("404"),
            Self::NotFoundText => f.write_str("404-text"),
            Self::ServerError => f.write_str("500"),
            Self::RateExceeded(400) => f.write_str("rate-exceeded"),
            Self::RateExceeded(status) => write!(f, "rate-exceeded-{status}"),
            Self::TooMany(None) => f.write_str("429"),
            Self::TooMany(Some(seconds)) => write!(f, "429={seconds}"),
            Self::Gateway(status) => status.fmt(f),
            Self::Html => f.write_str("html-200"),
            Self::Maintenance => f.write_str("html-503"),
            Self::Redirect => f.write_str("redirect"),
            Self::Slow(time) => write!(f, "slow={}", time.as_millis()),
            Self::Truncated => f.write_str("truncated"),
            Self::Reset => f.write_str("reset"),
            Self::WrongType => f.write_str("wrong-type"),
            Self::Empty => f.write_str("empty"),
            Self::Skew(seconds) => write!(f, "skew={seconds}"),
            Self::Aws(code) => write!(f, "aws={code}"),
        }
    }
}

impl Fault {
    /// The answer given in place of the right one; `None` for faults that spoil the right one.
    fn reply(&self) -> Option<Reply> {
        Some(match self {
            Self::Unauthorized => Reply::message(401, "Authorization has been denied for this request.")
                .with(header::WWW_AUTHENTICATE, "Bearer"),
            Self::Forbidden => Reply::text(403, "You are not allowed to do this."),
            Self::DefaultDeny => Reply::text(400, "Access denied by permission set: Default Deny"),
            Self::NotFound => Reply::message(404, "No HTTP resource was found that matches the request URI."),
            Self::NotFoundText => Reply::text(404, "Not found"),
            Self::ServerError => Reply::message(500, "An error has occurred."),
            Self::RateExceeded(status) => Reply::message(*status, "Rate exceeded"),
            Self::TooMany(seconds) => {
                let reply = Reply::text(429, "Too many requests");
                match seconds {
                    Some(seconds) => reply.with(header::RETRY_AFTER, seconds.to_string()),
                    None => reply,
                }
            }
            Self::Gateway(status) => {
                let name = match status {
                    502 => "Bad Gateway",
                    503 => "Service Temporarily Unavailable",
                    _ => "Gateway Time-out",
                };
                Reply::html(
                    *status,
                    format!("<html><body><center><h1>{status} {name}</h1></center></body></html>"),
                )
            }
            Self::Html => page(200, include_str!("../../../templates/demo/portal.html"), &[]),
            Self::Maintenance => page(503, include_str!("../../../templates/demo/maintenance.html"), &[]),
            Self::Redirect => Reply::redirect("/app/sso?next=api".to_owned()),
            Self::Empty => {
                let mut reply = Reply::text(200, "");
                reply.headers.clear();
                reply
            }
            Self::Aws(code) => sts::error(403, code, "Injected by the portal simulator."),
            Self::Slow(_) | Self::Truncated | Self::Reset | Self::WrongType | Self::Skew(_) => return None,
        })
    }
}

/// The faults switched on.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    endpoint: String,
    fault: Fault,
    /// How many more requests it spoils; `None` until it is switched off.
    left: Option<u32>,
}

/// What is to become of one request.
#[derive(Debug, Default)]
pub(super) struct Spoiled {
    pub(super) delay: Duration,
    pub(super) skew: i64,
    pub(super) instead: Option<Reply>,
    pub(super) truncated: bool,
    pub(super) reset: bool,
    pub(super) wrong_type: bool,
}

impl Faults {
    /// Switches a fault on, for the next `times` requests or until [`Faults::clear`]. `endpoint` is a route as
    /// counted (`v3/features/system` or `GET v3/features/system`), or the start of routes followed by `*`.
    pub(super) fn add(&mut self, endpoint: &str, fault: Fault, times: Option<u32>) {
        self.0.push(Rule { endpoint: endpoint.to_owned(), fault, left: times });
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    /// The faults that meet a request. Each of those that apply is used up once, but of several answers only the
    /// first is given and the others wait for the next request.
    pub(super) fn take(&mut self, method: &str, route: &str) -> Spoiled {
        let mut spoiled = Spoiled::default();
        for rule in self.0.iter_mut().filter(|rule| rule.meets(method, route)) {
            match &rule.fault {
                Fault::Slow(time) => spoiled.delay += *time,
                Fault::Skew(seconds) => spoiled.skew += seconds,
                Fault::WrongType => spoiled.wrong_type = true,
                _ if spoiled.instead.is_some() || spoiled.truncated || spoiled.reset => continue,
                Fault::Truncated => spoiled.truncated = true,
                Fault::Reset => spoiled.reset = true,
                fault => spoiled.instead = fault.reply(),
            }
            rule.left = rule.left.map(|left| left - 1);
        }
        self.0.retain(|rule| rule.left != Some(0));
        spoiled
    }
}

impl Rule {
    fn meets(&self, method: &str, route: &str) -> bool {
        let wanted = match self.endpoint.split_once(' ') {
            Some((wanted, rest)) if wanted == method => rest,
            Some(_) => return false,
            None => self.endpoint.as_str(),
        };
        self.left != Some(0)
            && wanted.strip_suffix('*').map_or(wanted == route, |start| route.starts_with(start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_fault_has_one_spelling() {
        for text in [
            "401",
            "403",
            "400",
            "404",
            "404-text",
            "500",
            "rate-exceeded",
            "rate-exceeded-500",
            "429",
            "429=7",
            "502",
            "503",
            "504",
            "html-200",
            "html-503",
            "redirect",
            "slow=250",
            "truncated",
            "reset",
            "wrong-type",
            "empty",
            "skew=-90",
            "aws=AccessDenied",
        ] {
            assert_eq!(text.parse::<Fault>().unwrap().to_string(), text);
        }
        for text in ["", "418", "slow", "slow=soon", "429=", "reset=1", "aws=<x>"] {
            assert!(text.parse::<Fault>().unwrap_err().to_string().contains("is no fault"), "{text}");
        }
    }

    #[test]
    fn faults_are_used_up_in_order_and_modifiers_go_along() {
        let mut faults = Faults::default();
        faults.add("v3/*", "slow=5".parse().unwrap(), None);
        faults.add("v3/a", "401".parse().unwrap(), Some(1));
        faults.add("GET v3/a", "500".parse().unwrap(), Some(1));
        let status = |s: Spoiled| (s.delay.as_millis(), s.instead.map(|r| r.status.as_u16()));
        assert_eq!(status(faults.take("GET", "v3/a")), (5, Some(401)));
        assert_eq!(status(faults.take("POST", "v3/a")), (5, None));
        assert_eq!(status(faults.take("GET", "v3/a")), (5, Some(500)));
        assert_eq!(status(faults.take("GET", "v3/a")), (5, None));
        assert_eq!(status(faults.take("GET", "admin/a")), (0, None));
        faults.clear();
        assert_eq!(status(faults.take("GET", "v3/a")), (0, None));
    }
}
