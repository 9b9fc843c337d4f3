//! The profiles that should be there.

use std::collections::HashMap;

use crate::awsconfig::Value;
use crate::awsconfig::command::{self, CommandError};
use crate::base::{
    PlanName, PortalAddress, PortalName, ProfileName, Region, Scope, TenantId, TenantName, TenantRef,
};
use crate::plan::{NameFields, NamingError, Template};

/// The key that says that jitpass keeps a section; its value is the portal's short name. A key rather than a
/// comment, because other tools drop comments.
pub const MARK: &str = "jitpass_portal";

/// The absolute path under which profiles call this program.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProgramPath(pub String);

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
    /// The tenants that get a profile: name, id and plan.
    pub tenants: Vec<(&'a TenantName, &'a TenantId, Option<&'a PlanName>)>,
    /// The region of each tenant, by id, where the portal said.
    pub regions: Option<&'a HashMap<String, Region>>,
    /// The region of the portal's own account: for the administrators' profile, and for tenants without one.
    pub portal_region: Option<&'a Region>,
    /// The one region the person wants instead of all these.
    pub region: Option<&'a Region>,
}

/// A profile that should be there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    /// Its name.
    pub name: ProfileName,
    /// What it opens.
    pub scope: Scope,
    /// What its section says, in order.
    pub properties: Vec<(&'static str, Value)>,
    /// Whether its region is only the portal's usual one, because nobody said the tenant's own: good enough for a new
    /// profile, and no reason to change one.
    pub region_is_guess: bool,
}

impl Wanted {
    /// What its section says for a key.
    pub fn property(&self, key: &str) -> Option<&str> {
        self.properties.iter().find(|(k, _)| *k == key).map(|(_, v)| v.as_str())
    }

    /// The same entry under another name.
    #[must_use]
    pub fn renamed(&self, name: ProfileName) -> Self {
        Self { name, ..self.clone() }
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
    /// The command line cannot be written so that every SDK reads it alike.
    #[error(transparent)]
    Command(#[from] CommandError),
    /// A value cannot be written so that every SDK reads it alike.
    #[error(transparent)]
    Value(#[from] crate::awsconfig::ValueError),
}

/// The profiles for a wish, administrators' first, then the tenants in their order.
pub fn wanted(wish: &Wish<'_>, template: &Template) -> Result<Vec<Wanted>, WantedError> {
    let tenant_scopes = wish.tenants.iter().map(|(name, id, plan)| {
        let region = wish.regions.and_then(|regions| regions.get(id.as_str()));
        (Scope::Tenant(TenantRef::Name((*name).clone())), *plan, region)
    });
    let admin = wish.admin.then_some((Scope::Admin, None, None));
    let mut list: Vec<Wanted> = Vec::with_capacity(wish.tenants.len() + 1);
    let mut taken: HashMap<String, usize> = HashMap::new();
    for (scope, plan, own_region) in admin.into_iter().chain(tenant_scopes) {
        let known = wish.region.or(own_region);
        let region = known.or(wish.portal_region);
        let region_is_guess = known.is_none() && matches!(scope, Scope::Tenant(_));
        let name = template.name(NameFields { portal: wish.portal, scope: &scope, plan, region })?;
        let entry = Wanted { properties: properties(wish, &scope, region)?, name, scope, region_is_guess };
        if let Some(before) = taken.insert(entry.name.to_string(), list.len()) {
            let (first, second) = (list[before].scope.to_string(), entry.scope.to_string());
            return Err(WantedError::Collision { name: entry.name, first, second });
        }
        list.push(entry);
    }
    Ok(list)
}

fn properties(
    wish: &Wish<'_>,
    scope: &Scope,
    region: Option<&Region>,
) -> Result<Vec<(&'static str, Value)>, WantedError> {
    let mut args = vec!["aws", "--host", wish.address.host.as_str()];
    if let Some(api_host) = &wish.address.api_host {
        args.extend(["--api-host", api_host.as_str()]);
    }
    let tenant;
    match scope {
        Scope::Admin => args.push("--admin"),
        Scope::DuploOps => args.push("--duplo-ops"),
        Scope::Tenant(reference) => {
            tenant = match reference {
                TenantRef::Name(name) => name.key(),
                TenantRef::Id(id) => id.to_string(),
            };
            args.extend(["--tenant", &tenant]);
        }
    }
    args.push("--interactive");
    let build = if cfg!(windows) { command::windows } else { command::posix };
    let mut properties = Vec::with_capacity(3);
    if let Some(region) = region {
        properties.push(("region", region.as_str().parse()?));
    }
    properties.push(("credential_process", build(&wish.program.0, &args)?));
    properties.push((MARK, wish.portal.as_str().parse()?));
    Ok(properties)
}
