//! Tenant settings (`v3/admin/tenant/{id}/metadata`).

use serde::Deserialize;
use serde_json::json;

use super::reply::Reply;
use super::tenant_lists;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::Visit;

/// All settings.
pub(super) fn list(_: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    Reply::json(&tenant_lists::metadata(tenant))
}

/// One setting.
pub(super) fn one(visit: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    let key = visit.parameter("key");
    match tenant.metadata.get(key) {
        Some(value) => Reply::json(&json!({ "Key": key, "Value": value })),
        None => Reply::message(404, "Setting not found."),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Setting {
    key: String,
    value: String,
}

/// Sets one, new or not, and answers with it.
pub(super) fn put(visit: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    let Ok(setting) = serde_json::from_slice::<Setting>(&visit.call.body) else {
        return Reply::message(400, "The request is invalid.");
    };
    let answer = Reply::json(&json!({ "Key": setting.key, "Value": setting.value }));
    if let Some(tenant) = visit.state.tenants.find_mut(&tenant.id) {
        tenant.metadata.insert(setting.key, setting.value);
    }
    answer
}

/// Removes one; it need not be there.
pub(super) fn delete(visit: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    let key = visit.parameter("key").to_owned();
    if let Some(tenant) = visit.state.tenants.find_mut(&tenant.id) {
        tenant.metadata.remove(&key);
    }
    Reply::empty()
}
