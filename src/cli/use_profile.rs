//! `jitpass use`: what the shell function `jituse` asks.
//!
//! Questions and messages go to stderr. On stdout are lines for the shell, `NAME=VALUE` to set and export a variable,
//! `NAME` alone to take it away; which names there are, [`crate::ops::using`] says.

use std::process::ExitCode;

use clap::Args;

use super::say::{self, FAINT, NAME, styled};
use super::{Outcome, ask};
use crate::base::{Region, text};
use crate::host::terminal;
use crate::ops::console::read_region;
use crate::ops::failure::{Failure, FailureKind};
use crate::ops::machine::Machine;
use crate::ops::profile::variables;
use crate::ops::status::ReadArguments;
use crate::ops::token;
use crate::ops::using::{Candidate, Candidates, Change, Found, Line, Wish, current, find, previous};
use crate::plan::Variables;
use crate::shell::{Shell, literal};

/// Use an AWS profile in this shell
///
/// Sets AWS_PROFILE, and clears the variables that would beat it. A part of the name is enough where it is clear;
/// without a name you choose from a list, most used first.
#[derive(Debug, Args)]
#[command(override_usage = "jituse [PROFILE] [--region REGION]\n       jituse -\n       jituse --clear")]
pub(super) struct UseArgs {
    /// The profile, or a part of its name; `-` for the one before
    #[arg(value_name = "PROFILE", allow_hyphen_values = true)]
    name: Option<String>,

    /// Use none
    #[arg(long, conflicts_with_all = ["name", "region"])]
    clear: bool,

    /// Use this region too, in place of the profile's own
    #[arg(long, short, value_name = "REGION")]
    region: Option<String>,

    /// Print commands of tcsh, on one line
    #[arg(long, hide = true)]
    tcsh: bool,
}

pub(super) fn run(machine: &Machine, args: &UseArgs) -> Outcome {
    if terminal::stdout_is_terminal() {
        return Err(Failure::misuse("this tells a shell what to do, and cannot do it itself")
            .hint("type `jituse`, which `jitpass shell install` gives your shell"));
    }
    let region = args.region.as_deref().map(read_region).transpose()?;
    let mut variables = variables(machine);
    for name in machine.env.starting_with("JITUSE_") {
        variables.extend(machine.env.text(&name).map(|value| (name.clone(), value)));
    }
    if args.clear {
        let change = Change::new(&variables, Wish { profile: None, region: None });
        print(args, &change)?;
        say::done("no profile is in use");
        say_regions(&change, None);
        return Ok(ExitCode::SUCCESS);
    }
    let candidates = Candidates::read(machine)?;
    let reader = super::aws::reader();
    let shelf = Shelf { machine, candidates: &candidates, names: candidates.names(machine), reader: &reader };
    let profile = chosen(args, region.as_ref(), &variables, &shelf)?;
    let change = Change::new(&variables, Wish { profile: Some(&profile.name), region: region.as_ref() });
    print(args, &change)?;
    tell(machine, &profile, &change, region.as_ref());
    machine.count_use(&profile.name);
    Ok(ExitCode::SUCCESS)
}

/// What there is to choose from.
struct Shelf<'a> {
    machine: &'a Machine,
    candidates: &'a Candidates,
    names: Vec<&'a str>,
    reader: ReadArguments<'a>,
}

impl Shelf<'_> {
    fn get(&self, name: &str) -> Option<Candidate> {
        let is_there = self.names.contains(&name);
        is_there.then(|| self.candidates.of(self.machine, name, self.reader))
    }
}

/// The profile that is meant.
fn chosen(
    args: &UseArgs,
    region: Option<&Region>,
    variables: &Variables,
    shelf: &Shelf<'_>,
) -> Result<Candidate, Failure> {
    let in_use = current(variables);
    match args.name.as_deref() {
        None => match in_use.filter(|_| region.is_some()).and_then(|name| shelf.get(name)) {
            Some(in_use) => Ok(in_use),
            None => choose("Use:", in_use, shelf, &shelf.names),
        },
        Some("-") => {
            let before = previous(variables).ok_or_else(|| match in_use {
                None => Failure::misuse("no profile was in use before").hint("name one: jituse NAME"),
                Some(name) => {
                    let name = text::one_line(name, 80);
                    Failure::misuse(format!("before `{name}` no profile was in use"))
                        .hint("for none: jituse --clear; for another: jituse NAME")
                }
            })?;
            shelf.get(before).ok_or_else(|| {
                Failure::new(format!("there is no profile `{}` any more", text::one_line(before, 80)))
                    .hint("`jituse` lists them")
            })
        }
        Some(typed) => {
            let shown = text::one_line(typed, 80);
            let nothing =
                || Failure::misuse(format!("there is no profile like `{shown}`")).hint("`jituse` lists them");
            match find(typed, &shelf.names) {
                Found::One(name) => shelf.get(name).ok_or_else(nothing),
                Found::Several(names) => choose(&which_one(typed), in_use, shelf, &names),
                Found::Like(names) => instead(typed, in_use, shelf, &names),
                Found::Nothing => Err(nothing()),
            }
        }
    }
}

fn which_one(typed: &str) -> String {
    format!("{}: which one?", text::one_line(typed, 40))
}

/// What was meant by a slip of the fingers is asked, and never taken: it may lead to production.
fn instead(
    typed: &str,
    in_use: Option<&str>,
    shelf: &Shelf<'_>,
    names: &[&str],
) -> Result<Candidate, Failure> {
    let shown = text::one_line(typed, 80);
    if !terminal::can_ask() {
        return Err(Failure::misuse(format!("there is no profile like `{shown}`"))
            .hint(format!("did you mean {}?", or(names))));
    }
    say::note(format_args!("there is no profile like `{shown}`"));
    let [name] = names else { return choose(&which_one(typed), in_use, shelf, names) };
    let is_meant = ask::confirm(&format!("Use {}?", text::one_line(name, 80)), true).map_err(stopped)?;
    let meant = shelf.get(name).filter(|_| is_meant);
    meant.ok_or_else(|| Failure { kind: FailureKind::Stopped, ..Failure::new("nothing changed") })
}

/// `` `a` or `b` ``.
fn or(names: &[&str]) -> String {
    let names: Vec<String> =
        names.iter().take(4).map(|name| format!("`{}`", text::one_line(name, 80))).collect();
    names.join(" or ")
}

fn stopped(failure: Failure) -> Failure {
    match failure.kind {
        FailureKind::Stopped => Failure { message: "stopped; nothing changed".to_owned(), ..failure },
        _ => failure,
    }
}

/// Asks which of these, or says that nobody can be asked.
fn choose(
    question: &str,
    in_use: Option<&str>,
    shelf: &Shelf<'_>,
    names: &[&str],
) -> Result<Candidate, Failure> {
    if names.is_empty() {
        return Err(Failure::misuse("there are no profiles yet").hint("set some up: jitpass setup"));
    }
    if !terminal::can_ask() {
        return Err(Failure::misuse("several profiles may be meant, and there is no terminal to choose at")
            .hint(format!("name one of {}", text::list(names, 12))));
    }
    let mut all: Vec<Candidate> =
        names.iter().map(|name| shelf.candidates.of(shelf.machine, name, shelf.reader)).collect();
    let width = all.iter().map(|one| text::one_line(&one.name, 60).chars().count()).max().unwrap_or(0);
    let row = |one: &Candidate| {
        let region = text::one_line(one.region.as_deref().unwrap_or_default(), 24);
        let mark = if in_use == Some(one.name.as_str()) { "  (in use)" } else { "" };
        let name = text::one_line(&one.name, 60);
        let row = format!("{name:width$}  {region:16}  {}{mark}", left(one).trim_start_matches(", "));
        row.trim_end().to_owned()
    };
    let rows: Vec<String> = all.iter().map(row).collect();
    let at = ask::one(question, &rows, 0).map_err(stopped)?;
    Ok(all.swap_remove(at))
}

/// How long its credential lives: `, 42 min left`.
fn left(profile: &Candidate) -> String {
    match profile.issued.filter(|issued| issued.left > 0) {
        Some(issued) => format!(", {} left", text::duration(issued.left)),
        None => String::new(),
    }
}

/// Prints what the shell is to do.
fn print(args: &UseArgs, change: &Change) -> Result<(), Failure> {
    let line = |line: &Line| match (line, args.tcsh) {
        (Line::Set(name, value), false) => Ok(format!("{name}={value}\n")),
        (Line::Unset(name), false) => Ok(format!("{name}\n")),
        (Line::Set(_, value), true) if is_lost_on_tcsh(value) => Err(Failure::new(format!(
            "tcsh changes `{}` when a command prints it",
            text::one_line(value, 60)
        ))
        .hint("type it yourself, in quotes: setenv AWS_PROFILE '...'")),
        (Line::Set(name, value), true) => literal(Shell::Tcsh, value)
            .map(|value| format!("setenv {name} {value};"))
            .map_err(|e| Failure::of(&e)),
        (Line::Unset(name), true) => Ok(format!("unsetenv {name};")),
    };
    let lines: Result<Vec<String>, Failure> = change.lines.iter().map(line).collect();
    let mut lines = lines?.join(if args.tcsh { " " } else { "" });
    if args.tcsh {
        lines.push('\n');
    }
    say::data(&lines).map_err(|e| Failure::new("the shell cannot be told").because(&e))
}

/// Whether tcsh would make something else of it: in what a command prints it looks for patterns, braces and home
/// directories even within quotes, and makes one of several blanks.
fn is_lost_on_tcsh(value: &str) -> bool {
    value.contains(['{', '}', '*', '?', '[', ']', '~']) || value.contains("  ") || value.trim() != value
}

/// Says what is in use now, what had to go for it, and what beats it all the same.
fn tell(machine: &Machine, profile: &Candidate, change: &Change, region: Option<&Region>) {
    if !change.cleared.is_empty() {
        let them = if change.cleared.len() == 1 { "it beats" } else { "they beat" };
        let names = text::list(&change.cleared, change.cleared.len());
        say::note(format_args!("cleared {names} in this shell only, because {them} a profile"));
    }
    let own = profile.region.as_deref().map(|region| text::one_line(region, 40));
    let region = region.map(ToString::to_string).or(own.clone());
    let region = region.map(|region| format!(" ({region})")).unwrap_or_default();
    let name = styled(NAME, text::one_line(&profile.name, 100));
    say::done(format_args!("{name}{region}{}", standing(machine, profile)));
    if let Some(wrong) = &profile.wrong {
        say::careful(format_args!("{wrong}: this profile will give no credentials"));
    }
    say_regions(change, own.as_deref());
}

/// Says which regions of somebody else's count before the profile's own, and which were replaced.
fn say_regions(change: &Change, own: Option<&str>) {
    for (name, value) in &change.foreign_regions {
        let again = if change.restored_regions.contains(name) { " again" } else { "" };
        let is = format!("{name} is {}{again}", text::one_line(value, 40));
        if own.is_some_and(|own| own != value) {
            say::careful(format_args!(
                "{is}, and beats the profile's region; jituse did not set it, and leaves it ({})",
                styled(FAINT, "--region replaces it"),
            ));
        } else if !again.is_empty() {
            say::note(is);
        }
    }
    if !change.replaced_regions.is_empty() {
        let were = change.replaced_regions.iter();
        let were: Vec<String> =
            were.map(|(name, value)| format!("{name} was {}", text::one_line(value, 40))).collect();
        say::note(format_args!(
            "{}; the next jituse without --region puts that back, and so does --clear",
            were.join(", and ")
        ));
    }
}

/// `, 42 min left`; where there is no credential yet, whether somebody must sign in.
fn standing(machine: &Machine, profile: &Candidate) -> String {
    let left = left(profile);
    let Some(request) = profile.request.as_ref().filter(|_| left.is_empty()) else { return left };
    let is_explicit = token::explicit(machine, &request.portal, request.token.clone()).0.is_some();
    let kept = machine.tokens().and_then(|tokens| tokens.kept(&request.portal));
    let has_command = matches!(
        machine.settings_of(&request.portal),
        Ok(Some(settings)) if settings.token_command.is_some()
    );
    if is_explicit || has_command || kept.is_some_and(|kept| kept.lies.is_some()) {
        String::new()
    } else {
        ", signs in at first use".to_owned()
    }
}
