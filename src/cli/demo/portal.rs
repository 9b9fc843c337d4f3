//! `jitpass demo portal`: the stand-in portal alone.

use std::net::{Ipv4Addr, SocketAddr};
use std::process::ExitCode;

use clap::Args;

use crate::cli::Outcome;
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::demo::portal::{Portal, Scenario};
use crate::host::terminal;
use crate::ops::failure::Failure;

/// Serve the stand-in portal until interrupted
///
/// Answers as a DuploCloud portal does, sign-in page and STS included. A scenario is a list of words, separated by
/// commas, such as `older,tenants=80,regions=us-west-2+eu-central-1,mfa`; a wrong word lists them all. Faults are
/// switched on while it runs: POST /demo/fault {"endpoint": "admin/GetTenantsForUser", "fault": "500"}, and off with
/// DELETE /demo/faults; GET /demo/counts tells the requests it had.
#[derive(Debug, Args)]
pub(super) struct PortalArgs {
    /// Local port to listen on; 0 takes a free one
    #[arg(long, value_name = "PORT", default_value_t = 0)]
    port: u16,

    /// What the portal is like
    #[arg(long, value_name = "WORDS", default_value = "new")]
    scenario: Scenario,
}

pub(super) fn run(args: &PortalArgs) -> Outcome {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, args.port));
    let running = Portal::start(args.scenario.clone(), address).map_err(|e| Failure::of(&e))?;
    let url = running.url();
    // For a program that wants to know which port it got.
    if !terminal::stdout_is_terminal() {
        say::data(&format!("{url}\n"))
            .map_err(|e| Failure::new("the address cannot be printed").because(&e))?;
    }
    say::done(format_args!("a stand-in for a DuploCloud portal listens at {}", styled(NAME, &url)));
    say::line("");
    say::line(styled(STRONG, "Tokens of the people it knows:"));
    for user in running.portal().users() {
        if let Some(token) = running.portal().token(user) {
            say::line(format_args!("  {:18} {}", user.email(), token.expose()));
        }
    }
    say::line("");
    say::line("It stands in for AWS's STS as well. In another terminal:");
    say::command(format_args!("export AWS_ENDPOINT_URL_STS={url}"));
    say::command(format_args!("jitpass setup --host {url}"));
    say::line("");
    say::line(styled(FAINT, "Stop it with Ctrl-C."));
    running.wait();
    Ok(ExitCode::SUCCESS)
}
