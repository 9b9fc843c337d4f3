//! What is said and written.

use snapbox::{assert_data_eq, str};

use super::import;
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

/// Entries of every kind, as people have them.
fn mixed(sandbox: &Sandbox) {
    let (url, token, another) = (sandbox.url(), sandbox.token("admin"), sandbox.token("tenant"));
    sandbox.write(
        ".aws/config",
        format!(
            "# mine\n\
             [default]\n\
             region = us-west-2\n\
             credential_process = duplo-jit aws --no-cache --admin --host {url}/ --interactive\n\
             \n\
             [profile local-dev01] # the old one\n\
             region=us-west-2\n\
             credential_process=/opt/homebrew/bin/duplo-jit aws -tenant dev01 --host={url} --interactive ; was admin\n\
             cli_pager=\n\
             \n\
             [profile local-admin]\n\
             credential_process = duplo-jit aws --admin --host {url} --token {token}\n\
             \n\
             [profile pat]\n\
             credential_process = duplo-jit aws --tenant dev02 --host {url} --token {another}\n\
             \n\
             [profile ci]\n\
             credential_process = duploctl jit aws --host {url} --tenant qa01\n\
             \n\
             [profile ctx]\n\
             credential_process = duploctl --ctx work jit aws\n\
             \n\
             [profile console]\n\
             credential_process = sh -c \"duplo-jit aws --admin --host $PORTAL --interactive\"\n\
             \n\
             [profile k8s]\n\
             credential_process = duplo-jit k8s --plan nonprod --host {url}\n\
             \n\
             [profile sso]\n\
             sso_session = corp\n\
             \n\
             [profile vault]\n\
             credential_process = aws-vault export --format=json work\n"
        ),
    );
    sandbox.write(
        ".aws/credentials",
        format!(
            "[local-dev01]\ncredential_process = duplo-jit aws --tenant dev01 --host {url} --interactive\n"
        ),
    );
    sandbox.write(
        ".duplo/config",
        format!(
            "current-context: work\ncontexts:\n- name: work\n  host: {url}\n  token: {token}\n  tenant: QA01\n- name: other\n  host: https://other.duplocloud.net\n  interactive: true\n"
        ),
    );
    sandbox.write(
        ".kube/config",
        format!(
            "users:\n- name: local-nonprod\n  user:\n    exec:\n      command: duplo-jit\n      args: [k8s, --plan, nonprod, --host, {url}, --interactive]\n"
        ),
    );
}

/// The content of a file without the accidents of a run.
fn plain(sandbox: &Sandbox, text: &str) -> String {
    text.replace(&sandbox.root().display().to_string(), "[SANDBOX]").replace(&sandbox.url(), "[PORTAL]")
}

#[test]
fn a_mixed_file() {
    let sandbox = Sandbox::with("new");
    mixed(&sandbox);
    let dry = import(&sandbox, ["--dry-run"]).run();
    assert_eq!(dry.status.code(), Some(3));
    assert!(!sandbox.home().join(".local/state/jitpass/tokens").exists());
    // Two tokens, one of them in two places: the portal is asked once for each.
    assert_eq!(sandbox.requests(), 2);
    assert_data_eq!(
        shown(&import(&sandbox, ["--yes"]).run()),
        str![[r#"
$ jitpass profile import --yes
exit 0
--- stderr

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.local]
+ host = "[PORTAL]"
+ admin = false
+ tenants = ["dev01"]

~/.aws/config · 5 lines added, 3 removed
  # mine
  [default]
  region = us-west-2
- credential_process = duplo-jit aws --no-cache --admin --host [PORTAL]/ --interactive
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  
  [profile local-dev01] # the old one
  region=us-west-2
- credential_process=/opt/homebrew/bin/duplo-jit aws -tenant dev01 --host=[PORTAL] --interactive ; was admin
+ ; was admin
+ credential_process=[BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  cli_pager=
+ jitpass_portal=local
  
  [profile local-admin]
  credential_process = duplo-jit aws --admin --host [PORTAL] --token ‹redacted a169›
  ⋮ [profile pat]
  credential_process = duplo-jit aws --tenant dev02 --host [PORTAL] --token ‹redacted c842›
  
  [profile ci]
- credential_process = duploctl jit aws --host [PORTAL] --tenant qa01
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01
  
  [profile ctx]
  credential_process = duploctl --ctx work jit aws

3 profiles to take over, 5 stay as they are
· default: `--no-cache` is left out: jitpass asks again by itself when a cached credential is refused
· ci: it took any token in DUPLO_TOKEN; jitpass takes it only where DUPLO_HOST=[PORTAL] says whose it is, and else the one of `jitpass login`
! local-admin (~/.aws/config:12) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! pat (~/.aws/config:15) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as pat@example.com, too
! ctx (~/.aws/config:21) stays with duploctl: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! console (~/.aws/config:24) stays with duplo-jit: its `--host` comes from the variable PORTAL, which is not known here
! k8s (~/.aws/config:27) stays with duplo-jit: `duplo-jit k8s` gives no AWS credentials
·   sign in first, then import again: jitpass login [PORTAL]
·   with such a token on purpose: jitpass login [PORTAL] --token-stdin
· yours by name, so that `jitpass sync` leaves them alone: `default` and `ci`
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:12: replace it in the portal: your name → Profile
! a token of pat@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:15: replace it in the portal: your name → Profile
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.duplo/config (context `work`): replace it in the portal: your name → Profile; take it out there, too, if duploctl is no longer used
! `local-dev01` also in ~/.aws/credentials, and most AWS programs take what is there. To take it out there:
    sed -i -e '/^/[local-dev01/]/,/^/[/{/^credential_process[ =]/d;}' ~/.aws/credentials
· `local-nonprod` of ~/.kube/config calls duplo-jit: kept for `jitpass kube` later
✓ 3 profiles in ~/.aws/config call jitpass now
· nobody is signed in to 127.0.0.1:[PORT] yet: jitpass login local
· profiles for other tenants of 127.0.0.1:[PORT]: jitpass setup --host local
--- files
changed [HOME]/.aws/config
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600

"#]]
    );
    let config = sandbox.read(".aws/config");
    let config = config.replace(&sandbox.token("tenant"), "[PAT]").replace(&sandbox.token("admin"), "[ADA]");
    assert_data_eq!(
        plain(&sandbox, &config),
        str![[r##"
# mine
[default]
region = us-west-2
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --admin --interactive

[profile local-dev01] # the old one
region=us-west-2
; was admin
credential_process=[SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant dev01 --interactive
cli_pager=
jitpass_portal=local

[profile local-admin]
credential_process = duplo-jit aws --admin --host [PORTAL] --token [ADA]

[profile pat]
credential_process = duplo-jit aws --tenant dev02 --host [PORTAL] --token [PAT]

[profile ci]
credential_process = [SANDBOX]/bin/jitpass aws --host [PORTAL] --tenant qa01

[profile ctx]
credential_process = duploctl --ctx work jit aws

[profile console]
credential_process = sh -c "duplo-jit aws --admin --host $PORTAL --interactive"

[profile k8s]
credential_process = duplo-jit k8s --plan nonprod --host [PORTAL]

[profile sso]
sso_session = corp

[profile vault]
credential_process = aws-vault export --format=json work

"##]]
    );
    // Nothing is left to be done.
    assert_data_eq!(
        shown(&import(&sandbox, ["--yes"]).run()),
        str![[r#"
$ jitpass profile import --yes
exit 0
--- stderr
! local-admin (~/.aws/config:14) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! pat (~/.aws/config:17) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as pat@example.com, too
! ctx (~/.aws/config:23) stays with duploctl: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! console (~/.aws/config:26) stays with duplo-jit: its `--host` comes from the variable PORTAL, which is not known here
! k8s (~/.aws/config:29) stays with duplo-jit: `duplo-jit k8s` gives no AWS credentials
·   sign in first, then import again: jitpass login [PORTAL]
·   with such a token on purpose: jitpass login [PORTAL] --token-stdin
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:14: replace it in the portal: your name → Profile
! a token of pat@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:17: replace it in the portal: your name → Profile
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.duplo/config (context `work`): replace it in the portal: your name → Profile; take it out there, too, if duploctl is no longer used
! `local-dev01` also in ~/.aws/credentials, and most AWS programs take what is there. To take it out there:
    sed -i -e '/^/[local-dev01/]/,/^/[/{/^credential_process[ =]/d;}' ~/.aws/credentials
· `local-nonprod` of ~/.kube/config calls duplo-jit: kept for `jitpass kube` later
✓ nothing to change

"#]]
    );
    assert_data_eq!(
        shown(&import(&sandbox, ["--dry-run"]).run()),
        str![[r#"
$ jitpass profile import --dry-run
exit 0
--- stderr
! local-admin (~/.aws/config:14) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! pat (~/.aws/config:17) stays with duplo-jit: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as pat@example.com, too
! ctx (~/.aws/config:23) stays with duploctl: nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too
! console (~/.aws/config:26) stays with duplo-jit: its `--host` comes from the variable PORTAL, which is not known here
! k8s (~/.aws/config:29) stays with duplo-jit: `duplo-jit k8s` gives no AWS credentials
·   sign in first, then import again: jitpass login [PORTAL]
·   with such a token on purpose: jitpass login [PORTAL] --token-stdin
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:14: replace it in the portal: your name → Profile
! a token of pat@example.com for 127.0.0.1:[PORT] lies open in ~/.aws/config:17: replace it in the portal: your name → Profile
! a token of ada@example.com for 127.0.0.1:[PORT] lies open in ~/.duplo/config (context `work`): replace it in the portal: your name → Profile; take it out there, too, if duploctl is no longer used
! `local-dev01` also in ~/.aws/credentials, and most AWS programs take what is there. To take it out there:
    sed -i -e '/^/[local-dev01/]/,/^/[/{/^credential_process[ =]/d;}' ~/.aws/credentials
· `local-nonprod` of ~/.kube/config calls duplo-jit: kept for `jitpass kube` later
✓ nothing to change

"#]]
    );
}

#[test]
fn as_json() {
    let sandbox = Sandbox::with("new");
    mixed(&sandbox);
    let run = import(&sandbox, ["--dry-run", "--json"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile import --dry-run --json
exit 3
--- stdout
{
  "changes": true,
  "credentials_file": {
    "file": "~/.aws/credentials",
    "profiles": [
      {
        "line": 2,
        "profile": "local-dev01"
      }
    ],
    "remove_with": "sed -i -e '/^//[local-dev01//]/,/^//[/{/^credential_process[ =]/d;}' ~/.aws/credentials"
  },
  "kubeconfig_users": [
    {
      "file": "~/.kube/config",
      "shows_token": false,
      "tool": "duplo-jit",
      "user": "local-nonprod"
    }
  ],
  "open_tokens": [
    {
      "at": {
        "file": "~/.aws/config",
        "line": 12
      },
      "person": "ada@example.com",
      "portal": "[PORTAL]",
      "state": "doubtful"
    },
    {
      "at": {
        "file": "~/.aws/config",
        "line": 15
      },
      "person": "pat@example.com",
      "portal": "[PORTAL]",
      "state": "doubtful"
    },
    {
      "at": {
        "context": "work",
        "file": "~/.duplo/config"
      },
      "person": "ada@example.com",
      "portal": "[PORTAL]",
      "state": "doubtful"
    }
  ],
  "portals": [
    {
      "host": "[PORTAL]",
      "name": "local"
    }
  ],
  "profiles": [
    {
      "file": "~/.aws/config",
      "line": 4,
      "notes": [
        "`--no-cache` is left out: jitpass asks again by itself when a cached credential is refused"
      ],
      "portal": "[PORTAL]",
      "profile": "default",
      "reason": null,
      "result": "converted",
      "scope": "admin",
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/config",
      "line": 8,
      "notes": [],
      "portal": "[PORTAL]",
      "profile": "local-dev01",
      "reason": null,
      "result": "managed",
      "scope": "tenant dev01",
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/config",
      "line": 12,
      "notes": [],
      "portal": "[PORTAL]",
      "profile": "local-admin",
      "reason": "nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too",
      "result": "left",
      "scope": "admin",
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/config",
      "line": 15,
      "notes": [],
      "portal": "[PORTAL]",
      "profile": "pat",
      "reason": "nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as pat@example.com, too",
      "result": "left",
      "scope": "tenant dev02",
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/config",
      "line": 18,
      "notes": [
        "it took any token in DUPLO_TOKEN; jitpass takes it only where DUPLO_HOST=[PORTAL] says whose it is, and else the one of `jitpass login`"
      ],
      "portal": "[PORTAL]",
      "profile": "ci",
      "reason": null,
      "result": "converted",
      "scope": "tenant qa01",
      "tool": "duploctl"
    },
    {
      "file": "~/.aws/config",
      "line": 21,
      "notes": [],
      "portal": "[PORTAL]",
      "profile": "ctx",
      "reason": "nobody is signed in, and with its token `default`, `local-dev01` and `ci` would ask as ada@example.com, too",
      "result": "left",
      "scope": "tenant qa01",
      "tool": "duploctl"
    },
    {
      "file": "~/.aws/config",
      "line": 24,
      "notes": [],
      "portal": null,
      "profile": "console",
      "reason": "its `--host` comes from the variable PORTAL, which is not known here",
      "result": "left",
      "scope": null,
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/config",
      "line": 27,
      "notes": [],
      "portal": null,
      "profile": "k8s",
      "reason": "`duplo-jit k8s` gives no AWS credentials",
      "result": "left",
      "scope": null,
      "tool": "duplo-jit"
    },
    {
      "file": "~/.aws/credentials",
      "line": 2,
      "notes": [],
      "portal": "[PORTAL]",
      "profile": "local-dev01",
      "reason": null,
      "result": "in-the-way",
      "scope": "tenant dev01",
      "tool": "duplo-jit"
    }
  ],
  "signs_in": [],
  "unreadable": [],
  "written": false
}

"#]]
    );
}

#[test]
fn nothing_there() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&import(&sandbox, ["--yes"]).run()),
        str![[r#"
$ jitpass profile import --yes
exit 0
--- stderr
· nothing to take over: no profile calls duplo-jit, duplo-aws-credential-process or duploctl

"#]]
    );
    assert_data_eq!(
        shown(&import(&sandbox, []).run()),
        str![[r#"
$ jitpass profile import
exit 2
--- stderr
error: there is no terminal to ask at, so nothing would be written
hint: add --yes to write without asking, or --dry-run to only see what would be written

"#]]
    );
    sandbox.write(".aws/config", "[profile acme-dev01]\nregion = us-west-2\n");
    assert_data_eq!(
        shown(&import(&sandbox, ["acme-dev1", "--yes"]).run()),
        str![[r#"
$ jitpass profile import acme-dev1 --yes
exit 2
--- stderr
error: no profile is called `acme-dev1`
hint: did you mean `acme-dev01`?

"#]]
    );
}

#[test]
fn some_profiles_only() {
    let sandbox = Sandbox::new();
    let line =
        "credential_process = duplo-jit aws --admin --host https://acme.duplocloud.net --interactive\n";
    let config = |name: &str| format!("[profile {name}]\n{line}");
    sandbox.write(".aws/config", config("one") + &config("two") + &config("other"));
    import(&sandbox, ["t*", "one", "--yes", "--offline"]).run().success();
    let after = sandbox.read(".aws/config");
    assert_eq!((after.matches("/jitpass aws").count(), after.matches("= duplo-jit").count()), (2, 1));
    assert!(after.ends_with(&config("other")), "{after}");
}

/// Of a profile that stands in the credentials file alone an entry is made; then the line can go, by the command named.
#[test]
fn lines_of_the_credentials_file() {
    let sandbox = Sandbox::new();
    let line = |tenant: &str| {
        format!(
            "credential_process = duplo-jit aws --tenant {tenant} --host https://acme.duplocloud.net --interactive\n"
        )
    };
    let credentials = format!(
        "[static]\naws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = x\n[acme-dev01]\n{}\n[acme-dev02]\nregion = us-west-2\n{}[vault]\ncredential_process = aws-vault export work\n",
        line("dev01"),
        line("dev02"),
    );
    sandbox.write(".aws/credentials", &credentials);
    sandbox.write(".aws/config", "[profile acme-dev02]\noutput = json\n");
    assert_data_eq!(
        shown(&import(&sandbox, ["--yes"]).run()),
        str![[r#"
$ jitpass profile import --yes
exit 0
--- stderr

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.acme]
+ host = "https://acme.duplocloud.net"
+ admin = false
+ tenants = ["dev01", "dev02"]

~/.aws/config · 6 lines added
  [profile acme-dev02]
  output = json
+ credential_process = [BIN]/jitpass aws --host https://acme.duplocloud.net --tenant dev02 --interactive
+ jitpass_portal = acme
+ 
+ [profile acme-dev01]
+ credential_process = [BIN]/jitpass aws --host https://acme.duplocloud.net --tenant dev01 --interactive
+ jitpass_portal = acme

2 profiles to take over
! `acme-dev01` and `acme-dev02` also in ~/.aws/credentials, and most AWS programs take what is there. To take it out there:
    sed -i -e '/^/[acme-dev01/]/,/^/[/{/^credential_process[ =]/d;}' -e '/^/[acme-dev02/]/,/^/[/{/^credential_process[ =]/d;}' ~/.aws/credentials
✓ 2 profiles in ~/.aws/config call jitpass now
· nobody is signed in to acme.duplocloud.net yet: jitpass login acme
· profiles for other tenants of acme.duplocloud.net: jitpass setup --host acme
--- files
changed [HOME]/.aws/config
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600

"#]]
    );
    let json = import(&sandbox, ["--dry-run", "--json"]).run().success().json();
    let command = json["credentials_file"]["remove_with"].as_str().expect("there is a command").to_owned();
    assert_eq!(sandbox.read(".aws/credentials"), credentials);
    sandbox.command("/bin/sh").args(["-c", &command]).run().success();
    let removed = credentials.replace(&line("dev01"), "").replace(&line("dev02"), "");
    assert_eq!(sandbox.read(".aws/credentials"), removed);
    // Once they have moved, the command does no harm.
    sandbox.command("/bin/sh").args(["-c", &command]).run().success();
    assert_eq!(sandbox.read(".aws/credentials"), removed);
    assert_data_eq!(
        shown(&import(&sandbox, ["--yes"]).run()),
        str![[r#"
$ jitpass profile import --yes
exit 0
--- stderr
✓ nothing to change

"#]]
    );
}

#[test]
fn a_person_is_asked_once() {
    let sandbox = Sandbox::with("new");
    mixed(&sandbox);
    let mut terminal = Terminal::start(&sandbox, &["profile", "import"], &[]);
    terminal.sees("The token in ~/.aws/config:12 is ada@example.com's").sees("(y/N)").types("y");
    terminal.sees("5 profiles to take over").sees("Write this? (Y/n)").types("n");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("nothing was written"), "{shown}");
    assert!(!sandbox.read(".aws/config").contains("/jitpass aws"));
    assert!(!sandbox.home().join(".local/state/jitpass/tokens").exists(), "nothing is kept unasked");
    let mut terminal = Terminal::start(&sandbox, &["profile", "import"], &[]);
    terminal.sees("is ada@example.com's").types("y").sees("Write this? (Y/n)").types("");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("5 profiles in ~/.aws/config call jitpass now"), "{shown}");
}

/// duplo-jit's forerunners had no `--interactive` in many a line: that stays so, also where `sync` would add it.
#[test]
fn what_sync_would_write_otherwise_is_the_persons_preference() {
    let sandbox = Sandbox::new();
    let line = "credential_process = duplo-jit aws --host https://acme.duplocloud.net";
    let config = format!(
        "[profile acme-admin]\n{line} --admin\n[profile acme-dev01]\n{line} --tenant dev01 --interactive\n"
    );
    sandbox.write(".aws/config", config);
    import(&sandbox, ["--yes"]).run().success();
    let managed: serde_json::Value =
        serde_json::from_str(&sandbox.read(".local/state/jitpass/managed.json")).expect("JSON");
    let profiles = &managed["files"][sandbox.aws_config().display().to_string()];
    let of = |name: &str| profiles[name]["preferred"]["credential_process"].clone();
    let program = sandbox.root().join("bin/jitpass").display().to_string();
    let command = format!("{program} aws --host https://acme.duplocloud.net --admin");
    assert_eq!(
        of("acme-admin"),
        serde_json::json!({ "own": command, "over": format!("{command} --interactive") })
    );
    assert_eq!(of("acme-dev01"), serde_json::Value::Null);
    assert_eq!(profiles["acme-dev01"]["written"]["jitpass_portal"], "acme");
}

/// duplo-jit is told everything on its line; duploctl looks around.
#[test]
fn what_duploctl_finds_elsewhere() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "work/config",
        "current-context: b\ncontexts:\n- {name: a, host: https://a.net, tenant: Dev01}\n- {name: b, host: https://b.net/, admin: true, interactive: true, nocache: true}\n",
    );
    for (line, variables, expected) in [
        ("duploctl jit aws --home-dir ~/work", vec![], "--host https://b.net --admin --interactive"),
        (
            "duploctl jit aws --config-file ~/work/config --ctx a",
            vec![],
            "--host https://a.net --tenant dev01",
        ),
        ("duploctl jit aws", vec![("DUPLO_HOME", "~/work")], "--host https://b.net --admin --interactive"),
        (
            "duploctl jit aws",
            vec![("DUPLO_CONFIG", "~/work/config"), ("DUPLO_CONTEXT", "a")],
            "--host https://a.net --tenant dev01",
        ),
        ("duploctl jit aws --admin", vec![("DUPLO_HOST", "https://c.net")], "--host https://c.net --admin"),
        (
            "duploctl jit aws",
            vec![("DUPLO_HOST", "https://c.net"), ("DUPLO_TENANT", "Qa")],
            "--host https://c.net --tenant qa",
        ),
        // What it is told comes first.
        (
            "duploctl jit aws --host https://d.net -T t",
            vec![("DUPLO_HOST", "https://c.net")],
            "--host https://d.net --tenant t",
        ),
    ] {
        sandbox.write(".aws/config", format!("[profile x]\ncredential_process = {line}\n"));
        let home = sandbox.home().display().to_string();
        let mut call = import(&sandbox, ["--yes", "--offline"]);
        for (name, value) in &variables {
            call = call.env(*name, value.replace('~', &home));
        }
        let run = call.run().success();
        let config = sandbox.read(".aws/config");
        assert!(
            config.contains(&format!("/jitpass aws {expected}\n")),
            "{line} {variables:?}\n{config}\n{}",
            run.stderr
        );
    }
}

/// A file of many alike is no reason for as many lines.
#[test]
fn what_is_true_of_many_is_said_once() {
    let sandbox = Sandbox::new();
    let profile = |n: u32, line: &str| format!("[profile p{n:02}]\ncredential_process = duplo-jit {line}\n");
    let mut config = String::new();
    for n in 0..30 {
        config += &profile(n, "aws --no-cache --admin --host https://acme.duplocloud.net --interactive");
        config += &profile(n + 30, "k8s --host https://acme.duplocloud.net");
    }
    sandbox.write(".aws/config", config);
    let run = import(&sandbox, ["--dry-run", "--offline"]).run().fails(3);
    assert_data_eq!(
        run.stderr,
        str![[r#"
30 profiles to take over, 30 stay as they are
· `p00`, `p01`, `p02`, `p03`, `p04`, `p05`, `p06`, `p07` and 22 more: `--no-cache` is left out: jitpass asks again by itself when a cached credential is refused
! `p30`, `p31`, `p32`, `p33`, `p34`, `p35`, `p36`, `p37` and 22 more (~/.aws/config) stay with duplo-jit: `duplo-jit k8s` gives no AWS credentials
· yours by name, so that `jitpass sync` leaves them alone: `p00`, `p01`, `p02`, `p03`, `p04`, `p05`, `p06`, `p07` and 22 more
· dry run: nothing was written

"#]]
    );
}

/// A portal on this machine has no name in its address; its profiles were named after one.
#[test]
fn the_name_that_its_profiles_have_in_common() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let profile = |name: &str, scope: &str| {
        format!("[profile {name}]\ncredential_process = duplo-jit aws {scope} --host {url} --interactive\n")
    };
    let profiles = [
        profile("acme-admin", "--admin"),
        profile("acme-dev01", "--tenant dev01"),
        profile("acme-boss", "--admin"),
    ];
    let taken = "[portal.acme]\nhost = \"https://acme.duplocloud.net\"\n";
    for (settings, name) in [("", "acme"), (taken, "local")] {
        sandbox.write(".aws/config", profiles.concat());
        sandbox.write(".config/jitpass/config.toml", settings);
        let run = import(&sandbox, ["--yes"]).run().success();
        for said in [
            format!("yet: jitpass login {name}\n"),
            format!(
                "profiles for other tenants of 127.0.0.1:{}: jitpass setup --host {name}\n",
                sandbox.portal().address().port()
            ),
        ] {
            assert!(run.stderr.contains(&said), "no `{said}` in\n{}", run.stderr);
        }
        let settings = sandbox.read(".config/jitpass/config.toml");
        assert!(settings.contains(&format!("[portal.{name}]\nhost = \"{url}\"")), "{settings}");
        let config = sandbox.read(".aws/config");
        let managed = if name == "acme" { 2 } else { 0 };
        assert_eq!(config.matches(&format!("jitpass_portal = {name}")).count(), managed, "{config}");
    }
}
