//! What another program finds in its environment when we start it.
//!
//! The AWS CLI is a bundle that brings its own libraries and points `LD_LIBRARY_PATH` at them; so everything that a
//! credential process starts, a browser or a password manager, would load the libraries of the AWS CLI and fail.

use std::ffi::{OsStr, OsString};
use std::path::Path;
use std::process::Command;

use crate::host::env::{Env, names};

/// The differences between our environment and that of a program we start.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Surroundings {
    /// Variables it gets; these win.
    pub set: Vec<(String, OsString)>,
    /// Variables it does not get.
    pub unset: Vec<String>,
}

/// Lists of directories with libraries.
const LIBRARIES: [&str; 4] =
    ["LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "DYLD_FRAMEWORK_PATH", "GIO_EXTRA_MODULES"];

/// Variables that hold secrets which a program of the person's has no use for.
pub const SECRETS: [&str; 7] = [
    names::DUPLO_TOKEN,
    "duplo_token",
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
];

impl Surroundings {
    /// The environment as it was before a PyInstaller bundle such as the AWS CLI changed it: what it kept under
    /// `…_ORIG` is put back, else its directories are left out, and what it tells its own children goes.
    pub fn without_bundle(env: &Env) -> Self {
        let mut these = Self::default();
        for name in LIBRARIES {
            let Some(value) = env.var(name) else { continue };
            let before = format!("{name}_ORIG");
            let kept = match env.var(&before) {
                Some(original) => Some(original),
                None => without_bundle_directories(&value, is_bundle),
            };
            match kept {
                Some(kept) if kept == value => {}
                Some(kept) => these.set.push((name.to_owned(), kept)),
                None => these.unset.push(name.to_owned()),
            }
            these.unset.push(before);
        }
        these.unset.extend(["_PYI_", "_MEIPASS"].iter().flat_map(|start| env.starting_with(start)));
        these
    }

    /// Leaves out the secrets that may be in our environment, and our own variables.
    #[must_use]
    pub fn without_secrets(mut self, env: &Env) -> Self {
        self.unset.extend(SECRETS.map(str::to_owned));
        self.unset.extend(env.starting_with("JITPASS_"));
        self
    }

    /// Gives a program these surroundings.
    pub fn apply(&self, command: &mut Command) {
        for name in &self.unset {
            command.env_remove(name);
        }
        for (name, value) in &self.set {
            command.env(name, value);
        }
    }
}

/// A list of directories without those of a bundle; `None` when nothing is left.
fn without_bundle_directories(list: &OsStr, is_bundle: impl Fn(&Path) -> bool) -> Option<OsString> {
    let kept: Vec<_> = std::env::split_paths(list).filter(|directory| !is_bundle(directory)).collect();
    // An empty entry means the working directory, which nobody asks for alone.
    if kept.iter().all(|directory| directory.as_os_str().is_empty()) {
        return None;
    }
    std::env::join_paths(kept).ok()
}

/// Whether a directory is that of a PyInstaller bundle: `_MEI…` where it unpacks itself, else the one that holds
/// its library.
fn is_bundle(directory: &Path) -> bool {
    let unpacked = directory.components().any(|part| part.as_os_str().to_string_lossy().starts_with("_MEI"));
    unpacked || directory.join("base_library.zip").is_file()
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    fn libraries(env: &[(&str, &str)]) -> Surroundings {
        Surroundings::without_bundle(&Env::of(env.iter().copied()))
    }

    #[test]
    fn puts_back_what_the_bundle_kept() {
        let these = libraries(&[
            ("LD_LIBRARY_PATH", "/usr/local/aws-cli/v2/current/dist:/mine"),
            ("LD_LIBRARY_PATH_ORIG", "/mine"),
        ]);
        assert_eq!(these.set, [("LD_LIBRARY_PATH".to_owned(), OsString::from("/mine"))]);
        assert_eq!(these.unset, ["LD_LIBRARY_PATH_ORIG"]);
    }

    #[test]
    fn leaves_out_the_directories_of_the_bundle() {
        let dist = tempfile::tempdir().unwrap();
        std::fs::write(dist.path().join("base_library.zip"), b"").unwrap();
        let dist = dist.path().to_str().unwrap();
        for (value, expected) in [
            (format!("{dist}:/mine"), Some("/mine")),
            (format!("/a:{dist}:/b"), Some("/a:/b")),
            ("/tmp/_MEIabc123:/mine".to_owned(), Some("/mine")),
        ] {
            let these = libraries(&[("LD_LIBRARY_PATH", &value)]);
            assert_eq!(these.set.first().map(|(_, v)| v.to_str().unwrap()), expected, "{value}");
        }
        for value in [dist.to_owned(), format!("{dist}:"), "/tmp/_MEIabc123".to_owned()] {
            let these = libraries(&[("LD_LIBRARY_PATH", &value)]);
            assert!(these.set.is_empty() && these.unset.contains(&"LD_LIBRARY_PATH".to_owned()), "{value}");
        }
    }

    #[test]
    fn leaves_the_persons_own_alone() {
        let these = libraries(&[("LD_LIBRARY_PATH", "/mine:/yours"), ("PATH", "/bin")]);
        assert_eq!(
            (these.set.len(), these.unset.as_slice()),
            (0, ["LD_LIBRARY_PATH_ORIG".to_owned()].as_slice())
        );
    }

    #[test]
    fn tells_nobody_that_a_bundle_started_it() {
        let these = libraries(&[("_PYI_ARCHIVE_FILE", "/x"), ("_MEIPASS2", "/x")]);
        assert_eq!(these.unset, ["_PYI_ARCHIVE_FILE", "_MEIPASS2"]);
    }

    #[test]
    fn leaves_out_secrets_and_our_own() {
        let env = Env::of([("DUPLO_TOKEN", "SIMTOKEN-1"), ("JITPASS_LOG", "debug"), ("EDITOR", "vi")]);
        let unset = Surroundings::default().without_secrets(&env).unset;
        for gone in
            ["DUPLO_TOKEN", "duplo_token", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "JITPASS_LOG"]
        {
            assert!(unset.iter().any(|name| name == gone), "{gone}");
        }
        assert!(!unset.iter().any(|name| name == "EDITOR"));
    }
}
