//! `portal edit --editor`. The editors here are programs that change the file they are given.

use snapbox::{assert_data_eq, str};

use super::{SETTINGS, portal, set_up, settings, settled};
use crate::cli::shown;
use crate::cli::terminal::Terminal;
use crate::harness::{Call, Sandbox};

/// A draft that is kept has a name of its own each time.
fn without_name(text: &str) -> String {
    let mut parts = text.split("config-");
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |all, part| {
        all + "config-"
            + part.get(8..).map_or(part, |rest| if rest.starts_with(".toml") { rest } else { part })
    })
}

fn editing(sandbox: &Sandbox, editor: &str) -> Call {
    portal(sandbox, &["edit", "--editor", "--yes"]).env("VISUAL", editor)
}

fn drafts(sandbox: &Sandbox) -> Vec<std::path::PathBuf> {
    let dir = std::fs::read_dir(sandbox.home().join(".local/state/jitpass/drafts"));
    dir.into_iter().flatten().flatten().map(|file| file.path()).collect()
}

#[test]
fn what_was_written_is_taken() {
    let sandbox = settled();
    let run = editing(&sandbox, "sed -i s/eu-west-1/eu-west-2/").run();
    assert_data_eq!(
        without_name(&shown(&run)),
        str![[r#"
$ jitpass portal edit --editor --yes
exit 0
--- stderr

~/.config/jitpass/config.toml · 1 line added, 1 removed
  [portal.globex]
  host = "https://globex.duplocloud.net"
  exclude = ["*-tmp"]
- region = "eu-west-1"
+ region = "eu-west-2"

✓ ~/.config/jitpass/config.toml written
· for its profiles to follow: jitpass sync globex
--- files
changed [HOME]/.config/jitpass/config.toml
created [HOME]/.local/state/jitpass/journal/00000001.json mode 0600
created [HOME]/.local/state/jitpass/locks/[HASH].lock mode 0600

"#]]
    );
    assert_eq!(settings(&sandbox), SETTINGS.replace("eu-west-1", "eu-west-2"));
    assert!(drafts(&sandbox).is_empty());
    let run = editing(&sandbox, "true").run().success();
    assert!(run.stderr.contains("nothing to change"), "{}", run.stderr);
    assert!(drafts(&sandbox).is_empty());
}

#[test]
fn a_name_changed_there_is_a_renaming() {
    let sandbox = set_up("new,tenants=1");
    editing(&sandbox, "sed -i s/portal.acme/portal.work/").run().success();
    assert_eq!(sandbox.read(".aws/config").matches("jitpass_portal = work\n").count(), 2);
}

#[test]
fn a_mistake_loses_nothing() {
    let sandbox = settled();
    let run = editing(&sandbox, "sed -i s/eu-west-1/europe/").run();
    assert_data_eq!(
        without_name(&shown(&run)),
        str![[r#"
$ jitpass portal edit --editor --yes
exit 1
--- stderr
error: [HOME]/.config/jitpass/config.toml: `region` of portal `globex`: `europe` is not a region: a region looks like `us-west-2`
hint: what you wrote is kept in ~/.local/state/jitpass/drafts/config-.toml
--- files
created [HOME]/.local/state/jitpass/drafts/config-.toml mode 0600

"#]]
    );
    assert_eq!(settings(&sandbox), SETTINGS);
    let kept = drafts(&sandbox);
    assert_eq!(std::fs::read_to_string(&kept[0]).unwrap(), SETTINGS.replace("eu-west-1", "europe"));
    let mode = std::os::unix::fs::PermissionsExt::mode(&std::fs::metadata(&kept[0]).unwrap().permissions());
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn a_file_that_cannot_be_read_can_be_mended() {
    let sandbox = Sandbox::new();
    sandbox.write(".config/jitpass/config.toml", SETTINGS.replace("[portal.globex]", "[portal.globex"));
    portal(&sandbox, &["list"]).run().fails(1);
    editing(&sandbox, "sed -i s/portal.globex/portal.globex]/").run().success();
    assert_eq!(settings(&sandbox), SETTINGS);
}

#[test]
fn an_editor_that_is_none() {
    let sandbox = settled();
    for editor in ["no-such-editor", "false", "sed 'x"] {
        let run = editing(&sandbox, editor).run();
        assert!(!run.status.success(), "{}", run.transcript());
        assert_eq!(settings(&sandbox), SETTINGS);
    }
    let run = editing(&sandbox, "no-such-editor").run();
    // The shell says in words of its own why.
    let said = "error: your editor `no-such-editor` cannot be started\nhint: set VISUAL or EDITOR";
    assert!(run.stderr.contains(said), "{}", run.stderr);
    assert!(drafts(&sandbox).is_empty());
}

#[test]
fn what_somebody_else_wrote_meanwhile_stays() {
    let sandbox = settled();
    let editor = "jitpass portal edit acme --admin --yes; sed -i s/eu-west-1/eu-west-2/";
    let run = editing(&sandbox, editor).run().fails(1);
    assert!(run.stderr.contains("changed by another program"), "{}", run.stderr);
    let settings = settings(&sandbox);
    assert!(settings.contains("admin = true\n") && settings.contains("eu-west-1"), "{settings}");
    assert_eq!(drafts(&sandbox).len(), 1);
}

#[test]
fn a_person_mends_it() {
    let sandbox = settled();
    let script = "#!/bin/sh\nif grep -q europe \"$1\"; then sed -i s/europe/eu-west-3/ \"$1\"; else sed -i s/eu-west-1/europe/ \"$1\"; fi\n";
    let editor = sandbox.write("editor", script);
    std::fs::set_permissions(&editor, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let mut terminal = Terminal::start(
        &sandbox,
        &["portal", "edit", "--editor"],
        &[("VISUAL", &editor.display().to_string())],
    );
    terminal.sees("`region` of portal `globex`").sees("Edit it again?").types("");
    terminal.sees("eu-west-3").sees("Write this?").types("");
    let (code, shown) = terminal.ends();
    assert_eq!(code, 0, "{shown}");
    assert_eq!(settings(&sandbox), SETTINGS.replace("eu-west-1", "eu-west-3"));
    assert!(drafts(&sandbox).is_empty());
    // Who declines what they wrote still has it.
    let mut terminal = Terminal::start(
        &sandbox,
        &["portal", "edit", "--editor"],
        &[("VISUAL", "sed -i s/eu-west-3/eu-west-1/")],
    );
    terminal.sees("Write this?").types("n").sees("what you wrote is kept in");
    assert_eq!(terminal.ends().0, 1);
    assert_eq!(drafts(&sandbox).len(), 1);
}
