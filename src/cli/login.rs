//! `jitpass login`: sign in to a portal.

use std::io::Read as _;
use std::process::ExitCode;

use clap::Args;

use super::sign_in::{self, Manner};
use super::{Outcome, say};
use crate::base::{PortalAddress, PortalUrl, Secret};
use crate::ops::failure::Failure;
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::ops::shell::scripts;

/// Sign in to a portal with your browser
///
/// Opens the portal's page in the browser and waits until you press Authorize there; the token is then kept in the
/// system's keyring, or where there is none in a file that only you can read. Where no browser opens (over SSH, in a
/// container) the link is printed, and the address at which the browser ended, or a token, can be pasted.
#[derive(Debug, Args)]
pub(super) struct LoginArgs {
    /// Portal, by its name in your settings or its address; needed unless you have exactly one
    portal: Option<String>,

    /// Read a token from stdin instead
    #[arg(long, conflicts_with_all = ["no_browser", "port", "browser"])]
    token_stdin: bool,

    /// Print the link, and open no browser
    #[arg(long, conflicts_with = "browser")]
    no_browser: bool,

    /// Port on this machine to which the browser brings the sign-in; any free one where none is said
    #[arg(long, value_name = "PORT", value_parser = clap::value_parser!(u16).range(1..))]
    port: Option<u16>,

    /// Browser to open: a program, with arguments if need be
    #[arg(long, value_name = "BROWSER")]
    browser: Option<String>,

    /// Address of the portal's API, where it differs from the portal's
    #[arg(long, value_name = "URL")]
    api_host: Option<PortalUrl>,
}

pub(super) fn run(machine: &Machine, args: LoginArgs) -> Outcome {
    let mut portal = match args.portal {
        Some(typed) => machine.portal(&typed)?.0,
        None => only_portal(machine, "login")?,
    };
    if let Some(api_host) = args.api_host {
        portal = PortalAddress::new(portal.host, Some(api_host));
    }
    if args.token_stdin {
        sign_in::check_command(machine, &portal)?;
        let token = from_stdin()?;
        let before = machine.tokens().and_then(|tokens| tokens.kept(&portal));
        let before = before.filter(|kept| !kept.is_signed_out()).map(|kept| kept.person);
        let kept = say::while_working(format!("Asking {} who you are", portal.host.authority()), || {
            login::sign_in(machine, &portal, &token)
        })?;
        sign_in::signed_in(machine, &portal, &kept, before.as_deref());
    } else {
        let manner =
            Manner { opens_browser: !args.no_browser, browser: args.browser.as_deref(), port: args.port };
        sign_in::sign_in(machine, &portal, manner)?;
    }
    scripts::refresh(machine);
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

/// The one portal of the settings, for a command that was given none.
pub(super) fn only_portal(machine: &Machine, command: &str) -> Result<PortalAddress, Failure> {
    let portals = machine.portals()?;
    match portals.as_slice() {
        [only] => Ok(only.address.clone()),
        [] => Err(Failure::misuse("no portal is set up yet")
            .hint(format!("name one: jitpass {command} https://acme.duplocloud.net"))),
        several => {
            let names: Vec<&str> = several.iter().map(|p| p.name.as_str()).collect();
            Err(Failure::misuse("several portals are set up")
                .hint(format!("name one of {}", crate::base::text::list(&names, 8))))
        }
    }
}
