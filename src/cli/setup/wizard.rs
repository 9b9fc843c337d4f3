//! The questions of `setup`. Each has an answer that Enter takes, and is checked before the next.

use std::collections::HashSet;

use super::{RegionChoice, SetupArgs};
use crate::base::{PortalAddress, PortalName, PortalUrl, ProfileName, Region, TenantPattern, text};
use crate::cli::ask;
use crate::cli::say::{self, FAINT, STRONG, styled};
use crate::ops::acquaint::{self, Acquaintance};
use crate::ops::demand::Choices;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::setup;
use crate::ops::shell::{Survey, install};
use crate::plan::TenantFilter;
use crate::shell::Shell;
use crate::store::settings::{PortalSettings, TenantChoice};

/// Says what will happen.
pub(super) fn welcome() {
    say::line(styled(STRONG, "AWS profiles from a DuploCloud portal"));
    say::line(styled(FAINT, "Enter takes what is offered; Esc stops. No profile is written unseen."));
    say::line("");
}

/// Asks which portal, until one answers there.
pub(super) fn portal(machine: &Machine) -> Result<(PortalAddress, Option<PortalSettings>), Failure> {
    let known = machine.portals()?;
    let mut offered = known.first().map(|p| p.address.host.to_string()).unwrap_or_default();
    loop {
        let help = "as in your browser: https://acme.duplocloud.net, or just acme";
        let typed = ask::text("Portal:", &offered, help, |typed| {
            if typed.trim().is_empty() {
                return Err("type the portal's address; Esc stops".to_owned());
            }
            PortalUrl::from_typed(typed).map(drop).map_err(|e| e.to_string())
        })?;
        let (portal, settings) = machine.portal(&typed)?;
        let greeting =
            say::while_working(format!("Looking for a portal at {}", portal.host.authority()), || {
                acquaint::greet(&portal, acquaint::GREETING)
            });
        match greeting {
            Ok(()) => return Ok((portal, settings)),
            Err(failure) => {
                say::failure(&failure);
                // On this machine the forgotten scheme is most likely http.
                let typed = portal.host.to_string();
                let plain = typed.replacen("https://", "http://", 1);
                offered = if plain.parse::<PortalUrl>().is_ok() { plain } else { typed };
            }
        }
    }
}

/// Asks for what the flags leave open.
pub(super) fn choices(
    machine: &Machine,
    args: &SetupArgs,
    portal: &Acquaintance,
    known: Option<&PortalSettings>,
) -> Result<Choices, Failure> {
    let usual = args.choices(machine, portal, known)?;
    let tenants = if args.tenants.is_empty() && !args.all_tenants {
        which_tenants(machine, portal, &usual)?
    } else {
        usual.tenants.clone()
    };
    let may_be_admin = portal.person.is_admin();
    let admin = if args.admin || args.no_admin || !may_be_admin {
        usual.admin
    } else {
        ask::confirm("A profile with administrator rights as well?", usual.admin)?
    };
    let region = if args.region.is_some() {
        usual.region.clone()
    } else {
        which_region(portal, usual.region.as_ref())?
    };
    // A portal that is set up has its name.
    let name = match known {
        None if args.name.is_none() => which_name(machine, &usual)?,
        _ => usual.name.clone(),
    };
    let mut choices = Choices { name, tenants, admin, region, ..usual };
    if choices.default_profile.is_none() && setup::lacks_default_profile(machine) {
        choices.default_profile = which_default(machine, portal, &choices)?;
    }
    Ok(choices)
}

fn which_tenants(machine: &Machine, portal: &Acquaintance, usual: &Choices) -> Result<TenantChoice, Failure> {
    let tenants = &portal.list.tenants;
    if tenants.is_empty() {
        return Ok(TenantChoice::All);
    }
    let width = tenants.iter().map(|t| t.name.as_str().len()).max().unwrap_or(0);
    let rows: Vec<String> = tenants
        .iter()
        .map(|t| match portal.region_of(t) {
            Some(region) => format!("{:width$}  {region}", t.name),
            None => t.name.to_string(),
        })
        .collect();
    let chosen: Vec<usize> = match &usual.tenants {
        TenantChoice::All => {
            let filter = TenantFilter::new(None, &usual.exclude);
            (0..tenants.len()).filter(|at| filter.admits(&tenants[*at].name)).collect()
        }
        // None was chosen so far: those that have a profile, or as at the first time all.
        TenantChoice::Named(names) if names.is_empty() => {
            let known = setup::tenants_with_profile(machine, &portal.portal)?;
            let has_profile = |at: &usize| {
                let tenant = &tenants[*at];
                known.contains(&tenant.name.key()) || known.contains(tenant.id.as_str())
            };
            let some: Vec<usize> = (0..tenants.len()).filter(has_profile).collect();
            if some.is_empty() { (0..tenants.len()).collect() } else { some }
        }
        TenantChoice::Named(names) => {
            let filter = TenantFilter::new(Some(names), &usual.exclude);
            (0..tenants.len()).filter(|at| filter.admits(&tenants[*at].name)).collect()
        }
    };
    let answers = ask::choose("Tenants:", &rows, &chosen)?;
    // Nothing was changed: patterns stay patterns, and all of them means also those to come.
    let was_none = matches!(&usual.tenants, TenantChoice::Named(names) if names.is_empty());
    if answers == chosen && !was_none {
        return Ok(usual.tenants.clone());
    }
    if answers.len() == tenants.len() {
        return Ok(TenantChoice::All);
    }
    Ok(TenantChoice::Named(answers.into_iter().map(|at| TenantPattern::from(&tenants[at].name)).collect()))
}

fn which_region(portal: &Acquaintance, usual: Option<&Region>) -> Result<Option<Region>, Failure> {
    // Nothing to choose between.
    if portal.list.tenants.is_empty() {
        return Ok(usual.cloned());
    }
    let offered = usual.map_or("own", Region::as_str);
    let help = "own: each tenant's own; or one for all, such as us-west-2";
    let typed = ask::text("Region:", offered, help, |typed| {
        typed.trim().parse::<RegionChoice>().map(drop).map_err(|e| e.to_string())
    })?;
    Ok(match typed.parse() {
        Ok(RegionChoice::One(region)) => Some(region),
        Ok(RegionChoice::Own) | Err(_) => None,
    })
}

fn which_name(machine: &Machine, usual: &Choices) -> Result<PortalName, Failure> {
    let known = machine.portals()?;
    let taken: HashSet<String> = known.iter().map(|p| p.name.to_string()).collect();
    let help = match &usual.profile_name {
        Some(template) => format!("profiles are named by {}", text::one_line(template, 60)),
        None => format!("profiles will be named {}-TENANT", usual.name),
    };
    let typed = ask::text("Short name of this portal:", usual.name.as_str(), &help, move |typed| {
        let name = typed.trim().parse::<PortalName>().map_err(|e| e.to_string())?;
        if taken.contains(name.as_str()) {
            Err(format!("`{name}` is another portal of yours"))
        } else {
            Ok(())
        }
    })?;
    typed.parse().map_err(|e: crate::base::NameError| Failure::of(&e))
}

/// There is no default profile yet: AWS programs that are told none would find nothing.
fn which_default(
    machine: &Machine,
    portal: &Acquaintance,
    choices: &Choices,
) -> Result<Option<ProfileName>, Failure> {
    let prepared = setup::prepare(machine, portal, choices, &[], &[])?;
    let Some(first) = prepared.first_profile() else { return Ok(None) };
    let question = format!("Make {first} your default profile?");
    Ok(ask::confirm(&text::one_line(&question, 200), false)?.then(|| first.clone()))
}

/// The shells that get the integration: those in use that lack it, if the person wants it.
pub(super) fn which_shells(machine: &Machine) -> Result<Vec<Shell>, Failure> {
    // Where nobody can tell which shells there are, there is nothing to ask about.
    let Ok(survey) = Survey::of(machine) else { return Ok(Vec::new()) };
    let installing = install::prepare(machine, &survey.in_use())?;
    if installing.change.is_empty() {
        return Ok(Vec::new());
    }
    let shells = installing.lacking();
    let names: Vec<&str> = shells.iter().map(|shell| shell.name()).collect();
    let question = format!("Add jitnow and jituse to {}?", text::list(&names, 4).replace('`', ""));
    Ok(if ask::confirm(&question, true)? { shells } else { Vec::new() })
}
