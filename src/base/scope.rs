//! What a credential opens.

use std::fmt;
use std::str::FromStr;

use crate::base::{NameError, TenantId, TenantName};

/// A tenant, by its name or by its id.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TenantRef {
    /// By name; any case.
    Name(TenantName),
    /// By id.
    Id(TenantId),
}

impl FromStr for TenantRef {
    type Err = NameError;

    /// Reads an argument of `--tenant`: a UUID is an id, all else a name. (duplo-jit takes anything of 32
    /// characters and more for an id; portals allow tenant names of 12.)
    fn from_str(text: &str) -> Result<Self, NameError> {
        match text.parse() {
            Ok(id) => Ok(Self::Id(id)),
            Err(_) => text.parse().map(Self::Name),
        }
    }
}

impl fmt::Display for TenantRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Name(name) => name.fmt(f),
            Self::Id(id) => id.fmt(f),
        }
    }
}

/// What a credential opens: the whole account as an administrator, as DuploCloud's operators, or one tenant.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The administrator's role.
    Admin,
    /// The role of DuploCloud's operators.
    DuploOps,
    /// One tenant's role.
    Tenant(TenantRef),
}

impl Scope {
    /// Whether it is administrators' work, for which a portal may want a one-time code.
    pub fn is_admin(&self) -> bool {
        matches!(self, Self::Admin | Self::DuploOps)
    }

    /// Chooses as duplo-jit does when several are given: admin before duplo-ops before tenant.
    pub fn choose(admin: bool, duplo_ops: bool, tenant: Option<TenantRef>) -> Option<Self> {
        match (admin, duplo_ops, tenant) {
            (true, _, _) => Some(Self::Admin),
            (_, true, _) => Some(Self::DuploOps),
            (_, _, tenant) => tenant.map(Self::Tenant),
        }
    }

    /// The name of this scope in file names; equal for scopes that mean the same.
    pub fn key(&self) -> String {
        match self {
            Self::Admin => "admin".to_owned(),
            Self::DuploOps => "duplo-ops".to_owned(),
            Self::Tenant(TenantRef::Name(name)) => format!("tenant-{}", name.key()),
            // With what is in no tenant's name.
            Self::Tenant(TenantRef::Id(id)) => format!("tenant~{id}"),
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Admin => f.write_str("admin"),
            Self::DuploOps => f.write_str("duplo-ops"),
            Self::Tenant(tenant) => write!(f, "tenant {tenant}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn admin_wins_over_duplo_ops_over_tenant() {
        let tenant: Option<TenantRef> = Some("dev01".parse().unwrap());
        assert_eq!(Scope::choose(true, true, tenant.clone()), Some(Scope::Admin));
        assert_eq!(Scope::choose(false, true, tenant.clone()), Some(Scope::DuploOps));
        assert_eq!(Scope::choose(false, false, tenant).unwrap().key(), "tenant-dev01");
        assert_eq!(Scope::choose(false, false, None), None);
    }

    #[test]
    fn a_tenant_named_like_a_key_meets_no_other_scope() {
        let named: TenantRef = "id-x".parse().unwrap();
        let id: TenantRef = "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c".parse().unwrap();
        assert_ne!(Scope::Tenant(named).key(), Scope::Tenant(id.clone()).key());
        assert!(matches!(id, TenantRef::Id(_)));
        // No name can spell the key of an id: such a text is an id.
        assert!(matches!("DEV01".parse(), Ok(TenantRef::Name(n)) if n.key() == "dev01"));
    }
}
