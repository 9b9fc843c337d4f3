//! What the portal and its tenants are: system features, tenant features, versions.

use serde_json::{Map, Value, json};

use super::reply::Reply;
use super::tenant_lists;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::Visit;

/// `v3/features/system`.
pub(super) fn system(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    let scenario = visit.scenario;
    let regions = scenario.regions();
    Reply::json(&json!({
        "IsKatkitEnabled": true,
        "IsSignupEnabled": false,
        "IsComplianceEnabled": true,
        "IsBillingEnabled": true,
        "IsSiemEnabled": true,
        "IsAwsCloudEnabled": true,
        "IsAzureCloudEnabled": false,
        "IsGoogleCloudEnabled": false,
        "IsOnPremEnabled": true,
        "AwsRegions": regions,
        "DefaultAwsAccount": scenario.account(),
        "DefaultAwsPartition": scenario.partition.name(),
        "DefaultAwsRegion": regions[0],
        "EksVersions": { "DefaultVersion": "1.31", "SupportedVersions": ["1.28", "1.29", "1.30", "1.31"] },
        "IsOtpNeeded": visit.wants_otp(user),
        "IsAwsAdminJITEnabled": true,
        "IsDuploOpsEnabled": scenario.duplo_ops,
        "DevopsManagerHostname": "devops.example.com",
        "DuploShellFqdn": "",
        "TenantNameMaxLength": 12,
        "IsTagsBasedResourceMgmtEnabled": false,
        "S3BucketNamePrefix": "",
        "ResourceNamePrefix": "",
        "EnabledFlags": ["EnableVPN"],
        "AppConfigs": [{ "Type": "AppConfig", "Key": "MaximumSessionDuration", "Value": "14400" }],
        "DisableOobData": false,
        "DefaultInfraCloud": "AWS",
    }))
}

/// `v3/features/tenant`: id → features, for the tenants the caller may use.
pub(super) fn tenants(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    let enabled = visit.scenario.kubernetes.enabled;
    let open = visit.state.tenants.open_to(user);
    let map: Map<String, Value> = open.map(|t| (t.id.to_string(), of_tenant(t, enabled))).collect();
    Reply::json(&map)
}

/// `v3/features/tenant/{id}`.
pub(super) fn tenant(visit: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    Reply::json(&of_tenant(tenant, visit.scenario.kubernetes.enabled))
}

/// `subscriptions/{id}/GetAwsRegionId`.
pub(super) fn region(_: &mut Visit<'_>, _: UserKind, tenant: &Tenant) -> Reply {
    Reply::json(&tenant.region)
}

/// `subscriptions/{id}/GetTenantAwsAccountId`.
pub(super) fn account(visit: &mut Visit<'_>, _: UserKind, _: &Tenant) -> Reply {
    Reply::json(&visit.scenario.account())
}

/// `adminproxy/GetAwsAccountId`.
pub(super) fn master_account(visit: &mut Visit<'_>, _: UserKind) -> Reply {
    Reply::json(&visit.scenario.account())
}

/// The builds of the two front ends. The shape is not public; duploctl's own entry looks like this.
pub(super) fn version(_: &mut Visit<'_>) -> Reply {
    Reply::json(&json!({ "tag": "2026.7.1" }))
}

/// The builds of the services behind them.
pub(super) fn version_for_user(visit: &mut Visit<'_>, _: UserKind) -> Reply {
    version(visit)
}

fn of_tenant(tenant: &Tenant, kubernetes: bool) -> Value {
    json!({
        "Cloud": 0,
        "Region": tenant.region,
        "IsKubernetesEnabled": kubernetes,
        "KubernetesType": 0,
        "UseLbIndex": true,
        "TenantMetadata": tenant_lists::metadata(tenant),
        "PlanMetadata": [],
        "InfraMetadata": [],
        "AwsUnavailableServices": [],
        "IsK8sServerless": false,
    })
}
