//! Changing the portal from another process.

use jitpass::demo::portal::{Portal, Scenario, StartError};

use crate::demo::raw::{get, send, start};

#[test]
fn every_control_call() {
    let portal = start("");
    let url = portal.url();
    let call = |method, path, body: &str| {
        let answer = send(method, path, body).to(&url);
        assert!(answer.status < 300, "{method} {path} {body}: {} {}", answer.status, answer.body);
        answer
    };
    let token = get("/demo/tokens").to(&url).json()["admin"].as_str().unwrap().to_owned();
    let jit = || get("/v3/admin/aws/jitAccess/admin").token(&token).to(&url).status;

    call("POST", "/demo/fault", r#"{"endpoint":"v3/admin/*","fault":"500","times":1}"#);
    assert_eq!((jit(), jit()), (500, 200));
    call("POST", "/demo/fault", r#"{"endpoint":"*","fault":"503"}"#);
    assert_eq!((jit(), jit()), (503, 503));
    call("DELETE", "/demo/faults", "");
    assert_eq!(jit(), 200);
    assert_eq!(get("/demo/counts").to(&url).json()["GET v3/admin/aws/jitAccess/admin"]["total"], 5);
    call("POST", "/demo/reset-counts", "");
    assert_eq!(get("/demo/counts").to(&url).body, "{}");

    call("POST", "/demo/revoke", "");
    let issued = call("GET", "/demo/issued", "").json();
    assert_eq!((issued.as_array().unwrap().len(), &issued[0]["revoked"]), (2, &true.into()));
    call("POST", "/demo/token-state", r#"{"user":"admin","state":"expired"}"#);
    assert_eq!(jit(), 401);
    call("POST", "/demo/token-state", r#"{"user":"ada@example.com","state":"live"}"#);
    assert_eq!(jit(), 200);
    call("POST", "/demo/clock", r#"{"advance":60}"#);

    let tenants = || get("/admin/GetTenantsForUser").token(&token).to(&url).body;
    assert_eq!(
        call("POST", "/demo/tenant", r#"{"name":"new 01","plan":"prod"}"#).json()["region"],
        "us-east-1"
    );
    assert!(tenants().contains("\"new 01\""));
    call("DELETE", "/demo/tenant/new%2001", "");
    assert!(!tenants().contains("new 01"));

    let link = format!("{url}/app/user/verify-token?localAppName=x&localPort=9&redirect=true");
    let press = format!(r#"{{"user":"tenant","url":"{link}","button":"authorize"}}"#);
    let next = call("POST", "/demo/press", &press).json();
    assert!(next["url"].as_str().unwrap().starts_with("http://127.0.0.1:9/?t=SIMTOKEN%2Dtenant%2D"));
}

#[test]
fn a_wrong_control_call_is_explained() {
    let portal = start("users=admin");
    for (method, path, body, status, said) in [
        ("POST", "/demo/fault", r#"{"endpoint":"*","fault":"boom"}"#, 400, "`boom` is no fault; write 401"),
        ("POST", "/demo/fault", r#"{"endpoint":"*"}"#, 400, "missing field `fault`"),
        ("POST", "/demo/token-state", r#"{"user":"mfa","state":"live"}"#, 400, "no such user"),
        ("POST", "/demo/token-state", r#"{"user":"admin","state":"dead"}"#, 400, "unknown variant `dead`"),
        ("DELETE", "/demo/tenant/none", "", 404, "no such tenant"),
        ("GET", "/demo/revoke", "", 404, "no such control call"),
        ("GET", "/demo/", "", 404, "No HTTP resource"),
    ] {
        let answer = send(method, path, body).to(&portal.url());
        assert_eq!(answer.status, status, "{method} {path}");
        assert!(answer.body.contains(said), "{}", answer.body);
    }
}

#[test]
fn a_portal_says_why_it_cannot_start() {
    let taken = start("");
    let error = Portal::start(Scenario::default(), taken.address()).unwrap_err();
    assert!(matches!(error, StartError::Listen { .. }), "{error}");
    let error = Portal::start(Scenario::default(), ([0, 0, 0, 0], 0).into()).unwrap_err();
    assert!(matches!(error, StartError::NotLoopback { .. }), "{error}");
}

#[test]
fn the_same_seed_is_the_same_portal() {
    let ids = |words| start(words).portal().tenants().iter().map(|t| t.id.to_string()).collect::<Vec<_>>();
    assert_eq!(ids("seed=5"), ids("seed=5"));
    assert_ne!(ids("seed=5"), ids("seed=6"));
}
