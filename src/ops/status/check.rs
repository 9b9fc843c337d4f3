//! Asking the portals how things stand, all at once.

use std::thread;
use std::time::{Duration, Instant};

use crate::base::PortalAddress;
use crate::credential::Identity;
use crate::host::clock;
use crate::net::Http;
use crate::ops::acquaint;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::status::{PortalStatus, Standing};
use crate::ops::token::{self, Token, TokenSource};
use crate::portal::{Introduction, PortalClient, PortalError};
use crate::store::keyring::Asking;
use crate::store::portal_facts::PortalFacts;

/// What a portal said.
#[derive(Debug, Default)]
pub struct Check {
    /// Whether it answered as a portal; `None` where it was not asked, for want of a token that there should be.
    pub is_reachable: Option<bool>,
    /// Whether it accepts the token; `None` where there is none, or it did not say.
    pub is_accepted: Option<bool>,
    /// Whose token it is.
    pub person: Option<String>,
    /// Whether they are an administrator.
    pub is_admin: Option<bool>,
    /// Whether administrators need a one-time code.
    pub wants_code: Option<bool>,
    /// How many tenants they may use.
    pub tenants: Option<usize>,
    /// What is wrong. That nobody is signed in is not.
    pub failure: Option<Failure>,
}

/// How long a portal may take.
const PATIENCE: Duration = Duration::from_secs(15);

/// Asks every one of these portals, each within its own time.
pub fn check(machine: &Machine, portals: &mut [PortalStatus], asking: Asking) {
    // One after the other: two prompts to unlock one keyring are one too many.
    let tokens: Vec<_> = portals.iter().map(|portal| find_token(machine, portal, asking)).collect();
    let deadline = Instant::now() + clock::patience(PATIENCE);
    thread::scope(|scope| {
        for (portal, token) in portals.iter_mut().zip(tokens) {
            scope.spawn(move || {
                let check = match token {
                    Ok(Some((token, identity))) => ask(machine, &portal.address, &token, &identity, deadline),
                    Ok(None) => greet(&portal.address),
                    Err(failure) => Check { failure: Some(failure), ..Check::default() },
                };
                if check.is_accepted == Some(false) && portal.standing == Standing::SignedIn {
                    (portal.standing, portal.lies) = (Standing::Over, None);
                }
                portal.check = Some(check);
            });
        }
    });
}

/// The token the portal would be asked with; `None` where nobody is signed in.
fn find_token(
    machine: &Machine,
    portal: &PortalStatus,
    asking: Asking,
) -> Result<Option<(Token, Identity)>, Failure> {
    match portal.standing {
        Standing::Over | Standing::SignedOut | Standing::Never => return Ok(None),
        Standing::ByVariable | Standing::ByCommand | Standing::SignedIn => {}
    }
    let (explicit, identity) = token::explicit(machine, &portal.address, None);
    let token = explicit.map_or_else(|| token::own(machine, &portal.address, asking), Ok)?;
    Ok(Some((token, identity)))
}

fn greet(portal: &PortalAddress) -> Check {
    let failure = acquaint::greet(portal, acquaint::GREETING).err();
    Check { is_reachable: Some(failure.is_none()), failure, ..Check::default() }
}

fn ask(
    machine: &Machine,
    portal: &PortalAddress,
    token: &Token,
    identity: &Identity,
    deadline: Instant,
) -> Check {
    let answer = Http::new().map_err(PortalError::from).and_then(|http| {
        let client = PortalClient::new(&http, portal, &token.secret, deadline);
        client.introduce(false)
    });
    match answer {
        Ok(Introduction { features, person, tenants: list, .. }) => {
            let mut facts = PortalFacts::load(machine.cache_dir.as_deref(), portal, identity);
            facts.learn_tenants(list.tenants.iter().map(|t| (&t.name, &t.id)), machine.now());
            Check {
                is_reachable: Some(true),
                is_accepted: Some(true),
                person: Some(person.name()),
                is_admin: Some(person.is_admin()),
                wants_code: Some(features.is_otp_needed),
                tenants: Some(list.tenants.len()),
                failure: None,
            }
        }
        Err(error) => {
            let failure = Failure::of_portal(&error, portal, None, token.source);
            let is_rejected = failure.kind == FailureKind::TokenRejected;
            if is_rejected
                && token.source == TokenSource::Store
                && let Some(tokens) = machine.tokens()
                && let Err(error) = tokens.end(portal, &token.secret)
            {
                tracing::debug!(%error, "the token stays");
            }
            let is_away = matches!(error, PortalError::Unreachable(_) | PortalError::NotAPortal { .. });
            Check {
                is_reachable: Some(!is_away),
                is_accepted: is_rejected.then_some(false),
                failure: Some(failure),
                ..Check::default()
            }
        }
    }
}
