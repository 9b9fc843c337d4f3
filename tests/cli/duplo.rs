//! `jitpass duplo`.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use jitpass::demo::portal::{Button, TokenState, UserKind};
use snapbox::{assert_data_eq, str};

use super::shown;
use crate::demo::raw::get;
use crate::harness::{Call, Run, Sandbox};

fn duplo(sandbox: &Sandbox, args: &[&str]) -> Call {
    let url = sandbox.url();
    sandbox.jitpass(["duplo", "--host", &url]).args(args)
}

#[track_caller]
fn sign_in(sandbox: &Sandbox, user: &str) {
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token(user)).run().success();
}

#[test]
fn prints_the_token_that_is_kept() {
    let sandbox = Sandbox::with("new");
    sign_in(&sandbox, "tenant");
    let run = duplo(&sandbox, &[]).run();
    let token = sandbox.token("tenant");
    assert!(run.stdout == format!("{{\"Version\":1,\"DuploToken\":\"{token}\",\"NeedOTP\":false}}\n"));
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass duplo --host [PORTAL]
exit 0
--- stdout
{"Version":1,"DuploToken":"[SECRET]","NeedOTP":false}

"#]]
    );
    // Nothing of it is unchecked, so that there is nothing to be done without.
    assert!(duplo(&sandbox, &["--no-cache"]).run().success().stdout == run.stdout);
}

#[test]
fn says_who_needs_a_code() {
    for (scenario, user, expected) in [
        ("new,mfa", "admin", true),
        ("new,mfa", "tenant", false),
        ("new", "admin", false),
        ("older,mfa", "admin", true),
    ] {
        let sandbox = Sandbox::with(scenario);
        let run = duplo(&sandbox, &["--token", &sandbox.token(user)]).run().success();
        assert_eq!(run.json()["NeedOTP"], expected, "{user} of {scenario}");
    }
}

#[test]
fn takes_the_token_of_the_environment() {
    let sandbox = Sandbox::with("new");
    sign_in(&sandbox, "admin");
    let call = duplo(&sandbox, &[]).env("DUPLO_TOKEN", sandbox.token("tenant"));
    let run = call.clone().env("DUPLO_HOST", sandbox.url()).run().success().changes_nothing();
    assert!(run.field("DuploToken") == sandbox.token("tenant"));
    let run = call.env("DUPLO_HOST", "https://other.duplocloud.net").run().success();
    assert!(run.field("DuploToken") == sandbox.token("admin"));
}

#[test]
fn says_in_one_line_what_is_wrong() {
    let sandbox = Sandbox::with("new");
    let said = |run: Run| shown(&run.changes_nothing());
    assert_data_eq!(
        said(duplo(&sandbox, &[]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL]
exit 1
--- stderr
jitpass: not signed in to 127.0.0.1:[PORT]; run: jitpass login [PORTAL]

"#]]
    );
    assert_data_eq!(
        said(duplo(&sandbox, &["--token", "SIMTOKEN-wrong", "--interactive"]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL] --token [SECRET] --interactive
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal does not accept the token; give another token: in the portal, Profile → Temporary API Token

"#]]
    );
    assert_data_eq!(
        said(sandbox.jitpass(["duplo"]).run()),
        str![[r#"
$ jitpass duplo
exit 2
--- stderr
jitpass: --host is missing; add the portal's address: --host https://acme.duplocloud.net

"#]]
    );
    assert_data_eq!(
        said(duplo(&sandbox, &["--tenant", "dev01"]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL] --tenant dev01
exit 2
--- stderr
jitpass: `--tenant` is no flag of `jitpass duplo`; `jitpass duplo --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(duplo(&sandbox, &["SIMTOKEN-by-mistake"]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL] [SECRET]
exit 2
--- stderr
jitpass: an argument is no flag of `jitpass duplo`; `jitpass duplo --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(sandbox.jitpass(["--debug", "duplo", "--host"]).run()),
        str![[r#"
$ jitpass --debug duplo --host
exit 2
--- stderr
jitpass: --host has no value; `jitpass duplo --help` lists the flags

"#]]
    );
    assert_data_eq!(
        said(sandbox.jitpass(["duplo", "--host", "http://acme.duplocloud.net"]).run()),
        str![[r#"
$ jitpass duplo --host http://acme.duplocloud.net
exit 2
--- stderr
jitpass: the portal's address must start with `https://` (http is for localhost only)

"#]]
    );
}

/// `v3/features/system` still answers, so that whoever asks only that goes on with a dead token.
#[test]
fn a_token_that_was_logged_out_of_elsewhere_is_not_printed() {
    let sandbox = Sandbox::with("new");
    sign_in(&sandbox, "admin");
    sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::LoggedOut);
    assert_data_eq!(
        shown(&duplo(&sandbox, &[]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL]
exit 1
--- stderr
jitpass: 127.0.0.1:[PORT]: the portal does not accept the token; run: jitpass login [PORTAL]
--- files
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    assert_data_eq!(
        shown(&duplo(&sandbox, &[]).run()),
        str![[r#"
$ jitpass duplo --host [PORTAL]
exit 1
--- stderr
jitpass: the sign-in to 127.0.0.1:[PORT] is over: the portal no longer accepts the token; run: jitpass login [PORTAL]

"#]]
    );
}

#[test]
fn in_githubs_actions_the_token_is_hidden() {
    let sandbox = Sandbox::with("new");
    let token = sandbox.token("admin");
    let run = duplo(&sandbox, &["--token", &token]).env("GITHUB_ACTIONS", "true").run().success();
    assert!(run.field("DuploToken") == token);
    assert!(run.stderr == format!("::add-mask::{token}\n"), "{}", run.transcript());
    let run = duplo(&sandbox, &["--token", &token]).env("GITHUB_ACTIONS", "false").run().success();
    assert_eq!(run.stderr, "");
    let run = duplo(&sandbox, &["--token", "SIMTOKEN-wrong"]).env("GITHUB_ACTIONS", "true").run().fails(1);
    assert!(!run.stderr.contains("add-mask"), "{}", run.transcript());
}

/// A browser that notes where it was sent.
pub(super) fn browser(sandbox: &Sandbox) -> String {
    let path = sandbox.write("browser", "#!/bin/sh\necho \"$1\" > ~/.link && mv ~/.link ~/link\n");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
    path.display().to_string()
}

/// The page that the browser was sent to.
#[track_caller]
pub(super) fn page(sandbox: &Sandbox) -> String {
    let file = sandbox.home().join("link");
    let deadline = Instant::now() + Duration::from_secs(60);
    loop {
        match std::fs::read_to_string(&file) {
            Ok(link) => return link.trim().to_owned(),
            Err(_) if Instant::now() < deadline => std::thread::sleep(Duration::from_millis(5)),
            Err(error) => panic!("no browser was opened: {error}"),
        }
    }
}

/// Presses Authorize on that page, in the name of the portal's administrator, and brings what comes of it.
#[track_caller]
fn authorize(sandbox: &Sandbox, page: &str, code: Option<&str>) {
    let pressed = sandbox.portal().portal().press(UserKind::Admin, page, Button::Authorize, code);
    let url = pressed.expect("the page can be pressed").url;
    let path = url.match_indices('/').nth(2).expect("a callback has a path").0;
    let listener = url[..path].parse().expect("a callback is an address");
    let answer = get(&url[path..]).header("Referer", &format!("{}/", sandbox.url())).to(&listener);
    assert!((200..400).contains(&answer.status), "{}", answer.head);
}

#[test]
fn somebody_signs_in_for_it() {
    for (scenario, is_known, code) in
        [("new", false, None), ("new", true, None), ("new,mfa", false, Some("123456"))]
    {
        let sandbox = Sandbox::with(scenario);
        if is_known {
            sign_in(&sandbox, "admin");
            sandbox.portal().portal().set_token_state(UserKind::Admin, TokenState::LoggedOut);
        }
        let started = duplo(&sandbox, &["--interactive"]).env("BROWSER", browser(&sandbox)).start();
        let page = page(&sandbox);
        assert!(page.contains("isAdmin=true"), "{page}");
        authorize(&sandbox, &page, code);
        let run = started.finish().success();
        assert!(run.field("DuploToken").starts_with("SIMTOKEN-admin-"), "{}", run.transcript());
        assert_eq!((run.stderr.as_str(), &run.json()["NeedOTP"]), ("", &code.is_some().into()));
        assert!(duplo(&sandbox, &[]).run().success().stdout == run.stdout, "it is kept");
        if code.is_some() {
            // The code was good for one exchange, and it was used.
            let url = sandbox.url();
            sandbox.jitpass(["aws", "--host", &url, "--admin"]).run().success();
        }
    }
}
