//! A file for a colleague.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, portal, settled};
use crate::cli::shown;
use crate::harness::Sandbox;

const MORE: &str = "profile_name = \"{{ tenant }}\"\ntoken_command = \"op read op://work/SIM\"\nbrowser = \"firefox -P work\"\nhelper = \"duplo-jit\"\nadmin = true\nkeys = { output = \"json\", ca_bundle = \"/etc/mine.pem\", cli_pager = \"/home/me/pager\" }\n";

#[test]
fn choices_and_nothing_else() {
    let sandbox = settled();
    sandbox.write(".config/jitpass/config.toml", format!("command = \"/bin/x\"\n{SETTINGS}{MORE}"));
    assert_data_eq!(
        shown(&portal(&sandbox, &["export"]).run().changes_nothing()),
        str![[r#"
$ jitpass portal export
exit 0
--- stdout
# Portals for jitpass, without secrets. To take them over: jitpass setup --from FILE

[portal.acme]
host = "https://acme.duplocloud.net"
tenants = ["dev*"]

[portal.acme.keys]
output = "json"

[portal.globex]
host = "https://globex.duplocloud.net"
admin = true
tenants = "all"
exclude = ["*-tmp"]
region = "eu-west-1"
profile_name = "{{ tenant }}"

[portal.globex.keys]
output = "json"
--- stderr
· left out of globex: `token_command`, `browser`, `helper`, `keys.ca_bundle` and `keys.cli_pager`

"#]]
    );
    let one = portal(&sandbox, &["export", "acme", "acme"]).run().success();
    assert!(one.stdout.contains("[portal.acme]") && !one.stdout.contains("globex"), "{}", one.stdout);
}

#[test]
fn into_a_file_that_is_new() {
    let sandbox = settled();
    assert_data_eq!(
        shown(&portal(&sandbox, &["export", "-o", "team.toml"]).run()),
        str![[r#"
$ jitpass portal export -o team.toml
exit 0
--- stderr
✓ 2 portals written to team.toml
· a colleague types: jitpass setup --from team.toml
--- files
created [HOME]/team.toml mode 0600

"#]]
    );
    let made = sandbox.read("team.toml");
    assert_eq!(made, portal(&sandbox, &["export"]).run().stdout);
    sandbox.write("team.toml", "mine");
    assert_data_eq!(
        shown(&portal(&sandbox, &["export", "-o", "team.toml"]).run().changes_nothing()),
        str![[r#"
$ jitpass portal export -o team.toml
exit 2
--- stderr
error: ~/team.toml is there already
hint: add --yes to replace it

"#]]
    );
    portal(&sandbox, &["export", "-o", "team.toml", "--yes"]).run().success();
    assert_eq!(sandbox.read("team.toml"), made);
    let run = portal(&sandbox, &["export", "-o", "no/such/dir/team.toml"]).run().fails(2).changes_nothing();
    assert!(run.stderr.starts_with("error: there is no directory ~/no/such/dir"), "{}", run.stderr);
}

#[test]
fn nothing_to_export() {
    let sandbox = Sandbox::new();
    assert_data_eq!(
        shown(&portal(&sandbox, &["export"]).run()),
        str![[r#"
$ jitpass portal export
exit 2
--- stderr
error: no portal is set up yet
hint: set one up: jitpass setup

"#]]
    );
    let sandbox = settled();
    portal(&sandbox, &["export", "amce"]).run().fails(2).changes_nothing();
}
