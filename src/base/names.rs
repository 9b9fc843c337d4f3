//! Names that people and portals give to things.
//!
//! All of them reach files, paths, command lines and terminals, so each admits only characters that mean nothing
//! to any of these. What a portal says is as hostile as what a person types: both come through here.

use std::fmt;
use std::str::FromStr;

use crate::base::text;

/// Why a text is not a name of its kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameError {
    kind: &'static str,
    text: String,
    reason: &'static str,
}

impl NameError {
    fn new(kind: &'static str, text: &str, reason: &'static str) -> Self {
        Self { kind, text: text::clip(text, 60), reason }
    }
}

impl fmt::Display for NameError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a {}: {}", text::Visible(&self.text), self.kind, self.reason)
    }
}

impl std::error::Error for NameError {}

/// Declares a name type: a newtype over `String` with one checking constructor.
macro_rules! name {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $check:expr) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(String);

        impl $name {
            /// The text of the name.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl FromStr for $name {
            type Err = NameError;

            fn from_str(text: &str) -> Result<Self, NameError> {
                let check: fn(&str) -> Result<String, &'static str> = $check;
                check(text).map(Self).map_err(|reason| NameError::new($kind, text, reason))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                &self.0
            }
        }
    };
}

name!(
    /// The name of a profile that jitpass may create: `[A-Za-z0-9_.@+-]`, the set every SDK reads alike
    /// (botocore, Rust, Java, Go and JS disagree on anything else).
    ///
    /// `__proto__` is refused because the JS SDK loses every profile of a file that has it.
    ProfileName,
    "profile name",
    |text| {
        check_length(text, 128)?;
        if text == "__proto__" {
            return Err("the AWS SDK for JavaScript cannot read a file with it");
        }
        if text.starts_with('-') {
            return Err("it would be read as a flag; start it with a letter or digit");
        }
        if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.@+-".contains(&b)) {
            return Err("use letters, digits and `_ . @ + -`, which every AWS SDK reads alike");
        }
        Ok(text.to_owned())
    }
);

impl ProfileName {
    /// Whether this is the profile that AWS programs use when none is named.
    pub fn is_default(&self) -> bool {
        self.0 == "default"
    }
}

name!(
    /// The short name a person gives to a portal: `[a-z0-9._-]`, kept in lower case.
    PortalName,
    "portal name",
    |text| {
        check_length(text, 63)?;
        check_label(text)?;
        Ok(text.to_ascii_lowercase())
    }
);

name!(
    /// The name of a tenant as the portal spells it. Compare with [`TenantName::key`]: portals show capitals that
    /// their own tools ignore.
    TenantName,
    "tenant name",
    |text| {
        check_length(text, 64)?;
        check_label(text)?;
        Ok(text.to_owned())
    }
);

impl TenantName {
    /// The spelling under which two names are the same tenant.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }
}

name!(
    /// A tenant's name in which `*` stands for any characters and `?` for one.
    TenantPattern,
    "tenant name or pattern",
    |text| {
        check_length(text, 64)?;
        if text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-*?".contains(&b)) {
            Ok(text.to_owned())
        } else {
            Err("use letters, digits, `.`, `_` and `-`, and `*` and `?` for what may differ")
        }
    }
);

impl TenantPattern {
    /// The spelling under which two patterns are the same.
    pub fn key(&self) -> String {
        self.0.to_ascii_lowercase()
    }

    /// Whether it can mean more than one tenant.
    pub fn is_open(&self) -> bool {
        self.0.contains(['*', '?'])
    }
}

impl From<&TenantName> for TenantPattern {
    fn from(name: &TenantName) -> Self {
        Self(name.0.clone())
    }
}

name!(
    /// The name of a plan (the infrastructure a tenant lives in).
    PlanName,
    "plan name",
    |text| {
        check_length(text, 64)?;
        check_label(text)?;
        Ok(text.to_owned())
    }
);

name!(
    /// The id of a tenant: a UUID, kept in lower case as the portal writes it.
    TenantId,
    "tenant id",
    |text| {
        let dashes = [8, 13, 18, 23];
        let shaped = text.len() == 36
            && text.bytes().enumerate().all(|(at, b)| {
                if dashes.contains(&at) { b == b'-' } else { b.is_ascii_hexdigit() }
            });
        if shaped { Ok(text.to_ascii_lowercase()) } else { Err("a tenant id is a UUID of 36 characters") }
    }
);

name!(
    /// An AWS region such as `us-west-2` or `us-gov-east-1`.
    Region,
    "region",
    |text| {
        let parts: Vec<&str> = text.split('-').collect();
        let (number, words) = parts.split_last().ok_or("it is empty")?;
        let shaped = (2..=4).contains(&words.len())
            && text.len() <= 32
            && words.iter().all(|w| !w.is_empty() && w.bytes().all(|b| b.is_ascii_alphabetic()))
            && (1..=2).contains(&number.len())
            && number.bytes().all(|b| b.is_ascii_digit());
        if shaped { Ok(text.to_ascii_lowercase()) } else { Err("a region looks like `us-west-2`") }
    }
);

fn check_length(text: &str, most: usize) -> Result<(), &'static str> {
    if text.is_empty() {
        return Err("it is empty");
    }
    if text.len() > most { Err("it is too long") } else { Ok(()) }
}

/// A label that is safe as a file name, an INI value, a shell word and on a terminal.
fn check_label(text: &str) -> Result<(), &'static str> {
    if !text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return Err("it must start with a letter or a digit");
    }
    if !text.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b)) {
        return Err("use letters, digits, `.`, `_` and `-`");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_admit_what_every_reader_agrees_on() {
        for good in ["acme-dev01", "a", "A.b_c@d+e-f", "default"] {
            assert_eq!(good.parse::<ProfileName>().unwrap().as_str(), good);
        }
        for bad in ["", "a b", "a/b", "a]b", "été", "__proto__", "-x", "a\nb", "a#b", "a:b", &"x".repeat(129)]
        {
            assert!(bad.parse::<ProfileName>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn a_tenant_name_can_be_no_path_flag_or_escape() {
        for bad in ["", ".", "..", "../x", "a/b", "-a", "a b", "a\u{1b}[2J", "$(id)", "a;b", "a%b", "a\0"] {
            assert!(bad.parse::<TenantName>().is_err(), "{bad:?}");
        }
        let tenant: TenantName = "Dev01".parse().unwrap();
        assert_eq!((tenant.as_str(), tenant.key().as_str()), ("Dev01", "dev01"));
    }

    #[test]
    fn an_error_shows_hostile_text_harmlessly() {
        let error = "a\u{1b}[2J".parse::<TenantName>().unwrap_err().to_string();
        assert!(!error.contains('\u{1b}'), "{error:?}");
    }

    #[test]
    fn tenant_ids_are_uuids() {
        let id: TenantId = "3B6EA1D2-7c4f-4a0e-9a55-0d1e2f3a4b5c".parse().unwrap();
        assert_eq!(id.as_str(), "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c");
        for bad in ["", "3b6ea1d27c4f4a0e9a550d1e2f3a4b5c", "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5g"] {
            assert!(bad.parse::<TenantId>().is_err(), "{bad:?}");
        }
    }

    #[test]
    fn regions_of_every_partition() {
        for good in ["us-west-2", "us-gov-east-1", "cn-north-1", "eusc-de-east-1", "ap-southeast-12"] {
            assert!(good.parse::<Region>().is_ok(), "{good}");
        }
        assert_eq!("US-WEST-2".parse::<Region>().unwrap().as_str(), "us-west-2");
        for bad in ["", "us", "us-west", "us-west-2a", "us west 2", "../../x-1", "us-west-222"] {
            assert!(bad.parse::<Region>().is_err(), "{bad:?}");
        }
    }
}
