//! Joining a wait that is open, or starting one.

use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Scope, text};
use crate::host::locks::Locked;
use crate::host::place::Place;
use crate::host::{browser, clock, detach, program, random, surroundings};
use crate::ops::acquaint;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::{KEEPING, Machine};
use crate::ops::sign_in::policy::{self, Caller, Step};
use crate::ops::sign_in::{Browse, Job, Open};
use crate::ops::token;
use crate::portal::sign_in::page_address;
use crate::store::sign_in::{Browser, Ending, Record, SignIns, Wait};

/// What somebody is to sign in for, and how.
#[derive(Debug, Clone)]
pub struct Wish<'a> {
    /// Where.
    pub portal: &'a PortalAddress,
    /// Whether administrators' work is wanted sooner or later: the portal's page then asks for a code where it wants one.
    pub is_admin: bool,
    /// What the token is wanted for.
    pub scope: Option<&'a Scope>,
    /// The region of the credential to get with a code.
    pub region: Option<&'a Region>,
    /// The port to listen on; any where none is said.
    pub port: Option<u16>,
    /// Who wants it.
    pub caller: Caller,
    /// Which browser, where it is not the system's own.
    pub browser: Option<&'a str>,
    /// Whether a browser is to be opened at all.
    pub opens_browser: bool,
    /// Until when there must be an answer.
    pub deadline: Instant,
}

/// How long others may take to decide whether a listener is needed, and a listener to be heard of.
const PATIENCE: Duration = Duration::from_secs(15);

/// How long a listener that is done may take to show its last page.
const FAREWELL: Duration = Duration::from_secs(12);

/// How long a first sign of life of the portal may take, while others wait for the lock.
const GREETING: Duration = Duration::from_secs(5);

const PAUSE: Duration = Duration::from_millis(20);

/// Joins the wait that is open, or starts one. `None` when meanwhile nothing is wanted any more.
///
/// # Errors
/// When nobody may be bothered, or nothing can be started: each names the command that helps.
pub fn begin(
    machine: &Machine,
    wish: &Wish<'_>,
    is_satisfied: impl Fn() -> bool,
) -> Result<Option<Open>, Failure> {
    machine.check_state_dir()?;
    let sign_ins = SignIns::below(&machine.need_state_dir()?);
    let portal = wish.portal;
    let host = portal.host.authority();
    let deadline = wish.deadline.min(Instant::now() + PATIENCE);
    let busy = || Failure::new(format!("other processes keep the sign-in to {host} busy"));
    let _starting = match sign_ins.start(portal, deadline).map_err(|e| cannot_keep(machine, &e))? {
        Locked::Held(lock) => lock,
        Locked::Busy => return Err(busy().hint("try again in a moment")),
    };
    let place = Place::here(&machine.env);
    let no_browser =
        if wish.opens_browser { place.no_browser(wish.browser.is_some()) } else { Some("none is wanted") };
    if let Some(open) = joined(&sign_ins, portal, deadline) {
        return Ok(Some(lead(machine, wish, &place, no_browser, &sign_ins, open)));
    }
    let mut record = sign_ins.record(portal);
    if let Some(died) = record.wait.as_ref().filter(|wait| wait.ending.is_none() && wait.pid != 0) {
        let (port, id) = (died.port, died.id.clone());
        let note = |record: &mut Record| {
            record.listener_died(port);
            record.wait = record.wait.take().filter(|wait| wait.id != id);
        };
        note(&mut record);
        sign_ins.change(portal, note).map_err(|e| cannot_keep(machine, &e))?;
    }
    let (browse, port) = match policy::next(&record, wish.caller, no_browser, wish.port, machine.now()) {
        Step::Open => {
            let with = wish.browser.map(str::to_owned);
            (Browse::Open { with, link_is_seen: wish.caller == Caller::Person }, wish.port)
        }
        Step::Listen(port) => (Browse::Not, port),
        Step::TooSoon(_) => {
            let ending = record.wait.and_then(|wait| wait.ending);
            let why = match ending {
                Some(Ending::Cancelled) => "signing in was cancelled in the browser",
                _ => "nobody answered when the browser last asked",
            };
            return Err(signed_out(format!("not signed in to {host}, and {why}"))
                .hint(format!("run: {}", token::login_command(portal))));
        }
        Step::NoBrowser(why) => {
            return Err(signed_out(format!("not signed in to {host}, and no browser can be opened: {why}"))
                .hint(format!("run: {}", token::login_command(portal))));
        }
    };
    // Last, because it may ask a keyring that takes its time, and others wait for this lock.
    if is_satisfied() {
        return Ok(None);
    }
    // Nobody should be led to an address where no portal is, or to one that the VPN is needed for.
    if wish.caller != Caller::Person {
        acquaint::greet(portal, GREETING)?;
    }
    let mut job = Job::new(random::name(), portal, wish.region);
    job.is_admin = wish.is_admin || record.wants_code || wish.scope.is_some_and(Scope::is_admin);
    job.duplo_ops = wish.scope == Some(&Scope::DuploOps);
    (job.port, job.browse, job.is_for_person) = (port, browse, wish.caller == Caller::Person);
    start(machine, &sign_ins, portal, &job).map(Some)
}

fn signed_out(message: String) -> Failure {
    Failure { kind: FailureKind::SignedOut, ..Failure::new(message) }
}

/// The wait that is open now. One that just ended is left to say goodbye.
fn joined(sign_ins: &SignIns, portal: &PortalAddress, deadline: Instant) -> Option<Open> {
    let deadline = deadline.min(Instant::now() + FAREWELL);
    while sign_ins.is_listening(portal) && Instant::now() < deadline {
        let is_open = |wait: &Wait| wait.ending.is_none() && !wait.is_called_off;
        if let Some(wait) = sign_ins.record(portal).wait.filter(is_open) {
            return Some(Open::new(sign_ins.clone(), portal.clone(), wait, false));
        }
        std::thread::sleep(PAUSE);
    }
    None
}

/// Opens the browser for a wait that was begun without one, when somebody joins it who is there to see it.
fn lead(
    machine: &Machine,
    wish: &Wish<'_>,
    place: &Place,
    no_browser: Option<&'static str>,
    sign_ins: &SignIns,
    mut open: Open,
) -> Open {
    if wish.caller == Caller::Unattended || no_browser.is_some() || open.wait.browser != Browser::NotOpened {
        return open;
    }
    open.wait.browser = match browser::open(&machine.env, place, wish.browser, &open.wait.address) {
        Ok(()) => Browser::Opened,
        Err(error) => Browser::Failed(error.to_string()),
    };
    let (id, state) = (open.wait.id.clone(), open.wait.browser.clone());
    let changed = sign_ins.change(wish.portal, |record| {
        if let Some(wait) = record.wait_of_mut(&id) {
            wait.browser = state;
        }
    });
    if let Err(error) = changed {
        tracing::debug!(%error, "others do not hear of the tab");
    }
    open
}

/// Starts a listener, and waits until it is heard of.
fn start(machine: &Machine, sign_ins: &SignIns, portal: &PortalAddress, job: &Job) -> Result<Open, Failure> {
    let failed = |why: &str| {
        Failure::new(format!("nobody can sign in to {}: {why}", portal.host.authority()))
            .hint(format!("give a token on stdin: {} --token-stdin", token::login_command(portal)))
    };
    // Written here first: where nothing can be written, this process can say so.
    let planned = Wait {
        id: job.id.clone(),
        pid: 0,
        port: job.port.unwrap_or(0),
        is_admin: job.is_admin,
        address: page_address(portal, job.port.unwrap_or(0), job.is_admin),
        browser: Browser::NotOpened,
        ends: machine.now().seconds(),
        confirm: None,
        is_called_off: false,
        ending: None,
    };
    sign_ins.change(portal, |record| record.wait = Some(planned)).map_err(|e| cannot_keep(machine, &e))?;
    let argument = serde_json::to_string(job).map_err(|e| Failure::of(&e))?;
    let program = program::own_path().map_err(|e| failed("this program does not find itself").because(&e))?;
    let args = ["sign-in-listener".into(), argument.into()];
    let mut child = detach::spawn_detached(&program, &args, &surroundings::SECRETS)
        .map_err(|e| failed("the process that listens for the browser cannot be started").because(&e))?;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let ended = child.try_wait().ok().flatten();
        let wait = sign_ins.record(portal).wait_of(&job.id).filter(|wait| wait.pid != 0).cloned();
        match (wait, ended) {
            (Some(Wait { ending: Some(Ending::Failed(text)), .. }), _) => return Err(failure_of(&text)),
            (Some(wait), _) => return Ok(Open::new(sign_ins.clone(), portal.clone(), wait, true)),
            (None, Some(status)) => {
                return Err(failed(&format!(
                    "the process that listens for the browser ended at once ({status})"
                )));
            }
            (None, None) if Instant::now() >= deadline => {
                return Err(failed("the process that listens for the browser is not heard of"));
            }
            (None, None) => std::thread::sleep(PAUSE),
        }
    }
}

fn cannot_keep(machine: &Machine, error: &std::io::Error) -> Failure {
    let dir = machine.state_dir.as_deref().map(|dir| machine.shown(dir)).unwrap_or_default();
    Failure::new(format!("nobody can sign in, because nothing can be kept in {dir}"))
        .because(error)
        .hint(KEEPING)
}

/// A failure that a listener wrote down.
pub fn failure_of(text: &str) -> Failure {
    serde_json::from_str(text).unwrap_or_else(|_| Failure::new(text::one_line(text, 200)))
}

/// The time left until `clock::patience` has passed since a moment.
pub(super) fn deadline(since: Instant, patience: Duration) -> Instant {
    since + clock::patience(patience)
}
