//! `setup --from`: a colleague's choices.

use snapbox::{assert_data_eq, str};

use super::{portal, set_up, settings};
use crate::cli::terminal::Terminal;
use crate::cli::{profiles, shown};
use crate::harness::{Call, Sandbox};

/// What a colleague chose for the sandbox's portal.
fn file(sandbox: &Sandbox, name: &str, more: &str) -> String {
    format!("[portal.{name}]\nhost = \"{}\"\n{more}", sandbox.url())
}

fn from(sandbox: &Sandbox, text: &str, args: &[&str]) -> Call {
    sandbox.write("team.toml", text);
    let call = sandbox.jitpass(["setup", "--from", "team.toml"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url())
}

const CHOICES: &str = "tenants = [\"dev*\"]\nexclude = [\"dev02\"]\nadmin = false\nregion = \"eu-west-1\"\nprofile_name = \"{{ tenant }}.{{ short_region }}\"\nkeys = { output = \"json\" }\n";

#[test]
fn taken_over() {
    let sandbox = Sandbox::with("new,tenants=4");
    let text = file(&sandbox, "team", CHOICES);
    assert_data_eq!(
        shown(&from(&sandbox, &text, &["--dry-run"]).run()),
        str![[r#"
$ jitpass setup --from team.toml --dry-run
exit 0
--- stdout
~/.config/jitpass/config.toml (new file) · 12 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.team]
+ host = "[PORTAL]"
+ admin = false
+ tenants = ["dev*"]
+ exclude = ["dev02"]
+ region = "eu-west-1"
+ profile_name = "{{ tenant }}.{{ short_region }}"
+ 
+ [portal.team.keys]
+ output = "json"
~/.aws/config (new file) · 5 lines added
+ [profile dev01.euw1]
+ region = eu-west-1
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
+ output = json
+ jitpass_portal = team
--- stderr
1 portal in team.toml:
  team · [PORTAL]
    tenants  dev* but not dev02, not as administrator
    region   eu-west-1
    names    {{ tenant }}.{{ short_region }}
    keys     output=json

✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 4 tenants in us-east-1 and us-west-2
1 new profile
! eu-west-1 is no region of this portal; did you mean us-east-1?
· dry run: nothing was written
--- files
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600

"#]]
    );
    assert!(!sandbox.home().join(".config/jitpass").exists());
    let run = from(&sandbox, &text, &["--yes"]).run().success();
    assert!(run.stderr.contains("1 new profile"), "{}", run.stderr);
    assert_eq!(profiles(&sandbox), ["dev01.euw1"]);
    // What comes out is what went in.
    let out = portal(&sandbox, &["export"]).run().success().stdout;
    for line in CHOICES.lines().filter(|line| !line.starts_with("keys")) {
        assert!(out.contains(line), "{out}");
    }
    assert!(out.contains("[portal.team.keys]\noutput = \"json\"\n"), "{out}");
    // A second time there is nothing to do.
    let again = from(&sandbox, &text, &["--yes"]).run().success();
    assert!(again.stderr.contains("nothing to change"), "{}", again.stderr);
}

#[test]
fn from_stdin() {
    let sandbox = Sandbox::with("new,tenants=1");
    let call = sandbox.jitpass(["setup", "--from", "-", "--yes"]).stdin(file(&sandbox, "team", ""));
    let call = call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url());
    call.run().success();
    assert_eq!(profiles(&sandbox), ["team-admin", "team-default"]);
}

#[test]
fn what_is_set_up_keeps_its_name_and_what_is_ones_own() {
    let sandbox = set_up("new,tenants=2");
    portal(&sandbox, &["edit", "--browser", "links", "--set", "cli_pager=less", "--yes"]).run().success();
    let run = from(&sandbox, &file(&sandbox, "team", "keys = { output = 'text' }\n"), &["--yes"]).run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 0
--- stderr
1 portal in team.toml:
  team · [PORTAL]
    tenants  all
    keys     output=text

· [PORTAL] is set up as `acme` here, and keeps that name
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 2 tenants in us-west-2

~/.config/jitpass/config.toml · 1 line added
  
  [portal.acme.keys]
  cli_pager = "less"
+ output = "text"

~/.aws/config · 6 lines added
  ⋮ [profile acme-admin]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
  jitpass_portal = acme
+ cli_pager = less
+ output = text
  
  [profile acme-default]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
  jitpass_portal = acme
+ cli_pager = less
+ output = text
  
  [profile acme-dev01]
  region = us-west-2
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
+ cli_pager = less
+ output = text

3 changed profiles
✓ 3 profiles written to ~/.aws/config
✓ acme-dev01 works: ada@example.com as duploservices-dev01 · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile acme-dev01
--- files
changed [HOME]/.aws/config
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01 mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-dev01~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000003-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000003.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json

"#]]
    );
    let settings = settings(&sandbox);
    for line in [
        "[portal.acme]",
        "browser = \"links\"",
        "cli_pager = \"less\"",
        "output = \"text\"",
        "tenants = \"all\"",
    ] {
        assert!(settings.contains(line), "{settings}");
    }
}

#[test]
fn one_of_several_that_cannot_be_reached() {
    let sandbox = Sandbox::with("new,tenants=1");
    let dead = "[portal.dead]\nhost = \"http://127.0.0.1:1\"\n\n";
    let run = from(&sandbox, &format!("{dead}{}", file(&sandbox, "team", "")), &["--yes"]).run();
    assert_data_eq!(
        shown(&run.fails(1)),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 1
--- stderr
2 portals in team.toml:
  dead · http://127.0.0.1:1
    tenants  all
  team · [PORTAL]
    tenants  all

dead
error: not signed in to 127.0.0.1:1
hint: DUPLO_TOKEN is for another portal (DUPLO_HOST); run: jitpass login http://127.0.0.1:1

team
✓ 127.0.0.1:[PORT]: ada@example.com, administrator (by DUPLO_TOKEN), 1 tenant in us-west-2

~/.config/jitpass/config.toml (new file) · 6 lines added
+ # Settings of jitpass. Changes made by hand, and comments, stay. No secrets belong here.
+ 
+ [portal.team]
+ host = "[PORTAL]"
+ admin = true
+ tenants = "all"

~/.aws/config (new file) · 9 lines added
+ [profile team-admin]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --admin --interactive
+ jitpass_portal = team
+ 
+ [profile team-default]
+ region = us-west-2
+ credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant default --interactive
+ jitpass_portal = team

2 new profiles
✓ 2 profiles written to ~/.aws/config
✓ team-default works: ada@example.com as duploservices-default · account 842219210980, good for [DURATION]
· the token came from DUPLO_TOKEN and is not kept: profiles work where it is set, or after `jitpass login`

Try it:
    aws sts get-caller-identity --profile team-default
--- files
created [HOME]/.aws/config mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-default mode 0600
created [HOME]/.cache/jitpass/credentials/http~127.0.0.1~[PORT]/[HASH]/tenant-default~lock mode 0600
created [HOME]/.cache/jitpass/portals/http~127.0.0.1~[PORT]/[HASH].json mode 0600
created [HOME]/.config/jitpass/config.toml mode 0600
created [HOME]/.local/state/jitpass/journal/00000001-2.json mode 0600
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600
created [HOME]/.local/state/jitpass/locks/managed.lock mode 0600
created [HOME]/.local/state/jitpass/managed.json mode 0600

"#]]
    );
    assert_eq!(profiles(&sandbox), ["team-admin", "team-default"]);
}

#[test]
fn a_name_that_is_taken() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".config/jitpass/config.toml", "[portal.team]\nhost = \"https://other.net\"\n");
    let text = file(&sandbox, "team", "");
    assert_data_eq!(
        shown(&from(&sandbox, &text, &["--yes"]).run().fails(2)),
        str![[r#"
$ jitpass setup --from team.toml --yes
exit 2
--- stderr
1 portal in team.toml:
  team · [PORTAL]
    tenants  all

error: `team` is the name of https://other.net here, and of [PORTAL] in the file
hint: choose another with --name, or change it in the file

"#]]
    );
    from(&sandbox, &text, &["--yes", "--name", "work"]).run().success();
    assert_eq!(profiles(&sandbox), ["work-admin", "work-default"]);
    assert!(settings(&sandbox).contains("[portal.team]\nhost = \"https://other.net\"\n"));
}

#[test]
fn somebody_looks_at_each_thing() {
    let sandbox = Sandbox::with("new,tenants=2");
    let more = "browser = \"links -g\"\nlater = \"x\"\nkeys = { role_arn = \"x\", services = \"lab\", output = \"json\" }\n";
    let path =
        sandbox.write("team.toml", format!("command = \"/tmp/evil\"\n{}", file(&sandbox, "team", more)));
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let variables = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let mut terminal =
        Terminal::start(&sandbox, &["setup", "--from", &path.display().to_string()], &variables);
    terminal.sees("1 portal in").sees("with it, AWS programs would take credentials from elsewhere");
    terminal.sees("role_arn is left out");
    terminal.sees("Take over portal.team.keys.services").sees("(y/N)").types("y");
    terminal.sees("Take over command").sees("(y/N)").types("");
    terminal.sees("Take over portal.team.browser").types("y");
    terminal.sees("Take over portal.team.later").types("");
    // Nothing was asked of the network so far.
    assert_eq!(sandbox.requests(), 0);
    terminal.sees("Set up 127.0.0.1").sees("(Y/n)").types("");
    terminal.sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    let settings = settings(&sandbox);
    assert!(
        settings.contains("browser = \"links -g\"\n") && settings.contains("services = \"lab\"\n"),
        "{settings}"
    );
    assert!(
        !settings.contains("evil") && !settings.contains("later") && !settings.contains("role_arn"),
        "{settings}"
    );
    assert!(sandbox.read(".aws/config").contains("services = lab\n"));
}

#[test]
fn somebody_says_no() {
    let sandbox = Sandbox::with("new,tenants=1");
    let path = sandbox.write("team.toml", file(&sandbox, "team", ""));
    let mut terminal = Terminal::start(&sandbox, &["setup", "--from", &path.display().to_string()], &[]);
    terminal.sees("Set up 127.0.0.1").types("n");
    let (code, shown) = terminal.ends();
    assert!(code == 0 && shown.contains("nothing was written"), "{shown}");
    assert_eq!(sandbox.requests(), 0);
}

#[test]
fn another_name_where_it_is_taken() {
    let sandbox = Sandbox::with("new,tenants=1");
    sandbox.write(".config/jitpass/config.toml", "[portal.team]\nhost = \"https://other.net\"\n");
    let path = sandbox.write("team.toml", file(&sandbox, "team", ""));
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let variables = [("DUPLO_TOKEN", token.as_str()), ("DUPLO_HOST", url.as_str())];
    let mut terminal =
        Terminal::start(&sandbox, &["setup", "--from", &path.display().to_string()], &variables);
    terminal.sees("is the name of https://other.net here").sees("Short name of http://127").types("team");
    terminal.sees("is another portal of yours").presses(&"\u{7f}".repeat(4)).types("work");
    terminal.sees("Set up 127.0.0.1").types("");
    terminal.sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(profiles(&sandbox), ["work-admin", "work-default"]);
}
