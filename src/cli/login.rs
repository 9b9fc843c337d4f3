//! `jitpass login`: keep a portal token.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;

use super::say::{self, NAME, styled};
use super::{Outcome, ask};
use crate::base::{PortalAddress, PortalUrl, Secret, text};
use crate::host::terminal;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::{acquaint, login};

/// Keep a portal token, so that profiles get credentials with it
///
/// The token comes from the portal's page (Profile → Temporary API Token), typed in without being shown or read
/// from stdin. It is checked, and kept in a file that only you can read.
#[derive(Debug, Args)]
pub(super) struct LoginArgs {
    /// Portal, by its name in your settings or its address; needed unless you have exactly one
    portal: Option<String>,

    /// Read the token from stdin
    #[arg(long)]
    token_stdin: bool,

    /// Address of the portal's API, where it differs from the portal's
    #[arg(long, value_name = "URL")]
    api_host: Option<PortalUrl>,
}

pub(super) fn run(machine: &Machine, args: LoginArgs) -> Outcome {
    let mut portal = match args.portal {
        Some(typed) => machine.portal(&typed)?.0,
        None => only_portal(machine)?,
    };
    if let Some(api_host) = args.api_host {
        portal = PortalAddress::new(portal.host, Some(api_host));
    }
    let before = machine.tokens().and_then(|tokens| tokens.find(&portal)).map(|token| token.person);
    let accept = |token: &Secret| {
        say::while_working(format!("Asking {} who you are", portal.host.authority()), || {
            login::sign_in(machine, &portal, token)
        })
    };
    let person = if args.token_stdin { accept(&from_stdin()?)? } else { from_person(&portal, accept)? };
    signed_in(machine, &portal, &person.name());
    if let Some(before) = before.filter(|before| *before != person.name()) {
        say::note(format_args!(
            "before, it was {}; what was issued to them is forgotten",
            text::one_line(&before, 100)
        ));
    }
    Ok(ExitCode::SUCCESS)
}

/// The token on stdin.
pub(super) fn from_stdin() -> Result<Secret, Failure> {
    let mut text = String::new();
    // More than any token, and not more than memory.
    std::io::stdin()
        .take(64 * 1024)
        .read_to_string(&mut text)
        .map_err(|e| Failure::new("the token on stdin cannot be read").because(&e))?;
    let text = Secret::new(text);
    login::read_token(text.expose())
}

/// Asks a person for a token, typed in without being shown, until one is accepted.
pub(super) fn from_person<T>(
    portal: &PortalAddress,
    accept: impl Fn(&Secret) -> Result<T, Failure>,
) -> Result<T, Failure> {
    if !terminal::can_ask() {
        return Err(Failure::misuse("there is no terminal to ask for a token at")
            .hint(format!("give it on stdin: jitpass login {} --token-stdin", portal.host)));
    }
    // Nobody should fetch a token for an address where no portal is.
    acquaint::greet(portal)?;
    say::line(format_args!("Sign in at {}, then copy a token:", styled(NAME, &portal.host)));
    say::line("your name → Profile → Temporary API Token");
    loop {
        let typed = ask::secret("Token:", "paste it here; it is not shown")?;
        match login::read_token(typed.expose()).and_then(|token| accept(&token)) {
            // Another one may do. Of a network that is down, no token helps.
            Err(failure) if matches!(failure.kind, FailureKind::TokenRejected | FailureKind::Misuse) => {
                say::failure(&failure);
            }
            other => return other,
        }
    }
}

/// Says who is signed in now, and where the token lies.
pub(super) fn signed_in(machine: &Machine, portal: &PortalAddress, person: &str) {
    say::done(format_args!("signed in to {} as {}", portal.host.authority(), styled(NAME, person)));
    if let Some(store) = machine.tokens() {
        say::note(format_args!("the token is kept in {} (for you only)", machine.shown(&store.path(portal))));
    }
}

fn only_portal(machine: &Machine) -> Result<PortalAddress, Failure> {
    let portals = machine.portals()?;
    match portals.as_slice() {
        [only] => Ok(only.address.clone()),
        [] => Err(Failure::misuse("no portal is set up yet")
            .hint("name one: jitpass login https://acme.duplocloud.net")),
        several => {
            let names: Vec<&str> = several.iter().map(|p| p.name.as_str()).collect();
            Err(Failure::misuse("several portals are set up")
                .hint(format!("name one of {}", crate::base::text::list(&names, 8))))
        }
    }
}
