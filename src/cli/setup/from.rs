//! `setup --from FILE`: portals that somebody else chose for us.
//!
//! 1. The file is read, shown, and judged; nothing has been asked of the network by then.
//! 2. What nobody takes over unseen is asked about, one by one; where nobody can be asked, it is refused.
//! 3. Each portal is set up as usual, with the file's answers to the questions.

use std::io::Read as _;
use std::path::Path;
use std::process::ExitCode;

use super::SetupArgs;
use crate::base::{PortalName, text};
use crate::cli::say::{self, FAINT, NAME, STRONG, styled};
use crate::cli::{Outcome, ask, portal_words};
use crate::host::files;
use crate::ops::demand::Choices;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::portal::offer::{self, Ask, Offer, Offered, Place};
use crate::store::settings::{Extra, PortalSettings};

pub(super) fn run(machine: &Machine, args: &SetupArgs, file: &Path, asks: bool) -> Outcome {
    let shown = text::one_line(&file.display().to_string(), 200);
    let mut offer = offer::read(&shown, &read(file)?)?;
    if args.name.is_some() && offer.portals.len() > 1 {
        return Err(Failure::misuse("--name is for one portal, and there are several in the file")
            .hint("their names are in the file"));
    }
    say_offer(&shown, &offer);
    let extras = if asks {
        agree(&mut offer)?
    } else {
        offer.refuse_asks()?;
        Vec::new()
    };
    let known = machine.portals()?;
    let mut wanted: Vec<(PortalSettings, PortalName)> = Vec::new();
    for offered in &offer.portals {
        let settings = placed(args, offered, &known, &wanted, asks)?;
        wanted.push((settings, offered.settings.name.clone()));
    }
    if asks {
        let hosts: Vec<&str> = wanted.iter().map(|(settings, _)| settings.address.host.authority()).collect();
        if !ask::confirm(&format!("Set up {}?", text::list(&hosts, 4).replace('`', "")), true)? {
            say::note("nothing was written");
            return Ok(ExitCode::SUCCESS);
        }
    }
    let mut outcome = ExitCode::SUCCESS;
    let is_one = wanted.len() == 1;
    for (at, (settings, name)) in wanted.iter().enumerate() {
        // What is about all portals goes with the first.
        let is_of = |extra: &&Extra| extra.portal.as_ref().map_or(at == 0, |portal| portal == name);
        let extras: Vec<Extra> = extras.iter().filter(is_of).cloned().collect();
        if !is_one {
            if at > 0 {
                say::line("");
            }
            say::line(styled(STRONG, &settings.name));
        }
        match set_up(machine, args, settings, &extras, asks) {
            Ok(_) => {}
            Err(failure) if is_one || failure.kind == FailureKind::Stopped => return Err(failure),
            // The others are worth having all the same.
            Err(failure) => {
                say::failure(&failure);
                outcome = ExitCode::FAILURE;
            }
        }
    }
    Ok(outcome)
}

/// The file, or stdin for `-`; no more of it than any such file has.
fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |e: std::io::Error| {
        let file = text::one_line(&file.display().to_string(), 200);
        Failure::misuse(format!("cannot read {file}")).because(&e)
    };
    let mut bytes = Vec::new();
    let most = offer::LONGEST + 1;
    if file.as_os_str() == "-" {
        std::io::stdin().take(most).read_to_end(&mut bytes).map_err(failed)?;
    } else {
        bytes = files::read_at_most(file, most).map_err(failed)?;
    }
    Ok(bytes)
}

/// Says what is in the file, whether it will be taken over or not.
fn say_offer(file: &str, offer: &Offer) {
    say::line(format_args!("{} in {file}:", text::count(offer.portals.len(), "portal")));
    for Offered { settings, .. } in &offer.portals {
        let host = styled(FAINT, format_args!("· {}", settings.address.host));
        say::line(format_args!("  {} {host}", styled(STRONG, &settings.name)));
        for (name, value) in portal_words::rows(settings) {
            say::line(format_args!(
                "    {} {}",
                styled(NAME, format_args!("{name:<8}")),
                text::one_line(&value, 300)
            ));
        }
    }
    for ask in &offer.asks {
        let Ask { place, value, meaning, .. } = ask;
        say::careful(format_args!("{place} = {value}"));
        say::note(format_args!("  {meaning}"));
    }
    say::line("");
}

/// Asks about everything that is no plain choice; gives back what belongs in the settings beside the choices.
fn agree(offer: &mut Offer) -> Result<Vec<Extra>, Failure> {
    let mut extras = Vec::new();
    for asked in std::mem::take(&mut offer.asks) {
        if !asked.can_be_taken {
            say::note(format_args!("{} is left out: {}", asked.place, asked.meaning));
            continue;
        }
        let question = format!("Take over {} = {}?", asked.place, asked.value);
        if ask::confirm(&text::one_line(&question, 400), false)? {
            extras.extend(asked.take(&mut offer.portals)?);
        }
    }
    Ok(extras)
}

/// The choices for a portal beside what is set up already.
fn placed(
    args: &SetupArgs,
    offered: &Offered,
    known: &[PortalSettings],
    wanted: &[(PortalSettings, PortalName)],
    asks: bool,
) -> Result<PortalSettings, Failure> {
    let mut settings = offered.settings.clone();
    settings.name = args.name.clone().unwrap_or(settings.name);
    let taken = |name: &PortalName| {
        known.iter().any(|p| p.name == *name) || wanted.iter().any(|(p, _)| p.name == *name)
    };
    match offer::place(&settings, known) {
        Place::Here(here) => {
            if here.name != settings.name {
                say::note(format_args!(
                    "{} is set up as `{}` here, and keeps that name",
                    here.address, here.name
                ));
            }
            let api_host = &offered.settings.address.api_host;
            if api_host.is_some() && *api_host != here.address.api_host {
                say::careful(format_args!(
                    "its API stays where it is; to change that: jitpass portal edit {} --api-host URL",
                    here.name
                ));
            }
            Ok(offered.over(&here))
        }
        Place::NameTaken(other) if !asks => Err(Failure::misuse(format!(
            "`{}` is the name of {} here, and of {} in the file",
            other.name, other.address, settings.address
        ))
        .hint("choose another with --name, or change it in the file")),
        Place::NameTaken(other) => {
            say::careful(format_args!("`{}` is the name of {} here", other.name, other.address));
            let all: Vec<PortalName> = known
                .iter()
                .map(|p| p.name.clone())
                .chain(wanted.iter().map(|(p, _)| p.name.clone()))
                .collect();
            let question = format!("Short name of {}:", settings.address);
            let typed = ask::text(&question, "", "another one", move |typed| {
                let name = typed.trim().parse::<PortalName>().map_err(|e| e.to_string())?;
                if all.contains(&name) { Err(format!("`{name}` is another portal of yours")) } else { Ok(()) }
            })?;
            settings.name = typed.parse().map_err(|e: crate::base::NameError| Failure::of(&e))?;
            Ok(settings)
        }
        Place::Free if taken(&settings.name) => {
            Err(Failure::misuse(format!("`{}` would be the name of two portals", settings.name)))
        }
        Place::Free => Ok(settings),
    }
}

fn set_up(
    machine: &Machine,
    args: &SetupArgs,
    settings: &PortalSettings,
    extras: &[Extra],
    asks: bool,
) -> Outcome {
    let (portal, source) =
        super::acquainted(machine, &settings.address, settings.profile_name.as_deref(), args, asks)?;
    let choices = Choices { name: settings.name.clone(), ..args.choices(machine, &portal, Some(settings))? };
    super::write(machine, args, &portal, &choices, extras, source, asks)
}
