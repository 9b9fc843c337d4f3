//! `jitpass complete`: what the completions of the shells ask.
//!
//! 1. `line` reads the words before the one that is asked for as clap would, as far as they go.
//! 2. `offer` says what may stand there: commands, flags, or values of a kind.
//! 3. `values` has the values of each kind, from files of this machine.
//!
//! The commands and flags are those of the tree that clap reads, so that there is nothing to keep alike. clap_complete's
//! engine is not used: it offers flags that cannot be given any more, and knows no conflicts.

mod line;
mod offer;
mod values;

use std::ffi::OsString;
use std::process::ExitCode;

use clap::{Args, Command, CommandFactory as _};

use super::{Cli, Outcome, console, say, use_profile};
use crate::ops::completing::{self, Candidate, Whose};
use crate::ops::machine::Machine;

/// Print what a word of a command line may be
#[derive(Debug, Args)]
pub(super) struct CompleteArgs {
    /// Which of the words, the command being number 0
    index: usize,

    /// The command line so far
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<OsString>,
}

/// Answers `complete INDEX -- WORD…` without clap; `None` for anything else.
pub(super) fn quick(args: &[OsString]) -> Option<ExitCode> {
    let [_, command, index, dashes, words @ ..] = args else { return None };
    if command != "complete" || dashes != "--" {
        return None;
    }
    let index = index.to_str()?.parse().ok()?;
    print(&Machine::real(), index, words);
    Some(ExitCode::SUCCESS)
}

#[expect(clippy::unnecessary_wraps, reason = "all commands end alike")]
pub(super) fn run(machine: &Machine, args: &CompleteArgs) -> Outcome {
    print(machine, args.index, &args.words);
    Ok(ExitCode::SUCCESS)
}

/// Prints a line for each candidate. There is nobody to tell of an error: the shell wants to show a person's next word.
fn print(machine: &Machine, index: usize, words: &[OsString]) {
    let words: Vec<String> = words.iter().map(|word| word.to_string_lossy().into_owned()).collect();
    let mut text = String::new();
    for Candidate { value, about } in candidates(machine, index, &words) {
        text.push_str(&value);
        if !about.is_empty() {
            text.push('\t');
            text.push_str(&about);
        }
        text.push('\n');
    }
    let _ = say::data(&text);
}

/// What the word of this number may be.
fn candidates(machine: &Machine, index: usize, words: &[String]) -> Vec<Candidate> {
    let before: Vec<&str> = words.iter().take(index).map(String::as_str).collect();
    let Some((program, before)) = before.split_first() else { return Vec::new() };
    let word = words.get(index).map_or("", String::as_str);
    // The functions of the shells stand for one command each: its part of the tree is enough.
    let root = match program_name(program) {
        "aws" => return of_aws(machine, before, word),
        "jitnow" => console::ConsoleArgs::augment_args(Command::new("console")),
        "jituse" => use_profile::UseArgs::augment_args(Command::new("use")),
        _ => Cli::command(),
    };
    let line = line::read(&root, before);
    let mut all = offer::offers(machine, &line, word);
    all.retain(|candidate| candidate.value.starts_with(word));
    // What `jituse` takes, TAB spells out.
    if all.is_empty() { offer::parts(machine, &line, word) } else { all }
}

/// The name of a program, however it is called.
fn program_name(path: &str) -> &str {
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    name.strip_suffix(".exe").unwrap_or(name)
}

/// For the AWS CLI: profiles, and nothing else.
fn of_aws(machine: &Machine, before: &[&str], word: &str) -> Vec<Candidate> {
    let (flag, start) = match word.strip_prefix("--profile=") {
        Some(start) => ("--profile=", start),
        None if before.last() == Some(&"--profile") => ("", word),
        None => return Vec::new(),
    };
    let mut all = completing::profiles(machine, Whose::Anybodys, start);
    if all.is_empty() {
        all = completing::profiles_by_part(machine, Whose::Anybodys, start);
    }
    all.into_iter().map(|one| Candidate { value: format!("{flag}{}", one.value), ..one }).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::error::ErrorKind;
    use clap::{Arg, Parser as _};

    use super::*;

    /// Every visible command, as words.
    fn commands(command: &Command, above: &[String]) -> Vec<Vec<String>> {
        let mut all = vec![above.to_vec()];
        for below in command.get_subcommands().filter(|below| !below.is_hide_set()) {
            all.extend(commands(below, &[above, &[below.get_name().to_owned()]].concat()));
        }
        all
    }

    fn visible<'a>(line: &line::Line<'a>) -> Vec<&'a Arg> {
        line.flags().filter(|arg| !arg.is_hide_set() && arg.get_long().is_some()).collect()
    }

    /// A flag as somebody gives it to a command, with a value that it takes if it needs one.
    fn given(words: &[&str], arg: &Arg) -> Vec<String> {
        let flag = format!("--{}", arg.get_long().unwrap());
        if !line::takes_value(arg) {
            return vec![flag];
        }
        let takes = |value: &&str| {
            let argv = [&["jitpass"], words, &[flag.as_str(), value]].concat();
            let error = Cli::try_parse_from(argv).err().map(|error| error.kind());
            !matches!(error, Some(ErrorKind::ValueValidation | ErrorKind::InvalidValue))
        };
        let value = ["1", "us-west-2", "https://a.net", "a=b", "bash", "new", "true"].into_iter().find(takes);
        let value = value.unwrap_or_else(|| panic!("no value for {words:?} {flag}"));
        vec![flag, value.to_owned()]
    }

    /// Every two flags of every command: one is offered beside the other exactly if clap takes both.
    #[test]
    fn flags_are_offered_as_clap_takes_them() {
        let flags_of_which_the_last_counts = ["--open", "--copy", "--print"];
        let root = Cli::command();
        let mut refused = 0;
        for words in commands(&root, &[]) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let flags: Vec<Vec<String>> =
                visible(&line::read(&root, &words)).into_iter().map(|arg| given(&words, arg)).collect();
            let typed = |flag: &'_ Vec<String>| -> Vec<String> {
                words.iter().map(ToString::to_string).chain(flag.iter().cloned()).collect()
            };
            let is_offered = |flag: &Vec<String>, beside: &Vec<String>| {
                let typed = typed(beside);
                let typed: Vec<&str> = typed.iter().map(String::as_str).collect();
                offer::flags(&line::read(&root, &typed)).iter().any(|one| one.value == flag[0])
            };
            for (at, first) in flags.iter().enumerate() {
                for second in &flags[at..] {
                    let argv = [vec!["jitpass".to_owned()], typed(first), second.clone()].concat();
                    let error = Cli::try_parse_from(&argv).err().map(|error| error.kind());
                    assert_ne!(error, Some(ErrorKind::UnknownArgument), "{argv:?}");
                    let is_taken = error != Some(ErrorKind::ArgumentConflict);
                    // Of `--open` the last counts, which `jitnow` needs: twice is taken, and of no use.
                    if first == second && is_taken && flags_of_which_the_last_counts.contains(&&*first[0]) {
                        continue;
                    }
                    assert_eq!(is_offered(second, first), is_taken, "{argv:?}: {error:?}");
                    assert_eq!(
                        is_offered(first, second),
                        is_taken,
                        "{argv:?}, the other way round: {error:?}"
                    );
                    refused += usize::from(!is_taken);
                }
            }
        }
        assert!(refused > 50, "{refused}");
    }

    /// A new kind of value is either completed or free text on purpose.
    #[test]
    fn every_value_is_of_a_kind_or_free() {
        const FREE: [&str; 15] = [
            "BROWSER",
            "DIRECTORY",
            "FILE",
            "KEY",
            "KEY=VALUE",
            "N",
            "NAME",
            "NEW",
            "PORT",
            "PORTAL",
            "TEMPLATE",
            "TOKEN",
            "URL",
            "WORDS",
            "NUMBER",
        ];
        let root = Cli::command();
        let mut free = BTreeSet::new();
        for words in commands(&root, &[]) {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            let line = line::read(&root, &words);
            let all =
                line.command().get_arguments().filter(|arg| line::takes_value(arg) && !arg.is_hide_set());
            for arg in all.filter(|arg| values::Kind::of(&line.names(), arg).is_empty()) {
                free.insert(values::name_of(arg));
            }
        }
        let unknown: Vec<_> = free.iter().filter(|name| !FREE.contains(&name.as_str())).collect();
        assert!(unknown.is_empty(), "{unknown:?}: complete them, or add them");
    }
}
