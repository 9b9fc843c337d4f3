//! What may stand next on a command line.

use clap::{Arg, Command};

use super::line::{Line, repeats, takes_value};
use super::values::{self, Kind};
use crate::ops::completing::{self, Candidate};
use crate::ops::machine::Machine;

/// What the word may be. What does not begin like it is left out by the caller.
pub(super) fn offers(machine: &Machine, line: &Line<'_>, word: &str) -> Vec<Candidate> {
    if let Some(arg) = line.awaits {
        return values(machine, line, arg, "", word);
    }
    if !line.is_escaped
        && let Some(long) = word.strip_prefix("--")
    {
        return match long.split_once('=') {
            None => flags(line),
            Some((name, start)) => {
                let arg = line.flag(name).filter(|arg| takes_value(arg) && may_be_given(line, arg));
                arg.map_or_else(Vec::new, |arg| values(machine, line, arg, &format!("--{name}="), start))
            }
        };
    }
    if !line.is_escaped && word.starts_with('-') {
        let mut all = one_letter(line, word);
        all.extend(if word == "-" { flags(line) } else { Vec::new() });
        return all;
    }
    let mut all: Vec<Candidate> = line.subcommands().filter_map(subcommand).collect();
    match line.positional() {
        Some(arg) if conflicts(line, arg) => {}
        Some(arg) => {
            all.extend(values(machine, line, arg, "", word));
            // Files are the shell's to offer.
            return all;
        }
        None => {}
    }
    // Nothing but flags is left; below a word that is no command there is nothing.
    let is_lost = line.command().has_subcommands();
    if all.is_empty() && word.is_empty() && !is_lost && !line.is_escaped { flags(line) } else { all }
}

/// A command, unless it is hidden.
pub(super) fn subcommand(command: &Command) -> Option<Candidate> {
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    if command.is_hide_set() { None } else { Candidate::new(command.get_name(), first_line(&about)) }
}

/// The flags that may still be given.
pub(super) fn flags(line: &Line<'_>) -> Vec<Candidate> {
    let open = line.flags().filter(|arg| !arg.is_hide_set() && may_be_given(line, arg));
    let mut all: Vec<Candidate> =
        open.filter_map(|arg| Candidate::new(format!("--{}", arg.get_long()?), help_of(arg))).collect();
    all.extend(Candidate::new("--help", "Print help"));
    if line.command().get_version().is_some() {
        all.extend(Candidate::new("--version", "Print version"));
    }
    all
}

/// The flag of one letter that was typed, so that the shell goes on to the next word.
fn one_letter(line: &Line<'_>, word: &str) -> Vec<Candidate> {
    let is_it = |arg: &&Arg| {
        arg.get_short()
            .is_some_and(|short| word.strip_prefix('-').is_some_and(|typed| typed.chars().eq([short])))
    };
    let found = line.flags().filter(is_it).find(|arg| !arg.is_hide_set() && may_be_given(line, arg));
    found.and_then(|arg| Candidate::new(word, help_of(arg))).into_iter().collect()
}

/// The profiles with a part like the word, where a profile may stand.
pub(super) fn parts(machine: &Machine, line: &Line<'_>, word: &str) -> Vec<Candidate> {
    let is_flag = line.awaits.is_none() && !line.is_escaped && word.starts_with('-');
    let positional = || line.positional().filter(|arg| !is_flag && !conflicts(line, arg));
    let Some(arg) = line.awaits.or_else(positional) else { return Vec::new() };
    let kinds = Kind::of(&line.names(), arg).iter();
    let whose = kinds.filter_map(|kind| if let Kind::Profile(whose) = kind { Some(*whose) } else { None });
    let mut all: Vec<Candidate> =
        whose.flat_map(|whose| completing::profiles_by_part(machine, whose, word)).collect();
    all.retain(|one| !is_given(line, arg, one));
    all
}

/// The values of an argument, whole words: what stands before the value in the word comes first.
fn values(machine: &Machine, line: &Line<'_>, arg: &Arg, before: &str, start: &str) -> Vec<Candidate> {
    let possible = arg.get_possible_values();
    let named = possible.iter().filter(|value| !value.is_hide_set()).filter_map(|value| {
        let about = value.get_help().map(ToString::to_string).unwrap_or_default();
        Candidate::new(value.get_name(), first_line(&about))
    });
    let mut all: Vec<Candidate> = named.collect();
    // Of several values in one word the last is asked for.
    let (listed, start) = match arg.get_value_delimiter().and_then(|d| Some((d, start.rsplit_once(d)?.1))) {
        Some((_, last)) => (&start[..start.len() - last.len()], last),
        None => ("", start),
    };
    for kind in Kind::of(&line.names(), arg) {
        all.extend(values::of_kind(machine, line, *kind, start));
    }
    // What was given already is not given again.
    all.retain(|one| !is_given(line, arg, one));
    if before.is_empty() && listed.is_empty() {
        return all;
    }
    let whole = |one: Candidate| Candidate { value: format!("{before}{listed}{}", one.value), ..one };
    all.into_iter().map(whole).collect()
}

/// Whether this value was given for the argument already.
fn is_given(line: &Line<'_>, arg: &Arg, one: &Candidate) -> bool {
    line.given.iter().any(|(other, value)| other.get_id() == arg.get_id() && *value == Some(&one.value))
}

/// Whether a flag may still be given: not twice where once is all, and not beside what it conflicts with.
fn may_be_given(line: &Line<'_>, arg: &Arg) -> bool {
    let is_given = line.given.iter().any(|(given, _)| given.get_id() == arg.get_id());
    (!is_given || repeats(arg)) && !conflicts(line, arg)
}

/// Whether clap refuses an argument beside one that was given: either names the other, or a group takes one of them.
fn conflicts(line: &Line<'_>, arg: &Arg) -> bool {
    let command = line.command();
    let others = || line.given.iter().map(|(given, _)| *given).filter(|given| given.get_id() != arg.get_id());
    if others().next().is_none() {
        return false;
    }
    let names = |one: &Arg, other: &Arg| {
        !one.is_global_set()
            && command.get_arg_conflicts_with(one).iter().any(|found| found.get_id() == other.get_id())
    };
    if others().any(|given| names(given, arg) || names(arg, given)) {
        return true;
    }
    // What groups an argument is in, only a built command says.
    let mut built = command.clone();
    built.build();
    let exclusive = built.get_groups().filter(|group| !(*group).clone().is_multiple());
    exclusive.map(|group| group.get_args().collect::<Vec<_>>()).any(|members| {
        members.contains(&arg.get_id()) && others().any(|given| members.contains(&given.get_id()))
    })
}

fn help_of(arg: &Arg) -> String {
    let help = arg.get_help().map(ToString::to_string).unwrap_or_default();
    first_line(&help).to_owned()
}

fn first_line(help: &str) -> &str {
    help.lines().next().unwrap_or_default()
}
