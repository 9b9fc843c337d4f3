//! What happens to profiles, in words: the same in `setup` and `sync`.

use super::say::{self, FAINT, NAME, STRONG, styled};
use crate::base::text;
use crate::plan::predecessor::Tool;
use crate::plan::{
    self, Conflict, Drift, DriftedKey, Moved, Orphan, ProfileChange, ProfilePlan, Reason, Settled,
};

/// What helps where a profile of a wanted name is somebody else's, by command.
#[derive(Debug, Clone, Copy)]
pub(super) struct WaysOut {
    adopt: &'static str,
    other_name: &'static str,
}

/// After `setup`.
pub(super) const AFTER_SETUP: WaysOut = WaysOut {
    adopt: "jitpass sync --adopt",
    other_name: "give ours another name with --profile-name, or rename that one, and run this again",
};

/// After `sync`.
pub(super) const AFTER_SYNC: WaysOut = WaysOut {
    adopt: "jitpass sync --adopt",
    other_name: "or give ours another name: jitpass portal edit --profile-name TEMPLATE",
};

/// The most that is said one by one.
const MOST: usize = 10;

/// `3 new profiles, 1 changed profile, 20 unchanged profiles`. Nothing where there is nothing.
pub(super) fn summary(plans: &[&ProfilePlan]) -> Option<String> {
    let is = |fits: fn(&ProfileChange) -> bool| {
        plans.iter().flat_map(|plan| plan.changed()).filter(|change| fits(change)).count()
    };
    let unchanged = plans.iter().map(|plan| plan.unchanged.len()).sum();
    let parts = [
        (is(|c| matches!(c, ProfileChange::Add(_))), "new profile"),
        (is(|c| matches!(c, ProfileChange::Update(..))), "changed profile"),
        (is(|c| matches!(c, ProfileChange::Rename(..))), "renamed profile"),
        (is(|c| matches!(c, ProfileChange::Adopt(_))), "adopted profile"),
        (is(|c| matches!(c, ProfileChange::Remove(_))), "removed profile"),
        (unchanged, "unchanged profile"),
    ];
    let mut said: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, noun)| text::count(*n, noun)).collect();
    match plans.iter().flat_map(|plan| plan.followers()).count() {
        0 => {}
        1 => said.push("1 other profile names its source anew".to_owned()),
        many => said.push(format!("{many} other profiles name their source anew")),
    }
    (!said.is_empty()).then(|| styled(STRONG, said.join(", ")))
}

/// Says what was wanted and left alone.
pub(super) fn conflicts(file: &str, conflicts: &[Conflict], ways_out: WaysOut) {
    let (taken_over, others): (Vec<_>, Vec<_>) =
        conflicts.iter().partition(|conflict| predecessor(conflict).is_some());
    predecessors(&taken_over);
    for conflict in others.iter().take(text::at_most(others.len(), MOST)) {
        let place = conflict.line.map(|line| format!(" ({file}:{line})")).unwrap_or_default();
        let shown = text::Visible(&conflict.name).to_string();
        let name = styled(NAME, &shown);
        match &conflict.reason {
            Reason::Foreign(tool) => {
                let whose = match tool {
                    Some(Tool::Jitpass) => "is yours (no mark of jitpass)",
                    _ => "is not from jitpass",
                };
                say::careful(format_args!("{name}{place} {whose} and stays as it is"));
                if conflict.name == "default" {
                    say::note("  AWS programs that are told no profile use that one");
                } else {
                    say::note(format_args!("  to let jitpass keep it: {} {shown}", ways_out.adopt));
                    say::note(format_args!("  {}", ways_out.other_name));
                }
            }
            Reason::OtherPortal(portal) => {
                say::careful(format_args!("{name}{place} belongs to portal `{portal}` and stays as it is"));
                say::note(format_args!("  {}", ways_out.other_name));
            }
            Reason::NamedByPerson => {
                say::careful(format_args!(
                    "{name}{place} opens something else under a name of yours, and stays as it is"
                ));
                say::note(format_args!("  {}", ways_out.other_name));
            }
            Reason::NotAdoptable(keys) => {
                say::careful(format_args!(
                    "{name}{place} cannot be adopted: with {} AWS programs would not ask jitpass",
                    text::list(keys, 4)
                ));
                say::note(format_args!(
                    "  take it out first: jitpass profile edit {shown} --unset {}",
                    keys[0]
                ));
            }
            Reason::Refused(reason) => {
                say::careful(format_args!(
                    "{name} cannot be changed safely: {file}: {}",
                    text::Visible(reason)
                ));
            }
        }
    }
    more(others.len(), "that stay as they are");
}

/// The older tool that a profile of a wanted name asks.
fn predecessor(conflict: &Conflict) -> Option<Tool> {
    match conflict.reason {
        Reason::Foreign(Some(tool)) if tool != Tool::Jitpass => Some(tool),
        _ => None,
    }
}

/// Many of them have one way out.
fn predecessors(conflicts: &[&Conflict]) {
    let mut tools: Vec<&str> = conflicts.iter().filter_map(|c| predecessor(c)).map(Tool::name).collect();
    tools.sort_unstable();
    tools.dedup();
    let tools = tools.join("'s and ");
    match conflicts {
        [] => {}
        [only] => {
            let name = styled(NAME, text::Visible(&only.name));
            say::careful(format_args!("{name} is {tools}'s: `jitpass profile import` takes it over"));
        }
        several => say::careful(format_args!(
            "{} are {tools}'s: `jitpass profile import` takes them over",
            text::count(several.len(), "profile")
        )),
    }
}

/// Says what was changed by hand and stays.
pub(super) fn drifts(file: &str, drifts: &[Drift]) {
    for drift in drifts.iter().take(text::at_most(drifts.len(), MOST)) {
        let place = drift.line.map(|line| format!(" ({file}:{line})")).unwrap_or_default();
        let name = styled(NAME, text::Visible(&drift.name));
        say::careful(format_args!("{name}{place} was changed by hand, and your values stay:"));
        drift.keys.iter().for_each(|key| say::line(drifted(key)));
    }
    more(drifts.len(), "that were changed by hand");
    if !drifts.is_empty() {
        say::note("  to settle it: jitpass sync --keep, or jitpass sync --overwrite");
    }
}

/// `region is eu-west-1 and was written as us-west-2`.
pub(super) fn drifted(drift: &DriftedKey) -> String {
    let DriftedKey { key, own, written, wanted } = drift;
    let key = styled(NAME, text::Visible(key));
    let shown = |value: &str| text::one_line(&plan::shown(value), 160);
    let own = own.as_deref().map_or("taken out".to_owned(), |own| format!("`{}`", shown(own)));
    let wanted = shown(wanted);
    let change = match written {
        Some(written) if drift.is_conflict() => format!("was `{}`, is now to be `{wanted}`", shown(written)),
        Some(_) => format!("jitpass wrote `{wanted}`"),
        None => format!("jitpass would write `{wanted}`"),
    };
    format!("    {key}: {own} {}", styled(FAINT, format_args!("({change})")))
}

/// Says which profiles of ours are for nothing any more.
pub(super) fn orphans(host: &str, orphans: &[Orphan]) {
    let of = |is_offered| orphans.iter().filter(move |orphan| orphan.is_offered == is_offered);
    let names = |is_offered| of(is_offered).map(|orphan| orphan.name.as_str()).collect::<Vec<_>>();
    for (is_offered, why) in [(false, None), (true, Some("not chosen any more"))] {
        let names = names(is_offered);
        let these = if names.len() == 1 { "this opens" } else { "these open" };
        let gone = || format!("{host} no longer offers what {these}");
        if !names.is_empty() {
            let why = why.map_or_else(gone, str::to_owned);
            say::careful(format_args!("{why}: {}", text::list(&names, 6)));
        }
    }
}

/// Says which profiles of the person's lose their source with an orphan.
pub(super) fn users_of(orphans: &[Orphan]) {
    for orphan in orphans.iter().filter(|orphan| !orphan.used_by.is_empty()).take(MOST) {
        let users = text::list(&orphan.used_by, 4);
        let (take, their) = if orphan.used_by.len() == 1 { ("takes", "its") } else { ("take", "their") };
        say::careful(format_args!(
            "{users} {take} {their} credentials from `{}`, which opens nothing any more",
            text::Visible(&orphan.name)
        ));
    }
}

/// Says what was written, or that nothing had to be.
pub(super) fn written(file: &str, plans: &[&ProfilePlan]) {
    let is_removal = |change: &&ProfileChange| matches!(change, ProfileChange::Remove(_));
    let changes: usize = plans.iter().map(|plan| plan.changed().count()).sum();
    let removed = plans.iter().flat_map(|plan| &plan.changes).filter(is_removal).count();
    let settled: Vec<&Settled> = plans.iter().flat_map(|plan| &plan.settled).collect();
    let right: usize = plans.iter().map(|plan| plan.unchanged.len()).sum();
    match (changes - removed, removed, right) {
        (0, 0, 0) => say::done(format_args!("nothing to change in {file}")),
        (0, 0, 1) => say::done(format_args!("nothing to change: 1 profile in {file} as it should be")),
        (0, 0, many) => {
            say::done(format_args!("nothing to change: {many} profiles in {file} as they should be"));
        }
        (0, removed, _) => say::done(format_args!("{} removed from {file}", text::count(removed, "profile"))),
        (written, 0, _) => say::done(format_args!("{} written to {file}", text::count(written, "profile"))),
        (written, removed, _) => say::done(format_args!(
            "{} written to {file}, {removed} removed",
            text::count(written, "profile")
        )),
    }
    if !settled.is_empty() {
        let which = if settled.len() <= FEW { each(&settled) } else { text::count(settled.len(), "profile") };
        say::note(format_args!("values of your own stay: {which}"));
        say::note("  to give them up, those kept earlier too: jitpass sync --overwrite");
    }
}

/// How many are said one by one where others would only be counted.
const FEW: usize = 4;

/// `acme-dev01 (region), acme-qa01 (output, region)`.
fn each(settled: &[&Settled]) -> String {
    let one = |Settled { name, keys }: &&Settled| {
        format!("{} ({})", styled(NAME, text::Visible(name)), text::Visible(&keys.join(", ")))
    };
    settled.iter().map(one).collect::<Vec<_>>().join(", ")
}

/// Says which adopted profiles open something else from now on.
pub(super) fn moved(moved: &[Moved]) {
    for Moved { name, before, after } in moved.iter().take(MOST) {
        let name = styled(NAME, text::Visible(name));
        say::careful(format_args!("{name} opens {after} from now on, {before} until now"));
    }
    more(moved.len(), "that open something else from now on");
}

/// Says which profiles of the person's own stay for what is not chosen.
pub(super) fn not_chosen(names: &[String]) {
    if names.is_empty() {
        return;
    }
    let shown = text::list(names, 6);
    let one = match names {
        [only] => text::Visible(only).to_string(),
        _ => "NAME".to_owned(),
    };
    say::note(format_args!("yours, and not chosen: {shown} (to remove: jitpass profile remove {one})"));
}

fn more(count: usize, what: &str) {
    let left = count - text::at_most(count, MOST);
    if left > 0 {
        say::careful(format_args!("and {left} more {what}"));
    }
}
