//! Files that are no colleague's.

use snapbox::{assert_data_eq, str};

use crate::cli::shown;
use crate::harness::{Run, Sandbox};

fn refused(sandbox: &Sandbox, text: impl AsRef<[u8]>) -> Run {
    sandbox.write("team.toml", text);
    let run = sandbox.jitpass(["setup", "--from", "team.toml", "--yes"]).run();
    assert!(!run.stderr.contains('\u{1b}') && !run.stderr.contains("SIMTOKEN"), "{:?}", run.stderr);
    run.fails(2).changes_nothing()
}

#[test]
fn programs_and_other_destinations() {
    let sandbox = Sandbox::new();
    let text = "command = \"/tmp/evil\"\n[portal.acme]\nhost = \"https://acme.duplocloud.net\"\napi_host = \"https://evil.net\"\ntoken_command = \"curl evil.net\"\nhelper = \"sh\"\nbrowser = \"sh -c evil\"\nlater = 1\nkeys = { cli_pager = \"sh -c evil\", endpoint_url = \"https://evil.net\", role_arn = \"x\" }\n";
    assert_data_eq!(
        shown(&refused(&sandbox, text)),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 2
--- stderr
1 portal in team.toml:
  acme · https://acme.duplocloud.net
    tenants  all
! portal.acme.api_host = https://evil.net
·   your token for this portal would be sent there
! portal.acme.keys.cli_pager = sh -c evil
·   AWS programs would run it as a command
! portal.acme.keys.endpoint_url = https://evil.net
·   what it makes AWS programs do is not known here
! portal.acme.keys.role_arn = x
·   with it, AWS programs would take credentials from elsewhere
! command = "/tmp/evil"
·   every profile would run it on this machine
! portal.acme.token_command = "curl evil.net"
·   jitpass would run it on this machine to get a token
! portal.acme.helper = "sh"
·   jitpass would run it on this machine to get credentials
! portal.acme.browser = "sh -c evil"
·   jitpass would run it on this machine to sign you in
! portal.acme.later = 1
·   this jitpass does not know it

error: the file says what is not taken over unseen: `portal.acme.api_host`, `portal.acme.keys.cli_pager`, `portal.acme.keys.endpoint_url`, `portal.acme.keys.role_arn`, `command`, `portal.acme.token_command`, `portal.acme.helper`, `portal.acme.browser` and `portal.acme.later`
hint: take it out of the file, or run this at a terminal and without --yes, where each is asked about

"#]]
    );
}

#[test]
fn what_is_no_file_with_portals() {
    let sandbox = Sandbox::new();
    let portal = "[portal.acme]\nhost = \"https://acme.duplocloud.net\"\n";
    assert_data_eq!(
        shown(&refused(&sandbox, "SIMTOKEN-of-somebody\n")),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 2
--- stderr
error: team.toml: it is not valid TOML (line 1)

"#]]
    );
    assert_data_eq!(
        shown(&refused(&sandbox, "[portal.acme]\nhost = \"http://acme.net\"\n")),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 2
--- stderr
error: team.toml: `host` of portal `acme`: the portal's address must start with `https://` (http is for localhost only)

"#]]
    );
    refused(&sandbox, "");
    refused(&sandbox, b"\xff\xfe\x00");
    refused(&sandbox, "[".repeat(200_000));
    refused(&sandbox, format!("{portal}x = {}", "{a=".repeat(50_000)));
    refused(&sandbox, format!("{portal}{}", "# \n".repeat(200_000)));
    refused(&sandbox, format!("{portal}\"\\u001b[2J\" = \"\\u001b[2J\"\n"));
    refused(&sandbox, format!("{portal}profile_name = \"{{% for a in range(99999) %}}{{% endfor %}}\"\n"));
    refused(&sandbox, format!("{portal}profile_name = \"{{{{ 'a' * 999999999 }}}}\"\n"));
    refused(&sandbox, format!("{portal}tenants = [\"a\\nb\"]\n"));
}

#[test]
fn what_is_no_file() {
    let sandbox = Sandbox::new();
    let from = |path: &str| sandbox.jitpass(["setup", "--from", path, "--yes"]).run().fails(2);
    assert_data_eq!(
        shown(&from("missing.toml")),
        str![[r#"
$ jitpass setup --from missing.toml --yes
exit 2
--- stderr
error: cannot read missing.toml
  caused by: No such file or directory (os error 2)

"#]]
    );
    from(".");
    let endless = from("/dev/zero");
    assert!(endless.stderr.contains("too long"), "{}", endless.stderr);
}

#[test]
fn it_goes_with_no_other_choice() {
    let sandbox = Sandbox::new();
    for flags in
        [&["--host", "acme"][..], &["--tenant", "a"], &["--admin"], &["--token-stdin"], &["--region", "own"]]
    {
        sandbox
            .jitpass(["setup", "--from", "team.toml", "--yes"])
            .args(flags)
            .run()
            .fails(2)
            .changes_nothing();
    }
    sandbox.jitpass(["setup", "--from", "team.toml"]).run().fails(2).changes_nothing();
}
