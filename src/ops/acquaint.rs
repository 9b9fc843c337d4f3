//! Getting to know a portal: is it one, who is signed in, what does it offer.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Secret, Timestamp};
use crate::credential::Identity;
use crate::net::{Http, Method, Request};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token::{Token, TokenSource};
use crate::portal::{Features, Person, PortalClient, PortalError, TenantList};
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
    /// The region of each tenant, by id.
    pub regions: HashMap<String, Region>,
}

/// How long a person who is looking on waits for a portal.
const PATIENCE: Duration = Duration::from_secs(60);

/// How long a first sign of life may take.
const GREETING: Duration = Duration::from_secs(15);

/// Finds out, without a token, whether a portal is there: it answers the question what it can do with data or with
/// a refusal, and not with a web page.
pub fn greet(portal: &PortalAddress) -> Result<(), Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, TokenSource::Given);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let url = format!("{}/v3/features/system", portal.api());
    let headers = vec![("accept", Secret::new("application/json"))];
    let request = Request { method: Method::Get, url, headers, body: String::new() };
    let answer = http.send(&request, Instant::now() + GREETING).map_err(|e| failed(e.into()))?;
    match answer.status {
        // 5xx may come from a portal on a bad day; the next question will tell.
        401 | 403 | 429 | 500..=599 => Ok(()),
        200..=299 if !answer.body.starts_with(b"<") && !answer.media_type.starts_with("text/html") => Ok(()),
        _ => {
            let what = if (300..=399).contains(&answer.status) { "a redirect" } else { "a web page" };
            let what = if answer.status == 404 { "“not found”" } else { what };
            Err(failed(PortalError::NotAPortal { host: portal.api().authority().to_owned(), what }))
        }
    }
}

/// Finds out whose token it is.
pub fn person(portal: &PortalAddress, token: &Token) -> Result<Person, Failure> {
    let failed = |error: PortalError| Failure::of_portal(&error, portal, None, token.source);
    let http = Http::new().map_err(|e| failed(e.into()))?;
    let client = PortalClient::new(&http, portal, &token.secret, Instant::now() + PATIENCE);
    client.who_am_i().map_err(|error| match error {
        // This question everybody may ask: a refusal is of the token.
        PortalError::Refused(_) => failed(PortalError::TokenRejected),
        other => failed(other),
    })
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
    let regions = if list.tenants.is_empty() { HashMap::new() } else { client.regions().map_err(failed)? };
    let mut facts = PortalFacts::load(machine.cache_dir.as_deref(), portal, identity);
    facts.learn_tenants(list.tenants.iter().map(|t| (&t.name, &t.id)), now);
    Ok(Acquaintance { portal: portal.clone(), features, person, list, regions })
}
