//! The two lists of tenants.

use serde_json::{Value, json};

use super::reply::Reply;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::Visit;

/// `admin/GetTenantsForUser`: those the caller may use.
pub(super) fn for_user(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    Reply::json(&visit.state.tenants.open_to(user).map(short).collect::<Vec<_>>())
}

/// `adminproxy/GetTenantNames`: the same in the engine's long form. duploctl calls it for ordinary users as well,
/// so portals let them.
pub(super) fn names(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    Reply::json(&visit.state.tenants.open_to(user).map(long).collect::<Vec<_>>())
}

/// Settings as the portal writes them: `[{"Key":…,"Value":…}]`.
pub(super) fn metadata(tenant: &Tenant) -> Value {
    tenant.metadata.iter().map(|(key, value)| json!({ "Key": key, "Value": value })).collect()
}

fn short(tenant: &Tenant) -> Value {
    json!({
        "TenantId": tenant.id.as_str(),
        "AccountName": tenant.name,
        "PlanID": tenant.plan,
        "InfraOwner": "",
        "ExistingK8sNamespace": "",
        "TenantPolicy": { "IamPolicies": [], "AllowVolumeMapping": false, "BlockExternalEp": false },
        "Tags": [
            { "Key": "duplo-project", "Value": tenant.name },
            { "Key": "TENANT_NAME", "Value": tenant.name },
        ],
        "Metadata": metadata(tenant),
    })
}

fn long(tenant: &Tenant) -> Value {
    let mut value = short(tenant);
    value["UseLbIndex"] = json!(true);
    value["NwProvider"] = json!(0);
    value["CreationTime"] = json!("10/28/2024 9:55:26 PM");
    value["RegistryCredentials"] = json!("");
    for list in ["Minions", "OperationalPods", "NativeHosts", "EcsServices", "KmsKeyInfos"] {
        value[list] = json!([]);
    }
    for map in ["ReplicationControllers", "Networks", "RDSInstances", "ECacheInstances"] {
        value[map] = json!({});
    }
    value
}
