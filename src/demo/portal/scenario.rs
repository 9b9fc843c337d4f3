//! What kind of portal to be.

use serde::Deserialize;

use super::callback::{Cancel, LoopbackName, Way};
use super::users::UserKind;

/// A portal to simulate, as plain data. [`Scenario::default`] is a present-day portal on AWS with eight tenants in
/// two regions and one user of each kind; [`Scenario::named`] reads one from a command line.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scenario {
    /// Where all made-up values come from: the same seed gives the same ids, tokens and keys.
    pub seed: u64,
    /// Which of the endpoints exist.
    pub generation: Generation,
    /// The AWS partition of the portal's account.
    pub partition: Partition,
    /// The regions tenants are spread over, the portal's own first. Empty: two of the partition's.
    pub regions: Vec<String>,
    /// How many tenants there are, `default` included. At least one: no portal is without `default`.
    pub tenants: usize,
    /// Names of further tenants, taken as they are.
    pub extra_tenants: Vec<String>,
    /// Who may sign in.
    pub users: Vec<UserKind>,
    /// Whether the portal wants a code for administrator's work (`IsOtpNeeded`).
    pub mfa: bool,
    /// The code it wants.
    pub otp: String,
    /// Whether the `duplo-ops` role exists.
    pub duplo_ops: bool,
    /// The `Validity` of an issued credential in seconds; `None` leaves the field out. Absent and 0 mean 3600.
    pub validity: Option<u32>,
    /// Whether issued credentials carry `Expiration`.
    pub expiration: bool,
    /// The tenant setting (metadata key) that overrides `validity` for one tenant. Its real name is nowhere public.
    pub validity_key: Option<String>,
    /// The Kubernetes side.
    pub kubernetes: Kubernetes,
    /// The statuses that no public source settles.
    pub refusals: Refusals,
    /// How the sign-in page hands the token over.
    pub callback: Way,
    /// What its Cancel button does.
    pub cancel: Cancel,
    /// How it spells this machine.
    pub loopback: LoopbackName,
    /// Whether the browser asks the listener for `/favicon.ico` before it brings the token.
    pub favicon: bool,
}

/// What a portal can do, by its age.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Generation {
    /// Everything.
    New,
    /// `v3/…jit…` endpoints are 404, the older ones answer.
    Older,
    /// The same with 500, which clients have to take for "missing" too.
    #[serde(rename = "older-500")]
    Older500,
}

/// An AWS partition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Partition {
    /// Commercial regions.
    Aws,
    /// GovCloud (US).
    Gov,
    /// China.
    Cn,
}

impl Partition {
    /// As ARNs spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::Gov => "aws-us-gov",
            Self::Cn => "aws-cn",
        }
    }

    /// The host that turns a sign-in token into a console session.
    pub fn sign_in_host(self) -> &'static str {
        match self {
            Self::Aws => "signin.aws.amazon.com",
            Self::Gov => "signin.amazonaws-us-gov.com",
            Self::Cn => "signin.amazonaws.cn",
        }
    }

    /// The host of the console.
    pub fn console_host(self) -> &'static str {
        match self {
            Self::Aws => "console.aws.amazon.com",
            Self::Gov => "console.amazonaws-us-gov.com",
            Self::Cn => "console.amazonaws.cn",
        }
    }

    fn usual_regions(self) -> [&'static str; 2] {
        match self {
            Self::Aws => ["us-west-2", "us-east-1"],
            Self::Gov => ["us-gov-west-1", "us-gov-east-1"],
            Self::Cn => ["cn-north-1", "cn-northwest-1"],
        }
    }
}

/// The Kubernetes side of a portal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Kubernetes {
    /// Whether plans have a cluster.
    pub enabled: bool,
    /// Whether tokens are JWTs (EKS) or opaque.
    pub jwt: bool,
    /// The form of `LastTokenRefreshTime`.
    pub refresh_time: RefreshTime,
    /// Whether the cluster's CA is given.
    pub authority: bool,
}

/// The forms in which `LastTokenRefreshTime` comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RefreshTime {
    /// RFC 3339.
    Rfc3339,
    /// Left out.
    Absent,
    /// An empty text.
    Empty,
}

/// Statuses of refusals for which the facts leave a choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "kebab-case", deny_unknown_fields)]
pub struct Refusals {
    /// Not an administrator, on an administrator's endpoint: 403, 401 or 400.
    pub role: u16,
    /// Another's tenant: 403 or 401.
    pub foreign_tenant: u16,
    /// No such tenant: 404 or 400.
    pub unknown_tenant: u16,
    /// No code, or a wrong one, where one is needed: 403 or 401.
    pub otp: u16,
    /// Whether read-only users are refused a tenant's AWS access.
    pub read_only_jit: bool,
}

impl Scenario {
    /// The regions in use: those asked for, or the partition's usual two.
    pub fn regions(&self) -> Vec<String> {
        if self.regions.is_empty() {
            self.partition.usual_regions().map(str::to_owned).into()
        } else {
            self.regions.clone()
        }
    }

    /// The portal's AWS account.
    pub fn account(&self) -> String {
        format!("{:012}", 100_000_000_000 + super::dice::number(self.seed, "account", 0) % 899_999_999_999)
    }
}

impl Default for Scenario {
    fn default() -> Self {
        Self {
            seed: 1,
            generation: Generation::New,
            partition: Partition::Aws,
            regions: Vec::new(),
            tenants: 8,
            extra_tenants: Vec::new(),
            users: UserKind::ALL.into(),
            mfa: false,
            otp: "123456".to_owned(),
            duplo_ops: true,
            validity: Some(3600),
            expiration: true,
            validity_key: None,
            kubernetes: Kubernetes::default(),
            refusals: Refusals::default(),
            callback: Way::Auto,
            cancel: Cancel::Auto,
            loopback: LoopbackName::Address,
            favicon: false,
        }
    }
}

impl Default for Kubernetes {
    fn default() -> Self {
        Self { enabled: true, jwt: true, refresh_time: RefreshTime::Rfc3339, authority: true }
    }
}

impl Default for Refusals {
    fn default() -> Self {
        Self { role: 403, foreign_tenant: 403, unknown_tenant: 404, otp: 403, read_only_jit: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scenario_can_be_written_as_json_with_only_what_differs() {
        let read: Scenario = serde_json::from_str(
            r#"{"generation":"older-500","tenants":80,"users":["admin","read-only"],"validity":null,
                "kubernetes":{"jwt":false},"callback":"post-otp"}"#,
        )
        .unwrap();
        assert_eq!((read.generation, read.tenants, read.validity), (Generation::Older500, 80, None));
        assert_eq!(read.kubernetes, Kubernetes { jwt: false, ..Kubernetes::default() });
        assert_eq!(read.callback, Way::PostOtp);
        assert!(serde_json::from_str::<Scenario>(r#"{"tenant":1}"#).is_err());
    }

    #[test]
    fn accounts_have_twelve_digits() {
        for seed in 0..50 {
            let account = Scenario { seed, ..Scenario::default() }.account();
            assert!(account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()), "{account}");
        }
    }
}
