//! What once went wrong. Each test is named after what people saw then, and says what they must see instead.

mod another_person;
mod changed_by_hand;
mod portal_trouble;
mod proof;
mod record;
mod recorded_failure;
mod region;
mod secrets;
mod settings_file;
mod sign_in;
mod worth_a_look;

use crate::harness::{Call, Sandbox};

/// `setup --yes` of the sandbox's portal, called `acme`, by an administrator whose token is in the environment.
fn setup(sandbox: &Sandbox, args: &[&str]) -> Call {
    let url = sandbox.url();
    let call = sandbox.jitpass(["setup", "--host", &url, "--name", "acme", "--yes"]).args(args);
    call.env("DUPLO_TOKEN", sandbox.token("admin")).env("DUPLO_HOST", url)
}

/// `login` with the token of a user on stdin.
fn login(sandbox: &Sandbox, user: &str) -> Call {
    sandbox.jitpass(["login", &sandbox.url(), "--token-stdin"]).stdin(sandbox.token(user))
}
