//! Where each reader takes the credentials of a profile from: the two shared files, and the environment before them.
//!
//! A profile can say several things at once, and every SDK has an order of its own; so has a profile that the config
//! file and the credentials file share. Measured for 33 set-ups; what was not measured is read from the sources of
//! botocore 1.43, aws-config 1.13 for Rust, the SDKs for Go and JavaScript, and Java's `ProfileCredentialsUtils`.
//!
//! 1. `view`: what one reader sees of a profile, in both files.
//! 2. `order`: what it takes of that, in the order of its kind.
//! 3. `variables`: what the environment puts before it.

mod order;
mod variables;
mod view;

use crate::awsconfig::{Document, Readers};
use crate::plan::sources::view::{File, Seen};

pub use variables::{Variables, chosen, of_variables};

/// Where a reader takes credentials from, or why it gets none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SourceKind {
    /// The command of `credential_process`.
    Process,
    /// Keys that lie in the file.
    Keys,
    /// Another profile, or a service, on behalf of a role.
    Role,
    /// The service that `credential_source` names.
    Named,
    /// A token in a file that is exchanged for a role.
    WebIdentity,
    /// IAM Identity Center.
    Sso,
    /// A sign-in with `aws login`.
    Login,
    /// Keys in the environment.
    Environment,
    /// None: it cannot read the file.
    Unreadable,
    /// None: of two keys that belong together there is one.
    HalfKeys,
    /// None: it takes only one kind of source in a profile.
    Several,
    /// None: what is there needs a `role_arn`.
    NoRole,
    /// None: a `role_arn` needs to be said on whose behalf.
    NoSource,
    /// None: the command is empty.
    EmptyCommand,
    /// None: there is no such profile, or nothing in it that it takes for a source.
    Nothing,
}

impl SourceKind {
    /// Whether it gives credentials; the other kinds are errors.
    pub fn gives(self) -> bool {
        match self {
            Self::Process
            | Self::Keys
            | Self::Role
            | Self::Named
            | Self::WebIdentity
            | Self::Sso
            | Self::Login
            | Self::Environment => true,
            Self::Unreadable
            | Self::HalfKeys
            | Self::Several
            | Self::NoRole
            | Self::NoSource
            | Self::EmptyCommand
            | Self::Nothing => false,
        }
    }
}

/// Where that is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Place {
    /// In the config file.
    Config {
        /// The 1-based line.
        line: usize,
        /// The key there; none where it is about the line itself.
        key: Option<&'static str>,
    },
    /// In the credentials file, which jitpass never writes.
    Credentials {
        /// The 1-based line.
        line: usize,
        /// The key there; none where it is about the line itself.
        key: Option<&'static str>,
    },
    /// In this variable.
    Variable(&'static str),
}

/// A source, and where it is said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Source {
    /// What it is.
    pub kind: SourceKind,
    /// Where that is said; `None` only where nothing is.
    pub place: Option<Place>,
}

/// Something that some readers take in place of the process of a profile.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rival {
    /// What they take, or what keeps them from everything.
    pub source: Source,
    /// Who does.
    pub readers: Readers,
}

/// The two shared files, ready to be asked about their profiles. Made in one pass; an answer costs as much as its
/// profile is long.
pub struct Sources<'a> {
    config: File<'a>,
    credentials: File<'a>,
}

impl<'a> Sources<'a> {
    /// Looks through both files.
    pub fn new(config: &'a Document, credentials: &'a Document) -> Self {
        Self { config: File::new(config), credentials: File::new(credentials) }
    }

    /// Where one reader takes the credentials of a profile from that it was told to use.
    pub fn of(&self, reader: Readers, profile: &str) -> Source {
        let unreadable = |line: Option<usize>, place: fn(usize) -> Place| {
            line.map(|line| Source { kind: SourceKind::Unreadable, place: Some(place(line)) })
        };
        let refused = unreadable(self.config.refused_at(reader), |line| Place::Config { line, key: None });
        let refused = refused.or_else(|| {
            let line = self.credentials.refused_at(reader);
            unreadable(line, |line| Place::Credentials { line, key: None })
        });
        refused.unwrap_or_else(|| {
            order::source(reader, &Seen::by(reader, &self.config, &self.credentials, profile))
        })
    }

    /// Where one reader takes its credentials from when it is told nothing but these variables.
    pub fn in_force(&self, reader: Readers, variables: &Variables) -> Source {
        of_variables(reader, variables)
            .unwrap_or_else(|| self.of(reader, chosen(reader, variables).unwrap_or("default")))
    }

    /// What is taken in place of the `credential_process` that the config file gives a profile, by those who do: what
    /// reaches most readers first. Empty where every reader runs it.
    pub fn rivals(&self, profile: &str) -> Vec<Rival> {
        let mut rivals: Vec<Rival> = Vec::new();
        for reader in Readers::EACH {
            let source = self.of(reader, profile);
            if source.kind == SourceKind::Process && matches!(source.place, Some(Place::Config { .. })) {
                continue;
            }
            match rivals.iter_mut().find(|rival| rival.source == source) {
                Some(rival) => rival.readers = rival.readers.and(reader),
                None => rivals.push(Rival { source, readers: reader }),
            }
        }
        rivals.sort_by_key(|rival| std::cmp::Reverse(rival.readers.count()));
        rivals
    }

    /// Where most readers take the credentials of a profile from.
    pub fn usual(&self, profile: &str) -> Source {
        let each = Readers::EACH.map(|reader| self.of(reader, profile));
        let votes = |source: &Source| each.iter().filter(|other| other.kind == source.kind).count();
        // Of equals, the AWS CLI's.
        let best = each.iter().map(votes).max().unwrap_or(0);
        each.into_iter().find(|source| votes(source) == best).unwrap_or(each[0])
    }
}
