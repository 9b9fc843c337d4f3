//! What the two files must hold: jitpass's settings and the shared AWS config file.

use std::path::Path;

use crate::awsconfig::Edit;
use crate::base::{PortalAddress, PortalName};
use crate::ops::acquaint::Acquaintance;
use crate::ops::change::ConfigFile;
use crate::ops::demand::{Choices, Demand};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::upkeep::{self, Wishes};
use crate::ops::write::FilePlan;
use crate::plan::{ProfilePlan, Reason};
use crate::store::managed::Managed;
use crate::store::settings::{Extra, PortalSettings};

pub(super) fn settings_plan(
    machine: &Machine,
    portal: &Acquaintance,
    choices: &Choices,
    extras: &[Extra],
) -> Result<FilePlan, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    check_name(&known, &portal.portal, &choices.name)?;
    let present = known.into_iter().find(|p| p.name == choices.name);
    let set = settings.set_portal(&PortalSettings {
        name: choices.name.clone(),
        address: portal.portal.clone(),
        admin: Some(choices.admin),
        tenants: choices.tenants.clone(),
        exclude: choices.exclude.clone(),
        region: choices.region.clone(),
        profile_name: choices.profile_name.clone(),
        keys: choices.keys.clone(),
        token_command: present.as_ref().and_then(|p| p.token_command.clone()),
        browser: present.and_then(|p| p.browser),
    });
    set.map_err(|e| Failure::of(&e))?;
    for extra in extras {
        settings.take(&choices.name, extra);
    }
    Ok(FilePlan { new: settings.render().into_bytes(), file })
}

/// Refuses a name that is another portal's, and a second name for one portal.
pub(super) fn check_name(
    known: &[PortalSettings],
    address: &PortalAddress,
    name: &PortalName,
) -> Result<(), Failure> {
    if let Some(other) = known.iter().find(|p| p.name == *name && p.address != *address) {
        return Err(Failure::misuse(format!("`{name}` is already the name of {}", other.address))
            .hint("choose another name with --name"));
    }
    if let Some(same) = known.iter().find(|p| p.name != *name && p.address == *address) {
        return Err(Failure::misuse(format!("{address} is already set up as `{}`", same.name)).hint(
            format!(
                "leave --name out; to give it that name: jitpass portal edit {} --name {name}",
                same.name
            ),
        ));
    }
    Ok(())
}

pub(super) fn config_plan(
    machine: &Machine,
    demand: &Demand,
    managed: &Managed,
) -> Result<((FilePlan, Vec<Edit>), ProfilePlan), Failure> {
    let mut config = ConfigFile::read(machine)?;
    let wishes = Wishes {
        // What the portal offers to one person is no ground to speak of another's.
        looks_for_orphans: !demand.offers_no_tenant() && upkeep::person_before(managed, demand).is_none(),
        ..Wishes::NONE
    };
    let marked = upkeep::marked(&config, &demand.portal, managed);
    let profiles = upkeep::bring_up_to_date(machine, &mut config, demand, &marked, wishes);
    let path = config.file.path.clone();
    if let Some(failure) = refused_as_a_whole(machine, &path, &profiles, demand.wanted.len()) {
        return Err(failure);
    }
    Ok((config.plan(), profiles))
}

/// When one and the same line keeps every profile out, that is one failure and not a hundred notes.
fn refused_as_a_whole(
    machine: &Machine,
    path: &Path,
    profiles: &ProfilePlan,
    wanted: usize,
) -> Option<Failure> {
    let first = profiles.conflicts.first().filter(|_| profiles.conflicts.len() == wanted)?;
    let Reason::Refused(reason) = &first.reason else { return None };
    let same = profiles.conflicts.iter().all(|c| c.reason == first.reason && c.line == first.line);
    let message = format!("{} cannot be edited safely: {reason}", machine.shown(path));
    same.then(|| {
        Failure::new(message).hint("mend that place by hand, then run this again; no profile was written")
    })
}
