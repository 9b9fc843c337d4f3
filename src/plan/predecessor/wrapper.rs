//! What stands around a tool on a command line: variables set for it, programs that start it, a `jq` behind it.

use crate::base::text;
use crate::plan::predecessor::script::{self, Arg, Step, Unknown, Variables, Word};
use crate::plan::predecessor::{Dropped, Obstacle, Tool};

/// A tool that is started.
#[derive(Default)]
pub(super) struct Started {
    /// Which one; `None` until it is found.
    pub(super) tool: Option<Tool>,
    /// Its arguments.
    pub(super) args: Vec<Arg>,
    /// The variables set for it alone.
    pub(super) variables: Variables,
    /// What is lost of the line around it.
    pub(super) dropped: Vec<Dropped>,
}

/// Scripts within scripts that are followed. More than one is odd already.
const DEPTH: usize = 4;

/// Finds the tool in the value of a `credential_process`; `None` where there is none.
pub(super) fn follow(value: &str) -> Result<Option<Started>, Obstacle> {
    let steps = script::steps(value).map_err(Obstacle::Readers)?;
    let mut started = Started::default();
    // One pair of quotes round it all: most readers would look for a program of that whole name.
    if let [Step { words, .. }] = steps.as_slice()
        && let [word] = words.as_slice()
        && word.filled(&Variables::new()).text.contains(' ')
    {
        let inner = word.filled(&Variables::new()).text;
        let steps = script::steps(&inner).map_err(Obstacle::Readers)?;
        follow_steps(&steps, &mut started, 1)?;
    } else {
        follow_steps(&steps, &mut started, 0)?;
    }
    Ok(started.tool.is_some().then_some(started))
}

/// The same for a program and its arguments that no shell has seen.
pub(super) fn follow_words(words: &[String]) -> Result<Option<Started>, Obstacle> {
    let mut started = Started::default();
    let step = Step { words: words.iter().map(Word::of).collect(), ..Step::default() };
    follow_steps(&[step], &mut started, 0)?;
    Ok(started.tool.is_some().then_some(started))
}

fn follow_steps(steps: &[Step], started: &mut Started, depth: usize) -> Result<(), Obstacle> {
    if depth > DEPTH {
        return Err(Obstacle::Wrapped);
    }
    let mut steps = steps.iter();
    while let Some(step) = steps.next() {
        if started.tool.is_some() {
            return Err(more(step, started));
        }
        if sets_variables(step, started) {
            continue;
        }
        if step.redirects {
            return Err(more(step, started));
        }
        let words: Vec<Arg> = step.words.iter().map(|word| word.filled(&started.variables)).collect();
        peel(words, started, depth)?;
        if started.tool.is_none() {
            return Err(Obstacle::Wrapped);
        }
        if step.then == "|" {
            match steps.next() {
                Some(filter) if is_reshaping(filter, started) => started.dropped.push(Dropped::Reshaping),
                Some(filter) => return Err(Obstacle::Piped(first_word(filter, started))),
                None => {}
            }
        } else if step.then == "&" {
            return Err(Obstacle::More("&".to_owned()));
        }
    }
    Ok(())
}

/// `A=b`, `export A=b`, and what does nothing that matters.
fn sets_variables(step: &Step, started: &mut Started) -> bool {
    let words: Vec<Arg> = step.words.iter().map(|word| word.filled(&started.variables)).collect();
    let rest = match words.first().map(|word| word.text.as_str()) {
        Some("export") => &words[1..],
        Some("set" | "unset" | "true" | ":") => return step.then != "|",
        _ => &words[..],
    };
    let set: Option<Vec<_>> = rest.iter().map(assignment).collect();
    match set {
        Some(set) if step.then != "|" => {
            started.variables.extend(set);
            true
        }
        _ => false,
    }
}

/// Peels off what starts the tool, until its name comes.
fn peel(mut words: Vec<Arg>, started: &mut Started, depth: usize) -> Result<(), Obstacle> {
    loop {
        while let Some((name, value)) = words.first().and_then(assignment) {
            started.variables.insert(name, value);
            words.remove(0);
        }
        let Some(program) = words.first() else { return Ok(()) };
        // `$HOME/bin/duplo-jit`: of the program the last part is enough.
        if let Some(tool) = Tool::of_program(&program.text) {
            started.tool = Some(tool);
            started.args = words.split_off(1);
            return Ok(());
        }
        let name = program.text.rsplit(['/', '\\']).next().unwrap_or_default().to_ascii_lowercase();
        let name = name.strip_suffix(".exe").unwrap_or(&name).to_owned();
        words.remove(0);
        match name.as_str() {
            "env" => skip_flags(&mut words, &["-u", "--unset", "-C", "--chdir"]),
            "command" | "exec" | "nohup" | "winpty" => skip_flags(&mut words, &[]),
            "nice" => skip_flags(&mut words, &["-n"]),
            "timeout" | "gtimeout" => {
                skip_flags(&mut words, &["-s", "-k", "--signal", "--kill-after"]);
                words.drain(..words.len().min(1));
            }
            "uvx" => skip_flags(&mut words, UVX),
            "uv" if starts(&words, &["tool", "run"]) => {
                words.drain(..2);
                skip_flags(&mut words, UVX);
            }
            "uv" if starts(&words, &["run"]) => {
                words.remove(0);
                skip_flags(&mut words, UVX);
            }
            "pipx" if starts(&words, &["run"]) => {
                words.remove(0);
                skip_flags(&mut words, &["--spec", "--python", "--index-url", "-i", "--pip-args", "--with"]);
            }
            "sh" | "bash" | "zsh" | "dash" | "ksh" | "ash" => {
                let script = script_of(words)?;
                let steps = script::script(&script).map_err(Obstacle::Readers)?;
                return follow_steps(&steps, started, depth + 1);
            }
            "cmd" if words.first().is_some_and(|word| word.text.eq_ignore_ascii_case("/c")) => {
                words.remove(0);
                if let [line] = words.as_slice() {
                    let steps = script::steps(&line.text).map_err(Obstacle::Readers)?;
                    return follow_steps(&steps, started, depth + 1);
                }
            }
            "docker" | "podman" | "nerdctl" | "finch" => return Err(Obstacle::Container),
            _ => return Ok(()),
        }
    }
}

/// Flags of `uvx` that take a value.
const UVX: &[&str] =
    &["--from", "--with", "--python", "-p", "--index-url", "-i", "--index", "--extra-index-url"];

fn skip_flags(words: &mut Vec<Arg>, with_value: &[&str]) {
    while let Some(word) = words.first().filter(|word| word.text.starts_with('-')) {
        let (is_end, takes_next) = (word.text == "--", with_value.contains(&word.text.as_str()));
        words.remove(0);
        if takes_next && !words.is_empty() {
            words.remove(0);
        }
        if is_end {
            return;
        }
    }
}

/// The script of `sh -c script`, whatever other flags stand there.
fn script_of(words: Vec<Arg>) -> Result<String, Obstacle> {
    let mut words = words.into_iter();
    let mut is_next = false;
    while let Some(word) = words.next() {
        if is_next && !word.text.starts_with(['-', '+']) {
            // What follows is `$0`, `$1`, …: whoever uses them is not followed.
            return Ok(word.script);
        }
        let flags = word.text.strip_prefix(['-', '+']).ok_or(Obstacle::Wrapped)?;
        if !flags.starts_with('-') {
            is_next |= flags.contains('c');
            if flags.contains('o') || flags.contains('O') {
                words.next();
            }
        }
    }
    Err(Obstacle::Wrapped)
}

fn starts(words: &[Arg], with: &[&str]) -> bool {
    words.len() >= with.len() && words.iter().zip(with).all(|(word, with)| word.text == *with)
}

/// `NAME=value`, as a shell and `env` understand it.
fn assignment(word: &Arg) -> Option<(String, Arg)> {
    let (name, value) = word.text.split_once('=')?;
    let is_name = !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
    let script = word.script.split_once('=').map(|(_, value)| value.to_owned()).unwrap_or_default();
    is_name.then(|| (name.to_owned(), Arg { text: value.to_owned(), unknown: word.unknown.clone(), script }))
}

/// Whether a step is a `jq` that makes a credential of a credential.
fn is_reshaping(step: &Step, started: &Started) -> bool {
    let words: Vec<Arg> = step.words.iter().map(|word| word.filled(&started.variables)).collect();
    let is_jq = words.first().is_some_and(|word| {
        let name = word.text.rsplit(['/', '\\']).next().unwrap_or_default();
        matches!(name, "jq" | "jq.exe" | "gojq" | "jaq")
    });
    let filters: Vec<&Arg> = words.iter().skip(1).filter(|word| !word.text.starts_with('-')).collect();
    let [filter] = filters.as_slice() else { return false };
    let names_all =
        ["AccessKeyId", "SecretAccessKey", "SessionToken"].iter().all(|key| filter.text.contains(key));
    // `. + {Version: 1}` names none of them and keeps them all.
    let keeps_all = filter.text.trim() == "." || filter.text.trim_start().starts_with(". +");
    is_jq && !step.redirects && step.then != "|" && (names_all || keeps_all)
}

fn more(step: &Step, started: &Started) -> Obstacle {
    if step.redirects { Obstacle::More(">".to_owned()) } else { Obstacle::More(first_word(step, started)) }
}

/// The program of a step. Of an assignment only the name: its value may be a token.
fn first_word(step: &Step, started: &Started) -> String {
    let word = step.words.first().map(|word| word.filled(&started.variables)).unwrap_or_default();
    let name = word.text.split('=').next().unwrap_or_default();
    match word.unknown {
        Some(Unknown::Variable(_) | Unknown::Command) if name.is_empty() => "$".to_owned(),
        _ => text::one_line(name, 40),
    }
}
