//! The first run, the second, and those that write nothing.

use snapbox::{assert_data_eq, str};

use super::setup;
use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

#[test]
fn first_and_second() {
    let sandbox = Sandbox::with("new,tenants=2");
    let url = sandbox.url();
    let args = ["setup", "--host", &url, "--name", "acme", "--yes", "--token-stdin"];
    let call = || sandbox.jitpass(args).stdin(sandbox.token("admin") + "\n");
    assert_data_eq!(
        shown(&call().run()),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --yes --token-stdin
exit 0
--- stderr
✓ signed in to 127.0.0.1:[PORT] as ada@example.com
· the token is kept in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json (for you only)
✓ 127.0.0.1:[PORT]: ada@example.com, administrator, 2 tenants in us-west-2

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
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme

3 new profiles
✓ 3 profiles written to ~/.aws/config
✓ acme-dev01 works: ada@example.com as duploservices-dev01 · account 842219210980, good for [DURATION]

Try it:
    aws sts get-caller-identity --profile acme-dev01
--- files
created [HOME]/.aws/config mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01 mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/self.json mode 0600
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600
created [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json mode 0600
created [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json~lock mode 0600

"#]]
    );
    let second = sandbox.jitpass(["setup", "--host", "acme", "--yes"]).run();
    assert_data_eq!(
        shown(&second),
        str![[r#"
$ jitpass setup --host acme --yes
exit 0
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator, 2 tenants in us-west-2
✓ nothing to change: 3 profiles in ~/.aws/config as they should be
✓ acme-dev01 works: ada@example.com as duploservices-dev01 · account 842219210980, good for [DURATION]

Try it:
    aws sts get-caller-identity --profile acme-dev01

"#]]
    );
}

#[test]
fn dry_run_writes_nothing() {
    let sandbox = Sandbox::with("new,tenants=2");
    let run = setup(&sandbox, "admin", &["--dry-run"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme --dry-run
exit 0
--- stdout
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
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ jitpass_portal = acme
--- stderr
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 2 tenants in us-west-2
3 new profiles
· dry run: nothing was written
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert!(!sandbox.aws_config().exists());
}

#[test]
fn a_dry_run_shows_every_line() {
    let sandbox = Sandbox::with("new,tenants=80");
    let run = setup(&sandbox, "admin", &["--dry-run"]).run().success();
    assert_eq!((run.stdout + &run.stderr).matches("[profile acme-").count(), 81);
    setup(&sandbox, "admin", &["--yes"]).run().success();
    assert_eq!(profiles(&sandbox).len(), 81);
}

#[test]
fn without_a_terminal_nothing_is_written_unasked() {
    let sandbox = Sandbox::with("new,tenants=2");
    let run = setup(&sandbox, "admin", &[]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --host [PORTAL] --name acme
exit 2
--- stderr
error: there is no terminal to ask at, so nothing would be written
hint: add --yes to write without asking, or --dry-run to only see what would be written

"#]]
    );
}

#[test]
fn a_token_in_the_environment_is_not_kept() {
    let sandbox = Sandbox::with("new,tenants=1");
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

~/.aws/config (new file) · 4 lines added
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = acme

1 new profile
✓ 1 profile written to ~/.aws/config
✓ acme-default works: ada@example.com as duploservices-default · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-default
--- files
created [HOME]/.aws/config mode 0600
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
fn aws_out_of_reach_is_a_note() {
    let sandbox = Sandbox::with("new,tenants=1");
    let run = setup(&sandbox, "admin", &["--yes"]).env("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:1").run();
    assert_data_eq!(
        run.clone().success().stderr.lines().rev().take(6).collect::<Vec<_>>().join("\n"),
        str![[r#"
    aws sts get-caller-identity --profile acme-default
Try it:

· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`
· AWS could not be asked whose they are: cannot connect to `127.0.0.1:1` (Connection refused)
✓ acme-default gets credentials, good for 1 h
"#]]
    );
}

#[test]
fn a_thousand_tenants_are_no_trouble() {
    let sandbox = Sandbox::with("large,regions=us-west-2+us-east-1+eu-central-1");
    let run = setup(&sandbox, "admin", &["--yes"]).run().success();
    assert!(run.stderr.contains("1000 tenants in eu-central-1, us-east-1 and us-west-2"), "{}", run.stderr);
    assert!(
        run.stderr.contains("`--dry-run` shows") && run.stderr.lines().count() < 400,
        "{} lines",
        run.stderr.lines().count()
    );
    assert_eq!(profiles(&sandbox).len(), 1001);
    // Who, what, tenants, regions; then one profile's credentials, for which the tenant's id is known.
    assert_eq!(sandbox.requests(), 5, "{:?}", sandbox.portal().counts());
    let again = setup(&sandbox, "admin", &["--yes"]).run().success();
    assert!(again.stderr.contains("nothing to change: 1001 profiles"), "{}", again.stderr);
}
