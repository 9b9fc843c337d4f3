//! The one line on stderr where there is nothing to give.

use snapbox::{assert_data_eq, str};

use super::aws;
use crate::cli::shown;
use crate::harness::{Call, Sandbox};

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
    // As it was read from a file with somebody else's line ends.
    call().env("DUPLO_TOKEN", format!("{token}\r\n")).env("DUPLO_HOST", url.as_str()).run().success();
    // Not for one that it does not name.
    let said = |call: Call| shown(&call.run());
    assert_data_eq!(
        said(call()),
        str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; run: jitpass login [PORTAL]
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01~lock mode 0600

"#]]
    );
    assert_data_eq!(
        said(call().env("DUPLO_TOKEN", token.as_str())),
        str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; DUPLO_TOKEN is set, but was not used: say whose it is with DUPLO_HOST=[PORTAL], or run: jitpass login [PORTAL]

"#]]
    );
    let other = call().env("DUPLO_TOKEN", token.as_str()).env("DUPLO_HOST", "https://other.example.com");
    assert_data_eq!(
        said(other),
        str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; DUPLO_TOKEN is for another portal (DUPLO_HOST); run: jitpass login [PORTAL]

"#]]
    );
}

#[test]
fn misuse() {
    let sandbox = Sandbox::new();
    let said = |args: &[&str]| shown(&sandbox.jitpass(["aws"]).args(args).run());
    assert_data_eq!(
        said(&[]),
        str![[r#"
$ jitpass aws
exit 2
--- stderr
jitpass: --host is missing; add the portal's address: --host https://acme.duplocloud.net

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net
exit 2
--- stderr
jitpass: nothing says which credentials are wanted; add --admin, --duplo-ops or --tenant NAME

"#]]
    );
    assert_data_eq!(
        said(&["--admin", "--host", "http://acme.duplocloud.net"]),
        str![[r#"
$ jitpass aws --admin --host http://acme.duplocloud.net
exit 2
--- stderr
jitpass: the portal's address must start with `https://` (http is for localhost only)

"#]]
    );
    assert_data_eq!(
        said(&["--admin", "--host", "acme.duplocloud.net"]),
        str![[r#"
$ jitpass aws --admin --host acme.duplocloud.net
exit 2
--- stderr
jitpass: the portal's address must start with `https://`

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--tenant", "../x\u{1b}[2J"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --tenant ../x[2J
exit 2
--- stderr
jitpass: `../x/u{1b}[2J` is not a tenant name: it must start with a letter or a digit

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "--region", "mars"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --region mars
exit 2
--- stderr
jitpass: `mars` is not a region: a region looks like `us-west-2`

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "--frobnicate"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --frobnicate
exit 2
--- stderr
jitpass: `--frobnicate` is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "--port", "x"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --port x
exit 2
--- stderr
jitpass: --port has a value that makes no sense; `jitpass aws --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "--admin"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --admin
exit 2
--- stderr
jitpass: --admin is given twice; `jitpass aws --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin=yes"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin=yes
exit 2
--- stderr
jitpass: --admin takes no value; `jitpass aws --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--tenant"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --tenant
exit 2
--- stderr
jitpass: --tenant has no value; `jitpass aws --help` lists the flags

"#]]
    );
    // What is no flag may be a token.
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "secret"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin secret
exit 2
--- stderr
jitpass: an argument is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(&["--host", "https://acme.duplocloud.net", "--admin", "--tokn=secret"]),
        str![[r#"
$ jitpass aws --host https://acme.duplocloud.net --admin --tokn=secret
exit 2
--- stderr
jitpass: `--tokn` is no flag of `jitpass aws`; `jitpass aws --help` lists the flags

"#]]
    );
}

#[test]
fn long_words_make_no_long_line() {
    let sandbox = Sandbox::new();
    for flag in ["--tenant", "--region", "--host", "--api-host"] {
        let args = ["aws", "--admin", "--host", "https://acme.duplocloud.net", flag, &"a/".repeat(20_000)];
        let args = if flag == "--host" { &[args[0], args[1], flag, args[5]] as &[&str] } else { &args };
        let run = sandbox.jitpass(args).run().fails(2);
        assert!(
            run.stderr.lines().count() == 1 && run.stderr.len() < 4096,
            "{flag}: {} bytes",
            run.stderr.len()
        );
    }
}

#[test]
fn refusals() {
    let sandbox = Sandbox::with("new");
    let said = |user: &str, args: &[&str]| shown(&aws(&sandbox, user, args).run());
    assert_data_eq!(
        said("tenant", &["--admin"]),
        str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses administrator credentials to pat@example.com: User is not an administrator; only administrators of the portal get these; use `--tenant NAME`
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~lock mode 0600

"#]]
    );
    assert_data_eq!(
        said("tenant", &["--duplo-ops"]),
        str![[r#"
$ jitpass aws --host [PORTAL] --duplo-ops
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses duplo-ops credentials to pat@example.com: User is not an administrator; only administrators of the portal get these; use `--tenant NAME`
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/duplo-ops~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/duplo-ops~lock mode 0600

"#]]
    );
    assert_data_eq!(
        said("tenant", &["--tenant", "prod01"]),
        str![[r#"
$ jitpass aws --host [PORTAL] --tenant prod01
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT] has no tenant `prod01` for you; you may use `dev01`, `dev02`, `qa01`, `qa02` and `stage01`
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-prod01~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-prod01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_data_eq!(
        said("none", &["--tenant", "dev01"]),
        str![[r#"
$ jitpass aws --host [PORTAL] --tenant dev01
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT] has no tenant `dev01` for you; you may use none there; an administrator of the portal can add you to one
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_data_eq!(
        said("mfa", &["--admin"]),
        str![[r#"
$ jitpass aws --host [PORTAL] --admin
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal refuses administrator credentials to mia@example.com: A valid one-time password is required; this portal wants a one-time code for administrators' work, which a token alone cannot give; sign in with the browser (`--interactive`), or use `--tenant`
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~lock mode 0600

"#]]
    );
    let url = sandbox.url();
    let wrong = sandbox.jitpass(["aws", "--host", &url, "--admin", "--token", "SIMTOKEN-wrong"]).run();
    assert_data_eq!(
        shown(&wrong),
        str![[r#"
$ jitpass aws --host [PORTAL] --admin --token [SECRET]
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal does not accept the token; give another token: in the portal, Profile → Temporary API Token
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~lock mode 0600

"#]]
    );
    let nowhere = sandbox.jitpass(["aws", "--host", "http://127.0.0.1:1", "--admin", "--token", "x"]).run();
    assert_data_eq!(
        shown(&nowhere),
        str![[r#"
$ jitpass aws --host http://127.0.0.1:1 --admin --token x
exit 1
--- stderr
jitpass: cannot connect to `127.0.0.1:1` (Connection refused); check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~1/[HASH]/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~1/[HASH]/admin~lock mode 0600

"#]]
    );
}

#[test]
fn a_token_that_cannot_be_one() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let said = |token: &str| {
        let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
        call.env("DUPLO_TOKEN", token).env("DUPLO_HOST", url.as_str()).run().fails(1).stderr
    };
    for token in ["a\nb", "a b", "été", "a\u{1b}[2J"] {
        let expected =
            "the token is none: it holds characters that no token has; set DUPLO_TOKEN to another token";
        assert!(said(token).contains(expected), "{}", said(token));
    }
    assert_eq!(sandbox.requests(), 0);
}
