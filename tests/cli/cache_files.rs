//! Whatever lies in the place of a cached credential, the answer is right and the file is mended.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::PathBuf;

use crate::harness::{Call, Run, Sandbox};

fn aws(sandbox: &Sandbox) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["aws", "--host", &url, "--admin"]);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url)
}

/// The cached credential of a scope, below the directories of the portal and of the identity.
fn cached(sandbox: &Sandbox, scope: &str) -> PathBuf {
    let below = |directory: PathBuf| fs::read_dir(directory).expect("a directory of the cache").flatten();
    let mut identities =
        below(sandbox.home().join(".cache/jitpass/credentials")).flat_map(|p| below(p.path()));
    identities.next().expect("a credential is cached").path().join(scope)
}

/// A sandbox with a cached credential, and its file.
fn with_a_credential() -> (Sandbox, PathBuf, String) {
    let sandbox = Sandbox::with("new");
    let key = aws(&sandbox).run().success().field("AccessKeyId");
    let file = cached(&sandbox, "admin");
    (sandbox, file, key)
}

/// Asks twice: the first time the portal is asked, the second time the file answers.
fn is_mended(sandbox: &Sandbox, what: &str, old: &str) -> Run {
    let before = sandbox.requests();
    let run = aws(sandbox).run().success();
    assert_eq!(sandbox.requests(), before + 1, "{what}");
    assert_ne!(run.field("AccessKeyId"), old, "{what}");
    assert_eq!(run.stderr, "", "{what}");
    // Not `assert_eq`: it would print what it compares.
    assert!(aws(sandbox).run().success().stdout == run.stdout, "{what}: two answers");
    assert_eq!(sandbox.requests(), before + 1, "{what}: it was not mended");
    let file = cached(sandbox, "admin").symlink_metadata().expect("it was mended");
    assert!(file.is_file() && file.permissions().mode() & 0o7777 == 0o600, "{what}: {file:?}");
    run
}

#[test]
fn bytes_that_are_no_cache_file() {
    let (sandbox, file, key) = with_a_credential();
    type Damage = (&'static str, fn(Vec<u8>) -> Vec<u8>);
    let damages: [Damage; 9] = [
        ("empty", |_| Vec::new()),
        ("cut in the first line", |bytes| bytes[..20].to_vec()),
        ("cut in the document", |bytes| bytes[..bytes.len() / 2].to_vec()),
        ("without its last byte", |bytes| bytes[..bytes.len() - 1].to_vec()),
        ("grown", |bytes| [bytes.as_slice(), b"x"].concat()),
        ("of zeros", |bytes| vec![0; bytes.len()]),
        ("of another version", |bytes| [b"jitpass2", &bytes[8..]].concat()),
        ("of another program", |_| b"{\"Version\":1,\"AccessKeyId\":\"ASIA\"}\n".to_vec()),
        ("larger than any", |_| vec![b'j'; 1 << 20]),
    ];
    for (what, damage) in damages {
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, damage(bytes)).unwrap();
        is_mended(&sandbox, what, &key);
    }
}

#[test]
fn a_file_that_others_can_read() {
    for mode in [0o640, 0o604, 0o666] {
        let (sandbox, file, key) = with_a_credential();
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        is_mended(&sandbox, &format!("{mode:o}"), &key);
    }
}

#[test]
fn a_link_in_its_place() {
    let (sandbox, file, key) = with_a_credential();
    let elsewhere = sandbox.home().join("elsewhere");
    fs::rename(&file, &elsewhere).unwrap();
    symlink(&elsewhere, &file).unwrap();
    let bytes = fs::read(&elsewhere).unwrap();
    is_mended(&sandbox, "link", &key);
    assert_eq!(fs::read(&elsewhere).unwrap(), bytes, "what it led to is not ours");
}

#[test]
fn a_directory_in_its_place() {
    let (sandbox, file, key) = with_a_credential();
    fs::remove_file(&file).unwrap();
    fs::create_dir(&file).unwrap();
    is_mended(&sandbox, "directory", &key);
}

#[test]
fn a_file_from_the_future() {
    let (mut sandbox, _, key) = with_a_credential();
    // The clock was wrong then, and is right now.
    sandbox.pass(-7200);
    is_mended(&sandbox, "future", &key);
}

#[test]
fn a_file_of_another_user() {
    let (sandbox, file, key) = with_a_credential();
    let Some(nobody) = sandbox.hand_over() else { return };
    if !rustix::process::geteuid().is_root() {
        return;
    }
    std::os::unix::fs::chown(&file, Some(0), Some(0)).unwrap();
    nobody.cannot_read(&file);
    let url = sandbox.url();
    let call = nobody.jitpass(["aws", "--host", &url, "--admin"]);
    let call = || call.clone().env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url.as_str());
    let run = call().run().success();
    assert_ne!(run.field("AccessKeyId"), key);
    assert!(call().run().success().stdout == run.stdout);
    assert_eq!(sandbox.requests(), 2);
}

#[test]
fn a_directory_of_another_user() {
    let sandbox = Sandbox::with("new");
    let cache = sandbox.home().join(".cache");
    fs::create_dir(&cache).unwrap();
    let Some(nobody) = sandbox.hand_over() else { return };
    fs::set_permissions(&cache, fs::Permissions::from_mode(0o500)).unwrap();
    nobody.cannot_write(&cache);
    // Nothing can be kept, but the answer is as good as any.
    let url = sandbox.url();
    let call = nobody.jitpass(["aws", "--host", &url, "--admin"]);
    let run = call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url).run().success();
    assert_eq!(run.stderr, "");
}

#[test]
fn a_lock_that_cannot_be_taken() {
    let (mut sandbox, file, key) = with_a_credential();
    let mut beside = fs::read_dir(file.parent().unwrap()).unwrap().flatten().map(|entry| entry.path());
    let lock = beside.find(|path| path.to_string_lossy().ends_with("lock")).expect("a lock lies beside it");
    fs::remove_file(&lock).unwrap();
    fs::create_dir_all(lock.join("full")).unwrap();
    sandbox.pass(3601);
    assert_ne!(aws(&sandbox).run().success().field("AccessKeyId"), key);
}

#[test]
fn no_home() {
    // The system knows everybody's home, variable or not: only that of somebody without one is tried.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let sandbox = Sandbox::with("new");
    let (url, token) = (sandbox.url(), sandbox.token("admin"));
    let Some(user) = sandbox.hand_over() else { return };
    let mut call = user.jitpass(["aws", "--host", &url, "--admin"]);
    for name in ["HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME"] {
        call = call.without(name);
    }
    let call = call.env("DUPLO_TOKEN", token).env("DUPLO_HOST", url);
    call.env("HOME", "").run().success();
}

#[test]
fn expired_ones_are_swept_by_whoever_passes() {
    let mut sandbox = Sandbox::with("new");
    let url = sandbox.url();
    let tenant = |sandbox: &Sandbox, name: &str| {
        let call = sandbox.jitpass(["aws", "--host", &url, "--tenant", name]);
        call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url.as_str()).run().success();
    };
    tenant(&sandbox, "dev01");
    let file = cached(&sandbox, "tenant-dev01");
    // Files that are young by the machine's clock are not even looked at.
    let then = std::time::SystemTime::now() - std::time::Duration::from_hours(3);
    fs::File::options().write(true).open(&file).unwrap().set_modified(then).unwrap();
    sandbox.pass(3 * 3600);
    tenant(&sandbox, "qa01");
    let directory = file.parent().unwrap();
    let names = fs::read_dir(directory).unwrap().flatten().map(|entry| entry.file_name());
    let left: Vec<_> = names.filter(|name| !name.to_string_lossy().ends_with("lock")).collect();
    assert_eq!(left, ["tenant-qa01"]);
}
