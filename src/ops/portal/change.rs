//! What a change of the portals means for both files, for what is remembered, and for who is signed in.

use std::collections::BTreeSet;

use crate::awsconfig::Edit;
use crate::base::{PortalName, text};
use crate::host::user_file::{UserFile, UserFileError};
use crate::ops::change::{Change, ConfigFile};
use crate::ops::failure::Failure;
use crate::ops::login;
use crate::ops::machine::Machine;
use crate::ops::portal::PortalEdit;
use crate::ops::portal::owned::{Owned, unrecorded, users};
use crate::ops::write::{self, FilePlan};
use crate::plan::{self, MARK};
use crate::store::managed::ProfileRecord;
use crate::store::settings::{PortalSettings, Settings};

/// What becomes of one portal; one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// What was chosen for it; `None` for a new one.
    pub before: Option<PortalSettings>,
    /// What is from now on; `None` for one that goes.
    pub after: Option<PortalSettings>,
}

impl Moved {
    /// Whether whoever is signed in is signed out: a token goes only to the address it was checked with, and what was
    /// issued with the token of one source is not for the next.
    pub fn signs_out(&self) -> bool {
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => {
                before.address != after.address || before.token_command != after.token_command
            }
            _ => false,
        }
    }

    /// Whether profiles are not any more what `sync` would make of them.
    pub fn is_for_sync(&self) -> bool {
        let plain =
            |portal: &PortalSettings| PortalSettings { token_command: None, browser: None, ..portal.clone() };
        match (&self.before, &self.after) {
            (Some(before), Some(after)) => plain(before) != plain(after),
            (None, after) => after.is_some(),
            (Some(_), None) => false,
        }
    }

    /// Its old name and its new one, if they differ.
    fn renamed(&self) -> Option<(&PortalName, &PortalName)> {
        let names = self.before.as_ref().map(|p| &p.name).zip(self.after.as_ref().map(|p| &p.name));
        names.filter(|(before, after)| before != after)
    }
}

/// A change, ready to be shown and applied.
#[derive(Debug)]
pub struct Prepared {
    /// Both files.
    pub change: Change,
    /// What becomes of each portal that does not stay as it is.
    pub moved: Vec<Moved>,
    /// The profiles that get another mark, and those that go.
    pub profiles: Vec<String>,
    /// The profiles of the portal that stay as they are.
    pub staying: Owned,
    /// The profiles that name one that goes as their source.
    pub used_by: Vec<String>,
    /// The commands of profiles of ours that nobody remembers. Under the new name or address nothing would tell any more
    /// that they are ours.
    unrecorded: Vec<(String, String)>,
}

/// A portal that is not set up yet.
pub fn add(machine: &Machine, portal: &PortalSettings) -> Result<Prepared, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    refuse_taken(&known, portal, None)?;
    settings.set_portal(portal).map_err(|e| Failure::of(&e))?;
    let plan = FilePlan { new: settings.render().into_bytes(), file };
    prepare(machine, "portal add", plan, vec![Moved { before: None, after: Some(portal.clone()) }])
}

/// Other choices for a portal. What is changed is what the file says now: somebody else may have changed it since.
pub fn edit(machine: &Machine, portal: &PortalName, edit: &PortalEdit) -> Result<Prepared, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    let before = present(&known, portal)?;
    let after = edit.of(before)?;
    refuse_taken(&known, &after, Some(&before.name))?;
    if before.name != after.name {
        settings.rename_portal(&before.name, &after.name);
    }
    settings.set_portal(&after).map_err(|e| Failure::of(&e))?;
    let plan = FilePlan { new: settings.render().into_bytes(), file };
    let moved = Moved { before: Some(before.clone()), after: Some(after) };
    prepare(machine, "portal edit", plan, vec![moved])
}

fn present<'a>(known: &'a [PortalSettings], name: &PortalName) -> Result<&'a PortalSettings, Failure> {
    let gone = || Failure::new(format!("portal `{name}` was taken out of the settings meanwhile"));
    known.iter().find(|portal| portal.name == *name).ok_or_else(gone)
}

/// The file of settings as a person made it.
///
/// # Errors
/// When it cannot be used, with file, portal and key, and when the file is not any more what the person began with.
pub fn rewrite(machine: &Machine, began_with: &[u8], text: &str) -> Result<Prepared, Failure> {
    let dir = machine
        .config_dir
        .as_deref()
        .ok_or_else(|| Failure::new("there is no home directory").hint("set HOME"))?;
    let path = Settings::file(dir);
    let file = UserFile::read(&path).map_err(|e| write::failure(machine, &path, &e))?;
    if file.content() != began_with {
        return Err(Failure::new(format!(
            "{} was changed by another program while you edited it",
            machine.shown(&path)
        ))
        .hint("nothing was written"));
    }
    // One that cannot be read is what somebody is about to mend.
    let settings =
        std::str::from_utf8(file.content()).ok().and_then(|text| Settings::parse(&path, text).ok());
    let before = settings.and_then(|settings| settings.portals().ok()).unwrap_or_default();
    let after = read(&file.path, text)?;
    let plan = FilePlan { new: text.as_bytes().to_vec(), file };
    prepare(machine, "portal edit", plan, moves(before, after))
}

/// A portal that goes; its profiles with it, where that is wanted.
pub fn remove(machine: &Machine, portal: &PortalName, with_profiles: bool) -> Result<Prepared, Failure> {
    let (mut settings, file) = machine.settings()?;
    let known = settings.portals().map_err(|e| Failure::of(&e))?;
    let portal = present(&known, portal)?;
    settings.remove_portal(&portal.name);
    let plan = FilePlan { new: settings.render().into_bytes(), file };
    let mut config = ConfigFile::read(machine)?;
    let owned = Owned::by(machine, &config, portal);
    let gone = if with_profiles { owned.kept.clone() } else { Vec::new() };
    for name in &gone {
        config.edit_or_say(machine, Edit::Remove { profile: name.clone() })?;
    }
    let staying = if with_profiles { Owned { kept: Vec::new(), ..owned } } else { owned };
    let used_by = users(&config.document, &gone);
    Ok(Prepared {
        change: Change {
            command: "portal remove",
            config: Some(config.plan()),
            settings: Some(plan),
            ..Change::default()
        },
        moved: vec![Moved { before: Some(portal.clone()), after: None }],
        profiles: gone,
        staying,
        used_by,
        unrecorded: Vec::new(),
    })
}

fn prepare(
    machine: &Machine,
    command: &'static str,
    plan: FilePlan,
    moved: Vec<Moved>,
) -> Result<Prepared, Failure> {
    let mut prepared = Prepared {
        change: Change { command, settings: Some(plan), ..Change::default() },
        moved,
        profiles: Vec::new(),
        staying: Owned::default(),
        used_by: Vec::new(),
        unrecorded: Vec::new(),
    };
    let is_elsewhere = |moved: &Moved| {
        let addresses =
            moved.before.as_ref().map(|p| &p.address).zip(moved.after.as_ref().map(|p| &p.address));
        addresses.is_some_and(|(before, after)| before != after)
    };
    if !prepared.moved.iter().any(|moved| moved.renamed().is_some() || is_elsewhere(moved)) {
        return Ok(prepared);
    }
    let mut config = ConfigFile::read(machine)?;
    // What is marked is found before the first mark changes: two portals may swap their names.
    let mut marks = Vec::new();
    for moved in &prepared.moved {
        let Some(before) = &moved.before else { continue };
        let owned = Owned::by(machine, &config, before);
        if is_elsewhere(moved) || moved.renamed().is_some() {
            prepared.unrecorded.extend(unrecorded(machine, &config, before, &owned.kept));
        }
        if let Some((_, to)) = moved.renamed() {
            marks.extend(owned.kept.into_iter().map(|name| (name, to.clone())));
            prepared.staying.copies.extend(owned.copies);
        }
    }
    for (profile, to) in marks {
        let key = MARK.parse().map_err(|e: crate::awsconfig::ValueError| Failure::of(&e))?;
        let value = to.as_str().parse().map_err(|e: crate::awsconfig::ValueError| Failure::of(&e))?;
        config.edit_or_say(machine, Edit::Set { profile: profile.clone(), key, value })?;
        prepared.profiles.push(profile);
    }
    prepared.change.config = Some(config.plan());
    Ok(prepared)
}

/// Writes what was planned. Where somebody is signed out by it, that comes first: a credential of theirs must not be
/// given out once another token is asked for.
pub fn apply(machine: &Machine, prepared: &Prepared) -> Result<(), Failure> {
    prepared.change.files().try_for_each(|plan| check_current(machine, plan))?;
    for moved in prepared.moved.iter().filter(|moved| moved.signs_out()) {
        let Some(before) = &moved.before else { continue };
        if let Err(failure) = login::sign_out(machine, &before.address) {
            // A keyring that cannot be used may go on holding what nobody asks it for any more.
            let kept = machine.tokens().and_then(|tokens| tokens.kept(&before.address));
            if kept.is_some_and(|kept| kept.lies.is_some()) {
                return Err(failure);
            }
            tracing::warn!(%failure, "something of the old sign-in may be left");
        }
    }
    let path = prepared.change.config.as_ref().map(|(plan, _)| plan.file.path.clone()).unwrap_or_default();
    prepared.change.apply(machine, |managed| {
        for moved in &prepared.moved {
            let Some(before) = &moved.before else { continue };
            match &moved.after {
                Some(after) if before.address != after.address => {
                    managed.move_person(&before.address, &after.address)
                }
                None if !prepared.profiles.is_empty() => managed.forget_person(&before.address),
                _ => {}
            }
        }
        for (profile, command) in &prepared.unrecorded {
            let mut record = ProfileRecord::default();
            let key = "credential_process";
            record.written.insert(key.to_owned(), plan::remembered(key, command));
            managed.record(&path, profile, record);
        }
        for (profile, mark) in prepared.marks() {
            let Some(mark) = mark else {
                managed.forget(&path, &profile);
                continue;
            };
            if let Some(record) = managed.profile(&path, &profile) {
                let mut record: ProfileRecord = record.clone();
                record.written.insert(MARK.to_owned(), mark);
                managed.record(&path, &profile, record);
            }
        }
    })
}

/// Nobody is signed out for a plan that cannot be carried out any more.
fn check_current(machine: &Machine, plan: &FilePlan) -> Result<(), Failure> {
    let path = &plan.file.path;
    let now = UserFile::read(path).map_err(|e| write::failure(machine, path, &e))?;
    if now.bytes == plan.file.bytes {
        return Ok(());
    }
    Err(write::failure(machine, path, &UserFileError::Changed(path.display().to_string())))
}

impl Prepared {
    /// Each profile that is touched, with the mark it has from now on; `None` for one that goes.
    fn marks(&self) -> Vec<(String, Option<String>)> {
        let Some((_, edits)) = &self.change.config else { return Vec::new() };
        let mark = |edit: &Edit| match edit {
            Edit::Set { profile, value, .. } => Some((profile.clone(), Some(value.as_str().to_owned()))),
            Edit::Remove { profile } => Some((profile.clone(), None)),
            _ => None,
        };
        edits.iter().filter_map(mark).collect()
    }
}

/// Reads settings that a person wrote, and finds out whether they can be used.
fn read(path: &std::path::Path, text: &str) -> Result<Vec<PortalSettings>, Failure> {
    let settings = Settings::parse(path, text).map_err(|e| Failure::of(&e))?;
    let portals = settings.portals().map_err(|e| Failure::of(&e))?;
    settings.sign_in().map_err(|e| Failure::of(&e))?;
    settings.command().map_err(|e| Failure::of(&e))?;
    let mut names = BTreeSet::new();
    for (at, portal) in portals.iter().enumerate() {
        if !names.insert(&portal.name) {
            return Err(Failure::misuse(format!("two portals are called `{}`", portal.name)));
        }
        refuse_taken(&portals[..at], portal, None)?;
        super::check(portal).map_err(|mut failure| {
            failure.message = format!("portal `{}`: {}", portal.name, failure.message);
            failure
        })?;
    }
    Ok(portals)
}

/// Who became whom: by name, and where the name is new, by address.
fn moves(before: Vec<PortalSettings>, mut after: Vec<PortalSettings>) -> Vec<Moved> {
    let mut moved = Vec::new();
    let (same, gone): (Vec<_>, Vec<_>) =
        before.into_iter().partition(|old| after.iter().any(|new| new.name == old.name));
    let mut find =
        |fits: &dyn Fn(&PortalSettings) -> bool| after.iter().position(fits).map(|at| after.remove(at));
    for old in same {
        let new = find(&|new| new.name == old.name);
        if new.as_ref() != Some(&old) {
            moved.push(Moved { before: Some(old), after: new });
        }
    }
    for old in gone {
        let new = find(&|new| new.address == old.address);
        moved.push(Moved { before: Some(old), after: new });
    }
    moved.extend(after.into_iter().map(|new| Moved { before: None, after: Some(new) }));
    moved
}

/// No two portals share a name or an address. `own` is the one that is about to change.
fn refuse_taken(
    known: &[PortalSettings],
    portal: &PortalSettings,
    own: Option<&PortalName>,
) -> Result<(), Failure> {
    let mut others = known.iter().filter(|other| Some(&other.name) != own);
    let Some(other) =
        others.find(|other| other.name == portal.name || other.address.host == portal.address.host)
    else {
        return Ok(());
    };
    Err(if other.name == portal.name {
        Failure::misuse(format!("`{}` is already the name of {}", portal.name, other.address))
            .hint(format!("choose another name, or change that one: jitpass portal edit {}", other.name))
    } else {
        Failure::misuse(format!(
            "{} is already set up as `{}`",
            portal.address,
            text::one_line(other.name.as_str(), 63)
        ))
        .hint(format!("change that one: jitpass portal edit {}", other.name))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn portals(text: &str) -> Vec<PortalSettings> {
        let line = |word: &str| {
            let (name, host) = word.split_once('=').unwrap();
            format!("[portal.{name}]\nhost = 'https://{host}.net'\n")
        };
        let text: String = text.split_whitespace().map(line).collect();
        Settings::parse("config.toml".as_ref(), &text).unwrap().portals().unwrap()
    }

    #[test]
    fn who_became_whom() {
        for (before, after, expected) in [
            ("a=a b=b", "b=b a=a", ""),
            ("a=a b=b", "a=a", "b>-"),
            ("a=a", "a=a b=b", "->b"),
            ("a=a b=b", "c=a b=b", "a>c"),
            ("a=a", "a=x", "a>a"),
            ("a=a", "c=c", "a>- ->c"),
            // Two names swapped are two portals that moved: the marks of their profiles stay.
            ("a=a b=b", "b=a a=b", "a>a b>b"),
        ] {
            let name = |portal: &Option<PortalSettings>| {
                portal.as_ref().map_or("-".to_owned(), |p| p.name.to_string())
            };
            let moved = moves(portals(before), portals(after));
            let found: Vec<_> =
                moved.iter().map(|m| format!("{}>{}", name(&m.before), name(&m.after))).collect();
            assert_eq!(found.join(" "), expected, "{before} to {after}");
        }
    }

    #[test]
    fn what_a_person_wrote_is_checked() {
        let error = |text: &str| read("config.toml".as_ref(), text).unwrap_err().message;
        let a = "[portal.a]\nhost = 'https://a.net'\n";
        for (text, expected) in [
            ("[portal.a\n".to_owned(), "config.toml is not valid TOML"),
            ("[portal.a]\n".to_owned(), "`host` of portal `a`: it is missing"),
            (format!("{a}[portal.b]\nhost = 'https://A.net'\n"), "https://a.net is already set up as `a`"),
            (format!("{a}[portal.A]\nhost = 'https://b.net'\n"), "two portals are called `a`"),
            (format!("{a}profile_name = '{{{{ x }}}}'\n"), "portal `a`: the name template"),
            (format!("{a}keys = {{ role_arn = 'x' }}\n"), "portal `a`: `role_arn` cannot be an extra key"),
            ("[sign_in]\nwait = 0\n".to_owned(), "`sign_in.wait`"),
            ("command = 'x'\n".to_owned(), "`command`"),
        ] {
            assert!(error(&text).contains(expected), "{text}: {}", error(&text));
        }
    }
}
