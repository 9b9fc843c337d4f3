//! `jitpass aws`: the credential process.

mod answers;
mod refusals;

use crate::harness::{Call, Sandbox};

/// `jitpass aws` with the token of one of the portal's users in the environment.
fn aws(sandbox: &Sandbox, user: &str, args: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["aws", "--host", &url]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", url)
}
