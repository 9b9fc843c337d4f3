//! Signing in with a person looking on: the browser, and beside it whatever they paste.

use std::time::{Duration, Instant};

use super::paste::{Paste, Typed};
use super::say::{self, NAME, styled};
use crate::base::{PortalAddress, Scope, Secret, text};
use crate::host::place::{self, Place};
use crate::host::terminal;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::login::{self, KeptToken, Pasted};
use crate::ops::machine::Machine;
use crate::ops::sign_in::{self, Caller, Open, Waited, Wish, listener};
use crate::ops::token::{self, login_command};
use crate::ops::{acquaint, issue};
use crate::store::keyring::Asking;
use crate::store::sign_in::{Browser, Ending, Record};
use crate::store::tokens::Lies;

/// How a person wants to sign in.
#[derive(Debug, Clone, Copy)]
pub(super) struct Manner<'a> {
    /// Whether a browser is to be opened.
    pub(super) opens_browser: bool,
    /// Which one; the settings say where this does not.
    pub(super) browser: Option<&'a str>,
    /// The port to listen on.
    pub(super) port: Option<u16>,
}

impl Manner<'_> {
    /// With the browser, wherever it can be opened.
    pub(super) fn usual() -> Self {
        Self { opens_browser: true, browser: None, port: None }
    }
}

/// How long others may keep a sign-in from being begun.
const BEGINNING: Duration = Duration::from_secs(30);

/// How long a browser may take to be opened.
const OPENING: Duration = Duration::from_secs(8);

/// Signs somebody in, and says how it went.
pub(super) fn sign_in(machine: &Machine, portal: &PortalAddress, manner: Manner<'_>) -> Result<(), Failure> {
    let can_paste = terminal::can_ask();
    let host = portal.host.authority();
    let before = machine.tokens().and_then(|tokens| tokens.kept(portal));
    let before = before.filter(|kept| !kept.is_signed_out()).map(|kept| kept.person);
    machine.check_state_dir()?;
    check_command(machine, portal)?;
    // Before anybody does anything for it.
    machine.sign_in_settings()?;
    // Nobody should be led to an address where no portal is.
    say::while_working(format!("Looking for {host}"), || acquaint::greet(portal, acquaint::GREETING))?;
    let settings = machine.settings_of(portal)?;
    let chosen = manner.browser.or(settings.as_ref().and_then(|s| s.browser.as_deref()));
    let place = Place::here(&machine.env);
    let no_browser = if manner.opens_browser { place.no_browser(chosen.is_some()) } else { None };
    if !can_paste
        && manner.opens_browser
        && manner.port.is_none()
        && let Some(why) = no_browser
    {
        return Err(Failure::misuse(format!(
            "no browser can be opened ({why}), and there is no terminal to paste at"
        ))
        .hint(format!("give a token on stdin: {} --token-stdin", login_command(portal))));
    }
    let is_admin = settings.as_ref().is_some_and(|settings| settings.admin == Some(true));
    let wish = Wish {
        portal,
        is_admin,
        scope: None,
        region: None,
        port: manner.port,
        caller: Caller::Person,
        browser: chosen,
        opens_browser: manner.opens_browser,
        deadline: Instant::now() + BEGINNING,
    };
    let Some(mut open) = sign_in::begin(machine, &wish, || false)? else { return Ok(()) };
    wait_for_browser(&mut open);
    // Before anybody is told to paste: from now on nothing that is typed is shown.
    let mut paste = if can_paste { Some(Paste::open().map_err(|e| no_terminal(&e))?) } else { None };
    explain(machine, portal, &place, manner, &open, can_paste);
    let outcome = wait(machine, portal, &mut open, &mut paste);
    drop(paste);
    match &outcome {
        Ok(kept) => signed_in(machine, portal, kept, before.as_deref()),
        // Whoever walks away needs no listener; programs that wait for it hear of it.
        Err(failure) if failure.kind == FailureKind::Stopped && open.is_own => call_off(machine, portal),
        Err(_) => {}
    }
    outcome.map(drop)
}

/// Nobody signs in where a program gives the token: what is kept would never be used.
pub(super) fn check_command(machine: &Machine, portal: &PortalAddress) -> Result<(), Failure> {
    match machine.settings_of(portal)?.and_then(|settings| settings.token_command) {
        None => Ok(()),
        Some(_) => Err(Failure::misuse(format!(
            "nobody signs in to {}: its token comes from `token_command`",
            portal.host.authority()
        ))
        .hint("take `token_command` out of config.toml first")),
    }
}

/// Tells the listener that it is no longer needed.
fn call_off(machine: &Machine, portal: &PortalAddress) {
    if let Some(sign_ins) = machine.sign_ins()
        && let Err(error) = sign_ins.change(portal, Record::call_off)
    {
        tracing::debug!(%error, "the listener goes on");
    }
}

/// Waits until it is known whether the browser was opened.
fn wait_for_browser(open: &mut Open) {
    let deadline = Instant::now() + OPENING;
    while open.wait.browser == Browser::Opening && open.wait.ending.is_none() && Instant::now() < deadline {
        if open.look().is_some() {
            return;
        }
    }
}

/// Says what to do now.
fn explain(
    machine: &Machine,
    portal: &PortalAddress,
    place: &Place,
    manner: Manner<'_>,
    open: &Open,
    can_paste: bool,
) {
    let wait = &open.wait;
    let host = styled(NAME, portal.host.authority());
    if wait.browser == Browser::Opened {
        say::line(format_args!("Your browser asks you to sign in to {host}: press Authorize there."));
        say::note("no page there? Open this link:");
        say::line(format_args!("  {}", wait.address));
        if can_paste {
            say::note("or paste a token here (it is not shown), and press Enter; Esc stops");
        }
        return;
    }
    match (&wait.browser, place.no_browser(manner.browser.is_some())) {
        (Browser::Failed(why), _) => say::careful(text::Visible(&format!("no browser opened: {why}"))),
        (_, Some(why)) if manner.opens_browser => say::note(format_args!("no browser opens here: {why}")),
        _ => {}
    }
    say::line(format_args!("To sign in to {host}, open this link in a browser and press Authorize:"));
    say::line(format_args!("  {}", wait.address));
    let is_forwarded = manner.port == Some(wait.port);
    if manner.port.is_some() && !is_forwarded {
        say::careful(format_args!("a sign-in is open already, on port {}", wait.port));
    }
    let port = wait.port;
    if place.is_ssh && is_forwarded {
        let target = place::ssh_target(&machine.env).unwrap_or_else(|| "THIS-MACHINE".to_owned());
        say::line("If that browser is on another machine, run there first:");
        say::command(format_args!("ssh -L {port}:127.0.0.1:{port} {target}"));
    }
    if can_paste {
        say::line(
            "If it ends at a page that cannot be opened, copy the address of that page and paste it here.",
        );
        say::line("A token will do too (your name → Profile → Temporary API Token). It is not shown.");
        if place.is_ssh && manner.port.is_none() {
            say::note("with `--port 53682` and `ssh -L` nothing need be pasted");
        }
    }
}

/// Waits for the browser, or for what is pasted.
fn wait(
    machine: &Machine,
    portal: &PortalAddress,
    open: &mut Open,
    paste: &mut Option<Paste>,
) -> Result<KeptToken, Failure> {
    let host = portal.host.authority();
    let stamp = || machine.tokens().map(|tokens| tokens.stamp(portal));
    let before = stamp();
    let mut confirm = None;
    loop {
        match open.look() {
            Some(Waited::Ended(Ending::SignedIn { person, note })) => {
                let kept = machine.tokens().and_then(|tokens| tokens.kept(portal));
                let lies = kept.and_then(|kept| kept.lies).unwrap_or(Lies::InFile);
                return Ok(KeptToken { person, lies, generation: 0, note });
            }
            Some(Waited::Ended(Ending::Cancelled)) => {
                return Err(Failure::new(format!("signing in to {host} was cancelled")));
            }
            // By other means: at another terminal, with a token.
            Some(Waited::Ended(Ending::CalledOff)) if stamp() != before && is_signed_in(machine, portal) => {
                return Ok(kept_elsewhere(machine, portal));
            }
            Some(Waited::Ended(Ending::CalledOff)) => {
                return Err(Failure::new(format!("signing in to {host} was called off"))
                    .hint(format!("run it again: {}", login_command(portal))));
            }
            Some(Waited::Ended(Ending::Unanswered)) => {
                return Err(Failure::new(format!("nobody signed in to {host} within 5 minutes"))
                    .hint(format!("run it again: {}", login_command(portal))));
            }
            Some(Waited::Ended(Ending::Failed(text))) => return Err(sign_in::failure_of(&text)),
            Some(Waited::Gone | Waited::Enough) => {
                return Err(Failure::new(format!("signing in to {host} was interrupted"))
                    .hint(format!("run it again: {}", login_command(portal))));
            }
            None => {}
        }
        if open.wait.confirm != confirm {
            confirm.clone_from(&open.wait.confirm);
            if let Some(confirm) = &confirm {
                say::note(sign_in::who_asks(confirm));
            }
        }
        let typed = match paste {
            Some(paste) => paste.look().map_err(|e| no_terminal(&e))?,
            None => None,
        };
        match typed {
            None => {}
            Some(Typed::Stop) => {
                return Err(Failure { kind: FailureKind::Stopped, ..Failure::new("stopped") });
            }
            Some(Typed::Text(pasted)) => match accept(machine, portal, &pasted) {
                Ok(kept) => {
                    // The browser's page need not be answered any more.
                    login::end_wait(machine, portal);
                    return Ok(kept);
                }
                Err(failure) => {
                    say::failure(&failure);
                    say::note("still waiting for the browser, or for another paste");
                }
            },
        }
    }
}

fn is_signed_in(machine: &Machine, portal: &PortalAddress) -> bool {
    let kept = machine.tokens().and_then(|tokens| tokens.kept(portal));
    kept.is_some_and(|kept| kept.lies.is_some())
}

/// What somebody else, or the same person at another terminal, has kept.
fn kept_elsewhere(machine: &Machine, portal: &PortalAddress) -> KeptToken {
    let kept = machine.tokens().and_then(|tokens| tokens.kept(portal));
    let (person, lies) = kept.map(|kept| (kept.person, kept.lies)).unwrap_or_default();
    KeptToken { person, lies: lies.unwrap_or(Lies::InFile), generation: 0, note: None }
}

/// Checks and keeps what was pasted, and gets what a code in it opens.
fn accept(machine: &Machine, portal: &PortalAddress, pasted: &Secret) -> Result<KeptToken, Failure> {
    let Pasted { token, code } = login::read_pasted(pasted.expose())?;
    let kept = say::while_working(format!("Asking {} who you are", portal.host.authority()), || {
        login::take(machine, portal, &token)
    })?;
    if let Some(code) = code {
        let request = issue::Request {
            portal: portal.clone(),
            scope: Scope::Admin,
            region: None,
            token: None,
            no_cache: true,
            sign_in: None,
        };
        let own = token::own(machine, portal, Asking::Person)?;
        if let Err(failure) = issue::with_code(machine, &request, &own, &code) {
            say::careful(text::Visible(&listener::of_refused_code(&failure)));
        }
    }
    Ok(kept)
}

fn no_terminal(error: &std::io::Error) -> Failure {
    Failure::new("the terminal cannot be read").because(error)
}

/// Says who is signed in now, where the token lies, and what that means for what was before.
pub(super) fn signed_in(machine: &Machine, portal: &PortalAddress, kept: &KeptToken, before: Option<&str>) {
    say::done(format_args!(
        "signed in to {} as {}",
        portal.host.authority(),
        styled(NAME, text::one_line(&kept.person, 100))
    ));
    if let Some(note) = &kept.note {
        say::careful(text::Visible(note));
    }
    match (kept.lies, machine.tokens()) {
        (Lies::InKeyring, _) => say::note("the token is kept in the system's keyring"),
        (Lies::InFile, Some(store)) => say::note(format_args!(
            "the token is kept in {} (for you only)",
            machine.shown(&store.path(portal))
        )),
        (Lies::InFile, None) => {}
    }
    if token::explicit(machine, portal, None).0.is_some() {
        say::careful("DUPLO_TOKEN is set for this portal, and comes first");
    }
    if let Some(before) = before.filter(|before| !before.is_empty() && *before != kept.person) {
        say::note(format_args!(
            "before, it was {}; what was issued to them is forgotten",
            text::one_line(before, 100)
        ));
    }
}
