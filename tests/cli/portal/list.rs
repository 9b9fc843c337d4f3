//! What is set up.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, portal, set_up, settled};
use crate::cli::shown;
use crate::harness::Sandbox;

#[test]
fn nothing_yet() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&portal(&sandbox, &["list"]).run()),
        str![[r#"
$ jitpass portal list
exit 0
--- stderr
· no portal is set up yet
    jitpass setup

"#]]
    );
    assert_data_eq!(
        shown(&portal(&sandbox, &["list", "--json"]).run()),
        str![[r#"
$ jitpass portal list --json
exit 0
--- stdout
[]

"#]]
    );
}

#[test]
fn for_people() {
    let sandbox = settled();
    let more = "profile_name = \"{{ tenant }}.{{ short_region }}\"\nbrowser = \"firefox -P work\"\napi_host = \"https://api.globex.net\"\n";
    sandbox.write(".config/jitpass/config.toml", format!("{SETTINGS}{more}"));
    assert_data_eq!(
        shown(&portal(&sandbox, &["list"]).run().changes_nothing()),
        str![[r#"
$ jitpass portal list
exit 0
--- stdout
acme · https://acme.duplocloud.net
  person    not signed in
  tenants   dev*
  keys      output=json

globex · https://globex.duplocloud.net
  person    not signed in
  API       https://api.globex.net
  tenants   all but not *-tmp
  region    eu-west-1
  names     {{ tenant }}.{{ short_region }}
  browser   firefox -P work

"#]]
    );
    let narrow = portal(&sandbox, &["list"]).env("COLUMNS", "30").run().stdout;
    assert!(narrow.lines().all(|line| line.chars().count() <= 30), "{narrow}");
    assert!(narrow.contains('…'), "{narrow}");
}

#[test]
fn for_programs() {
    let sandbox = settled();
    assert_data_eq!(
        shown(&portal(&sandbox, &["list", "--json"]).run()),
        str![[r#"
$ jitpass portal list --json
exit 0
--- stdout
[
  {
    "admin": null,
    "api_host": null,
    "browser": null,
    "exclude": [],
    "host": "https://acme.duplocloud.net",
    "keys": {
      "output": "json"
    },
    "name": "acme",
    "person": null,
    "profile_name": null,
    "region": null,
    "signed_in": false,
    "tenants": [
      "dev*"
    ],
    "token_command": null
  },
  {
    "admin": null,
    "api_host": null,
    "browser": null,
    "exclude": [
      "*-tmp"
    ],
    "host": "https://globex.duplocloud.net",
    "keys": {},
    "name": "globex",
    "person": null,
    "profile_name": null,
    "region": "eu-west-1",
    "signed_in": false,
    "tenants": "all",
    "token_command": null
  }
]

"#]]
    );
}

#[test]
fn who_is_signed_in() {
    let sandbox = set_up("new,tenants=1");
    assert_data_eq!(
        shown(&portal(&sandbox, &["list"]).run().changes_nothing()),
        str![[r#"
$ jitpass portal list
exit 0
--- stdout
acme · [PORTAL]
  person    ada@example.com
  tenants   all, and as administrator

"#]]
    );
    sandbox.jitpass(["logout", "acme"]).run().success();
    let said = portal(&sandbox, &["list"]).run().stdout;
    assert!(said.contains("signed out (it was ada@example.com)"), "{said}");
}

#[test]
fn settings_that_cannot_be_read() {
    let sandbox = Sandbox::new();
    sandbox.write(".config/jitpass/config.toml", "[portal.acme]\nhost = 1\n");
    assert_data_eq!(
        shown(&portal(&sandbox, &["list"]).run()),
        str![[r#"
$ jitpass portal list
exit 1
--- stderr
error: [HOME]/.config/jitpass/config.toml: `host` of portal `acme`: write a text in quotes

"#]]
    );
}
