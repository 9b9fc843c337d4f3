//! A portal that goes.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, portal, set_up, settings, settled};
use crate::cli::{profiles, shown};

#[test]
fn its_profiles_stay_and_work() {
    let sandbox = set_up("new,tenants=2");
    let run = portal(&sandbox, &["remove", "acme", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass portal remove acme --yes
exit 0
--- stderr
· its 3 profiles with the mark `acme` stay and go on working: `acme-admin`, `acme-default` and `acme-dev01`
·   to remove them as well: jitpass portal remove acme --profiles
· whoever is signed in to 127.0.0.1:[PORT] stays so; to sign out as well: --logout

~/.config/jitpass/config.toml · 4 lines removed
  # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"

✓ ~/.config/jitpass/config.toml written
--- files
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600

"#]]
    );
    assert_eq!(profiles(&sandbox), ["acme-admin", "acme-default", "acme-dev01"]);
    sandbox.credential_process("acme-dev01").prints_credentials().run().success();
}

#[test]
fn with_profiles_and_sign_in() {
    let sandbox = set_up("new,tenants=2");
    let ours = sandbox.read(".aws/config");
    let foreign = "# mine\n[profile role]\nsource_profile = acme-dev01\nrole_arn = arn:aws:iam::1:role/x\n\n";
    sandbox.write(".aws/config", format!("{foreign}{ours}"));
    let run = portal(&sandbox, &["remove", "acme", "--profiles", "--logout", "--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass portal remove acme --profiles --logout --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 4 lines removed
  # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
  
- [portal.acme]
- host = "[PORTAL]"
- admin = true
- tenants = "all"

~/.aws/config · 15 lines removed
  [profile role]
  source_profile = acme-dev01
  role_arn = arn:aws:iam::1:role/x
- 
- [profile acme-admin]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
- jitpass_portal = acme
- 
- [profile acme-default]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
- jitpass_portal = acme
- 
- [profile acme-dev01]
- region = us-west-2
- credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
- jitpass_portal = acme

! a profile that goes is the source profile of `role`
✓ ~/.config/jitpass/config.toml and ~/.aws/config written
✓ signed out of 127.0.0.1:[PORT]
--- files
changed [HOME]/.aws/config
removed [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/self/tenant-dev01
removed [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/self.json
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000002-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json
changed [HOME]/.local/state/jitpass/tokens/http~127.0.0.1~[PORT].json

"#]]
    );
    assert_eq!(profiles(&sandbox), ["role"]);
    let status = sandbox.jitpass(["status"]).run().stdout;
    assert_eq!(status, "", "{status}");
    // Nothing is remembered of them.
    let managed = sandbox.read(".local/state/jitpass/managed.json");
    assert!(!managed.contains("acme-") && !managed.contains("ada@"), "{managed}");
}

#[test]
fn the_other_portal_keeps_its_lines() {
    let sandbox = settled();
    let run = portal(&sandbox, &["remove", "acme", "--dry-run"]).run();
    assert_data_eq!(
        shown(&run.fails(3).changes_nothing()),
        str![[r#"
$ jitpass portal remove acme --dry-run
exit 3
--- stdout
~/.config/jitpass/config.toml · 8 lines removed
  # mine
  
- # work
- [portal.acme] # the first
- host = "https://acme.duplocloud.net"
- tenants = [
-   "dev*", # ours
- ]
- keys = { output = "json" }
- 
  # the other
  [portal.globex]
  host = "https://globex.duplocloud.net"
--- stderr
· dry run: nothing was written

"#]]
    );
    portal(&sandbox, &["remove", "acme", "--yes"]).run().success();
    let (_, rest) = SETTINGS.split_once("# the other").unwrap();
    assert_eq!(settings(&sandbox), format!("# mine\n\n# the other{rest}"));
    let run = portal(&sandbox, &["remove", "acme", "--yes"]).run();
    assert_data_eq!(
        shown(&run.fails(2).changes_nothing()),
        str![[r#"
$ jitpass portal remove acme --yes
exit 2
--- stderr
error: no portal is called `acme`
hint: those that are set up: `globex`

"#]]
    );
}
