//! What a name means to `jitpass console`, and what is said where it means nothing.

use snapbox::{assert_data_eq, str};

use super::{console, home};
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

fn said(sandbox: &Sandbox, args: &[&str]) -> String {
    shown(&console(sandbox, args).args(["--print"]).run())
}

#[test]
fn a_profile() {
    let sandbox = home("new,tenants=2", "admin");
    assert_data_eq!(
        said(&sandbox, &["acme-dev01"]),
        str![[r#"
$ jitpass console acme-dev01 --print
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- files
created [HOME]/.local/state/jitpass/usage.json mode 0600

"#]]
    );
    // Each is a fresh one, and the credential is fresh with it.
    let before = sandbox.requests();
    let call = || console(&sandbox, &["acme-dev01", "--print"]).run().success().stdout;
    assert_ne!(call(), call());
    assert_eq!(sandbox.requests(), before + 2);
    sandbox.credential_process("acme-dev01").run().success();
    assert_eq!(sandbox.requests(), before + 2, "the credential was kept");
}

#[test]
fn a_portal_of_an_administrator() {
    let sandbox = home("new,tenants=2", "admin");
    assert_data_eq!(
        said(&sandbox, &["acme"]),
        str![[r#"
$ jitpass console acme --print
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- stderr
· acme: administrator of 127.0.0.1:[PORT]
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~lock mode 0600

"#]]
    );
    let host = sandbox.url();
    assert_data_eq!(
        said(&sandbox, &[host.as_str()]),
        str![[r#"
$ jitpass console [PORTAL] --print
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- stderr
· acme: administrator of 127.0.0.1:[PORT]

"#]]
    );
}

#[test]
fn a_portal_of_somebody_else() {
    let sandbox = home("new,tenants=2", "tenant");
    assert_data_eq!(
        said(&sandbox, &["acme"]),
        str![[r#"
$ jitpass console acme --print
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- stderr
· you are no administrator of 127.0.0.1:[PORT]
· acme: tenant dev01
--- files
created [HOME]/.local/state/jitpass/usage.json mode 0600

"#]]
    );
    let sandbox = home("new,tenants=4", "tenant");
    assert_data_eq!(
        said(&sandbox, &["acme"]),
        str![[r#"
$ jitpass console acme --print
exit 2
--- stderr
· you are no administrator of 127.0.0.1:[PORT]
error: there is no terminal to choose at
hint: name a profile: `acme-dev01` and `acme-qa01`

"#]]
    );
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    sandbox.jitpass(["portal", "add", "acme", "--host", &url, "--yes"]).run().success();
    sandbox.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("none")).run().success();
    assert_data_eq!(
        said(&sandbox, &["acme"]),
        str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· you are no administrator of 127.0.0.1:[PORT]
error: you may use no tenants of 127.0.0.1:[PORT]
hint: an administrator of the portal can add you to one

"#]]
    );
}

/// As it is documented: no settings are needed. (Nobody is at `*.duplocloud.net` here.)
#[test]
fn an_address_and_its_first_word() {
    let sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let signed_in = |args: &[&str]| {
        let call = console(&sandbox, args).args(["--print"]);
        shown(&call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", &url).run())
    };
    assert_data_eq!(
        signed_in(&[&url]),
        str![[r#"
$ jitpass console [PORTAL] --print
exit 0
--- stdout
https://signin.aws.amazon.com/federation?Action=login&SigninToken=[SECRET]&Destination=https%3a%2f%2fconsole.aws.amazon.com%2fconsole%2fhome%3fregion%3dus-west-2
--- stderr
· [PORTAL]: administrator of 127.0.0.1:[PORT]
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/admin~lock mode 0600

"#]]
    );
    let call = console(&sandbox, &["acme", "--print"]).env("HTTPS_PROXY", "http://127.0.0.1:1");
    let call = call.env("DUPLO_TOKEN", "SIMTOKEN-x").env("DUPLO_HOST", "https://acme.duplocloud.net");
    assert_data_eq!(
        shown(&call.run()),
        str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· acme: administrator of acme.duplocloud.net
error: cannot connect to `acme.duplocloud.net` (Connection refused)
hint: check the network, the VPN and the proxy variables (HTTPS_PROXY, NO_PROXY)
--- files
created [HOME]/.cache/jitpass/credentials/acme.duplocloud.net/[HASH]/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/acme.duplocloud.net/[HASH]/admin~lock mode 0600

"#]]
    );
    // Whatever this runs on, this is the reason that is said first.
    let call = console(&sandbox, &["acme", "--print"]).env("CI", "true");
    assert_data_eq!(
        shown(&call.run()),
        str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· acme: administrator of acme.duplocloud.net
error: not signed in to acme.duplocloud.net, and no browser can be opened: this runs in CI
hint: run: jitpass login https://acme.duplocloud.net
--- files
created [HOME]/.cache/jitpass/credentials/acme.duplocloud.net/self/admin~lock mode 0600
created [HOME]/.local/state/jitpass/sign-in/acme.duplocloud.net.listening~lock mode 0600
created [HOME]/.local/state/jitpass/sign-in/acme.duplocloud.net.starting~lock mode 0600

"#]]
    );
}

#[test]
fn what_is_none_of_these() {
    let sandbox = home("new,tenants=2", "admin");
    let config = sandbox.read(".aws/config");
    let foreign =
        "[profile mine]\naws_access_key_id = AKIAIOSFODNN7EXAMPLE\n[profile odd\u{1b}[2J]\nregion = x\n";
    let wrong = "[profile broken]\ncredential_process = jitpass aws --host https://a.example.com\n";
    sandbox.write(".aws/config", format!("{config}{foreign}{wrong}"));
    for (typed, expected) in [
        (
            "acme-dve01",
            str![[r#"
exit 2
--- stderr
error: `acme-dve01` is none of your profiles, and none of your portals
hint: did you mean `acme-dev01`? For the portal of that name: jitpass console https://acme-dve01.duplocloud.net

"#]],
        ),
        (
            "acmee",
            str![[r#"
exit 2
--- stderr
error: `acmee` is none of your profiles, and none of your portals
hint: did you mean `acme`? For the portal of that name: jitpass console https://acmee.duplocloud.net

"#]],
        ),
        (
            "mine",
            str![[r#"
exit 2
--- stderr
error: the profile `mine` does not ask jitpass, which gives no link for it
hint: `jitpass profile list` says which do

"#]],
        ),
        (
            "broken",
            str![[r#"
exit 1
--- stderr
error: the profile `broken` gives no credentials: `jitpass` does not understand the arguments of its command
hint: `jitpass profile show broken` says more

"#]],
        ),
        (
            "a b",
            str![[r#"
exit 2
--- stderr
error: `a b` is no profile that asks jitpass, and no portal
hint: `jitpass profile list` and `jitpass portal list` list them

"#]],
        ),
        (
            "acme dev01",
            str![[r#"
exit 2
--- stderr
error: `acme dev01` is no profile that asks jitpass, and no portal
hint: did you mean `acme-dev01`?

"#]],
        ),
        (
            "odd\u{1b}[2J",
            str![[r#"
exit 2
--- stderr
error: the profile `odd/u{1b}[2J` does not ask jitpass, which gives no link for it
hint: `jitpass profile list` says which do

"#]],
        ),
        (
            "",
            str![[r#"
exit 2
--- stderr
error: `` is no profile that asks jitpass, and no portal
hint: `jitpass profile list` and `jitpass portal list` list them

"#]],
        ),
    ] {
        let run = console(&sandbox, &["--print", "--", typed]).run();
        let text = shown(&run.changes_nothing());
        let text = text.split_once('\n').map(|(_, rest)| rest.to_owned()).unwrap();
        assert_data_eq!(text, expected);
    }
}

#[test]
fn none_and_no_terminal() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        said(&sandbox, &[]),
        str![[r#"
$ jitpass console --print
exit 2
--- stderr
error: there is no profile that asks jitpass yet
hint: set one up: jitpass setup; or name a portal: jitpass console acme

"#]]
    );
    assert_data_eq!(
        said(&home("new,tenants=2", "admin"), &[]),
        str![[r#"
$ jitpass console --print
exit 2
--- stderr
error: there is no terminal to choose at
hint: name a profile or a portal: jitpass console NAME

"#]]
    );
}

#[test]
fn failures_are_those_of_the_credential_process() {
    let sandbox = home("new,tenants=2", "mfa");
    let no_browser = |name: &str| shown(&console(&sandbox, &[name, "--print"]).env("CI", "true").run());
    assert_data_eq!(
        no_browser("acme"),
        str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· acme: administrator of 127.0.0.1:[PORT]
error: not signed in to 127.0.0.1:[PORT], and no browser can be opened: this runs in CI
  caused by: 127.0.0.1:[PORT]: the portal refuses administrator credentials to mia@example.com: A valid one-time password is required
hint: run: jitpass login [PORTAL]
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~lock mode 0600
created [HOME]/.local/state/jitpass/sign-in/http~127.0.0.1~[PORT].listening~lock mode 0600
created [HOME]/.local/state/jitpass/sign-in/http~127.0.0.1~[PORT].starting~lock mode 0600

"#]]
    );
    let sandbox = home("new,tenants=2", "admin");
    for (fault, expected) in [
        (
            "html-200",
            str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· acme: administrator of 127.0.0.1:[PORT]
error: `127.0.0.1:[PORT]` answered with a web page where a portal answers with data
hint: open [PORTAL] in a browser: the address may be wrong, or a sign-in or maintenance page in the way
--- files
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~failed mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/admin~lock mode 0600

"#]],
        ),
        (
            "403",
            str![[r#"
$ jitpass console acme --print
exit 1
--- stderr
· acme: administrator of 127.0.0.1:[PORT]
error: 127.0.0.1:[PORT]: the portal refuses administrator credentials to ada@example.com: You are not allowed to do this
hint: an administrator of the portal can allow it

"#]],
        ),
    ] {
        sandbox.portal().portal().fault("v3/admin/aws/jitAccess/admin", fault.parse().unwrap(), Some(1));
        assert_data_eq!(said(&sandbox, &["acme"]), expected);
    }
}

/// The portal of that name may be a stranger's; only a person can say.
#[test]
fn a_part_of_a_profile_is_asked_about() {
    let sandbox = home("new,tenants=4", "admin");
    let script = "jitpass console --print \"$@\" >printed";
    let mut terminal = Terminal::start_script(&sandbox, script, &["dev01"], &[]);
    terminal.sees("dev01: which one?").sees("> acme-dev01").sees("administrator of dev01.duplocloud.net");
    terminal.types("").sees("dev01: the profile acme-dev01");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(sandbox.read("printed").starts_with("https://signin.aws.amazon.com/"));
    let portal = [("CI", "true"), ("HTTPS_PROXY", "http://127.0.0.1:1")];
    let mut terminal = Terminal::start_script(&sandbox, script, &["ac"], &portal);
    terminal.sees("ac: which one?").sees("acme-dev01").sees("acme-qa01").presses("\u{1b}");
    let (code, shown) = terminal.ends();
    assert!(code == 1 && shown.contains("stopped"), "{shown}");
    let mut terminal = Terminal::start_script(&sandbox, script, &["dev01"], &portal);
    terminal.sees("which one?").presses("adm").sees("> administrator of dev01.").types("");
    terminal.sees("dev01: administrator of dev01.duplocloud.net");
    terminal.ends();
    // Nobody is there to be asked: it is what is documented.
    let run = console(&sandbox, &["dev01", "--print"]).env("CI", "true").run().fails(1);
    assert!(run.stderr.starts_with("· dev01: administrator of dev01.duplocloud.net\n"), "{}", run.stderr);
    // A slip of a part leads nowhere.
    let run = console(&sandbox, &["dve01", "--print"]).run().fails(2);
    assert!(run.stderr.contains("did you mean `acme-dev01`?"), "{}", run.stderr);
}

/// Who has been at a portal means it, whatever the profiles are called.
#[test]
fn a_known_portal_is_no_part() {
    let sandbox = Sandbox::new();
    let profile = |name: &str, host: &str| {
        format!("[profile {name}]\ncredential_process = jitpass aws --host https://{host} --tenant dev01\n")
    };
    let config = profile("glob-dev01", "acme.duplocloud.net") + &profile("acme-dev01", "other.example.com");
    sandbox.write(".aws/config", config);
    let token = ("DUPLO_TOKEN", "SIMTOKEN-x");
    let script = "jitpass console --print \"$@\"";
    let proxy = ("HTTPS_PROXY", "http://127.0.0.1:1");
    for (typed, variables) in
        [("acme", vec![proxy]), ("glob", vec![proxy, token, ("DUPLO_HOST", "https://glob.duplocloud.net")])]
    {
        let variables = [variables, vec![("CI", "true")]].concat();
        let mut terminal = Terminal::start_script(&sandbox, script, &[typed], &variables);
        terminal.sees(&format!("{typed}: administrator of {typed}.duplocloud.net")).presses("\u{3}");
        let (_, shown) = terminal.ends();
        assert!(!shown.contains("which one?"), "{shown}");
    }
}

/// They typed `jitnow`, which says `--copy` first.
#[test]
fn hints_name_what_was_typed() {
    let sandbox = home("new,tenants=2", "admin");
    for (args, hint) in [
        (&["--copy"][..], "jitnow NAME"),
        (&[], "jitpass console NAME"),
        (&["--copy", "acmee"], ": jitnow https://acmee.duplocloud.net"),
        (&["acmee", "--copy"], ": jitpass console https://acmee.duplocloud.net"),
    ] {
        let run = console(&sandbox, args).run().fails(2);
        assert!(run.stderr.trim_end().ends_with(hint), "{args:?}: {}", run.stderr);
    }
    let run = console(&Sandbox::new(), &["--copy"]).run().fails(2);
    assert!(run.stderr.contains("name a portal: jitnow acme"), "{}", run.stderr);
}

#[test]
fn a_slip_in_the_address_of_a_portal_that_profiles_ask_leads_to_no_other_company() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".aws/config",
        "[profile acme]\ncredential_process = jitpass aws --host https://globex.duplocloud.net --tenant dev01\n",
    );
    for typed in ["glohex", "globexx", "golbex"] {
        let run = sandbox.jitpass(["console", typed, "--print"]).run().fails(2);
        assert!(run.stderr.contains("did you mean `globex`?"), "{}", run.stderr);
    }
    // The portal itself, and one that is like no other.
    for typed in ["globex", "initech"] {
        let run = sandbox.jitpass(["console", typed, "--print"]).env("BROWSER", "").run().fails(1);
        assert!(run.stderr.contains(&format!("administrator of {typed}.duplocloud.net")), "{}", run.stderr);
    }
}
