//! A day at a terminal, as it stands on the screen: the first sync, a tenant more and one less, a change by hand, a
//! profile of somebody else's, an import, an undo.

use snapbox::{assert_data_eq, str};

use super::profiles;
use super::terminal::Terminal;
use crate::harness::Sandbox;

/// Runs `jitpass` with a person who answers each question that appears with these keys; gives the exit code and the
/// screen as it is left.
#[track_caller]
fn at_terminal(sandbox: &Sandbox, args: &[&str], answers: &[(&str, &str)]) -> (i32, String) {
    let (token, url) = (sandbox.token("admin"), sandbox.url());
    let variables = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let mut terminal = Terminal::start(sandbox, args, &variables);
    for (question, keys) in answers {
        terminal.sees(question).presses(keys);
    }
    let (code, shown) = terminal.ends();
    (code, screen(sandbox, &shown))
}

/// What a terminal of 100 columns shows after all that was written to it, without what differs from run to run.
fn screen(sandbox: &Sandbox, written: &str) -> String {
    let size = |n| std::num::NonZeroU16::new(n).expect("more than none");
    let mut terminal = vt100::Parser::new(size(120), size(100), 0);
    // The driver gives each byte as a character.
    let bytes: Vec<u8> = written.chars().filter_map(|c| u8::try_from(u32::from(c)).ok()).collect();
    terminal.process(&bytes);
    let bin = sandbox.root().join("bin").display().to_string();
    let lines = terminal.screen().contents();
    let lines = lines.lines().map(|line| line.trim_end().to_owned() + "\n").collect::<String>();
    let authority = sandbox.url().trim_start_matches("http://").to_owned();
    // A long line is broken where the screen ends, wherever that is in an address.
    lines
        .replace(&bin, "[BIN]")
        .replace(&sandbox.url(), "[PORTAL]")
        .replace(&authority, "[HOST]")
        .replace(&authority.replace(':', "~"), "[KEY]")
}

const ENTER: &str = "\r";

/// A home in which the portal is known and nothing is written yet.
fn home(config: &str) -> Sandbox {
    let sandbox = Sandbox::with("new,tenants=2");
    sandbox.write(".aws/config", config);
    sandbox.jitpass(["portal", "add", "acme", "--host", &sandbox.url(), "--yes"]).run().success();
    sandbox
}

#[test]
fn from_the_first_sync_to_an_undo() {
    let sandbox = home("[default]\nregion = us-east-1\n");
    let (code, shown) = at_terminal(&sandbox, &["sync"], &[("Write this? (Y/n)", ENTER)]);
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"

~/.aws/config · 15 lines added
  [default]
  region = us-east-1
+
+ [profile acme-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --admin --interactive
+ jitpass_portal = acme
+
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant default --interactive
+ jitpass_portal = acme
+
+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant dev01 --interactive
+ jitpass_portal = acme

3 new profiles
? Write this? Yes
✓ 3 profiles written to ~/.aws/config

"#]]
    );

    sandbox.portal().portal().add_tenant("new01", "default");
    sandbox.portal().portal().remove_tenant("dev01");
    let (code, shown) = at_terminal(&sandbox, &["sync"], &[("Write this? (Y/n)", ENTER)]);
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"

~/.aws/config · 5 lines added
  ⋮ [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant dev01 --interactive
  jitpass_portal = acme
+
+ [profile acme-new01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant new01 --interactive
+ jitpass_portal = acme

1 new profile, 2 unchanged profiles
! [HOST] no longer offers what this opens: `acme-dev01`
·   to remove what is not offered or not chosen any more: jitpass sync --prune
? Write this? Yes
✓ 1 profile written to ~/.aws/config

"#]]
    );

    let (code, shown) = at_terminal(&sandbox, &["sync", "--prune"], &[("Write this? (Y/n)", ENTER)]);
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"

~/.aws/config · 5 lines removed
  ⋮ [profile acme-default]
  credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant default --interactive
  jitpass_portal = acme

- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant dev01 --interactive
- jitpass_portal = acme
-
  [profile acme-new01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant new01 --interactive

1 removed profile, 3 unchanged profiles
? Write this? Yes
✓ 1 profile removed from ~/.aws/config

"#]]
    );
    assert_eq!(profiles(&sandbox), ["default", "acme-admin", "acme-default", "acme-new01"]);

    let (code, shown) = at_terminal(&sandbox, &["undo"], &[("Write this? (Y/n)", ENTER)]);
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"
· taking back change 4 (`sync`)

~/.aws/config · 5 lines added
  ⋮ [profile acme-default]
  credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant default --interactive
  jitpass_portal = acme

+ [profile acme-dev01]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant dev01 --interactive
+ jitpass_portal = acme
+
  [profile acme-new01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant new01 --interactive

? Write this? Yes
✓ change 4 is taken back in ~/.aws/config
· to bring it back: jitpass undo 5

"#]]
    );
    assert!(profiles(&sandbox).contains(&"acme-dev01".to_owned()));
}

#[test]
fn a_change_by_hand() {
    let sandbox = home("");
    at_terminal(&sandbox, &["sync"], &[("Write this? (Y/n)", ENTER)]);
    let config = sandbox.read(".aws/config").replacen("us-west-2", "eu-west-3", 1);
    sandbox.write(".aws/config", &config);
    let (code, shown) = at_terminal(&sandbox, &["sync"], &[("What becomes of it?", ENTER)]);
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"
! acme-admin (line 1) was changed by hand:
    region: `eu-west-3` (jitpass wrote `us-west-2`)
? What becomes of it? keep mine, and do not ask again
✓ nothing to change: 3 profiles in ~/.aws/config as they should be
· values of your own stay: acme-admin (region)
·   to give them up, those kept earlier too: jitpass sync --overwrite

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), config);
}

#[test]
fn a_profile_of_somebody_elses() {
    let foreign = "[profile acme-dev01]\nregion = eu-west-3\noutput = json\n";
    let sandbox = home(foreign);
    let (code, shown) = at_terminal(&sandbox, &["sync"], &[("Write this? (Y/n)", "n\r")]);
    assert_eq!(code, 1, "{shown}");
    assert_data_eq!(
        shown,
        str![[r#"

~/.aws/config · 10 lines added
  [profile acme-dev01]
  region = eu-west-3
  output = json
+
+ [profile acme-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --admin --interactive
+ jitpass_portal = acme
+
+ [profile acme-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant default --interactive
+ jitpass_portal = acme

2 new profiles
! acme-dev01 (~/.aws/config:1) is not from jitpass and stays as it is
·   to let jitpass keep it: jitpass sync --adopt acme-dev01
·   or give ours another name: jitpass portal edit --profile-name TEMPLATE
? Write this? No
· nothing was written

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), foreign);
}

#[test]
fn an_import_of_a_mixed_file() {
    let sandbox = Sandbox::with("new,tenants=2");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let config = format!(
        "# mine\n[default]\nregion = us-west-2\ncredential_process = duplo-jit aws --no-cache --admin --host {url} --interactive\n\n\
         [profile ci]\ncredential_process = duplo-jit aws -tenant dev01 --host={url} --token {token}\n\n\
         [profile k8s]\ncredential_process = duplo-jit k8s --tenant dev01 --host {url}\n\n\
         [profile corp]\nsso_session = corp\n"
    );
    sandbox.write(".aws/config", &config);
    let mut terminal = Terminal::start(&sandbox, &["profile", "import"], &[]);
    terminal.sees("Is this profile theirs, too:").presses("y\r");
    terminal.sees("Write this? (Y/n)").presses(ENTER);
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_data_eq!(
        screen(&sandbox, &shown),
        str![[r#"
? The token in ~/.aws/config:7 is ada@example.com's. Is this profile theirs, too: `default`? Yes

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+
+ [portal.local]
+ host = "[PORTAL]"
+ admin = false
+ tenants = []

~/.aws/config · 2 lines added, 2 removed
  # mine
  [default]
  region = us-west-2
- credential_process = duplo-jit aws --no-cache --admin --host [PORTAL] --interactive
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --admin --interactive

  [profile ci]
- credential_process = duplo-jit aws -tenant dev01 --host=[PORTAL] --token ‹redacted
      a169›
+ credential_process = [BIN]/jitpass aws --host [PORTAL]
      --tenant dev01

  [profile k8s]
  credential_process = duplo-jit k8s --tenant dev01 --host [PORTAL]

2 profiles to take over, 1 stays as it is
· default: `--no-cache` is left out:
  jitpass asks again by itself when a cached credential is refused
! k8s (~/.aws/config:10) stays with duplo-jit: `duplo-jit k8s` gives no AWS credentials
· yours by name, so that `jitpass sync` leaves them alone: `default` and `ci`
· ada@example.com will be signed in to [HOST], with the token in ~/.aws/config:7
·   `default` asks as ada@example.com from then on, too
! a token of ada@example.com for [HOST] lay open until now in ~/.aws/config:7: replace it
  in the portal: your name → Profile
? Write this? Yes
✓ signed in to [HOST] as ada@example.com
· the token is kept in ~/.local/state/jitpass/tokens/http~[KEY].json (for you only)
✓ 2 profiles in ~/.aws/config call jitpass now
· `jitpass undo` takes the lines back; to sign out: jitpass logout [HOST]
· profiles for other tenants of [HOST]: jitpass setup --host local

"#]]
    );
}
