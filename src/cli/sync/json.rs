//! The report of `sync` for programs.

use serde_json::{Value, json};

use crate::cli::change::Ended;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::sync::{Guard, PortalPlan, Prepared};
use crate::plan::predecessor::Tool;
use crate::plan::{self, Conflict, Drift, Orphan, ProfileChange, Reason};
use crate::store::settings::PortalSettings;

/// One object: what became of the file, and what of each portal's profiles.
pub(super) fn report(
    machine: &Machine,
    prepared: &Prepared,
    failed: &[(PortalSettings, Failure)],
    ended: Ended,
) -> String {
    let file = prepared.change.config.as_ref().map(|(plan, _)| plan.file.path.display().to_string());
    let answered = prepared.portals.iter().map(portal);
    let failed = failed.iter().map(|(settings, failure)| {
        json!({
            "portal": settings.name.as_str(),
            "host": settings.address.host.as_str(),
            "error": failure.message,
            "hint": failure.hint,
        })
    });
    let report = json!({
        "file": file,
        "changed": matches!(ended, Ended::Written | Ended::Shown),
        "written": ended == Ended::Written,
        "at": machine.now().to_string(),
        "unreadable": prepared.unreadable.as_ref().map(|one| json!({
            "line": one.line,
            "what": one.anomaly.to_string(),
        })),
        "portals": answered.chain(failed).collect::<Vec<_>>(),
    });
    format!("{report:#}\n")
}

fn portal(plan: &PortalPlan) -> Value {
    let profiles = &plan.profiles;
    let of = |pick: fn(&ProfileChange) -> Option<Value>| -> Vec<Value> {
        profiles.changes.iter().filter_map(pick).collect()
    };
    json!({
        "portal": plan.demand.portal.as_str(),
        "host": plan.demand.address.host.as_str(),
        "error": null,
        "person": plan.demand.person,
        "added": of(|c| match c { ProfileChange::Add(name) => Some(json!(name.as_str())), _ => None }),
        "updated": of(|c| match c {
            ProfileChange::Update(name, keys) => Some(json!({ "profile": name.as_str(), "keys": keys })),
            _ => None,
        }),
        "renamed": of(|c| match c {
            ProfileChange::Rename(from, to) => Some(json!({ "from": from, "to": to.as_str() })),
            _ => None,
        }),
        "adopted": of(|c| match c { ProfileChange::Adopt(name) => Some(json!(name.as_str())), _ => None }),
        "removed": of(|c| match c { ProfileChange::Remove(name) => Some(json!(name)), _ => None }),
        "unchanged": profiles.unchanged.len(),
        "settled": profiles.settled.iter().map(|one| json!({ "profile": one.name, "keys": one.keys })).collect::<Vec<_>>(),
        "moved": profiles.moved.iter().map(|one| json!({ "profile": one.name, "before": one.before, "after": one.after })).collect::<Vec<_>>(),
        "not_chosen": profiles.not_chosen,
        "orphans": profiles.orphans.iter().map(orphan).collect::<Vec<_>>(),
        "drift": profiles.drifts.iter().map(drift).collect::<Vec<_>>(),
        "conflicts": profiles.conflicts.iter().map(conflict).collect::<Vec<_>>(),
        "guard": plan.guard.as_ref().map(|guard| match guard {
            Guard::NoTenants => "no-tenants",
            Guard::AnotherPerson { .. } => "another-person",
            Guard::NobodyKnown => "nobody-known",
            Guard::TooMany { .. } => "too-many",
        }),
    })
}

fn orphan(orphan: &Orphan) -> Value {
    json!({
        "profile": orphan.name,
        "line": orphan.line,
        "scope": orphan.scope.to_string(),
        "offered": orphan.is_offered,
        "used_by": orphan.used_by,
    })
}

fn drift(drift: &Drift) -> Value {
    let shown = |value: &Option<String>| value.as_deref().map(plan::shown);
    let key = |key: &crate::plan::DriftedKey| {
        json!({
            "key": key.key,
            "own": shown(&key.own),
            "written": shown(&key.written),
            "wanted": key.wanted,
        })
    };
    json!({ "profile": drift.name, "line": drift.line, "keys": drift.keys.iter().map(key).collect::<Vec<_>>() })
}

fn conflict(conflict: &Conflict) -> Value {
    let (reason, detail) = match &conflict.reason {
        Reason::Foreign(tool) => ("foreign", json!(tool.map(Tool::name))),
        Reason::OtherPortal(portal) => ("other-portal", json!(portal)),
        Reason::NamedByPerson => ("named-by-person", Value::Null),
        Reason::NotAdoptable(keys) => ("not-adoptable", json!(keys)),
        Reason::Refused(reason) => ("refused", json!(reason)),
    };
    json!({ "profile": conflict.name, "line": conflict.line, "reason": reason, "detail": detail })
}
