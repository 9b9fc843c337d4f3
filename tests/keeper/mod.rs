//! The shared config file in bad weather: sixteen writers at once, programs that lock nothing, kills, the files of every
//! other tool, hundreds of profiles.

#![expect(clippy::unwrap_used, reason = "a test may fail wherever it likes")]

mod beside_aws;
mod killing;
mod once;
mod storm;
mod theirs;

use crate::harness::Sandbox;

/// A number that `tests/soak` raises.
fn number(variable: &str, usual: usize) -> usize {
    std::env::var(variable).ok().and_then(|text| text.parse().ok()).unwrap_or(usual)
}

/// Sets up the sandbox's portal as `acme` with all its tenants; its administrator is signed in from then on.
fn set_up(sandbox: &Sandbox) {
    let (url, token) = (sandbox.url(), sandbox.token("admin") + "\n");
    let args = ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--yes", "--token-stdin"];
    sandbox.jitpass(args).stdin(token).run().success();
}
