//! `jitpass portal`, and `setup --from`.

mod edit;
mod editor;
mod export;
mod from;
mod help;
mod hostile;
mod list;
mod questions;
mod remove;
mod rename;

use crate::harness::{Call, Sandbox};

/// Settings of a person with two portals and comments.
const SETTINGS: &str = "# mine\n\n# work\n[portal.acme] # the first\nhost = \"https://acme.duplocloud.net\"\ntenants = [\n  \"dev*\", # ours\n]\nkeys = { output = \"json\" }\n\n# the other\n[portal.globex]\nhost = \"https://globex.duplocloud.net\"\nexclude = [\"*-tmp\"]\nregion = \"eu-west-1\"\n";

/// A sandbox with [`SETTINGS`] and no portal.
fn settled() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(".config/jitpass/config.toml", SETTINGS);
    sandbox
}

/// A sandbox whose portal is set up as `acme` by an administrator who is signed in.
fn set_up(scenario: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let call =
        sandbox.jitpass(["setup", "--host", &sandbox.url(), "--name", "acme", "--yes", "--token-stdin"]);
    call.stdin(sandbox.token("admin")).run().success();
    sandbox
}

fn portal(sandbox: &Sandbox, args: &[&str]) -> Call {
    sandbox.jitpass(["portal"]).args(args)
}

fn settings(sandbox: &Sandbox) -> String {
    sandbox.read(".config/jitpass/config.toml")
}
