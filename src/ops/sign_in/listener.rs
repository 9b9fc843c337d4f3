//! The process that listens for the browser: at most five minutes, whatever becomes of those who asked for it.

use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Secret, text};
use crate::host::locks::{Lock, Locked};
use crate::host::place::Place;
use crate::host::{browser, clock, detach, random};
use crate::ops::acquaint;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::issue;
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::ops::sign_in::desk::{Desk, Offer, Someone, Verdict};
use crate::ops::sign_in::{Browse, Job, news};
use crate::ops::token::{Token, TokenSource, login_command};
use crate::portal::Person;
use crate::portal::sign_in::{Answer, BindError, Listener, Reply, Visit, page_address};
use crate::store::keyring::Asking;
use crate::store::sign_in::{Browser, Confirm, Ending, SignIns, Wait};
use crate::store::tokens::Stamp;

/// How long a person may take.
const LIFETIME: Duration = Duration::from_secs(300);

/// How long the last page may take to be fetched.
const FAREWELL: Duration = Duration::from_secs(5);

/// How often a listener looks whether it is still wanted.
const GLANCE: Duration = Duration::from_millis(500);

/// How long the lock may be kept from us by those who only look whether it is held.
const LOOKERS: Duration = Duration::from_secs(3);

/// Listens until somebody signed in, said no, or five minutes are over. Writes down how it went.
pub fn run(machine: &Machine, job: &Job) -> Result<(), Failure> {
    // Whoever leads a group in a session from outside a container gets none of its own, and listens all the same.
    if let Err(error) = detach::become_daemon() {
        tracing::debug!(%error, "in the session of its starter");
    }
    let portal = job.portal().ok_or_else(|| Failure::misuse("this is no portal"))?;
    let sign_ins = SignIns::below(&machine.need_state_dir()?);
    let lock = sign_ins.listen(&portal, Instant::now() + LOOKERS).map_err(|e| Failure::of(&e))?;
    let Locked::Held(lock) = lock else {
        return Ok(()); // Somebody else listens already.
    };
    let watch = Watch { machine, job, portal: &portal, sign_ins: &sign_ins };
    match watch.open(lock) {
        Ok(()) => Ok(()),
        Err(failure) => {
            watch.end(Ending::Failed(serde_json::to_string(&failure).unwrap_or_default()));
            Err(failure)
        }
    }
}

struct Watch<'a> {
    machine: &'a Machine,
    job: &'a Job,
    portal: &'a PortalAddress,
    sign_ins: &'a SignIns,
}

impl Watch<'_> {
    fn open(&self, lock: Lock) -> Result<(), Failure> {
        let listener = Listener::bind(self.job.port).map_err(|error| self.not_bound(&error))?;
        let port = listener.port();
        let address = page_address(self.portal, port, self.job.is_admin);
        let visits = listener.serve(self.portal.clone(), self.job.is_admin).map_err(|e| Failure::of(&e))?;
        let deadline = Instant::now() + clock::patience(LIFETIME);
        let opens = matches!(self.job.browse, Browse::Open { .. });
        let wait = Wait {
            id: self.job.id.clone(),
            pid: std::process::id(),
            port,
            is_admin: self.job.is_admin,
            address: address.clone(),
            browser: if opens { Browser::Opening } else { Browser::NotOpened },
            ends: self.machine.now().seconds() + i64::try_from(LIFETIME.as_secs()).unwrap_or(0),
            confirm: None,
            is_called_off: false,
            ending: None,
        };
        self.sign_ins.change(self.portal, |record| record.wait = Some(wait)).map_err(|e| Failure::of(&e))?;
        self.browse(port, &address)?;
        let mut desk = Desk::new(random::name);
        let ending = loop {
            // Before each visit: somebody who knocks all the time keeps it from nothing.
            if Instant::now() >= deadline {
                break Ending::Unanswered;
            }
            if self.is_called_off() {
                break Ending::CalledOff;
            }
            let glance = deadline.min(Instant::now() + GLANCE);
            match visits.next(glance) {
                Some(visit) => {
                    if let Some(ending) = self.receive(&mut desk, visit) {
                        break ending;
                    }
                }
                None if Instant::now() < glance => {
                    return Err(Failure::new("the listener for the browser has died"));
                }
                None => {}
            }
        };
        let is_shown = !matches!(ending, Ending::Unanswered | Ending::CalledOff);
        let is_signed_in = matches!(ending, Ending::SignedIn { .. });
        self.end(ending);
        if is_shown {
            visits.wait_until_shown(Instant::now() + clock::patience(FAREWELL));
        }
        visits.close();
        drop(lock);
        if is_signed_in && let Err(failure) = news::look(self.machine, self.portal) {
            tracing::debug!(%failure, "what is new stays unknown");
        }
        Ok(())
    }

    fn not_bound(&self, error: &BindError) -> Failure {
        Failure::new(format!("no browser can be heard for {}", self.portal.host.authority()))
            .because(error)
            .hint(format!("run: {} (--port chooses another port)", login_command(self.portal)))
    }

    fn is_called_off(&self) -> bool {
        let record = self.sign_ins.record(self.portal);
        record.wait_of(&self.job.id).is_none_or(|wait| wait.is_called_off)
    }

    /// Opens the browser, where it is to be opened.
    fn browse(&self, port: u16, address: &str) -> Result<(), Failure> {
        let Browse::Open { with, link_is_seen } = &self.job.browse else { return Ok(()) };
        let env = &self.machine.env;
        let opened = browser::open(env, &Place::here(env), with.as_deref(), address);
        let state = match &opened {
            Ok(()) => Browser::Opened,
            Err(error) => Browser::Failed(error.to_string()),
        };
        self.change(|wait| wait.browser = state.clone());
        match opened {
            Err(error) if !link_is_seen => {
                let now = self.machine.now();
                let _ = self.sign_ins.change(self.portal, |record| record.nobody_answered(port, now));
                Err(Failure::new(format!(
                    "not signed in to {}, and no browser can be opened",
                    self.portal.host.authority()
                ))
                .because(&error)
                .hint(format!("run: {}", login_command(self.portal))))
            }
            _ => Ok(()),
        }
    }

    /// Does what one request of the browser asks for; gives how the wait ended, if it has.
    fn receive(&self, desk: &mut Desk, visit: Visit) -> Option<Ending> {
        match visit {
            Visit::Delivery { token, otp, is_proven, reply } => {
                self.deliver(desk, &token, otp.as_ref(), is_proven, reply)
            }
            Visit::Cancel { is_proven: true, reply } => {
                reply.give(Answer::Stopped);
                Some(Ending::Cancelled)
            }
            Visit::Cancel { is_proven: false, reply } => {
                reply.give(Answer::ConfirmStop { value: desk.ask_to_stop() });
                None
            }
            Visit::Press { value, reply } if desk.is_stop(&value) => {
                reply.give(Answer::Stopped);
                Some(Ending::Cancelled)
            }
            Visit::Press { value, reply } => match desk.accepted(&value) {
                Some(offer) => self.accept(desk, offer, reply),
                None => {
                    reply.give(Answer::Unable { reason: "this page is too old; start again".to_owned() });
                    None
                }
            },
        }
    }

    /// A person said that it is them.
    fn accept(&self, desk: &mut Desk, offer: Offer, reply: Reply) -> Option<Ending> {
        let stamp = self.machine.tokens().map(|tokens| tokens.stamp(self.portal));
        if self.is_called_off() {
            reply.give(Answer::Over { person: None });
            return Some(Ending::CalledOff);
        }
        // Asked again: minutes may have passed since.
        match self.ask_who(&offer.token) {
            Ok((_, person)) => match self.keep(&offer, &person, stamp.as_ref(), reply) {
                Ok(ending) => ending,
                Err(reply) => {
                    // What the page said may no longer be so.
                    desk.put_back(offer);
                    let reason = "somebody signed in or out at the same moment; go back and press again";
                    reply.give(Answer::Unable { reason: reason.to_owned() });
                    None
                }
            },
            Err(answer) => {
                if !matches!(answer, Answer::TokenRefused { .. }) {
                    // The button can be pressed again.
                    desk.put_back(offer);
                }
                reply.give(answer);
                None
            }
        }
    }

    /// A token came.
    fn deliver(
        &self,
        desk: &mut Desk,
        token: &Secret,
        otp: Option<&Secret>,
        is_proven: bool,
        mut reply: Reply,
    ) -> Option<Ending> {
        loop {
            let stamp = self.machine.tokens().map(|tokens| tokens.stamp(self.portal));
            // Only now, lest somebody sign out between.
            if self.is_called_off() {
                reply.give(Answer::Over { person: None });
                return Some(Ending::CalledOff);
            }
            let (who, person) = match self.ask_who(token) {
                Ok(known) => known,
                Err(answer) => {
                    reply.give(answer);
                    return None;
                }
            };
            let last = stamp.as_ref().map(|stamp| stamp.person.as_str()).unwrap_or_default();
            match desk.delivered(token.clone(), otp.cloned(), who, is_proven, last) {
                Verdict::Keep(offer) => match self.keep(&offer, &person, stamp.as_ref(), reply) {
                    Ok(ending) => return ending,
                    // Somebody signed in or out meanwhile: who comes now may be somebody else.
                    Err(unanswered) => reply = unanswered,
                },
                Verdict::Ask { name, before, value } => {
                    let (person, last) = (name.clone(), before.clone());
                    let is_shown = reply.leads_there();
                    let page = reply.give(Answer::Confirm { person: name, before, value });
                    let confirm = page.map(|page| Confirm { page, is_shown, person, before: last });
                    self.change(|wait| wait.confirm = confirm);
                    return None;
                }
                Verdict::TooMany => {
                    reply.give(Answer::Unable { reason: "too many different tokens came".to_owned() });
                    return None;
                }
            }
        }
    }

    /// Whose token it is.
    fn ask_who(&self, token: &Secret) -> Result<(Someone, Person), Answer> {
        let given = Token { secret: token.clone(), source: TokenSource::Given, generation: None };
        match acquaint::person(self.portal, &given) {
            Ok(person) => {
                let identity = person.identity().map(str::to_owned);
                Ok((Someone { identity, name: person.name() }, person))
            }
            Err(failure) if failure.kind == FailureKind::TokenRejected => {
                Err(Answer::TokenRefused { reason: failure.message })
            }
            Err(failure) => Err(Answer::Unable { reason: failure.message }),
        }
    }

    /// Keeps the token, and gets what its code opens while it does. A wrong code can be typed again, where it is what
    /// is waited for. Gives the way back when somebody signed in or out since `expected`.
    fn keep(
        &self,
        offer: &Offer,
        person: &Person,
        expected: Option<&Stamp>,
        reply: Reply,
    ) -> Result<Option<Ending>, Reply> {
        let asking = if self.job.is_for_person { Asking::Person } else { Asking::Nobody };
        let kept = match login::keep(self.machine, self.portal, &offer.token, person, asking, expected) {
            Ok(Some(kept)) => kept,
            Ok(None) => return Err(reply),
            Err(failure) => {
                reply.give(Answer::Unable { reason: failure.line() });
                return Ok(Some(Ending::Failed(serde_json::to_string(&failure).unwrap_or_default())));
            }
        };
        let refused = self.use_code(offer, person, kept.generation).err();
        if let Some(failure) = &refused
            && failure.kind == FailureKind::NeedsCode
            && self.job.is_admin
            && !self.job.is_for_person
        {
            reply.give(Answer::CodeRefused { reason: failure.message.clone() });
            return Ok(None);
        }
        reply.give(Answer::SignedIn { person: person.name() });
        let note = refused.map(|failure| of_refused_code(&failure)).or(kept.note);
        let note = note.map(|note| text::one_line(&note, 300));
        Ok(Some(Ending::SignedIn { person: person.name(), note }))
    }

    /// Gets what a code opens, with the token that it came with. Somebody may want it soon, whoever asked for this.
    fn use_code(&self, offer: &Offer, person: &Person, generation: u64) -> Result<(), Failure> {
        let (Some(code), Some(request)) = (&offer.code, self.job.request()) else { return Ok(()) };
        if !person.is_admin() {
            return Ok(());
        }
        let token =
            Token { secret: offer.token.clone(), source: TokenSource::Store, generation: Some(generation) };
        issue::with_code(self.machine, &request, &token, code)
    }

    fn change(&self, change: impl FnOnce(&mut Wait)) {
        let changed = self.sign_ins.change(self.portal, |record| {
            if let Some(wait) = record.wait_of_mut(&self.job.id) {
                change(wait);
            }
        });
        if let Err(error) = changed {
            tracing::debug!(%error, "those who wait are not told");
        }
    }

    /// Writes down how it ended, and what that means for those who come later.
    fn end(&self, ending: Ending) {
        let now = self.machine.now();
        let changed = self.sign_ins.change(self.portal, |record| {
            let port = record.wait_of(&self.job.id).map(|wait| wait.port).filter(|port| *port > 0);
            match (&ending, port) {
                (Ending::SignedIn { .. }, _) => record.somebody_acted(),
                (Ending::Cancelled | Ending::Unanswered, Some(port)) => record.nobody_answered(port, now),
                _ => {}
            }
            if let Some(wait) = record.wait_of_mut(&self.job.id) {
                wait.pid = std::process::id();
                wait.ending = Some(ending);
            }
        });
        if let Err(error) = changed {
            tracing::debug!(%error, "those who wait are not told");
        }
    }
}

/// What it means that a code did not open what it was to open.
pub fn of_refused_code(failure: &Failure) -> String {
    match failure.kind {
        FailureKind::NeedsCode => {
            "the one-time code was not accepted: to get administrator credentials, sign in again with a new one"
                .to_owned()
        }
        _ => format!("the one-time code got no administrator credentials: {}", failure.message),
    }
}
