//! The sections of a file that carry a portal's mark, and what is known of them.

use std::collections::{BTreeMap, HashMap};

use crate::awsconfig::{Document, Profile};
use crate::base::{PortalName, Scope, TenantRef};
use crate::plan::{MARK, OwnCommand, Wanted};

/// What was last written for a profile.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// The values of the keys that jitpass keeps.
    pub written: BTreeMap<String, String>,
    /// What the person prefers to what the portal says, by key: their value, and what it was preferred to.
    pub preferred: BTreeMap<String, (Option<String>, String)>,
    /// The id of its tenant.
    pub tenant_id: Option<String>,
    /// Whether a person chose the name.
    pub is_named_by_person: bool,
}

/// What was last written for the profiles of the file, by name. `None` for one that jitpass did not write.
pub type Records<'a> = &'a dyn Fn(&str) -> Option<Known>;

/// A section with the portal's mark.
#[derive(Debug, Clone)]
pub struct Marked {
    /// What it says.
    pub profile: Profile,
    /// What was last written; `None` where jitpass did not write it, or does not remember.
    pub known: Option<Known>,
}

impl Marked {
    /// Every section with the portal's mark, in file order.
    pub fn all(document: &Document, portal: &PortalName, records: Records<'_>) -> Vec<Self> {
        let marked = |name: &str| {
            let profile = document.profile(name)?;
            let is_marked = profile.value(MARK) == Some(portal.as_str());
            is_marked.then(|| Self { known: records(name), profile })
        };
        document.profile_names().into_iter().filter_map(marked).collect()
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.profile.name
    }

    /// The 1-based line of its header.
    pub fn line(&self) -> usize {
        self.profile.lines.first().copied().unwrap_or(1)
    }

    /// Whether a person gave it the name, for something else than what is wanted under that name now.
    pub(super) fn is_persons_for_another(&self, entry: &Wanted) -> bool {
        let Some(known) = self.known.as_ref().filter(|known| known.is_named_by_person) else { return false };
        match (&known.tenant_id, &entry.tenant_id) {
            (Some(own), Some(wanted)) => own != wanted.as_str(),
            _ => {
                let written =
                    known.written.get("credential_process").and_then(|value| OwnCommand::read(value));
                written.is_some_and(|command| !entry.opens(&command.scope))
            }
        }
    }

    /// What it opens: by its command, else by the command last written.
    pub fn scope(&self) -> Option<Scope> {
        const KEY: &str = "credential_process";
        let written = self.known.as_ref().and_then(|known| known.written.get(KEY));
        let values = [self.profile.value(KEY), written.map(String::as_str)];
        values.into_iter().flatten().find_map(OwnCommand::read).map(|command| command.scope)
    }
}

/// Finds the wanted profile for a scope or a tenant's id.
pub(super) struct ByScope<'a> {
    scopes: HashMap<String, usize>,
    ids: HashMap<&'a str, usize>,
}

impl<'a> ByScope<'a> {
    pub(super) fn new(wanted: &'a [Wanted]) -> Self {
        let mut by = Self { scopes: HashMap::new(), ids: HashMap::new() };
        for (at, entry) in wanted.iter().enumerate().rev() {
            by.scopes.insert(entry.scope.key(), at);
            if let Some(id) = &entry.tenant_id {
                by.ids.insert(id.as_str(), at);
            }
        }
        by
    }

    /// The wanted profile that a section stands for: by what it opens, or by the tenant it was written for.
    pub(super) fn of(&self, marked: &Marked) -> Option<usize> {
        let by_scope = marked.scope().and_then(|scope| match scope {
            Scope::Tenant(TenantRef::Id(id)) => self.ids.get(id.as_str()),
            scope => self.scopes.get(&scope.key()),
        });
        let id = || marked.known.as_ref()?.tenant_id.as_deref();
        by_scope.or_else(|| self.ids.get(id()?)).copied()
    }
}
