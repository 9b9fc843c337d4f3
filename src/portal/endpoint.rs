//! What can be asked of a portal, and under which path.
//!
//! Paths as the vendor's own clients use them (duplo-jit 0.5, duploctl 0.4, the Terraform provider).

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

use crate::base::{Region, TenantId};

/// One question to a portal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Endpoint {
    /// What the portal can do. Answers also a token that was signed out.
    Features,
    /// The tenants the caller may use.
    Tenants,
    /// Who the caller is.
    WhoAmI,
    /// Administrator credentials, in a region if said.
    AdminCredential(Option<Region>),
    /// Administrator credentials on portals older than `v3`.
    LegacyAdminCredential,
    /// Credentials of DuploCloud's operators.
    DuploOpsCredential,
    /// A tenant's credentials.
    TenantCredential(TenantId),
    /// The settings of every tenant the caller may use, by id.
    TenantFeatures,
    /// The AWS account of a tenant.
    TenantAccount(TenantId),
}

impl Endpoint {
    /// The path below the portal's address, without a leading slash.
    pub fn path(&self) -> String {
        match self {
            Self::Features => "v3/features/system".to_owned(),
            Self::Tenants => "admin/GetTenantsForUser".to_owned(),
            Self::WhoAmI => "admin/GetUserRoleInfo".to_owned(),
            Self::AdminCredential(None) => "v3/admin/aws/jitAccess/admin".to_owned(),
            Self::AdminCredential(Some(region)) => {
                format!("v3/admin/aws/jitAccess/admin/{}", escaped(region.as_str()))
            }
            Self::LegacyAdminCredential => "adminproxy/GetJITAwsConsoleAccessUrl".to_owned(),
            Self::DuploOpsCredential => "v3/admin/aws/jitAccess/duplo-ops".to_owned(),
            Self::TenantCredential(id) => {
                format!("subscriptions/{}/GetAwsConsoleTokenUrl", escaped(id.as_str()))
            }
            Self::TenantFeatures => "v3/features/tenant".to_owned(),
            Self::TenantAccount(id) => {
                format!("subscriptions/{}/GetTenantAwsAccountId", escaped(id.as_str()))
            }
        }
    }

    /// What is asked for, in words that fit behind "the portal refuses …" and "when asked for …".
    pub const fn purpose(&self) -> &'static str {
        match self {
            Self::Features => "its features",
            Self::Tenants => "the list of tenants",
            Self::WhoAmI => "your user data",
            Self::AdminCredential(_) | Self::LegacyAdminCredential => "administrator credentials",
            Self::DuploOpsCredential => "duplo-ops credentials",
            Self::TenantCredential(_) => "credentials for this tenant",
            Self::TenantFeatures => "the settings of the tenants",
            Self::TenantAccount(_) => "the AWS account of a tenant",
        }
    }

    /// Whether a 404 or 500 means that the portal is older than this question.
    pub const fn is_newer_than_some_portals(&self) -> bool {
        matches!(self, Self::AdminCredential(_) | Self::DuploOpsCredential)
    }
}

// Names are checked before they come here; escaping again costs nothing and needs no trust in that.
fn escaped(segment: &str) -> String {
    const KEPT: &percent_encoding::AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.');
    utf8_percent_encode(segment, KEPT).to_string()
}
