//! Taking profiles away, several at once.

use std::collections::{BTreeMap, BTreeSet};

use crate::awsconfig::{Edit, command};
use crate::base::{PortalName, Scope, TenantRef, text};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::planned::{Note, Planned};
use crate::ops::profile::{Known, Profiles, renaming, variables};
use crate::ops::status::ReadArguments;
use crate::plan::{Glob, TenantFilter};
use crate::store::settings::{PortalSettings, TenantChoice};

/// Which profiles go.
#[derive(Debug)]
pub struct Chosen {
    /// Their names, or patterns. A pattern stands for profiles that jitpass keeps.
    pub names: Vec<Glob>,
    /// Patterns stand for all profiles.
    pub foreign: bool,
}

/// Plans to take profiles away, all or none.
///
/// # Errors
/// When a name or a pattern fits none, or one of the edits is not safe.
pub fn remove(machine: &Machine, read: ReadArguments<'_>, chosen: &Chosen) -> Result<Planned, Failure> {
    let mut profiles = Profiles::read(machine, read)?;
    let (gone, spared) = choose(machine, &profiles, chosen)?;
    let leave = losing(&profiles, &gone);
    let back = coming_back(&profiles, &gone, read);
    let variables = variables(machine);
    let named: Vec<Note> = gone.iter().flat_map(|name| renaming::named(&variables, name)).collect();
    for profile in gone {
        profiles.config.edit_or_say(machine, Edit::Remove { profile })?;
    }
    let spared = (!spared.is_empty()).then_some(Note::Spared(spared));
    Ok(Planned::new(profiles.config, "profile remove")
        .noting(leave)
        .noting(back)
        .noting(named)
        .noting(spared))
}

/// The profiles that go, each once, in the order of the file, and those that fit a pattern and stay.
fn choose(
    machine: &Machine,
    profiles: &Profiles,
    chosen: &Chosen,
) -> Result<(Vec<String>, Vec<String>), Failure> {
    let (mut gone, mut spared) = (BTreeSet::new(), BTreeSet::new());
    for glob in &chosen.names {
        let (gone_before, spared_before) = (gone.len(), spared.len());
        if let Some(name) = glob.as_name() {
            profiles.find(machine, name)?;
            gone.insert(name);
            continue;
        }
        let mut fits_any = false;
        for known in profiles.all().iter().filter(|known| glob.fits(&known.profile.name)) {
            let is_meant = chosen.foreign || known.kept_for().is_some();
            fits_any |= is_meant;
            if is_meant { &mut gone } else { &mut spared }.insert(known.profile.name.as_str());
        }
        if !fits_any {
            let none = Failure::misuse(format!(
                "no profile of jitpass's own fits `{}`",
                text::one_line(glob.as_str(), 80)
            ));
            let others = gone_before == gone.len() && spared_before < spared.len();
            return Err(if others {
                none.hint("others do: name them one by one, or add --foreign")
            } else {
                none.hint("`jitpass profile list` lists them")
            });
        }
    }
    spared.retain(|name| !gone.contains(name));
    let in_order = |set: &BTreeSet<&str>| {
        let names = profiles.all().iter().map(|known| known.profile.name.as_str());
        names.filter(|name| set.contains(name)).map(str::to_owned).collect()
    };
    Ok((in_order(&gone), in_order(&spared)))
}

/// The profiles that stay and take their credentials from one that goes.
fn losing(profiles: &Profiles, gone: &[String]) -> Vec<Note> {
    let goes: BTreeSet<&str> = gone.iter().map(String::as_str).collect();
    let mut losing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for known in profiles.all().iter().filter(|known| !goes.contains(known.profile.name.as_str())) {
        if let Some(source) = known.profile.value("source_profile").and_then(|source| goes.get(source)) {
            losing.entry(source).or_default().push(known.profile.name.clone());
        }
    }
    let note = |(source, profiles): (&str, _)| Note::LoseSource { source: source.to_owned(), profiles };
    losing.into_iter().map(note).collect()
}

/// Those that the settings want: `sync` will write them again.
fn coming_back(profiles: &Profiles, gone: &[String], read: ReadArguments<'_>) -> Vec<Note> {
    let mut back: BTreeMap<&PortalName, (BTreeSet<String>, bool)> = BTreeMap::new();
    for known in gone.iter().filter_map(|name| profiles.get(name)) {
        let Some((settings, scope)) = wanted(profiles, known, read) else { continue };
        let (tenants, admin) = back.entry(&settings.name).or_default();
        match scope {
            Scope::Tenant(tenant) => {
                tenants.insert(tenant.to_string());
            }
            Scope::Admin | Scope::DuploOps => *admin = true,
        }
    }
    let note = |(portal, (tenants, admin)): (&PortalName, (BTreeSet<String>, bool))| Note::ComeBack {
        portal: portal.clone(),
        tenants: tenants.into_iter().collect(),
        admin,
    };
    back.into_iter().map(note).collect()
}

/// The settings that want a profile which `sync` keeps, and for which scope: the one it was written for, which a
/// person may have changed since. A profile called `default` is a second one, and not written again.
fn wanted<'a>(
    profiles: &'a Profiles,
    known: &Known,
    read: ReadArguments<'_>,
) -> Option<(&'a PortalSettings, Scope)> {
    let name = &known.profile.name;
    let ours = known.ours.as_ref().filter(|ours| ours.kept_for.is_some() && name != "default")?;
    let record = profiles.managed.profile(&profiles.config.file.path, name);
    let written = record.and_then(|record| record.written.get("credential_process"));
    let written = written.and_then(|value| read(&command::arguments(value).ok()?));
    let request = written.as_ref().unwrap_or(&ours.request);
    let settings = profiles.settings_of(&request.portal)?;
    let named = match &settings.tenants {
        TenantChoice::All => None,
        TenantChoice::Named(names) => Some(names.as_slice()),
    };
    let is_wanted = match &request.scope {
        Scope::Admin => settings.admin == Some(true),
        Scope::Tenant(TenantRef::Name(name)) => TenantFilter::new(named, &settings.exclude).admits(name),
        Scope::Tenant(TenantRef::Id(_)) | Scope::DuploOps => false,
    };
    is_wanted.then(|| (settings, request.scope.clone()))
}
