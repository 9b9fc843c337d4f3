//! From a portal's offer and a person's choices to the plan of `setup`: two files, one diff, one question.

mod files;
mod notes;

pub use notes::Note;

use std::collections::{HashMap, HashSet};

use crate::awsconfig::Document;
use crate::awsconfig::command::CommandError;
use crate::base::{PortalName, ProfileName, Region, TenantName};
use crate::host::user_file::UserFile;
use crate::host::{dirs, program};
use crate::ops::acquaint::Acquaintance;
use crate::ops::change::keep_record;
use crate::ops::failure::Failure;
use crate::ops::issue::no_such_tenant;
use crate::ops::machine::Machine;
use crate::ops::write::{self, FilePlan};
use crate::plan::{
    self, DEFAULT_TEMPLATE, MARK, ProfilePlan, ProgramPath, Template, Wanted, WantedError, Wish,
    means_the_same,
};
use crate::portal::Tenant;
use crate::store::settings::TenantChoice;

/// What a person chose.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The portal's short name.
    pub name: PortalName,
    /// Which tenants.
    pub tenants: TenantChoice,
    /// Whether the tenants were named just now, so that one that is not there is a mistake. Those in the settings may
    /// have gone since.
    pub tenants_are_typed: bool,
    /// Whether administrators get a profile of their own.
    pub admin: bool,
    /// One region for all, instead of each tenant's own.
    pub region: Option<Region>,
    /// Another template of profile names.
    pub profile_name: Option<String>,
    /// The profile to give the name `default` to as well.
    pub default_profile: Option<ProfileName>,
}

/// The plan of a set-up, ready to be shown and applied.
#[derive(Debug, Clone)]
pub struct Prepared {
    /// The shared AWS config file.
    pub config: FilePlan,
    /// jitpass's settings.
    pub settings: FilePlan,
    /// What happens to the profiles.
    pub profiles: ProfilePlan,
    /// What deserves a look, whether anything changes or not.
    pub notes: Vec<Note>,
    /// What was wanted, for the record of what was written.
    wanted: Vec<Wanted>,
}

impl Prepared {
    /// Whether everything is as it should be.
    pub fn is_empty(&self) -> bool {
        self.config.is_empty() && self.settings.is_empty()
    }

    /// The profile to try first: an ordinary tenant's rather than the administrators'.
    pub fn first_profile(&self) -> Option<&ProfileName> {
        let conflicts = self.profiles.conflicts.iter().filter(|c| c.keeps_it_from_us());
        let taken: HashSet<&ProfileName> = conflicts.map(|c| &c.name).collect();
        let usable = self.wanted.iter().filter(|w| !w.name.is_default() && !taken.contains(&w.name));
        // Every portal has a tenant `default` that nobody works in.
        let rank = |w: &&Wanted| match w.scope.key().as_str() {
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
    let host = acquaintance.portal.host.host();
    let first = if host.parse::<std::net::IpAddr>().is_ok() {
        "local"
    } else {
        host.split('.').next().unwrap_or(host)
    };
    let first = if first == "duplo" { host.split('.').nth(1).unwrap_or(first) } else { first };
    let taken = |name: &str| portals.iter().any(|p| p.name.as_str() == name);
    let free = std::iter::once(first.to_owned())
        .chain((2..1000).map(|n| format!("{first}{n}")))
        .find(|name| !taken(name))
        .unwrap_or_else(|| first.to_owned());
    free.parse().map_err(|e: crate::base::NameError| Failure::of(&e))
}

/// Makes the plan: reads both files, and works out what they must hold. Writes nothing.
pub fn prepare(machine: &Machine, portal: &Acquaintance, choices: &Choices) -> Result<Prepared, Failure> {
    let (chosen, gone) = chosen_tenants(portal, choices)?;
    let template =
        Template::parse(choices.profile_name.as_deref().unwrap_or(DEFAULT_TEMPLATE)).map_err(|e| {
            Failure::misuse(e.to_string()).hint("the fields are: portal, tenant, plan, region, scope")
        })?;
    let program = program_path(machine)?;
    let portal_region = portal.features.region();
    let wish = Wish {
        portal: &choices.name,
        address: &portal.portal,
        program: &program,
        admin: choices.admin,
        tenants: chosen.iter().map(|t| (&t.name, &t.id, t.plan.as_ref())).collect(),
        regions: portal.regions.as_ref(),
        portal_region: portal_region.as_ref(),
        region: choices.region.as_ref(),
    };
    let mut wanted = plan::wanted(&wish, &template).map_err(|e| unwanted(&e))?;
    if let Some(name) = &choices.default_profile {
        wanted.push(default_profile(&wanted, name)?);
    }
    let settings = files::settings_plan(machine, portal, choices)?;
    let (config, profiles) = files::config_plan(machine, &choices.name, &wanted)?;
    let notes = notes::notes(machine, &config.new, &choices.name, &wanted, gone);
    Ok(Prepared { config, settings, profiles, notes, wanted })
}

/// Writes what was planned: the profiles, then the record of what was written, then the settings. The profiles are
/// what the person cares for and what others write too: when they cannot be written, nothing is.
pub fn apply(machine: &Machine, portal: &PortalName, prepared: &Prepared) -> Result<(), Failure> {
    let _settings = write::lock(machine, &prepared.settings.file)?;
    let _config = write::lock(machine, &prepared.config.file)?;
    prepared.config.confirm(&prepared.profiles.edits)?;
    write::replace(machine, "setup", &prepared.config)?;
    remember(machine, portal, prepared)?;
    write::replace(machine, "setup", &prepared.settings).map_err(|failure| {
        if prepared.config.is_empty() {
            return failure;
        }
        let config = machine.shown(&prepared.config.file.path);
        failure.also(format!("{config} is written, and its profiles work"))
    })
}

/// Records what the file says for the profiles that are ours: by that, a later change by hand can be told from one
/// at the portal. Worth doing also when nothing was written: the record may be lost, or the file come from elsewhere.
pub fn remember(machine: &Machine, portal: &PortalName, prepared: &Prepared) -> Result<(), Failure> {
    let config = &prepared.config.file.path;
    let document = Document::parse(&prepared.config.new);
    keep_record(machine, |managed| {
        for entry in &prepared.wanted {
            let Some(present) = document.profile(entry.name.as_str()) else { continue };
            if present.value(MARK) != Some(portal.as_str()) {
                continue;
            }
            let mut record = managed.profile(config, entry.name.as_str()).cloned().unwrap_or_default();
            for (key, wanted) in &entry.properties {
                // A value that differs is the person's own: what we last wrote is still what it was.
                if let Some(now) = present.value(key).filter(|now| means_the_same(key, now, wanted.as_str()))
                {
                    record.written.insert((*key).to_owned(), now.to_owned());
                }
            }
            managed.record(config, entry.name.as_str(), record);
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

/// The chosen tenants that are there, and those that are not.
fn chosen_tenants<'a>(
    portal: &'a Acquaintance,
    choices: &Choices,
) -> Result<(Vec<&'a Tenant>, Vec<TenantName>), Failure> {
    let all = &portal.list.tenants;
    let TenantChoice::Named(names) = &choices.tenants else { return Ok((all.iter().collect(), Vec::new())) };
    let by_key: HashMap<String, &Tenant> = all.iter().map(|t| (t.name.key(), t)).collect();
    let (mut chosen, mut gone) = (Vec::with_capacity(names.len()), Vec::new());
    for name in names {
        match by_key.get(&name.key()) {
            Some(tenant) => chosen.push(*tenant),
            None if choices.tenants_are_typed => {
                let known: Vec<&str> = all.iter().map(|t| t.name.as_str()).collect();
                return Err(no_such_tenant(name.as_str(), &known, &portal.portal));
            }
            None => gone.push(name.clone()),
        }
    }
    chosen.sort_by_key(|t| t.name.key());
    chosen.dedup_by_key(|t| t.name.key());
    Ok((chosen, gone))
}

fn program_path(machine: &Machine) -> Result<ProgramPath, Failure> {
    let path = program::stable_path(&machine.env)
        .map_err(|e| Failure::new("the system does not tell where jitpass lies").because(&e))?;
    let text = path.to_str().ok_or_else(|| {
        Failure::new(format!("the path {} is not UTF-8 text", path.display()))
            .hint("install jitpass elsewhere")
    })?;
    Ok(ProgramPath(text.to_owned()))
}

fn unwanted(error: &WantedError) -> Failure {
    let failure = Failure::of(error);
    match error {
        WantedError::Collision { .. } => failure.hint(
            "choose another template with --profile-name, such as `{{ portal }}-{{ plan }}-{{ tenant }}`",
        ),
        WantedError::Naming(_) => failure.hint("choose another template with --profile-name"),
        WantedError::Command(CommandError::Relative(_)) | WantedError::Value(_) => failure,
        WantedError::Command(_) => {
            failure.hint("install jitpass under a plain path, such as /usr/local/bin/jitpass")
        }
    }
}

fn default_profile(wanted: &[Wanted], name: &ProfileName) -> Result<Wanted, Failure> {
    let entry = wanted.iter().find(|w| w.name == *name).ok_or_else(|| {
        let names: Vec<&str> = wanted.iter().map(|w| w.name.as_str()).collect();
        Failure::misuse(format!("`{name}` is none of the profiles to be written"))
            .hint(format!("choose one of {}", crate::base::text::list(&names, 8)))
    })?;
    let default = "default".parse().map_err(|e: crate::base::NameError| Failure::of(&e))?;
    Ok(entry.renamed(default))
}
