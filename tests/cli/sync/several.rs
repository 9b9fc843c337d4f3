//! Several portals at once.

use std::net::{Ipv4Addr, SocketAddr};

use jitpass::demo::portal::{Portal, Running, Scenario, UserKind};
use snapbox::{assert_data_eq, str};

use crate::cli::{profiles, shown};
use crate::harness::Sandbox;

fn another(scenario: &str) -> Running {
    let scenario = Scenario::named(scenario).expect("a scenario");
    Portal::start(scenario, SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).expect("a portal starts")
}

/// Signs in with a token and sets the portal up.
fn set_up(sandbox: &Sandbox, portal: &Running, name: &str) {
    let token = portal.token(UserKind::Admin).expose().to_owned();
    let url = portal.url().to_string();
    let call = sandbox.jitpass(["setup", "--host", &url, "--name", name, "--yes", "--token-stdin"]);
    call.stdin(token).run().success();
}

#[test]
fn one_that_fails_stops_none_of_the_others() {
    let sandbox = Sandbox::with("new,tenants=2");
    let (globex, down) = (another("new,tenants=2"), another("new,tenants=2"));
    set_up(&sandbox, sandbox.portal(), "acme");
    set_up(&sandbox, &globex, "globex");
    set_up(&sandbox, &down, "initech");
    let before = profiles(&sandbox);
    let address = down.address();
    drop(down);
    sandbox.portal().portal().add_tenant("new01", "default");
    globex.portal().add_tenant("new02", "default");
    let run = sandbox.jitpass(["sync", "--prune", "--yes"]).run();
    let text = shown(&run).replace(&globex.address().port().to_string(), "[GLOBEX]");
    assert_data_eq!(
        text.replace(&address.port().to_string(), "[INITECH]"),
        str![[r#"
$ jitpass sync --prune --yes
exit 1
--- stderr
error: initech: cannot connect to `127.0.0.1:[PORT]` (Connection refused)
hint: check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)
· the profiles of what did not answer stay as they are

~/.aws/config · 10 lines added
  ⋮ [profile initech-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host http://127.0.0.1:[PORT] --tenant dev01 --interactive
  jitpass_portal = initech
+ 
+ [profile acme-new01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant new01 --interactive
+ jitpass_portal = acme
+ 
+ [profile globex-new02]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host http://127.0.0.1:[PORT] --tenant new02 --interactive
+ jitpass_portal = globex

2 new profiles, 6 unchanged profiles
✓ 2 profiles written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000004.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let after = profiles(&sandbox);
    assert_eq!(after.len(), before.len() + 2);
    assert!(before.iter().all(|name| after.contains(name)));
    // One by name.
    let one = sandbox.jitpass(["sync", "globex", "--yes"]).run().success();
    assert!(one.stderr.contains("nothing to change: 4 profiles"), "{}", one.stderr);
    let wrong = sandbox.jitpass(["sync", "globx", "--yes"]).run();
    assert!(wrong.status.code() == Some(2) && wrong.stderr.contains("`globex`"), "{}", wrong.stderr);
}

#[test]
fn they_are_asked_at_once() {
    let sandbox = Sandbox::with("new,tenants=2");
    let others: Vec<Running> = (0..3).map(|_| another("new,tenants=2")).collect();
    set_up(&sandbox, sandbox.portal(), "acme");
    others.iter().enumerate().for_each(|(n, portal)| set_up(&sandbox, portal, &format!("other{n}")));
    let run = sandbox.jitpass(["sync", "--yes"]).run().success();
    assert!(run.stderr.contains("nothing to change: 12 profiles"), "{}", run.stderr);
}
