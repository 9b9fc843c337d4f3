//! AWS credentials: made up, handed out, remembered.

use std::collections::HashMap;

use super::dice;
use super::form;
use super::scenario::Partition;
use super::users::UserKind;
use crate::base::{Secret, Timestamp};

/// A credential that the portal handed out, without its secrets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Issued {
    /// `ASIASIM…`, 20 characters.
    pub key_id: String,
    /// Who asked for it.
    pub user: UserKind,
    /// The IAM role it stands for: `duplomaster`, `duploops` or `duploservices-<tenant>`.
    pub role: String,
    /// The region named in the answer.
    pub region: String,
    /// When AWS stops accepting it.
    pub expires: Timestamp,
    /// Whether it was withdrawn before its time.
    pub revoked: bool,
    session_token: Secret,
}

impl Issued {
    /// Whether that is its session token: AWS knows a temporary key only together with it.
    pub(super) fn has_session_token(&self, token: &str) -> bool {
        self.session_token.expose() == token
    }
}

/// What is to be handed out.
#[derive(Debug)]
pub(super) struct Wanted {
    pub(super) user: UserKind,
    pub(super) role: String,
    pub(super) region: String,
    /// Seconds.
    pub(super) lifetime: u32,
}

/// A credential with its secrets, on its way to whoever asked.
#[derive(Debug)]
pub(super) struct Fresh {
    pub(super) key_id: String,
    pub(super) secret_key: Secret,
    pub(super) session_token: Secret,
    pub(super) console_url: Secret,
    pub(super) expires: Timestamp,
}

/// Everything handed out so far.
#[derive(Debug)]
pub(super) struct Issuer {
    seed: u64,
    partition: Partition,
    all: Vec<Issued>,
    by_key: HashMap<String, usize>,
}

impl Issuer {
    pub(super) fn new(seed: u64, partition: Partition) -> Self {
        Self { seed, partition, all: Vec::new(), by_key: HashMap::new() }
    }

    /// Makes a credential that no one had before.
    pub(super) fn issue(&mut self, wanted: Wanted, now: Timestamp) -> Fresh {
        let n = self.all.len() as u64;
        let draw = |purpose, alphabet, length| dice::text(self.seed, purpose, n, alphabet, length);
        // The running number makes it unique, whatever the dice say.
        let key_id = format!("ASIASIM{}{}", base32(n), draw("key", dice::BASE32, 8));
        let secret_key = Secret::new(format!("SIMSECRET{}", draw("secret", dice::BASE64, 31)));
        let session_token = Secret::new(format!("SIMSESSION{}==", draw("session", dice::BASE64, 388)));
        let sign_in_token = format!("SIMSIGNIN{}", draw("sign-in", dice::BASE64URL, 80));
        let fresh = Fresh {
            console_url: Secret::new(console_url(self.partition, &sign_in_token, &wanted.region)),
            key_id: key_id.clone(),
            secret_key,
            session_token: session_token.clone(),
            expires: now.plus(wanted.lifetime.into()),
        };
        self.by_key.insert(key_id.clone(), self.all.len());
        self.all.push(Issued {
            key_id,
            user: wanted.user,
            role: wanted.role,
            region: wanted.region,
            expires: fresh.expires,
            revoked: false,
            session_token,
        });
        fresh
    }

    pub(super) fn find(&self, key_id: &str) -> Option<&Issued> {
        self.by_key.get(key_id).map(|&at| &self.all[at])
    }

    pub(super) fn all(&self) -> &[Issued] {
        &self.all
    }

    /// Withdraws everything handed out so far.
    pub(super) fn revoke_all(&mut self) {
        self.all.iter_mut().for_each(|issued| issued.revoked = true);
    }
}

/// Five digits of base 32.
fn base32(n: u64) -> String {
    let letters = dice::BASE32.as_bytes();
    (0..5).rev().map(|place| char::from(letters[(n >> (5 * place) & 31) as usize])).collect()
}

/// The federation link as portals build it: no `Issuer`, `Destination` last, .NET's lower-case escapes.
fn console_url(partition: Partition, sign_in_token: &str, region: &str) -> String {
    let home = format!("https://{}/console/home?region={region}", partition.console_host());
    format!(
        "https://{}/federation?Action=login&SigninToken={sign_in_token}&Destination={}",
        partition.sign_in_host(),
        form::escape_lower_case(&home)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_look_like_those_of_aws_and_never_repeat() {
        let mut issuer = Issuer::new(1, Partition::Aws);
        let mut issue = || {
            let wanted = Wanted {
                user: UserKind::Admin,
                role: "duplomaster".to_owned(),
                region: "us-west-2".to_owned(),
                lifetime: 900,
            };
            issuer.issue(wanted, Timestamp::from_seconds(0))
        };
        let (first, second) = (issue(), issue());
        assert_ne!(first.key_id, second.key_id);
        assert!(first.key_id.starts_with("ASIASIM") && first.key_id.len() == 20);
        assert!(first.key_id.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit()));
        assert_eq!((first.secret_key.expose().len(), first.session_token.expose().len()), (40, 400));
        assert_eq!(first.expires, Timestamp::from_seconds(900));
        assert!(issuer.find(&second.key_id).unwrap().has_session_token(second.session_token.expose()));
    }

    #[test]
    fn the_console_url_is_spelled_as_portals_spell_it() {
        assert_eq!(
            console_url(Partition::Aws, "SIM", "us-west-2"),
            "https://signin.aws.amazon.com/federation?Action=login&SigninToken=SIM\
             &Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2"
        );
        assert!(console_url(Partition::Cn, "SIM", "cn-north-1").starts_with("https://signin.amazonaws.cn/"));
    }
}
