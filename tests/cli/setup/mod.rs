//! `jitpass setup` without a terminal.

mod choices;
mod conflicts;
mod faults;
mod refusals;
mod runs;

use crate::harness::{Call, Sandbox};

/// `setup` against the sandbox's portal as `user`, by `DUPLO_TOKEN`; the portal is called `acme`.
fn setup(sandbox: &Sandbox, user: &str, args: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["setup", "--host", &url, "--name", "acme"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}
