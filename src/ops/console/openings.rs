//! What a person may open the console for.

use crate::base::{PortalAddress, Scope, TenantRef};
use crate::ops::acquaint;
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::profile::{Filter, Profiles, list};
use crate::ops::status::Issued;
use crate::ops::token::Token;

/// Something to open the console for.
#[derive(Debug, Clone)]
pub struct Opening {
    /// What it is called: the profile, or else the tenant.
    pub name: String,
    /// The profile, if it is one.
    pub profile: Option<String>,
    /// What is asked of the portal.
    pub request: Request,
    /// Its region, as far as it is known.
    pub region: Option<String>,
    /// The credential that is cached for it.
    pub issued: Option<Issued>,
}

/// An administrator's.
pub fn administrator(name: &str, portal: &PortalAddress) -> Opening {
    of_scope(name.to_owned(), portal, Scope::Admin)
}

/// The profiles that ask jitpass, those used most first. Those whose names could not be shown are left out.
pub fn profiles(machine: &Machine, profiles: &Profiles) -> Vec<Opening> {
    let listed = list(machine, profiles, &Filter::default()).into_iter();
    let mut openings: Vec<Opening> = listed
        .filter(|one| !one.name.contains(char::is_control))
        .filter_map(|one| {
            Some(Opening {
                request: one.request?,
                profile: Some(one.name.clone()),
                name: one.name,
                region: one.region,
                issued: one.issued,
            })
        })
        .collect();
    machine.usage().sort(&mut openings, machine.now(), |one| &one.name);
    openings
}

/// What there is at one portal: its profiles, then the tenants that have none.
pub fn openings(
    machine: &Machine,
    known: &Profiles,
    portal: &PortalAddress,
    token: &Token,
) -> Result<Vec<Opening>, Failure> {
    let mut all = profiles(machine, known);
    all.retain(|one| one.request.portal == *portal && !one.request.scope.is_admin());
    let tenants = acquaint::tenants(portal, token)?.tenants;
    let scopes: Vec<String> = all.iter().map(|one| one.request.scope.key()).collect();
    for tenant in tenants {
        let (name, id) = (TenantRef::Name(tenant.name.clone()), TenantRef::Id(tenant.id));
        let keys = [&name, &id].map(|tenant| Scope::Tenant(tenant.clone()).key());
        if !keys.iter().any(|key| scopes.contains(key)) {
            all.push(of_scope(tenant.name.to_string(), portal, Scope::Tenant(name)));
        }
    }
    Ok(all)
}

fn of_scope(name: String, portal: &PortalAddress, scope: Scope) -> Opening {
    let request =
        Request { portal: portal.clone(), scope, region: None, token: None, no_cache: true, sign_in: None };
    Opening { name, profile: None, request, region: None, issued: None }
}
