//! Asking what becomes of profiles that were changed by hand.

use std::collections::HashMap;

use crate::base::text;
use crate::cli::ask;
use crate::cli::profile_report::drifted;
use crate::cli::say::{self, NAME, styled};
use crate::ops::acquaint::Acquaintance;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::sync::{self, Intent};
use crate::plan::{self, Decision, Drift};
use crate::store::settings::PortalSettings;

/// What was decided, by profile.
#[derive(Debug, Default)]
pub(super) struct Decided {
    all: Option<Decision>,
    one: HashMap<String, Decision>,
}

impl Decided {
    /// The same for every profile.
    pub(super) fn all(decision: Decision) -> Self {
        Self { all: Some(decision), one: HashMap::new() }
    }

    /// What was decided for a profile; `None` where nothing was.
    pub(super) fn of(&self, name: &str) -> Option<Decision> {
        self.one.get(name).copied().or(self.all)
    }
}

/// From how many profiles on they are asked about together first.
const MANY: usize = 4;

const KEEP: &str = "keep mine, and do not ask again";
const OVERWRITE: &str = "take what jitpass would write";
const LATER: &str = "ask again next time";
const SINGLY: &str = "ask for each";

/// Shows what was changed by hand and asks about it.
pub(super) fn ask(
    machine: &Machine,
    answered: &[(PortalSettings, Acquaintance)],
    adopts: &dyn Fn(&str) -> bool,
) -> Result<Decided, Failure> {
    let intent = Intent { adopts, decides: &|_| None, prunes: false, forces: false };
    let prepared = sync::prepare(machine, answered, intent, None)?;
    let drifts: Vec<&Drift> = prepared.portals.iter().flat_map(|portal| &portal.profiles.drifts).collect();
    let mut decided = Decided::default();
    if drifts.is_empty() {
        return Ok(decided);
    }
    if drifts.len() >= MANY {
        let names: Vec<&str> = drifts.iter().map(|drift| drift.name.as_str()).collect();
        let many = text::count(drifts.len(), "profile");
        say::careful(format_args!("{many} changed by hand: {}", text::list(&names, 8)));
        let answer = ask::one_of("What becomes of them?", &[KEEP, OVERWRITE, SINGLY, LATER])?;
        if answer != SINGLY {
            decided.all = decision(answer);
            return Ok(decided);
        }
    }
    for drift in drifts {
        let line = drift.line.map(|line| format!(" (line {line})")).unwrap_or_default();
        let name = styled(NAME, text::Visible(&drift.name));
        say::careful(format_args!("{name}{line} was changed by hand:"));
        drift.keys.iter().for_each(|key| say::line(drifted(key)));
        let overwrite = overwrite(drift);
        let answer = ask::one_of("What becomes of it?", &[KEEP, &overwrite, LATER])?;
        let answer = if answer == overwrite { OVERWRITE } else { answer };
        decided.one.extend(decision(answer).map(|decision| (drift.name.clone(), decision)));
    }
    Ok(decided)
}

/// `take us-west-2`, where one short value says it all.
fn overwrite(drift: &Drift) -> String {
    match drift.keys.as_slice() {
        [only] if only.wanted.len() <= 40 => format!("take {}", text::Visible(&plan::shown(&only.wanted))),
        _ => OVERWRITE.to_owned(),
    }
}

fn decision(answer: &str) -> Option<Decision> {
    match answer {
        KEEP => Some(Decision::Keep),
        OVERWRITE => Some(Decision::Overwrite),
        _ => None,
    }
}
