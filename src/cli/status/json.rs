//! The status for programs. Names and words stay as they are; more may come.

use serde_json::{Value, json};

use crate::base::{PortalName, PortalUrl, Region, Scope, TenantRef, Timestamp};
use crate::ops::status::{Check, Issued, PortalStatus, ProfileStatus, Standing};
use crate::store::sign_in::Wait;
use crate::store::tokens::Lies;

/// One array, a portal each. What is not known is `null`, so that every name is there to be asked for.
pub(super) fn json(portals: &[PortalStatus]) -> String {
    format!("{:#}\n", Value::Array(portals.iter().map(of_portal).collect()))
}

fn of_portal(portal: &PortalStatus) -> Value {
    let is_used = matches!(portal.standing, Standing::ByVariable | Standing::ByCommand);
    let token_in = match (portal.standing, portal.lies) {
        (Standing::ByVariable, _) => Some("variable"),
        (Standing::ByCommand, _) => Some("command"),
        (_, Some(Lies::InKeyring)) => Some("keyring"),
        (_, Some(Lies::InFile)) => Some("file"),
        (_, None) => None,
    };
    let sign_in = match portal.standing {
        Standing::ByVariable => "by_variable",
        Standing::ByCommand => "by_command",
        Standing::SignedIn => "signed_in",
        Standing::Over => "over",
        Standing::SignedOut => "signed_out",
        Standing::Never => "never",
    };
    let file = portal.file.as_ref().filter(|_| token_in == Some("file"));
    json!({
        "name": portal.name.as_ref().map(PortalName::as_str),
        "host": portal.address.host.as_str(),
        "api_host": portal.address.api_host.as_ref().map(PortalUrl::as_str),
        "sign_in": sign_in,
        // Who signed in is not who is asked for when another token is used.
        "person": portal.person.as_ref().filter(|_| !is_used),
        "token_in": token_in,
        "token_file": file.map(|file| file.display().to_string()),
        "open_sign_in": portal.wait.as_ref().map(of_wait),
        "check": portal.check.as_ref().map(of_check),
        "profiles": portal.profiles.iter().map(of_profile).collect::<Vec<_>>(),
    })
}

fn of_wait(wait: &Wait) -> Value {
    json!({
        "address": wait.address,
        "confirm": wait.confirm.as_ref().map(|confirm| &confirm.page),
        "ends": Timestamp::from_seconds(wait.ends).to_string(),
    })
}

fn of_check(check: &Check) -> Value {
    json!({
        "reachable": check.is_reachable,
        "token_accepted": check.is_accepted,
        "person": check.person,
        "administrator": check.is_admin,
        "wants_one_time_code": check.wants_code,
        "tenants": check.tenants,
        "error": check.failure.as_ref().map(|failure| &failure.message),
        "causes": check.failure.as_ref().map(|failure| &failure.causes),
        "hint": check.failure.as_ref().and_then(|failure| failure.hint.as_ref()),
    })
}

/// A scope's kind, and the tenant of one that has one.
pub(in crate::cli) fn of_scope(scope: &Scope) -> (&'static str, Option<String>) {
    match scope {
        Scope::Admin => ("admin", None),
        Scope::DuploOps => ("duplo_ops", None),
        Scope::Tenant(TenantRef::Name(name)) => ("tenant", Some(name.to_string())),
        Scope::Tenant(TenantRef::Id(id)) => ("tenant", Some(id.to_string())),
    }
}

fn of_profile(profile: &ProfileStatus) -> Value {
    let (scope, tenant) = of_scope(&profile.scope);
    json!({
        "name": profile.name,
        "scope": scope,
        "tenant": tenant,
        "region": profile.region.as_ref().map(Region::as_str),
        "credential": profile.issued.as_ref().map(of_credential),
    })
}

pub(in crate::cli) fn of_credential(issued: &Issued) -> Value {
    let state = match (issued.left, issued.is_fresh) {
        (0, _) => "expired",
        (_, true) => "fresh",
        (_, false) => "ending",
    };
    json!({
        "state": state,
        "issued": issued.lifetime.issued.to_string(),
        "expires": issued.lifetime.expires.to_string(),
        "seconds_left": issued.left,
    })
}
