//! The profiles of a portal in the AWS config file, told from those that only look like it.

use crate::awsconfig::Document;
use crate::base::Scope;
use crate::ops::change::ConfigFile;
use crate::ops::demand;
use crate::ops::machine::Machine;
use crate::ops::upkeep;
use crate::plan::{Marked, NameFields, OwnCommand, Template};
use crate::store::managed::Managed;
use crate::store::settings::PortalSettings;

/// The sections with a portal's mark, by name, in file order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Owned {
    /// Those that jitpass keeps.
    pub kept: Vec<String>,
    /// Copies that a person made: they are theirs.
    pub copies: Vec<String>,
}

impl Owned {
    /// Those of a portal. Without a record, a section counts as ours when it has the name that we would give it.
    pub fn by(machine: &Machine, config: &ConfigFile, portal: &PortalSettings) -> Self {
        let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
        let path = config.file.path.clone();
        let records = |name: &str| managed.profile(&path, name).map(upkeep::known);
        let marked = Marked::all(&config.document, &portal.name, &records);
        let template = demand::template(portal.profile_name.as_deref()).ok();
        let would_be = |scope: &Scope| name_of(template.as_ref()?, portal, scope);
        let (kept, copies): (Vec<Marked>, Vec<Marked>) = marked.into_iter().partition(|section| {
            section.known.is_some()
                || section.scope().as_ref().and_then(would_be).is_some_and(|name| name == section.name())
        });
        let names =
            |sections: Vec<Marked>| sections.into_iter().map(|section| section.profile.name).collect();
        Self { kept: names(kept), copies: names(copies) }
    }
}

/// The name that the template gives to a scope of which nothing else is known.
fn name_of(template: &Template, portal: &PortalSettings, scope: &Scope) -> Option<String> {
    let region = portal.region.as_ref();
    let fields = NameFields { portal: &portal.name, scope, plan: None, region, account_id: None };
    template.name(fields).ok().map(|name| name.to_string())
}

/// The commands of those that nobody remembers having written, as they stand: by name.
pub(super) fn unrecorded(
    machine: &Machine,
    config: &ConfigFile,
    portal: &PortalSettings,
    kept: &[String],
) -> Vec<(String, String)> {
    let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
    let unknown = kept.iter().filter(|name| managed.profile(&config.file.path, name).is_none());
    let command = |name: &String| {
        let value = config.document.profile(name)?.value("credential_process")?.to_owned();
        let is_ours = OwnCommand::read(&value).is_some_and(|command| command.address == portal.address);
        is_ours.then(|| (name.clone(), value))
    };
    unknown.filter_map(command).collect()
}

/// The profiles that name one of these as their source and are none of them.
pub(super) fn users(document: &Document, gone: &[String]) -> Vec<String> {
    let mut users = Vec::new();
    for section in document.sections().filter(|section| !gone.iter().any(|name| name == section.name())) {
        let mut sources = section.properties().filter(|p| p.folded_key() == "source_profile");
        if sources.any(|source| gone.contains(&source.value)) {
            users.push(section.name().to_owned());
        }
    }
    users
}
