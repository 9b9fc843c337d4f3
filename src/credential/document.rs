//! The document a credential process prints.

use serde::Serialize;

use crate::base::{Region, Secret, Timestamp};

/// Keys that AWS accepts until `expiration`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credential {
    /// Names the keys; not secret by itself.
    pub access_key_id: String,
    /// Signs requests.
    pub secret_access_key: Secret,
    /// Goes along with each request.
    pub session_token: Secret,
    /// When AWS stops accepting it.
    pub expiration: Timestamp,
    /// The region the portal names for it.
    pub region: Option<Region>,
    /// A link that signs a browser in to the AWS console: as secret as the keys, and usable for some minutes only.
    pub console_url: Option<Secret>,
}

/// One JSON document and a newline, in the form every AWS SDK reads (`Version` 1, `Expiration` with `Z`), with the
/// fields that duplo-jit prints besides. SDKs ignore those.
///
/// # Panics
/// Never: the document holds text only.
pub fn document(credential: &Credential, with_console_url: bool) -> Secret {
    let wire = Wire {
        version: 1,
        access_key_id: &credential.access_key_id,
        secret_access_key: credential.secret_access_key.expose(),
        session_token: credential.session_token.expose(),
        expiration: credential.expiration.to_string(),
        region: credential.region.as_ref().map(Region::as_str),
        console_url: credential.console_url.as_ref().filter(|_| with_console_url).map(Secret::expose),
    };
    let mut text = serde_json::to_string(&wire).expect("a struct of texts and a number always serialises");
    text.push('\n');
    Secret::new(text)
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Wire<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    region: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    console_url: Option<&'a str>,
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn sample() -> Credential {
        Credential {
            access_key_id: "ASIASIMULATOR0000000".into(),
            secret_access_key: Secret::new("SIM/SECRET+\"\\"),
            session_token: Secret::new("SIM-SESSION"),
            expiration: Timestamp::from_seconds(1_782_907_200),
            region: "us-west-2".parse().ok(),
            console_url: Some(Secret::new(
                "https://signin.aws.amazon.com/federation?Action=login&SigninToken=SIM",
            )),
        }
    }

    #[test]
    fn is_one_line_that_every_sdk_reads() {
        assert_eq!(
            document(&sample(), false).expose(),
            concat!(
                r#"{"Version":1,"AccessKeyId":"ASIASIMULATOR0000000","SecretAccessKey":"SIM/SECRET+\"\\","#,
                r#""SessionToken":"SIM-SESSION","Expiration":"2026-07-01T12:00:00Z","Region":"us-west-2"}"#,
                "\n"
            )
        );
    }

    #[test]
    fn the_console_url_comes_last_and_unescaped() {
        let text = document(&sample(), true);
        assert!(text.expose().ends_with(
            "\"ConsoleUrl\":\"https://signin.aws.amazon.com/federation?Action=login&SigninToken=SIM\"}\n"
        ));
    }

    #[test]
    fn debug_shows_no_secret() {
        let shown = format!("{:?}", sample());
        assert!(
            !shown.contains("SIM/SECRET") && !shown.contains("SIM-SESSION") && !shown.contains("SigninToken"),
            "{shown}"
        );
    }
}
