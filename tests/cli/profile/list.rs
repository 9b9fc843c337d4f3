//! `jitpass profile list`.

use snapbox::{assert_data_eq, str};

use super::{CREDENTIALS, profile, set_up};
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::{Sandbox, tool};

const KEYS: &str = "aws_access_key_id = AKIAEXAMPLE\naws_secret_access_key = SIMSECRET-example\n";

#[test]
fn nothing_there() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&profile(&sandbox, &["list"]).run().success().changes_nothing()),
        str![[r#"
$ jitpass profile list
exit 0
--- stderr
· there are no profiles in ~/.aws/config
    jitpass setup

"#]]
    );
    assert_eq!(profile(&sandbox, &["list", "--json"]).run().success().stdout, "[]\n");
}

#[test]
fn every_profile_whoever_answers_for_it() {
    let sandbox = set_up("new,tenants=3");
    sandbox.write(CREDENTIALS, format!("[acme-dev01]\n{KEYS}[stale]\naws_access_key_id = AKIAEXAMPLE\n"));
    sandbox.credential_process("acme-qa01").run().success();
    let run = profile(&sandbox, &["list"]).env("COLUMNS", "140").run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile list
exit 0
--- stdout
acme-admin    acme  admin                us-west-2  managed  none yet
acme-default  acme  tenant default       us-west-2  managed  none yet
acme-dev01    acme  tenant dev01         us-west-2  managed  [DURATION]       ! beaten: aws_access_key_id (~/.aws/credentials:2)
acme-qa01     acme  tenant qa01          us-west-2  managed  [DURATION]
corp                IAM Identity Center             foreign
chain               a role                          foreign
old                 another program                 foreign
stale               nothing that works              foreign
--- stderr
· what beats a profile, and for whom: jitpass profile show NAME

"#]]
    );
    let run = profile(&sandbox, &["list"]).env("COLUMNS", "64").run().success();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile list
exit 0
--- stdout
acme-admin    admin                managed  none yet
acme-default  tenant default       managed  none yet
acme-dev01    tenant dev01         managed  [DURATION]       ! beaten
acme-qa01     tenant qa01          managed  [DURATION]
corp          IAM Identity Center  foreign
chain         a role               foreign
old           another program      foreign
stale         nothing that works   foreign
--- stderr
· what beats a profile, and for whom: jitpass profile show NAME

"#]]
    );
    let mut terminal = Terminal::start(&sandbox, &["profile", "list", "acme-d*"], &[("COLUMNS", "90")]);
    terminal.sees("PROFILE       PORTAL  SCOPE           REGION     KEPT     CACHED");
    assert_eq!(terminal.ends().0, 0);
}

#[test]
fn for_programs() {
    let sandbox = set_up("new,tenants=1");
    sandbox.write(CREDENTIALS, format!("[acme-default]\n{KEYS}"));
    let expires = profile(&sandbox, &["list", "--json"]).run().json()[1]["credential"]["expires"].clone();
    let expires: jiff::Timestamp = expires.as_str().expect("a text").parse().expect("RFC 3339");
    let call = profile(&sandbox, &["list", "--json"]).at(expires.as_second() - 600);
    let run = call.run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile list --json
exit 0
--- stdout
[
  {
    "api_host": null,
    "beaten_by": [],
    "credential": null,
    "file": "config",
    "host": "[PORTAL]",
    "line": 1,
    "managed": true,
    "name": "acme-admin",
    "portal": "acme",
    "region": "us-west-2",
    "scope": "admin",
    "source": "jitpass",
    "tenant": null
  },
  {
    "api_host": null,
    "beaten_by": [
      {
        "file": "credentials",
        "gives_credentials": true,
        "key": "aws_access_key_id",
        "line": 2,
        "readers": [
          "botocore",
          "go",
          "js"
        ],
        "source": "keys"
      }
    ],
    "credential": {
      "expires": "[TIME]",
      "issued": "[TIME]",
      "seconds_left": 600,
      "state": "ending"
    },
    "file": "config",
    "host": "[PORTAL]",
    "line": 6,
    "managed": true,
    "name": "acme-default",
    "portal": "acme",
    "region": "us-west-2",
    "scope": "tenant",
    "source": "jitpass",
    "tenant": "default"
  },
  {
    "api_host": null,
    "beaten_by": [],
    "credential": null,
    "file": "config",
    "host": null,
    "line": 11,
    "managed": false,
    "name": "corp",
    "portal": null,
    "region": null,
    "scope": null,
    "source": "sso",
    "tenant": null
  },
  {
    "api_host": null,
    "beaten_by": [],
    "credential": null,
    "file": "config",
    "host": null,
    "line": 16,
    "managed": false,
    "name": "chain",
    "portal": null,
    "region": null,
    "scope": null,
    "source": "role",
    "tenant": null
  },
  {
    "api_host": null,
    "beaten_by": [],
    "credential": null,
    "file": "config",
    "host": null,
    "line": 20,
    "managed": false,
    "name": "old",
    "portal": null,
    "region": null,
    "scope": null,
    "source": "process",
    "tenant": null
  }
]

"#]]
    );
}

#[test]
fn only_some_of_them() {
    let sandbox = set_up("new,tenants=3");
    let names = |args: &[&str]| {
        let run = profile(&sandbox, &[&["list", "--json"], args].concat()).run().success();
        let json = run.json();
        let names = json.as_array().expect("an array").iter();
        names.map(|one| one["name"].as_str().expect("a text").to_owned()).collect::<Vec<_>>()
    };
    let all = names(&[]);
    assert_eq!(all, ["acme-admin", "acme-default", "acme-dev01", "acme-qa01", "corp", "chain", "old"]);
    assert_eq!(names(&["--portal", "acme"]), &all[..4]);
    assert_eq!(names(&["--portal", &sandbox.url()]), &all[..4]);
    assert_eq!(names(&["--tenant", "DEV01"]), ["acme-dev01"]);
    assert_eq!(names(&["c*"]), ["corp", "chain"]);
    assert_eq!(names(&["c*", "acme-?a01", "nobody"]), ["acme-qa01", "corp", "chain"]);
    assert_eq!(names(&["c*", "--portal", "acme"]), Vec::<String>::new());
    let run = profile(&sandbox, &["list", "zzz"]).run().success();
    assert_eq!((run.stdout.as_str(), run.stderr.as_str()), ("", "· no profile is like that\n"));
    profile(&sandbox, &["list", "--tenant", "a\u{1b}[2J"]).run().fails(2);
}

/// A profile is managed by its mark, its scope and the name that was written: a copy of its section is the person's.
#[test]
fn whose_profile_it_is() {
    let sandbox = set_up("new,tenants=2");
    let kept = |name: &str| {
        let run = profile(&sandbox, &["list", name]).run().success();
        run.stdout.split("  ").map(str::trim).filter(|cell| !cell.is_empty()).nth(4).map(str::to_owned)
    };
    let config = sandbox.read(".aws/config");
    let section: String = config
        .lines()
        .skip_while(|l| *l != "[profile acme-dev01]")
        .skip(1)
        .take(3)
        .map(|l| format!("{l}\n"))
        .collect();
    sandbox.write(".aws/config", format!("{config}\n[profile copy]\n{section}"));
    assert_eq!(kept("acme-dev01").as_deref(), Some("managed"));
    assert_eq!(kept("copy").as_deref(), Some("yours"));
    // Without a record, as on another machine, the mark is all there is.
    std::fs::remove_file(sandbox.home().join(super::MANAGED)).expect("it was recorded");
    assert_eq!(kept("copy").as_deref(), Some("managed"));
    // Without the mark it is the person's own.
    sandbox.write(".aws/config", config.replace("jitpass_portal = acme\n", ""));
    assert_eq!(kept("acme-dev01").as_deref(), Some("yours"));
}

#[test]
fn what_the_environment_says_is_said_once() {
    let sandbox = set_up("new,tenants=1");
    let call = profile(&sandbox, &["list", "acme-admin"]).env("AWS_ACCESS_KEY_ID", "AKIAEXAMPLE");
    assert_data_eq!(
        shown(&call.env("AWS_SECRET_ACCESS_KEY", "SIMSECRET-x").run()),
        str![[r#"
$ jitpass profile list acme-admin
exit 0
--- stdout
acme-admin  acme  admin  us-west-2  managed  none yet
--- stderr
! AWS_ACCESS_KEY_ID is set: every AWS SDK use that instead of a profile, unless one is named as with `aws --profile`

"#]]
    );
}

#[test]
fn names_and_values_from_elsewhere_cannot_steer_the_terminal() {
    let sandbox = Sandbox::new();
    let escape = "\u{1b}[2J\u{7}\u{202e}";
    sandbox.write(
        ".aws/config",
        format!("[profile a{escape}b]\nregion = r{escape}\ncredential_process = /bin/x {escape}\n# {escape}\njitpass_portal = {escape}\n"),
    );
    let quiet = |text: &str| !text.contains(['\u{1b}', '\u{7}', '\u{202e}']);
    let list = profile(&sandbox, &["list"]).run().success();
    assert!(quiet(&list.stdout) && quiet(&list.stderr), "{list:?}");
    let json = profile(&sandbox, &["list", "--json"]).run().success();
    assert!(
        json.json()[0]["name"].as_str().is_some_and(|name| name.contains('\u{1b}')),
        "programs get it as it is"
    );
    let name = format!("a{escape}b");
    for args in [vec!["show"], vec!["edit", "--region", "us-west-2", "--yes"], vec!["remove", "--yes"]] {
        let run = profile(&sandbox, &args).args([name.as_str()]).run();
        assert!(quiet(&run.stdout) && quiet(&run.stderr), "{run:?}");
    }
    let missing = format!("x{escape}");
    for command in ["show", "remove", "edit", "rename"] {
        let more: &[&str] = match command {
            "show" => &[],
            "rename" => &["y", "--yes"],
            "edit" => &["--unset", "x", "--yes"],
            _ => &["--yes"],
        };
        let run = profile(&sandbox, &[command, &missing]).args(more.iter().copied()).run();
        assert!(quiet(&run.stdout) && quiet(&run.stderr), "{run:?}");
    }
    for args in [["add", &missing, "--host", "x"], ["rename", "a", &missing, "--yes"]] {
        let run = profile(&sandbox, &args).args(["--dry-run"]).run().fails(2).changes_nothing();
        assert!(quiet(&run.stderr), "{run:?}");
    }
}

#[test]
fn it_reads_some_files_and_does_nothing_else() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = set_up("new,tenants=2");
    sandbox.credential_process("acme-dev01").run().success();
    sandbox.write(CREDENTIALS, "[a]\n");
    let before = sandbox.requests();
    for args in [["list", "--json"].as_slice(), &["list"], &["show", "acme-dev01"]] {
        let (run, trace) = profile(&sandbox, args).traced(&strace);
        run.success().changes_nothing();
        assert_eq!(trace.sockets, Vec::<String>::new(), "{args:?}");
        assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0), "{trace:?}");
        assert!(!trace.opened.iter().any(|path| path.contains("lock")), "{:?}", trace.opened);
        assert!(trace.opened.iter().any(|path| path.contains(CREDENTIALS)), "{:?}", trace.opened);
    }
    assert_eq!(sandbox.requests(), before, "nobody is asked");
}
