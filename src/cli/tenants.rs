//! `jitpass tenants`: the tenants you may use.

use std::fmt::Write as _;
use std::process::ExitCode;

use clap::Args;

use super::Outcome;
use super::say;
use crate::base::text;
use crate::ops::acquaint;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::token;

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
        None => {
            let known = machine.settings()?.0.portals().map_err(|e| Failure::of(&e))?;
            known.into_iter().map(|p| p.address).collect()
        }
    };
    if portals.is_empty() {
        return Err(Failure::misuse("no portal is set up yet")
            .hint("name one: jitpass tenants https://acme.duplocloud.net"));
    }
    let (mut rows, mut json) = (Vec::new(), Vec::new());
    for portal in &portals {
        let (explicit, identity) = token::explicit(machine, portal, None);
        let token = explicit.or_else(|| token::stored(machine, portal));
        let token = token.ok_or_else(|| token::not_signed_in(machine, portal))?;
        let known = say::while_working(format!("Asking {}", portal.host.authority()), || {
            acquaint::acquaint(machine, portal, &token, &identity, machine.now())
        })?;
        for tenant in &known.list.tenants {
            let region = known.regions.get(tenant.id.as_str()).map(ToString::to_string).unwrap_or_default();
            let plan = tenant.plan.as_ref().map(ToString::to_string).unwrap_or_default();
            json.push(serde_json::json!({
                "portal": portal.host.as_str(), "tenant": tenant.name.as_str(), "id": tenant.id.as_str(),
                "region": region, "plan": plan,
            }));
            rows.push([tenant.name.to_string(), region, plan, portal.host.authority().to_owned()]);
        }
        for reason in &known.list.unusable {
            say::careful(format_args!("left out: {}", text::Visible(reason)));
        }
    }
    let printed = if args.json { format!("{:#}\n", serde_json::Value::Array(json)) } else { table(&rows) };
    if rows.is_empty() && !args.json {
        say::note("you may use no tenants there; an administrator of the portal can add you to one");
    }
    say::data(&printed).map_err(|e| Failure::new("the list cannot be printed").because(&e))?;
    Ok(ExitCode::SUCCESS)
}

/// Columns as wide as their widest word, two blanks between, none at the end.
fn table(rows: &[[String; 4]]) -> String {
    let width = |column: usize| rows.iter().map(|r| r[column].chars().count()).max().unwrap_or(0);
    let widths = [width(0), width(1), width(2)];
    rows.iter().fold(String::new(), |mut out, [name, region, plan, portal]| {
        let line = format!("{name:0$}  {region:1$}  {plan:2$}  {portal}", widths[0], widths[1], widths[2]);
        let _ = writeln!(out, "{}", line.trim_end());
        out
    })
}
