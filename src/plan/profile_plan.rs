//! What happens to the profiles of a file, as a person thinks of it.

use std::collections::{BTreeSet, HashSet};

use crate::awsconfig::{Document, Edit};
use crate::base::{ProfileName, Scope};
use crate::plan::adoption::Moved;
use crate::plan::predecessor::Tool;
use crate::plan::three_way::Drift;

/// What happens to one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProfileChange {
    /// It is new.
    Add(ProfileName),
    /// Some of the keys we keep get other values, or go.
    Update(ProfileName, Vec<String>),
    /// It gets another name.
    Rename(String, ProfileName),
    /// It was not ours and is from now on.
    Adopt(ProfileName),
    /// It goes.
    Remove(String),
}

/// Why a profile was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is one of this name that jitpass does not keep; and the tool that it asks, where that is one of those known.
    Foreign(Option<Tool>),
    /// There is one of this name for another portal.
    OtherPortal(String),
    /// A person gave that name to a profile of ours that opens something else.
    NamedByPerson,
    /// It was to be adopted, and has keys with which AWS programs would not ask jitpass.
    NotAdoptable(Vec<String>),
    /// The file cannot be edited safely there.
    Refused(String),
}

/// A wanted profile that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its name.
    pub name: String,
    /// Where it stands, 1-based, if it is there.
    pub line: Option<usize>,
    /// Why.
    pub reason: Reason,
}

/// A profile of ours for something that is not wanted any more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Orphan {
    /// Its name.
    pub name: String,
    /// The 1-based line of its header.
    pub line: usize,
    /// What it opens.
    pub scope: Scope,
    /// Whether the portal still offers it, and only the choice is another.
    pub is_offered: bool,
    /// The profiles that name it as their source.
    pub used_by: Vec<String>,
}

/// A profile with values of the person's own that were decided to stay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settled {
    /// Its name.
    pub name: String,
    /// The keys that have them.
    pub keys: Vec<String>,
}

/// What happens to the profiles of a file.
#[derive(Debug, Clone, Default)]
pub struct ProfilePlan {
    /// The edits, in order, as they were applied.
    pub edits: Vec<Edit>,
    /// The same, as a person thinks of them.
    pub changes: Vec<ProfileChange>,
    /// What was wanted and left alone.
    pub conflicts: Vec<Conflict>,
    /// What a person changed by hand and nobody has decided about.
    pub drifts: Vec<Drift>,
    /// Whether what was last written is on record for all of them.
    pub is_recorded: bool,
    /// Profiles with values of the person's own that were decided to stay.
    pub settled: Vec<Settled>,
    /// Adopted profiles that open something else from now on.
    pub moved: Vec<Moved>,
    /// Profiles under names that a person gave, for what is offered and not chosen: they stay.
    pub not_chosen: Vec<String>,
    /// Profiles for what is not wanted any more.
    pub orphans: Vec<Orphan>,
    /// Profiles that are as they should be.
    pub unchanged: Vec<String>,
    /// The sections that are ours from now on, by name, and the wanted profile that each stands for.
    pub kept: Vec<(String, usize)>,
}

impl ProfilePlan {
    /// Whether the file is as it should be.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    /// The profiles that change, each once: one that gets another name may get other values as well.
    pub fn changed(&self) -> impl Iterator<Item = &ProfileChange> {
        let renamed: HashSet<&ProfileName> = self
            .changes
            .iter()
            .filter_map(|change| match change {
                ProfileChange::Rename(_, to) => Some(to),
                _ => None,
            })
            .collect();
        self.changes.iter().filter(move |change| match change {
            ProfileChange::Update(name, _) => !renamed.contains(name),
            _ => true,
        })
    }

    /// The profiles of others that name a renamed one as their source, and name it anew; each once, by name.
    pub fn followers(&self) -> impl Iterator<Item = &str> {
        let ours: HashSet<&str> = self.kept.iter().map(|(name, _)| name.as_str()).collect();
        let set = self.edits.iter().filter_map(move |edit| match edit {
            Edit::Set { profile, key, .. } if key.as_str() == "source_profile" => Some(profile.as_str()),
            _ => None,
        });
        set.filter(move |profile| !ours.contains(profile)).collect::<BTreeSet<_>>().into_iter()
    }

    /// Takes the orphans out. What cannot be taken out safely stays, and is a conflict.
    pub fn prune(&mut self, document: &mut Document) {
        for orphan in &self.orphans {
            let edit = Edit::Remove { profile: orphan.name.clone() };
            match document.apply(&edit) {
                Ok(_) => {
                    self.edits.push(edit);
                    self.changes.push(ProfileChange::Remove(orphan.name.clone()));
                }
                Err(error) => self.conflicts.push(Conflict {
                    name: orphan.name.clone(),
                    line: error.line(),
                    reason: Reason::Refused(error.to_string()),
                }),
            }
        }
    }
}
