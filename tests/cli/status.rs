//! `jitpass status`.

use jitpass::demo::portal::{TokenState, UserKind};
use snapbox::{assert_data_eq, str};

use super::duplo::{browser, page};
use super::shown;
use crate::harness::{Call, Sandbox, tool};

const SETTINGS: &str = ".config/jitpass/config.toml";

fn status(sandbox: &Sandbox, args: &[&str]) -> Call {
    sandbox.jitpass(["status"]).args(args.iter().copied())
}

/// A sandbox that `setup` left, as this user of the portal.
#[track_caller]
fn set_up(scenario: &str, user: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let url = sandbox.url();
    let setup = ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--yes", "--token-stdin"];
    sandbox.jitpass(setup).stdin(sandbox.token(user)).run().success();
    sandbox
}

#[test]
fn nothing_set_up() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&status(&sandbox, &[]).run().changes_nothing()),
        str![[r#"
$ jitpass status
exit 0
--- stderr
· nothing is set up yet
    jitpass setup

"#]]
    );
    assert_eq!(status(&sandbox, &["--json", "--check"]).run().fails(1).stdout, "[]\n");
    // One that is named may still be asked for.
    assert_data_eq!(
        shown(&status(&sandbox, &["https://acme.duplocloud.net"]).run().changes_nothing()),
        str![[r#"
$ jitpass status https://acme.duplocloud.net
exit 0
--- stdout
https://acme.duplocloud.net
  · not signed in
    jitpass login https://acme.duplocloud.net

"#]]
    );
}

#[test]
fn for_people() {
    let mut sandbox = set_up("new", "tenant");
    let expires = seconds(&sandbox.credential_process("acme-qa01").run().success().field("Expiration"));
    sandbox.pass(1560);
    sandbox.credential_process("acme-dev02").run().success();
    let run = status(&sandbox, &[]).at(expires - 2040).run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  ✓ signed in as pat@example.com
  · the token is in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json
  acme-dev01    tenant dev01    ██████░░░░ [DURATION]
  acme-dev02    tenant dev02    ██████████ [DURATION]
  acme-qa01     tenant qa01     ██████░░░░ [DURATION]
  acme-qa02     tenant qa02     ░░░░░░░░░░ none yet
  acme-stage01  tenant stage01  ░░░░░░░░░░ none yet

"#]]
    );
    assert!(run.stdout.contains("██████░░░░ 34 min\n"), "{}", run.stdout);
    let run = status(&sandbox, &[]).at(expires).run().success().changes_nothing();
    assert!(run.stdout.contains("acme-qa01     tenant qa01     ░░░░░░░░░░ expired\n"), "{}", run.stdout);
    assert!(run.stdout.contains("acme-dev02    tenant dev02    █████░░░░░ "), "{}", run.stdout);
}

/// The seconds since 1970 of a time in RFC 3339.
#[track_caller]
fn seconds(time: &str) -> i64 {
    time.parse::<jiff::Timestamp>().expect("RFC 3339").as_second()
}

#[test]
fn for_programs() {
    let sandbox = set_up("new,tenants=3", "admin");
    let expires = seconds(&sandbox.credential_process("acme-dev01").run().success().field("Expiration"));
    let run = status(&sandbox, &["--json"]).at(expires - 600).run().success().changes_nothing();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass status --json
exit 0
--- stdout
[
  {
    "api_host": null,
    "check": null,
    "host": "[PORTAL]",
    "name": "acme",
    "open_sign_in": null,
    "person": "ada@example.com",
    "profiles": [
      {
        "credential": null,
        "name": "acme-admin",
        "region": null,
        "scope": "admin",
        "tenant": null
      },
      {
        "credential": null,
        "name": "acme-default",
        "region": null,
        "scope": "tenant",
        "tenant": "default"
      },
      {
        "credential": {
          "expires": "[TIME]",
          "issued": "[TIME]",
          "seconds_left": 600,
          "state": "ending"
        },
        "name": "acme-dev01",
        "region": null,
        "scope": "tenant",
        "tenant": "dev01"
      },
      {
        "credential": null,
        "name": "acme-qa01",
        "region": null,
        "scope": "tenant",
        "tenant": "qa01"
      }
    ],
    "sign_in": "signed_in",
    "token_file": "[HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json",
    "token_in": "file"
  }
]

"#]]
    );
    let profiles = run.json()[0]["profiles"].clone();
    let credential = profiles.as_array().expect("a list").iter().find(|p| p["name"] == "acme-dev01");
    let credential = credential.expect("the profile is told of")["credential"].clone();
    let moment = |name: &str| seconds(credential[name].as_str().expect("a text"));
    assert_eq!((moment("expires"), moment("issued")), (expires, expires - 3600));
    assert_eq!(credential["state"], "ending");
}

#[test]
fn who_is_signed_in() {
    let sandbox = set_up("new,tenants=2", "tenant");
    let url = sandbox.url();
    let standing = |call: Call| call.run().success().json()[0].clone();
    let word = |call: Call| standing(call)["sign_in"].as_str().expect("a word").to_owned();
    let now = || status(&sandbox, &["--json"]);
    assert_eq!(word(now()), "signed_in");

    let by_variable = now().env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", &url);
    assert_eq!(word(by_variable.clone()), "by_variable");
    assert_eq!(standing(by_variable.clone())["person"], serde_json::Value::Null);
    assert_data_eq!(
        shown(
            &sandbox
                .jitpass(["status"])
                .env("DUPLO_TOKEN", sandbox.token("admin"))
                .env("DUPLO_HOST", &url)
                .run()
        ),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  ✓ DUPLO_TOKEN is used
  · without it, the token of pat@example.com in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json
  acme-dev01  tenant dev01  ░░░░░░░░░░ none yet

"#]]
    );
    let unused = now().env("DUPLO_TOKEN", sandbox.token("admin")).without("DUPLO_HOST");
    assert_eq!(word(unused), "signed_in");
    assert_data_eq!(
        shown(&sandbox.jitpass(["status"]).env("DUPLO_TOKEN", sandbox.token("admin")).run()),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  ✓ signed in as pat@example.com
  · the token is in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json
  acme-dev01  tenant dev01  ██████████ [DURATION]
--- stderr
! DUPLO_TOKEN is not used: DUPLO_HOST does not say whose it is

"#]]
    );

    // What a rejected token leaves.
    sandbox.portal().portal().set_token_state(UserKind::Tenant, TokenState::Expired);
    assert_eq!(word(now()), "signed_in", "nobody was asked");
    sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01", "--no-cache"]).run().fails(1);
    assert_eq!(word(now()), "over");
    assert_data_eq!(
        shown(&status(&sandbox, &[]).run()),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  ! the sign-in is over: the portal no longer accepts the token (it was pat@example.com)
    jitpass login [PORTAL]
  acme-dev01  tenant dev01  ██████████ [DURATION]

"#]]
    );
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    sandbox.jitpass(["logout", "acme"]).run().success();
    assert_eq!(word(now()), "signed_out");
    assert_data_eq!(
        shown(&status(&sandbox, &[]).run()),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  · signed out (it was ada@example.com)
    jitpass login [PORTAL]
  acme-dev01  tenant dev01  ░░░░░░░░░░ none yet

"#]]
    );

    let settings = sandbox.read(SETTINGS);
    sandbox.write(SETTINGS, settings + "token_command = [\"pass\", \"SIMTOKEN-not-to-be-shown\"]\n");
    assert_eq!(word(now()), "by_command");
    assert_eq!(standing(now())["token_in"], "command");
}

#[test]
fn portals_of_everywhere() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("admin")).run().success();
    sandbox.write(
        SETTINGS,
        "[portal.zeta]\nhost = \"https://zeta.example.com\"\n[portal.acme]\nhost = \"https://acme.example.com\"\n",
    );
    sandbox.write(
        ".aws/config",
        "[profile by-hand]\ncredential_process = jitpass aws --host https://beta.example.com --admin\n\
         [profile old]\ncredential_process = duplo-jit aws --host https://old.example.com --admin\n\
         [profile split]\ncredential_process = /opt/jitpass aws --tenant dev01 --host https://acme.example.com --api-host https://api.example.com\n\
         [profile broken]\ncredential_process = jitpass aws --host\n\
         [profile other]\nregion = us-west-2\n",
    );
    let call = status(&sandbox, &[]).env("DUPLO_TOKEN", "SIMTOKEN-x").env("DUPLO_HOST", "gamma.example.com");
    assert_data_eq!(
        shown(&call.clone().run().success().changes_nothing()),
        str![[r#"
$ jitpass status
exit 0
--- stdout
zeta · https://zeta.example.com
  · not signed in
    jitpass login https://zeta.example.com

acme · https://acme.example.com
  · not signed in
    jitpass login https://acme.example.com

[PORTAL]
  ✓ signed in as ada@example.com
  · the token is in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

https://acme.example.com (API at https://api.example.com)
  · not signed in
    jitpass login https://acme.example.com --api-host https://api.example.com
  split  tenant dev01  ░░░░░░░░░░ none yet

https://beta.example.com
  · not signed in
    jitpass login https://beta.example.com
  by-hand  admin  ░░░░░░░░░░ none yet

https://gamma.example.com
  ✓ DUPLO_TOKEN is used

"#]]
    );
    let only = |name: &str| status(&sandbox, &[name]).run().success().stdout;
    let acme = only("acme");
    assert!(acme.contains("https://api.example.com") && acme.contains("split") && !acme.contains("zeta"));
    // Who signed out of a portal that nothing else names is done with it.
    sandbox.jitpass(["logout", &url]).run().success();
    assert!(!status(&sandbox, &[]).run().success().stdout.contains(&url));
    assert!(only(&url).contains("signed out (it was ada@example.com)"));
}

#[test]
fn many_profiles() {
    let sandbox = set_up("new,tenants=80", "admin");
    sandbox.credential_process("acme-dev01").run().success();
    let run = status(&sandbox, &[]).env("COLUMNS", "60").run().success();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass status
exit 0
--- stdout
acme · [PORTAL]
  ✓ signed in as ada@example.com
  · the token is in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json
  acme-dev01  tenant dev01  ██████████ [DURATION]
  80 more profiles without a credential yet

"#]]
    );
    let rows = |text: &str| {
        let rows = text.lines().filter(|line| line.contains(['░', '█'])).map(str::to_owned);
        rows.collect::<Vec<_>>()
    };
    assert!(rows(&run.stdout).iter().all(|row| row.chars().count() <= 60));
    let named = rows(&status(&sandbox, &["acme"]).run().success().stdout);
    // The tenants, and the administrators' own.
    assert_eq!(named.len(), 81);
    let lives = named.iter().take_while(|row| row.contains('█')).count();
    assert!(lives > 0 && named[lives..].iter().all(|row| row.ends_with("none yet")), "{named:#?}");
}

#[test]
fn colours_are_for_terminals_and_say_nothing_more() {
    let sandbox = set_up("new,tenants=2", "admin");
    let plain = status(&sandbox, &[]).run().success().stdout;
    let coloured =
        status(&sandbox, &[]).without("NO_COLOR").env("CLICOLOR_FORCE", "1").run().success().stdout;
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn portals_are_asked() {
    let sandbox = set_up("new,tenants=80,mfa", "admin");
    let before = sandbox.requests();
    let run = status(&sandbox, &["--check"]).run().success();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass status --check
exit 0
--- stdout
acme · [PORTAL]
  ✓ signed in as ada@example.com
  · the token is in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json
  ✓ the portal accepts the token: ada@example.com, an administrator, 80 tenants
  · it wants a one-time code for administrators' work
  acme-dev01  tenant dev01  ██████████ [DURATION]
  79 more profiles without a credential yet

"#]]
    );
    assert_eq!(sandbox.requests() - before, 3);
    let check = status(&sandbox, &["--check", "--json"]).run().success().json()[0]["check"].clone();
    assert_eq!(check["tenants"], 80);
    assert_eq!(check["person"], "ada@example.com");
    assert_eq!((&check["reachable"], &check["token_accepted"]), (&true.into(), &true.into()));

    // Two are asked, and what is wrong with one is said in its place.
    let settings = sandbox.read(SETTINGS) + "[portal.beta]\nhost = \"http://127.0.0.1:1\"\n";
    sandbox.write(SETTINGS, settings);
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::LoggedOut);
    assert_data_eq!(
        shown(&status(&sandbox, &["--check"]).run()),
        str![[r#"
$ jitpass status --check
exit 1
--- stdout
acme · [PORTAL]
  ! the sign-in is over: the portal no longer accepts the token (it was ada@example.com)
    jitpass login [PORTAL]
  acme-dev01  tenant dev01  ██████████ [DURATION]
  79 more profiles without a credential yet

beta · http://127.0.0.1:1
  · not signed in
  ✗ cannot connect to `127.0.0.1:1` (Connection refused)
    hint: check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)
--- files
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    // For a script, that nobody is signed in is as good as a portal that is not there.
    status(&sandbox, &["--check", "acme"]).run().fails(1);
    status(&sandbox, &["acme"]).run().success();
    let beta = status(&sandbox, &["--check", "beta", "--json"]).run().fails(1).json()[0].clone();
    assert_eq!((&beta["check"]["reachable"], &beta["sign_in"]), (&false.into(), &"never".into()));
    sandbox.write(SETTINGS, sandbox.read(SETTINGS) + "token_command = [\"false\"]\n");
    assert_data_eq!(
        shown(&status(&sandbox, &["--check", "beta"]).run().changes_nothing()),
        str![[r#"
$ jitpass status --check beta
exit 1
--- stdout
beta · http://127.0.0.1:1
  ✓ its `token_command` is used
  ✗ the `token_command` of 127.0.0.1:1 gave no token: `false` ended with exit status: 1

"#]]
    );
}

#[test]
fn an_open_sign_in_is_told_of() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let call = sandbox.jitpass(["aws", "--host", &url, "--admin", "--interactive"]);
    let asker = call.env("BROWSER", browser(&sandbox)).start();
    let page = page(&sandbox);
    let open = status(&sandbox, &["--json", &url]).run().success().json()[0]["open_sign_in"].clone();
    assert_eq!(open["address"], page.as_str());
    let said = status(&sandbox, &[&url]).run().success().stdout;
    assert!(said.contains("· a sign-in is open for ") && said.contains(&page), "{said}");
    sandbox.jitpass(["logout", &url]).run().success();
    assert!(status(&sandbox, &["--json", &url]).run().json()[0]["open_sign_in"].is_null());
    asker.finish().fails(1);
}

#[test]
fn settings_that_cannot_be_read() {
    let sandbox = Sandbox::new();
    sandbox.write(SETTINGS, "[portal\n");
    assert_data_eq!(
        shown(&status(&sandbox, &["--json"]).run().changes_nothing()),
        str![[r#"
$ jitpass status --json
exit 1
--- stderr
error: [HOME]/.config/jitpass/config.toml is not valid TOML: line 1: unclosed table, expected `]`
hint: mend [HOME]/.config/jitpass/config.toml or move it away

"#]]
    );
}

#[test]
fn it_reads_some_files_and_does_nothing_else() {
    let Some(strace) = tool("strace") else { return };
    let sandbox = set_up("new,tenants=2", "admin");
    sandbox.credential_process("acme-dev01").run().success();
    let before = sandbox.requests();
    let (run, trace) = status(&sandbox, &[]).traced(&strace);
    run.success().changes_nothing();
    assert_eq!(sandbox.requests(), before, "nobody is asked");
    assert_eq!(trace.sockets, Vec::<String>::new());
    assert_eq!((trace.threads, trace.processes, trace.programs.len()), (0, 0, 0), "{trace:?}");
    let locks: Vec<_> = trace.opened.iter().filter(|path| path.contains("lock")).collect();
    assert!(locks.is_empty(), "{locks:?}");
    for file in
        ["/.aws/config", "/.config/jitpass/config.toml", "/.local/state/jitpass/tokens/", "/.cache/jitpass/"]
    {
        assert!(trace.opened.iter().any(|path| path.contains(file)), "{file}: {:?}", trace.opened);
    }
    // The control: the same instrument sees a portal asked.
    let (run, trace) = status(&sandbox, &["--check"]).traced(&strace);
    run.success();
    assert!(!trace.sockets.is_empty() && trace.threads > 0, "{trace:?}");
}
