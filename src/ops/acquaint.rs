//! Getting to know a portal: is it one, who is signed in, what does it offer.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Timestamp};
use crate::credential::Identity;
use crate::net::Http;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::portal::{Features, Person, PortalClient, PortalError, Tenant, TenantList};
use crate::store::portal_facts::PortalFacts;

/// What a portal said of itself and of the person asking.
#[derive(Debug, Clone)]
pub struct Acquaintance {
    /// Which portal.
    pub portal: PortalAddress,
    /// What it can do.
    pub features: Features,
    /// Who is signed in.
    pub person: Person,
    /// The tenants this person may use.
    pub list: TenantList,
    /// The region of each tenant, by id; `None` where the portal does not say.
    pub regions: Option<HashMap<String, Region>>,
}

impl Acquaintance {
    /// The region of a tenant, where the portal said.
    pub fn region_of(&self, tenant: &Tenant) -> Option<&Region> {
        self.regions.as_ref()?.get(tenant.id.as_str())
    }
}

/// How long a person who is looking on waits for a portal.
const PATIENCE: Duration = Duration::from_secs(25);

/// How long a first sign of life may take.
pub const GREETING: Duration = Duration::from_secs(15);

/// Finds out, without a token, whether a portal is there.
pub fn greet(portal: &PortalAddress, patience: Duration) -> Result<(), Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, TokenSource::Given);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    crate::portal::greet(&http, portal, Instant::now() + patience).map_err(failed)
}

/// Finds out whose token it is.
pub fn person(portal: &PortalAddress, token: &Token) -> Result<Person, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let client = PortalClient::new(&http, portal, &token.secret, Instant::now() + PATIENCE);
    client.who_am_i().map_err(failed)
}

/// Asks everything at once, and keeps the tenants' ids for later.
pub fn acquaint(
    machine: &Machine,
    portal: &PortalAddress,
    token: &Token,
    identity: &Identity,
    now: Timestamp,
) -> Result<Acquaintance, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let client = PortalClient::new(&http, portal, &token.secret, Instant::now() + PATIENCE);
    let (features, person, list) = client.introduce().map_err(failed)?;
    let regions = if list.tenants.is_empty() { None } else { client.regions().map_err(failed)? };
    let mut facts = PortalFacts::load(machine.cache_dir.as_deref(), portal, identity);
    facts.learn_tenants(list.tenants.iter().map(|t| (&t.name, &t.id)), now);
    Ok(Acquaintance { portal: portal.clone(), features, person, list, regions })
}
