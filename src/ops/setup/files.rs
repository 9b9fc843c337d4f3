//! What the two files must hold: jitpass's settings and the shared AWS config file.

use std::path::Path;

use crate::awsconfig::Document;
use crate::base::{PortalName, ProfileName};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::acquaint::Acquaintance;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::setup::Choices;
use crate::ops::write::{self, FilePlan};
use crate::plan::{self, ProfilePlan, Reason, Wanted};
use crate::store::managed::Managed;
use crate::store::settings::PortalSettings;

pub(super) fn settings_plan(
    machine: &Machine,
    portal: &Acquaintance,
    choices: &Choices,
) -> Result<FilePlan, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    if let Some(other) = known.iter().find(|p| p.name == choices.name && p.address != portal.portal) {
        return Err(Failure::misuse(format!("`{}` is already the name of {}", choices.name, other.address))
            .hint("choose another name with --name"));
    }
    if let Some(same) = known.iter().find(|p| p.name != choices.name && p.address == portal.portal) {
        return Err(Failure::misuse(format!("{} is already set up as `{}`", portal.portal, same.name))
            .hint(format!("leave --name out, or say --name {}", same.name)));
    }
    let set = settings.set_portal(&PortalSettings {
        name: choices.name.clone(),
        address: portal.portal.clone(),
        admin: Some(choices.admin),
        tenants: choices.tenants.clone(),
        region: choices.region.clone(),
        profile_name: choices.profile_name.clone(),
        token_command: None,
        browser: None,
    });
    set.map_err(|e| Failure::of(&e))?;
    let plan = FilePlan { new: settings.render().into_bytes(), file };
    check_replaceable(machine, &plan)?;
    Ok(plan)
}

/// Finds out before anybody is asked whether the file could be written.
fn check_replaceable(machine: &Machine, plan: &FilePlan) -> Result<(), Failure> {
    if plan.is_empty() {
        return Ok(());
    }
    plan.file.check_replaceable().map_err(|e| write::failure(machine, &plan.file.path, &e))
}

pub(super) fn config_plan(
    machine: &Machine,
    portal: &PortalName,
    wanted: &[Wanted],
) -> Result<(FilePlan, ProfilePlan), Failure> {
    let path = dirs::aws_config_file(&machine.env).ok_or_else(|| {
        Failure::new("there is no home directory for `.aws/config`").hint("set HOME or AWS_CONFIG_FILE")
    })?;
    let file = UserFile::read(&path).map_err(|e| write::failure(machine, &path, &e))?;
    let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
    let base =
        |name: &ProfileName| managed.profile(&file.path, name.as_str()).map(|record| record.written.clone());
    let mut document = Document::parse(file.content());
    let profiles = plan::reconcile(&mut document, wanted, portal, &base).map_err(|e| Failure::of(&e))?;
    if let Some(failure) = refused_as_a_whole(machine, &path, &profiles, wanted.len()) {
        return Err(failure);
    }
    let plan = FilePlan { new: document.render(), file };
    check_replaceable(machine, &plan)?;
    Ok((plan, profiles))
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
