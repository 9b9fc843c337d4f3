//! The stand-in for AWS: it knows the credentials of its portal and no others.

use jitpass::demo::portal::{Running, UserKind};
use serde_json::Value;

use crate::demo::raw::{Answer, get, send, start};

fn issued(portal: &Running, path: &str, user: UserKind) -> Value {
    get(path).token(portal.token(user).expose()).to(&portal.url()).json()
}

fn identity(portal: &Running, key_id: &str, session_token: &str) -> Answer {
    let signature = format!(
        "AWS4-HMAC-SHA256 Credential={key_id}/20260701/us-west-2/sts/aws4_request, \
         SignedHeaders=host;x-amz-date, Signature=00"
    );
    send("POST", "/", "Action=GetCallerIdentity&Version=2011-06-15")
        .header("Authorization", &signature)
        .header("X-Amz-Security-Token", session_token)
        .to(&portal.url())
}

fn identity_of(portal: &Running, credential: &Value) -> Answer {
    let field = |name: &str| credential[name].as_str().unwrap_or_default();
    identity(portal, field("AccessKeyId"), field("SessionToken"))
}

#[test]
fn it_says_whose_a_credential_is() {
    let portal = start("");
    let tenant = portal.portal().tenants()[1].clone();
    let account = portal.portal().scenario().account();
    let path = format!("/subscriptions/{}/GetAwsConsoleTokenUrl", tenant.id);
    for (path, user, role) in [
        ("/v3/admin/aws/jitAccess/admin", UserKind::Admin, "duplomaster/ada@example.com"),
        ("/v3/admin/aws/jitAccess/duplo-ops", UserKind::Admin, "duploops/ada@example.com"),
        (path.as_str(), UserKind::Tenant, "duploservices-dev01/pat@example.com"),
    ] {
        let answer = identity_of(&portal, &issued(&portal, path, user));
        assert_eq!((answer.status, answer.header("content-type")), (200, "text/xml"));
        let arn = format!("<Arn>arn:aws:sts::{account}:assumed-role/{role}</Arn>");
        assert!(answer.body.contains(&arn), "{}", answer.body);
        assert!(answer.body.contains(&format!("<Account>{account}</Account>")));
    }
}

#[test]
fn it_believes_in_nothing_else() {
    let portal = start("validity=900");
    let credential = issued(&portal, "/v3/admin/aws/jitAccess/admin", UserKind::Admin);
    let key_id = credential["AccessKeyId"].as_str().unwrap();
    let code = |answer: Answer| {
        let code =
            answer.body.split("<Code>").nth(1).and_then(|rest| rest.split('<').next()).map(str::to_owned);
        (answer.status, code.unwrap_or_default())
    };
    let refused = |code: &str| (403, code.to_owned());
    assert_eq!(code(identity(&portal, "ASIASIMNEVERISSUED00", "x")), refused("InvalidClientTokenId"));
    assert_eq!(code(identity(&portal, key_id, "SIMSESSIONother")), refused("InvalidClientTokenId"));
    let unsigned = send("POST", "/aws/sts", "Action=GetCallerIdentity").to(&portal.url());
    assert_eq!(code(unsigned), refused("MissingAuthenticationToken"));
    let other = get("/?Action=AssumeRole").to(&portal.url());
    assert_eq!(code(other), (400, "InvalidAction".to_owned()));

    assert_eq!(identity_of(&portal, &credential).status, 200);
    portal.portal().advance_clock(901);
    assert_eq!(code(identity_of(&portal, &credential)), refused("ExpiredToken"));
    let next = issued(&portal, "/v3/admin/aws/jitAccess/admin", UserKind::Admin);
    assert_eq!(identity_of(&portal, &next).status, 200);
    portal.portal().revoke_issued();
    assert_eq!(code(identity_of(&portal, &next)), refused("InvalidClientTokenId"));
    assert!(portal.portal().issued().iter().all(|issued| issued.revoked));

    let denied = "aws=AccessDenied".parse().unwrap();
    portal.portal().fault("sts", denied, Some(1));
    assert_eq!(code(identity_of(&portal, &next)), refused("AccessDenied"));
    assert_eq!((portal.counts().of("sts"), portal.counts().portal()), (9, 2));
}
