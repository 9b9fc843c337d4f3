//! `jitpass tenants`.

use snapbox::{assert_data_eq, str};

use super::shown;
use crate::harness::{Call, Sandbox};

fn tenants(sandbox: &Sandbox, user: &str, args: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["tenants", &url]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}

#[test]
fn for_people() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&tenants(&sandbox, "tenant", &[]).run()),
        str![[r#"
$ jitpass tenants [PORTAL]
exit 0
--- stdout
dev01    us-west-2  nonprod  127.0.0.1:[PORT]
dev02    us-west-2  nonprod  127.0.0.1:[PORT]
qa01     us-west-2  nonprod  127.0.0.1:[PORT]
qa02     us-west-2  nonprod  127.0.0.1:[PORT]
stage01  us-west-2  nonprod  127.0.0.1:[PORT]
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn for_programs() {
    let sandbox = Sandbox::with("new,tenants=2");
    assert_data_eq!(
        shown(&tenants(&sandbox, "admin", &["--json"]).run()),
        str![[r#"
$ jitpass tenants [PORTAL] --json
exit 0
--- stdout
[
  {
    "id": "e5c8a130-8dc1-4526-98c1-e96490cd9de0",
    "plan": "default",
    "portal": "[PORTAL]",
    "region": "us-west-2",
    "tenant": "default"
  },
  {
    "id": "25008846-1eb8-44e6-a05b-ce32a5b02312",
    "plan": "nonprod",
    "portal": "[PORTAL]",
    "region": "us-west-2",
    "tenant": "dev01"
  }
]
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn none_allowed() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&tenants(&sandbox, "none", &[]).run()),
        str![[r#"
$ jitpass tenants [PORTAL]
exit 0
--- stderr
· you may use no tenants there; an administrator of the portal can add you to one
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_data_eq!(
        shown(&tenants(&sandbox, "none", &["--json"]).run()),
        str![[r#"
$ jitpass tenants [PORTAL] --json
exit 0
--- stdout
[]

"#]]
    );
}

#[test]
fn odd_names() {
    let sandbox = Sandbox::with("odd,tenants=1");
    assert_data_eq!(
        shown(&tenants(&sandbox, "admin", &[]).run()),
        str![[r#"
$ jitpass tenants [PORTAL]
exit 0
--- stdout
Caps01   us-west-2  nonprod  127.0.0.1:[PORT]
default  us-west-2  default  127.0.0.1:[PORT]
--- stderr
! left out: `dev/u{1b}[[DURATION]` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `../x` is not a tenant name: it must start with a letter or a digit
! left out: `a b` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `$(id)` is not a tenant name: it must start with a letter or a digit
! left out: `x]y` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `new/nline` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `__proto__` is not a tenant name: it must start with a letter or a digit
! left out: `-flag` is not a tenant name: it must start with a letter or a digit
! left out: `été` is not a tenant name: it must start with a letter or a digit
! left out: `` is not a tenant name: it is empty
! left out: `quo"te'` is not a tenant name: use letters, digits, `.`, `_` and `-`
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn nobody_signed_in() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    assert_data_eq!(
        shown(&sandbox.jitpass(["tenants", &url]).run()),
        str![[r#"
$ jitpass tenants [PORTAL]
exit 1
--- stderr
error: not signed in to 127.0.0.1:[PORT]
hint: run: jitpass login [PORTAL]

"#]]
    );
    assert_data_eq!(
        shown(&sandbox.jitpass(["tenants"]).run()),
        str![[r#"
$ jitpass tenants
exit 2
--- stderr
error: no portal is set up yet
hint: name one: jitpass tenants https://acme.duplocloud.net

"#]]
    );
}

#[test]
fn one_portal_of_two_signed_in() {
    let sandbox = Sandbox::with("new,tenants=1");
    let settings = format!(
        "[portal.acme]\nhost = \"{}\"\n[portal.beta]\nhost = \"https://b.example.com\"\n",
        sandbox.url()
    );
    sandbox.write(".config/jitpass/config.toml", settings);
    let call = sandbox
        .jitpass(["tenants"])
        .env("DUPLO_TOKEN", sandbox.token("admin"))
        .env("DUPLO_HOST", sandbox.url());
    assert_data_eq!(
        shown(&call.run()),
        str![[r#"
$ jitpass tenants
exit 1
--- stdout
default  us-west-2  default  127.0.0.1:[PORT]
--- stderr
error: not signed in to b.example.com
hint: DUPLO_TOKEN is for another portal (DUPLO_HOST); run: jitpass login https://b.example.com
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}
