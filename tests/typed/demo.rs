//! The sandbox of `jitpass demo --shell`.

use super::at_a_prompt;
use crate::harness::Sandbox;

#[test]
fn its_shell_has_the_integration_and_ours_has_not() {
    let sandbox = Sandbox::new();
    sandbox.write(".bashrc", "# mine\n");
    let variables = [("SHELL", "/bin/bash"), ("PS1", "$ ")];
    let Some(tmux) = at_a_prompt(&sandbox, &["sh"], &variables) else { return };
    tmux.runs("jitpass demo --shell").sees("leave   exit");
    tmux.runs("jituse acme-dev01; echo \"[$AWS_PROFILE]\"").sees("[acme-dev01]");
    tmux.runs("exit").sees("the portal is stopped");
    assert_eq!(sandbox.read(".bashrc"), "# mine\n");
}
