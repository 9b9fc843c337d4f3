//! All that is known of one profile, line by line.

use std::collections::BTreeSet;

use crate::awsconfig::{Disagreement, Document, Section, SectionKind, command};
use crate::base::{PortalName, text};
use crate::ops::failure::Failure;
use crate::ops::issue::Request;
use crate::ops::machine::Machine;
use crate::ops::profile::{Known, Profiles, WrongCommand};
use crate::ops::status::Issued;
use crate::plan::{self, Rival, Source, Veiled};

/// One of the two shared files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum File {
    /// The config file.
    Config,
    /// The credentials file.
    Credentials,
}

/// A line of a profile's sections, its secrets hidden.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceLine {
    /// Where it stands.
    pub file: File,
    /// The 1-based line.
    pub line: usize,
    /// What it says.
    pub text: String,
}

/// All that is known of one profile.
#[derive(Debug)]
pub struct Shown {
    /// Its name.
    pub name: String,
    /// Every line of its sections, in both files.
    pub lines: Vec<SourceLine>,
    /// What it asks of jitpass; `None` for one that does not ask it.
    pub request: Option<Request>,
    /// The name of its portal in the settings.
    pub portal: Option<PortalName>,
    /// The portal for which `sync` keeps it.
    pub kept_for: Option<String>,
    /// The command it runs, the program first, its secrets hidden; `None` where there is none, or none that every
    /// reader splits alike.
    pub command: Option<Vec<String>>,
    /// Why the readers do not split it alike.
    pub command_trouble: Option<String>,
    /// Where most readers take its credentials from.
    pub source: Source,
    /// What readers take in place of jitpass.
    pub rivals: Vec<Rival>,
    /// Where the readers do not read its lines alike, and in which file.
    pub disagreements: Vec<(File, Disagreement)>,
    /// The credential that is cached for it.
    pub issued: Option<Issued>,
    /// Why its command, which runs jitpass, gives no credentials.
    pub wrong: Option<WrongCommand>,
    /// The values that are the person's own.
    pub own: Vec<OwnValue>,
}

/// A value of the person's own, in a profile that `sync` keeps.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnValue {
    /// The key.
    pub key: String,
    /// What stands there, its secrets hidden; `None` where it was taken out.
    pub own: Option<String>,
    /// What jitpass wrote or would write; `None` where only its hash is on record.
    pub wanted: Option<String>,
    /// Whether the person decided that it stays.
    pub is_settled: bool,
}

/// A value, its secrets hidden: whether it is one, its key may say.
fn shown_value(key: &str, value: &str) -> String {
    let line = plan::shown(&format!("{key} = {value}"));
    line.split_once(" = ").map_or_else(String::new, |(_, value)| value.to_owned())
}

/// What on record differs from what stands there.
fn own(profiles: &Profiles, known: &Known) -> Vec<OwnValue> {
    let record = profiles.managed.profile(&profiles.config.file.path, &known.profile.name);
    let Some(record) = record.filter(|_| known.marked_for().is_some()) else { return Vec::new() };
    let clear = |key: &str, value: &str| (!value.starts_with("sha256:")).then(|| shown_value(key, value));
    let keys: BTreeSet<&String> = record.written.keys().chain(record.preferred.keys()).collect();
    let one = |key: &String| {
        let now = known.profile.value(key);
        let remembered = now.map(|now| plan::remembered(key, now));
        let preferred = record.preferred.get(key).filter(|preferred| preferred.own == remembered);
        let written = record.written.get(key);
        let is_same = |value: &String| {
            remembered.as_ref() == Some(value) || now.is_some_and(|now| plan::means_the_same(key, now, value))
        };
        let over = match preferred {
            Some(preferred) => &preferred.over,
            None => written.filter(|written| !is_same(written))?,
        };
        Some(OwnValue {
            key: key.clone(),
            own: now.map(|now| shown_value(key, now)),
            wanted: clear(key, over),
            is_settled: preferred.is_some(),
        })
    };
    keys.into_iter().filter_map(one).collect()
}

/// Looks at one profile of either file.
///
/// # Errors
/// When there is none of this name.
pub fn show(machine: &Machine, profiles: &Profiles, name: &str) -> Result<Shown, Failure> {
    let there = profiles.credentials.profile(name);
    let known = match there {
        Some(_) => profiles.get(name),
        None => Some(profiles.find(machine, name)?),
    };
    let mut lines = lines(File::Config, &profiles.config.document, profiles.config.file.content(), name);
    lines.extend(self::lines(File::Credentials, &profiles.credentials, &profiles.credentials_bytes, name));
    let ours = known.and_then(|known| known.ours.as_ref());
    let sources = profiles.sources();
    let value = known.and_then(|known| known.profile.value("credential_process"));
    let split = value.filter(|value| !value.is_empty()).map(command::arguments);
    let (command, command_trouble) = match split {
        Some(Ok(argv)) => (Some(hidden(&argv)), None),
        Some(Err(error)) => (None, Some(error.to_string())),
        None => (None, None),
    };
    let of = |file, found: Vec<Disagreement>| found.into_iter().map(move |one| (file, one));
    let in_config = known.map(|known| known.profile.disagreements.clone()).unwrap_or_default();
    let in_credentials = there.map(|profile| profile.disagreements).unwrap_or_default();
    Ok(Shown {
        name: name.to_owned(),
        lines,
        request: ours.map(|ours| ours.request.clone()),
        portal: ours.and_then(|o| profiles.settings_of(&o.request.portal)).map(|p| p.name.clone()),
        kept_for: known.and_then(Known::marked_for).map(str::to_owned),
        command,
        command_trouble,
        source: sources.usual(name),
        rivals: if ours.is_some() { sources.rivals(name) } else { Vec::new() },
        disagreements: of(File::Config, in_config).chain(of(File::Credentials, in_credentials)).collect(),
        issued: known.and_then(|known| known.issued(machine, machine.now())),
        wrong: known.and_then(|known| known.wrong.clone()),
        own: known.map(|known| own(profiles, known)).unwrap_or_default(),
    })
}

/// The words of a command, those that are secrets hidden.
fn hidden(argv: &[String]) -> Vec<String> {
    // What a word is, the one before it says. None holds a line end: the value it comes from is one line.
    let text = argv.iter().map(|word| word.replace('\n', " ")).collect::<Vec<_>>().join("\n ");
    let bytes = text.as_bytes();
    let lines = Veiled::lines_of(bytes, &plan::secrets(bytes));
    lines.iter().map(|line| line.without_eol().shown().trim_start().to_owned()).collect()
}

fn is_blank_or_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with(['#', ';'])
}

/// The lines of a profile's sections in one file, from each header to its last property.
fn lines(file: File, document: &Document, bytes: &[u8], name: &str) -> Vec<SourceLine> {
    let all = Veiled::lines_of(bytes, &plan::secrets(bytes));
    let sections: Vec<_> = document.sections().collect();
    let mut found = Vec::new();
    for (at, section) in sections.iter().enumerate() {
        let is_profile = matches!(section.kind(), SectionKind::Default | SectionKind::Profile);
        if !is_profile || section.name() != name {
            continue;
        }
        let end = sections.get(at + 1).map_or(all.len() + 1, Section::line);
        let mut own: Vec<SourceLine> = (section.line()..end)
            .filter_map(|line| {
                let text = all.get(line - 1)?.without_eol().shown();
                Some(SourceLine { file, line, text: text::clip(&text, 4000) })
            })
            .collect();
        // What stands below the last property belongs to what follows.
        while own.last().is_some_and(|line| is_blank_or_comment(&line.text)) {
            own.pop();
        }
        found.append(&mut own);
    }
    found
}
