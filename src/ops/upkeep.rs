//! Bringing the profiles of a portal up to date, and remembering what was written.

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use crate::awsconfig::Document;
use crate::base::PortalName;
use crate::host::program;
use crate::ops::change::ConfigFile;
use crate::ops::demand::Demand;
use crate::ops::machine::Machine;
use crate::plan::{
    self, Decision, Known, Marked, OrphanTerms, ProfileChange, ProfilePlan, Terms, means_the_same,
};
use crate::store::managed::{Managed, Preference, ProfileRecord};

/// What a person wants done about what is not simply new or changed.
#[derive(Clone, Copy)]
pub struct Wishes<'a> {
    /// Whether a profile of that name that is not ours is to become ours.
    pub adopts: &'a dyn Fn(&str) -> bool,
    /// What becomes of what was changed by hand.
    pub decides: &'a dyn Fn(&str) -> Option<Decision>,
    /// Whether orphans are looked for.
    pub looks_for_orphans: bool,
}

impl Wishes<'_> {
    /// Nothing is adopted, and what was changed by hand stays.
    pub const NONE: Wishes<'static> =
        Wishes { adopts: &|_| false, decides: &|_| None, looks_for_orphans: false };
}

/// The profiles of the file that carry a portal's mark, with what is on record for them.
pub fn marked(config: &ConfigFile, portal: &PortalName, managed: &Managed) -> Vec<Marked> {
    let records = |name: &str| managed.profile(&config.file.path, name).map(known);
    Marked::all(&config.document, portal, &records)
}

/// Applies to the file whatever makes it hold the profiles that should be there. `marked` are those that carry the
/// portal's mark ([`marked`]).
pub fn bring_up_to_date(
    machine: &Machine,
    config: &mut ConfigFile,
    demand: &Demand,
    marked: &[Marked],
    wishes: Wishes<'_>,
) -> ProfilePlan {
    // Nearly always one and the same path.
    let looked_for = RefCell::new(HashMap::new());
    let is_there = |path: &str| {
        let mut known = looked_for.borrow_mut();
        let look = || program::resolve(&machine.env, path).is_some();
        known.get(path).copied().unwrap_or_else(|| *known.entry(path.to_owned()).or_insert_with(look))
    };
    let (name_of, is_offered) = (|scope: &_| demand.name_of(scope), |scope: &_| demand.is_offered(scope));
    let orphans = OrphanTerms { name_of: &name_of, is_offered: &is_offered };
    // Settings that cannot be read name none, and are somebody else's to complain of.
    let portals = machine.portals_if_any().unwrap_or_default();
    let is_portal = |name: &str| portals.iter().any(|portal| portal.name.as_str() == name);
    let terms = Terms {
        portal: &demand.portal,
        is_there: &is_there,
        adopts: wishes.adopts,
        is_portal: &is_portal,
        decides: wishes.decides,
        orphans: wishes.looks_for_orphans.then_some(orphans),
    };
    let plan = plan::reconcile(&mut config.document, &demand.wanted, marked, &terms);
    config.note(&plan.edits);
    plan
}

pub(super) fn known(record: &ProfileRecord) -> Known {
    let preferred = record.preferred.iter().map(|(key, p)| (key.clone(), (p.own.clone(), p.over.clone())));
    Known {
        written: record.written.clone(),
        preferred: preferred.collect(),
        tenant_id: record.tenant_id.clone(),
        is_named_by_person: record.is_named_by_person,
    }
}

/// Records what the file says from now on for a portal's profiles: by that, a later change by hand can be told from one
/// at the portal. Worth doing also when nothing was written: the record may be lost, or the file come from elsewhere.
pub fn remember(
    managed: &mut Managed,
    config: &Path,
    after: &Document,
    demand: &Demand,
    profiles: &ProfilePlan,
    decides: &dyn Fn(&str) -> Option<Decision>,
) {
    let renamed = profiles.changes.iter().filter_map(|change| match change {
        ProfileChange::Rename(from, to) => Some((from.as_str(), to.as_str())),
        _ => None,
    });
    managed.rename_all(config, &renamed.collect::<Vec<_>>());
    for change in &profiles.changes {
        match change {
            ProfileChange::Add(name) => managed.forget(config, name.as_str()),
            // What is removed stays on record: `undo` may bring it back.
            ProfileChange::Rename(..)
            | ProfileChange::Remove(_)
            | ProfileChange::Update(..)
            | ProfileChange::Adopt(_) => {}
        }
    }
    for (name, at) in &profiles.kept {
        let (Some(present), entry) = (after.profile(name), &demand.wanted[*at]) else { continue };
        let mut record = managed.profile(config, name).cloned().unwrap_or_default();
        record.tenant_id = entry.tenant_id.as_ref().map(ToString::to_string);
        record.written.retain(|key, _| present.value(key).is_some() || entry.property(key).is_some());
        for (key, wanted) in &entry.properties {
            let (key, now) = (key.as_str(), present.value(key.as_str()));
            match now {
                Some(now) if means_the_same(key, now, wanted.as_str()) => {
                    record.written.insert(key.to_owned(), now.to_owned());
                    record.preferred.remove(key);
                }
                // A value that differs is the person's own: what we last wrote is still what it was.
                _ if decides(name) == Some(Decision::Keep) => {
                    let own = now.map(|now| plan::remembered(key, now));
                    let preference = Preference { own, over: wanted.as_str().to_owned() };
                    record.preferred.insert(key.to_owned(), preference);
                }
                _ => {}
            }
        }
        managed.record(config, name, record);
    }
}

/// Who was signed in when the portal's profiles were last brought up to date, if that is not who is now.
pub fn person_before<'a>(managed: &'a Managed, demand: &Demand) -> Option<&'a str> {
    managed.person(&demand.address).filter(|before| demand.person.as_deref() != Some(before))
}

/// Records whose profiles these are.
pub fn remember_person(managed: &mut Managed, demand: &Demand, plan: &ProfilePlan) {
    if let Some(person) = demand.person.as_ref().filter(|_| !plan.kept.is_empty()) {
        managed.set_person(&demand.address, person);
    }
}
