//! What a portal's refusals mean.
//!
//! Portals of different ages answer the same trouble with 400, 401, 403, 404 or 500. The classes here survive
//! every variant known; which status made one is kept only for the message.

use crate::net::{NetError, Response};
use crate::portal::{Endpoint, Person};

/// Why a question to the portal has no useful answer.
#[derive(Debug, thiserror::Error)]
pub enum PortalError {
    /// Nothing came back.
    #[error(transparent)]
    Unreachable(#[from] NetError),
    /// Something answered that is no portal, or stands before it: an HTML page, a redirect.
    #[error("`{host}` answered with {what} where a portal answers with data")]
    NotAPortal {
        /// Who was asked.
        host: String,
        /// A web page, a redirect.
        what: &'static str,
    },
    /// The token holds what no token holds, so that it cannot even be sent.
    #[error("the token is none: it holds characters that no token has")]
    NotAToken,
    /// The token is expired, signed out or never was one.
    #[error("the portal does not accept the token")]
    TokenRejected,
    /// The token is good, the answer is no all the same.
    #[error("{0}")]
    Refused(Refusal),
    /// What was asked for is not there, or not for this person.
    #[error("the portal found no such thing when asked for {purpose}{}", said(.message))]
    Missing {
        /// What was asked.
        purpose: &'static str,
        /// What the portal said.
        message: String,
    },
    /// The portal is older than the question.
    #[error("the portal is too old to give {purpose}")]
    TooOld {
        /// What was asked.
        purpose: &'static str,
        /// Whether that is sure: a 404 says it, a 500 may have another reason.
        is_sure: bool,
    },
    /// The portal, or AWS behind it, is busy or down for the moment.
    #[error("the portal could not give {purpose} just now (status {status}{})", said(.message))]
    Unavailable {
        /// What was asked.
        purpose: &'static str,
        /// The HTTP status.
        status: u16,
        /// What the portal said.
        message: String,
        /// How many seconds it asked to wait.
        retry_after: Option<u64>,
    },
    /// An answer that makes no sense.
    #[error("the portal's answer cannot be used: {why}")]
    Malformed {
        /// What is wrong with it. Never the answer itself: it may hold credentials.
        why: String,
    },
}

/// A no to somebody whose token is good, or may be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the portal refuses {purpose}{}{}", .person.as_deref().map(|p| format!(" to {p}")).unwrap_or_default(), said(.message))]
pub struct Refusal {
    /// What was refused.
    pub purpose: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// What the portal said.
    pub message: String,
    /// Who was refused, once that is known: then the token is good.
    pub person: Option<String>,
    /// Whether that person is an administrator.
    pub is_admin: bool,
    /// Whether the portal wants a one-time code for administrators' work.
    pub needs_otp: bool,
}

impl PortalError {
    /// Whether asking again, a little later, may help.
    pub fn is_passing(&self) -> bool {
        match self {
            Self::Unavailable { .. } => true,
            Self::Unreachable(error) => error.kind == crate::net::NetErrorKind::Broken,
            _ => false,
        }
    }
}

impl PortalError {
    /// What went wrong when the portal was asked who is signed in. Everybody may ask that, so a 401 is of the token.
    pub(super) fn of_who_am_i(self) -> Self {
        match self {
            Self::Refused(refusal) if refusal.status == 401 => Self::TokenRejected,
            other => other,
        }
    }

    /// A refusal, now that it is known who was refused: the token is good.
    pub(super) fn explained_by(self, person: &Person, needs_otp: impl FnOnce() -> bool) -> Self {
        match self {
            Self::Refused(refusal) => Self::Refused(Refusal {
                person: Some(person.name()),
                is_admin: person.is_admin(),
                needs_otp: person.is_admin() && needs_otp(),
                ..refusal
            }),
            other => other,
        }
    }
}

/// Sorts an answer that is not a success. See the module's head.
pub(super) fn classify(endpoint: &Endpoint, host: &str, response: &Response) -> PortalError {
    let purpose = endpoint.purpose();
    let message = message_of(response);
    let not_a_portal = |what| PortalError::NotAPortal { host: host.to_owned(), what };
    let refused = |status| {
        let (person, is_admin, needs_otp) = (None, false, false);
        PortalError::Refused(Refusal {
            purpose,
            status,
            message: message.clone(),
            person,
            is_admin,
            needs_otp,
        })
    };
    let unavailable = |status| PortalError::Unavailable {
        purpose,
        status,
        message: message.clone(),
        retry_after: response.retry_after,
    };
    let missing = || PortalError::Missing { purpose, message: message.clone() };
    let status = response.status;
    // AWS's throttling comes through as an error of the portal with this text, under several statuses.
    if message.contains("Rate exceeded") || message.contains("Throttling") {
        return unavailable(status);
    }
    match status {
        429 | 502..=504 => unavailable(status),
        _ if is_html(response) => not_a_portal("a web page"),
        404 | 500 if endpoint.is_newer_than_some_portals() => {
            PortalError::TooOld { purpose, is_sure: status == 404 }
        }
        404 => missing(),
        // Permission sets deny with 400; so does a missing object, with words that say so.
        400 if message.to_ascii_lowercase().contains("not found") => missing(),
        400 | 401 | 403 => refused(status),
        300..=399 => not_a_portal("a redirect"),
        500.. => unavailable(status),
        _ => PortalError::Malformed { why: format!("status {status}{}", said(&message)) },
    }
}

/// Whether the body is a web page, whatever its status and type say.
pub(super) fn is_html(response: &Response) -> bool {
    let start = response.body.iter().position(|b| !b.is_ascii_whitespace()).unwrap_or(0);
    response.media_type.starts_with("text/html") || response.body[start..].starts_with(b"<")
}

/// The portal's own words: the JSON field `Message`, or a short plain text. Never a web page.
fn message_of(response: &Response) -> String {
    #[derive(serde::Deserialize)]
    struct Wire {
        #[serde(alias = "message")]
        #[serde(rename = "Message")]
        message: Option<String>,
    }
    if is_html(response) {
        return String::new();
    }
    let text = String::from_utf8_lossy(&response.body);
    let words = match serde_json::from_slice::<Wire>(&response.body) {
        Ok(wire) => wire.message.unwrap_or_default(),
        Err(_) if text.starts_with(['{', '[', '"']) => String::new(),
        Err(_) => text.into_owned(),
    };
    crate::base::text::one_line(words.trim_end_matches('.'), 200)
}

fn said(message: &str) -> String {
    if message.is_empty() { String::new() } else { format!(": {message}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class(endpoint: &Endpoint, status: u16, media_type: &str, body: &str) -> String {
        let response = Response {
            status,
            media_type: media_type.into(),
            retry_after: None,
            body: body.as_bytes().to_vec(),
        };
        let error = classify(endpoint, "acme.net", &response);
        let kind = format!("{error:?}");
        format!("{} | {error}", kind.split([' ', '(']).next().unwrap())
    }

    #[test]
    fn every_variant_of_every_trouble() {
        let (json, text, html) = ("application/json", "text/plain", "text/html");
        let tenant = Endpoint::TenantCredential("3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c".parse().unwrap());
        let admin = Endpoint::AdminCredential(None);
        for (endpoint, status, media, body, class_and_text) in [
            (
                &tenant,
                401,
                json,
                r#"{"Message":"Authorization has been denied for this request."}"#,
                "Refused | the portal refuses credentials for this tenant: Authorization has been denied for this request",
            ),
            (
                &tenant,
                403,
                text,
                "no\r\nway",
                "Refused | the portal refuses credentials for this tenant: no way",
            ),
            (
                &tenant,
                400,
                text,
                "Default Deny",
                "Refused | the portal refuses credentials for this tenant: Default Deny",
            ),
            (
                &tenant,
                400,
                text,
                "Tenant Not Found",
                "Missing | the portal found no such thing when asked for credentials for this tenant: Tenant Not Found",
            ),
            (
                &tenant,
                404,
                json,
                "{}",
                "Missing | the portal found no such thing when asked for credentials for this tenant",
            ),
            (
                &tenant,
                500,
                json,
                r#"{"Message":"An error has occurred."}"#,
                "Unavailable | the portal could not give credentials for this tenant just now (status 500: An error has occurred)",
            ),
            (
                &tenant,
                500,
                json,
                r#"{"Message":"Rate exceeded"}"#,
                "Unavailable | the portal could not give credentials for this tenant just now (status 500: Rate exceeded)",
            ),
            (
                &tenant,
                400,
                json,
                r#"{"Message":"Rate exceeded"}"#,
                "Unavailable | the portal could not give credentials for this tenant just now (status 400: Rate exceeded)",
            ),
            (&admin, 404, json, "{}", "TooOld | the portal is too old to give administrator credentials"),
            (
                &admin,
                404,
                html,
                "<html>",
                "NotAPortal | `acme.net` answered with a web page where a portal answers with data",
            ),
            (&admin, 405, text, "", "Malformed | the portal's answer cannot be used: status 405"),
            (
                &admin,
                429,
                text,
                "",
                "Unavailable | the portal could not give administrator credentials just now (status 429)",
            ),
            (
                &admin,
                503,
                html,
                "<html>secret</html>",
                "Unavailable | the portal could not give administrator credentials just now (status 503)",
            ),
            (
                &admin,
                302,
                text,
                "",
                "NotAPortal | `acme.net` answered with a redirect where a portal answers with data",
            ),
            (
                &admin,
                403,
                html,
                "<html>",
                "NotAPortal | `acme.net` answered with a web page where a portal answers with data",
            ),
            (
                &admin,
                403,
                text,
                "\u{1b}[2Jx",
                "Refused | the portal refuses administrator credentials: \\u{1b}[2Jx",
            ),
            (&admin, 403, json, "[1]", "Refused | the portal refuses administrator credentials"),
        ] {
            assert_eq!(class(endpoint, status, media, body), class_and_text);
        }
    }
}
