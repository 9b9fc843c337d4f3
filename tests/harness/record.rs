//! Secrets must not be printed: every run is searched, and recorded where `tests/run` searches again.

use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::Run;

/// How every secret starts that the simulated portal hands out.
pub(super) const SECRETS: [&str; 3] = ["SIMTOKEN-", "SIMSECRET", "SIMSESSION"];

/// The kind of secret that a text holds.
pub(super) fn secret_in(text: &str) -> Option<&'static str> {
    SECRETS.into_iter().find(|secret| text.contains(secret))
}

/// Fails on a secret outside the output of a command that answers with credentials.
#[track_caller]
pub(super) fn refuse_leaks(run: &Run, credentials: bool) {
    let leak = |name: &str, text: &str| {
        assert!(secret_in(text).is_none(), "a secret on {name}\n{}", run.transcript());
    };
    leak("stderr", &if credentials { without_masks(&run.stderr) } else { run.stderr.clone() });
    if !credentials {
        leak("stdout", &run.stdout);
    }
}

/// Writes the run to the directory that `JITPASS_TEST_RECORD` names; credentials, and the secrets that went in,
/// under `credentials/`.
pub(super) fn keep(run: &Run, credentials: bool, secrets: &str) {
    if let Some(directory) = std::env::var_os("JITPASS_TEST_RECORD").map(PathBuf::from) {
        static NUMBER: AtomicUsize = AtomicUsize::new(1);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let apart = directory.join("credentials");
        fs::create_dir_all(&apart).expect("the record can be written");
        // A line with a token as an argument is the test's doing.
        let line = if secret_in(&run.line).is_some() { run.plain.show(&run.line) } else { run.line.clone() };
        let open = if credentials { "" } else { &run.stdout };
        let said = if credentials { without_masks(&run.stderr) } else { run.stderr.clone() };
        let text = format!("$ {line}\n{}\n--- stdout\n{open}\n--- stderr\n{said}", run.status);
        fs::write(directory.join(format!("{number:04}.txt")), text).expect("the record can be written");
        let closed = [secrets, if credentials { &run.stdout } else { "" }].join("\n");
        if !closed.trim().is_empty() {
            fs::write(apart.join(format!("{number:04}.txt")), closed).expect("the record can be written");
        }
    }
}

/// What GitHub's runner shows of a stderr: the lines that tell it what to hide are commands to it, and are not shown.
fn without_masks(stderr: &str) -> String {
    stderr.split_inclusive('\n').filter(|line| !line.starts_with("::add-mask::")).collect()
}
