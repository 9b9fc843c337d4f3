//! What `setup` refuses, and what it says then.

use snapbox::{assert_data_eq, str};

use super::setup;
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

#[test]
fn no_host() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&sandbox.jitpass(["setup", "--yes"]).run()),
        str![[r#"
$ jitpass setup --yes
exit 2
--- stderr
error: --host is missing, and nobody can be asked
hint: name the portal: jitpass setup --host https://acme.duplocloud.net --yes

"#]]
    );
}

#[test]
fn no_token() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let call = || sandbox.jitpass(["setup", "--host", &url, "--yes"]);
    assert_data_eq!(
        shown(&call().run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --yes
exit 1
--- stderr
error: not signed in to 127.0.0.1:[PORT]
hint: run: jitpass login [PORTAL]; or give a token with --token-stdin, or with DUPLO_TOKEN and DUPLO_HOST

"#]]
    );
    let run = call().env("DUPLO_TOKEN", sandbox.token("admin")).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --yes
exit 1
--- stderr
error: not signed in to 127.0.0.1:[PORT]
hint: DUPLO_TOKEN is set, but was not used: say whose it is with DUPLO_HOST=[PORTAL], or run: jitpass login [PORTAL]

"#]]
    );
}

#[test]
fn a_token_that_is_none() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let call = sandbox.jitpass(["setup", "--host", &url, "--yes"]);
    let run = call.env("DUPLO_TOKEN", "SIMTOKEN-wrong").env("DUPLO_HOST", url.as_str()).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --yes
exit 1
--- stderr
error: 127.0.0.1:[PORT]: the portal does not accept the token
hint: set DUPLO_TOKEN to another token: in the portal, Profile → Temporary API Token

"#]]
    );
}

#[test]
fn no_such_tenant() {
    let sandbox = Sandbox::with("new,tenants=3");
    let run = setup(&sandbox, "admin", &["--yes", "--tenant", "prod99"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --tenant prod99
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 3 tenants in us-west-2
error: 127.0.0.1:[PORT] has no tenant `prod99` for you
hint: you may use `default`, `dev01` and `qa01`
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn admin_for_somebody_who_is_none() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&setup(&sandbox, "tenant", &["--yes", "--admin"]).run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --admin
exit 2
--- stderr
✓ 127.0.0.1:[PORT]: pat@example.com (by DUPLO_TOKEN), 5 tenants in us-west-2
error: --admin: pat@example.com is no administrator of 127.0.0.1:[PORT]
hint: leave --admin out
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn templates() {
    let sandbox = Sandbox::with("new,tenants=3");
    let refused =
        |template: &str| shown(&setup(&sandbox, "admin", &["--yes", "--profile-name", template]).run());
    assert_data_eq!(
        refused("{{ tennant }}"),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --profile-name '{{ tennant }}'
exit 2
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 3 tenants in us-west-2
error: the name template `{{ tennant }}` is wrong: there is no field `tennant`
hint: the fields are: portal, tenant, plan, region, short_region, account_id, scope
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert_data_eq!(
        refused("{{ portal"),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --profile-name '{{ portal'
exit 2
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 3 tenants in us-west-2
error: the name template `{{ portal` is wrong: unexpected end of input, expected end of variable block
hint: the fields are: portal, tenant, plan, region, short_region, account_id, scope

"#]]
    );
    assert_data_eq!(
        refused("{{ portal }}"),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --profile-name '{{ portal }}'
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 3 tenants in us-west-2
error: `admin` and `tenant default` would both be the profile `acme`
hint: choose another template, such as: jitpass portal edit acme --profile-name '{{ portal }}-{{ plan }}-{{ tenant }}'

"#]]
    );
}

#[test]
fn a_default_profile_that_is_not_written() {
    let sandbox = Sandbox::with("new,tenants=2");
    let run = setup(&sandbox, "admin", &["--yes", "--default-profile", "acme-dev99"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --default-profile acme-dev99
exit 2
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 2 tenants in us-west-2
error: `acme-dev99` is none of the profiles to be written
hint: choose one of `acme-admin`, `acme-default` and `acme-dev01`
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn no_portal_there() {
    let sandbox = Sandbox::new();
    let run = sandbox.jitpass(["setup", "--host", "http://127.0.0.1:1", "--yes", "--token-stdin"]);
    assert_data_eq!(
        shown(&run.stdin("SIMTOKEN-x").run()),
        str![[r#"
$ jitpass setup --host http://127.0.0.1:1 --yes --token-stdin
exit 1
--- stderr
error: cannot connect to `127.0.0.1:1` (Connection refused)
hint: check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
}

/// Nobody answers questions, or signs in, for nothing.
#[test]
fn another_name_for_a_portal_that_has_one() {
    let sandbox = Sandbox::with("new");
    let settings = format!("[portal.local]\nhost = \"{}\"\n", sandbox.url());
    sandbox.write(".config/jitpass/config.toml", settings);
    for host in ["local".to_owned(), sandbox.url()] {
        let run = sandbox.jitpass(["setup", "--host", &host, "--name", "acme", "--yes"]).run();
        let run = run.fails(2).changes_nothing();
        let said = run.stderr.replace(&sandbox.url(), "[PORTAL]");
        assert_data_eq!(
            said,
            str![[r#"
error: [PORTAL] is already set up as `local`
hint: leave --name out; to give it that name: jitpass portal edit local --name acme

"#]]
        );
    }
    assert_eq!(sandbox.requests(), 0);
    let mut terminal = Terminal::start(&sandbox, &["setup", "--host", "local", "--name", "acme"], &[]);
    terminal.sees("jitpass portal edit local --name acme");
    let (code, shown) = terminal.ends();
    assert!(code == 2 && !shown.contains("It is not shown"), "{shown}");
}
