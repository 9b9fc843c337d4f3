//! A profile that a person wants, whatever the settings say.

use crate::awsconfig::{Edit, Key, Value};
use crate::base::{PortalAddress, ProfileName, Region, Scope};
use crate::ops::demand::{program_path, unwritable};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::planned::{Note, Planned, Remember, beaten};
use crate::ops::profile::{Profiles, editing};
use crate::ops::status::ReadArguments;
use crate::plan::Entry;
use crate::store::managed::ProfileRecord;

/// What the new profile is to be.
#[derive(Debug)]
pub struct NewProfile {
    /// Its name, which a person chose: `sync` keeps it.
    pub name: ProfileName,
    /// The portal it asks.
    pub address: PortalAddress,
    /// What its credential opens.
    pub scope: Scope,
    /// The id of its tenant, where it is known.
    pub tenant_id: Option<String>,
    /// Its region.
    pub region: Option<Region>,
    /// Whether somebody may be asked to sign in for it.
    pub is_interactive: bool,
    /// What else its section says.
    pub more: Vec<(Key, Value)>,
}

/// Finds out, before anybody is asked for more, whether there can be a profile of this name that says this as well.
///
/// # Errors
/// When there is one of this name, or what it should say is not for it to say.
pub fn check_new(
    machine: &Machine,
    read: ReadArguments<'_>,
    name: Option<&ProfileName>,
    more: &[(Key, Value)],
) -> Result<(), Failure> {
    let profiles = Profiles::read(machine, read)?;
    name.map_or(Ok(()), |name| refuse_taken(machine, &profiles, name))?;
    for (at, (key, value)) in more.iter().enumerate() {
        editing::check_set(true, key, value)?;
        if key.as_str() == "region" || more[..at].iter().any(|(before, _)| before == key) {
            return Err(Failure::misuse(format!("`{key}` is said twice"))
                .hint("say it once; the region with --region"));
        }
    }
    Ok(())
}

/// Plans to add it. Where the portal is in the settings, `sync` keeps it from then on, unless it keeps one for the same
/// scope already.
///
/// # Errors
/// When there is one of this name, or what it should say cannot be written.
pub fn add(machine: &Machine, read: ReadArguments<'_>, new: &NewProfile) -> Result<Planned, Failure> {
    check_new(machine, read, Some(&new.name), &new.more)?;
    let mut profiles = Profiles::read(machine, read)?;
    let portal = profiles.settings_of(&new.address).map(|portal| portal.name.clone());
    let other = profiles.kept_for(&new.address, &new.scope).map(|known| known.profile.name.clone());
    let mark = portal.as_ref().filter(|_| other.is_none());
    // What `sync` would say, it says from the beginning.
    let kept = mark.and_then(|_| profiles.settings_of(&new.address));
    let keys = kept.map(|portal| portal.keys.clone()).unwrap_or_default();
    let program = program_path(machine)?;
    let entry = Entry {
        program: &program,
        address: &new.address,
        scope: &new.scope,
        is_interactive: new.is_interactive,
        region: new.region.as_ref(),
        keys: &keys,
        mark,
    };
    let ours = entry.properties().map_err(|error| unwritable(&error))?;
    // What is said here comes before what the settings say of all profiles.
    let is_said = |key: &Key| new.more.iter().any(|(said, _)| said == key);
    let mut properties: Vec<(Key, Value)> = ours.iter().filter(|(key, _)| !is_said(key)).cloned().collect();
    properties.extend(new.more.iter().cloned());
    let record = ProfileRecord {
        written: ours.iter().map(|(key, value)| (key.to_string(), value.to_string())).collect(),
        is_named_by_person: true,
        tenant_id: new.tenant_id.clone(),
        ..ProfileRecord::default()
    };
    let remember = mark.map(|_| Remember::As(new.name.to_string(), record));
    let note = match (portal, other) {
        (None, _) => Some(Note::NotSetUp(new.address.clone())),
        (Some(_), Some(other)) => Some(Note::Copy(other)),
        (Some(_), None) => None,
    };
    profiles.config.edit_or_say(machine, Edit::Insert { profile: new.name.clone(), properties })?;
    let beaten = beaten(&profiles, new.name.as_str());
    Ok(Planned::new(profiles.config, "profile add").remembering(remember).noting(note).noting(beaten))
}

/// Refuses a name that a profile has already.
///
/// # Errors
/// With the place of that profile, and what can be done with it.
pub(super) fn refuse_taken(
    machine: &Machine,
    profiles: &Profiles,
    name: &ProfileName,
) -> Result<(), Failure> {
    let Some(known) = profiles.get(name.as_str()) else { return Ok(()) };
    let place = format!("{}:{}", machine.shown(&profiles.config.file.path), known.line());
    let failure = Failure::misuse(format!("there already is a profile `{name}` ({place})"));
    Err(match known.ours {
        Some(_) => failure.hint(format!("choose another name, or change it: jitpass profile edit {name}")),
        None => failure
            .hint(format!("choose another name, or rename that one: jitpass profile rename {name} NEW")),
    })
}
