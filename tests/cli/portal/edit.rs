//! `portal add` and `portal edit` with flags.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, portal, set_up, settings, settled};
use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

#[test]
fn added() {
    let sandbox = Sandbox::new();
    let args =
        ["add", "acme", "--host", "acme", "--tenants", "dev*,prod01", "--exclude", "dev-tmp", "--no-admin"];
    let args = [&args[..], &["--set", "output=json", "--yes"]].concat();
    assert_data_eq!(
        shown(&portal(&sandbox, &args).run()),
        str![[r#"
$ jitpass portal add acme --host acme --tenants dev*,prod01 --exclude dev-tmp --no-admin --set output=json --yes
exit 0
--- stderr

~/.config/jitpass/config.toml (new file) · 10 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "https://acme.duplocloud.net"
+ admin = false
+ tenants = ["dev*", "prod01"]
+ exclude = ["dev-tmp"]
+ 
+ [portal.acme.keys]
+ output = "json"

✓ ~/.config/jitpass/config.toml written
· to sign in: jitpass login acme
· for its profiles to follow: jitpass sync acme
--- files
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600

"#]]
    );
    let again = portal(&sandbox, &["add", "acme", "--host", "https://other.net", "--yes"]).run();
    assert_data_eq!(
        shown(&again.fails(2).changes_nothing()),
        str![[r#"
$ jitpass portal add acme --host https://other.net --yes
exit 2
--- stderr
error: `acme` is already the name of https://acme.duplocloud.net
hint: choose another name, or change that one: jitpass portal edit acme

"#]]
    );
    let again = portal(&sandbox, &["add", "other", "--host", "acme", "--yes"]).run();
    assert_data_eq!(
        shown(&again.fails(2).changes_nothing()),
        str![[r#"
$ jitpass portal add other --host acme --yes
exit 2
--- stderr
error: https://acme.duplocloud.net is already set up as `acme`
hint: change that one: jitpass portal edit acme

"#]]
    );
}

#[test]
fn everything_else_in_the_file_stays() {
    let sandbox = settled();
    let args =
        ["edit", "acme", "--include", "prod01", "--exclude", "dev-tmp", "--region", "us-west-2", "--set"];
    let args = [&args[..], &["cli_pager=less", "--profile-name", "{{ tenant }}", "--yes"]].concat();
    assert_data_eq!(
        shown(&portal(&sandbox, &args).run()),
        str![[r#"
$ jitpass portal edit acme --include prod01 --exclude dev-tmp --region us-west-2 --set cli_pager=less --profile-name '{{ tenant }}' --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 5 lines added, 1 removed
  ⋮ [portal.acme] # the first
  host = "https://acme.duplocloud.net"
  tenants = [
    "dev*", # ours
+   "prod01",
  ]
- keys = { output = "json" }
+ keys = { output = "json", cli_pager = "less" }
+ exclude = ["dev-tmp"]
+ region = "us-west-2"
+ profile_name = "{{ tenant }}"
  
  # the other
  [portal.globex]

✓ ~/.config/jitpass/config.toml written
· for its profiles to follow: jitpass sync acme
--- files
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600

"#]]
    );
    assert_data_eq!(
        settings(&sandbox),
        str![[r##"
# mine

# work
[portal.acme] # the first
host = "https://acme.duplocloud.net"
tenants = [
  "dev*", # ours
  "prod01",
]
keys = { output = "json", cli_pager = "less" }
exclude = ["dev-tmp"]
region = "us-west-2"
profile_name = "{{ tenant }}"

# the other
[portal.globex]
host = "https://globex.duplocloud.net"
exclude = ["*-tmp"]
region = "eu-west-1"

"##]]
    );
    let back = ["edit", "acme", "--tenants", "dev*", "--no-exclude", "dev-tmp", "--region", "own"];
    let back = [&back[..], &["--unset", "cli_pager", "--profile-name", "usual", "--yes"]].concat();
    portal(&sandbox, &back).run().success();
    assert_eq!(settings(&sandbox), SETTINGS);
    let run = portal(&sandbox, &["edit", "acme", "--set", "output=json", "--yes"]).run();
    assert_data_eq!(
        shown(&run.changes_nothing()),
        str![[r#"
$ jitpass portal edit acme --set output=json --yes
exit 0
--- stderr
✓ nothing to change: the settings say that already

"#]]
    );
}

#[test]
fn crlf_stays() {
    let sandbox = Sandbox::new();
    let text = "# mine\r\n[portal.acme]\r\nhost = 'https://acme.duplocloud.net'\r\nadmin = false # no\r\n";
    sandbox.write(".config/jitpass/config.toml", text);
    portal(&sandbox, &["edit", "--admin", "--yes"]).run().success();
    assert_eq!(settings(&sandbox), text.replace("false", "true"));
}

#[test]
fn only_shown() {
    let sandbox = settled();
    let run = portal(&sandbox, &["edit", "globex", "--admin", "--dry-run"]).run();
    assert_data_eq!(
        shown(&run.fails(3).changes_nothing()),
        str![[r#"
$ jitpass portal edit globex --admin --dry-run
exit 3
--- stdout
~/.config/jitpass/config.toml · 1 line added
  ⋮ [portal.globex]
  host = "https://globex.duplocloud.net"
  exclude = ["*-tmp"]
  region = "eu-west-1"
+ admin = true
--- stderr
· dry run: nothing was written

"#]]
    );
    portal(&sandbox, &["edit", "acme", "--region", "own", "--dry-run"]).run().success();
}

#[test]
fn what_is_refused() {
    let sandbox = settled();
    for args in [
        &["edit", "--admin", "--yes"][..],
        &["edit", "acme", "--yes"],
        &["edit", "acme", "--admin"],
        &["edit", "amce", "--admin", "--yes"],
        &["edit", "https://other.net", "--admin", "--yes"],
        &["edit", "acme", "--name", "globex", "--yes"],
        &["edit", "acme", "--host", "globex.duplocloud.net", "--yes"],
        &["edit", "acme", "--host", "http://other.net", "--yes"],
        &["edit", "acme", "--include", "$(id)", "--yes"],
        &["edit", "globex", "--include", "dev01", "--yes"],
        &["edit", "globex", "--no-exclude", "dev01", "--yes"],
        &["edit", "acme", "--region", "us", "--yes"],
        &["edit", "acme", "--profile-name", "{{ tenat }}", "--yes"],
        &["edit", "acme", "--set", "region=us-west-2", "--yes"],
        &["edit", "acme", "--set", "credential_process=/bin/x", "--yes"],
        &["edit", "acme", "--set", "role_arn=x", "--yes"],
        &["edit", "acme", "--set", "aws_secret_access_key=x", "--yes"],
        &["edit", "acme", "--set", "output", "--yes"],
        &["edit", "acme", "--unset", "cli_pager", "--yes"],
        &["edit", "acme", "--token-command", "op 'x", "--yes"],
        &["edit", "acme", "--token-command", "jitpass duplo", "--yes"],
        &["edit", "acme", "--editor", "--yes"],
    ] {
        let run = portal(&sandbox, args).run().fails(2).changes_nothing();
        // Without `--yes` there is a plan to be seen first.
        let is_shown = args.contains(&"--yes");
        assert!(
            run.stderr.starts_with("error: ") == is_shown && run.stderr.contains("error: "),
            "{}",
            run.transcript()
        );
    }
    let said = |args: &[&str]| shown(&portal(&sandbox, args).run());
    assert_data_eq!(
        said(&["edit", "acme", "--set", "role_arn=x", "--yes"]),
        str![[r#"
$ jitpass portal edit acme --set role_arn=x --yes
exit 2
--- stderr
error: `role_arn` cannot be an extra key: with it, AWS programs would not ask jitpass, or not all of them would

"#]]
    );
    assert_data_eq!(
        said(&["edit", "acme", "--set", "region=us-west-2", "--yes"]),
        str![[r#"
$ jitpass portal edit acme --set region=us-west-2 --yes
exit 2
--- stderr
error: `region` cannot be an extra key: jitpass keeps it itself
hint: to choose it for all: --region REGION

"#]]
    );
    assert_data_eq!(
        said(&["edit", "acme", "--set", "aws_secret_access_key=x", "--yes"]),
        str![[r#"
$ jitpass portal edit acme --set aws_secret_access_key=x --yes
exit 2
--- stderr
error: `aws_secret_access_key` cannot be an extra key: it holds a secret, and neither the settings nor ~/.aws/config is a place for one

"#]]
    );
    assert_data_eq!(
        said(&["edit", "amce", "--admin", "--yes"]),
        str![[r#"
$ jitpass portal edit amce --admin --yes
exit 2
--- stderr
error: no portal is called `amce`
hint: did you mean `acme`?

"#]]
    );
    assert_data_eq!(
        said(&["edit", "acme", "--yes"]),
        str![[r#"
$ jitpass portal edit acme --yes
exit 2
--- stderr
error: nothing is said that should be otherwise about `acme`
hint: say it with flags; see jitpass portal edit --help

"#]]
    );
}

/// The profiles name the old address until the next sync, which sees in that a change of ours and not one by hand.
#[test]
fn another_address_signs_out_and_sync_follows() {
    let sandbox = set_up("new,tenants=2");
    let old = sandbox.url();
    let new = old.replace("127.0.0.1", "localhost");
    sandbox.jitpass(["aws", "--host", &old, "--tenant", "dev01"]).run().success();
    assert!(cached(&sandbox) > 0);
    let run = portal(&sandbox, &["edit", "acme", "--host", &new, "--yes"]).run();
    assert_data_eq!(
        shown(&run).replace(&new, "[NEW]"),
        str![[r#"
$ jitpass portal edit acme --host http://localhost:[PORT] --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 1 line added, 1 removed
  # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  
  [portal.acme]
- host = "[PORTAL]"
+ host = "http://localhost:[PORT]"
  admin = true
  tenants = "all"

! the token of ada@example.com for 127.0.0.1:[PORT], and every credential issued with it, will be forgotten: a token goes only to the address it was checked with
✓ ~/.config/jitpass/config.toml written
· to sign in: jitpass login acme
· for its profiles to follow: jitpass sync acme
--- files
removed [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01
removed [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/self.json
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    // The token is gone from the old address, and is not known at the new one.
    assert_eq!(cached(&sandbox), 0);
    let run = sandbox.jitpass(["aws", "--host", &old, "--tenant", "dev01"]).run().fails(1);
    assert!(run.stderr.contains("not signed in") || run.stderr.contains("signed out"), "{}", run.stderr);
    assert!(sandbox.read(".local/state/jitpass/managed.json").contains("ada@example.com"));
    sandbox.jitpass(["sync", "--yes"]).run().fails(1).changes_nothing();

    sandbox.jitpass(["login", "acme", "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert!(!run.stderr.contains("by hand") && !run.stderr.contains("not chosen"), "{}", run.stderr);
    assert_eq!(profiles(&sandbox), ["acme-admin", "acme-default", "acme-dev01"]);
    let config = sandbox.read(".aws/config");
    assert!(config.contains(&new) && !config.contains(&old), "{config}");
    sandbox.jitpass(["sync", "--dry-run"]).run().success();
}

#[test]
fn another_address_where_nothing_is_remembered() {
    let sandbox = set_up("new,tenants=2");
    std::fs::remove_file(sandbox.home().join(".local/state/jitpass/managed.json")).unwrap();
    let new = sandbox.url().replace("127.0.0.1", "localhost");
    portal(&sandbox, &["edit", "acme", "--host", &new, "--yes"]).run().success();
    sandbox.jitpass(["login", "acme", "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert!(run.stderr.contains("3 changed profiles") && !run.stderr.contains("by hand"), "{}", run.stderr);
}

/// What each of several at once says is in the file in the end.
#[test]
fn several_at_once_lose_nothing() {
    let sandbox = settled();
    let add = |n: usize| {
        let (name, host) = (format!("p{n}"), format!("https://p{n}.net"));
        portal(&sandbox, &["add", &name, "--host", &host, "--yes"]).start()
    };
    let edit = |n: usize| {
        let tenant = format!("t{n}");
        portal(&sandbox, &["edit", "acme", "--include", &tenant, "--yes"]).start()
    };
    let started: Vec<_> = (0..6).flat_map(|n| [add(n), edit(n)]).collect();
    for run in started {
        run.finish().success();
    }
    let settings = settings(&sandbox);
    for n in 0..6 {
        assert!(settings.contains(&format!("[portal.p{n}]\n")), "{settings}");
        assert!(settings.contains(&format!("  \"t{n}\",\n")), "{settings}");
    }
    assert!(settings.contains("[portal.acme] # the first\n"), "{settings}");
}

/// Credentials of one's own that are cached.
fn cached(sandbox: &Sandbox) -> usize {
    let root = sandbox.home().join(".cache/jitpass/credentials");
    let portals = std::fs::read_dir(root).into_iter().flatten().flatten();
    let own =
        portals.filter_map(|portal| std::fs::read_dir(portal.path().join("self")).ok()).flatten().flatten();
    own.filter(|file| !file.file_name().to_string_lossy().ends_with("~lock")).count()
}

#[test]
fn another_token_command_signs_out() {
    let sandbox = set_up("new,tenants=1");
    sandbox.jitpass(["aws", "--host", &sandbox.url(), "--admin"]).run().success();
    let run = portal(&sandbox, &["edit", "--token-command", "/bin/no-such pass", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass portal edit --token-command '/bin/no-such pass' --yes
exit 0
--- stderr
! `/bin/no-such` is not to be found on this machine

~/.config/jitpass/config.toml · 1 line added
  ⋮ [portal.acme]
  host = "[PORTAL]"
  admin = true
  tenants = "all"
+ token_command = ["/bin/no-such", "pass"]

! the token of ada@example.com for 127.0.0.1:[PORT], and every credential issued with it, will be forgotten: the next token may be another person's
✓ ~/.config/jitpass/config.toml written
--- files
removed [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin
removed [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-default
removed [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/self.json
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    assert_eq!(cached(&sandbox), 0);
    let run = portal(&sandbox, &["edit", "--token-command", "none", "--yes"]).run().success();
    assert!(run.stderr.contains("jitpass login acme"), "{}", run.stderr);
}

#[test]
fn followed_by_a_sync() {
    let sandbox = set_up("new,tenants=2");
    let args = ["edit", "acme", "--no-admin", "--set", "output=json", "--sync", "--yes"];
    let run = portal(&sandbox, &args).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass portal edit acme --no-admin --set output=json --sync --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 4 lines added, 1 removed
  
  [portal.acme]
  host = "[PORTAL]"
- admin = true
+ admin = false
  tenants = "all"
+ 
+ [portal.acme.keys]
+ output = "json"

✓ ~/.config/jitpass/config.toml written

~/.aws/config · 2 lines added
  ⋮ [profile acme-default]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
+ output = json
  
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ output = json

2 changed profiles
! not chosen any more: `acme-admin`
·   to remove what is not offered or not chosen any more: jitpass sync --prune
✓ 2 profiles written to ~/.aws/config
--- files
changed [HOME]/.aws/config
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000003.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert_eq!(sandbox.read(".aws/config").matches("output = json\n").count(), 2);
}
