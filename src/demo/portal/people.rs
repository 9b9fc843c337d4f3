//! Who the caller is.

use serde_json::json;

use super::reply::Reply;
use super::scenario::Generation;
use super::users::UserKind;
use super::visit::Visit;

/// `admin/GetUserRoleInfo`. Older portals send one `Role` in place of `Roles`.
pub(super) fn role_info(visit: &mut Visit<'_>, user: UserKind) -> Reply {
    let mut info = json!({
        "Username": user.email(),
        "IsReadOnly": user == UserKind::ReadOnly,
        "ReallocateVpnAddress": false,
        "RegenerateVpnPassword": false,
        "IsVpnConfigCreated": false,
        "IsConfirmationEmailSent": false,
        // Portals put the token of the session here; a client must never show it.
        "CurrentSessionToken": visit.call.bearer(),
    });
    let roles: &[&str] = if user.is_admin() { &["User", "Administrator"] } else { &["User"] };
    if visit.scenario.generation == Generation::New {
        info["Roles"] = json!(roles);
    } else {
        info["Role"] = json!(roles.last());
    }
    Reply::json(&info)
}

/// `admin/IsUserAdmin`.
pub(super) fn is_admin(_: &mut Visit<'_>, user: UserKind) -> Reply {
    Reply::json(&user.is_admin())
}
