//! A conversation with one portal, as one person, within a time.

use std::collections::HashMap;
use std::thread;
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
    /// It said that it lacks them; administrators' credentials come from the older one.
    Legacy,
    /// It failed as portals do that lack them, which may have had another reason.
    PerhapsLegacy,
}

/// What the portal issued.
#[derive(Debug, Clone)]
pub struct Issued {
    /// The keys.
    pub credential: Credential,
    /// What was learned of the portal's age on the way.
    pub generation: Generation,
}

/// What a portal says of itself and of the person asking.
#[derive(Debug)]
pub struct Introduction {
    /// What it can do.
    pub features: Features,
    /// Who is signed in.
    pub person: Person,
    /// The tenants this person may use.
    pub tenants: TenantList,
    /// The region of each tenant, by id; `None` where the portal does not say.
    pub regions: Option<HashMap<String, Region>>,
}

/// Asks a portal questions with somebody's token.
#[derive(Debug)]
pub struct PortalClient<'a> {
    http: &'a Http,
    portal: &'a PortalAddress,
    token: &'a Secret,
    code: Option<&'a Secret>,
    deadline: Instant,
}

/// How often a question is repeated when the portal is busy.
const ATTEMPTS: u32 = 3;

/// How many questions of one kind are asked at once.
const AT_ONCE: usize = 16;

/// The pause before the second attempt; it doubles.
const PAUSE: Duration = Duration::from_millis(250);

impl<'a> PortalClient<'a> {
    /// A conversation that ends at `deadline`, repetitions included.
    pub fn new(http: &'a Http, portal: &'a PortalAddress, token: &'a Secret, deadline: Instant) -> Self {
        Self { http, portal, token, code: None, deadline }
    }

    /// The same, with a one-time code, which goes along with every question (`otpcode`, as duplo-jit 0.5 sends it).
    #[must_use]
    pub fn with_code(self, code: Option<&'a Secret>) -> Self {
        Self { code, ..self }
    }

    /// What the portal can do.
    pub fn features(&self) -> Result<Features, PortalError> {
        self.ask(&Endpoint::Features).and_then(|r| wire::read(&r.body))
    }

    /// Who is signed in.
    pub fn who_am_i(&self) -> Result<Person, PortalError> {
        self.ask(&Endpoint::WhoAmI).map_err(PortalError::of_who_am_i).and_then(|r| wire::read(&r.body))
    }

    /// The tenants this person may use.
    pub fn tenants(&self) -> Result<TenantList, PortalError> {
        self.explained(self.ask(&Endpoint::Tenants)).and_then(|r| TenantList::read(&r.body))
    }

    /// The AWS account of each of these tenants, by id; without those of which the portal does not say it. One request
    /// for each, some at a time.
    pub fn accounts(&self, tenants: &[&TenantId]) -> Result<HashMap<String, String>, PortalError> {
        let mut accounts = HashMap::new();
        for some in tenants.chunks(AT_ONCE) {
            let endpoints: Vec<Endpoint> =
                some.iter().map(|id| Endpoint::TenantAccount((*id).clone())).collect();
            let requests = endpoints.iter().map(|e| self.request(e)).collect::<Result<Vec<_>, _>>()?;
            for ((id, endpoint), answer) in
                some.iter().zip(&endpoints).zip(self.http.send_all(&requests, self.deadline))
            {
                match self.judge(endpoint, answer).and_then(|r| wire::read_account(&r.body)) {
                    Ok(account) => drop(accounts.insert(id.to_string(), account)),
                    Err(error @ (PortalError::TokenRejected | PortalError::Unreachable(_))) => {
                        return Err(error);
                    }
                    Err(error) => tracing::debug!(%id, %error, "the account of a tenant stays unknown"),
                }
            }
        }
        Ok(accounts)
    }

    /// What the portal can do, who is signed in, the tenants and, where somebody wants to know, their regions, asked at
    /// once. They come first in any acquaintance.
    pub fn introduce(&self, with_regions: bool) -> Result<Introduction, PortalError> {
        let mut endpoints = vec![Endpoint::WhoAmI, Endpoint::Features, Endpoint::Tenants];
        endpoints.extend(with_regions.then_some(Endpoint::TenantFeatures));
        let requests = endpoints.iter().map(|e| self.request(e)).collect::<Result<Vec<_>, _>>()?;
        let mut answers = endpoints.iter().zip(self.http.send_all(&requests, self.deadline));
        let mut next = || -> Result<Response, PortalError> {
            let (endpoint, answer) = answers.next().ok_or_else(|| malformed("it is missing"))?;
            match self.judge(endpoint, answer) {
                // A busy portal gets its second chance one by one.
                Err(error) if error.is_passing() => self.ask(endpoint),
                other => other,
            }
        };
        // Of several refusals, this one says most about the token. Everybody may ask it: only a dead token is refused.
        let person: Person = wire::read(&next().map_err(PortalError::of_who_am_i)?.body)?;
        let explained = |error: PortalError| error.explained_by(&person, || false);
        let features = wire::read(&next().map_err(explained)?.body)?;
        let tenants = next().map_err(explained)?;
        let regions = if with_regions { Some(next()) } else { None };
        // Of thousands of tenants, both are megabytes.
        thread::scope(|scope| {
            let regions = regions.map(|answer| scope.spawn(|| read_regions(answer)));
            let tenants = TenantList::read(&tenants.body)?;
            let regions = match regions.map(thread::ScopedJoinHandle::join) {
                Some(read) => read.map_err(|_| malformed("it could not be read"))??,
                None => None,
            };
            Ok(Introduction { features, person, tenants, regions })
        })
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
            (Scope::Admin, _) if known != Generation::Current => self.ask(&Endpoint::LegacyAdminCredential),
            (Scope::Admin, _) => self.ask(&Endpoint::AdminCredential(region.cloned())),
        };
        let (answer, generation) = match answer {
            Err(PortalError::TooOld { is_sure, .. }) if *scope == Scope::Admin => {
                let generation = if is_sure { Generation::Legacy } else { Generation::PerhapsLegacy };
                (self.ask(&Endpoint::LegacyAdminCredential), generation)
            }
            // It was older when last asked, and has been upgraded: the old question is gone.
            Err(PortalError::Missing { .. }) if *scope == Scope::Admin && known != Generation::Current => {
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
        let (mut attempt, mut pause) = (1, PAUSE);
        loop {
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
            attempt += 1;
            pause *= 2;
        }
    }

    fn request(&self, endpoint: &Endpoint) -> Result<Request, PortalError> {
        // A line end in it would be the end of the header field.
        if !self.token.expose().bytes().all(|b| b.is_ascii_graphic()) {
            return Err(PortalError::NotAToken);
        }
        let mut headers = vec![
            ("authorization", Secret::new(format!("Bearer {}", self.token.expose()))),
            ("accept", Secret::new("application/json")),
        ];
        headers.extend(self.code.map(|code| ("otpcode", code.clone())));
        Ok(Request { method: Method::Get, url: self.url(endpoint), headers, body: String::new() })
    }

    fn url(&self, endpoint: &Endpoint) -> String {
        format!("{}/{}", self.portal.api(), endpoint.path())
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
        let Err(refusal @ PortalError::Refused(_)) = answer else { return answer };
        match self.who_am_i() {
            // Asked only where it can be the reason: administrators are refused for little else.
            Ok(person) => {
                Err(refusal.explained_by(&person, || self.features().is_ok_and(|f| f.is_otp_needed)))
            }
            Err(PortalError::TokenRejected) => Err(PortalError::TokenRejected),
            Err(_) => Err(refusal),
        }
    }
}

/// Finds out, without a token, whether a portal is there: it answers the question what it can do with data or with a
/// refusal, and not with a web page.
pub fn greet(http: &Http, portal: &PortalAddress, deadline: Instant) -> Result<(), PortalError> {
    let nobody = Secret::default();
    let client = PortalClient { http, portal, token: &nobody, code: None, deadline };
    let request = Request {
        method: Method::Get,
        url: client.url(&Endpoint::Features),
        headers: vec![("accept", Secret::new("application/json"))],
        body: String::new(),
    };
    match client.judge(&Endpoint::Features, http.send(&request, deadline)) {
        // A portal on a bad day is a portal; the next question will tell.
        Ok(_) | Err(PortalError::Refused(_) | PortalError::Unavailable { .. }) => Ok(()),
        Err(PortalError::Missing { .. } | PortalError::Malformed { .. }) => {
            let host = portal.api().authority().to_owned();
            Err(PortalError::NotAPortal { host, what: "“not found”" })
        }
        Err(error) => Err(error),
    }
}

/// The region of each of the person's tenants. `None` where the portal cannot or will not say: that is a pity, and no
/// reason to fail.
fn read_regions(
    answer: Result<Response, PortalError>,
) -> Result<Option<HashMap<String, Region>>, PortalError> {
    match answer {
        Ok(response) => wire::read_regions(&response.body).map(Some),
        Err(error @ (PortalError::TokenRejected | PortalError::Unreachable(_))) => Err(error),
        Err(error) => {
            tracing::debug!(%error, "the regions of the tenants stay unknown");
            Ok(None)
        }
    }
}

fn malformed(why: &str) -> PortalError {
    PortalError::Malformed { why: why.to_owned() }
}

/// Half the pause and up to as much again, so that callers that were refused together do not return together.
fn jittered(pause: Duration) -> Duration {
    let nanoseconds =
        std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).map_or(0, |d| d.subsec_nanos());
    let thousandths = (nanoseconds / 1000) % 1000;
    pause / 2 + pause * thousandths / 1000
}
