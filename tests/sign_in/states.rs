//! Machines in a bad state: what cannot work says so in a line that names the remedy, and damages nothing.

use std::fs;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Command;

use jitpass::demo::portal::UserKind;

use super::person::{Person, port_of};
use crate::harness::{Run, Sandbox, tool};

const TENANT: &[&str] = &["--tenant", "dev01"];
const STATE: &str = ".local/state/jitpass";

/// A failure as SDKs show it, in one line.
#[track_caller]
fn says(run: Run, words: &[&str]) {
    let run = run.fails(1);
    assert_eq!(run.stderr.lines().count(), 1, "{}", run.transcript());
    for word in words {
        assert!(run.stderr.contains(word), "`{word}` is not in\n{}", run.transcript());
    }
}

/// A disk of 256 KB, gone at the end of the test. Only root has one.
struct Disk(PathBuf);

impl Disk {
    fn at(path: &Path) -> Option<Self> {
        let mount = tool("mount")?;
        fs::create_dir_all(path).expect("the sandbox is ours");
        let mut command = Command::new(mount);
        command.args(["-t", "tmpfs", "-o", "size=256k", "none"]).arg(path);
        // A container may not let its root mount anything.
        command.status().is_ok_and(|status| status.success()).then(|| Self(path.to_owned()))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let bytes = vec![0; 300 * 1024];
        assert!(fs::write(self.0.join("full"), bytes).is_err(), "the control: the disk is small");
    }

    fn free(&self) {
        fs::remove_file(self.0.join("full")).expect("it was filled");
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        Command::new("umount").arg("--lazy").arg(&self.0).status().ok();
    }
}

#[test]
fn a_full_disk() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let Some(disk) = Disk::at(&sandbox.home().join(STATE)) else { return };
    disk.fill();
    says(person.program(&sandbox, TENANT).run(), &["nothing can be kept in", "make room"]);
    assert!(person.tabs().is_empty(), "nobody signs in for nothing");
    person.nothing_is_left();
    disk.free();
    // Full only when the token comes: the browser hears it, and so does the program.
    let program = person.program(&sandbox, TENANT).start();
    let tab = person.tab(1);
    person.listener();
    disk.fill();
    let page = person.authorizes(&tab, UserKind::Tenant);
    assert!(!page.contains("Signed in"), "{page}");
    says(program.finish(), &["kept in"]);
    person.nothing_is_left();
    disk.free();
    // How it ended could not be written down either: the tab is taken to be still there.
    let program = person.program(&sandbox, TENANT).start();
    person.listener();
    person.authorizes(&person.tab(1), UserKind::Tenant);
    program.finish().success();
    assert_eq!(person.tabs().len(), 1);
}

#[test]
fn a_home_that_cannot_be_written() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    fs::create_dir_all(sandbox.home().join(".local")).expect("the sandbox is ours");
    let Some(user) = sandbox.hand_over() else { return };
    let closed = sandbox.home().join(".local");
    std::os::unix::fs::chown(&closed, Some(0), Some(0)).expect("root may");
    user.cannot_write(&closed);
    let url = person.url();
    let call = user.jitpass(["aws", "--host", &url, "--tenant", "dev01", "--interactive"]);
    let call = call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no");
    says(call.run(), &["cannot keep anything in ~/.local/state/jitpass", "Permission denied"]);
    let login = user.jitpass(["login", &url, "--token-stdin"]).stdin(sandbox.token("tenant")).run();
    assert!(login.fails(1).stderr.contains("cannot keep anything in"));
    // With a token in the environment nothing need be kept.
    let call = user.jitpass(["aws", "--host", &url, "--tenant", "dev01"]);
    call.env("DUPLO_TOKEN", sandbox.token("tenant")).env("DUPLO_HOST", &url).run().success();
    assert!(person.tabs().is_empty());
}

#[test]
fn a_state_directory_of_another() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let state = sandbox.home().join(STATE);
    fs::create_dir_all(&state).expect("the sandbox is ours");
    let Some(user) = sandbox.hand_over() else { return };
    std::os::unix::fs::chown(&state, Some(0), Some(0)).expect("root may");
    let url = person.url();
    let call = user.jitpass(["aws", "--host", &url, "--tenant", "dev01", "--interactive"]);
    let call = call.env("BROWSER", &person.browser).env("JITPASS_TEST_ATTENDED", "no");
    says(call.run(), &["~/.local/state/jitpass"]);
    assert!(person.tabs().is_empty());
    assert_eq!(fs::read_dir(&state).expect("root may look").count(), 0);
}

#[test]
fn no_home() {
    // The system knows everybody's home, variable or not: only that of somebody without one is tried.
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let Some(user) = sandbox.hand_over() else { return };
    let mut call = user.jitpass(["aws", "--host", &person.url(), "--tenant", "dev01", "--interactive"]);
    for name in ["HOME", "XDG_CONFIG_HOME", "XDG_CACHE_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME"] {
        call = call.without(name);
    }
    says(call.env("BROWSER", &person.browser).run(), &["cannot keep anything in", "Permission denied"]);
    assert!(person.tabs().is_empty());
}

#[test]
fn files_that_somebody_damaged() {
    let key = |person: &Person<'_>| format!("http~{}", person.mark().replace(':', "~"));
    for damage in [b"".as_slice(), b"{", b"[]", b"null", b"\xff\xfe", b"{\"wait\":7,\"quiet_until\":\"x\"}"] {
        let sandbox = Sandbox::with("new");
        let person = Person::at(&sandbox);
        let login =
            || sandbox.jitpass(["login", &person.url(), "--token-stdin"]).stdin(sandbox.token("tenant"));
        login().run().success();
        for file in ["sign-in", "tokens"] {
            let path = format!("{STATE}/{file}/{}.json", key(&person));
            let private = std::os::unix::fs::PermissionsExt::from_mode(0o600);
            let path = sandbox.write(&path, damage);
            fs::set_permissions(path, private).expect("the sandbox is ours");
        }
        let program = person.program(&sandbox, TENANT).start();
        person.authorizes(&person.tab(1), UserKind::Tenant);
        program.finish().success();
        sandbox.jitpass(["aws", "--host", &person.url(), "--tenant", "qa01"]).run().success();
        person.nothing_is_left();
    }
}

#[test]
fn a_port_that_is_taken() {
    let sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    let other = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let port = other.local_addr().expect("it has one").port().to_string();
    let asked = person.program(&sandbox, TENANT).args(["--port", &port]).run();
    says(asked, &["port", "is taken by another program", "jitpass login"]);
    let login =
        sandbox.jitpass(["login", &person.url(), "--port", &port]).env("BROWSER", &person.browser).run();
    assert!(login.stderr.contains("is taken by another program"), "{}", login.transcript());
    login.fails(1);
    assert!(person.tabs().is_empty());
    drop(other);
    let program = person.program(&sandbox, TENANT).args(["--port", &port]).start();
    let tab = person.tab(1);
    assert_eq!(port_of(&tab).to_string(), port);
    person.authorizes(&tab, UserKind::Tenant);
    program.finish().success();
}

#[test]
fn the_port_of_last_night_is_taken() {
    let mut sandbox = Sandbox::with("new");
    let person = Person::at(&sandbox);
    person.program(&sandbox, TENANT).env("JITPASS_TEST_HASTE", "200").run().fails(1);
    person.nothing_is_left();
    let _other = TcpListener::bind(("127.0.0.1", port_of(&person.tab(1)))).expect("it is free again");
    sandbox.pass(60);
    let person = Person::at(&sandbox);
    says(person.program(&sandbox, TENANT).run(), &["is taken by another program", "jitpass login"]);
    let url = person.url();
    let login = sandbox.jitpass(["login", &url]).env("BROWSER", &person.browser).start();
    person.authorizes(&person.tab(2), UserKind::Tenant);
    login.finish().success();
    person.program(&sandbox, TENANT).run().success();
}
