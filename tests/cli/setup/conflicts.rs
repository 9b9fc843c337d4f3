//! What jitpass did not write stays as it is.

use snapbox::{assert_data_eq, str};

use super::setup;
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn a_foreign_profile_of_the_same_name() {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".aws/config", "[profile acme-dev01]\nregion = eu-west-3\n");
    assert_data_eq!(
        shown(&setup(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 2 tenants in us-west-2

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "[PORTAL]"
+ admin = true
+ tenants = "all"

~/.aws/config · 10 lines added
  [profile acme-dev01]
  region = eu-west-3
+ 
+ [profile acme-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme

2 new profiles
! acme-dev01 (~/.aws/config:1) is not from jitpass and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-dev01
·   give ours another name with --profile-name, or rename that one, and run this again
✓ 2 profiles written to ~/.aws/config
✓ acme-default works: ada@example.com as duploservices-default · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-default
--- files
changed [HOME]/.aws/config
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-default mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-default~lock mode 0600
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
fn everything_is_foreign() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".aws/config", "[profile acme-default]\nregion = eu-west-3\n");
    let run = setup(&sandbox, "admin", &["--yes", "--no-admin"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --no-admin
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "[PORTAL]"
+ admin = false
+ tenants = "all"

! acme-default (~/.aws/config:1) is not from jitpass and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-default
·   give ours another name with --profile-name, or rename that one, and run this again
✓ ~/.config/jitpass/config.toml written
· there is no profile to try
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600

"#]]
    );
}

#[test]
fn another_portal_of_the_same_name() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".config/jitpass/config.toml", "[portal.acme]\nhost = \"https://other.example.com\"\n");
    let run = setup(&sandbox, "admin", &["--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes
exit 2
--- stderr
error: `acme` is already the name of https://other.example.com
hint: choose another name with --name

"#]]
    );
}

#[test]
fn a_region_changed_by_hand_stays() {
    let sandbox = Sandbox::with("new,tenants=1");
    setup(&sandbox, "admin", &["--yes", "--no-admin"]).run().success();
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config.replace("us-west-2", "eu-west-3"));
    let run = setup(&sandbox, "admin", &["--yes", "--no-admin"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --no-admin
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2
! acme-default (~/.aws/config:1) was changed by hand, and your values stay:
    region: `eu-west-3` (jitpass wrote `us-west-2`)
·   to settle it: jitpass sync --keep, or jitpass sync --overwrite
✓ nothing to change in ~/.aws/config
✓ acme-default works: ada@example.com as duploservices-default · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-default

"#]]
    );
}

/// Those of an older tool have one way out, and that is said once. One that calls jitpass is somebody's own.
#[test]
fn profiles_of_an_older_tool() {
    let sandbox = Sandbox::with("new,tenants=4");
    let url = sandbox.url();
    let old = |name: &str, scope: &str| {
        format!("[profile {name}]\ncredential_process = duplo-jit aws {scope} --host {url} --interactive\n")
    };
    let config = [
        old("acme-admin", "--admin"),
        old("acme-dev01", "--tenant dev01"),
        format!("[profile acme-qa01]\ncredential_process = duploctl jit aws --host {url} --tenant qa01\n"),
        format!("[profile acme-default]\ncredential_process = jitpass aws --host {url} --tenant default\n"),
    ];
    sandbox.write(".aws/config", config[..2].concat());
    let said = |args: &[&str]| {
        let run = setup(&sandbox, "admin", args).run().success();
        let lines: Vec<String> = run.stderr.lines().map(str::to_owned).collect();
        let first = lines.iter().position(|line| line.starts_with("! ")).expect("something deserves a look");
        lines.into_iter().skip(first).filter(|line| !line.starts_with("· dry run")).collect::<Vec<_>>()
    };
    let dry = ["--tenant", "dev01", "--tenant", "qa01", "--tenant", "default", "--dry-run"];
    assert_eq!(said(&dry), ["! 2 profiles are duplo-jit's: `jitpass profile import` takes them over"]);
    sandbox.write(".aws/config", config.concat());
    assert_eq!(
        said(&dry),
        [
            "! 3 profiles are duplo-jit's and duploctl's: `jitpass profile import` takes them over",
            "! acme-default (~/.aws/config:7) is yours (no mark of jitpass) and stays as it is",
            "·   to let jitpass keep it: jitpass sync --adopt acme-default",
            "·   give ours another name with --profile-name, or rename that one, and run this again",
        ]
    );
}
