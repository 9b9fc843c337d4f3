//! Signing in as a browser does, without one.

use jitpass::demo::portal::{Button, TokenState, UserKind};

use crate::demo::raw::{get, send, start};

const PAGE: &str = "/app/user/verify-token?localAppName=duplo-jit&localPort=4711&redirect=true";

#[test]
fn from_the_link_to_the_token() {
    let portal = start("");
    let url = portal.url();
    let login = get(PAGE).to(&url);
    assert_eq!(login.status, 302);
    let form = get(login.header("location")).to(&url);
    assert!(form.body.contains(
        "value=\"/app/user/verify-token?localAppName=duplo-jit&amp;localPort=4711&amp;redirect=true\""
    ));
    let body = format!("user=tenant&next={}", PAGE.replace('&', "%26"));
    let signed_in = send("POST", "/app/login", &body).to(&url);
    assert_eq!((signed_in.status, signed_in.header("location")), (302, PAGE));
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();

    let page = get(PAGE).header("Cookie", &cookie).to(&url);
    assert_eq!(page.status, 200);
    for text in ["<title>Local Access Requested</title>", "<code>duplo-jit</code>", "pat@example.com"] {
        assert!(page.body.contains(text), "{text}");
    }
    let cancel = page.body.find("data-button=\"cancel\"").unwrap();
    assert!(cancel < page.body.find("data-button=\"authorize\"").unwrap(), "Cancel stands left");

    let press = PAGE.replace('?', "/press?");
    let authorize = send("POST", &press, r#"{"button":"authorize","otp":null}"#);
    assert_eq!(authorize.to(&url).status, 401);
    let next = authorize.header("Cookie", &cookie).to(&url).json();
    assert_eq!(next["method"], "GET");
    let token = next["url"].as_str().unwrap().strip_prefix("http://127.0.0.1:4711/?t=").unwrap();
    let token = token.replace("%2D", "-").replace("%5F", "_");
    assert_eq!(get("/admin/GetTenantsForUser").token(&token).to(&url).status, 200);

    portal.portal().set_token_state(UserKind::Tenant, TokenState::LoggedOut);
    assert_eq!(get("/admin/GetTenantsForUser").token(&token).to(&url).status, 401);
    assert_eq!(get("/v3/features/system").token(&token).to(&url).status, 200);
    assert_eq!(get(PAGE).header("Cookie", &cookie).to(&url).status, 302, "the browser is asked again");
    assert_eq!(portal.counts().portal(), 3, "pages are not requests to the API");
}

#[test]
fn the_page_cannot_be_made_to_run_or_go_elsewhere() {
    let portal = start("");
    let url = portal.url();
    let signed_in = send("POST", "/app/login", "user=admin&next=https://example.com/").to(&url);
    assert_eq!(signed_in.header("location"), "/app/");
    let cookie = signed_in.header("set-cookie").split(';').next().unwrap().to_owned();
    let page = "/app/user/verify-token?localPort=9&isAdmin=true&localAppName=%3Cscript%3Ealert(1)%22";
    let shown = get(page).header("Cookie", &cookie).to(&url).body;
    assert!(shown.contains("&lt;script&gt;alert(1)&quot;") && !shown.contains("<script>alert"));
    for bad in ["/app/user/verify-token", "/app/user/verify-token?localPort=http://x"] {
        assert_eq!(get(bad).to(&url).status, 400, "{bad}");
    }
    let granted = get(&format!("{PAGE}&success=true")).to(&url);
    assert!(granted.status == 200 && granted.body.contains("Access granted"));
    assert_eq!(send("POST", "/app/login", "user=root").to(&url).status, 400);
}

#[test]
fn a_stand_in_for_the_browser_can_press_the_buttons() {
    let portal = start("mfa");
    let link = format!("{}{PAGE}&isAdmin=true", portal.url());
    let press = |button, otp| portal.portal().press(UserKind::Admin, &link, button, otp).unwrap();
    assert!(press(Button::Authorize, Some("123456")).url.contains("/v2/callbackWithOtp?t=%7B%22otp%22"));
    assert_eq!(press(Button::Cancel, None).url, "http://127.0.0.1:4711/?t=");
    assert!(portal.portal().press(UserKind::Admin, "http://x/?localPort=no", Button::Cancel, None).is_none());
}
