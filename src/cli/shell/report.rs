//! What installing the integration says.

use crate::base::text;
use crate::cli::say::{self, NAME, styled};
use crate::ops::machine::Machine;
use crate::ops::shell::install::Installing;
use crate::ops::shell::present_shell;
use crate::shell::Shell;

/// What there is to know before the question: our scripts, what a person wrote, what is left as it is.
pub(in crate::cli) fn before(machine: &Machine, installing: &Installing) {
    for script in installing.pending() {
        let what = if script.is_new() { "new" } else { "replaced by this version's" };
        say::note(format_args!(
            "{}: jitpass's own script for {}, {what}",
            machine.shown(&script.path),
            script.shell
        ));
    }
    if !installing.change.is_empty() {
        already(machine, installing);
    }
    for (shell, one) in &installing.by_hand {
        let place = format!("{}:{}", machine.shown(&one.path), one.line);
        let name = one.name;
        if one.wins {
            say::careful(format_args!(
                "{place} has a `{name}` of your own below the block: {shell} goes on using that one until you remove it"
            ));
        } else {
            say::careful(format_args!(
                "{place} has a `{name}` of your own; jitpass's takes its place in {shell}, and yours can be removed"
            ));
        }
    }
    installing.notes.iter().for_each(say::careful);
}

/// It is written.
pub(in crate::cli) fn written(machine: &Machine, installing: &Installing) {
    let files: Vec<String> = installing.change.files().map(|plan| machine.shown(&plan.file.path)).collect();
    say::done(format_args!("{} written", text::list(&files, 6).replace('`', "")));
    next(machine, installing);
}

/// Only the scripts were of another version.
pub(super) fn renewed(machine: &Machine, installing: &Installing) {
    let shells: Vec<&str> = installing.shells.iter().map(|shell| shell.name()).collect();
    say::done(format_args!("the scripts are those of this version now: {}", shells.join(", ")));
    next(machine, installing);
}

/// Where nothing has to be done.
pub(super) fn already(machine: &Machine, installing: &Installing) {
    for (shell, path) in &installing.already {
        say::done(format_args!("{shell}: it is in {} already", machine.shown(path)));
    }
}

/// What to do now.
fn next(machine: &Machine, installing: &Installing) {
    if installing.shells.is_empty() {
        return;
    }
    say::line("");
    match present_shell(machine, &installing.shells) {
        // PowerShell has no `exec`.
        None | Some(Shell::PowerShell) => say::line("Open a new terminal. There you have:"),
        Some(shell) => {
            say::line("Open a new terminal, or begin anew in this one:");
            say::command(format_args!("exec {}", shell.programs()[0]));
            say::line("There you have:");
        }
    }
    let (now, use_) = (styled(NAME, "jitnow"), styled(NAME, "jituse"));
    say::line(format_args!("    {now}  puts a link to the AWS console on the clipboard"));
    say::line(format_args!("    {use_}  sets AWS_PROFILE in this shell"));
}
