//! Read-only, unreadable, somebody else's; and the rights of what is written.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

use snapbox::{assert_data_eq, str};

use super::{ARGS, OLD, setup, with_token};
use crate::harness::{Run, Sandbox};

/// What is said of a failure, from `error:` on. (The command line differs where the tests do not run as root.)
fn why(run: &Run) -> String {
    let run = run.clone().fails(1);
    run.stderr.split_once("error: ").unwrap_or_default().1.to_owned()
}

#[test]
fn read_only() {
    for mode in [0o400, 0o444] {
        let sandbox = Sandbox::with("new,tenants=1");
        let file = sandbox.write(".aws/config", OLD);
        fs::set_permissions(&file, Permissions::from_mode(mode)).unwrap();
        let Some(nobody) = sandbox.hand_over() else { return };
        nobody.cannot_write(&file);
        let run = with_token(&sandbox, nobody.jitpass(ARGS).args([sandbox.url()])).run().fails(1);
        let said = run.stderr.split_once("error: ").unwrap_or_default().1;
        assert_eq!(
            said,
            "~/.aws/config is read-only\nhint: if you want it changed: chmod u+w ~/.aws/config\n"
        );
        assert_eq!(sandbox.read(".aws/config"), OLD);
        assert_eq!(file.metadata().unwrap().mode() & 0o7777, mode);
        // Nor is anything else: there was one plan, and it was not carried out.
        assert!(!sandbox.home().join(".config/jitpass").exists());
    }
}

#[test]
fn read_only_and_nothing_to_change() {
    let sandbox = Sandbox::with("new,tenants=1");
    setup(&sandbox).run().success();
    fs::set_permissions(sandbox.aws_config(), Permissions::from_mode(0o400)).unwrap();
    let run = setup(&sandbox).run().success();
    assert!(run.stderr.contains("nothing to change: 1 profile"), "{}", run.stderr);
}

#[test]
fn a_directory_that_cannot_be_written() {
    let sandbox = Sandbox::with("new,tenants=1");
    let directory = sandbox.write(".aws/config", OLD).parent().unwrap().to_owned();
    let Some(nobody) = sandbox.hand_over() else { return };
    fs::set_permissions(&directory, Permissions::from_mode(0o500)).unwrap();
    nobody.cannot_write(&directory);
    let run = with_token(&sandbox, nobody.jitpass(ARGS).args([sandbox.url()])).run();
    assert_data_eq!(
        why(&run),
        str![[r#"
cannot write in ~/.aws
  caused by: permission denied
hint: give yourself the right to it; nothing was written

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), OLD);
}

#[test]
fn unreadable() {
    let sandbox = Sandbox::with("new,tenants=1");
    let file = sandbox.write(".aws/config", OLD);
    fs::set_permissions(&file, Permissions::from_mode(0o000)).unwrap();
    let Some(nobody) = sandbox.hand_over() else { return };
    nobody.cannot_read(&file);
    let run = with_token(&sandbox, nobody.jitpass(ARGS).args([sandbox.url()])).run();
    assert_data_eq!(
        why(&run),
        str![[r#"
cannot read ~/.aws/config
  caused by: Permission denied (os error 13)
hint: give yourself the right to it; nothing was written

"#]]
    );
}

#[test]
fn somebody_elses() {
    let sandbox = Sandbox::with("new,tenants=1");
    let file = sandbox.write(".aws/config", OLD);
    let Some(nobody) = sandbox.hand_over() else { return };
    if !rustix::process::geteuid().is_root() {
        return;
    }
    // In a directory of theirs they may replace it, but not give it back to its owner.
    std::os::unix::fs::chown(&file, Some(0), Some(0)).unwrap();
    fs::set_permissions(&file, Permissions::from_mode(0o644)).unwrap();
    nobody.cannot_write(&file);
    let run = with_token(&sandbox, nobody.jitpass(ARGS).args([sandbox.url()])).run();
    assert_data_eq!(
        why(&run),
        str![[r#"
the owner and group of ~/.aws/config could not be kept
hint: run this as its owner; nothing was written

"#]]
    );
    assert_eq!(sandbox.read(".aws/config"), OLD);
    assert_eq!(fs::read_dir(sandbox.home().join(".aws")).unwrap().count(), 1);
}

#[test]
fn owner_and_mode_stay() {
    let sandbox = Sandbox::with("new,tenants=1");
    let file = sandbox.write(".aws/config", OLD);
    fs::set_permissions(&file, Permissions::from_mode(0o640)).unwrap();
    let root = rustix::process::geteuid().is_root();
    if root {
        std::os::unix::fs::chown(&file, Some(65534), Some(65534)).unwrap();
    }
    setup(&sandbox).run().success();
    let metadata = file.metadata().unwrap();
    assert_eq!(metadata.mode() & 0o7777, 0o640);
    assert!(!root || (metadata.uid(), metadata.gid()) == (65534, 65534));
    assert!(sandbox.read(".aws/config").starts_with(OLD));
}

#[test]
fn what_jitpass_keeps_is_private() {
    let sandbox = Sandbox::with("new,tenants=1");
    let url = sandbox.url();
    // However careless the person's own habits are.
    let script = "umask 000; exec jitpass setup --host \"$0\" --yes --token-stdin";
    sandbox.command("/bin/sh").args(["-c", script, &url]).stdin(sandbox.token("admin")).run().success();
    let mut open = Vec::new();
    let mut next = vec![sandbox.home()];
    while let Some(path) = next.pop() {
        let metadata = path.symlink_metadata().unwrap();
        let ours = path.to_string_lossy().contains("/jitpass") || path.to_string_lossy().contains("/.aws");
        if ours && path != sandbox.home() && metadata.mode() & 0o077 != 0 {
            open.push(path.clone());
        }
        if metadata.is_dir() {
            next.extend(fs::read_dir(&path).unwrap().flatten().map(|entry| entry.path()));
        }
    }
    assert_eq!(open, Vec::<std::path::PathBuf>::new());
    // The token is in one file, and only there.
    let holders = sandbox.command("/bin/grep").args(["-rl", "SIMTOKEN-", "."]).run().success().stdout;
    let only =
        holders.strip_prefix("./.local/state/jitpass/tokens/").and_then(|rest| rest.strip_suffix(".json\n"));
    assert!(only.is_some_and(|name| !name.contains('\n')), "{holders}");
}
