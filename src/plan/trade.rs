//! Profiles that get each other's names: another template may give one tenant the name that another's profile has now.
//!
//! Each section must go with its tenant, or what a person wrote into it, and every `source_profile` that names it, would
//! open another tenant from one moment to the next. So all of them step aside first, and then take their new names.

use std::collections::HashMap;

use crate::awsconfig::{Document, Edit};
use crate::base::ProfileName;
use crate::plan::Wanted;
use crate::plan::marked::{ByScope, Marked};

/// The edits that give profiles their names, and the names: before and after.
pub(super) struct Trade {
    pub(super) edits: Vec<Edit>,
    pub(super) names: Vec<(String, ProfileName)>,
}

/// Finds the profiles of ours whose names are wanted for others of ours, and gives them their own. `None` where there
/// are none, and where one of them could not be renamed safely: then all stay.
pub(super) fn trade(
    document: &mut Document,
    wanted: &[Wanted],
    marked: &[Marked],
    by_scope: &ByScope<'_>,
) -> Option<Trade> {
    const KEY: &str = "credential_process";
    let of_name: HashMap<&str, &Wanted> = wanted.iter().map(|entry| (entry.name.as_str(), entry)).collect();
    // Nearly all say just what is wanted under their names.
    let is_misplaced = |section: &&Marked| {
        let entry = of_name.get(section.name());
        entry.is_some_and(|entry| entry.property(KEY) != section.profile.value(KEY))
    };
    let new_name = |section: &Marked| {
        let known = section.known.as_ref().filter(|known| !known.is_named_by_person)?;
        let is_ours = section.name() != "default" && known.written.contains_key(KEY);
        let own = &wanted[by_scope.of(section).filter(|_| is_ours)?].name;
        (own.as_str() != section.name()).then(|| own.clone())
    };
    let mut moving: HashMap<&str, ProfileName> = marked
        .iter()
        .filter(is_misplaced)
        .filter_map(|section| Some((section.name(), new_name(section)?)))
        .collect();
    // Only to where nobody is, or from where somebody goes.
    loop {
        let is_free = |name: &ProfileName| {
            moving.contains_key(name.as_str()) || document.profile(name.as_str()).is_none()
        };
        let stuck: Vec<&str> = moving.iter().filter(|(_, to)| !is_free(to)).map(|(from, _)| *from).collect();
        if stuck.is_empty() {
            break;
        }
        moving.retain(|from, _| !stuck.contains(from));
    }
    let names: Vec<(String, ProfileName)> = marked
        .iter()
        .filter_map(|section| Some((section.name().to_owned(), moving.get(section.name())?.clone())))
        .collect();
    if names.is_empty() {
        return None;
    }
    let mut after = document.clone();
    let edits = renames(&mut after, &names)?;
    *document = after;
    Some(Trade { edits, names })
}

fn renames(document: &mut Document, names: &[(String, ProfileName)]) -> Option<Vec<Edit>> {
    let aside = |n: usize| format!("jitpass-renaming-{n}").parse::<ProfileName>().ok();
    let mut edits = Vec::new();
    let mut rename = |from: &str, to: &ProfileName| {
        let some = document.rename_edits(from, to).ok()?;
        some.iter().try_for_each(|edit| document.apply(edit).map(drop)).ok()?;
        edits.extend(some);
        Some(())
    };
    for (n, (from, _)) in names.iter().enumerate() {
        rename(from, &aside(n)?)?;
    }
    for (n, (_, to)) in names.iter().enumerate() {
        rename(aside(n)?.as_str(), to)?;
    }
    Some(edits)
}
