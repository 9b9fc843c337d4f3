//! The portal's answers, as they are spelled, and what of them is believed.
//!
//! Null-valued fields are normally left out; missing, `null` and empty mean the same. Names are PascalCase with the
//! capitals of the vendor's own models (`TenantId`, but `PlanID`).

use serde::{Deserialize, Deserializer};

use crate::base::{PlanName, Region, Secret, TenantId, TenantName, Timestamp, text};
use crate::credential::Credential;
use crate::portal::PortalError;

/// What a portal can do: `v3/features/system`.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Features {
    /// Whether AWS is one of its clouds; taken as yes where it does not say.
    #[serde(deserialize_with = "or_default")]
    pub is_aws_cloud_enabled: Option<bool>,
    /// Whether administrators need a one-time code.
    #[serde(deserialize_with = "or_default")]
    pub is_otp_needed: bool,
    #[serde(deserialize_with = "or_default")]
    default_aws_region: String,
    #[serde(deserialize_with = "or_default")]
    aws_regions: Vec<String>,
}

impl Features {
    /// The region of the portal's own account.
    pub fn region(&self) -> Option<Region> {
        self.default_aws_region.parse().ok()
    }

    /// The regions the portal works in.
    pub fn regions(&self) -> impl Iterator<Item = Region> {
        self.aws_regions.iter().filter_map(|r| r.parse().ok())
    }
}

/// Who is signed in: `admin/GetUserRoleInfo`. Its `CurrentSessionToken` is a secret nobody needs and is not read.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub struct Person {
    #[serde(deserialize_with = "or_default")]
    username: String,
    #[serde(deserialize_with = "or_default")]
    roles: Vec<String>,
    // Very old portals sent one role.
    #[serde(deserialize_with = "or_default")]
    role: String,
    /// Whether this person may look only.
    #[serde(deserialize_with = "or_default")]
    pub is_read_only: bool,
}

impl Person {
    /// The e-mail address, made harmless to show.
    pub fn name(&self) -> String {
        if self.username.is_empty() { "(no name)".to_owned() } else { text::one_line(&self.username, 100) }
    }

    /// What tells this person from others; `None` where the portal does not say.
    pub fn identity(&self) -> Option<&str> {
        Some(self.username.as_str()).filter(|name| !name.is_empty())
    }

    /// Whether this person is an administrator of the portal.
    pub fn is_admin(&self) -> bool {
        self.role == "Administrator" || self.roles.iter().any(|r| r == "Administrator")
    }
}

/// A tenant the caller may use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tenant {
    /// Its name, as the portal spells it.
    pub name: TenantName,
    /// Its id.
    pub id: TenantId,
    /// The plan it lives in, where the portal says.
    pub plan: Option<PlanName>,
}

/// The tenants of an answer, and the names of those that cannot be used.
#[derive(Debug, Clone, Default)]
pub struct TenantList {
    /// Those that can, by name.
    pub tenants: Vec<Tenant>,
    /// Why others cannot, one reason each.
    pub unusable: Vec<String>,
}

impl TenantList {
    pub(super) fn read(body: &[u8]) -> Result<Self, PortalError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "PascalCase", default)]
        #[derive(Default)]
        struct Wire {
            #[serde(deserialize_with = "or_default")]
            tenant_id: String,
            #[serde(deserialize_with = "or_default")]
            account_name: String,
            #[serde(rename = "PlanID", deserialize_with = "or_default")]
            plan_id: String,
        }
        let mut list = Self::default();
        for wire in read::<Option<Vec<Wire>>>(body)?.unwrap_or_default() {
            match (wire.account_name.parse::<TenantName>(), wire.tenant_id.parse::<TenantId>()) {
                (Ok(name), Ok(id)) => list.tenants.push(Tenant { name, id, plan: wire.plan_id.parse().ok() }),
                (Err(error), _) | (_, Err(error)) => list.unusable.push(error.to_string()),
            }
        }
        list.tenants.sort_by_cached_key(|t| t.name.key());
        Ok(list)
    }
}

/// The region of every tenant, by id: `v3/features/tenant`.
pub(super) fn read_regions(body: &[u8]) -> Result<std::collections::HashMap<String, Region>, PortalError> {
    #[derive(Deserialize, Default)]
    #[serde(rename_all = "PascalCase", default)]
    struct Wire {
        #[serde(deserialize_with = "or_default")]
        region: String,
    }
    let wire: std::collections::HashMap<String, Option<Wire>> = read(body)?;
    let region = |w: Option<Wire>| w.and_then(|w| w.region.parse().ok());
    Ok(wire.into_iter().filter_map(|(id, w)| Some((id.to_ascii_lowercase(), region(w)?))).collect())
}

/// The AWS account of a tenant: `subscriptions/{id}/GetTenantAwsAccountId`, a JSON string of twelve digits.
pub(super) fn read_account(body: &[u8]) -> Result<String, PortalError> {
    let account: String = read(body)?;
    let is_account = account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit());
    let reason = || PortalError::Malformed { why: "it is no account number".to_owned() };
    if is_account { Ok(account) } else { Err(reason()) }
}

/// Keys as the portal issues them (`AwsAccessInfo`).
#[derive(Deserialize, Default)]
#[serde(rename_all = "PascalCase", default)]
pub(super) struct AccessInfo {
    #[serde(deserialize_with = "or_default")]
    access_key_id: String,
    #[serde(deserialize_with = "or_default")]
    secret_access_key: String,
    #[serde(deserialize_with = "or_default")]
    session_token: String,
    #[serde(deserialize_with = "or_default")]
    region: String,
    #[serde(deserialize_with = "or_default")]
    console_url: String,
    #[serde(deserialize_with = "or_default")]
    validity: i64,
    #[serde(deserialize_with = "or_default")]
    expiration: String,
}

/// Validity of keys when the portal does not say.
const USUAL_VALIDITY: i64 = 3600;

/// The longest session AWS gives to a role.
const LONGEST_VALIDITY: i64 = 12 * 3600;

impl AccessInfo {
    /// The credential it describes, asked for at `now`, checked so that nothing in it can do harm when printed.
    pub(super) fn into_credential(self, now: Timestamp) -> Result<Credential, PortalError> {
        let malformed = |why: &str| Err(PortalError::Malformed { why: why.to_owned() });
        let is_key_id =
            |id: &str| (16..=128).contains(&id.len()) && id.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_secret =
            |s: &str| !s.is_empty() && s.len() <= 16_384 && s.bytes().all(|b| b.is_ascii_graphic());
        if !is_key_id(&self.access_key_id) {
            return malformed("it holds no access key id");
        }
        if !is_secret(&self.secret_access_key) {
            return malformed("it holds no secret access key");
        }
        if !is_secret(&self.session_token) {
            return malformed("it holds no session token");
        }
        // Newer portals say when; older ones how long, or nothing.
        let expiration = match self.expiration.parse::<Timestamp>() {
            Ok(moment) => moment,
            Err(_) if self.validity > 0 => now.plus(self.validity),
            Err(_) => now.plus(USUAL_VALIDITY),
        };
        if expiration <= now {
            return malformed(&format!(
                "the keys expired at {expiration}; is this machine's clock right? (now {now})"
            ));
        }
        let is_link = self.console_url.starts_with("https://") && is_secret(&self.console_url);
        Ok(Credential {
            access_key_id: self.access_key_id,
            secret_access_key: Secret::new(self.secret_access_key),
            session_token: Secret::new(self.session_token),
            expiration: expiration.min(now.plus(LONGEST_VALIDITY)),
            region: self.region.parse().ok(),
            console_url: is_link.then(|| Secret::new(self.console_url)),
        })
    }
}

/// Reads JSON; the error says where it went wrong, and nothing of what stood there.
pub(super) fn read<T: for<'de> Deserialize<'de>>(body: &[u8]) -> Result<T, PortalError> {
    serde_json::from_slice(body).map_err(|error| {
        let what = match error.classify() {
            serde_json::error::Category::Eof if body.is_empty() => "it is empty",
            serde_json::error::Category::Eof => "it is cut off",
            serde_json::error::Category::Data => "it is not what this question is answered with",
            _ => "it is not JSON",
        };
        PortalError::Malformed { why: format!("{what} (line {}, column {})", error.line(), error.column()) }
    })
}

/// `null` is what is missing.
fn or_default<'de, D: Deserializer<'de>, T: Deserialize<'de> + Default>(
    deserializer: D,
) -> Result<T, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_782_900_000);

    fn credential(json: &str) -> Result<Credential, String> {
        read::<AccessInfo>(json.as_bytes())
            .map_err(|e| e.to_string())
            .and_then(|a| a.into_credential(NOW).map_err(|e| e.to_string()))
    }

    fn with(fields: &str) -> String {
        format!(
            r#"{{"AccessKeyId":"ASIASIMULATOR0000000","SecretAccessKey":"SIM-SECRET","SessionToken":"SIM-SESSION"{fields}}}"#
        )
    }

    #[test]
    fn expiry_in_every_form() {
        let seconds = |fields: &str| credential(&with(fields)).map(|c| c.expiration.since(NOW));
        assert_eq!(seconds(""), Ok(3600));
        assert_eq!(seconds(r#","Validity":0"#), Ok(3600));
        assert_eq!(seconds(r#","Validity":null,"Expiration":null"#), Ok(3600));
        assert_eq!(seconds(r#","Validity":900"#), Ok(900));
        assert_eq!(seconds(r#","Validity":900,"Expiration":"2026-07-01T12:00:00Z""#), Ok(7200));
        assert_eq!(seconds(r#","Validity":900,"Expiration":"soon""#), Ok(900));
        assert_eq!(seconds(r#","Validity":999999"#), Ok(43_200));
        assert!(seconds(r#","Expiration":"2020-07-01T12:00:00Z""#).unwrap_err().contains("clock"));
    }

    #[test]
    fn hostile_fields_are_dropped_or_refused() {
        assert_eq!(
            credential(&with(r#","ConsoleUrl":"javascript:alert(1)","Region":"../x""#)).unwrap().console_url,
            None
        );
        assert_eq!(credential(&with(r#","Region":"$(id)""#)).unwrap().region, None);
        for bad in [
            r"{}",
            r#"{"AccessKeyId":"ASIASIMULATOR0000000\n","SecretAccessKey":"x","SessionToken":"y"}"#,
            r#"{"AccessKeyId":"ASIASIMULATOR0000000","SecretAccessKey":"x y","SessionToken":"y"}"#,
            r#"{"AccessKeyId":"ASIASIMULATOR0000000","SecretAccessKey":"x"}"#,
        ] {
            assert!(credential(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn an_error_says_nothing_of_the_answer() {
        let error = credential(r#"{"SecretAccessKey":"SIM-SECRET","Validity":"#).unwrap_err();
        assert_eq!(error, "the portal's answer cannot be used: it is cut off (line 1, column 43)");
        let error = credential(r#"{"SecretAccessKey":["SIM-SECRET"]}"#).unwrap_err();
        assert!(!error.contains("SIM-SECRET"), "{error}");
        assert_eq!(
            read::<AccessInfo>(b"").err().unwrap().to_string(),
            "the portal's answer cannot be used: it is empty (line 1, column 0)"
        );
    }

    #[test]
    fn tenants_with_names_that_could_do_harm_are_left_out() {
        let body = br#"[{"TenantId":"3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c","AccountName":"prod","PlanID":"p","Tags":[{}]},
            {"TenantId":"4b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c","AccountName":"Dev01","PlanID":null},
            {"TenantId":"5b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c","AccountName":"x\u001b[31m"},
            {"TenantId":"../..","AccountName":"y"}]"#;
        let list = TenantList::read(body).unwrap();
        let names: Vec<_> = list.tenants.iter().map(|t| t.name.as_str()).collect();
        assert_eq!(names, ["Dev01", "prod"]);
        assert_eq!(list.unusable.len(), 2);
        assert!(!list.unusable.concat().contains('\u{1b}'));
        assert!(TenantList::read(b"null").unwrap().tenants.is_empty());
    }

    #[test]
    fn who_is_an_administrator() {
        let person = |json: &str| read::<Person>(json.as_bytes()).unwrap();
        assert!(person(r#"{"Username":"a@b.c","Roles":["User","Administrator"]}"#).is_admin());
        assert!(person(r#"{"Role":"Administrator"}"#).is_admin());
        assert!(!person(r#"{"Username":"a@b.c","Roles":null}"#).is_admin());
        assert!(!format!("{:?}", person(r#"{"CurrentSessionToken":"SIM"}"#)).contains("SIM"));
    }
}
