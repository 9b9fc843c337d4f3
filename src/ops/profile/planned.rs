//! A change of profiles that is about to be made, and what deserves a word.

use crate::base::{PortalAddress, PortalName};
use crate::ops::change::{Change, ConfigFile, keep_record};
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::{Profiles, WrongCommand};
use crate::plan::Rival;
use crate::store::managed::{Managed, ProfileRecord};

/// A change of profiles, ready to be shown and applied.
#[derive(Debug)]
pub struct Planned {
    /// What is written.
    pub change: Change,
    /// What deserves a word before that.
    pub notes: Vec<Note>,
    path: std::path::PathBuf,
    records: Vec<Remember>,
}

/// Something that deserves a word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// Some readers will take something else than the process of this profile.
    Beaten {
        /// The profile.
        profile: String,
        /// By what.
        rival: Rival,
    },
    /// The new profile is the person's own: `sync` keeps that other one for the same scope.
    Copy(String),
    /// The new profile is the person's own: its portal is not in the settings.
    NotSetUp(PortalAddress),
    /// What the portal offers is not known, so that tenant and region are as they were typed.
    Unchecked {
        /// The portal.
        portal: PortalAddress,
        /// Why.
        reason: String,
    },
    /// `sync` keeps the profile no longer: its mark is gone.
    Unmarked(String),
    /// The credentials file has a profile of this name, which stays as it is.
    InCredentials {
        /// The name.
        name: String,
        /// The 1-based line.
        line: usize,
    },
    /// A variable names a profile that will not be there.
    Named {
        /// The variable.
        variable: &'static str,
        /// The profile.
        name: String,
    },
    /// These profiles take their credentials from one that goes.
    LoseSource {
        /// The one that goes.
        source: String,
        /// Those that stay.
        profiles: Vec<String>,
    },
    /// `sync` will bring these back, unless they are excluded.
    ComeBack {
        /// The portal.
        portal: PortalName,
        /// The tenants of those profiles, as they are typed.
        tenants: Vec<String>,
        /// Whether the administrators' profile is one of them.
        admin: bool,
    },
    /// The command runs jitpass, which will give no credentials.
    Wrong(WrongCommand),
    /// A key that no AWS program knows.
    Misspelt {
        /// The key.
        key: String,
        /// The one that was probably meant.
        meant: &'static str,
    },
    /// A key that was to go is not there.
    NoSuchKey {
        /// The profile.
        profile: String,
        /// The key.
        key: String,
        /// The one that may have been meant.
        near: Option<String>,
    },
    /// These fit the pattern, and are not jitpass's own.
    Spared(Vec<String>),
}

/// What is remembered of a profile afterwards.
#[derive(Debug, Clone)]
pub(super) enum Remember {
    /// What was written.
    As(String, ProfileRecord),
    /// It has another name, given by a person.
    Renamed { from: String, to: String },
}

impl Planned {
    pub(super) fn new(config: ConfigFile, command: &'static str) -> Self {
        let path = config.file.path.clone();
        Self { change: config.change(command), notes: Vec::new(), path, records: Vec::new() }
    }

    #[must_use]
    pub(super) fn remembering(mut self, records: impl IntoIterator<Item = Remember>) -> Self {
        self.records.extend(records);
        self
    }

    /// Adds what deserves a word.
    #[must_use]
    pub fn noting(mut self, notes: impl IntoIterator<Item = Note>) -> Self {
        self.notes.extend(notes);
        self
    }

    /// Writes it.
    ///
    /// # Errors
    /// As [`Change::apply`].
    pub fn apply(&self, machine: &Machine) -> Result<(), Failure> {
        // The new name is known before it is in the file: who is killed between leaves a name that nobody bears, and not
        // a profile that nobody knows.
        if self.records.iter().any(|record| matches!(record, Remember::Renamed { .. })) {
            keep_record(machine, |managed| self.remember_names(managed))?;
        }
        self.change.apply(machine, |managed| {
            self.remember_names(managed);
            for record in &self.records {
                if let Remember::As(name, record) = record {
                    managed.record(&self.path, name, record.clone());
                }
            }
        })
    }

    fn remember_names(&self, managed: &mut Managed) {
        for record in &self.records {
            let Remember::Renamed { from, to } = record else { continue };
            let record = managed.profile(&self.path, from).cloned().unwrap_or_default();
            managed.record(&self.path, to, ProfileRecord { is_named_by_person: true, ..record });
        }
    }
}

/// What will keep readers from the process of a profile of ours, with the file as it will be.
pub(super) fn beaten(profiles: &Profiles, profile: &str) -> Vec<Note> {
    let rivals = profiles.sources().rivals(profile);
    rivals.into_iter().map(|rival| Note::Beaten { profile: profile.to_owned(), rival }).collect()
}
