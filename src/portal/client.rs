//! A conversation with one portal, as one person, within a time.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Scope, Secret, TenantId, Timestamp};
use crate::credential::Credential;
use crate::host::clock;
use crate::net::{Http, Method, Request, Response};
use crate::portal::error::{classify, is_html};
use crate::portal::wire::{self, AccessInfo, Features, Person, TenantList};
use crate::portal::{Endpoint, PortalError};

/// How old a portal is, as far as it matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Generation {
    /// It answers the `v3` questions, or nobody knows yet.
    #[default]
    Current,
    /// It lacks them; administrators' credentials come from the older one.
    Legacy,
}

/// What the portal issued.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The keys.
    pub credential: Credential,
    /// What was learned of the portal's age on the way.
    pub generation: Generation,
}

/// Asks a portal questions with somebody's token.
#[derive(Debug)]
pub struct PortalClient<'a> {
    http: &'a Http,
    portal: &'a PortalAddress,
    token: &'a Secret,
    deadline: Instant,
}

/// How often a question is repeated when the portal is busy.
const ATTEMPTS: u32 = 3;

/// The pause before the second attempt; it doubles.
const PAUSE: Duration = Duration::from_millis(250);

impl<'a> PortalClient<'a> {
    /// A conversation that ends at `deadline`, repetitions included.
    pub fn new(http: &'a Http, portal: &'a PortalAddress, token: &'a Secret, deadline: Instant) -> Self {
        Self { http, portal, token, deadline }
    }

    /// What the portal can do.
    pub fn features(&self) -> Result<Features, PortalError> {
        self.ask(&Endpoint::Features).and_then(|r| wire::read(&r.body))
    }

    /// Who is signed in.
    pub fn who_am_i(&self) -> Result<Person, PortalError> {
        self.ask(&Endpoint::WhoAmI).and_then(|r| wire::read(&r.body))
    }

    /// The tenants this person may use.
    pub fn tenants(&self) -> Result<TenantList, PortalError> {
        self.explained(self.ask(&Endpoint::Tenants)).and_then(|r| TenantList::read(&r.body))
    }

    /// The region of each of the person's tenants, in one request; nothing from portals that cannot say.
    pub fn regions(&self) -> Result<HashMap<String, Region>, PortalError> {
        match self.ask(&Endpoint::TenantFeatures) {
            Ok(response) => wire::read_regions(&response.body),
            Err(PortalError::TooOld { .. } | PortalError::Missing { .. }) => Ok(HashMap::new()),
            Err(error) => Err(error),
        }
    }

    /// What the portal can do, who is signed in, and the tenants, asked at once. They come first in any acquaintance.
    pub fn introduce(&self) -> Result<(Features, Person, TenantList), PortalError> {
        let endpoints = [Endpoint::Features, Endpoint::WhoAmI, Endpoint::Tenants];
        let requests = endpoints.iter().map(|e| self.request(e)).collect::<Result<Vec<_>, _>>()?;
        let answers = self.http.send_all(&requests, self.deadline);
        let mut answers = endpoints.iter().zip(answers);
        let mut next = || -> Result<Response, PortalError> {
            let (endpoint, answer) =
                answers.next().ok_or(PortalError::Malformed { why: "it is missing".to_owned() })?;
            match self.judge(endpoint, answer) {
                // A busy portal gets its second chance one by one.
                Err(error) if error.is_passing() => self.ask(endpoint),
                other => other,
            }
        };
        let (features, person, tenants) = (next(), next(), next());
        // Of several refusals, who-am-I's says most about the token.
        let person: Person = self.explained(person).and_then(|r| wire::read(&r.body))?;
        Ok((wire::read(&features?.body)?, person, TenantList::read(&tenants?.body)?))
    }

    /// Keys for a scope. `tenant` must be the id of the scope's tenant when it has one.
    ///
    /// Where the portal lacks the newer question, administrators' keys come from the older one. Those of duplo-ops
    /// never do: it would hand out administrators' rights.
    pub fn issue(
        &self,
        scope: &Scope,
        tenant: Option<&TenantId>,
        region: Option<&Region>,
        known: Generation,
        now: Timestamp,
    ) -> Result<Issued, PortalError> {
        let answer = match (scope, tenant) {
            (Scope::Tenant(_), Some(id)) => self.ask(&Endpoint::TenantCredential(id.clone())),
            (Scope::Tenant(_), None) => {
                Err(PortalError::Malformed { why: "the tenant has no id".to_owned() })
            }
            (Scope::DuploOps, _) => self.ask(&Endpoint::DuploOpsCredential),
            (Scope::Admin, _) if known == Generation::Legacy => self.ask(&Endpoint::LegacyAdminCredential),
            (Scope::Admin, _) => self.ask(&Endpoint::AdminCredential(region.cloned())),
        };
        let (answer, generation) = match answer {
            Err(PortalError::TooOld { .. }) if *scope == Scope::Admin => {
                (self.ask(&Endpoint::LegacyAdminCredential), Generation::Legacy)
            }
            // It was older when last asked, and has been upgraded: the old question is gone.
            Err(PortalError::Missing { .. }) if *scope == Scope::Admin && known == Generation::Legacy => {
                (self.ask(&Endpoint::AdminCredential(region.cloned())), Generation::Current)
            }
            other => (other, known),
        };
        let response = self.explained(answer)?;
        let mut credential = wire::read::<AccessInfo>(&response.body)?.into_credential(now)?;
        // Only administrators' keys have a region of the portal's choosing; the keys themselves work in all.
        if let Some(region) = region {
            credential.region = Some(region.clone());
        }
        Ok(Issued { credential, generation })
    }

    /// Asks, and asks again while the portal is busy and there is time.
    fn ask(&self, endpoint: &Endpoint) -> Result<Response, PortalError> {
        let request = self.request(endpoint)?;
        let mut pause = PAUSE;
        for attempt in 1.. {
            let answer = self.judge(endpoint, self.http.send(&request, self.deadline));
            let Err(error) = &answer else { return answer };
            let wait = match error {
                PortalError::Unavailable { retry_after: Some(seconds), .. } => Duration::from_secs(*seconds),
                _ => jittered(pause),
            };
            let wait = clock::patience(wait);
            let left = self.deadline.saturating_duration_since(Instant::now());
            if !error.is_passing() || attempt == ATTEMPTS || wait >= left {
                return answer;
            }
            tracing::debug!(%error, attempt, "asking again");
            std::thread::sleep(wait);
            pause *= 2;
        }
        unreachable!("the loop has no end of its own")
    }

    fn request(&self, endpoint: &Endpoint) -> Result<Request, PortalError> {
        // A line end in it would be the end of the header field.
        if !self.token.expose().bytes().all(|b| b.is_ascii_graphic()) {
            return Err(PortalError::NotAToken);
        }
        Ok(Request {
            method: Method::Get,
            url: format!("{}/{}", self.portal.api(), endpoint.path()),
            headers: vec![
                ("authorization", Secret::new(format!("Bearer {}", self.token.expose()))),
                ("accept", Secret::new("application/json")),
            ],
            body: String::new(),
        })
    }

    fn judge(
        &self,
        endpoint: &Endpoint,
        answer: Result<Response, crate::net::NetError>,
    ) -> Result<Response, PortalError> {
        let response = answer?;
        let host = self.portal.api().authority();
        match response.status {
            200..=299 if is_html(&response) => {
                Err(PortalError::NotAPortal { host: host.to_owned(), what: "a web page" })
            }
            200..=299 => Ok(response),
            _ => Err(classify(endpoint, host, &response)),
        }
    }

    /// Finds out what a refusal means: portals answer both a dead token and a missing right with 401 or 403. One
    /// question, with the same token, that everybody may ask, tells them apart.
    fn explained(&self, answer: Result<Response, PortalError>) -> Result<Response, PortalError> {
        let mut refusal = match answer {
            Err(PortalError::Refused(refusal)) => refusal,
            other => return other,
        };
        match self.ask(&Endpoint::WhoAmI) {
            Ok(response) => {
                let person: Person = wire::read(&response.body)?;
                refusal.is_admin = person.is_admin();
                refusal.person = Some(person.name());
                // Asked only where it can be the reason: administrators are refused for little else.
                refusal.needs_otp = refusal.is_admin && self.features().is_ok_and(|f| f.is_otp_needed);
                Err(PortalError::Refused(refusal))
            }
            Err(PortalError::Refused(who)) if who.status == 401 => Err(PortalError::TokenRejected),
            Err(_) => Err(PortalError::Refused(refusal)),
        }
    }
}

/// Half the pause and up to as much again, so that callers that were refused together do not return together.
fn jittered(pause: Duration) -> Duration {
    let nanoseconds =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
    let thousandths = (nanoseconds / 1000) % 1000;
    pause / 2 + pause * thousandths / 1000
}
