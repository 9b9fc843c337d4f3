//! fish.

use super::{at_a_prompt, integration, person, the_day_of_a_person};

#[test]
fn the_day_of_a_person_in_fish() {
    let sandbox = person();
    let script = integration(&sandbox, "fish");
    let commands =
        "function fish_prompt; echo -n '$ '; end; set -g fish_greeting; set -g fish_autosuggestion_enabled 0";
    let start = format!("{commands}; source {script}");
    let Some(tmux) = at_a_prompt(&sandbox, &["fish", "--no-config", "-C", &start], &[]) else { return };
    the_day_of_a_person(&tmux, &["Tab"], |name| format!("echo \"[${name}]\""));
}
