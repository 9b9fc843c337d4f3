//! Making the AWS config file match what the portals offer today.
//!
//! 1. Every portal is asked, all at once; one that fails stops none of the others ([`ask`]).
//! 2. One plan is made of all that answered, over one reading of the file ([`prepare`]).
//! 3. The file is written once, and what was written is remembered ([`apply`]).

use std::collections::HashMap;
use std::thread;

use crate::awsconfig::{Disagreement, Document, Readers};
use crate::base::PortalName;
use crate::ops::acquaint::{self, Acquaintance, WithAccounts};
use crate::ops::change::{Change, ConfigFile};
use crate::ops::demand::{self, Choices, Demand};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::sign_in::news;
use crate::ops::token;
use crate::ops::upkeep::{self, Wishes};
use crate::plan::{Decision, Marked, ProfileChange, ProfilePlan};
use crate::store::keyring::Asking;
use crate::store::managed::Managed;
use crate::store::settings::PortalSettings;

/// A portal of the settings and what it answered.
#[derive(Debug)]
pub struct Asked {
    /// What was chosen for it.
    pub settings: PortalSettings,
    /// What it said.
    pub answer: Result<Acquaintance, Failure>,
}

/// What a person wants of it all.
#[derive(Clone, Copy)]
pub struct Intent<'a> {
    /// Whether a profile of that name that is not ours is to become ours.
    pub adopts: &'a dyn Fn(&str) -> bool,
    /// What becomes of what was changed by hand.
    pub decides: &'a dyn Fn(&str) -> Option<Decision>,
    /// Whether orphans go.
    pub prunes: bool,
    /// Whether they go however many they are, and whoever is signed in.
    pub forces: bool,
}

/// The plan for all portals, ready to be shown and applied.
#[derive(Debug)]
pub struct Prepared {
    /// The shared AWS config file.
    pub change: Change,
    /// What was on record when the plan was made.
    managed: Managed,
    /// The portals that answered.
    pub portals: Vec<PortalPlan>,
    /// The line of the file as it will be for which the AWS CLI and boto3 read nothing of it.
    pub unreadable: Option<Disagreement>,
}

/// What happens for one portal.
#[derive(Debug)]
pub struct PortalPlan {
    /// What should be there.
    pub demand: Demand,
    /// What happens to its profiles.
    pub profiles: ProfilePlan,
    /// Why no profile was taken for an orphan, or why none was removed.
    pub guard: Option<Guard>,
    /// The tenants that the portal named and that cannot be used, and why.
    pub unusable: Vec<String>,
}

/// What keeps profiles from being taken away.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Guard {
    /// The portal named no tenant at all.
    NoTenants,
    /// Somebody else is signed in than when the profiles were last brought up to date.
    AnotherPerson {
        /// Who is now.
        now: String,
        /// Who was then.
        before: String,
    },
    /// Nobody remembers for whom the profiles were written: the record is lost, or the file came from another machine.
    NobodyKnown,
    /// More than half of the portal's profiles would go.
    TooMany {
        /// How many would go.
        going: usize,
        /// How many there are.
        of: usize,
    },
}

/// What is there before anything is planned: it does not depend on what the portals say, and is read while they are
/// asked.
#[derive(Debug)]
pub struct Present {
    config: ConfigFile,
    managed: Managed,
    /// The profiles that carry a portal's mark, by portal.
    marked: HashMap<PortalName, Vec<Marked>>,
}

impl Present {
    /// Reads it, for the portals of these names.
    pub fn read<'a>(
        machine: &Machine,
        portals: impl Iterator<Item = &'a PortalName>,
    ) -> Result<Self, Failure> {
        let config = ConfigFile::read(machine)?;
        let managed = machine.state_dir.as_deref().map(Managed::load).unwrap_or_default();
        let marked = |name: &PortalName| (name.clone(), upkeep::marked(&config, name, &managed));
        let marked = portals.map(marked).collect();
        Ok(Self { config, managed, marked })
    }
}

/// Asks every portal, all at once, and reads meanwhile what is there.
pub fn ask(
    machine: &Machine,
    portals: Vec<PortalSettings>,
    asking: Asking,
) -> (Vec<Asked>, Result<Present, Failure>) {
    thread::scope(|scope| {
        let started: Vec<_> = portals
            .into_iter()
            .map(|settings| {
                let known = settings.clone();
                let asked = scope.spawn(move || ask_one(machine, &known, asking));
                (settings, asked)
            })
            .collect();
        let present = Present::read(machine, started.iter().map(|(settings, _)| &settings.name));
        let ended = started.into_iter().map(|(settings, asked)| {
            let answer =
                asked.join().unwrap_or_else(|_| Err(Failure::new("asking the portal was broken off")));
            Asked { settings, answer }
        });
        (ended.collect(), present)
    })
}

fn ask_one(machine: &Machine, known: &PortalSettings, asking: Asking) -> Result<Acquaintance, Failure> {
    let portal = &known.address;
    let (explicit, identity) = token::explicit(machine, portal, None);
    let token = explicit.map_or_else(|| token::own(machine, portal, asking), Ok)?;
    let accounts = WithAccounts(demand::wants_account_ids(known.profile_name.as_deref()));
    acquaint::acquaint(machine, portal, &token, &identity, machine.now(), accounts)
}

/// Makes the plan for the portals that answered, by what is there; it is read anew where it is not given. Writes nothing.
pub fn prepare(
    machine: &Machine,
    answered: &[(PortalSettings, Acquaintance)],
    intent: Intent<'_>,
    present: Option<Present>,
) -> Result<Prepared, Failure> {
    let names = answered.iter().map(|(settings, _)| &settings.name);
    let Present { mut config, managed, marked } = match present {
        Some(present) => present,
        None => Present::read(machine, names)?,
    };
    let mut portals = Vec::with_capacity(answered.len());
    for (settings, portal) in answered {
        let choices = Choices::of_settings(settings, portal);
        let demand = Demand::new(machine, portal, &choices)?;
        let guard = guard(&demand, &managed).filter(|_| !intent.forces);
        let wishes = Wishes {
            adopts: intent.adopts,
            decides: intent.decides,
            looks_for_orphans: guard.is_none() && !demand.offers_no_tenant(),
        };
        let marked = marked.get(&settings.name).map_or(&[][..], Vec::as_slice);
        let profiles = upkeep::bring_up_to_date(machine, &mut config, &demand, marked, wishes);
        let unusable = portal.list.unusable.clone();
        let mut plan = PortalPlan { demand, profiles, guard, unusable };
        if intent.prunes {
            plan.prune(&mut config, &managed, intent.forces);
        }
        portals.push(plan);
    }
    let change = config.change("sync");
    let unreadable = change.config.as_ref().and_then(|(plan, _)| unreadable(&plan.new));
    Ok(Prepared { change, managed, portals, unreadable })
}

/// What keeps the AWS CLI and boto3 from reading any profile of a file.
fn unreadable(config: &[u8]) -> Option<Disagreement> {
    let all = Document::parse(config).disagreements();
    all.into_iter().find(|one| one.rejects.contains(Readers::BOTOCORE))
}

impl PortalPlan {
    fn prune(&mut self, config: &mut ConfigFile, managed: &Managed, forces: bool) {
        if self.profiles.orphans.is_empty() {
            return;
        }
        if managed.person(&self.demand.address).is_none() && !forces {
            self.guard = Some(Guard::NobodyKnown);
            return;
        }
        let going = self.profiles.orphans.len();
        let is_new =
            |change: &&ProfileChange| matches!(change, ProfileChange::Add(_) | ProfileChange::Adopt(_));
        let new = self.profiles.changes.iter().filter(is_new).count();
        let of = going + self.profiles.kept.len() - new;
        if going * 2 > of && !forces {
            self.guard = Some(Guard::TooMany { going, of });
            return;
        }
        let before = self.profiles.edits.len();
        self.profiles.prune(&mut config.document);
        config.note(&self.profiles.edits[before..]);
    }
}

/// What the portal said is no ground to call a profile an orphan when it named nobody's tenants, or another person's.
fn guard(demand: &Demand, managed: &Managed) -> Option<Guard> {
    if demand.offers_no_tenant() {
        return Some(Guard::NoTenants);
    }
    let before = upkeep::person_before(managed, demand)?;
    let now = demand.person.as_deref().unwrap_or("(no name)");
    Some(Guard::AnotherPerson { now: now.to_owned(), before: before.to_owned() })
}

/// Whether there is something to remember though nothing is to be written.
pub fn is_news(prepared: &Prepared, intent: Intent<'_>) -> bool {
    prepared.portals.iter().any(|PortalPlan { demand, profiles, guard, .. }| {
        let is_decided = |(name, _): &(String, usize)| (intent.decides)(name).is_some();
        let person = demand.person.as_deref();
        let is_new = person.is_some() && prepared.managed.person(&demand.address) != person;
        !profiles.is_recorded || is_new && guard.is_none() || profiles.kept.iter().any(is_decided)
    })
}

/// Writes what was planned, and remembers it. Worth doing also when nothing is to be written: the record may be lost,
/// and what was decided about changes by hand is part of it.
pub fn apply(machine: &Machine, prepared: &Prepared, intent: Intent<'_>) -> Result<(), Failure> {
    let Some((config, _)) = &prepared.change.config else { return Ok(()) };
    let after = Document::parse(&config.new);
    prepared.change.apply(machine, |managed| {
        for portal in &prepared.portals {
            let PortalPlan { demand, profiles, .. } = portal;
            upkeep::remember(managed, &config.file.path, &after, demand, profiles, intent.decides);
            // Somebody else's profiles are not theirs because they were here once.
            if !matches!(portal.guard, Some(Guard::AnotherPerson { .. })) {
                upkeep::remember_person(managed, demand, profiles);
            }
        }
    })?;
    for portal in &prepared.portals {
        news::forget(machine, &portal.demand.address);
    }
    Ok(())
}
