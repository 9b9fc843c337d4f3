//! zsh.

use super::{at_a_prompt, integration, person, the_day_of_a_person};

#[test]
fn the_day_of_a_person_in_zsh() {
    let sandbox = person();
    let script = integration(&sandbox, "zsh");
    sandbox.write(".zshrc", format!("PS1='$ '\nautoload -Uz compinit\ncompinit -u -D\n. {script}\n"));
    let home = sandbox.home().display().to_string();
    let Some(tmux) = at_a_prompt(&sandbox, &["zsh", "--no-globalrcs"], &[("ZDOTDIR", &home)]) else { return };
    the_day_of_a_person(&tmux, &["Tab", "Tab"], |name| format!("echo \"[${name}]\""));
}

/// A start-up file may load the integration before the completion system.
#[test]
fn before_the_completion_system() {
    let sandbox = person();
    let script = integration(&sandbox, "zsh");
    sandbox.write(".zshrc", format!("PS1='$ '\n. {script}\nautoload -Uz compinit\ncompinit -u -D\n"));
    let home = sandbox.home().display().to_string();
    let Some(tmux) = at_a_prompt(&sandbox, &["zsh", "--no-globalrcs"], &[("ZDOTDIR", &home)]) else { return };
    tmux.types("jituse acme-a").presses(&["Tab"]).sees("jituse acme-admin");
}
