//! From a portal's offer and a person's choices to the plan of `setup`: two files, one diff, one question.

mod files;
mod notes;

pub use notes::Note;

use std::collections::HashSet;

use crate::awsconfig::Document;
use crate::base::{NameError, PortalAddress, PortalName, ProfileName, Scope, TenantRef};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::acquaint::Acquaintance;
use crate::ops::change::{Change, ConfigFile};
use crate::ops::demand::{Choices, Demand};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::shell::install::{self, Installing};
use crate::ops::upkeep;
use crate::plan::ProfilePlan;
use crate::plan::predecessor::Reading;
use crate::shell::Shell;
use crate::store::managed::Managed;
use crate::store::settings::Extra;

/// The plan of a set-up, ready to be shown and applied.
#[derive(Debug)]
pub struct Prepared {
    /// The settings and the shared AWS config file.
    pub change: Change,
    /// What happens to the profiles.
    pub profiles: ProfilePlan,
    /// What deserves a look, whether anything changes or not.
    pub notes: Vec<Note>,
    /// The integration of shells; what is written into start-up files is in `change`.
    pub installing: Installing,
    /// What was wanted, for the record of what was written.
    demand: Demand,
}

impl Prepared {
    /// The profile to try first: an ordinary tenant's rather than the administrators'.
    pub fn first_profile(&self) -> Option<&ProfileName> {
        let ours: HashSet<&str> = self.profiles.kept.iter().map(|(name, _)| name.as_str()).collect();
        let wanted = self.demand.wanted.iter();
        let usable = wanted.filter(|w| !w.name.is_default() && ours.contains(w.name.as_str()));
        // Every portal has a tenant `default` that nobody works in.
        let rank = |w: &&crate::plan::Wanted| match w.scope.key().as_str() {
            "admin" => 2,
            "tenant-default" => 1,
            _ => 0,
        };
        usable.min_by_key(rank).map(|w| &w.name)
    }
}

/// The short name a portal gets where none is chosen: the one it has, or the first word of its host name.
pub fn usual_name(machine: &Machine, acquaintance: &Acquaintance) -> Result<PortalName, Failure> {
    let portals = machine.portals()?;
    if let Some(known) = portals.iter().find(|p| p.address.host == acquaintance.portal.host) {
        return Ok(known.name.clone());
    }
    new_name(&acquaintance.portal, |name| portals.iter().any(|p| p.name.as_str() == name))
        .map_err(|e| Failure::of(&e))
}

/// The first word of a portal's host name, with a number where that is `taken`.
pub fn new_name(portal: &PortalAddress, taken: impl Fn(&str) -> bool) -> Result<PortalName, NameError> {
    let host = portal.host.host();
    let first = if host.parse::<std::net::IpAddr>().is_ok() {
        "local"
    } else {
        host.split('.').next().unwrap_or(host)
    };
    let first = if first == "duplo" { host.split('.').nth(1).unwrap_or(first) } else { first };
    let free = std::iter::once(first.to_owned())
        .chain((2..1000).map(|n| format!("{first}{n}")))
        .find(|name| !taken(name))
        .unwrap_or_else(|| first.to_owned());
    free.parse()
}

/// The tenants of a portal for which the config file has a profile, of jitpass or of an older tool: their keys and ids.
pub fn tenants_with_profile(machine: &Machine, portal: &PortalAddress) -> Result<HashSet<String>, Failure> {
    let document = ConfigFile::read(machine)?.document;
    let opened = |name: &str| {
        let Reading::Call(call) = Reading::of_value(document.profile(name)?.value("credential_process")?)
        else {
            return None;
        };
        // A context of duploctl may say anything.
        let meaning = if call.needs_context() { None } else { call.meaning(None).ok() };
        let meaning = meaning.filter(|meaning| meaning.portal.host == portal.host)?;
        match meaning.scope {
            Scope::Tenant(TenantRef::Name(name)) => Some(name.key()),
            Scope::Tenant(TenantRef::Id(id)) => Some(id.to_string()),
            Scope::Admin | Scope::DuploOps => None,
        }
    };
    Ok(document.profile_names().into_iter().filter_map(opened).collect())
}

/// Finds out, before anybody is asked anything, whether a portal may get that name.
///
/// # Errors
/// Of kind `Misuse` when the name is another portal's, or the portal has another.
pub fn check_name(machine: &Machine, portal: &PortalAddress, name: &PortalName) -> Result<(), Failure> {
    files::check_name(&machine.portals()?, portal, name)
}

/// Makes the plan: reads both files, and works out what they must hold, in the settings `extras` besides; and the
/// start-up files of these shells. Writes nothing.
pub fn prepare(
    machine: &Machine,
    portal: &Acquaintance,
    choices: &Choices,
    extras: &[Extra],
    shells: &[Shell],
) -> Result<Prepared, Failure> {
    let demand = Demand::new(machine, portal, choices)?;
    let settings = files::settings_plan(machine, portal, choices, extras)?;
    let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
    let (config, profiles) = files::config_plan(machine, &demand, &managed)?;
    let notes = notes::notes(machine, &config.0.new, &demand, &profiles);
    let mut change =
        Change { command: "setup", config: Some(config), settings: Some(settings), ..Change::default() };
    let installing =
        if shells.is_empty() { Installing::default() } else { install::prepare(machine, shells)? };
    change.others.extend(installing.change.others.iter().cloned());
    change.check_replaceable(machine)?;
    Ok(Prepared { change, profiles, notes, installing, demand })
}

/// Writes what was planned, and remembers it. Worth doing also when nothing is to be written: the record may be lost.
pub fn apply(machine: &Machine, prepared: &Prepared) -> Result<(), Failure> {
    let Prepared { change, profiles, demand, .. } = prepared;
    let Some((config, _)) = &change.config else { return Ok(()) };
    // Before the lines that load them.
    install::write_scripts(machine, &prepared.installing)?;
    let after = Document::parse(&config.new);
    change.apply(machine, |managed| {
        upkeep::remember(managed, &config.file.path, &after, demand, profiles, &|_| None);
        // Somebody else's profiles are not theirs because they set the portal up as well: `sync` goes on asking.
        if upkeep::person_before(managed, demand).is_none() {
            upkeep::remember_person(managed, demand, profiles);
        }
    })
}

/// Whether AWS programs that are told no profile would find none.
pub fn lacks_default_profile(machine: &Machine) -> bool {
    let has = |path: Option<std::path::PathBuf>, parse: fn(&[u8]) -> Document| {
        let file = path.and_then(|path| UserFile::read(&path).ok());
        file.is_some_and(|file| parse(file.content()).profile("default").is_some())
    };
    !has(dirs::aws_config_file(&machine.env), Document::parse)
        && !has(dirs::aws_credentials_file(&machine.env), Document::parse_credentials)
}
