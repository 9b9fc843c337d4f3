//! How sources of credentials, and what beats them, are said to people and to programs.

use crate::awsconfig::Readers;
use crate::base::text::Visible;
use crate::host::dirs;
use crate::ops::machine::Machine;
use crate::ops::profile::variables;
use crate::plan::{Place, Rival, Source, SourceKind, of_variables};

/// The two shared files, as people write their paths.
pub(super) struct Files {
    pub(super) config: String,
    pub(super) credentials: String,
}

impl Files {
    pub(super) fn of(machine: &Machine) -> Self {
        let shown = |path: Option<std::path::PathBuf>| {
            path.map(|path| Visible(&machine.shown(&path)).to_string()).unwrap_or_default()
        };
        Self {
            config: shown(dirs::aws_config_file(&machine.env)),
            credentials: shown(dirs::aws_credentials_file(&machine.env)),
        }
    }

    /// `~/.aws/config:12`, or the name of a variable.
    pub(super) fn place(&self, place: Option<Place>) -> String {
        match place {
            Some(Place::Config { line, .. }) => format!("{}:{line}", self.config),
            Some(Place::Credentials { line, .. }) => format!("{}:{line}", self.credentials),
            Some(Place::Variable(name)) => name.to_owned(),
            None => self.config.clone(),
        }
    }

    /// What a rival does to whom, as a sentence without a full stop.
    pub(super) fn rival(&self, rival: &Rival) -> String {
        let Rival { source, readers } = rival;
        let (place, key) = (self.place(source.place), key(*source));
        match source.kind {
            SourceKind::Nothing => format!("not there for {readers}"),
            SourceKind::Unreadable => format!("{place} keeps {readers} from reading any profile"),
            SourceKind::HalfKeys => {
                format!("{key} ({place}) without its other half: no credentials for {readers}")
            }
            SourceKind::Several => format!("{key} ({place}) beside it: no credentials for {readers}"),
            SourceKind::NoRole => {
                format!("{key} ({place}) without `role_arn`: no credentials for {readers}")
            }
            SourceKind::NoSource => {
                format!("{key} ({place}) without `source_profile`: no credentials for {readers}")
            }
            SourceKind::EmptyCommand => format!("{key} ({place}) is empty: no credentials for {readers}"),
            SourceKind::Process
            | SourceKind::Keys
            | SourceKind::Role
            | SourceKind::Named
            | SourceKind::WebIdentity
            | SourceKind::Sso
            | SourceKind::Login
            | SourceKind::Environment => format!("{key} ({place}) is taken instead by {readers}"),
        }
    }

    /// The same in as few words as there can be.
    pub(super) fn rival_in_short(&self, rival: &Rival) -> String {
        let place = self.place(rival.source.place);
        match rival.source.kind {
            SourceKind::Nothing => "not there for some".to_owned(),
            SourceKind::Unreadable => format!("unreadable ({place})"),
            _ => format!("{} ({place})", key(rival.source).replace('`', "")),
        }
    }
}

/// What is said of the environment, which beats every profile that is not named on a command line.
pub(super) fn of_environment(machine: &Machine) -> Vec<String> {
    let variables = variables(machine);
    let mut found: Vec<(&'static str, Readers)> = Vec::new();
    for reader in Readers::EACH {
        let source = of_variables(reader, &variables);
        let Some(Source { place: Some(Place::Variable(name)), .. }) = source else { continue };
        match found.iter_mut().find(|(known, _)| *known == name) {
            Some((_, readers)) => *readers = readers.and(reader),
            None => found.push((name, reader)),
        }
    }
    let said = |(name, readers): (&str, Readers)| {
        format!(
            "{name} is set: {readers} use that instead of a profile, unless one is named as with `aws --profile`"
        )
    };
    found.into_iter().map(said).collect()
}

fn key(source: Source) -> String {
    match source.place {
        Some(Place::Config { key: Some(key), .. } | Place::Credentials { key: Some(key), .. }) => {
            format!("`{key}`")
        }
        Some(Place::Variable(name)) => name.to_owned(),
        _ => "something".to_owned(),
    }
}

/// What kind of credentials a profile has that does not ask jitpass.
pub(super) fn kind(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Process => "another program",
        SourceKind::Keys => "keys in the file",
        SourceKind::Role => "a role",
        SourceKind::Named => "a named source",
        SourceKind::WebIdentity => "web identity",
        SourceKind::Sso => "IAM Identity Center",
        SourceKind::Login => "aws login",
        SourceKind::Environment => "the environment",
        SourceKind::Unreadable
        | SourceKind::HalfKeys
        | SourceKind::Several
        | SourceKind::NoRole
        | SourceKind::NoSource
        | SourceKind::EmptyCommand => "nothing that works",
        SourceKind::Nothing => "no credentials",
    }
}

/// The same for programs.
pub(super) fn code(kind: SourceKind) -> &'static str {
    match kind {
        SourceKind::Process => "process",
        SourceKind::Keys => "keys",
        SourceKind::Role => "role",
        SourceKind::Named => "credential_source",
        SourceKind::WebIdentity => "web_identity",
        SourceKind::Sso => "sso",
        SourceKind::Login => "login",
        SourceKind::Environment => "environment",
        SourceKind::Unreadable => "unreadable",
        SourceKind::HalfKeys => "half_keys",
        SourceKind::Several => "several_sources",
        SourceKind::NoRole => "no_role",
        SourceKind::NoSource => "no_source_profile",
        SourceKind::EmptyCommand => "empty_command",
        SourceKind::Nothing => "none",
    }
}

/// The families of readers, for programs.
pub(super) fn readers(readers: Readers) -> Vec<&'static str> {
    [
        (Readers::BOTOCORE, "botocore"),
        (Readers::RUST, "rust"),
        (Readers::JAVA, "java"),
        (Readers::GO, "go"),
        (Readers::JS, "js"),
    ]
    .into_iter()
    .filter(|(one, _)| readers.contains(*one))
    .map(|(_, name)| name)
    .collect()
}
