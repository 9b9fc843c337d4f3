//! Programs from elsewhere that some tests need.

use std::io::Write as _;
use std::path::{Path, PathBuf};

/// Where `tests/run` puts what it installs.
fn installed() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("target/test-tools")
}

/// A program or directory that a test needs: `aws`, `python`, `moto`, `xonsh`, `nu`, `node-dir`, or the name of a program on PATH.
///
/// Where it is missing the test says so and returns; under `tests/run`, which skips nothing, it fails.
#[track_caller]
pub(crate) fn tool(name: &str) -> Option<PathBuf> {
    let (variable, place) = match name {
        "aws" => ("JITPASS_TEST_AWS", "venv/bin/aws"),
        "python" => ("JITPASS_TEST_PYTHON", "venv/bin/python"),
        "moto" => ("JITPASS_TEST_MOTO", "venv/bin/moto_server"),
        "xonsh" => ("JITPASS_TEST_XONSH", "venv/bin/xonsh"),
        "nu" => ("JITPASS_TEST_NU", "node/nu"),
        "node-dir" => ("JITPASS_TEST_NODE_DIR", "node"),
        _ => ("PATH", ""),
    };
    let found = if variable == "PATH" {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).map(|directory| directory.join(name)).find(|file| file.is_file())
    } else {
        let given = std::env::var_os(variable).map(PathBuf::from);
        given.or_else(|| Some(installed().join(place))).filter(|path| path.exists())
    };
    if found.is_none() {
        skip(&format!("{name} is missing (tests/run installs it)"));
    }
    found
}

/// Says why a test does nothing; under `tests/run` that is a failure.
#[track_caller]
pub(crate) fn skip(reason: &str) {
    let test = std::thread::current().name().unwrap_or("test").to_owned();
    assert!(std::env::var_os("JITPASS_TESTS_SKIP_NOTHING").is_none(), "{test}: {reason}");
    // Past the capture of the test runner, so that it is seen although the test passes.
    writeln!(std::io::stderr(), "skipped: {test}: {reason}").ok();
}
