//! What was learned about a portal as one person sees it: tenant ids by name, and how old the portal is.

use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::{PortalAddress, TenantId, TenantName, Timestamp};
use crate::credential::Identity;
use crate::host::files;

/// How long what was learned is believed: a tenant that is deleted and made again has another id, a portal gets
/// updated.
const BELIEVED_SECONDS: i64 = 86_400;

/// What was learned anew, and is the same, is not worth a write before.
const RENEWED_AFTER_SECONDS: i64 = 3600;

/// How long a mere suspicion is.
const SUSPECTED_SECONDS: i64 = 600;

/// The facts about one portal, as one person sees it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PortalFacts {
    learned: i64,
    tenants: std::collections::BTreeMap<String, String>,
    /// Until when the portal is believed to lack the newer questions.
    legacy_until: Option<i64>,
    #[serde(skip)]
    path: Option<PathBuf>,
}

impl PortalFacts {
    /// What is known; nothing where there is no cache directory or nothing was learned.
    pub fn load(cache_dir: Option<&Path>, portal: &PortalAddress, identity: &Identity) -> Self {
        let path = cache_dir.map(|dir| file(dir, portal, identity));
        let bytes = path.as_deref().and_then(|p| files::read_private(p, 16 << 20).ok());
        let known: Option<Self> = bytes.and_then(|b| serde_json::from_slice(&b).ok());
        Self { path, ..known.unwrap_or_default() }
    }

    /// Forgets what was learned by the person who is signed in.
    pub fn forget_own(cache_dir: &Path, portal: &PortalAddress) {
        let _ = files::remove(&file(cache_dir, portal, &Identity::Own));
    }

    /// The id of a tenant, learned less than a day ago.
    pub fn tenant_id(&self, name: &TenantName, now: Timestamp) -> Option<TenantId> {
        if !is_believed(self.learned, now) {
            return None;
        }
        self.tenants.get(&name.key())?.parse().ok()
    }

    /// The names of the person's tenants in lower case, however long ago they were learned: for what may be wrong.
    pub fn tenant_names(&self) -> impl Iterator<Item = &str> {
        self.tenants.keys().map(String::as_str)
    }

    /// Whether the portal is believed to lack the newer questions.
    pub fn is_legacy(&self, now: Timestamp) -> bool {
        let seconds = self.legacy_until.map(|until| Timestamp::from_seconds(until).since(now));
        seconds.is_some_and(|left| (1..=BELIEVED_SECONDS).contains(&left))
    }

    /// Learns the person's tenants, all of them. Keeping them may fail without harm.
    pub fn learn_tenants<'a>(
        &mut self,
        tenants: impl Iterator<Item = (&'a TenantName, &'a TenantId)>,
        now: Timestamp,
    ) {
        let tenants = tenants.map(|(name, id)| (name.key(), id.to_string())).collect();
        let age = now.since(Timestamp::from_seconds(self.learned));
        if self.tenants == tenants && (0..RENEWED_AFTER_SECONDS).contains(&age) {
            return;
        }
        self.tenants = tenants;
        self.learned = now.seconds();
        self.keep();
    }

    /// Learns that the portal lacks the newer questions: for sure, which is believed for a day, or perhaps, which is
    /// believed for some minutes; or, with `None`, that it has them.
    pub fn learn_legacy(&mut self, is_sure: Option<bool>, now: Timestamp) {
        if self.is_legacy(now) == is_sure.is_some() {
            return;
        }
        self.legacy_until = is_sure.map(|sure| {
            let seconds = if sure { BELIEVED_SECONDS } else { SUSPECTED_SECONDS };
            now.plus(seconds).seconds()
        });
        self.keep();
    }

    fn keep(&self) {
        if let (Some(path), Ok(json)) = (&self.path, serde_json::to_vec(self)) {
            path.parent().into_iter().for_each(files::remove_leavings);
            let _ = files::write_private(path, &json);
        }
    }
}

fn file(cache_dir: &Path, portal: &PortalAddress, identity: &Identity) -> PathBuf {
    cache_dir.join("portals").join(portal.key()).join(format!("{}.json", identity.key()))
}

fn is_believed(learned: i64, now: Timestamp) -> bool {
    (0..BELIEVED_SECONDS).contains(&now.since(Timestamp::from_seconds(learned)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_believed_for_a_day() {
        let dir = tempfile::tempdir().unwrap();
        let portal = PortalAddress::new("https://acme.duplocloud.net".parse().unwrap(), None);
        let load = || PortalFacts::load(Some(dir.path()), &portal, &Identity::Own);
        let (name, id): (TenantName, TenantId) =
            ("Dev01".parse().unwrap(), "3b6ea1d2-7c4f-4a0e-9a55-0d1e2f3a4b5c".parse().unwrap());
        let now = Timestamp::from_seconds(1_000_000);
        load().learn_tenants([(&name, &id)].into_iter(), now);
        load().learn_legacy(Some(true), now);
        let known = load();
        let typed = "dev01".parse().unwrap();
        assert_eq!(known.tenant_id(&typed, now.plus(86_399)), Some(id));
        assert_eq!(known.tenant_id(&typed, now.plus(86_400)), None);
        assert_eq!(known.tenant_id(&typed, now.plus(-1)), None);
        assert!(known.is_legacy(now) && !known.is_legacy(now.plus(86_400)));
    }
}
