//! Signing in with a browser: the form that asks who you are, and the page that asks whether a program may have
//! your token.

use axum::http::header;
use serde::Deserialize;

use super::callback::{self, Button, Opening};
use super::dice;
use super::form;
use super::page::page;
use super::reply::Reply;
use super::users::{TokenState, UserKind};
use super::visit::Visit;

const COOKIE: &str = "simsession";
const VERIFY_TOKEN: &str = "/app/user/verify-token";

/// The page where a browser lands that asked for nothing in particular: also what an API client gets from a portal
/// that serves its page for every unknown path.
pub(super) fn front_page(_: &mut Visit<'_>) -> Reply {
    page(200, include_str!("../../../templates/demo/portal.html"), &[])
}

/// The form that asks who you are.
pub(super) fn form(visit: &mut Visit<'_>) -> Reply {
    let next = visit.call.query("next").unwrap_or_default();
    // The template has a button per kind; those not in the scenario are hidden by style.
    let there = |user: UserKind| if visit.state.tokens.has(user) { "" } else { "absent" };
    let values = [
        ("NEXT", next),
        ("ADMIN", there(UserKind::Admin)),
        ("TENANT", there(UserKind::Tenant)),
        ("NONE", there(UserKind::None)),
        ("READ-ONLY", there(UserKind::ReadOnly)),
        ("MFA", there(UserKind::Mfa)),
    ];
    page(200, include_str!("../../../templates/demo/login.html"), &values)
}

/// What the form sends: `user` and where to go `next`.
pub(super) fn sign_in(visit: &mut Visit<'_>) -> Reply {
    let sent = form::pairs(&String::from_utf8_lossy(&visit.call.body));
    let user = form::value(&sent, "user").and_then(UserKind::from_name);
    let Some(user) = user.filter(|&user| visit.state.tokens.has(user)) else {
        return Reply::text(400, "There is no such user.");
    };
    let token = visit.state.tokens.issue(user);
    let n = visit.state.sessions.len() as u64;
    let session =
        format!("SIMCOOKIE{n}{}", dice::text(visit.scenario.seed, "cookie", n, dice::BASE64URL, 32));
    visit.state.sessions.insert(session.clone(), (user, token));
    let next = form::value(&sent, "next").filter(|next| next.starts_with("/app/")).unwrap_or("/app/");
    Reply::redirect(next.to_owned())
        .with(header::SET_COOKIE, format!("{COOKIE}={session}; Path=/; HttpOnly; SameSite=Lax"))
}

/// `app/user/verify-token`: asks whether the program at `localPort` may have the token.
pub(super) fn verify_token(visit: &mut Visit<'_>) -> Reply {
    if visit.call.query("success") == Some("true") {
        return page(200, include_str!("../../../templates/demo/granted.html"), &[]);
    }
    let Some(opening) = Opening::read(&visit.call.query) else {
        return page(400, include_str!("../../../templates/demo/refused.html"), &[]);
    };
    let Some((user, _)) = session(visit) else {
        let here = format!("{VERIFY_TOKEN}?{}", visit.call.query_text);
        return Reply::redirect(format!("/app/login?next={}", form::escape_all(&here)));
    };
    let wants_otp = opening.admin && visit.wants_otp(user);
    let values = [
        ("APP", opening.app.as_str()),
        ("EMAIL", user.email()),
        ("QUERY", visit.call.query_text.as_str()),
        ("OTP", if wants_otp { "wanted" } else { "absent" }),
        ("SCOPE", if opening.admin { "admin" } else { "absent" }),
    ];
    page(200, include_str!("../../../templates/demo/verify_token.html"), &values)
}

#[derive(Deserialize)]
struct Pressed {
    button: Button,
    otp: Option<String>,
}

/// What the page's script asks when a button is pressed: what to do now. The query is the page's own.
pub(super) fn press(visit: &mut Visit<'_>) -> Reply {
    let pressed: Option<Pressed> = serde_json::from_slice(&visit.call.body).ok();
    match (session(visit), Opening::read(&visit.call.query), pressed) {
        (Some((_, token)), Some(opening), Some(pressed)) => {
            let otp = pressed.otp.as_deref().filter(|otp| !otp.is_empty());
            Reply::json(&callback::press(visit.scenario, &opening, pressed.button, &token, otp))
                .with(header::CACHE_CONTROL, "no-store")
        }
        (None, ..) => Reply::message(401, "Sign in first."),
        _ => Reply::message(400, "The request is invalid."),
    }
}

/// Who signed in with this browser, as long as the token of that session lives.
fn session(visit: &Visit<'_>) -> Option<(UserKind, String)> {
    let (user, token) = visit.state.sessions.get(visit.call.cookie(COOKIE)?)?;
    let live = visit.state.tokens.find(token).is_some_and(|(_, state)| state == TokenState::Live);
    live.then(|| (*user, token.clone()))
}
