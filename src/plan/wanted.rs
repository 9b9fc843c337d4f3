//! The profiles that should be there.

use std::collections::HashMap;

use crate::awsconfig::{Key, Value};
use crate::base::{
    PlanName, PortalAddress, PortalName, ProfileName, Region, Scope, TenantId, TenantName, TenantRef,
};
use crate::plan::extra_keys::{KeyStanding, standing};
use crate::plan::{Entry, EntryError, NameFields, NamingError, ProgramPath, Template};

/// What a portal offers and a person chose.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// The portal's short name.
    pub portal: &'a PortalName,
    /// Where it is.
    pub address: &'a PortalAddress,
    /// The path under which profiles call this program.
    pub program: &'a ProgramPath,
    /// Whether administrators' profile is wanted.
    pub admin: bool,
    /// The tenants that get a profile.
    pub tenants: Vec<WishedTenant<'a>>,
    /// The region of the portal's own account: for the administrators' profile, and for tenants without one.
    pub portal_region: Option<&'a Region>,
    /// The one region the person wants instead of all these.
    pub region: Option<&'a Region>,
    /// What else every profile says.
    pub keys: &'a [(Key, Value)],
}

/// A tenant that gets a profile.
#[derive(Debug, Clone, Copy)]
pub struct WishedTenant<'a> {
    /// Its name.
    pub name: &'a TenantName,
    /// Its id.
    pub id: &'a TenantId,
    /// Its plan, where the portal said.
    pub plan: Option<&'a PlanName>,
    /// Its own region, where the portal said.
    pub region: Option<&'a Region>,
    /// Its AWS account, where it was asked for.
    pub account_id: Option<&'a str>,
}

/// A profile that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: ProfileName,
    /// What it opens.
    pub scope: Scope,
    /// The id of its tenant.
    pub tenant_id: Option<TenantId>,
    /// What its section says, in order.
    pub properties: Vec<(Key, Value)>,
    /// Whether its region is only the portal's usual one, because nobody said the tenant's own: good enough for a new
    /// profile, and no reason to change one.
    pub region_is_guess: bool,
}

impl Wanted {
    /// What its section says for a key.
    pub fn property(&self, key: &str) -> Option<&str> {
        self.properties.iter().find(|(k, _)| k.as_str() == key).map(|(_, v)| v.as_str())
    }

    /// The same entry under another name.
    #[must_use]
    pub fn renamed(&self, name: ProfileName) -> Self {
        Self { name, ..self.clone() }
    }

    /// Whether a profile of this scope is the one that is wanted here.
    pub fn opens(&self, scope: &Scope) -> bool {
        match (scope, &self.tenant_id) {
            (Scope::Tenant(TenantRef::Id(id)), Some(own)) => id == own,
            _ => scope.key() == self.scope.key(),
        }
    }
}

/// Why the wanted profiles cannot be told.
#[derive(Debug, thiserror::Error)]
pub enum WantedError {
    /// No name for one of them.
    #[error(transparent)]
    Naming(#[from] NamingError),
    /// Two of them would have one name.
    #[error("`{first}` and `{second}` would both be the profile `{name}`")]
    Collision {
        /// The name.
        name: ProfileName,
        /// The scope that has it.
        first: String,
        /// The scope that would have it too.
        second: String,
    },
    /// A key that the settings ask for and that would do harm.
    #[error("`{key}` cannot be among the `keys` of portal `{portal}`: {reason}")]
    Key {
        /// The key.
        key: Key,
        /// Whose settings.
        portal: PortalName,
        /// What it would do.
        reason: &'static str,
    },
    /// What it must say cannot be written so that every SDK reads it alike.
    #[error(transparent)]
    Entry(#[from] EntryError),
}

/// The profiles for a wish, administrators' first, then the tenants in their order.
pub fn wanted(wish: &Wish<'_>, template: &Template) -> Result<Vec<Wanted>, WantedError> {
    check_keys(wish)?;
    let admin = wish.admin.then_some((Scope::Admin, None));
    let tenant_scopes =
        wish.tenants.iter().map(|tenant| (Scope::Tenant(TenantRef::Name(tenant.name.clone())), Some(tenant)));
    let mut list: Vec<Wanted> = Vec::with_capacity(wish.tenants.len() + 1);
    let mut taken: HashMap<String, usize> = HashMap::new();
    for (scope, tenant) in admin.into_iter().chain(tenant_scopes) {
        let known = wish.region.or(tenant.and_then(|tenant| tenant.region));
        let region = known.or(wish.portal_region);
        let name = template.name(NameFields {
            portal: wish.portal,
            scope: &scope,
            plan: tenant.and_then(|tenant| tenant.plan),
            region,
            account_id: tenant.and_then(|tenant| tenant.account_id),
        })?;
        let entry = Entry {
            program: wish.program,
            address: wish.address,
            scope: &scope,
            is_interactive: true,
            region,
            keys: wish.keys,
            mark: Some(wish.portal),
        };
        let entry = Wanted {
            properties: entry.properties()?,
            name,
            scope,
            tenant_id: tenant.map(|tenant| tenant.id.clone()),
            region_is_guess: known.is_none() && tenant.is_some(),
        };
        if let Some(before) = taken.insert(entry.name.to_string(), list.len()) {
            let (first, second) = (list[before].scope.to_string(), entry.scope.to_string());
            return Err(WantedError::Collision { name: entry.name, first, second });
        }
        list.push(entry);
    }
    Ok(list)
}

fn check_keys(wish: &Wish<'_>) -> Result<(), WantedError> {
    let objection = |key: &Key| match standing(key) {
        KeyStanding::Ours => Some("jitpass keeps that key itself"),
        KeyStanding::BeatsUs => Some("with it, AWS programs would not ask jitpass for credentials"),
        KeyStanding::Secret => Some("it holds a secret, and that file is no place for one"),
        KeyStanding::Harmless | KeyStanding::Unknown => None,
    };
    let wrong = wish.keys.iter().find_map(|(key, _)| objection(key).map(|reason| (key, reason)));
    match wrong {
        Some((key, reason)) => {
            Err(WantedError::Key { key: key.clone(), portal: wish.portal.clone(), reason })
        }
        None => Ok(()),
    }
}
