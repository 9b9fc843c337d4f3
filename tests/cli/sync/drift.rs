//! What a person changed by hand.

use snapbox::{assert_data_eq, str};

use super::{report, set_up, sync};
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

fn changed_by_hand() -> (Sandbox, String) {
    let sandbox = set_up("new,tenants=3", "admin");
    let config = sandbox.read(".aws/config");
    let (before, ours) = config.split_once("[profile acme-dev01]").expect("it is there");
    let changed = ours.replacen("us-west-2", "eu-west-3", 1).replacen(
        "jitpass_portal",
        "cli_pager = less\njitpass_portal",
        1,
    );
    let changed = format!("{before}[profile acme-dev01]{changed}");
    sandbox.write(".aws/config", &changed);
    (sandbox, changed)
}

#[test]
fn it_stays_and_is_told_of() {
    let (sandbox, changed) = changed_by_hand();
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr
! acme-dev01 (~/.aws/config:11) was changed by hand, and your values stay:
    region: `eu-west-3` (jitpass wrote `us-west-2`)
·   to settle it: jitpass sync --keep, or jitpass sync --overwrite
✓ nothing to change: 3 profiles in ~/.aws/config as they should be

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), changed);
}

#[test]
fn kept_once_and_not_asked_about_again() {
    let (sandbox, changed) = changed_by_hand();
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--keep", "--yes"]).run()),
        str![[r#"
$ jitpass sync --keep --yes
exit 0
--- stderr
✓ nothing to change: 4 profiles in ~/.aws/config as they should be
· values of your own stay: acme-dev01 (region)
·   to give them up, those kept earlier too: jitpass sync --overwrite
--- files
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    assert_eq!(report(&sandbox, "admin", &[])["drift"].as_array().map(Vec::len), Some(0));
    assert_eq!(sandbox.read(".aws/config"), changed);
    // Taken back: what was kept is not kept for ever.
    let run = sync(&sandbox, "admin", &["--overwrite", "--dry-run"]).run().fails(3);
    assert!(run.stdout.contains("- region = eu-west-3\n+ region = us-west-2\n"), "{run:?}");
    // Changed again by hand: that is another question.
    sandbox.write(".aws/config", changed.replace("eu-west-3", "eu-west-1"));
    assert_eq!(report(&sandbox, "admin", &[])["drift"][0]["keys"][0]["own"], "eu-west-1");
}

#[test]
fn replaced_where_that_is_said() {
    let (sandbox, changed) = changed_by_hand();
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--overwrite", "--yes"]).run()),
        str![[r#"
$ jitpass sync --overwrite --yes
exit 0
--- stderr

~/.aws/config · 1 line added, 1 removed
  ⋮ [profile acme-default]
  jitpass_portal = acme
  
  [profile acme-dev01]
- region = eu-west-3
+ region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  cli_pager = less
  jitpass_portal = acme

1 changed profile, 3 unchanged profiles
✓ 1 profile written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), changed.replace("eu-west-3", "us-west-2"));
}

#[test]
fn changed_by_both() {
    let (sandbox, changed) = changed_by_hand();
    let settings = sandbox.read(".config/jitpass/config.toml");
    sandbox.write(".config/jitpass/config.toml", format!("{settings}region = \"ap-south-1\"\n"));
    assert_data_eq!(
        shown(&sync(&sandbox, "admin", &["--yes"]).run()),
        str![[r#"
$ jitpass sync --yes
exit 0
--- stderr

~/.aws/config · 3 lines added, 3 removed
  [profile acme-admin]
- region = us-west-2
+ region = ap-south-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
  
  [profile acme-default]
- region = us-west-2
+ region = ap-south-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
  
  ⋮ [profile acme-dev01]
  jitpass_portal = acme
  
  [profile acme-qa01]
- region = us-west-2
+ region = ap-south-1
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant qa01 --interactive
  jitpass_portal = acme

3 changed profiles
! acme-dev01 (~/.aws/config:11) was changed by hand, and your values stay:
    region: `eu-west-3` (was `us-west-2`, is now to be `ap-south-1`)
·   to settle it: jitpass sync --keep, or jitpass sync --overwrite
✓ 3 profiles written to ~/.aws/config
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let after = sandbox.read(".aws/config");
    assert_eq!(after.matches("eu-west-3").count(), 1, "{after}");
    assert_eq!(after.matches("ap-south-1").count(), changed.matches("us-west-2").count(), "{after}");
}

fn variables(sandbox: &Sandbox) -> Vec<(&'static str, String)> {
    vec![("DUPLO_TOKEN", sandbox.token("admin")), ("DUPLO_HOST", sandbox.url())]
}

#[test]
fn a_person_is_asked() {
    let (sandbox, changed) = changed_by_hand();
    let variables = variables(&sandbox);
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut terminal = Terminal::start(&sandbox, &["sync"], &variables);
    terminal.sees("acme-dev01").sees("was changed by hand").sees("eu-west-3").sees("What becomes of it?");
    terminal.sees("keep mine, and do not ask again").sees("take us-west-2").sees("ask again next time");
    terminal.presses("\u{1b}[B\r");
    terminal.sees("Write this? (Y/n)").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(sandbox.read(".aws/config"), changed.replace("eu-west-3", "us-west-2"));
}

#[test]
fn a_person_keeps_what_is_theirs_and_one_who_stops_changes_nothing() {
    let (sandbox, changed) = changed_by_hand();
    let variables = variables(&sandbox);
    let variables: Vec<(&str, &str)> =
        variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut terminal = Terminal::start(&sandbox, &["sync"], &variables);
    terminal.sees("What becomes of it?").sees("keep mine").presses("\u{1b}");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 1, "{shown}");
    let mut terminal = Terminal::start(&sandbox, &["sync"], &variables);
    terminal.sees("What becomes of it?").sees("keep mine").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("values of your own stay: acme-dev01 (region)"), "{shown}");
    assert_eq!(sandbox.read(".aws/config"), changed);
}
