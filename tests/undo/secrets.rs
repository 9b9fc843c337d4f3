//! Secrets in lines that were changed are not in the journal, and come back all the same.

use std::fs;
use std::path::{Path, PathBuf};

use jitpass::host::env::Env;
use jitpass::host::user_file::UserFile;
use jitpass::ops::machine::Machine;
use jitpass::ops::undo::{Which, apply, prepare};
use jitpass::ops::write::{FilePlan, Occasion, drop_secrets, replace};

use crate::harness::Sandbox;

const OLD: &str = "[profile a]\ncredential_process = duplo-jit aws --token SIMTOKEN-0123456789 --admin\n[profile b]\naws_secret_access_key = SIMSECRET-short\nregion = x\n";
const NEW: &str = "[profile a]\ncredential_process = jitpass aws --admin\n[profile b]\nregion = x\n";

pub(super) fn machine(home: &Path) -> Machine {
    Machine {
        env: Env::of([("HOME", home.to_str().unwrap())]),
        cache_dir: None,
        config_dir: Some(home.join("settings")),
        state_dir: Some(home.join("state")),
        data_dir: Some(home.join("data")),
    }
}

/// Writes [`NEW`] in the place of [`OLD`].
fn changed(home: &Path) -> Machine {
    let machine = machine(home);
    fs::write(home.join("config"), OLD).unwrap();
    write(&machine, &home.join("config"), NEW);
    machine
}

fn write(machine: &Machine, path: &Path, new: &str) {
    let file = UserFile::read(path).unwrap();
    replace(machine, &Occasion::of("profile import"), &FilePlan { file, new: new.into() }).unwrap();
}

/// The files below a directory in which a secret stands.
fn with_secrets(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            found.extend(with_secrets(&path));
        } else if fs::read(&path).unwrap().windows(3).any(|bytes| bytes == b"SIM") {
            found.push(path);
        }
    }
    found
}

#[test]
fn they_come_back() {
    let home = tempfile::tempdir().unwrap();
    let machine = changed(home.path());
    assert_eq!(with_secrets(&home.path().join("state/journal")), Vec::<PathBuf>::new());
    assert_eq!(with_secrets(&home.path().join("state/shelf")).len(), 2);
    for file in fs::read_dir(home.path().join("state/shelf")).unwrap().flatten() {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(file.metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
    // Also when others wrote since.
    fs::write(home.path().join("config"), format!("# theirs\n{NEW}[profile theirs]\n")).unwrap();
    let undoing = prepare(&machine, Which::Newest).unwrap();
    assert_eq!(undoing.missing, 0);
    let shown: Vec<String> =
        undoing.change.files().flat_map(|plan| plan.diff().lines).map(|l| l.text).collect();
    assert!(shown.iter().all(|line| !line.contains("SIM")) && shown.concat().contains("‹redacted"));
    apply(&machine, &undoing).unwrap();
    let left = fs::read_to_string(home.path().join("config")).unwrap();
    assert!(left == format!("# theirs\n{OLD}[profile theirs]\n"));
}

#[test]
fn without_them_the_rest_comes_back() {
    let home = tempfile::tempdir().unwrap();
    let machine = changed(home.path());
    assert!(drop_secrets(&machine).unwrap());
    assert!(!drop_secrets(&machine).unwrap());
    assert_eq!(with_secrets(&home.path().join("state")), Vec::<PathBuf>::new());
    let undoing = prepare(&machine, Which::Newest).unwrap();
    assert_eq!(undoing.missing, 2);
    apply(&machine, &undoing).unwrap();
    assert_eq!(
        fs::read_to_string(home.path().join("config")).unwrap(),
        "[profile a]\ncredential_process = duplo-jit aws --admin\n[profile b]\nregion = x\n"
    );
}

#[test]
fn they_go_with_the_token_they_are() {
    let sandbox = Sandbox::with("new");
    let (home, token) = (sandbox.home(), sandbox.token("admin"));
    let mut machine = machine(&home);
    machine.state_dir = Some(home.join(".local/state/jitpass"));
    let shelf = || fs::read_dir(home.join(".local/state/jitpass/shelf")).unwrap().count();
    let path =
        sandbox.write("config", format!("p = x --token {token} --admin\nclient_secret = SIMSECRETother\n"));
    write(&machine, &path, "p = x --admin\n");
    assert_eq!(shelf(), 2);
    sandbox.jitpass(["login", &sandbox.url(), "--token-stdin"]).stdin(token).run().success();
    sandbox.jitpass(["logout", &sandbox.url()]).run().success();
    assert_eq!(shelf(), 1);
    let run = sandbox.jitpass(["logout", "--all"]).run().success();
    assert!(run.stderr.contains("secrets kept for `jitpass undo` are dropped, too"), "{}", run.stderr);
    assert_eq!(shelf(), 0);
    let run = sandbox.jitpass(["undo", "--yes"]).run().success();
    assert!(run.stderr.contains("! 2 secrets of the old lines cannot be had any more"), "{}", run.stderr);
    assert_eq!(fs::read_to_string(&path).unwrap(), "p = x --admin\n");
}

#[test]
fn they_go_with_the_last_entry_that_names_them() {
    let home = tempfile::tempdir().unwrap();
    let machine = changed(home.path());
    let path = home.path().join("config");
    for n in 0..500 {
        write(&machine, &path, &format!("{NEW}# {n}\n"));
    }
    assert_eq!(fs::read_dir(home.path().join("state/journal")).unwrap().count(), 500);
    assert_eq!(with_secrets(&home.path().join("state")), Vec::<PathBuf>::new());
    assert_eq!(prepare(&machine, Which::One(1)).unwrap_err().message, "there is no change 1");
}
