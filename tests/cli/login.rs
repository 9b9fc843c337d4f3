//! `jitpass login`.

use snapbox::{assert_data_eq, str};

use super::shown;
use crate::harness::{Run, Sandbox};

fn login(sandbox: &Sandbox, stdin: &str) -> Run {
    let url = sandbox.url();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(stdin).run()
}

#[test]
fn a_good_token_is_kept() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&login(&sandbox, &sandbox.token("tenant"))),
        str![[r#"
$ jitpass login [PORTAL] --token-stdin
exit 0
--- stderr
✓ signed in to 127.0.0.1:[PORT] as pat@example.com
· the token is kept in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json (for you only)
--- files
created [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json mode 0600
created [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json~lock mode 0600

"#]]
    );
    let url = sandbox.url();
    sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01"]).run().success();
}

#[test]
fn a_token_as_it_was_pasted() {
    let sandbox = Sandbox::with("new");
    let token = sandbox.token("admin");
    let (start, end) = token.split_at(60);
    login(&sandbox, &format!("\"Bearer {start}\r\n   {end}\"\r\n")).success();
    let url = sandbox.url();
    sandbox.jitpass(["aws", "--host", &url, "--admin"]).run().success();
}

#[test]
fn a_wrong_token_is_not_kept() {
    let sandbox = Sandbox::with("new");
    assert_data_eq!(
        shown(&login(&sandbox, "SIMTOKEN-wrong")),
        str![[r#"
$ jitpass login [PORTAL] --token-stdin
exit 1
--- stderr
error: 127.0.0.1:[PORT]: the portal does not accept the token
hint: give another token: in the portal, Profile → Temporary API Token

"#]]
    );
    assert_data_eq!(
        shown(&login(&sandbox, "")),
        str![[r#"
$ jitpass login [PORTAL] --token-stdin
exit 2
--- stderr
error: no token was given
hint: in the portal: Profile → Temporary API Token

"#]]
    );
    assert_data_eq!(
        shown(&login(&sandbox, "what is\u{7} this")),
        str![[r#"
$ jitpass login [PORTAL] --token-stdin
exit 2
--- stderr
error: that is not a token: a token is one line of letters, digits and `- _ . ~ + / =`
hint: in the portal: Profile → Temporary API Token

"#]]
    );
}

#[test]
fn a_wrong_token_leaves_the_old_one() {
    let sandbox = Sandbox::with("new");
    login(&sandbox, &sandbox.token("admin")).success();
    login(&sandbox, "SIMTOKEN-wrong").fails(1).changes_nothing();
}

#[test]
fn another_person_gets_nothing_of_the_one_before() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let aws =
        || sandbox.jitpass(["aws", "--host", &url, "--tenant", "dev01"]).run().success().field("AccessKeyId");
    login(&sandbox, &sandbox.token("admin")).success();
    let first = aws();
    assert_data_eq!(
        shown(&login(&sandbox, &sandbox.token("tenant"))),
        str![[r#"
$ jitpass login [PORTAL] --token-stdin
exit 0
--- stderr
✓ signed in to 127.0.0.1:[PORT] as pat@example.com
· the token is kept in ~/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json (for you only)
· before, it was ada@example.com; what was issued to them is forgotten
--- files
removed [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01
removed [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/self.json
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    assert_ne!(aws(), first);
}

#[test]
fn no_portal_there() {
    let sandbox = Sandbox::new();
    let login =
        |portal: &str| shown(&sandbox.jitpass(["login", portal, "--token-stdin"]).stdin("SIMTOKEN-x").run());
    assert_data_eq!(
        login("http://127.0.0.1:1"),
        str![[r#"
$ jitpass login http://127.0.0.1:1 --token-stdin
exit 1
--- stderr
error: cannot connect to `127.0.0.1:1` (Connection refused)
hint: check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)

"#]]
    );
    // What the system says of it depends on where this runs.
    let unknown = login("https://portal.invalid");
    assert!(unknown.contains("error: no host `portal.invalid` can be found ("), "{unknown}");
    assert!(
        unknown.contains("\nhint: check the address, and the VPN if the portal needs one\n"),
        "{unknown}"
    );
    assert_data_eq!(
        login("http://acme.duplocloud.net"),
        str![[r#"
$ jitpass login http://acme.duplocloud.net --token-stdin
exit 2
--- stderr
error: the portal's address must start with `https://` (http is for localhost only)
hint: give an address such as `https://acme.duplocloud.net`, or its first word

"#]]
    );
}

#[test]
fn which_portal() {
    let sandbox = Sandbox::new();
    let login = || shown(&sandbox.jitpass(["login", "--token-stdin"]).stdin("SIMTOKEN-x").run());
    assert_data_eq!(
        login(),
        str![[r#"
$ jitpass login --token-stdin
exit 2
--- stderr
error: no portal is set up yet
hint: name one: jitpass login https://acme.duplocloud.net

"#]]
    );
    let two =
        "[portal.acme]\nhost = \"https://a.example.com\"\n[portal.beta]\nhost = \"https://b.example.com\"\n";
    sandbox.write(".config/jitpass/config.toml", two);
    assert_data_eq!(
        login(),
        str![[r#"
$ jitpass login --token-stdin
exit 2
--- stderr
error: several portals are set up
hint: name one of `acme` and `beta`

"#]]
    );
    sandbox.write(".config/jitpass/config.toml", "[portal\n");
    assert_data_eq!(
        login(),
        str![[r#"
$ jitpass login --token-stdin
exit 1
--- stderr
error: [HOME]/.config/jitpass/config.toml is not valid TOML: line 1: unclosed table, expected `]`
hint: mend [HOME]/.config/jitpass/config.toml or move it away

"#]]
    );
}

#[test]
fn nobody_to_ask() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    assert_data_eq!(
        shown(&sandbox.jitpass(["login", &url]).env("SSH_CONNECTION", "192.0.2.1 5 192.0.2.2 22").run()),
        str![[r#"
$ jitpass login [PORTAL]
exit 2
--- stderr
error: no browser can be opened (this is an SSH session), and there is no terminal to paste at
hint: give a token on stdin: jitpass login [PORTAL] --token-stdin

"#]]
    );
}
