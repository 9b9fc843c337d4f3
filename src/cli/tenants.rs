//! `jitpass tenants`: the tenants you may use.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::say;
use crate::base::{PortalAddress, text};
use crate::host::terminal;
use crate::ops::acquaint::{self, Acquaintance, WithAccounts};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token;
use crate::portal::Tenant;
use crate::store::keyring::Asking;

/// List the tenants you may use
#[derive(Debug, Args)]
pub(super) struct TenantsArgs {
    /// Portal, by its name in your settings or its address; all of your portals if left out
    portal: Option<String>,

    /// Print JSON
    #[arg(long)]
    json: bool,
}

pub(super) fn run(machine: &Machine, args: &TenantsArgs) -> Outcome {
    let portals = match &args.portal {
        Some(typed) => vec![machine.portal(typed)?.0],
        None => machine.portals()?.into_iter().map(|p| p.address).collect(),
    };
    if portals.is_empty() {
        return Err(Failure::misuse("no portal is set up yet")
            .hint("name one: jitpass tenants https://acme.duplocloud.net"));
    }
    let (mut tenants, mut failed) = (Vec::new(), false);
    for portal in &portals {
        match of_portal(machine, portal) {
            Ok(known) => tenants.push(known),
            Err(failure) if portals.len() == 1 => return Err(failure),
            // The others' are worth having all the same.
            Err(failure) => {
                say::failure(&failure);
                failed = true;
            }
        }
    }
    let printed = if args.json { json(&tenants) } else { table(&tenants) };
    if printed.is_empty() && !failed {
        say::note("you may use no tenants there; an administrator of the portal can add you to one");
    }
    say::data(&printed).map_err(|e| Failure::new("the list cannot be printed").because(&e))?;
    Ok(if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

fn of_portal(machine: &Machine, portal: &PortalAddress) -> Result<Acquaintance, Failure> {
    let (explicit, identity) = token::explicit(machine, portal, None);
    let asking = if terminal::can_ask() { Asking::Person } else { Asking::Nobody };
    let token = explicit.map_or_else(|| token::own(machine, portal, asking), Ok)?;
    let known = say::while_working(format!("Asking {}", portal.host.authority()), || {
        acquaint::acquaint(machine, portal, &token, &identity, machine.now(), WithAccounts(false))
    })?;
    for reason in &known.list.unusable {
        say::careful(format_args!("left out: {}", text::Visible(reason)));
    }
    Ok(known)
}

fn json(portals: &[Acquaintance]) -> String {
    let of_portal = |known: &Acquaintance| {
        let one = |tenant: &Tenant| {
            serde_json::json!({
                "portal": known.portal.host.as_str(),
                "tenant": tenant.name.as_str(),
                "id": tenant.id.as_str(),
                "region": region(known, tenant),
                "plan": plan(tenant),
            })
        };
        known.list.tenants.iter().map(one).collect::<Vec<_>>()
    };
    let all: Vec<_> = portals.iter().flat_map(of_portal).collect();
    format!("{:#}\n", serde_json::Value::Array(all))
}

/// Columns as wide as their widest word, two blanks between, none at the end.
fn table(portals: &[Acquaintance]) -> String {
    let row = |known: &Acquaintance, tenant: &Tenant| {
        let portal = known.portal.host.authority().to_owned();
        [tenant.name.to_string(), region(known, tenant), plan(tenant), portal]
    };
    let rows: Vec<_> =
        portals.iter().flat_map(|known| known.list.tenants.iter().map(move |t| row(known, t))).collect();
    let heading = ["TENANT", "REGION", "PLAN", "PORTAL"].map(str::to_owned);
    // For people; programs that take columns are better off with --json, but need not skip a line.
    let heads = terminal::stdout_is_terminal() && !rows.is_empty();
    let rows: Vec<_> = heads.then_some(heading).into_iter().chain(rows).collect();
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    rows.iter().fold(String::new(), |mut out, [name, region, plan, portal]| {
        let line = format!("{name:0$}  {region:1$}  {plan:2$}  {portal}", widths[0], widths[1], widths[2]);
        let _ = writeln!(out, "{}", line.trim_end());
        out
    })
}

fn region(known: &Acquaintance, tenant: &Tenant) -> String {
    known.region_of(tenant).map(ToString::to_string).unwrap_or_default()
}

fn plan(tenant: &Tenant) -> String {
    tenant.plan.as_ref().map(ToString::to_string).unwrap_or_default()
}
