//! bash.

use super::{at_a_prompt, integration, person, the_day_of_a_person};

#[test]
fn the_day_of_a_person_in_bash() {
    let sandbox = person();
    let script = integration(&sandbox, "bash");
    let rc = sandbox.write("rc", format!("PS1='$ '\nunset HISTFILE\n. {script}\n")).display().to_string();
    let Some(tmux) = at_a_prompt(&sandbox, &["bash", "--noprofile", "--rcfile", &rc], &[]) else { return };
    the_day_of_a_person(&tmux, &["Tab", "Tab", "Tab"], |name| format!("echo \"[${name}]\""));
}
