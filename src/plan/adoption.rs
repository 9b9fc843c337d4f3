//! What a profile that is adopted opened until now, where that is something else than it will.

use crate::awsconfig::Profile;
use crate::base::{PortalAddress, Scope};
use crate::plan::predecessor::Reading;
use crate::plan::{OwnCommand, Wanted};

/// An adopted profile that opens something else from now on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// Its name.
    pub name: String,
    /// What it opened: the scope, and the portal where that is another.
    pub before: String,
    /// What it opens from now on.
    pub after: String,
}

impl Moved {
    /// Compares a profile with the one that it becomes. `None` where both open the same, and where nobody can tell
    /// what its command opened.
    pub(super) fn of(entry: &Wanted, present: &Profile) -> Option<Self> {
        const KEY: &str = "credential_process";
        let Reading::Call(call) = Reading::of_value(present.value(KEY)?) else { return None };
        if call.needs_context() {
            return None;
        }
        let was = call.meaning(None).ok()?;
        let own = OwnCommand::read(entry.property(KEY)?)?;
        let is_elsewhere = was.portal.host != own.address.host;
        if !is_elsewhere && entry.opens(&was.scope) {
            return None;
        }
        let shown = |scope: &Scope, portal: &PortalAddress| {
            let at = if is_elsewhere { format!(" at {}", portal.host.authority()) } else { String::new() };
            format!("{scope}{at}")
        };
        Some(Self {
            name: entry.name.to_string(),
            before: shown(&was.scope, &was.portal),
            after: shown(&own.scope, &own.address),
        })
    }
}
