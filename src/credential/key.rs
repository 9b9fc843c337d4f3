//! Which credential: the place of a credential set in the cache.

use std::fmt::Write as _;
use std::path::PathBuf;

use sha2::{Digest, Sha256};

use crate::base::{PortalAddress, Region, Scope, Secret};

/// With whose token a credential was issued. Two people's credentials never share a place.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Identity {
    /// The person signed in on this machine: a stored token, or what `token_command` gives.
    Own,
    /// An explicit token, known by its SHA-256.
    Explicit(String),
}

impl Identity {
    /// The identity of an explicit token.
    pub fn of_token(token: &Secret) -> Self {
        Self::Explicit(sha256_hex(token.expose().as_bytes()))
    }

    /// Its name in file names.
    pub fn key(&self) -> &str {
        match self {
            Self::Own => "self",
            Self::Explicit(hash) => hash,
        }
    }
}

/// The SHA-256 of bytes, as 64 digits.
pub fn sha256_hex(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().fold(String::with_capacity(64), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

/// Portal, identity, scope and, when asked for, region: everything that makes a credential another one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct CredentialKey {
    /// Who issues it.
    pub portal: PortalAddress,
    /// To whom.
    pub identity: Identity,
    /// What it opens.
    pub scope: Scope,
    /// The region asked for; `None` is the portal's choice.
    pub region: Option<Region>,
}

impl CredentialKey {
    /// The path of this credential below the cache's directory. Every part is a checked name, so none can climb.
    pub fn path(&self) -> PathBuf {
        let region = self.region.as_ref().map(|r| format!("@{r}")).unwrap_or_default();
        let mut path = PathBuf::from(self.portal.key());
        path.push(self.identity.key());
        path.push(format!("{}{region}", self.scope.key()));
        path
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(host: &str, identity: Identity, scope: Scope, region: Option<&str>) -> String {
        let portal = PortalAddress::new(host.parse().unwrap(), None);
        let region = region.map(|r| r.parse().unwrap());
        CredentialKey { portal, identity, scope, region }.path().to_str().unwrap().replace('\\', "/")
    }

    #[test]
    fn everything_that_makes_another_credential_makes_another_place() {
        let tenant = |t: &str| Scope::Tenant(t.parse().unwrap());
        let host = "https://acme.duplocloud.net";
        assert_eq!(key(host, Identity::Own, Scope::Admin, None), "acme.duplocloud.net/self/admin");
        assert_eq!(
            key(host, Identity::Own, tenant("DEV01"), Some("us-west-2")),
            "acme.duplocloud.net/self/tenant-dev01@us-west-2"
        );
        let explicit = key(host, Identity::of_token(&Secret::new("abc")), Scope::DuploOps, None);
        assert_eq!(
            explicit,
            "acme.duplocloud.net/ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad/duplo-ops"
        );
    }
}
