//! Changing the portal from another process: JSON over HTTP under `/demo/`, without a token.
//!
//! | request | does |
//! |---|---|
//! | `GET /demo/counts` | the requests so far, by endpoint |
//! | `POST /demo/reset-counts` | counts from zero |
//! | `POST /demo/fault {"endpoint","fault","times"?}` | spoils an endpoint |
//! | `DELETE /demo/faults` | spoils nothing any more |
//! | `GET /demo/issued` | key ids, roles and expiries handed out so far |
//! | `POST /demo/revoke` | withdraws them all |
//! | `GET /demo/tokens` | user → token |
//! | `POST /demo/token-state {"user","state"}` | `live`, `expired` or `logged-out` |
//! | `POST /demo/tenant {"name","plan"?}`, `DELETE /demo/tenant/{name}` | adds or removes a tenant |
//! | `POST /demo/clock {"advance"}` | moves the portal's clock by seconds |
//! | `POST /demo/press {"user","url","button","otp"?}` | what a browser would do at that sign-in page |

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value, json};

use super::callback::Button;
use super::form;
use super::reply::Reply;
use super::simulator::Portal;
use super::users::{TokenState, UserKind};
use super::visit::Call;

/// Answers a control call; `None` when the request is not one.
pub(super) fn answer(portal: &Portal, call: &Call) -> Option<Reply> {
    let path = call.path.strip_prefix("demo/")?;
    Some(done(portal, call, path).unwrap_or_else(|refusal| refusal))
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FaultCall {
    endpoint: String,
    fault: String,
    times: Option<u32>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TokenStateCall {
    user: String,
    state: TokenState,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TenantCall {
    name: String,
    plan: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ClockCall {
    advance: i64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PressCall {
    user: String,
    url: String,
    button: Button,
    otp: Option<String>,
}

fn done(portal: &Portal, call: &Call, path: &str) -> Result<Reply, Reply> {
    Ok(match (call.method.as_str(), path) {
        ("GET", "counts") => Reply::json(&portal.counts()),
        ("POST", "reset-counts") => {
            portal.reset_counts();
            Reply::empty()
        }
        ("POST", "fault") => {
            let wanted: FaultCall = body(call)?;
            let fault = wanted.fault.parse().map_err(|error| refusal(&error))?;
            portal.fault(&wanted.endpoint, fault, wanted.times);
            Reply::empty()
        }
        ("DELETE", "faults") => {
            portal.clear_faults();
            Reply::empty()
        }
        ("GET", "issued") => Reply::json(&issued(portal)),
        ("POST", "revoke") => {
            portal.revoke_issued();
            Reply::empty()
        }
        ("GET", "tokens") => Reply::json(&tokens(portal)),
        ("POST", "token-state") => {
            let wanted: TokenStateCall = body(call)?;
            portal.set_token_state(user(portal, &wanted.user)?, wanted.state);
            Reply::empty()
        }
        ("POST", "tenant") => {
            let wanted: TenantCall = body(call)?;
            let tenant = portal.add_tenant(&wanted.name, wanted.plan.as_deref().unwrap_or_default());
            Reply::json(&json!({ "id": tenant.id.as_str(), "name": tenant.name, "region": tenant.region }))
        }
        ("DELETE", path) if path.starts_with("tenant/") => {
            let name = form::segment(&path["tenant/".len()..]);
            if portal.remove_tenant(&name) {
                Reply::empty()
            } else {
                Reply::text(404, "There is no such tenant.")
            }
        }
        ("POST", "clock") => {
            portal.advance_clock(body::<ClockCall>(call)?.advance);
            Reply::empty()
        }
        ("POST", "press") => {
            let wanted: PressCall = body(call)?;
            let user = user(portal, &wanted.user)?;
            match portal.press(user, &wanted.url, wanted.button, wanted.otp.as_deref()) {
                Some(request) => Reply::json(&request),
                None => return Err(Reply::text(400, "The address names no local port.")),
            }
        }
        _ => Reply::text(404, "There is no such control call."),
    })
}

fn body<T: DeserializeOwned>(call: &Call) -> Result<T, Reply> {
    serde_json::from_slice(&call.body).map_err(|error| refusal(&error))
}

fn refusal(error: &dyn std::error::Error) -> Reply {
    Reply::text(400, &error.to_string())
}

fn user(portal: &Portal, name: &str) -> Result<UserKind, Reply> {
    let known = UserKind::from_name(name).filter(|user| portal.users().contains(user));
    known.ok_or_else(|| Reply::text(400, "There is no such user."))
}

fn issued(portal: &Portal) -> Value {
    let shown = |issued: super::issue::Issued| {
        json!({
            "key_id": issued.key_id,
            "user": issued.user.name(),
            "role": issued.role,
            "region": issued.region,
            "expires": issued.expires.to_string(),
            "revoked": issued.revoked,
        })
    };
    portal.issued().into_iter().map(shown).collect()
}

fn tokens(portal: &Portal) -> Map<String, Value> {
    let token = |user: UserKind| Some((user.name().to_owned(), json!(portal.token(user)?.expose())));
    portal.users().into_iter().filter_map(token).collect()
}
