//! The shared config file is the person's: what `setup` does with odd ones.

mod bytes;
mod changes;
mod places;
mod rights;

use crate::harness::{Call, Sandbox};

const OLD: &str = "# mine\n[default]\nregion = eu-central-1\n";

/// `setup --yes` of one tenant.
fn setup(sandbox: &Sandbox) -> Call {
    with_token(sandbox, sandbox.jitpass(ARGS).args([sandbox.url()]))
}

const ARGS: [&str; 5] = ["setup", "--name=acme", "--no-admin", "--yes", "--host"];

fn with_token(sandbox: &Sandbox, call: Call) -> Call {
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", sandbox.url())
}
