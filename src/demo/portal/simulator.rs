//! The portal itself: what a request changes and what a test changes.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::admission;
use super::callback::{self, BrowserRequest, Button, Opening};
use super::counts::{Counter, Counts};
use super::faults::{Fault, Spoiled};
use super::form;
use super::issue::Issued;
use super::reply::Reply;
use super::routes::Found;
use super::scenario::Scenario;
use super::tenants::Tenant;
use super::users::{TokenState, UserKind};
use super::visit::{Call, State, Visit};
use crate::base::{Secret, Timestamp};

/// A simulated portal. Clones are the same portal; all methods take effect at the next request.
#[derive(Debug, Clone)]
pub struct Portal {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    scenario: Scenario,
    counter: Counter,
    state: Mutex<State>,
}

impl Portal {
    pub(super) fn new(scenario: Scenario) -> Self {
        let state = Mutex::new(State::new(&scenario));
        Self { inner: Arc::new(Inner { scenario, counter: Counter::default(), state }) }
    }

    /// What kind of portal this is.
    pub fn scenario(&self) -> &Scenario {
        &self.inner.scenario
    }

    /// The requests so far.
    pub fn counts(&self) -> Counts {
        self.inner.counter.read()
    }

    /// Starts counting from zero.
    pub fn reset_counts(&self) {
        self.inner.counter.reset();
    }

    /// Spoils an endpoint for the next `times` requests, or until [`Portal::clear_faults`]. `endpoint` is a route as
    /// [`Counts`] names it, with or without method (`v3/features/system`, `POST sts`), or the start of routes
    /// followed by `*` (`*` alone meets AWS's stand-in and the pages for people too).
    pub fn fault(&self, endpoint: &str, fault: Fault, times: Option<u32>) {
        self.state().faults.add(endpoint, fault, times);
    }

    /// Switches all faults off.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Every credential handed out so far.
    pub fn issued(&self) -> Vec<Issued> {
        self.state().issuer.all().to_vec()
    }

    /// Withdraws them all: AWS answers `InvalidClientTokenId` from now on.
    pub fn revoke_issued(&self) {
        self.state().issuer.revoke_all();
    }

    /// The token a user has from the start; `None` when the scenario has no such user.
    pub fn token(&self, user: UserKind) -> Option<Secret> {
        self.state().tokens.first(user)
    }

    /// The users there are.
    pub fn users(&self) -> Vec<UserKind> {
        self.state().tokens.users().collect()
    }

    /// Changes all tokens a user was given so far.
    pub fn set_token_state(&self, user: UserKind, state: TokenState) {
        self.state().tokens.set_state(user, state);
    }

    /// All tenants.
    pub fn tenants(&self) -> Vec<Tenant> {
        self.state().tenants.all().to_vec()
    }

    /// Adds a tenant in a plan (`nonprod` when there is none of that name).
    pub fn add_tenant(&self, name: &str, plan: &str) -> Tenant {
        self.state().tenants.add(name, plan)
    }

    /// Removes a tenant; false when there was none of that name.
    pub fn remove_tenant(&self, name: &str) -> bool {
        self.state().tenants.remove(name)
    }

    /// Moves the clock of the portal and of its AWS: `Date` headers, expiries, and what has expired.
    pub fn advance_clock(&self, seconds: i64) {
        self.state().clock.advance(seconds);
    }

    /// What a browser does after a user pressed a button on the page at `url` (the address a program opens to sign
    /// in). Every press of Authorize hands over a token of its own. `None` when the address names no local port.
    pub fn press(
        &self,
        user: UserKind,
        url: &str,
        button: Button,
        otp: Option<&str>,
    ) -> Option<BrowserRequest> {
        let opening = Opening::read(&form::pairs(url.split_once('?')?.1))?;
        let token = match button {
            Button::Authorize => self.state().tokens.issue(user),
            Button::Cancel => String::new(),
        };
        Some(callback::press(self.scenario(), &opening, button, &token, otp))
    }

    pub(super) fn counter(&self) -> &Counter {
        &self.inner.counter
    }

    pub(super) fn now(&self) -> Timestamp {
        self.state().clock.now()
    }

    pub(super) fn spoil(&self, method: &str, route: &str) -> Spoiled {
        self.state().faults.take(method, route)
    }

    /// The right answer to a request.
    pub(super) fn answer(&self, call: &Call, found: Found) -> Reply {
        let mut state = self.state();
        let mut visit =
            Visit { scenario: &self.inner.scenario, state: &mut state, call, parameters: Vec::new() };
        match found {
            Found::Route(route, parameters) => {
                visit.parameters = parameters;
                admission::answer(&mut visit, route)
            }
            Found::OtherMethod => admission::other_method(&visit),
            Found::Unknown => admission::unknown_route(&visit),
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        // A panic elsewhere left whole values behind: every change is one assignment or one push.
        self.inner.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
