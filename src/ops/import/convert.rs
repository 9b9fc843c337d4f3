//! The edits: each line that is understood becomes an entry of ours, where it stands; nothing else in its section
//! changes.

use std::collections::BTreeMap;

use crate::awsconfig::{Edit, Key, Value};
use crate::base::{PortalAddress, PortalName, Region, Scope, TenantRef, text};
use crate::ops::change::{Change, ConfigFile};
use crate::ops::failure::Failure;
use crate::ops::import::naming;
use crate::ops::import::survey::{Found, Place, Survey};
use crate::ops::import::tokens::{Lay, Standing, Tokens};
use crate::ops::import::{COMMAND, Managed};
use crate::ops::machine::Machine;
use crate::ops::write::FilePlan;
use crate::ops::{demand, setup};
use crate::plan::predecessor::{Meaning, PredecessorToken, Tool, entry_command};
use crate::plan::{DEFAULT_TEMPLATE, MARK, NameFields, ProgramPath, Template, TenantFilter};
use crate::store::settings::{PortalSettings, TenantChoice};

/// What becomes of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fate {
    /// It is replaced by an entry of ours.
    Converted {
        /// Whether `sync` keeps the profile from now on: only one of the name that `sync` itself gives.
        is_managed: bool,
    },
    /// It is ours already.
    AsItShouldBe,
    /// It stands in the credentials file, in the way of a profile of the same name in the config file.
    InTheWay,
    /// It stays as it is, for this reason.
    Left(String),
}

/// A line that was found, and what becomes of it.
#[derive(Debug, Clone)]
pub struct Row {
    /// The profile.
    pub profile: String,
    /// The 1-based line.
    pub line: usize,
    /// In which file.
    pub place: Place,
    /// Which tool it calls.
    pub tool: Tool,
    /// What it asks for, where that is known.
    pub meaning: Option<(PortalAddress, Scope)>,
    /// What becomes of it.
    pub fate: Fate,
    /// What else there is to know.
    pub notes: Vec<String>,
}

/// What is worth doing next about a portal whose profiles were taken over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// Which portal.
    pub portal: PortalAddress,
    /// Its name in the settings.
    pub name: Option<PortalName>,
    /// Whether it comes into the settings by this, with the tenants of the profiles and no more.
    pub is_new: bool,
    /// Whether nobody is signed in there.
    pub wants_sign_in: bool,
}

/// The plan, without what goes beside it.
pub(super) struct Converted {
    pub(super) change: Change,
    pub(super) rows: Vec<Row>,
    pub(super) portals: Vec<(PortalName, PortalAddress)>,
    pub(super) next: Vec<Next>,
    pub(super) managed: Vec<Managed>,
}

pub(super) fn convert(machine: &Machine, survey: &Survey, tokens: &Tokens) -> Result<Converted, Failure> {
    let program = demand::program_path(machine)?;
    let mut config = survey.config.clone();
    let mut rows = Vec::with_capacity(survey.found.len());
    let mut ours: Vec<(usize, &Meaning)> = Vec::new();
    for found in &survey.found {
        let (fate, note) = fate(&mut config, &program, found, survey, tokens);
        if let (Fate::Converted { .. }, Ok(meaning)) = (&fate, &found.meaning) {
            ours.push((rows.len(), meaning));
        }
        rows.push(Row {
            profile: found.profile.clone(),
            line: found.line,
            place: found.place,
            tool: found.tool,
            meaning: found.meaning.as_ref().ok().map(|m| (m.portal.clone(), m.scope.clone())),
            notes: match fate {
                Fate::Converted { .. } => {
                    let gone = found.meaning.as_ref().ok().and_then(|meaning| tokens.not_offered(meaning));
                    found.notes.iter().cloned().chain(note).chain(gone).collect()
                }
                _ => Vec::new(),
            },
            fate,
        });
    }
    let mut portals = Portals::of(machine)?;
    for (_, meaning) in &ours {
        portals.add(&meaning.portal, || {
            let of_it = rows.iter().filter_map(|row| {
                let (portal, scope) = row.meaning.as_ref()?;
                (*portal == meaning.portal).then_some((row.profile.as_str(), scope))
            });
            naming::of_profiles(&of_it.collect::<Vec<_>>())
        });
    }
    // A context with a good token is a portal that somebody works with, whether a profile names it or not.
    for (lay, portal, standing) in &tokens.standing {
        if matches!((lay, standing), (Lay::Context { .. }, Standing::Kept(_))) {
            portals.add(portal, || None);
        }
    }
    let mut next: Vec<Next> = Vec::new();
    for (_, Meaning { portal, .. }) in &ours {
        if !next.iter().any(|known| known.portal == *portal) {
            next.push(Next {
                portal: portal.clone(),
                name: portals
                    .known
                    .iter()
                    .find(|known| known.address == *portal)
                    .map(|known| known.name.clone()),
                is_new: portals.added().any(|added| added.address == *portal),
                wants_sign_in: tokens.nobody.contains(portal),
            });
        }
    }
    let mut managed = Vec::new();
    for (at, meaning) in ours {
        let row = &mut rows[at];
        if let Some(entry) = portals.adopt(&mut config, &program, &row.profile, meaning) {
            row.fate = Fate::Converted { is_managed: true };
            managed.push(entry);
        }
    }
    let settings = portals.settings_plan(machine)?;
    let added = portals.added().map(|p| (p.name.clone(), p.address.clone())).collect();
    let change = Change { settings, ..config.change("profile import") };
    Ok(Converted { change, rows, portals: added, next, managed })
}

/// Edits the line, or says why it stays.
fn fate(
    config: &mut ConfigFile,
    program: &ProgramPath,
    found: &Found,
    survey: &Survey,
    tokens: &Tokens,
) -> (Fate, Option<String>) {
    let left = |reason: String| (Fate::Left(reason), None);
    if found.place == Place::Credentials && survey.found.iter().any(|other| is_in_config(other, found)) {
        return (Fate::InTheWay, None);
    }
    let meaning = match &found.meaning {
        Ok(meaning) => meaning,
        Err(obstacle) => return left(obstacle.to_string()),
    };
    let is_open = matches!(meaning.token, PredecessorToken::Clear(_));
    if meaning.tool == Tool::Jitpass && !is_open {
        return (Fate::AsItShouldBe, None);
    }
    let standing = match (&meaning.context, is_open) {
        (_, false) => None,
        (Some(context), true) => tokens.of_context(context, found.context_file.as_deref(), &meaning.portal),
        (None, true) => tokens.of_line(found.place, &found.profile),
    };
    let (interactive, note) = match standing {
        None if is_open => return left("nobody can tell whose its token is".to_owned()),
        None | Some(Standing::Kept(_)) => (meaning.interactive, None),
        Some(Standing::Command) => {
            let note = "its token is left out: the portal's `token_command` gives one".to_owned();
            (meaning.interactive, Some(note))
        }
        Some(Standing::Dead) => {
            let note = "the portal does not accept its token; it is left out, and the browser opens instead"
                .to_owned();
            (true, Some(note))
        }
        Some(Standing::Another { person, holder }) => {
            return left(format!(
                "its token is {person}'s, and jitpass keeps one person for a portal, here {holder}; take the token out of the line to be {holder} there, too"
            ));
        }
        Some(Standing::Doubtful { person, profiles }) => {
            return left(format!(
                "nobody is signed in, and with its token {} would ask as {person}, too",
                text::list(profiles, 8)
            ));
        }
        Some(Standing::Unknown(reason)) => {
            return left(format!("its token would be lost: nobody can tell whether it is good: {reason}"));
        }
    };
    let value = match entry_command(program, meaning, interactive) {
        Ok(value) => value,
        Err(error) => return left(error.to_string()),
    };
    match put(config, &found.profile, value) {
        Ok(true) => (Fate::Converted { is_managed: false }, note),
        Ok(false) => (Fate::AsItShouldBe, None),
        Err(reason) => left(reason),
    }
}

fn is_in_config(other: &Found, found: &Found) -> bool {
    other.place == Place::Config && other.profile == found.profile
}

/// Puts the command into the profile; into a new one, where the line stands in the credentials file alone.
fn put(config: &mut ConfigFile, profile: &str, value: Value) -> Result<bool, String> {
    let key: Key = COMMAND.parse().expect("a key of ours is a key");
    let edit = if config.document.profile(profile).is_some() {
        Edit::Set { profile: profile.to_owned(), key, value }
    } else {
        let name = profile.parse().map_err(|e: crate::base::NameError| e.to_string())?;
        Edit::Insert { profile: name, properties: vec![(key, value)] }
    };
    config.edit(edit).map_err(|error| error.to_string())
}

/// The portals that are known, and those that come to be.
struct Portals {
    known: Vec<PortalSettings>,
    old: usize,
}

impl Portals {
    fn of(machine: &Machine) -> Result<Self, Failure> {
        let known = if machine.config_dir.is_some() { machine.portals()? } else { Vec::new() };
        Ok(Self { old: known.len(), known })
    }

    fn added(&self) -> impl Iterator<Item = &PortalSettings> {
        self.known[self.old..].iter()
    }

    /// By the name that its profiles have in common, where they have one and it is free.
    fn add(&mut self, address: &PortalAddress, usual: impl FnOnce() -> Option<PortalName>) {
        if self.known.iter().any(|portal| portal.address == *address) {
            return;
        }
        let taken = |name: &str| self.known.iter().any(|portal| portal.name.as_str() == name);
        // A portal without a name that can be made of its address is used all the same.
        let usual = usual().filter(|name| !taken(name.as_str()));
        let Some(name) = usual.or_else(|| setup::new_name(address, taken).ok()) else { return };
        self.known.push(PortalSettings {
            name,
            address: address.clone(),
            // What was taken over, and nothing more, is what `sync` finds chosen.
            admin: Some(false),
            tenants: TenantChoice::Named(Vec::new()),
            region: None,
            profile_name: None,
            exclude: Vec::new(),
            keys: Vec::new(),
            token_command: None,
            browser: None,
        });
    }

    /// Marks a profile as kept by `sync`, if `sync` would give it this very name. One that a person named is theirs.
    fn adopt(
        &mut self,
        config: &mut ConfigFile,
        program: &ProgramPath,
        profile: &str,
        meaning: &Meaning,
    ) -> Option<Managed> {
        let at = self.known.iter().position(|portal| portal.address == meaning.portal)?;
        let portal = &self.known[at];
        let present = config.document.profile(profile)?;
        let region: Option<Region> = present.value("region").and_then(|region| region.parse().ok());
        let template = Template::parse(portal.profile_name.as_deref().unwrap_or(DEFAULT_TEMPLATE)).ok()?;
        let fields = NameFields {
            portal: &portal.name,
            scope: &meaning.scope,
            plan: None,
            region: region.as_ref(),
            account_id: None,
        };
        let is_usual = template.name(fields).is_ok_and(|name| name.as_str() == profile);
        let is_anothers = present.value(MARK).is_some_and(|mark| mark != portal.name.as_str());
        let can_be_chosen = matches!(meaning.scope, Scope::Admin | Scope::Tenant(TenantRef::Name(_)));
        // One that is not chosen would be an orphan at the next `sync`.
        if !is_usual || is_anothers || !can_be_chosen || (at < self.old && !is_chosen(portal, &meaning.scope))
        {
            return None;
        }
        let mark: Value = portal.name.as_str().parse().ok()?;
        let edit = Edit::Set { profile: profile.to_owned(), key: MARK.parse().ok()?, value: mark.clone() };
        config.edit(edit).ok()?;
        let own = config.document.profile(profile)?.value(COMMAND)?.to_owned();
        let usual = Meaning { port: None, region: None, ..meaning.clone() };
        let usual = entry_command(program, &usual, true).ok()?.as_str().to_owned();
        if at >= self.old {
            choose(&mut self.known[at], &meaning.scope);
        }
        Some(Managed {
            profile: profile.to_owned(),
            usual: (usual != own).then_some(usual),
            written: BTreeMap::from([(COMMAND.to_owned(), own), (MARK.to_owned(), mark.as_str().to_owned())]),
        })
    }

    /// The settings with the new portals in them.
    fn settings_plan(&self, machine: &Machine) -> Result<Option<FilePlan>, Failure> {
        if self.known.len() == self.old || machine.config_dir.is_none() {
            return Ok(None);
        }
        let (mut settings, file) = machine.settings()?;
        for portal in self.added() {
            settings.set_portal(portal).map_err(|e| Failure::of(&e))?;
        }
        Ok(Some(FilePlan { new: settings.render().into_bytes(), file }))
    }
}

/// Whether `sync` wants a profile of this scope.
fn is_chosen(portal: &PortalSettings, scope: &Scope) -> bool {
    match (scope, &portal.tenants) {
        (Scope::Admin, _) => portal.admin != Some(false),
        (Scope::Tenant(TenantRef::Name(name)), tenants) => {
            let named = match tenants {
                TenantChoice::All => None,
                TenantChoice::Named(names) => Some(names.as_slice()),
            };
            TenantFilter::new(named, &portal.exclude).admits(name)
        }
        (Scope::DuploOps | Scope::Tenant(TenantRef::Id(_)), _) => false,
    }
}

/// Chooses what a profile of this scope opens. Two profiles of one name do not exist, so that no tenant comes twice.
fn choose(portal: &mut PortalSettings, scope: &Scope) {
    match (scope, &mut portal.tenants) {
        (Scope::Admin, _) => portal.admin = Some(true),
        (Scope::Tenant(TenantRef::Name(name)), TenantChoice::Named(names)) => names.push(name.into()),
        _ => {}
    }
}
