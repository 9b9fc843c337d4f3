//! `jitpass duplo`: the portal's token, for programs.

use std::process::ExitCode;

use clap::Args;
use clap::builder::TypedValueParser as _;

use super::{one_line, say};
use crate::base::{PortalAddress, Secret};
use crate::host::env::names;
use crate::host::terminal;
use crate::ops::duplo::{self, Request};
use crate::ops::failure::Failure;
use crate::ops::issue::SignInOptions;
use crate::ops::machine::Machine;
use crate::store::keyring::Asking;

/// Print a portal's token, for scripts that ask the portal themselves
///
/// Prints one JSON document with Version, DuploToken and NeedOTP (whether this person needs a one-time code for
/// administrators' work), or one line on stderr that says what went wrong. The portal is asked first whether it still
/// accepts the token. In GitHub's actions, the runner is told on stderr to hide the token.
#[derive(Debug, Args)]
pub(super) struct DuploArgs {
    // Texts, so that what is wrong with them is said in one line.
    /// Portal address, such as https://acme.duplocloud.net
    #[arg(long, value_name = "URL")]
    host: Option<String>,

    /// Open the browser where somebody must sign in, and wait for them
    #[arg(long)]
    interactive: bool,

    /// Check this portal token and print it; a token on a command line can be seen by others, so prefer DUPLO_TOKEN
    #[arg(long, value_name = "TOKEN", value_parser = clap::builder::StringValueParser::new().map(Secret::new))]
    token: Option<Secret>,

    /// Changes nothing, and is here for scripts written for duplo-jit: no token is printed unchecked
    #[arg(long)]
    no_cache: bool,

    /// Address of the portal's API, where it differs from --host
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,

    /// Port on this machine to which the browser brings the sign-in
    #[arg(long, value_name = "PORT")]
    port: Option<u16>,
}

/// Prints the token, or the one line that says why not.
pub(super) fn run(machine: &Machine, args: DuploArgs) -> ExitCode {
    let token = args.request().and_then(|request| duplo::portal_token(machine, &request));
    if let Ok(token) = &token
        && machine.env.text(names::GITHUB_ACTIONS).as_deref() == Some("true")
    {
        // The runner reads its commands from both; stdout is for whoever reads the document.
        say::line(token.mask().expose());
    }
    one_line::answer(token.map(|token| token.document()), "the token")
}

impl DuploArgs {
    fn request(self) -> Result<Request, Failure> {
        Ok(Request {
            portal: PortalAddress::new(one_line::host(self.host)?, one_line::read(self.api_host)?),
            token: self.token.filter(|t| !t.is_empty()),
            sign_in: self.interactive.then_some(SignInOptions { port: self.port.filter(|port| *port > 0) }),
            asking: if terminal::can_ask() { Asking::Person } else { Asking::Nobody },
        })
    }
}
