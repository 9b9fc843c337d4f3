//! From the profiles that are wanted and the file that is there to the edits between them.

use std::collections::BTreeMap;

use crate::awsconfig::{Document, Edit, EditError, Key, Profile, Value, ValueError, command};
use crate::base::{PortalName, ProfileName};
use crate::plan::{MARK, Wanted};

/// What happens to one profile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// It is new.
    Add(ProfileName),
    /// Some of the keys we keep get other values.
    Update(ProfileName, Vec<String>),
}

/// Why a profile was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reason {
    /// There is one of this name that jitpass did not write.
    Foreign,
    /// There is one of this name for another portal.
    OtherPortal(String),
    /// The person changed these keys of ours by hand.
    ChangedByHand(Vec<String>),
    /// The file cannot be edited safely there.
    Refused(String),
}

/// A wanted profile that was left alone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Conflict {
    /// Its name.
    pub name: ProfileName,
    /// Where it stands, 1-based, if it is there.
    pub line: Option<usize>,
    /// Why.
    pub reason: Reason,
}

/// What happens to the profiles of a file.
#[derive(Debug, Clone, Default)]
pub struct ProfilePlan {
    /// The edits, in order, as they were applied.
    pub edits: Vec<Edit>,
    /// The same, as a person thinks of them.
    pub changes: Vec<Change>,
    /// What was wanted and left alone.
    pub conflicts: Vec<Conflict>,
    /// Profiles that are as they should be.
    pub unchanged: Vec<ProfileName>,
}

/// What was last written for a profile.
pub type Base<'a> = &'a dyn Fn(&ProfileName) -> Option<BTreeMap<String, String>>;

/// Applies to `document` whatever makes it hold the wanted profiles, and nothing else.
///
/// A profile is ours when its mark names `portal`. A value of ours that differs is replaced only when it is still
/// the one last written: what a person changed stays, and is reported.
pub fn reconcile(
    document: &mut Document,
    wanted: &[Wanted],
    portal: &PortalName,
    base: Base<'_>,
) -> Result<ProfilePlan, ValueError> {
    let mut plan = ProfilePlan::default();
    for entry in wanted {
        match document.profile(entry.name.as_str()) {
            None => plan.insert(document, entry)?,
            Some(present) => plan.update(document, entry, &present, portal, base)?,
        }
    }
    Ok(plan)
}

impl Conflict {
    /// Whether the profile is not jitpass's own for this portal, or not there at all. One that was changed by hand
    /// is ours still.
    pub fn keeps_it_from_us(&self) -> bool {
        !matches!(self.reason, Reason::ChangedByHand(_))
    }
}

impl ProfilePlan {
    /// Whether the file is as it should be.
    pub fn is_empty(&self) -> bool {
        self.edits.is_empty()
    }

    fn insert(&mut self, document: &mut Document, entry: &Wanted) -> Result<(), ValueError> {
        let properties: Vec<(Key, Value)> = entry
            .properties
            .iter()
            .map(|(k, v)| Ok((k.parse()?, v.clone())))
            .collect::<Result<_, ValueError>>()?;
        let edit = Edit::Insert { profile: entry.name.clone(), properties };
        match document.apply(&edit) {
            Ok(_) => {
                self.edits.push(edit);
                self.changes.push(Change::Add(entry.name.clone()));
            }
            Err(error) => self.refuse(entry, &error),
        }
        Ok(())
    }

    fn update(
        &mut self,
        document: &mut Document,
        entry: &Wanted,
        present: &Profile,
        portal: &PortalName,
        base: Base<'_>,
    ) -> Result<(), ValueError> {
        let mut leave = |reason| {
            let line = present.lines.first().copied();
            self.conflicts.push(Conflict { name: entry.name.clone(), line, reason });
        };
        match present.value(MARK) {
            None => {
                leave(Reason::Foreign);
                return Ok(());
            }
            Some(mark) if mark != portal.as_str() => {
                leave(Reason::OtherPortal(crate::base::text::one_line(mark, 60)));
                return Ok(());
            }
            Some(_) => {}
        }
        let written = base(&entry.name).unwrap_or_default();
        let (mut edits, mut by_hand) = (Vec::new(), Vec::new());
        for (key, value) in &entry.properties {
            if *key == "region" && entry.region_is_guess {
                continue;
            }
            let now = present.value(key);
            if now.is_some_and(|now| means_the_same(key, now, value.as_str())) {
                continue;
            }
            let unchanged = match (now, written.get(*key)) {
                (Some(now), Some(written)) => means_the_same(key, now, written),
                (now, written) => now.is_none() && written.is_none(),
            };
            if unchanged {
                let (profile, key) = (entry.name.to_string(), key.parse()?);
                edits.push(Edit::Set { profile, key, value: value.clone() });
            } else {
                by_hand.push((*key).to_owned());
            }
        }
        if !by_hand.is_empty() {
            leave(Reason::ChangedByHand(by_hand));
        } else if edits.is_empty() {
            self.unchanged.push(entry.name.clone());
        }
        self.apply_all(document, entry, edits);
        Ok(())
    }

    /// Applies a profile's edits, all or none.
    fn apply_all(&mut self, document: &mut Document, entry: &Wanted, edits: Vec<Edit>) {
        if edits.is_empty() {
            return;
        }
        // One edit is all or none by itself; only several need the way back, and copying takes its time.
        let before = (edits.len() > 1).then(|| document.clone());
        if let Some(error) = edits.iter().find_map(|edit| document.apply(edit).err()) {
            if let Some(before) = before {
                *document = before;
            }
            self.refuse(entry, &error);
            return;
        }
        let key = |edit: &Edit| match edit {
            Edit::Set { key, .. } => Some(key.to_string()),
            _ => None,
        };
        self.changes.push(Change::Update(entry.name.clone(), edits.iter().filter_map(key).collect()));
        self.edits.extend(edits);
    }

    fn refuse(&mut self, entry: &Wanted, error: &EditError) {
        let reason = Reason::Refused(error.to_string());
        self.conflicts.push(Conflict { name: entry.name.clone(), line: error.line(), reason });
    }
}

/// Whether two values say the same. Where jitpass lies is no part of what a command means: dotfiles are shared
/// between machines.
pub fn means_the_same(key: &str, now: &str, wanted: &str) -> bool {
    if now == wanted {
        return true;
    }
    if key != "credential_process" {
        return false;
    }
    let (Ok(now), Ok(wanted)) = (command::split(now), command::split(wanted)) else { return false };
    let is_jitpass = |program: &str| {
        let name = program.rsplit(['/', '\\']).next().unwrap_or(program);
        name.strip_suffix(".exe").unwrap_or(name) == "jitpass"
    };
    now.len() == wanted.len() && now[1..] == wanted[1..] && is_jitpass(&now[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    const ENTRY: &str = "[profile acme-dev01]\nregion = us-west-2\ncredential_process = /bin/jitpass aws --host https://acme.net --tenant dev01 --interactive\njitpass_portal = acme\n";

    fn wanted(region: &str) -> Vec<Wanted> {
        vec![Wanted {
            name: "acme-dev01".parse().unwrap(),
            scope: crate::base::Scope::Tenant("dev01".parse().unwrap()),
            properties: vec![
                ("region", region.parse().unwrap()),
                (
                    "credential_process",
                    "/bin/jitpass aws --host https://acme.net --tenant dev01 --interactive".parse().unwrap(),
                ),
                (MARK, "acme".parse().unwrap()),
            ],
            region_is_guess: false,
        }]
    }

    /// The file after, and what became of the one profile.
    fn run(file: &str, region: &str, base: &[(&str, &str)]) -> (String, String) {
        let base: BTreeMap<String, String> =
            base.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect();
        let mut document = Document::parse(file.as_bytes());
        let plan =
            reconcile(&mut document, &wanted(region), &"acme".parse().unwrap(), &|_| Some(base.clone()))
                .unwrap();
        let what = match (plan.changes.first(), plan.conflicts.first()) {
            (Some(Change::Add(_)), None) => "added".to_owned(),
            (Some(Change::Update(_, keys)), None) => format!("updated {}", keys.join(" ")),
            (None, Some(conflict)) => format!("{:?} at {:?}", conflict.reason, conflict.line),
            (None, None) => "unchanged".to_owned(),
            both => panic!("{both:?}"),
        };
        (String::from_utf8(document.render()).unwrap(), what)
    }

    #[test]
    fn adds_what_is_missing() {
        assert_eq!(run("", "us-west-2", &[]), (ENTRY.to_owned(), "added".to_owned()));
        let (file, _) = run("[default]\nregion = us-east-1\n", "us-west-2", &[]);
        assert_eq!(file, format!("[default]\nregion = us-east-1\n\n{ENTRY}"));
    }

    #[test]
    fn a_second_run_changes_nothing() {
        assert_eq!(run(ENTRY, "us-west-2", &[]), (ENTRY.to_owned(), "unchanged".to_owned()));
        let elsewhere = ENTRY.replace("/bin/", "/opt/homebrew/bin/");
        assert_eq!(run(&elsewhere, "us-west-2", &[]), (elsewhere.clone(), "unchanged".to_owned()));
    }

    #[test]
    fn follows_the_portal_where_nobody_changed_the_file() {
        let (file, what) = run(ENTRY, "eu-west-1", &[("region", "us-west-2")]);
        assert_eq!((file, what.as_str()), (ENTRY.replace("us-west-2", "eu-west-1"), "updated region"));
    }

    #[test]
    fn what_a_person_changed_stays() {
        let (file, what) = run(ENTRY, "eu-west-1", &[("region", "us-east-1")]);
        assert_eq!((file.as_str(), what.as_str()), (ENTRY, r#"ChangedByHand(["region"]) at Some(1)"#));
        // Taken away by hand: not put back.
        let without = ENTRY.replace("region = us-west-2\n", "");
        let (file, what) = run(&without, "us-west-2", &[("region", "us-west-2")]);
        assert_eq!((file, what.as_str()), (without, r#"ChangedByHand(["region"]) at Some(1)"#));
    }

    #[test]
    fn what_is_not_ours_stays() {
        let foreign = ENTRY.replace("jitpass_portal = acme\n", "");
        assert_eq!(run(&foreign, "us-west-2", &[]), (foreign.clone(), "Foreign at Some(1)".to_owned()));
        let other = ENTRY.replace("jitpass_portal = acme", "jitpass_portal = other");
        assert_eq!(run(&other, "us-west-2", &[]).1, r#"OtherPortal("other") at Some(1)"#);
    }
}
