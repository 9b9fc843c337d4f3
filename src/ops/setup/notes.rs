//! What deserves a look when profiles are set up, and is not ours to change.

use crate::awsconfig::{Document, Readers};
use crate::base::{ProfileName, TenantName};
use crate::host::dirs;
use crate::host::user_file::UserFile;
use crate::ops::demand::Demand;
use crate::ops::machine::Machine;
use crate::plan::{ProfilePlan, Wanted};

/// Something that deserves a look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Note {
    /// The AWS CLI and boto3 read nothing at all from the config file because of this line.
    Unreadable {
        /// The 1-based line.
        line: usize,
        /// What is there.
        reason: String,
    },
    /// Keys in the credentials file beat the profile of the same name in nearly every AWS program.
    Beaten {
        /// The profiles.
        profiles: Vec<ProfileName>,
        /// The credentials file.
        file: std::path::PathBuf,
    },
    /// Tenants in the settings that the portal does not offer to this person.
    TenantsGone(Vec<TenantName>),
    /// Profiles of this portal that are not among those chosen now.
    LeftBehind(Vec<String>),
}

/// Looks at the config file as it will be, and at the credentials file.
pub(super) fn notes(machine: &Machine, config: &[u8], demand: &Demand, profiles: &ProfilePlan) -> Vec<Note> {
    let document = Document::parse(config);
    let mut notes = Vec::new();
    if !demand.gone.is_empty() {
        notes.push(Note::TenantsGone(demand.gone.clone()));
    }
    if !profiles.orphans.is_empty() {
        notes.push(Note::LeftBehind(profiles.orphans.iter().map(|orphan| orphan.name.clone()).collect()));
    }
    notes.extend(beaten(machine, &demand.wanted));
    let unreadable = document.disagreements().into_iter().find(|d| d.rejects.contains(Readers::BOTOCORE));
    notes.extend(unreadable.map(|d| Note::Unreadable { line: d.line, reason: d.anomaly.to_string() }));
    notes
}

/// Facts: `~/.aws/credentials` comes before the config file in botocore, Go and JavaScript, for static keys and for
/// `credential_process` alike.
fn beaten(machine: &Machine, wanted: &[Wanted]) -> Option<Note> {
    let path = dirs::aws_credentials_file(&machine.env)?;
    let file = UserFile::read(&path).ok()?;
    let document = Document::parse_credentials(file.content());
    let beats = |name: &ProfileName| {
        document.profile(name.as_str()).is_some_and(|profile| {
            ["aws_access_key_id", "credential_process"].iter().any(|key| profile.value(key).is_some())
        })
    };
    let profiles: Vec<ProfileName> = wanted.iter().map(|w| &w.name).filter(|n| beats(n)).cloned().collect();
    (!profiles.is_empty()).then_some(Note::Beaten { profiles, file: path })
}
