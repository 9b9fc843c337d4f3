//! Answering as the credential process when there is no cached answer (or one that wants a closer look).
//!
//! 1. The cache: fresh, and nobody is asked.
//! 2. The flight: one process asks for all; who waited looks in the cache again.
//! 3. The portal: one request; two the first time a tenant is named, whose id must be found.
//! 4. The cache again, before anybody reads the answer: the caller may be gone by now.
//!
//! A credential that AWS still accepts is given whenever the portal gave no newer one.

use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Scope, Secret, TenantId, TenantRef, Timestamp, text};
use crate::credential::{CredentialKey, Entry, Lifetime};
use crate::host::locks::Locked;
use crate::host::{clock, terminal};
use crate::net::Http;
use crate::ops::closest::closest;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::token::{self, Token, TokenSource};
use crate::portal::{Generation, Issued, PortalClient, PortalError};
use crate::store::cache::CredentialCache;
use crate::store::flight::Flight;
use crate::store::keyring::Asking;
use crate::store::portal_facts::PortalFacts;

/// What a caller of the credential process wants.
#[derive(Debug, Clone)]
pub struct Request {
    /// From whom.
    pub portal: PortalAddress,
    /// For what.
    pub scope: Scope,
    /// For which region, if said.
    pub region: Option<Region>,
    /// With this token, if given.
    pub token: Option<Secret>,
    /// Without reading the credential cache.
    pub no_cache: bool,
    /// Signing in where that is needed; `None` where only what is there may be used.
    pub sign_in: Option<SignInOptions>,
}

/// How somebody is to sign in for a program.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SignInOptions {
    /// The port to listen on; any where none is said.
    pub port: Option<u16>,
}

/// The longest a caller waits when there is nothing to give: Terraform kills after 60 s, older SDKs after 5.
pub const PATIENCE: Duration = Duration::from_secs(15);

/// The longest a caller waits when there is still something to give.
const PATIENCE_WITH_ANSWER: Duration = Duration::from_secs(3);

/// The least time in which it is worth asking.
const LEAST: Duration = Duration::from_millis(300);

/// Seconds for which a failure is given to waiters and newcomers.
const FAILURE_SECONDS: i64 = 5;

/// Seconds for which, after a failure, what is still accepted is given without trying again.
const CALM_SECONDS: i64 = 30;

/// The document to print: a credential that is fresh, or was just issued, or is the best there is. Takes at most
/// `patience`.
///
/// # Errors
/// Among others [`FailureKind::SignedOut`], [`FailureKind::TokenRejected`] and [`FailureKind::NeedsCode`], after which
/// somebody may sign in.
pub fn answer(machine: &Machine, request: &Request, patience: Duration) -> Result<Secret, Failure> {
    let usual = clock::patience(PATIENCE);
    Issue { patience: patience.min(usual), ..Issue::new(machine, request) }.answer()
}

/// Whether the cache has an answer that nobody need wait for.
pub fn is_cached(machine: &Machine, request: &Request) -> bool {
    matches!(Issue::new(machine, request).cached(), Cached::Fresh(_))
}

/// Gets and keeps what a one-time code opens, while it does: with this token, which was just stored.
pub fn with_code(machine: &Machine, request: &Request, token: &Token, code: &Secret) -> Result<(), Failure> {
    let mut issue = Issue::new(machine, request);
    issue.code = Some(code.clone());
    issue.fetch_with(token, issue.started + clock::patience(PATIENCE)).map(drop)
}

struct Issue<'a> {
    machine: &'a Machine,
    request: &'a Request,
    explicit: Option<Token>,
    code: Option<Secret>,
    key: CredentialKey,
    cache: Option<CredentialCache>,
    patience: Duration,
    started: Instant,
}

/// What the cache has to say.
enum Cached {
    /// This can be given out.
    Fresh(Secret),
    /// This can, if nothing better comes.
    Unexpired(Secret),
    /// Nothing.
    Nothing,
}

impl<'a> Issue<'a> {
    fn new(machine: &'a Machine, request: &'a Request) -> Self {
        let started = Instant::now();
        let (explicit, identity) = token::explicit(machine, &request.portal, request.token.clone());
        let (portal, scope, region) = (request.portal.clone(), request.scope.clone(), request.region.clone());
        let key = CredentialKey { portal, identity, scope, region };
        let (cache, patience) = (machine.cache(), clock::patience(PATIENCE));
        Self { machine, request, explicit, code: None, key, cache, patience, started }
    }

    fn answer(&self) -> Result<Secret, Failure> {
        let spare = match self.cached() {
            Cached::Fresh(document) => return Ok(document),
            Cached::Unexpired(document) => Some(document),
            Cached::Nothing => None,
        };
        let Some(cache) = &self.cache else {
            return self.fetch(self.started + self.patience);
        };
        let flight = Flight::of(cache, &self.key);
        if let Some(document) = &spare
            && flight.recent_failure(self.machine.now(), CALM_SECONDS).is_some()
        {
            return Ok(document.clone());
        }
        let patience = if spare.is_some() { clock::patience(PATIENCE_WITH_ANSWER) } else { self.patience };
        let deadline = self.started + patience;
        let outcome = match flight.join(deadline) {
            Ok(Locked::Held(_lock)) => match (self.cached(), self.shared_failure(&flight)) {
                (Cached::Fresh(document), _) => return Ok(document),
                (_, Some(failure)) => Err(failure),
                // Nothing can be asked in what is left, and nothing was found out that others should hear.
                _ if deadline.saturating_duration_since(Instant::now()) < clock::patience(LEAST) => {
                    Err(self.busy())
                }
                _ => self.fetch_and_tell(&flight, deadline),
            },
            Ok(Locked::Busy) => Err(self.busy()),
            // A file system without locks: better to ask twice than not at all.
            Err(error) => {
                tracing::debug!(%error, "no lock");
                self.fetch(deadline)
            }
        };
        match (outcome, spare) {
            (Err(failure), Some(document)) => {
                tracing::debug!(%failure, "giving the credential that is still accepted");
                Ok(document)
            }
            (outcome, _) => outcome,
        }
    }

    fn busy(&self) -> Failure {
        let host = self.request.portal.host.authority();
        let seconds = self.started.elapsed().as_secs();
        Failure::new(format!("another process has been asking {host} for {seconds} seconds"))
            .hint(format!("try again in a moment, or run: {}", token::login_command(&self.request.portal)))
    }

    fn cached(&self) -> Cached {
        let Some(cache) = self.cache.as_ref().filter(|_| !self.request.no_cache) else {
            return Cached::Nothing;
        };
        let Ok(file) = cache.read(&self.key) else { return Cached::Nothing };
        let Ok(entry) = Entry::parse(&file) else { return Cached::Nothing };
        let now = self.machine.now();
        let document = || Secret::new(String::from_utf8_lossy(entry.answer(now)).into_owned());
        // See `hit`: a person who wants the link gets one that works.
        let wants_new_link = entry.console_is_stale(now) && terminal::is_typed_command();
        if entry.is_fresh(now) && !wants_new_link {
            Cached::Fresh(document())
        } else if entry.is_unexpired(now) {
            Cached::Unexpired(document())
        } else {
            Cached::Nothing
        }
    }

    /// What somebody else found out a moment ago. Who says `--no-cache` wants to find out again.
    fn shared_failure(&self, flight: &Flight) -> Option<Failure> {
        if self.request.no_cache {
            return None;
        }
        serde_json::from_str(flight.recent_failure(self.machine.now(), FAILURE_SECONDS)?.text()).ok()
    }

    fn fetch_and_tell(&self, flight: &Flight, deadline: Instant) -> Result<Secret, Failure> {
        // That there is none costs nothing to find out again, and must not outlast the sign-in; a keyring that is
        // silent costs seconds.
        let token = self.token().inspect_err(|failure| {
            if failure.kind == FailureKind::TokenOutOfReach {
                self.tell(flight, failure);
            }
        })?;
        let mut outcome = self.fetch_with(&token, deadline);
        if token.source == TokenSource::Store
            && outcome.as_ref().is_err_and(|failure| failure.kind == FailureKind::TokenRejected)
            && let Some(newer) = self.token().ok().filter(|newer| newer.secret != token.secret)
        {
            // Somebody signed in while we asked.
            outcome = self.fetch_with(&newer, deadline);
        }
        match &outcome {
            Ok(_) => flight.clear(),
            // Those who come later find no such token, and ask nobody; it must not outlast the sign-in.
            Err(failure) if failure.kind == FailureKind::TokenRejected && self.explicit.is_none() => {}
            Err(failure) => self.tell(flight, failure),
        }
        outcome
    }

    /// Tells those who wait, and those who come in the next seconds.
    fn tell(&self, flight: &Flight, failure: &Failure) {
        if let Ok(text) = serde_json::to_string(failure) {
            flight.record(self.machine.now(), &text);
        }
    }

    fn fetch(&self, deadline: Instant) -> Result<Secret, Failure> {
        self.fetch_with(&self.token()?, deadline)
    }

    fn token(&self) -> Result<Token, Failure> {
        match &self.explicit {
            Some(token) => Ok(token.clone()),
            None => token::own(self.machine, &self.request.portal, Asking::Nobody),
        }
    }

    fn fetch_with(&self, token: &Token, deadline: Instant) -> Result<Secret, Failure> {
        let now = self.machine.now();
        let issued = self.ask(token, deadline, now).inspect_err(|failure| {
            token::end_rejected(self.machine, &self.request.portal, token, failure);
        })?;
        let lifetime = Lifetime::new(now, issued.credential.expiration);
        let file = Entry::render(&issued.credential, &lifetime);
        if let Some(cache) = &self.cache {
            if let Err(error) = self.keep(cache, token, &file) {
                // Not worth failing for: the answer is good, the next call asks again.
                tracing::warn!(%error, "the credential could not be kept");
            }
            cache.sweep(&self.key, now);
        }
        let entry = Entry::parse(file.expose().as_bytes()).map_err(|e| Failure::of(&e))?;
        Ok(Secret::new(String::from_utf8_lossy(entry.answer(now)).into_owned()))
    }

    /// One's own credential is kept only while nobody else signed in meanwhile.
    fn keep(&self, cache: &CredentialCache, token: &Token, file: &Secret) -> std::io::Result<()> {
        match (token.generation, self.machine.tokens()) {
            (Some(generation), Some(tokens)) => tokens
                .while_current(&self.request.portal, generation, || cache.write(&self.key, file))
                .map(drop),
            _ => cache.write(&self.key, file),
        }
    }

    fn ask(&self, token: &Token, deadline: Instant, now: Timestamp) -> Result<Issued, Failure> {
        let http = Http::new().map_err(|e| self.failure(&e.into(), token.source))?;
        let client = PortalClient::new(&http, &self.request.portal, &token.secret, deadline)
            .with_code(self.code.as_ref());
        let mut conversation = Conversation {
            client: &client,
            request: self.request,
            facts: PortalFacts::load(
                self.machine.cache_dir.as_deref(),
                &self.request.portal,
                &self.key.identity,
            ),
            now,
        };
        conversation.issue().map_err(|error| match error {
            IssueError::Portal(error) => self.failure(&error, token.source),
            IssueError::NoSuchTenant(failure) => failure,
        })
    }

    fn failure(&self, error: &PortalError, source: TokenSource) -> Failure {
        Failure::of_portal(error, &self.request.portal, Some(&self.request.scope), source)
    }
}

/// One issue, with what is known of the portal.
struct Conversation<'a> {
    client: &'a PortalClient<'a>,
    request: &'a Request,
    facts: PortalFacts,
    now: Timestamp,
}

enum IssueError {
    Portal(PortalError),
    NoSuchTenant(Failure),
}

impl From<PortalError> for IssueError {
    fn from(error: PortalError) -> Self {
        Self::Portal(error)
    }
}

impl Conversation<'_> {
    fn issue(&mut self) -> Result<Issued, IssueError> {
        let Scope::Tenant(tenant) = &self.request.scope else {
            return Ok(self.request_keys(None)?);
        };
        let name = match tenant {
            TenantRef::Id(id) => return Ok(self.request_keys(Some(id))?),
            TenantRef::Name(name) => name,
        };
        let Some(known) = self.facts.tenant_id(name, self.now) else {
            let id = self.find_tenant()?;
            return Ok(self.request_keys(Some(&id))?);
        };
        match self.request_keys(Some(&known)) {
            // The tenant may have been deleted and made again: its id is another now.
            Err(error @ (PortalError::Missing { .. } | PortalError::Refused(_))) => {
                let id = self.find_tenant()?;
                if id == known { Err(error.into()) } else { Ok(self.request_keys(Some(&id))?) }
            }
            other => Ok(other?),
        }
    }

    fn request_keys(&mut self, tenant: Option<&TenantId>) -> Result<Issued, PortalError> {
        let known = if self.facts.is_legacy(self.now) { Generation::Legacy } else { Generation::Current };
        let region = self.request.region.as_ref();
        let issued = self.client.issue(&self.request.scope, tenant, region, known, self.now)?;
        let is_sure = match issued.generation {
            Generation::Current => None,
            Generation::Legacy => Some(true),
            Generation::PerhapsLegacy => Some(false),
        };
        self.facts.learn_legacy(is_sure, self.now);
        Ok(issued)
    }

    /// Lists the tenants, which renews what is known of all of them.
    fn find_tenant(&mut self) -> Result<TenantId, IssueError> {
        let Scope::Tenant(TenantRef::Name(wanted)) = &self.request.scope else {
            return Err(PortalError::Malformed { why: "no tenant was named".to_owned() }.into());
        };
        let list = self.client.tenants()?;
        self.facts.learn_tenants(list.tenants.iter().map(|t| (&t.name, &t.id)), self.now);
        let found = list.tenants.iter().find(|t| t.name.key() == wanted.key());
        found.map(|t| t.id.clone()).ok_or_else(|| {
            let names: Vec<&str> = list.tenants.iter().map(|t| t.name.as_str()).collect();
            IssueError::NoSuchTenant(no_such_tenant(wanted.as_str(), &names, &self.request.portal))
        })
    }
}

/// Says that a tenant is not among those a person may use, and which ones are, if they are few.
pub fn no_such_tenant(wanted: &str, names: &[&str], portal: &PortalAddress) -> Failure {
    let host = portal.host.authority();
    let hint = match (names, closest(wanted, names)) {
        ([], _) => "you may use none there; an administrator of the portal can add you to one".to_owned(),
        (_, Some(near)) => format!("did you mean `{near}`?"),
        (few, _) if few.len() <= 5 => format!("you may use {}", text::list(few, 5)),
        _ => format!("`jitpass tenants {}` lists those you may use", portal.host),
    };
    Failure::new(format!("{host} has no tenant `{wanted}` for you")).hint(hint)
}
