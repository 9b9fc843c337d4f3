//! Each endpoint, asked by each kind of user of each generation of portal.

use jitpass::demo::portal::{Running, TokenState, UserKind};
use serde_json::Value;

use crate::demo::raw::{get, send, start};

/// Endpoints, and their status for: no token, a bad one, an expired one, one logged out, a user of the tenant, a
/// user without tenants, a read-only user, an administrator, an administrator on an older portal.
const MATRIX: &[(&str, [u16; 9])] = &[
    ("v3/features/system", [401, 401, 401, 200, 200, 200, 200, 200, 200]),
    ("v3/features/tenant", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("v3/features/tenant/OWN", [401, 401, 401, 401, 200, 403, 200, 200, 200]),
    ("v3/features/tenant/FOREIGN", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("v3/features/tenant/UNKNOWN", [401, 401, 401, 401, 404, 404, 404, 404, 404]),
    ("admin/GetTenantsForUser", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("adminproxy/GetTenantNames", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("admin/GetUserRoleInfo", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("admin/IsUserAdmin", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("v3/admin/aws/jitAccess/admin", [401, 401, 401, 401, 403, 403, 403, 200, 404]),
    ("v3/admin/aws/jitAccess/admin/eu-central-1", [401, 401, 401, 401, 403, 403, 403, 200, 404]),
    ("v3/admin/aws/jitAccess/duplo-ops", [401, 401, 401, 401, 403, 403, 403, 200, 404]),
    ("v3/admin/aws/jitAccess/root", [404; 9]),
    ("adminproxy/GetJITAwsConsoleAccessUrl", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("admin/GetJITAwsConsoleAccessUrl", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("subscriptions/OWN/GetAwsConsoleTokenUrl", [401, 401, 401, 401, 200, 403, 200, 200, 200]),
    ("subscriptions/FOREIGN/GetAwsConsoleTokenUrl", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("subscriptions/UNKNOWN/GetAwsConsoleTokenUrl", [401, 401, 401, 401, 404, 404, 404, 404, 404]),
    ("subscriptions/OWN/GetAwsRegionId", [401, 401, 401, 401, 200, 403, 200, 200, 200]),
    ("subscriptions/OWN/GetTenantAwsAccountId", [401, 401, 401, 401, 200, 403, 200, 200, 200]),
    ("adminproxy/GetAwsAccountId", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("v3/subscriptions/OWN/k8s/jitAccess", [401, 401, 401, 401, 200, 403, 200, 200, 404]),
    ("/v3/subscriptions/OWN/k8s/jitAccess", [401, 401, 401, 401, 200, 403, 200, 200, 404]),
    ("v3/admin/plans/nonprod/k8sConfig", [401, 401, 401, 401, 403, 403, 403, 200, 404]),
    ("v3/admin/plans/nowhere/k8sConfig", [401, 401, 401, 401, 403, 403, 403, 404, 404]),
    ("v3/admin/tenant/OWN/metadata", [401, 401, 401, 401, 403, 403, 403, 200, 200]),
    ("v3/admin/tenant/UNKNOWN/metadata", [401, 401, 401, 401, 403, 403, 403, 404, 404]),
    ("build-metadata.json", [200; 9]),
    ("frontdoor/build-metadata.json", [200; 9]),
    ("v3/version", [401, 401, 401, 401, 200, 200, 200, 200, 200]),
    ("no/such/route", [404; 9]),
];

#[test]
fn every_endpoint_for_everyone() {
    let (new, older, states) = (start(""), start("older"), start(""));
    let expired = states.token(UserKind::Tenant);
    states.portal().set_token_state(UserKind::Tenant, TokenState::Expired);
    let logged_out = states.token(UserKind::Admin);
    states.portal().set_token_state(UserKind::Admin, TokenState::LoggedOut);
    let token = |user| new.token(user).expose().to_owned();
    let callers: [(&Running, String); 9] = [
        (&new, String::new()),
        (&new, "SIMTOKEN-nobody".to_owned()),
        (&states, expired.expose().to_owned()),
        (&states, logged_out.expose().to_owned()),
        (&new, token(UserKind::Tenant)),
        (&new, token(UserKind::None)),
        (&new, token(UserKind::ReadOnly)),
        (&new, token(UserKind::Admin)),
        (&older, older.token(UserKind::Admin).expose().to_owned()),
    ];
    for (path, expected) in MATRIX {
        for (column, ((portal, token), status)) in callers.iter().zip(expected).enumerate() {
            let answer = get(&path_of(portal, path)).token(token).to(&portal.url());
            assert_eq!(answer.status, *status, "{path}, column {column}: {}", answer.body);
            assert!(answer.end.is_ok() && !answer.header("date").is_empty());
            if answer.header("content-type").starts_with("application/json") {
                answer.json();
            } else {
                // Refusals of people are bare text, as the portal's own code writes them.
                assert!(matches!(answer.status, 400 | 403 | 404), "{path}, column {column}");
            }
        }
    }
}

#[test]
fn an_older_portal_may_say_500_for_what_it_lacks() {
    let portal = start("older-500");
    let token = portal.token(UserKind::Admin);
    let status = |path: &str| get(path).token(token.expose()).to(&portal.url()).status;
    assert_eq!(status("/v3/admin/aws/jitAccess/admin"), 500);
    assert_eq!(status("/adminproxy/GetJITAwsConsoleAccessUrl"), 200);
    let role = get("/admin/GetUserRoleInfo").token(token.expose()).to(&portal.url()).json();
    assert_eq!((&role["Role"], &role["Roles"]), (&Value::from("Administrator"), &Value::Null));
}

#[test]
fn refusals_can_be_chosen() {
    let portal =
        start("role-status=401,foreign-status=401,unknown-status=400,otp-status=401,no-read-only-jit");
    for (user, path, expected) in [
        (UserKind::Tenant, "v3/admin/aws/jitAccess/admin", 401),
        (UserKind::Tenant, "subscriptions/FOREIGN/GetAwsConsoleTokenUrl", 401),
        (UserKind::Tenant, "subscriptions/UNKNOWN/GetAwsConsoleTokenUrl", 400),
        (UserKind::Mfa, "v3/admin/aws/jitAccess/admin", 401),
        (UserKind::ReadOnly, "subscriptions/OWN/GetAwsConsoleTokenUrl", 403),
    ] {
        let answer = get(&path_of(&portal, path)).token(portal.token(user).expose()).to(&portal.url());
        assert_eq!(answer.status, expected, "{path}");
    }
}

#[test]
fn administrators_work_needs_a_code_where_the_portal_wants_one() {
    let (some, all) = (start(""), start("mfa,otp=4711"));
    for (portal, user, code, expected, wanted) in [
        (&some, UserKind::Admin, "", 200, false),
        (&some, UserKind::Mfa, "", 403, true),
        (&some, UserKind::Mfa, "000000", 403, true),
        (&some, UserKind::Mfa, "123456", 200, true),
        (&all, UserKind::Admin, "123456", 403, true),
        (&all, UserKind::Admin, "4711", 200, true),
    ] {
        let token = portal.token(user);
        let ask = |path| get(path).token(token.expose()).header("otpcode", code).to(&portal.url());
        assert_eq!(ask("/v3/admin/aws/jitAccess/admin").status, expected, "{user:?} {code}");
        assert_eq!(ask("/v3/features/system").json()["IsOtpNeeded"], wanted);
        assert_eq!(ask(&path_of(portal, "subscriptions/OWN/GetAwsConsoleTokenUrl")).status, 200);
    }
}

#[test]
fn credentials_have_the_fields_the_scenario_asks_for() {
    for (words, validity, lifetime) in [
        ("", Value::from(3600), Some(3600)),
        ("validity=900", Value::from(900), Some(900)),
        ("validity=43200", Value::from(43_200), Some(43_200)),
        ("validity=0", Value::from(0), Some(3600)),
        ("validity=absent", Value::Null, Some(3600)),
        ("no-expiration", Value::from(3600), None),
    ] {
        let portal = start(words);
        let token = portal.token(UserKind::Admin);
        let answer = get("/v3/admin/aws/jitAccess/admin").token(token.expose()).to(&portal.url()).json();
        assert_eq!(answer["Validity"], validity, "{words}");
        let expires = portal.portal().issued()[0].expires;
        let shown = lifetime.map_or(Value::Null, |_| Value::from(expires.to_string()));
        assert_eq!(answer["Expiration"], shown, "{words}");
        assert_eq!(answer["AccessKeyId"], *portal.portal().issued()[0].key_id);
    }
}

#[test]
fn partitions_and_regions_go_through_the_whole_answer() {
    let portal = start("gov");
    let token = portal.token(UserKind::Admin);
    let ask = |path: &str| get(path).token(token.expose()).to(&portal.url()).json();
    assert_eq!(ask("/v3/features/system")["DefaultAwsPartition"], "aws-us-gov");
    let own = ask("/v3/admin/aws/jitAccess/admin");
    assert_eq!(own["Region"], "us-gov-west-1");
    assert!(
        own["ConsoleUrl"].as_str().unwrap().starts_with("https://signin.amazonaws-us-gov.com/federation?")
    );
    let other = ask("/v3/admin/aws/jitAccess/admin/us-gov-east-1");
    assert!(other["ConsoleUrl"].as_str().unwrap().ends_with("%3fregion%3dus-gov-east-1"));
}

#[test]
fn a_tenant_setting_can_be_changed_and_counts() {
    let portal = start("validity-key=validity");
    let token = portal.token(UserKind::Admin);
    let path = path_of(&portal, "v3/admin/tenant/OWN/metadata");
    let body = r#"{"Key":"validity","Value":"7200"}"#;
    let set = send("POST", &path, body).token(token.expose()).to(&portal.url());
    assert_eq!((set.status, set.json()), (200, serde_json::from_str(body).unwrap()));
    let listed = get(&path).token(token.expose()).to(&portal.url()).json();
    assert_eq!(listed[1]["Value"], "7200");
    let jit = path_of(&portal, "subscriptions/OWN/GetAwsConsoleTokenUrl");
    assert_eq!(get(&jit).token(token.expose()).to(&portal.url()).json()["Validity"], 7200);
    let key = format!("{path}/validity");
    assert_eq!(send("DELETE", &key, "").token(token.expose()).to(&portal.url()).status, 204);
    assert_eq!(get(&key).token(token.expose()).to(&portal.url()).status, 404);
}

#[test]
fn kubernetes_answers_in_every_form() {
    for (words, refresh, authority) in [
        ("", true, true),
        ("k8s-refresh=absent,k8s-opaque", false, true),
        ("k8s-refresh=empty,k8s-no-ca", true, false),
    ] {
        let portal = start(words);
        let token = portal.token(UserKind::Admin);
        let path = path_of(&portal, "v3/subscriptions/OWN/k8s/jitAccess");
        let config = get(&path).token(token.expose()).to(&portal.url()).json();
        assert_eq!(config.get("LastTokenRefreshTime").is_some(), refresh, "{words}");
        assert_eq!(config.get("CertificateAuthorityDataBase64").is_some(), authority, "{words}");
        assert_eq!(config["DefaultNamespace"], "duploservices-dev01");
        let parts = config["Token"].as_str().unwrap().split('.').count();
        assert_eq!(parts == 3, !words.contains("opaque"), "{words}");
    }
    let portal = start("no-k8s");
    let token = portal.token(UserKind::Admin);
    let answer = get("/v3/admin/plans/prod/k8sConfig").token(token.expose()).to(&portal.url());
    assert_eq!((answer.status, answer.body.as_str()), (400, "no kubernetes cluster for this plan prod"));
}

#[test]
fn a_thousand_tenants_are_one_answer_of_sane_size() {
    let portal = start("large");
    let token = portal.token(UserKind::Admin);
    for path in ["/admin/GetTenantsForUser", "/adminproxy/GetTenantNames", "/v3/features/tenant"] {
        let answer = get(path).token(token.expose()).to(&portal.url());
        let length =
            answer.json().as_array().map_or_else(|| answer.json().as_object().unwrap().len(), Vec::len);
        assert_eq!(length, 1000);
        assert!((100_000..1_500_000).contains(&answer.body.len()), "{path}: {}", answer.body.len());
    }
}

#[test]
fn hostile_names_arrive_as_they_are() {
    let portal = start("odd,tenants=1");
    let token = portal.token(UserKind::Admin);
    let list = get("/admin/GetTenantsForUser").token(token.expose()).to(&portal.url()).json();
    let names: Vec<&str> =
        list.as_array().unwrap().iter().filter_map(|t| t["AccountName"].as_str()).collect();
    for name in ["default", "dev\u{1b}[31m", "../x", "a b", "$(id)", "Caps01", ""] {
        assert!(names.contains(&name), "{name:?}");
    }
}

/// A path with the id of a tenant of the plain users (`OWN`), of one they may not use, or of none.
fn path_of(portal: &Running, path: &str) -> String {
    let tenants = portal.portal().tenants();
    let id = |open| {
        let tenant = tenants.iter().find(|tenant| tenant.is_open_to(UserKind::Tenant) == open);
        tenant.map_or("", |tenant| tenant.id.as_str())
    };
    let unknown = "00000000-0000-4000-8000-000000000000";
    format!("/{}", path.replace("OWN", id(true)).replace("FOREIGN", id(false)).replace("UNKNOWN", unknown))
}
