//! A command line so far: which command it is of, what was given, and what the next word is.

use clap::builder::ArgAction;
use clap::{Arg, Command};

/// A command line, read up to a word.
pub(super) struct Line<'a> {
    /// The commands from the program's own down to the one at work.
    pub(super) path: Vec<&'a Command>,
    /// The flags and values that were given.
    pub(super) given: Vec<(&'a Arg, Option<&'a str>)>,
    /// The flag whose value comes next.
    pub(super) awaits: Option<&'a Arg>,
    /// Whether `--` was said: nothing is a flag any more.
    pub(super) is_escaped: bool,
    /// How many values without flags were given.
    positionals: usize,
}

/// Reads the words after the program's name.
pub(super) fn read<'a>(root: &'a Command, words: &[&'a str]) -> Line<'a> {
    let mut line =
        Line { path: vec![root], given: Vec::new(), awaits: None, is_escaped: false, positionals: 0 };
    for word in words {
        line.take(word);
    }
    line
}

impl<'a> Line<'a> {
    /// The command at work.
    pub(super) fn command(&self) -> &'a Command {
        self.path.last().expect("the program's own is always there")
    }

    /// The names of the commands below the program's own.
    pub(super) fn names(&self) -> Vec<&'a str> {
        let skipped = usize::from(self.path.len() > 1);
        self.path.iter().skip(skipped).map(|command| command.get_name()).collect()
    }

    /// The flags that may stand here: the command's own, and those that mean the same everywhere.
    pub(super) fn flags(&self) -> impl Iterator<Item = &'a Arg> {
        let (command, above) = self.path.split_last().expect("the program's own is always there");
        let global =
            above.iter().flat_map(|command| command.get_arguments()).filter(|arg| arg.is_global_set());
        command.get_arguments().chain(global).filter(|arg| !arg.is_positional())
    }

    /// The flag of this name, without the dashes.
    pub(super) fn flag(&self, long: &str) -> Option<&'a Arg> {
        self.flags().find(|arg| arg.get_long_and_visible_aliases().is_some_and(|names| names.contains(&long)))
    }

    fn short(&self, short: char) -> Option<&'a Arg> {
        self.flags()
            .find(|arg| arg.get_short_and_visible_aliases().is_some_and(|names| names.contains(&short)))
    }

    /// The argument that a word without a flag is a value of; `None` where there are enough.
    pub(super) fn positional(&self) -> Option<&'a Arg> {
        let all: Vec<&Arg> = self.command().get_arguments().filter(|arg| arg.is_positional()).collect();
        all.get(self.positionals).or(all.last().filter(|last| repeats(last))).copied()
    }

    /// The commands below the one at work, as long as one may come.
    pub(super) fn subcommands(&self) -> impl Iterator<Item = &'a Command> {
        let command = (self.positionals == 0 && !self.is_escaped).then(|| self.command());
        command.into_iter().flat_map(Command::get_subcommands)
    }

    /// What was given for an argument of this name.
    pub(super) fn value_of(&self, id: &str) -> Option<&'a str> {
        self.given.iter().rev().find(|(arg, _)| arg.get_id() == id).and_then(|(_, value)| *value)
    }

    fn take(&mut self, word: &'a str) {
        if let Some(arg) = self.awaits.take() {
            let is_flag = word.starts_with('-') && may_lack_value(arg);
            if !is_flag {
                self.given.push((arg, Some(word)));
                return;
            }
        }
        match word.strip_prefix('-') {
            Some("-") if !self.is_escaped => self.is_escaped = true,
            Some(short) if !self.is_escaped && !short.is_empty() => match short.strip_prefix('-') {
                Some(long) => self.take_long(long),
                None => self.take_short(short),
            },
            _ => self.take_plain(word),
        }
    }

    fn take_long(&mut self, long: &'a str) {
        let (name, value) = long.split_once('=').map_or((long, None), |(name, value)| (name, Some(value)));
        let Some(arg) = self.flag(name) else { return };
        match value {
            None if takes_value(arg) => self.await_value(arg),
            value => self.given.push((arg, value)),
        }
    }

    /// `-y`, `-yc`, `-rus-west-2`, `-r=us-west-2`.
    fn take_short(&mut self, mut letters: &'a str) {
        while let Some(letter) = letters.chars().next() {
            letters = &letters[letter.len_utf8()..];
            let Some(arg) = self.short(letter) else { return };
            if !takes_value(arg) {
                self.given.push((arg, None));
            } else if letters.is_empty() {
                self.await_value(arg);
            } else {
                self.given.push((arg, Some(letters.strip_prefix('=').unwrap_or(letters))));
                return;
            }
        }
    }

    fn take_plain(&mut self, word: &'a str) {
        let named =
            |command: &&Command| command.get_name() == word || command.get_all_aliases().any(|a| a == word);
        let below = self.subcommands().find(named);
        if let Some(command) = below {
            self.path.push(command);
            return;
        }
        if let Some(arg) = self.positional() {
            self.given.push((arg, Some(word)));
        }
        self.positionals += 1;
    }

    fn await_value(&mut self, arg: &'a Arg) {
        self.awaits = Some(arg);
        if may_lack_value(arg) {
            self.given.push((arg, None));
        }
    }
}

/// Whether a flag has a value.
pub(super) fn takes_value(arg: &Arg) -> bool {
    arg.get_action().takes_values()
}

/// Whether a flag may stand without its value.
pub(super) fn may_lack_value(arg: &Arg) -> bool {
    arg.get_num_args().is_some_and(|range| range.min_values() == 0)
}

/// Whether an argument may be given again.
pub(super) fn repeats(arg: &Arg) -> bool {
    matches!(arg.get_action(), ArgAction::Append | ArgAction::Count)
        || arg.get_num_args().is_some_and(|range| range.max_values() > 1)
}
