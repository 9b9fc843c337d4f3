//! The document on stdout, and what becomes of it.

use std::fs::OpenOptions;

use snapbox::{assert_data_eq, str};

use super::aws;
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn the_document() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&aws(&sandbox, "admin", &["--admin"]).run()),
        str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 0
--- stdout
{"Version":1,"AccessKeyId":"[KEY-ID]","SecretAccessKey":"[SECRET]","SessionToken":"[SECRET]","Expiration":"[TIME]","Region":"us-west-2","ConsoleUrl":"https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2"}
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~lock mode 0600

"#]]
    );
}

#[test]
fn every_scope() {
    let sandbox = Sandbox::with("new");
    let id = sandbox.portal().portal().tenants().iter().find(|t| t.name == "dev01").unwrap().id.to_string();
    let role = |args: &[&str]| {
        let key = aws(&sandbox, "admin", args).run().success().field("AccessKeyId");
        sandbox.portal().portal().issued().into_iter().find(|i| i.key_id == key).unwrap().role
    };
    assert_eq!(role(&["--admin"]), "duplomaster");
    assert_eq!(role(&["--duplo-ops"]), "duploops");
    assert_eq!(role(&["--tenant", "dev01"]), "duploservices-dev01");
    assert_eq!(role(&["--tenant=DEV01"]), "duploservices-dev01");
    assert_eq!(role(&["--tenant", &id]), "duploservices-dev01");
    assert_eq!(role(&["--tenant", &id.to_uppercase()]), "duploservices-dev01");
    assert_eq!(role(&["--tenant", "dev01", "--duplo-ops", "--admin"]), "duplomaster");
    assert_eq!(role(&["--tenant", "dev01", "--duplo-ops"]), "duploops");
    assert_eq!(role(&["--interactive", "--port", "4242", "--admin"]), "duplomaster");
}

#[test]
fn a_region_is_asked_for_and_said() {
    let sandbox = Sandbox::with("new");
    let first = aws(&sandbox, "admin", &["--admin", "--region", "us-east-1"]).run().success();
    assert_eq!(first.field("Region"), "us-east-1");
    assert_eq!(
        sandbox.portal().counts().of("GET v3/admin/aws/jitAccess/admin/{region}"),
        1,
        "{:?}",
        sandbox.portal().counts()
    );
    // Another region is another question, and the same one is not.
    aws(&sandbox, "admin", &["--admin"]).run().success();
    let again = aws(&sandbox, "admin", &["--admin", "--region", "us-east-1"]).run().success();
    assert_eq!(again.field("AccessKeyId"), first.field("AccessKeyId"));
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn a_reader_that_is_gone_is_no_failure() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let script = format!(
        "(sleep 0.2; jitpass aws --host {url} --admin; echo $? > status) | true; sleep 0.1; while ! test -s status; do sleep 0.05; done"
    );
    let shell = || {
        let call = sandbox.command("/bin/sh").args(["-c", &script]);
        call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url.as_str()).run().success();
        let status = sandbox.read("status");
        std::fs::remove_file(sandbox.home().join("status")).unwrap();
        status
    };
    // On a miss and on a hit; what was issued was kept before anybody could read it.
    assert_eq!(shell(), "0\n");
    aws(&sandbox, "admin", &["--admin"]).run().success();
    assert_eq!(shell(), "0\n");
    assert_eq!(sandbox.requests(), 1);
}

#[test]
fn a_full_device_is_a_failure() {
    if OpenOptions::new().write(true).open("/dev/full").is_err() {
        return;
    }
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let script = format!("jitpass aws --host {url} --admin > /dev/full");
    let shell = || {
        let call = sandbox.command("/bin/sh").args(["-c", &script]);
        call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url.as_str()).run().fails(1).stderr
    };
    assert_data_eq!(
        shell(),
        str![[r#"
jitpass: the credentials cannot be written to stdout: No space left on device (os error 28)

"#]]
    );
    assert_data_eq!(
        shell(),
        str![[r#"
jitpass: the credentials cannot be written to stdout: No space left on device (os error 28)

"#]]
    );
    assert_eq!(sandbox.requests(), 1);
}

/// That no secret is among them is seen to by the harness.
#[test]
fn diagnostics_where_they_are_asked_for() {
    let sandbox = Sandbox::with("new");
    let asked = aws(&sandbox, "admin", &["--tenant", "dev01", "--debug"]).run().success();
    assert!(
        asked.stderr.contains("admin/GetTenantsForUser") && asked.stderr.contains("status=200"),
        "{}",
        asked.stderr
    );
    let call = aws(&sandbox, "admin", &["--admin", "--token", &sandbox.token("admin")]);
    let asked = call.env("JITPASS_LOG", "trace").run().success();
    assert!(asked.stderr.contains("v3/admin/aws/jitAccess/admin"), "{}", asked.stderr);
    // Other people's crates have their own ideas of what may be shown.
    assert!(!asked.stderr.contains("hyper") && !asked.stderr.contains("rustls"), "{}", asked.stderr);
    assert_eq!(aws(&sandbox, "admin", &["--duplo-ops"]).env("RUST_LOG", "trace").run().success().stderr, "");
}
