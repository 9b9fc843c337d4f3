//! From a portal's offer and a person's choices to the plan of `setup`: two files, one diff, one question.

use std::collections::HashMap;

use crate::awsconfig::Document;
use crate::awsconfig::command::CommandError;
use crate::base::{PortalName, ProfileName, Region, Scope, TenantName};
use crate::host::user_file::UserFile;
use crate::host::{dirs, program};
use crate::ops::acquaint::Acquaintance;
use crate::ops::failure::Failure;
use crate::ops::issue::no_such_tenant;
use crate::ops::machine::Machine;
use crate::ops::write::{self, FilePlan};
use crate::plan::{
    self, DEFAULT_TEMPLATE, ProfilePlan, ProgramPath, Reason, Template, Wanted, WantedError, Wish,
};
use crate::portal::Tenant;
use crate::store::managed::Managed;
use crate::store::settings::{PortalSettings, TenantChoice};

/// What a person chose.
#[derive(Debug, Clone)]
pub struct Choices {
    /// The portal's short name.
    pub name: PortalName,
    /// Which tenants.
    pub tenants: TenantChoice,
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
        let usable = |w: &&Wanted| {
            let taken = self.profiles.conflicts.iter().filter(|c| c.keeps_it_from_us());
            !w.name.is_default() && !taken.into_iter().any(|c| c.name == w.name)
        };
        let tenants = self.wanted.iter().filter(usable).filter(|w| w.scope != Scope::Admin);
        let named_default = |w: &&Wanted| w.scope.key() != "tenant-default";
        tenants
            .clone()
            .find(named_default)
            .or_else(|| tenants.clone().next())
            .or_else(|| self.wanted.iter().find(usable))
            .map(|w| &w.name)
    }
}

/// The short name a portal gets where none is chosen: the one it has, or the first word of its host name.
pub fn usual_name(machine: &Machine, acquaintance: &Acquaintance) -> Result<PortalName, Failure> {
    let portals = machine.settings()?.0.portals().map_err(|e| Failure::of(&e))?;
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
    let chosen = chosen_tenants(portal, &choices.tenants)?;
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
    let settings = settings_plan(machine, portal, choices)?;
    let (config, profiles) = config_plan(machine, &choices.name, &wanted)?;
    Ok(Prepared { config, settings, profiles, wanted })
}

/// Writes what was planned: the profiles, then the record of what was written, then the settings. The profiles are
/// what the person cares for and what others write too: when they cannot be written, nothing is.
pub fn apply(machine: &Machine, prepared: &Prepared) -> Result<(), Failure> {
    let _settings = write::lock(machine, &prepared.settings.file.path)?;
    let _config = write::lock(machine, &prepared.config.file.path)?;
    prepared.config.confirm(&prepared.profiles.edits)?;
    write::replace(machine, "setup", &prepared.config)?;
    record(machine, prepared)?;
    write::replace(machine, "setup", &prepared.settings).map_err(|failure| {
        if prepared.config.is_empty() {
            return failure;
        }
        let config = machine.shown(&prepared.config.file.path);
        failure.hint(format!(
            "{config} is written, and its profiles work; run the command again for the settings"
        ))
    })
}

/// Whether the shared config file has no default profile yet.
pub fn lacks_default_profile(machine: &Machine) -> bool {
    let file = dirs::aws_config_file(&machine.env).and_then(|path| UserFile::read(&path).ok());
    file.is_some_and(|file| Document::parse(file.content()).profile("default").is_none())
}

fn chosen_tenants<'a>(portal: &'a Acquaintance, choice: &TenantChoice) -> Result<Vec<&'a Tenant>, Failure> {
    let all = &portal.list.tenants;
    let TenantChoice::Named(names) = choice else { return Ok(all.iter().collect()) };
    let by_key: HashMap<String, &Tenant> = all.iter().map(|t| (t.name.key(), t)).collect();
    let find = |name: &TenantName| {
        by_key.get(&name.key()).copied().ok_or_else(|| {
            let known: Vec<&str> = all.iter().map(|t| t.name.as_str()).collect();
            no_such_tenant(name.as_str(), &known, &portal.portal)
        })
    };
    let mut chosen = names.iter().map(find).collect::<Result<Vec<_>, _>>()?;
    chosen.sort_by_key(|t| t.name.key());
    chosen.dedup_by_key(|t| t.name.key());
    Ok(chosen)
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

fn settings_plan(machine: &Machine, portal: &Acquaintance, choices: &Choices) -> Result<FilePlan, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    if let Some(other) = known.iter().find(|p| p.name == choices.name && p.address.host != portal.portal.host)
    {
        return Err(Failure::misuse(format!("`{}` is already the name of {}", choices.name, other.address))
            .hint("choose another name with --name"));
    }
    settings.set_portal(&PortalSettings {
        name: choices.name.clone(),
        address: portal.portal.clone(),
        admin: Some(choices.admin),
        tenants: choices.tenants.clone(),
        region: choices.region.clone(),
        profile_name: choices.profile_name.clone(),
    });
    Ok(FilePlan { file, new: settings.render().into_bytes() })
}

fn config_plan(
    machine: &Machine,
    portal: &PortalName,
    wanted: &[Wanted],
) -> Result<(FilePlan, ProfilePlan), Failure> {
    let path = dirs::aws_config_file(&machine.env).ok_or_else(|| {
        Failure::new("there is no home directory for `.aws/config`").hint("set HOME or AWS_CONFIG_FILE")
    })?;
    let file = UserFile::read(&path).map_err(|e| write::failure(machine, &path, &e))?;
    let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
    let base = |name: &ProfileName| managed.profile(&file.path, name.as_str()).cloned();
    let mut document = Document::parse(file.content());
    let profiles = plan::reconcile(&mut document, wanted, portal, &base).map_err(|e| Failure::of(&e))?;
    if let Some(failure) = refused_as_a_whole(machine, &path, &profiles, wanted.len()) {
        return Err(failure);
    }
    let plan = FilePlan { new: document.render(), file };
    if !plan.is_empty() {
        plan.file.check_replaceable().map_err(|e| write::failure(machine, &path, &e))?;
    }
    Ok((plan, profiles))
}

/// When one and the same line keeps every profile out, that is one failure and not a hundred notes.
fn refused_as_a_whole(
    machine: &Machine,
    path: &std::path::Path,
    profiles: &ProfilePlan,
    wanted: usize,
) -> Option<Failure> {
    let first = profiles.conflicts.first().filter(|_| profiles.conflicts.len() == wanted)?;
    let Reason::Refused(reason) = &first.reason else { return None };
    let same = profiles.conflicts.iter().all(|c| c.reason == first.reason && c.line == first.line);
    let message = format!("{} cannot be edited safely: {reason}", machine.shown(path));
    same.then(|| {
        Failure::new(message).hint("mend that place by hand, then run this again; nothing was written")
    })
}

fn record(machine: &Machine, prepared: &Prepared) -> Result<(), Failure> {
    let state = machine.need_state_dir()?;
    let mut managed = Managed::load(&state);
    let before = managed.clone();
    let left_alone = |w: &&Wanted| !prepared.profiles.conflicts.iter().any(|c| c.name == w.name);
    for entry in prepared.wanted.iter().filter(left_alone) {
        let properties = entry.properties.iter().map(|(k, v)| (*k, v.as_str()));
        managed.record(&prepared.config.file.path, entry.name.as_str(), properties);
    }
    if managed == before {
        return Ok(());
    }
    managed
        .keep(&state)
        .map_err(|e| Failure::new("the record of what was written cannot be kept").because(&e))
}
