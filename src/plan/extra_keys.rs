//! Keys that profiles may have besides those that jitpass keeps.

use crate::awsconfig::Key;
use crate::plan::MARK;

/// What a key means for a profile whose credentials come from jitpass.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyStanding {
    /// jitpass keeps it itself.
    Ours,
    /// With it, some AWS programs would take their credentials from elsewhere, or none.
    BeatsUs,
    /// It holds a secret.
    Secret,
    /// It is known to do no harm.
    Harmless,
    /// Not known here.
    Unknown,
}

/// Facts: `aws-config.md` 1.4 measured what beats a `credential_process` in which SDK; `ca_bundle`, proxies and endpoints
/// send traffic elsewhere, so they are not harmless in a file from somebody else.
const BEATS_US: [&str; 17] = [
    "aws_access_key_id",
    "credential_source",
    "external_id",
    "login_session",
    "mfa_serial",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_account_name",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
    "x_principal_arn",
];

const HARMLESS: [&str; 19] = [
    "account_id_endpoint_mode",
    "cli_auto_prompt",
    "cli_binary_format",
    "cli_follow_urlparam",
    "cli_history",
    "cli_pager",
    "cli_timestamp_format",
    "defaults_mode",
    "duration_seconds",
    "ec2_metadata_service_endpoint_mode",
    "max_attempts",
    "output",
    "parameter_validation",
    "retry_mode",
    "s3_us_east_1_regional_endpoint",
    "sts_regional_endpoints",
    "tcp_keepalive",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// What a key means.
pub fn standing(key: &Key) -> KeyStanding {
    let key = key.as_str();
    let is_secret = ["secret", "token", "password", "secret_access_key"].iter().any(|end| key.ends_with(end));
    match key {
        "region" | "credential_process" | MARK => KeyStanding::Ours,
        _ if BEATS_US.contains(&key) => KeyStanding::BeatsUs,
        _ if is_secret => KeyStanding::Secret,
        _ if HARMLESS.contains(&key) => KeyStanding::Harmless,
        _ => KeyStanding::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_keys_mean() {
        for (key, expected) in [
            ("region", KeyStanding::Ours),
            ("jitpass_portal", KeyStanding::Ours),
            ("role_arn", KeyStanding::BeatsUs),
            ("aws_access_key_id", KeyStanding::BeatsUs),
            ("aws_secret_access_key", KeyStanding::Secret),
            ("aws_session_token", KeyStanding::Secret),
            ("output", KeyStanding::Harmless),
            ("cli_pager", KeyStanding::Harmless),
            ("endpoint_url", KeyStanding::Unknown),
            ("ca_bundle", KeyStanding::Unknown),
        ] {
            assert_eq!(standing(&key.parse().unwrap()), expected, "{key}");
        }
    }
}
