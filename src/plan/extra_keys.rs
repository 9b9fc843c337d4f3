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

/// Keys that AWS programs know besides, so that none of them is taken for another one misspelt.
const OTHERS: [&str; 12] = [
    "aws_account_id",
    "aws_secret_access_key",
    "aws_session_token",
    "ca_bundle",
    "cli_error_format",
    "cli_help_output",
    "credential_process",
    "endpoint_url",
    "ignore_configured_endpoint_urls",
    "region",
    "sdk_ua_app_id",
    "services",
];

/// The key that was probably meant by one that no AWS program knows; `None` where it is none of ours to doubt.
pub fn meant(key: &str) -> Option<&'static str> {
    let known: Vec<&'static str> = [&BEATS_US[..], &HARMLESS, &OTHERS].concat();
    if key == MARK || known.contains(&key) {
        return None;
    }
    similar::get_close_matches(key, &known, 1, 0.8).first().copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_near_misses_are_doubted() {
        for (key, expected) in [
            ("regoin", Some("region")),
            ("ouput", Some("output")),
            ("credential_proces", Some("credential_process")),
            ("credentials_process", Some("credential_process")),
            ("source_profil", Some("source_profile")),
            ("cli_pagr", Some("cli_pager")),
            ("sso_sesion", Some("sso_session")),
            ("region", None),
            ("aws_account_id", None),
            ("services", None),
            ("s3", None),
            ("my_note", None),
            ("jitpass_portal", None),
        ] {
            assert_eq!(meant(key), expected, "{key}");
        }
    }

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
