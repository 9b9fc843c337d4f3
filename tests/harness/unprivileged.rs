//! Running as somebody whom permissions bite.
//!
//! Root may read and write whatever it likes, so that a test of a read-only file proves nothing as root. Here the
//! program, and the sandbox, become the property of another user.

use std::fs;
use std::os::unix::fs::{PermissionsExt as _, chown};
use std::path::{Path, PathBuf};

use super::{Call, Sandbox, tool};

/// Debian's `nobody`.
const NOBODY: u32 = 65534;

impl Sandbox {
    /// Gives all the sandbox's files, and a copy of the program, to another user; `None` where `setpriv` is missing.
    ///
    /// For somebody who is not root the permissions bite anyway, and nothing changes hands.
    #[track_caller]
    pub(crate) fn hand_over(&self) -> Option<Unprivileged<'_>> {
        let setpriv = if rustix::process::geteuid().is_root() { Some(tool("setpriv")?) } else { None };
        if setpriv.is_some() {
            // The build directory may lie where only we can go.
            let program = self.bin().join("jitpass");
            let original = fs::canonicalize(&program).expect("the program exists");
            fs::remove_file(&program).expect("the link is ours");
            fs::copy(original, &program).expect("the program can be copied");
            fs::set_permissions(self.root(), fs::Permissions::from_mode(0o755)).expect("the sandbox is ours");
            give(self.root());
        }
        Some(Unprivileged { sandbox: self, setpriv })
    }
}

/// A sandbox that belongs to an ordinary user.
#[derive(Debug)]
pub(crate) struct Unprivileged<'a> {
    sandbox: &'a Sandbox,
    setpriv: Option<PathBuf>,
}

impl Unprivileged<'_> {
    /// The program, run as that user.
    pub(crate) fn jitpass<I: Into<std::ffi::OsString>>(&self, args: impl IntoIterator<Item = I>) -> Call {
        self.drop_rights(self.sandbox.jitpass(args))
    }

    /// Any program, run as that user.
    pub(crate) fn command(&self, program: impl Into<PathBuf>) -> Call {
        self.drop_rights(self.sandbox.command(program))
    }

    /// The control: that user may not write to `path`, whatever root may.
    #[track_caller]
    pub(crate) fn cannot_write(&self, path: &Path) {
        let run = self.command("/usr/bin/test").args(["-w".as_ref(), path.as_os_str()]).run();
        assert_eq!(
            run.status.code(),
            Some(1),
            "the permission does not bite: {} can be written",
            path.display()
        );
    }

    /// The control: that user may not read `path`.
    #[track_caller]
    pub(crate) fn cannot_read(&self, path: &Path) {
        let run = self.command("/usr/bin/test").args(["-r".as_ref(), path.as_os_str()]).run();
        assert_eq!(
            run.status.code(),
            Some(1),
            "the permission does not bite: {} can be read",
            path.display()
        );
    }

    fn drop_rights(&self, mut call: Call) -> Call {
        let Some(setpriv) = &self.setpriv else { return call };
        let mut args: Vec<std::ffi::OsString> = [
            format!("--reuid={NOBODY}"),
            format!("--regid={NOBODY}"),
            "--clear-groups".to_owned(),
            "--".to_owned(),
        ]
        .map(Into::into)
        .into();
        let credentials = call.args.first().is_some_and(|first| first == "aws");
        args.push(std::mem::replace(&mut call.program, setpriv.clone()).into());
        args.append(&mut call.args);
        call.args = args;
        if credentials { call.prints_credentials() } else { call }
    }
}

fn give(path: &Path) {
    // The link itself changes hands, never what it points at.
    let metadata = path.symlink_metadata().expect("files of the sandbox stay");
    if metadata.is_symlink() {
        std::os::unix::fs::lchown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
        return;
    }
    chown(path, Some(NOBODY), Some(NOBODY)).expect("root may");
    if metadata.is_dir() {
        for entry in fs::read_dir(path).expect("files of the sandbox stay").flatten() {
            give(&entry.path());
        }
    }
}
