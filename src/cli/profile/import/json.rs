//! What `profile import --json` prints.

use serde_json::{Value, json};

use super::report::file;
use crate::cli::change::Ended;
use crate::ops::import::{Fate, Import, Lay, Row, Standing};
use crate::ops::machine::Machine;

/// The report. No token is in it.
pub(super) fn of(machine: &Machine, import: &Import, ended: Ended) -> String {
    let row = |row: &Row| {
        let (result, reason) = match &row.fate {
            Fate::Converted { is_managed: true } => ("managed", None),
            Fate::Converted { is_managed: false } => ("converted", None),
            Fate::AsItShouldBe => ("unchanged", None),
            Fate::InTheWay => ("in-the-way", None),
            Fate::Left(reason) => ("left", Some(reason)),
        };
        json!({
            "profile": row.profile,
            "file": file(machine, row.place),
            "line": row.line,
            "tool": row.tool.name(),
            "portal": row.meaning.as_ref().map(|(portal, _)| portal.host.as_str()),
            "scope": row.meaning.as_ref().map(|(_, scope)| scope.to_string()),
            "result": result,
            "reason": reason,
            "notes": row.notes,
        })
    };
    let lay = |lay: &Lay| match lay {
        Lay::Line { place, line, .. } => json!({ "file": file(machine, *place), "line": line }),
        Lay::Context { file, name } => json!({ "file": machine.shown(file), "context": name }),
        Lay::DuploJit => json!({ "cache": "duplo-jit" }),
    };
    let kube = import.kube.iter().flat_map(|(file, users)| {
        users.iter().map(|user| {
            json!({ "file": machine.shown(file), "user": user.name, "tool": user.tool.name(), "shows_token": user.shows_token })
        })
    });
    let report = json!({
        "written": ended == Ended::Written,
        "changes": !import.is_empty(),
        "profiles": import.rows.iter().map(row).collect::<Vec<_>>(),
        "portals": import.portals.iter().map(|(name, address)| {
            json!({ "name": name.as_str(), "host": address.host.as_str() })
        }).collect::<Vec<_>>(),
        "signs_in": import.keep.iter().map(|keep| {
            json!({ "portal": keep.portal.host.as_str(), "person": keep.person.name(), "from": lay(&keep.lay) })
        }).collect::<Vec<_>>(),
        "open_tokens": import.open.iter().map(|(at, portal, how)| {
            let (state, person) = standing(how);
            json!({ "portal": portal.host.as_str(), "at": lay(at), "state": state, "person": person })
        }).collect::<Vec<_>>(),
        "credentials_file": import.removal.as_ref().map_or(Value::Null, |removal| {
            json!({
                "file": removal.file,
                "profiles": removal.lines.iter().map(|(profile, line)| json!({ "profile": profile, "line": line })).collect::<Vec<_>>(),
                "remove_with": removal.command,
            })
        }),
        "kubeconfig_users": kube.collect::<Vec<_>>(),
        "unreadable": import.unreadable,
    });
    format!("{report:#}\n")
}

fn standing(standing: &Standing) -> (&'static str, Option<&str>) {
    match standing {
        Standing::Kept(person) => ("good", Some(person)),
        Standing::Dead => ("rejected", None),
        Standing::Another { person, .. } => ("another-person", Some(person)),
        Standing::Doubtful { person, .. } => ("doubtful", Some(person)),
        Standing::Command => ("token-command", None),
        Standing::Unknown(_) => ("unknown", None),
    }
}
