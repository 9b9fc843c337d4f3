//! STS GetCallerIdentity: AWS's own word on whose credentials these are. Every credential may ask it.

use std::time::{Instant, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;

use crate::base::{Region, Secret, text};
use crate::net::{Http, Method, NetError, Request};

/// Whose credentials they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    /// `arn:aws:sts::123456789012:assumed-role/ROLE/SESSION`.
    pub arn: String,
    /// The account's twelve digits.
    pub account: String,
}

impl CallerIdentity {
    /// The role's name, for an assumed role.
    pub fn role(&self) -> Option<&str> {
        self.arn.split_once(":assumed-role/")?.1.split('/').next()
    }

    /// Who assumed it: DuploCloud puts the person's e-mail address here.
    pub fn session(&self) -> Option<&str> {
        self.arn.split_once(":assumed-role/")?.1.split('/').nth(1)
    }
}

/// Why AWS did not say.
#[derive(Debug, thiserror::Error)]
pub enum StsError {
    /// Nothing came back. No verdict on the credential.
    #[error(transparent)]
    Unreachable(#[from] NetError),
    /// AWS does not accept the credential, and says why.
    #[error("AWS does not accept the credential: {code}")]
    Rejected {
        /// AWS's error code, such as `ExpiredToken`.
        code: String,
    },
    /// An answer that makes no sense. No verdict.
    #[error("the answer of AWS cannot be used (status {status})")]
    Malformed {
        /// The HTTP status.
        status: u16,
    },
}

/// Asks the STS at `endpoint` whose credentials these are.
pub fn caller_identity(
    http: &Http,
    endpoint: &str,
    region: &Region,
    access_key_id: &str,
    secret_access_key: &Secret,
    session_token: &Secret,
    deadline: Instant,
) -> Result<CallerIdentity, StsError> {
    let credentials = Credentials::from_keys(
        access_key_id,
        secret_access_key.expose(),
        Some(session_token.expose().to_owned()),
    );
    let request = signed(endpoint, region, credentials).ok_or(StsError::Malformed { status: 0 })?;
    let answer = http.send(&request, deadline)?;
    let body = String::from_utf8_lossy(&answer.body);
    let field = |name| element(&body, name).map(|t| text::one_line(t, 300));
    match answer.status {
        200..=299 => match (field("Arn"), field("Account")) {
            (Some(arn), Some(account)) => Ok(CallerIdentity { arn, account }),
            _ => Err(StsError::Malformed { status: answer.status }),
        },
        status => match field("Code") {
            Some(code) => Err(StsError::Rejected { code }),
            None => Err(StsError::Malformed { status }),
        },
    }
}

fn signed(endpoint: &str, region: &Region, credentials: Credentials) -> Option<Request> {
    const BODY: &str = "Action=GetCallerIdentity&Version=2011-06-15";
    const TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";
    let url = format!("{}/", endpoint.trim_end_matches('/'));
    let identity = credentials.into();
    let params = v4::SigningParams::builder()
        .identity(&identity)
        .region(region.as_str())
        .name("sts")
        // The signature must bear the real time, whatever a test makes of the clock.
        .time(SystemTime::now())
        .settings(SigningSettings::default())
        .build()
        .ok()?;
    let headers = [("content-type", TYPE)].into_iter();
    let signable = SignableRequest::new("POST", &url, headers, SignableBody::Bytes(BODY.as_bytes())).ok()?;
    let (instructions, _) = sign(signable, &params.into()).ok()?.into_parts();
    let mut headers = vec![("content-type", Secret::new(TYPE))];
    for (name, value) in instructions.headers() {
        // The few names that signing adds, as constants: a header's name is not data.
        let name = ["authorization", "x-amz-date", "x-amz-security-token", "x-amz-content-sha256"]
            .into_iter()
            .find(|known| name.eq_ignore_ascii_case(known))?;
        headers.push((name, Secret::new(value)));
    }
    Some(Request { method: Method::Post, url, headers, body: BODY.to_owned() })
}

/// The text of the first `<name>…</name>`. The two answers of STS are flat enough to need no XML parser.
fn element<'a>(xml: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = xml.split_once(&format!("<{name}>"))?;
    Some(rest.split_once('<')?.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_parts_of_an_identity() {
        let identity = CallerIdentity {
            arn: "arn:aws:sts::123456789012:assumed-role/duploservices-dev01/pat@example.com".into(),
            account: "123456789012".into(),
        };
        assert_eq!(
            (identity.role(), identity.session()),
            (Some("duploservices-dev01"), Some("pat@example.com"))
        );
        assert_eq!(element("<a><Arn>x</Arn></a>", "Arn"), Some("x"));
        assert_eq!(element("<a><Arn>x", "Arn"), None);
    }

    #[test]
    fn signs_with_every_header_it_needs() {
        let credentials =
            Credentials::from_keys("ASIASIMULATOR0000000", "SIM-SECRET", Some("SIM-SESSION".into()));
        let request = signed("http://127.0.0.1:9/", &"us-west-2".parse().unwrap(), credentials).unwrap();
        let names: Vec<_> = request.headers.iter().map(|(n, _)| *n).collect();
        for name in ["content-type", "authorization", "x-amz-date", "x-amz-security-token"] {
            assert!(names.contains(&name), "{name} is missing of {names:?}");
        }
        assert_eq!(request.url, "http://127.0.0.1:9/");
    }
}
