//! `jitpass sync`.

mod choice;
mod drift;
mod guards;
mod runs;
mod several;
mod words;

use crate::harness::{Call, Sandbox};

/// `sync` as `user`, by `DUPLO_TOKEN`.
fn sync(sandbox: &Sandbox, user: &str, args: &[&str]) -> Call {
    let call = sandbox.jitpass(["sync"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", sandbox.url())
}

/// A home in which `user` has set up the portal as `acme`.
fn set_up(scenario: &str, user: &str) -> Sandbox {
    let sandbox = Sandbox::with(scenario);
    let call = sandbox.jitpass(["setup", "--host", &sandbox.url(), "--name", "acme", "--yes"]);
    call.env("DUPLO_TOKEN", sandbox.token(user)).env("DUPLO_HOST", sandbox.url()).run().success();
    sandbox
}

/// What `sync --json` says of its only portal.
#[track_caller]
fn report(sandbox: &Sandbox, user: &str, args: &[&str]) -> serde_json::Value {
    let run = sync(sandbox, user, &[&["--json", "--yes"], args].concat()).run();
    let report: serde_json::Value = serde_json::from_str(&run.stdout).expect("one JSON document");
    report["portals"][0].clone()
}
