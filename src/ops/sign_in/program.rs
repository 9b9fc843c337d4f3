//! Signing in for a program that wants credentials: nobody can be asked anything, and it may be killed at any moment.

use std::time::{Duration, Instant};

use crate::base::{PortalAddress, Region, Scope, text};
use crate::host::attendance;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::sign_in::begin::{self, Wish, begin};
use crate::ops::sign_in::open::Waited;
use crate::ops::sign_in::{Caller, Open};
use crate::ops::token;
use crate::store::sign_in::{Browser, Confirm, Ending, Wait};

/// How long after the last key a person counts as being at the terminal.
const IDLE: Duration = Duration::from_secs(120);

/// What a program needs somebody to sign in for.
#[derive(Debug, Clone, Copy)]
pub struct Errand<'a> {
    /// Where.
    pub portal: &'a PortalAddress,
    /// What the token is wanted for.
    pub scope: &'a Scope,
    /// The region of the credential to get with a code.
    pub region: Option<&'a Region>,
    /// The port to listen on; any where none is said.
    pub port: Option<u16>,
    /// Why what was there did not do.
    pub failure: &'a Failure,
    /// Since when the program waits.
    pub started: Instant,
}

/// Gets somebody to sign in for an errand, until `is_satisfied`. Waits as long as the settings say; gives until when
/// that would have been.
pub fn for_program(
    machine: &Machine,
    errand: &Errand<'_>,
    is_satisfied: impl Fn() -> bool,
) -> Result<Instant, Failure> {
    let Errand { portal, failure, started, .. } = *errand;
    let needs_code = failure.kind == FailureKind::NeedsCode;
    // Whoever mistyped something there may have chosen another place for tokens, or a program that gives them.
    let deadline = begin::deadline(started, machine.sign_in_settings()?.wait);
    let settings = machine.settings_of(portal)?;
    if settings.as_ref().is_some_and(|settings| settings.token_command.is_some()) {
        return Err(failure.clone());
    }
    let is_attended = attendance::is_attended(IDLE);
    let wish = Wish {
        portal,
        is_admin: needs_code || settings.as_ref().is_some_and(|settings| settings.admin == Some(true)),
        scope: Some(errand.scope),
        region: errand.region,
        port: errand.port,
        caller: if is_attended { Caller::Attended } else { Caller::Unattended },
        browser: settings.as_ref().and_then(|settings| settings.browser.as_deref()),
        opens_browser: true,
        deadline,
    };
    let host = portal.host.authority();
    let login = token::login_command(portal);
    let out = |message: String| Failure { kind: FailureKind::SignedOut, ..Failure::new(message) };
    let stamp = || machine.tokens().map(|tokens| tokens.stamp(portal));
    let mut told = Told { host, needs_code, page: None, confirm: None };
    loop {
        let before = stamp();
        let begun = begin(machine, &wish, &is_satisfied).map_err(|f| because_of(f, failure))?;
        let Some(mut open) = begun else { return Ok(deadline) };
        told.tell(&open.wait);
        let waited = open.wait(deadline, |wait| {
            told.tell(wait);
            // Somebody may have signed in by other means: with a token, at another terminal.
            !needs_code && stamp() != before && is_satisfied()
        });
        if waited.is_some() && is_satisfied() {
            return Ok(deadline);
        }
        let is_in_time = Instant::now() < deadline;
        return Err(match waited {
            // Joined a sign-in for something else, which brought no code.
            Some(Waited::Ended(Ending::SignedIn { .. }))
                if needs_code && !open.wait.is_admin && is_in_time =>
            {
                continue;
            }
            Some(Waited::Enough | Waited::Ended(Ending::SignedIn { .. })) => return Ok(deadline),
            Some(Waited::Gone) if is_in_time => continue,
            Some(Waited::Ended(Ending::Cancelled)) => {
                out(format!("signing in to {host} was cancelled in the browser"))
                    .hint(format!("run: {login}"))
            }
            Some(Waited::Ended(Ending::CalledOff)) => {
                out(format!("signing in to {host} was called off")).hint(format!("run: {login}"))
            }
            Some(Waited::Ended(Ending::Unanswered)) => {
                out(format!("nobody signed in to {host} in time")).hint(format!("run: {login}"))
            }
            Some(Waited::Ended(Ending::Failed(text))) => begin::failure_of(&text),
            Some(Waited::Gone) => {
                out(format!("signing in to {host} was interrupted")).hint(format!("run: {login}"))
            }
            None => out(still_open(machine, &open, host)).hint(how_to_go_on(&open.wait, &login)),
        });
    }
}

/// Why the sign-in was needed, where it is not plain.
fn because_of(failure: Failure, first: &Failure) -> Failure {
    match first.kind {
        FailureKind::NeedsCode => failure.because(&std::io::Error::other(first.message.clone())),
        _ => failure,
    }
}

fn still_open(machine: &Machine, open: &Open, host: &str) -> String {
    let left = open.wait.ends - machine.now().seconds();
    let left = text::duration(left.clamp(1, 300));
    match &open.wait.confirm {
        Some(Confirm { person, .. }) => format!(
            "signing in to {host} waits for {} to say that it is them, for {left} more",
            text::one_line(person, 100)
        ),
        None => format!("signing in to {host} waits for somebody to press Authorize, for {left} more"),
    }
}

fn how_to_go_on(wait: &Wait, login: &str) -> String {
    match &wait.confirm {
        Some(Confirm { page, .. }) => {
            format!("press the button in the browser, or at {page}, then try again; or run: {login}")
        }
        None => format!("press it at {}, then try again; or run: {login}", wait.address),
    }
}

/// What our page asks, and where the button is.
pub fn who_asks(confirm: &Confirm) -> String {
    let Confirm { person, before, page, is_shown } = confirm;
    let person = text::one_line(person, 100);
    let now = match before {
        None => person,
        Some(before) => format!("{person} now, and not {}", text::one_line(before, 100)),
    };
    if *is_shown {
        format!("your browser asks whether you are {now}: press the button there, or at {page}")
    } else {
        format!("are you {now}? Say so at {page}")
    }
}

/// What was said at the terminal, where there is one that this was started from: once each.
struct Told<'a> {
    host: &'a str,
    needs_code: bool,
    page: Option<String>,
    confirm: Option<Confirm>,
}

impl Told<'_> {
    fn tell(&mut self, wait: &Wait) {
        let host = self.host;
        if self.page.as_ref() != Some(&wait.id) && wait.browser != Browser::Opening {
            let how = match wait.browser {
                Browser::Opened => "press Authorize in the browser, or at",
                _ => "press Authorize at",
            };
            let why = if self.needs_code {
                format!("administrator credentials of {host} need a one-time code")
            } else {
                format!("to sign in to {host}")
            };
            attendance::tell(&format!("jitpass: {why}: {how} {}", wait.address));
            self.page = Some(wait.id.clone());
        }
        if self.confirm != wait.confirm
            && let Some(confirm) = &wait.confirm
        {
            attendance::tell(&format!("jitpass: {}", who_asks(confirm)));
            self.confirm.clone_from(&wait.confirm);
        }
    }
}
