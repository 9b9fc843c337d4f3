//! `jitpass profile edit --editor`.

use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use snapbox::{assert_data_eq, str};

use super::{profile, record, set_up};
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::Sandbox;

/// An editor that is a shell script: its file is `$1`.
pub(super) fn editor(sandbox: &Sandbox, script: &str) -> String {
    let path = sandbox.write("editor", format!("#!/bin/sh\n{script}\n"));
    std::fs::set_permissions(&path, PermissionsExt::from_mode(0o755)).expect("it is ours");
    path.display().to_string()
}

/// The files in which texts were kept.
fn kept(sandbox: &Sandbox) -> Vec<PathBuf> {
    let dir = sandbox.home().join(".local/state/jitpass/drafts");
    let files = std::fs::read_dir(dir).into_iter().flatten().flatten();
    files.map(|file| file.path()).collect()
}

#[test]
fn only_the_section_is_there_to_edit() {
    let sandbox = set_up("new,tenants=2");
    let script = "cp \"$1\" seen; stat -c %a \"$1\" > mode; echo \"$DUPLO_TOKEN\" > token\n\
                  sed -e 's/us-west-2/eu-west-1/' -e '2a # mine' \"$1\" > new; mv new \"$1\"; chmod 644 \"$1\"";
    let call = profile(&sandbox, &["edit", "acme-dev01", "--editor", "--yes"]);
    let run = call.env("VISUAL", format!("{} --wait", editor(&sandbox, &script.replace("$1", "$2"))));
    let run = run.env("DUPLO_TOKEN", "SIMTOKEN-x").run();
    assert_data_eq!(
        shown(&run),
        str![[r#"
$ jitpass profile edit acme-dev01 --editor --yes
exit 0
--- stderr

~/.aws/config · 2 lines added, 1 removed
  ⋮ [profile acme-default]
  jitpass_portal = acme
  
  [profile acme-dev01]
- region = us-west-2
+ region = eu-west-1
+ # mine
  credential_process = [BIN]/jitpass aws --host [PORTAL] --tenant dev01 --interactive
  jitpass_portal = acme
  

✓ acme-dev01 is changed
--- files
changed [HOME]/.aws/config
created [HOME]/.local/state/jitpass/journal/00000002.json mode 0600
changed [HOME]/.local/state/jitpass/managed.json
created [HOME]/mode mode 0644
created [HOME]/seen mode 0600
created [HOME]/token mode 0644

"#]]
    );
    let seen = sandbox.read("seen");
    assert!(
        seen.starts_with("[profile acme-dev01]\nregion = us-west-2\n") && seen.lines().count() == 4,
        "{seen}"
    );
    assert_eq!((sandbox.read("mode").as_str(), sandbox.read("token").as_str()), ("600\n", "\n"));
    assert_eq!(record(&sandbox, "acme-dev01")["preferred"]["region"]["own"], "eu-west-1");
    assert!(kept(&sandbox).is_empty());
}

/// With a tilde, a pipe or a variable in it, it is for a shell.
#[test]
fn an_editor_that_is_a_script() {
    let sandbox = set_up("new,tenants=1");
    editor(&sandbox, "echo 'output = json' >> \"$2\"");
    let call = profile(&sandbox, &["edit", "corp", "--editor", "--yes"]);
    call.env("EDITOR", "true | ~/editor --wait").run().success();
    assert!(sandbox.read(".aws/config").contains("sso_role_name = dev\noutput = json\n"));
}

#[test]
fn nothing_edited() {
    let sandbox = set_up("new,tenants=1");
    for (script, code) in [("true", 0), ("exit 3", 1)] {
        let call = profile(&sandbox, &["edit", "corp", "--editor", "--yes"]);
        let before = sandbox.read(".aws/config");
        let run = call.env("EDITOR", editor(&sandbox, script)).run();
        let run = if code == 0 { run.success() } else { run.fails(code) };
        assert_eq!(sandbox.read(".aws/config"), before, "{run:?}");
        assert!(kept(&sandbox).is_empty(), "{run:?}");
    }
    let run =
        profile(&sandbox, &["edit", "corp", "--editor", "--yes"]).env("EDITOR", "/no/such").run().fails(1);
    assert!(run.stderr.contains("your editor `/no/such` cannot be started"), "{run:?}");
    assert!(kept(&sandbox).is_empty());
}

/// What is not safe is refused with its line, and the text is not lost.
#[test]
fn a_text_that_is_refused_is_kept() {
    let sandbox = set_up("new,tenants=1");
    let table = [
        (
            "echo '[profile b]' >> \"$1\"",
            "line 5 of your text: it must start with the header of profile `corp`",
        ),
        ("echo 'x = y' > \"$1\"", "line 1 of your text: it must start with"),
        (
            "sed -i 's|^sso_session = corp|credential_process /x --host http://h --token SIMTOKEN-x|' \"$1\"",
            "error: line 2 of your text has no `=`: `credential_process …`\n",
        ),
        (
            "sed -i 's|^sso_session = corp|credential_process /x --host http://h|' \"$1\"",
            "error: line 2 of your text has no `=`: `credential_process /x --host http://h`\n",
        ),
        (": > \"$1\"", "of your text"),
        ("echo 'no separator' >> \"$1\"", "line 5 of your text has no `=`"),
        ("printf 'a = b\\0\\n' >> \"$1\"", "line 5 of your text: there is a NUL byte"),
        ("echo 'sso_role_name = twice' >> \"$1\"", "line 5 of your text: the same key is also on line 4"),
        ("head -c 2000000 /dev/zero >> \"$1\"", "larger than it can be"),
    ];
    for (at, (script, message)) in table.into_iter().enumerate() {
        let call = profile(&sandbox, &["edit", "corp", "--editor", "--yes"]);
        let before = sandbox.read(".aws/config");
        let run = call.env("EDITOR", editor(&sandbox, script)).run().fails(1);
        assert!(run.stderr.contains(message), "{script}: {run:?}");
        assert_eq!(sandbox.read(".aws/config"), before);
        let kept = kept(&sandbox);
        assert_eq!(kept.len(), at + 1, "{script}");
        let said = |file: &PathBuf| {
            file.file_name().is_some_and(|name| run.stderr.contains(&*name.to_string_lossy()))
        };
        assert!(kept.iter().any(said), "{run:?}");
        for file in &kept {
            let mode = file.metadata().expect("it is there").permissions().mode();
            assert_eq!(mode & 0o777, 0o600, "{}", file.display());
        }
    }
}

#[test]
fn a_dry_run_keeps_the_text() {
    let sandbox = set_up("new,tenants=1");
    let script = editor(&sandbox, "echo 'output = json' >> \"$1\"");
    let run =
        profile(&sandbox, &["edit", "corp", "--editor", "--dry-run"]).env("EDITOR", script).run().fails(3);
    assert!(
        run.stdout.contains("+ output = json") && run.stderr.contains("your text is kept in ~/"),
        "{run:?}"
    );
    assert_eq!(kept(&sandbox).len(), 1);
}

#[test]
fn a_profile_that_changed_meanwhile_stays() {
    let sandbox = set_up("new,tenants=1");
    let script = editor(&sandbox, "echo 'output = json' >> \"$1\"; sed -i 's/= dev$/= other/' .aws/config");
    let run = profile(&sandbox, &["edit", "corp", "--editor", "--yes"]).env("EDITOR", script).run().fails(1);
    assert!(run.stderr.contains("was changed by another program in the meantime"), "{run:?}");
    assert!(!sandbox.read(".aws/config").contains("output = json"));
    assert_eq!(kept(&sandbox).len(), 1);
}

#[test]
fn a_person_edits_again_or_drops_it() {
    let sandbox = set_up("new,tenants=1");
    // Wrong at first, then mended.
    let script = "if [ -e twice ]; then sed -i '/nonsense/d' \"$1\"; echo 'output = json' >> \"$1\"; else touch twice; echo nonsense >> \"$1\"; fi";
    let script = editor(&sandbox, script);
    let environment = [("EDITOR", script.as_str())];
    let mut terminal = Terminal::start(&sandbox, &["profile", "edit", "corp", "--editor"], &environment);
    terminal.sees("line 5 of your text has no `=`").sees("Edit it again? (Y/n)").types("");
    terminal.sees("+ output = json").sees("Write this? (Y/n)").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert!(sandbox.read(".aws/config").contains("sso_role_name = dev\noutput = json\n"));
    assert!(kept(&sandbox).is_empty());
    // Wrong, and dropped.
    let script = editor(&sandbox, "echo nonsense >> \"$1\"");
    let environment = [("EDITOR", script.as_str())];
    let mut terminal = Terminal::start(&sandbox, &["profile", "edit", "corp", "--editor"], &environment);
    terminal
        .sees("Edit it again? (Y/n)")
        .types("n")
        .sees("your text is kept in ~/.local/state/jitpass/drafts/profile-");
    assert_eq!(terminal.ends().0, 1);
    assert_eq!(kept(&sandbox).len(), 1);
}
