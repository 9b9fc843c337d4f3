//! AWS credentials for administrators, operators and tenants (`AwsAccessInfo`).

use serde::Serialize;

use super::issue::Wanted;
use super::reply::Reply;
use super::tenants::Tenant;
use super::users::UserKind;
use super::visit::Visit;
use crate::base::Region;

/// The administrator's role; in `{region}` where the path has one, else in the portal's own.
pub(super) fn admin(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    let region = match visit.parameter("region") {
        "" => visit.scenario.regions().swap_remove(0),
        region if region.parse::<Region>().is_ok() => region.to_owned(),
        _ => return Reply::text(400, "Invalid AWS region."),
    };
    hand_out(visit, user, "duplomaster".to_owned(), &region, visit.scenario.validity)
}

/// The operators' role, where the portal has it.
pub(super) fn duplo_ops(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    if !visit.scenario.duplo_ops {
        return Reply::message(404, "Role duplo-ops not found.");
    }
    let region = visit.scenario.regions().swap_remove(0);
    hand_out(visit, user, "duploops".to_owned(), &region, visit.scenario.validity)
}

/// A tenant's role.
pub(super) fn tenant(visit: &mut Visit<'_>, user: UserKind, tenant: &Tenant) -> Reply {
    if user == UserKind::ReadOnly && visit.scenario.refusals.read_only_jit {
        return Reply::text(403, "Read-only users may not request AWS credentials.");
    }
    let setting = visit.scenario.validity_key.as_ref().and_then(|key| tenant.metadata.get(key)?.parse().ok());
    let validity = setting.or(visit.scenario.validity);
    hand_out(visit, user, iam_name(&tenant.role()), &tenant.region, validity)
}

/// A name as IAM takes it: whatever a hostile tenant is called, the role behind it has an ordinary name.
fn iam_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || "_+=,.@-".contains(c) { c } else { '-' }).collect()
}

/// The answer, in the portal's order of fields.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct AccessInfo<'a> {
    console_url: &'a str,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    region: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    validity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration: Option<String>,
}

fn hand_out(
    visit: &mut Visit<'_>,
    user: UserKind,
    role: String,
    region: &str,
    validity: Option<u32>,
) -> Reply {
    // Absent and 0 mean an hour to every client, so that is how long AWS accepts it.
    let lifetime = validity.filter(|&seconds| seconds > 0).unwrap_or(3600);
    let now = visit.now();
    let wanted = Wanted { user, role, region: region.to_owned(), lifetime };
    let fresh = visit.state.issuer.issue(wanted, now);
    Reply::json(&AccessInfo {
        console_url: fresh.console_url.expose(),
        access_key_id: &fresh.key_id,
        secret_access_key: fresh.secret_key.expose(),
        session_token: fresh.session_token.expose(),
        region,
        validity,
        expiration: visit.scenario.expiration.then(|| fresh.expires.to_string()),
    })
}
