//! Who gets in, and what the others are told.

use axum::http::header;

use super::reply::Reply;
use super::routes::{Handler, Route};
use super::scenario::Generation;
use super::tenants::Tenant;
use super::users::{TokenState, UserKind};
use super::visit::Visit;

/// Answers a request to an endpoint: checks the token, then whether this generation of portal has the endpoint at
/// all, then role, code and tenant. (The front service checks tokens before it asks the engine, so a bad token is
/// 401 on older portals too.)
pub(super) fn answer(visit: &mut Visit<'_>, route: &Route) -> Reply {
    admitted(visit, route).unwrap_or_else(|refusal| refusal)
}

fn admitted(visit: &mut Visit<'_>, route: &Route) -> Result<Reply, Reply> {
    if let Handler::Open(answer) = route.handler {
        return Ok(answer(visit));
    }
    let user = user(visit, matches!(route.handler, Handler::Ping(_)))?;
    if route.recent {
        match visit.scenario.generation {
            Generation::New => {}
            Generation::Older => return Err(unknown_route(visit)),
            Generation::Older500 => return Err(Reply::message(500, "An error has occurred.")),
        }
    }
    Ok(match route.handler {
        Handler::Open(answer) => answer(visit),
        Handler::Ping(answer) | Handler::User(answer) => answer(visit, user),
        Handler::Admin(answer) => {
            administrator(visit, user)?;
            answer(visit, user)
        }
        Handler::Tenant(answer) => {
            let tenant = tenant(visit)?;
            if !tenant.is_open_to(user) {
                let text = "User does not have access to this tenant.";
                return Err(Reply::text(visit.scenario.refusals.foreign_tenant, text));
            }
            answer(visit, user, &tenant)
        }
        Handler::AdminTenant(answer) => {
            administrator(visit, user)?;
            let tenant = tenant(visit)?;
            answer(visit, user, &tenant)
        }
    })
}

/// The stock answer of the portal's framework to a path it does not know.
pub(super) fn unknown_route(visit: &Visit<'_>) -> Reply {
    let host = visit.call.header(header::HOST.as_str()).unwrap_or("localhost");
    let message = format!(
        "No HTTP resource was found that matches the request URI 'http://{host}/{}'.",
        visit.call.path
    );
    Reply::message(404, &message)
}

/// Its answer to a method that a path does not have.
pub(super) fn other_method(visit: &Visit<'_>) -> Reply {
    let message = format!("The requested resource does not support http method '{}'.", visit.call.method);
    Reply::message(405, &message)
}

fn user(visit: &Visit<'_>, ping: bool) -> Result<UserKind, Reply> {
    match visit.call.bearer().and_then(|token| visit.state.tokens.find(token)) {
        Some((user, TokenState::Live)) => Ok(user),
        Some((user, TokenState::LoggedOut)) if ping => Ok(user),
        _ => Err(Reply::message(401, "Authorization has been denied for this request.")
            .with(header::WWW_AUTHENTICATE, "Bearer")),
    }
}

fn administrator(visit: &Visit<'_>, user: UserKind) -> Result<(), Reply> {
    let refusals = &visit.scenario.refusals;
    if !user.is_admin() {
        return Err(Reply::text(refusals.role, "User is not an administrator."));
    }
    let code = visit.call.header("otpcode");
    if visit.wants_otp(user) && code != Some(visit.scenario.otp.as_str()) {
        return Err(Reply::text(refusals.otp, "A valid one-time password is required."));
    }
    Ok(())
}

fn tenant(visit: &Visit<'_>) -> Result<Tenant, Reply> {
    let id = visit.parameter("id");
    visit.state.tenants.find(id).cloned().ok_or_else(|| {
        let status = visit.scenario.refusals.unknown_tenant;
        let message = format!("Tenant with id {id} not found.");
        if visit.call.path.starts_with("v3/") {
            Reply::message(status, &message)
        } else {
            Reply::text(status, &message)
        }
    })
}
