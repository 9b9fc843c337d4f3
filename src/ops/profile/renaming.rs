//! Another name for a profile, wherever it is named.

use crate::base::ProfileName;
use crate::host::env::names;
use crate::ops::change::refused;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::adding::refuse_taken;
use crate::ops::profile::planned::{Note, Planned, Remember, beaten};
use crate::ops::profile::{Profiles, variables};
use crate::ops::status::ReadArguments;
use crate::plan::Variables;

/// Plans to rename a profile, and every `source_profile` that names it. `sync` keeps the new name.
///
/// # Errors
/// When there is none of the old name, or one of the new name, or one of the edits is not safe.
pub fn rename(
    machine: &Machine,
    read: ReadArguments<'_>,
    from: &str,
    to: &ProfileName,
) -> Result<Planned, Failure> {
    let mut profiles = Profiles::read(machine, read)?;
    let known = profiles.find(machine, from)?;
    if from != to.as_str() {
        refuse_taken(machine, &profiles, to)?;
    }
    let (is_ours, is_kept) = (known.ours.is_some(), known.kept_for().is_some());
    let path = machine.shown(&profiles.config.file.path);
    let edits = profiles.config.document.rename_edits(from, to).map_err(|error| refused(&path, &error))?;
    for edit in edits {
        profiles.config.edit_or_say(machine, edit)?;
    }
    let moves = is_kept && from != to.as_str();
    let remember = moves.then(|| Remember::Renamed { from: from.to_owned(), to: to.to_string() });
    let line = profiles.credentials.profile(from).and_then(|profile| profile.lines.first().copied());
    let stays = line.map(|line| Note::InCredentials { name: from.to_owned(), line });
    let rivals = if is_ours { beaten(&profiles, to.as_str()) } else { Vec::new() };
    Ok(Planned::new(profiles.config, "profile rename")
        .remembering(remember)
        .noting(stays)
        .noting(named(&variables(machine), from))
        .noting(rivals))
}

/// The variables that name a profile.
pub(super) fn named(variables: &Variables, profile: &str) -> Vec<Note> {
    [names::AWS_PROFILE, names::AWS_DEFAULT_PROFILE]
        .into_iter()
        .filter(|variable| variables.get(*variable).is_some_and(|value| value == profile))
        .map(|variable| Note::Named { variable, name: profile.to_owned() })
        .collect()
}
