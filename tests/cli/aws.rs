//! `jitpass aws`: the credential process.

use std::fs::OpenOptions;

use snapbox::{assert_data_eq, str};

use super::shown;
use crate::harness::{Call, Sandbox};

fn aws(sandbox: &Sandbox, user: &str, args: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["aws", "--host", &url]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}

#[test]
fn the_document() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(shown(&aws(&sandbox, "admin", &["--admin"]).run()), str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 0
--- stdout
{"Version":1,"AccessKeyId":"[KEY-ID]","SecretAccessKey":"[SECRET]","SessionToken":"[SECRET]","Expiration":"[TIME]","Region":"us-west-2","ConsoleUrl":"https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2"}
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.lock mode 0600

"#]]);
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
    assert_eq!(sandbox.portal().counts().of("GET v3/admin/aws/jitAccess/admin/{region}"), 1, "{:?}", sandbox.portal().counts());
    // Another region is another question, and the same one is not.
    aws(&sandbox, "admin", &["--admin"]).run().success();
    let again = aws(&sandbox, "admin", &["--admin", "--region", "us-east-1"]).run().success();
    assert_eq!(again.field("AccessKeyId"), first.field("AccessKeyId"));
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn whose_token() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let token = sandbox.token("tenant");
    let call = || sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01"]);
    // By flag, which wins over the variable.
    call().args(["--token", &token]).run().success();
    aws(&sandbox, "none", &["--tenant", "dev01", "--token", &token]).run().success();
    // By variable, for the portal that the other variable names, however it is spelled.
    call().env("DUPLO_TOKEN", token.as_str()).env("DUPLO_HOST", format!("{url}/")).run().success();
    // Not for one that it does not name.
    let said = |call: Call| shown(&call.run());
    assert_data_eq!(said(call()), str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; run: jitpass login [PORTAL]
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/self/tenant-dev01.lock mode 0600

"#]]);
    assert_data_eq!(said(call().env("DUPLO_TOKEN", token.as_str())), str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; DUPLO_TOKEN is set, but was not used: say whose it is with DUPLO_HOST=[PORTAL], or run: jitpass login [PORTAL]

"#]]);
    let other = call().env("DUPLO_TOKEN", token.as_str()).env("DUPLO_HOST", "https://other.example.com");
    assert_data_eq!(said(other), str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; DUPLO_TOKEN is for another portal (DUPLO_HOST); run: jitpass login [PORTAL]

"#]]);
}

#[test]
fn misuse() {
    let sandbox = Sandbox::new();
    let said = |args: &[&str]| shown(&sandbox.jitpass(["aws"]).args(args).run());
    assert_data_eq!(said(&[]), str![[r#"
$ jitpass aws
exit 2
--- stderr
jitpass: --host is missing; add the portal's address: --host https://acme.duplocloud.net

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net
exit 2
--- stderr
jitpass: nothing says which credentials are wanted; add --admin, --duplo-ops or --tenant NAME

"#]]);
    assert_data_eq!(said(&["--admin", "--host", "http://acme.duplocloud.net"]), str![[r#"
$ jitpass aws --admin --host http://acme.duplocloud.net
exit 2
--- stderr
jitpass: the portal's address must start with `https://` (http is for localhost only)

"#]]);
    assert_data_eq!(said(&["--admin", "--host", "acme.duplocloud.net"]), str![[r#"
$ jitpass aws --admin --host acme.duplocloud.net
exit 2
--- stderr
jitpass: the portal's address must start with `https://`

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--tenant", "../x\u{1b}[2J"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --tenant ../x[2J
exit 2
--- stderr
jitpass: `../x/u{1b}[2J` is not a tenant name: it must start with a letter or a digit

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "--region", "mars"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --region mars
exit 2
--- stderr
jitpass: `mars` is not a region: a region looks like `us-west-2`

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "--frobnicate"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --frobnicate
exit 2
--- stderr
jitpass: `--frobnicate` is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "--port", "x"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --port x
exit 2
--- stderr
jitpass: --port has a value that makes no sense; `jitpass aws --help` lists the flags

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "--admin"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --admin
exit 2
--- stderr
jitpass: --admin is given twice; `jitpass aws --help` lists the flags

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin=yes"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin=yes
exit 2
--- stderr
jitpass: --admin takes no value; `jitpass aws --help` lists the flags

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--tenant"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --tenant
exit 2
--- stderr
jitpass: --tenant has no value; `jitpass aws --help` lists the flags

"#]]);
    // What is no flag may be a token.
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "secret"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin secret
exit 2
--- stderr
jitpass: an argument is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]);
    assert_data_eq!(said(&["--host", "https://acme.duplocloud.net", "--admin", "--tokn=secret"]), str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --tokn=secret
exit 2
--- stderr
jitpass: `--tokn` is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]);
}

#[test]
fn refusals() {
    let sandbox = Sandbox::with("new");
    let said = |user: &str, args: &[&str]| shown(&aws(&sandbox, user, args).run());
    assert_data_eq!(said("tenant", &["--admin"]), str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses administrator credentials to pat@example.com: User is not an administrator; only administrators of the portal get these; use `--tenant NAME`
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.lock mode 0600

"#]]);
    assert_data_eq!(said("tenant", &["--duplo-ops"]), str![[r#"
$ jitpass aws --host [PORTAL] --duplo-ops
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses duplo-ops credentials to pat@example.com: User is not an administrator; only administrators of the portal get these; use `--tenant NAME`
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/duplo-ops.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/duplo-ops.lock mode 0600

"#]]);
    assert_data_eq!(said("tenant", &["--tenant", "prod01"]), str![[r#"
$ jitpass aws --host [PORTAL] --tenant prod01
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT] has no tenant `prod01` for you; you may use `dev01`, `dev02`, `qa01`, `qa02` and `stage01`
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/tenant-prod01.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/tenant-prod01.lock mode 0600
created [HOME]/.cache/jitpass/portals/http_127.0.0.1_[PORT]/[HASH].json mode 0600

"#]]);
    assert_data_eq!(said("none", &["--tenant", "dev01"]), str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT] has no tenant `dev01` for you; you may use none there; an administrator of the portal can add you to one
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/tenant-dev01.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/tenant-dev01.lock mode 0600
created [HOME]/.cache/jitpass/portals/http_127.0.0.1_[PORT]/[HASH].json mode 0600

"#]]);
    assert_data_eq!(said("mfa", &["--admin"]), str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses administrator credentials to mia@example.com: A valid one-time password is required; this portal wants a one-time code for administrators' work, which a token alone cannot give; use `--tenant`
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.lock mode 0600

"#]]);
    let url = sandbox.url();
    let wrong = sandbox.jitpass(["aws", "--host", &url, "--admin", "--token", "SIMTOKEN-wrong"]).run();
    assert_data_eq!(shown(&wrong), str![[r#"
$ jitpass aws --host [PORTAL] --admin --token [SECRET]
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal does not accept the token; give another token: in the portal, Profile → Temporary API Token
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_[PORT]/[HASH]/admin.lock mode 0600

"#]]);
    let nowhere = sandbox.jitpass(["aws", "--host", "http://127.0.0.1:1", "--admin", "--token", "x"]).run();
    assert_data_eq!(shown(&nowhere), str![[r#"
$ jitpass aws --host http://127.0.0.1:1 --admin --token x
exit 1
--- stderr
jitpass: cannot connect to `127.0.0.1:1` (Connection refused (os error 111)); check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)
--- files
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_1/[HASH]/admin.failed mode 0600
created [HOME]/.cache/jitpass/credentials/http_127.0.0.1_1/[HASH]/admin.lock mode 0600

"#]]);
}

#[test]
fn a_reader_that_is_gone_is_no_failure() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let script = format!("(sleep 0.2; jitpass aws --host {url} --admin; echo $? > status) | true; sleep 0.1; while ! test -s status; do sleep 0.05; done");
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
    assert_data_eq!(shell(), str![[r#"
jitpass: the credentials cannot be written to stdout: No space left on device (os error 28)

"#]]);
    assert_data_eq!(shell(), str![[r#"
jitpass: the credentials cannot be written to stdout: No space left on device (os error 28)

"#]]);
    assert_eq!(sandbox.requests(), 1);
}
