//! `jitpass profile add`.

use clap::Args;

use super::{notes, typed};
use crate::awsconfig::{Key, Value};
use crate::base::{PortalAddress, ProfileName, Region, Scope, TenantRef};
use crate::cli::change::{ChangeArgs, Ended, carry_out};
use crate::cli::{Outcome, ask, aws, say};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::{self, NewProfile, Note, Offer};
use crate::store::settings::PortalSettings;

/// Add a profile of your own choice
///
/// Asks for what the flags do not say. Where you are signed in, the portal is asked whether there is such a tenant and
/// which region it has. `jitpass sync` keeps the profile, under the name you give it, if the portal is in your settings
/// and has no profile for the same tenant yet.
#[derive(Debug, Args)]
pub(in crate::cli) struct AddArgs {
    /// Name of the profile
    name: Option<String>,

    /// Portal, by its address or its name in your settings
    #[arg(long, value_name = "URL")]
    host: Option<String>,

    /// Address of the portal's API, where it differs from --host
    #[arg(long, value_name = "URL")]
    api_host: Option<String>,

    /// With administrator rights
    #[arg(long, group = "scope")]
    admin: bool,

    /// With the rights of DuploCloud's operators
    #[arg(long, group = "scope")]
    duplo_ops: bool,

    /// For this tenant, by name or id
    #[arg(long, value_name = "TENANT", group = "scope")]
    tenant: Option<String>,

    /// Region; the tenant's own if left out, as far as the portal can be asked
    #[arg(long, value_name = "REGION")]
    region: Option<String>,

    /// Where nobody is signed in, fail instead of opening the browser
    #[arg(long)]
    no_interactive: bool,

    /// As it is anyway: open the browser where somebody must sign in
    #[arg(long, hide = true, conflicts_with = "no_interactive")]
    interactive: bool,

    /// Give another key a value, such as `output=json`; may be repeated
    #[arg(long, value_name = "KEY=VALUE")]
    set: Vec<String>,

    #[command(flatten)]
    change: ChangeArgs,
}

pub(in crate::cli) fn run(machine: &Machine, args: &AddArgs) -> Outcome {
    let more = args.set.iter().map(|said| pair(said)).collect::<Result<Vec<_>, _>>()?;
    let typed_region = args.region.as_deref().map(typed::<Region>).transpose()?;
    // What is wrong with it is better said before anybody is asked.
    let typed_name = args.name.as_deref().map(typed::<ProfileName>).transpose()?;
    let read = aws::reader();
    profile::check_new(machine, &read, typed_name.as_ref(), &more)?;
    let (address, settings) = portal(machine, args)?;
    let mut scope = args.scope()?;
    let asking = format!("Asking {}", address.host.authority());
    let offer = say::while_working(asking, || profile::offer(machine, &address));
    if scope.is_none() {
        scope = Some(which_scope(args, &offer)?);
    }
    let Some(scope) = scope else { return Err(missing("--tenant, --admin or --duplo-ops")) };
    let tenant_id = offer.check(&scope, &address)?;
    let chosen = settings.as_ref().and_then(|settings| settings.region.clone());
    let name = match typed_name {
        Some(name) => name,
        None => which_name(args, &address, settings.as_ref(), &scope)?,
    };
    let new = NewProfile {
        name,
        region: typed_region.or(chosen).or_else(|| offer.region(&scope)),
        address,
        scope,
        tenant_id,
        is_interactive: !args.no_interactive,
        more,
    };
    let unchecked = offer.trouble().map(|reason| Note::Unchecked { portal: new.address.clone(), reason });
    let (_, ended) = carry_out(
        machine,
        args.change,
        || profile::add(machine, &read, &new).map(|planned| planned.noting(unchecked.clone())),
        |planned| &planned.change,
        |planned| notes::say_all(machine, planned),
        |planned| planned.apply(machine),
    )?;
    if ended == Ended::Written {
        say::done(format_args!("{} is there; try it:", new.name));
        say::command(format_args!("aws sts get-caller-identity --profile {}", new.name));
    }
    Ok(ended.exit_code())
}

/// `KEY=VALUE`, read.
pub(super) fn pair(said: &str) -> Result<(Key, Value), Failure> {
    let (key, value) = said
        .split_once('=')
        .ok_or_else(|| Failure::misuse("--set wants a key and its value").hint("as in --set output=json"))?;
    Ok((typed(key.trim())?, typed(value.trim())?))
}

impl AddArgs {
    fn scope(&self) -> Result<Option<Scope>, Failure> {
        let tenant = self.tenant.as_deref().map(typed::<TenantRef>).transpose()?;
        Ok(Scope::choose(self.admin, self.duplo_ops, tenant))
    }
}

fn missing(what: &str) -> Failure {
    Failure::misuse(format!("{what} is missing, and nobody can be asked"))
        .hint("as in: jitpass profile add acme-dev01 --host https://acme.duplocloud.net --tenant dev01 --yes")
}

fn portal(machine: &Machine, args: &AddArgs) -> Result<(PortalAddress, Option<PortalSettings>), Failure> {
    let host = match &args.host {
        Some(host) => host.clone(),
        None if args.change.asks() => which_portal(machine)?,
        None => match machine.portals_if_any()?.as_slice() {
            [only] => only.name.to_string(),
            _ => return Err(missing("--host")),
        },
    };
    let (address, settings) = machine.portal(&host)?;
    let Some(api_host) = &args.api_host else { return Ok((address, settings)) };
    let address = PortalAddress::new(address.host, Some(typed(api_host)?));
    Ok((address.clone(), machine.settings_of(&address)?))
}

fn which_portal(machine: &Machine) -> Result<String, Failure> {
    let known = machine.portals_if_any()?;
    if !known.is_empty() {
        let mut rows: Vec<String> =
            known.iter().map(|portal| format!("{}  {}", portal.name, portal.address)).collect();
        rows.push("another".to_owned());
        let chosen = ask::one("Portal:", &rows, 0)?;
        if let Some(portal) = known.get(chosen) {
            return Ok(portal.name.to_string());
        }
    }
    let help = "as in your browser: https://acme.duplocloud.net, or just acme";
    ask::text("Portal:", "", help, |typed| {
        crate::base::PortalUrl::from_typed(typed).map(drop).map_err(|error| error.to_string())
    })
}

fn which_scope(args: &AddArgs, offer: &Offer) -> Result<Scope, Failure> {
    if !args.change.asks() {
        return Err(missing("--tenant, --admin or --duplo-ops"));
    }
    if let Some(known) = offer.known() {
        let tenants = &known.list.tenants;
        let mut rows: Vec<String> = tenants.iter().map(|tenant| tenant.name.to_string()).collect();
        let is_admin = known.person.is_admin();
        if is_admin {
            rows.push("administrator rights, all tenants".to_owned());
        }
        if !rows.is_empty() {
            let chosen = ask::one("Tenant:", &rows, 0)?;
            let tenant = tenants.get(chosen);
            return Ok(tenant.map_or(Scope::Admin, |t| Scope::Tenant(TenantRef::Name(t.name.clone()))));
        }
    }
    let text =
        ask::text("Tenant:", "", "its name or id; `jitpass login` first to choose from a list", |typed| {
            typed.trim().parse::<TenantRef>().map(drop).map_err(|error| error.to_string())
        })?;
    typed::<TenantRef>(&text).map(Scope::Tenant)
}

fn which_name(
    args: &AddArgs,
    address: &PortalAddress,
    settings: Option<&PortalSettings>,
    scope: &Scope,
) -> Result<ProfileName, Failure> {
    if !args.change.asks() {
        return Err(missing("the profile's name"));
    }
    let host = address.host.host();
    let first =
        settings.map_or_else(|| host.split('.').next().unwrap_or(host).to_owned(), |s| s.name.to_string());
    let last = match scope {
        Scope::Tenant(TenantRef::Name(name)) => name.key(),
        other => other.key(),
    };
    let offered = format!("{first}-{last}").replace('~', "-");
    let offered = if offered.parse::<ProfileName>().is_ok() { offered } else { String::new() };
    let text = ask::text("Name of the profile:", &offered, "", |typed| {
        typed.trim().parse::<ProfileName>().map(drop).map_err(|error| error.to_string())
    })?;
    typed(&text)
}
