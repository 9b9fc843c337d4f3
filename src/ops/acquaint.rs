//! Getting to know a portal: is it one, who is signed in, what does it offer.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Timestamp};
use crate::credential::Identity;
use crate::net::Http;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::portal::{Features, Introduction, Person, PortalClient, PortalError, Tenant, TenantList};
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
    /// The AWS account of each tenant, by id, where somebody wants to know.
    pub account_ids: HashMap<String, String>,
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

/// The tenants that a portal offers to a token's owner.
pub fn tenants(portal: &PortalAddress, token: &Token) -> Result<TenantList, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    PortalClient::new(&http, portal, &token.secret, Instant::now() + PATIENCE).tenants().map_err(failed)
}

/// Whether each tenant's AWS account is asked for, too: that is one request for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WithAccounts(pub bool);

/// Asks everything at once, and keeps the tenants' ids for later.
pub fn acquaint(
    machine: &Machine,
    portal: &PortalAddress,
    token: &Token,
    identity: &Identity,
    now: Timestamp,
    with_accounts: WithAccounts,
) -> Result<Acquaintance, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let client = PortalClient::new(&http, portal, &token.secret, Instant::now() + PATIENCE);
    let Introduction { features, person, tenants: list, regions } = client.introduce(true).map_err(failed)?;
    let ids: Vec<_> = list.tenants.iter().map(|t| &t.id).filter(|_| with_accounts.0).collect();
    let account_ids = client.accounts(&ids).map_err(failed)?;
    let mut facts = PortalFacts::load(machine.cache_dir.as_deref(), portal, identity);
    facts.learn_tenants(list.tenants.iter().map(|t| (&t.name, &t.id)), now);
    Ok(Acquaintance { portal: portal.clone(), features, person, list, regions, account_ids })
}
