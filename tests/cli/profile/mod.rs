//! `jitpass profile`.

mod add;
mod beside_sync;
mod doubts;
mod edit;
mod editor;
mod import;
mod list;
mod questions;
mod remove;
mod rename;
mod show;

use crate::harness::{Call, Sandbox};

const CREDENTIALS: &str = ".aws/credentials";
const SETTINGS: &str = ".config/jitpass/config.toml";
const MANAGED: &str = ".local/state/jitpass/managed.json";

/// Profiles of other tools, below those that `setup` wrote.
const FOREIGN: &str = "
[profile corp]
sso_session = corp
sso_account_id = 123456789012
sso_role_name = dev

[profile chain]
role_arn = arn:aws:iam::123456789012:role/x
source_profile = acme-dev01

[profile old]
credential_process = duplo-jit aws --host https://acme.duplocloud.net --token SIMTOKEN-example --tenant a
";

/// `jitpass profile …`.
fn profile(sandbox: &Sandbox, args: &[&str]) -> Call {
    sandbox.jitpass(["profile"]).args(args.iter().copied())
}

/// A sandbox that `setup` left, with profiles of other tools.
#[track_caller]
fn set_up(scenario: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let url = sandbox.url();
    let setup = ["setup", "--host", &url, "--name", "acme", "--all-tenants", "--yes", "--token-stdin"];
    sandbox.jitpass(setup).stdin(sandbox.token("admin")).run().success();
    let config = sandbox.read(".aws/config");
    sandbox.write(".aws/config", config + FOREIGN);
    sandbox
}

/// What is recorded of a profile of the shared config file.
fn record(sandbox: &Sandbox, name: &str) -> serde_json::Value {
    let managed: serde_json::Value = serde_json::from_str(&sandbox.read(MANAGED)).expect("it is JSON");
    managed["files"][sandbox.aws_config().display().to_string()][name].clone()
}
