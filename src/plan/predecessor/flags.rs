//! The arguments of a tool, by its own rules: what they say, literally.
//!
//! * Go's `flag`: `-x`, `--x`, `-x=v`, `--x v`; of a switch only `--b` and `--b=true`; the first word that is no flag
//!   ends it all.
//! * Python's `argparse`: unambiguous prefixes, `--x=v`, `-Xv`, `-X=v`, flags before and after the task.

use crate::base::text;
use crate::plan::predecessor::script::Arg;
use crate::plan::predecessor::{Obstacle, Tool};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    Host,
    ApiHost,
    Token,
    Tenant,
    TenantId,
    Admin,
    DuploOps,
    Interactive,
    NoCache,
    Port,
    Region,
    Context,
    ConfigFile,
    HomeDir,
    Browser,
    Output,
    Query,
    /// What only prints, waits, or keeps things elsewhere.
    Switch,
    Value,
    Version,
}

/// Names, `-X` form, and what it is. Two names of one key are one flag.
type Flag = (&'static str, Key);

const GO: &[Flag] = &[
    ("host", Key::Host),
    ("token", Key::Token),
    ("admin", Key::Admin),
    ("duplo-ops", Key::DuploOps),
    ("tenant", Key::Tenant),
    ("debug", Key::Switch),
    ("no-cache", Key::NoCache),
    ("interactive", Key::Interactive),
    ("version", Key::Version),
];

/// What `duplo-jit` has got since it parted from its forerunner.
const NEWER_GO: &[Flag] = &[("api-host", Key::ApiHost), ("port", Key::Port)];

const JITPASS: &[Flag] = &[
    ("host", Key::Host),
    ("api-host", Key::ApiHost),
    ("token", Key::Token),
    ("admin", Key::Admin),
    ("duplo-ops", Key::DuploOps),
    ("tenant", Key::Tenant),
    ("interactive", Key::Interactive),
    ("no-cache", Key::NoCache),
    ("port", Key::Port),
    ("region", Key::Region),
    ("debug", Key::Switch),
];

const DUPLOCTL: &[Flag] = &[
    ("host", Key::Host),
    ("H", Key::Host),
    ("token", Key::Token),
    ("t", Key::Token),
    ("tenant", Key::Tenant),
    ("T", Key::Tenant),
    ("tenantid", Key::TenantId),
    ("tenant-id", Key::TenantId),
    ("tid", Key::TenantId),
    ("interactive", Key::Interactive),
    ("I", Key::Interactive),
    ("admin", Key::Admin),
    ("isadmin", Key::Admin),
    ("no-cache", Key::NoCache),
    ("nocache", Key::NoCache),
    ("web-browser", Key::Browser),
    ("browser", Key::Browser),
    ("context", Key::Context),
    ("ctx", Key::Context),
    ("configfile", Key::ConfigFile),
    ("config-file", Key::ConfigFile),
    ("homedir", Key::HomeDir),
    ("home-dir", Key::HomeDir),
    ("cachedir", Key::Value),
    ("cache-dir", Key::Value),
    ("output", Key::Output),
    ("o", Key::Output),
    ("query", Key::Query),
    ("q", Key::Query),
    ("plan", Key::Value),
    ("P", Key::Value),
    ("log-level", Key::Value),
    ("loglevel", Key::Value),
    ("L", Key::Value),
    ("auth-cooldown", Key::Value),
    ("wait", Key::Switch),
    ("w", Key::Switch),
    ("wait-timeout", Key::Value),
    ("validate", Key::Switch),
    ("version", Key::Version),
];

impl Key {
    fn is_switch(self) -> bool {
        matches!(
            self,
            Self::Admin | Self::DuploOps | Self::Interactive | Self::NoCache | Self::Switch | Self::Version
        )
    }
}

/// A flag as it was read: as it is spelled, what it is, and its value; of a switch, whether it is on.
pub(super) struct Given {
    pub(super) name: String,
    pub(super) key: Key,
    pub(super) value: Arg,
    pub(super) is_on: bool,
}

#[derive(Default)]
pub(super) struct Parsed {
    pub(super) given: Vec<Given>,
    /// The words that are no flags.
    others: Vec<Arg>,
    /// Whether reading ended before the last word.
    pub(super) stops: bool,
}

/// Reads the arguments of a tool that is asked for AWS credentials.
pub(super) fn parse(tool: Tool, args: &[Arg]) -> Result<Parsed, Obstacle> {
    match tool {
        Tool::DuploJit => go(tool, task(tool, args)?, &[GO, NEWER_GO]),
        Tool::CredentialProcess => go(tool, args, &[GO]),
        Tool::Jitpass => argparse(tool, task(tool, args)?, JITPASS, false),
        Tool::Duploctl => {
            let parsed = argparse(tool, args, DUPLOCTL, true)?;
            check_task(&parsed.others)?;
            Ok(parsed)
        }
    }
}

/// The arguments after the task `aws`.
fn task(tool: Tool, args: &[Arg]) -> Result<&[Arg], Obstacle> {
    match args.split_first() {
        Some((task, rest)) if task.text == "aws" && task.unknown.is_none() => Ok(rest),
        Some((task, _)) if is_task(&task.text) => Err(Obstacle::OtherTask(format!("{tool} {}", task.text))),
        _ => Err(Obstacle::OtherTask(tool.to_string())),
    }
}

/// `jit aws`, and not another of duploctl's many tasks.
fn check_task(words: &[Arg]) -> Result<(), Obstacle> {
    let words: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    if words == ["jit", "aws"] {
        return Ok(());
    }
    let shown: Vec<&str> = words.iter().copied().take(2).take_while(|word| is_task(word)).collect();
    Err(if words.starts_with(&["jit", "aws"]) {
        Obstacle::refused(Tool::Duploctl, "there is a word too many")
    } else {
        Obstacle::OtherTask(format!("duploctl {}", shown.join(" ")).trim_end().to_owned())
    })
}

/// Whether a word can be the name of a task: a token is longer, and has other letters.
fn is_task(word: &str) -> bool {
    (1..=24).contains(&word.len())
        && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// As Go's `flag` reads.
fn go(tool: Tool, args: &[Arg], flags: &[&[Flag]]) -> Result<Parsed, Obstacle> {
    let mut parsed = Parsed::default();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let bare = arg.text.strip_prefix("--").or_else(|| arg.text.strip_prefix('-'));
        let Some(bare) = bare.filter(|bare| !bare.is_empty()) else {
            parsed.stops = rest.next().is_some() || arg.text != "--";
            break;
        };
        if bare.starts_with(['-', '=']) {
            return Err(Obstacle::refused(tool, "it has a malformed flag"));
        }
        let (name, value) = split(bare);
        let known = flags.iter().copied().flatten().find(|(known, _)| *known == name);
        let Some((_, key)) = known else { return Err(unknown(tool, &format!("-{name}"))) };
        let value =
            value.map(|value| Arg { text: value.to_owned(), unknown: arg.unknown.clone(), ..Arg::default() });
        parsed.given.push(if key.is_switch() {
            let is_on = match value.as_ref().map(|value| value.text.as_str()) {
                None | Some("1" | "t" | "T" | "true" | "TRUE" | "True") => true,
                Some("0" | "f" | "F" | "false" | "FALSE" | "False") => false,
                Some(_) => {
                    return Err(Obstacle::refused(tool, format!("`-{name}` is neither true nor false")));
                }
            };
            Given { name: format!("--{name}"), key: *key, value: Arg::default(), is_on }
        } else {
            let value =
                value.or_else(|| rest.next().cloned()).ok_or_else(|| lacks(tool, &format!("-{name}")))?;
            Given { name: format!("--{name}"), key: *key, value, is_on: true }
        });
    }
    Ok(parsed)
}

/// As Python's `argparse` reads; without `prefixes`, as clap does.
fn argparse(tool: Tool, args: &[Arg], flags: &[Flag], prefixes: bool) -> Result<Parsed, Obstacle> {
    let mut parsed = Parsed::default();
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        if arg.text == "--" {
            parsed.others.extend(rest.cloned());
            break;
        }
        if !arg.text.starts_with('-') || arg.text == "-" {
            parsed.others.push(arg.clone());
            continue;
        }
        // Joined switches, `-IT dev01`, are one after the other.
        let mut pending = Some(arg.text.clone());
        while let Some(word) = pending.take() {
            let (name, key, glued) = if let Some(bare) = word.strip_prefix("--") {
                let (name, value) = split(bare);
                (format!("--{name}"), long(tool, name, flags, prefixes)?, value.map(str::to_owned))
            } else {
                let letter: String = word.chars().skip(1).take(1).collect();
                let known = flags.iter().find(|(known, _)| *known == letter);
                let (_, key) = known.ok_or_else(|| unknown(tool, &format!("-{letter}")))?;
                let glued = word.get(1 + letter.len()..).filter(|glued| !glued.is_empty());
                (
                    format!("-{letter}"),
                    *key,
                    glued.map(|glued| glued.strip_prefix('=').unwrap_or(glued).to_owned()),
                )
            };
            let value = if key.is_switch() {
                match glued {
                    Some(_) if word.starts_with("--") => {
                        return Err(Obstacle::refused(tool, format!("`{name}` takes no value")));
                    }
                    Some(letters) => pending = Some(format!("-{letters}")),
                    None => {}
                }
                Arg::default()
            } else if let Some(glued) = glued {
                Arg { text: glued, unknown: arg.unknown.clone(), ..Arg::default() }
            } else {
                // What looks like a flag is one, and no value.
                let next = rest.next().filter(|next| !next.text.starts_with('-') || next.text == "-");
                next.cloned().ok_or_else(|| lacks(tool, &name))?
            };
            parsed.given.push(Given { name, key, value, is_on: true });
        }
    }
    Ok(parsed)
}

/// The flag of this name, or the only one whose name begins so.
fn long(tool: Tool, name: &str, flags: &[Flag], prefixes: bool) -> Result<Key, Obstacle> {
    let mut long = flags.iter().filter(|(known, _)| known.len() > 1);
    if let Some((_, key)) = long.clone().find(|(known, _)| *known == name) {
        return Ok(*key);
    }
    let shown = format!("--{name}");
    let Some((_, first)) = long.find(|(known, _)| prefixes && !name.is_empty() && known.starts_with(name))
    else {
        return Err(unknown(tool, &shown));
    };
    // Two spellings of one flag are no two flags; of `Value` there are several.
    let is_other = |(known, key): &&Flag| known.starts_with(name) && (key != first || *key == Key::Value);
    match long.find(is_other) {
        None => Ok(*first),
        Some(_) => {
            Err(Obstacle::refused(tool, format!("`{}` may be several flags", text::one_line(&shown, 40))))
        }
    }
}

fn split(bare: &str) -> (&str, Option<&str>) {
    match bare.split_once('=') {
        Some((name, value)) => (name, Some(value)),
        None => (bare, None),
    }
}

/// A flag nobody knows; one that is no name at all may be a token that begins with `-`, and is not repeated.
fn unknown(tool: Tool, flag: &str) -> Obstacle {
    let name = flag.trim_start_matches('-');
    let is_name = name.len() <= 24 && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
    let shown =
        if is_name { format!("there is no flag `{flag}`") } else { "it has an unknown flag".to_owned() };
    Obstacle::refused(tool, shown)
}

fn lacks(tool: Tool, flag: &str) -> Obstacle {
    Obstacle::refused(tool, format!("`{}` lacks its value", text::one_line(flag, 40)))
}
