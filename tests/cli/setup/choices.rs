//! Which profiles are written, under which names, for which region.

use snapbox::{assert_data_eq, str};

use super::setup;
use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

fn written(scenario: &str, user: &str, args: &[&str]) -> Vec<String> {
    let sandbox = Sandbox::with(scenario);
    setup(&sandbox, user, args).args(["--yes"]).run().success();
    profiles(&sandbox)
}

#[test]
fn tenants_in_any_case_and_twice() {
    let names = written(
        "new",
        "admin",
        &["--tenant", "DEV01", "--tenant", "qa01", "--tenant", "dev01", "--no-admin"],
    );
    assert_eq!(names, ["acme-dev01", "acme-qa01"]);
}

#[test]
fn an_administrator_gets_a_profile_for_it_unless_told_not_to() {
    assert_eq!(written("new,tenants=1", "admin", &[]), ["acme-admin", "acme-default"]);
    assert_eq!(written("new,tenants=1", "admin", &["--no-admin"]), ["acme-default"]);
    // The last one counts.
    assert_eq!(written("new,tenants=1", "admin", &["--no-admin", "--admin"]), ["acme-admin", "acme-default"]);
}

#[test]
fn a_tenant_user_gets_what_they_may_use() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&setup(&sandbox, "tenant", &["--yes"]).run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: pat@example.com (by DUPLO_TOKEN), 5 tenants in us-west-2

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "[PORTAL]"
+ admin = false
+ tenants = "all"

~/.aws/config (new file) · 24 lines added
  5 new profiles: acme-dev01, acme-dev02, acme-qa01, acme-qa02, acme-stage01
+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-dev02]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev02 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-qa01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-qa02]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa02 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-stage01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant stage01 --interactive
+ jitpass_portal = acme

5 new profiles
✓ 5 profiles written to ~/.aws/config
✓ acme-dev01 works: pat@example.com as duploservices-dev01 · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-dev01
--- files
created [HOME]/.aws/config mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01 mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600

"#]]
    );
}

#[test]
fn a_user_without_tenants() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&setup(&sandbox, "none", &["--yes"]).run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes
exit 1
--- stderr
✓ 127.0.0.1:[PORT]: nina@example.com (by DUPLO_TOKEN), no tenants
error: nina@example.com may use no tenants of 127.0.0.1:[PORT]
hint: an administrator of the portal can add you to one; then run this again
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
}

#[test]
fn one_region_for_all() {
    let sandbox = Sandbox::with("new,tenants=3");
    setup(&sandbox, "admin", &["--yes", "--region", "eu-central-1"]).run().success();
    let config = sandbox.read(".aws/config");
    assert_eq!(config.matches("region = eu-central-1\n").count(), 4, "{config}");
    // It is remembered.
    let again = sandbox.jitpass(["setup", "--host", "acme", "--yes"]);
    let again =
        again.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url()).run().success();
    assert!(again.stderr.contains("nothing to change: 4 profiles"), "{}", again.stderr);
}

#[test]
fn names_by_a_template() {
    let template = "{{ tenant }}.{{ region }}";
    let names = written("new,tenants=2", "admin", &["--profile-name", template]);
    assert_eq!(names, ["admin.us-west-2", "default.us-west-2", "dev01.us-west-2"]);
}

#[test]
fn a_default_profile() {
    let sandbox = Sandbox::with("new,tenants=2");
    setup(&sandbox, "admin", &["--yes", "--default-profile", "acme-dev01"]).run().success();
    let config = sandbox.read(".aws/config");
    assert_data_eq!(
        config
            .replace(&sandbox.root().display().to_string(), "[SANDBOX]")
            .replace(&sandbox.url(), "[PORTAL]"),
        str![[r#"
[profile acme-admin]
region = us-west-2
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --admin --interactive
jitpass_portal = acme

[profile acme-default]
region = us-west-2
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant default --interactive
jitpass_portal = acme

[profile acme-dev01]
region = us-west-2
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01 --interactive
jitpass_portal = acme

[default]
region = us-west-2
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01 --interactive
jitpass_portal = acme

"#]]
    );
    let key = sandbox.credential_process("default").env("DUPLO_TOKEN", sandbox.token("admin"));
    key.env("DUPLO_HOST", sandbox.url()).run().success();
    // It stays on the next run, which need not name it.
    let again = setup(&sandbox, "admin", &["--yes"]).run().success();
    assert!(again.stderr.contains("nothing to change: 4 profiles"), "{}", again.stderr);
}

#[test]
fn odd_names_harm_nobody() {
    let sandbox = Sandbox::with("odd,tenants=1");
    let run = setup(&sandbox, "admin", &["--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 2 tenants in us-west-2
! left out: `dev/u{1b}[[DURATION]` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `../x` is not a tenant name: it must start with a letter or a digit
! left out: `a b` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: `$(id)` is not a tenant name: it must start with a letter or a digit
! left out: `x]y` is not a tenant name: use letters, digits, `.`, `_` and `-`
! left out: 6 more

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "[PORTAL]"
+ admin = true
+ tenants = "all"

~/.aws/config (new file) · 14 lines added
+ [profile acme-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-caps01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant caps01 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme

3 new profiles
✓ 3 profiles written to ~/.aws/config
✓ acme-caps01 works: ada@example.com as duploservices-Caps01 · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-caps01
--- files
created [HOME]/.aws/config mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-caps01 mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-caps01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600

"#]]
    );
}

/// What a team chose stays chosen, whoever runs `setup`.
#[test]
fn administrators_profile_for_somebody_who_is_none() {
    let sandbox = Sandbox::with("new,tenants=2");
    let (url, token) = (sandbox.url(), sandbox.token("tenant"));
    let portal = format!("[portal.acme]\nhost = \"{url}\"\nadmin = true\n");
    sandbox.write("team.toml", &portal);
    let run = |args: &[&str]| {
        let call = sandbox.jitpass(["setup"]).args(args).args(["--yes"]);
        call.env("DUPLO_TOKEN", &token).env("DUPLO_HOST", &url).run().success()
    };
    for args in [vec!["--from", "team.toml"], vec!["--host", url.as_str()]] {
        let run = run(&args);
        let said = "`admin = true` stays in the settings; pat@example.com has no administrator rights on";
        assert!(run.stderr.contains(said), "{args:?}\n{}", run.stderr);
        let settings = sandbox.read(".config/jitpass/config.toml");
        assert!(settings.contains("admin = true"), "{args:?}\n{settings}");
        assert!(!sandbox.read(".aws/config").contains("--admin"), "{args:?}");
    }
    // Who does not want it says so.
    run(&["--host", &url, "--no-admin"]);
    assert!(sandbox.read(".config/jitpass/config.toml").contains("admin = false"));
}
