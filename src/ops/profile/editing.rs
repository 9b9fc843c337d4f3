//! Changing what a profile says, key by key or as a text.

use crate::awsconfig::{Edit, EditError, Key, Profile, Value, command};
use crate::base::{Region, Scope, text};
use crate::ops::change::refused;
use crate::ops::closest::closest;
use crate::ops::failure::Failure;
use crate::ops::machine::Machine;
use crate::ops::profile::doubts::doubts;
use crate::ops::profile::planned::{Note, Planned, Remember, beaten};
use crate::ops::profile::{Ours, Profiles, rewriting};
use crate::ops::status::ReadArguments;
use crate::plan::{self, KeyStanding, MARK, Veiled, standing};
use crate::store::managed::{Preference, ProfileRecord};

/// Another region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RegionEdit {
    /// One of the person's own choice, whatever the portal says.
    To(Region),
    /// The tenant's own, which the portal said just now.
    Own(Region),
}

/// What is to be different.
#[derive(Debug, Clone, Default)]
pub struct Wishes {
    /// Another region.
    pub region: Option<RegionEdit>,
    /// Another scope.
    pub scope: Option<Scope>,
    /// Values of other keys.
    pub set: Vec<(Key, Value)>,
    /// Keys that go.
    pub unset: Vec<Key>,
}

const COMMAND: &str = "credential_process";
const REGION: &str = "region";

/// Plans to change a profile key by key.
///
/// # Errors
/// When there is none, when a key or a value is not one to write there, or the file cannot be edited safely.
pub fn edit(
    machine: &Machine,
    read: ReadArguments<'_>,
    name: &str,
    wishes: &Wishes,
) -> Result<Planned, Failure> {
    let mut profiles = Profiles::read(machine, read)?;
    let known = profiles.find(machine, name)?;
    let ours = known.ours.as_ref();
    for (key, value) in &wishes.set {
        check_set(ours.is_some(), key, value)?;
    }
    for key in &wishes.unset {
        check_unset(ours, name, key)?;
    }
    let mut edits = Vec::new();
    let key = |text: &str| text.parse::<Key>().map_err(|e| Failure::of(&e));
    let set = |key, value| Edit::Set { profile: name.to_owned(), key, value };
    match &wishes.region {
        Some(RegionEdit::To(region) | RegionEdit::Own(region)) => {
            edits.push(set(key(REGION)?, region.as_str().parse().map_err(|e| Failure::of(&e))?));
        }
        None => {}
    }
    if let Some(scope) = &wishes.scope {
        let ours = ours.ok_or_else(|| {
            Failure::misuse(format!("`{name}` does not ask jitpass, so it has no tenant"))
                .hint("if it asks duplo-jit or duploctl: jitpass profile import")
        })?;
        let value = known.profile.value(COMMAND).unwrap_or_default();
        edits.push(set(key(COMMAND)?, rewriting::with_scope(value, &ours.request, scope, read)?));
    }
    edits.extend(wishes.set.iter().map(|(key, value)| set(key.clone(), value.clone())));
    let unset = |key: &Key| Edit::Unset { profile: name.to_owned(), key: key.clone() };
    edits.extend(wishes.unset.iter().map(unset));
    let missing = missing(&known.profile, &wishes.unset);
    let (before, kept_for) = (known.profile.clone(), known.kept_for().map(str::to_owned));
    let is_ours = ours.is_some();
    for edit in edits {
        profiles.config.edit_or_say(machine, edit)?;
    }
    let (remember, note) = remember(&profiles, &before, kept_for.as_deref(), wishes.region.as_ref());
    let rivals = if is_ours { beaten(&profiles, name) } else { Vec::new() };
    let doubts = doubts_of(&profiles, &before, read);
    Ok(Planned::new(profiles.config, "profile edit")
        .remembering(remember)
        .noting(missing)
        .noting(doubts)
        .noting(note)
        .noting(rivals))
}

/// The keys that were to go and are not there.
fn missing(profile: &Profile, unset: &[Key]) -> Vec<Note> {
    let keys: Vec<&str> = profile.properties.iter().map(|property| property.key.as_str()).collect();
    let missing = unset.iter().filter(|key| !keys.contains(&key.as_str()));
    let note = |key: &Key| Note::NoSuchKey {
        profile: profile.name.clone(),
        key: key.to_string(),
        near: closest(key.as_str(), &keys).map(str::to_owned),
    };
    missing.map(note).collect()
}

/// What of the profile as it will be was hardly meant so.
fn doubts_of(profiles: &Profiles, before: &Profile, read: ReadArguments<'_>) -> Vec<Note> {
    let after = profiles.config.document.profile(&before.name);
    after.map(|after| doubts(before, &after, read)).unwrap_or_default()
}

/// The lines of a profile's section, for a person to edit.
///
/// # Errors
/// When there is no such profile, or it cannot be edited safely.
pub fn section(machine: &Machine, read: ReadArguments<'_>, name: &str) -> Result<Vec<u8>, Failure> {
    let profiles = Profiles::read(machine, read)?;
    profiles.find(machine, name)?;
    let path = machine.shown(&profiles.config.file.path);
    profiles.config.document.section_text(name).map_err(|error| refused(&path, &error))
}

/// Plans to put other lines in the place of a profile's section. `was` is the section that the person saw.
///
/// # Errors
/// When they are not exactly that section, hold what is not safe, or the section is another one by now.
pub fn replace(
    machine: &Machine,
    read: ReadArguments<'_>,
    name: &str,
    was: &[u8],
    section: &[u8],
) -> Result<Planned, Failure> {
    let mut profiles = Profiles::read(machine, read)?;
    let known = profiles.find(machine, name)?;
    let path = machine.shown(&profiles.config.file.path);
    if profiles.config.document.section_text(name).map_err(|error| refused(&path, &error))? != was {
        return Err(Failure::new(format!("profile `{name}` was changed by another program in the meantime"))
            .hint("nothing was written; take over what you want of your text, and run the command again"));
    }
    let (before, kept_for) = (known.profile.clone(), known.kept_for().map(str::to_owned));
    let is_ours = known.ours.is_some();
    let edit = Edit::Replace { profile: name.to_owned(), section: section.to_owned() };
    profiles.config.edit(edit).map_err(|error| refused_text(&path, &error, section))?;
    let (remember, note) = remember(&profiles, &before, kept_for.as_deref(), None);
    let rivals = if is_ours { beaten(&profiles, name) } else { Vec::new() };
    let doubts = doubts_of(&profiles, &before, read);
    Ok(Planned::new(profiles.config, "profile edit")
        .remembering(remember)
        .noting(doubts)
        .noting(note)
        .noting(rivals))
}

/// Says why a text is refused, with the line itself.
fn refused_text(path: &str, error: &EditError, section: &[u8]) -> Failure {
    let mut failure = refused(path, error);
    if let EditError::Section { line, .. } = error
        && let Some(shown) = shown_line(section, *line)
    {
        failure.message = format!("{}: `{shown}`", failure.message);
    }
    failure
}

/// A line of a text, its secrets hidden, also one that is a secret only with the `=` that it lacks.
fn shown_line(section: &[u8], line: usize) -> Option<String> {
    let at = line.checked_sub(1)?;
    let raw = section.split(|b| *b == b'\n').nth(at)?;
    let raw = String::from_utf8_lossy(raw);
    let (key, rest) = raw.trim().split_once(char::is_whitespace).unwrap_or((raw.trim(), ""));
    if !raw.contains('=') && !plan::secrets(format!("{key} = {rest}").as_bytes()).is_empty() {
        return Some(format!("{} …", text::one_line(&plan::shown(key), 60)));
    }
    let lines = Veiled::lines_of(section, &plan::secrets(section));
    Some(text::one_line(&lines.get(at)?.without_eol().shown(), 160)).filter(|shown| !shown.is_empty())
}

/// What is remembered of a profile that `sync` keeps: the person's own values are preferences, about which it does not
/// ask. `profiles` holds the file as it will be.
fn remember(
    profiles: &Profiles,
    before: &Profile,
    kept_for: Option<&str>,
    region: Option<&RegionEdit>,
) -> (Option<Remember>, Option<Note>) {
    let name = &before.name;
    let (Some(_), Some(after)) = (kept_for, profiles.config.document.profile(name)) else {
        return (None, None);
    };
    if after.value(MARK).is_none() {
        return (None, Some(Note::Unmarked(name.clone())));
    }
    let known = profiles.managed.profile(&profiles.config.file.path, name);
    let mut record = known
        .cloned()
        .unwrap_or_else(|| ProfileRecord { written: written(before), ..ProfileRecord::default() });
    let mut keys: Vec<String> = record.written.keys().cloned().collect();
    keys.extend(
        [REGION, COMMAND].map(str::to_owned).into_iter().filter(|key| !record.written.contains_key(key)),
    );
    for key in keys {
        let (was, now) = (before.value(&key), after.value(&key));
        let is_own = key == REGION && matches!(region, Some(RegionEdit::Own(_)));
        if let Some(now) = now.filter(|_| is_own) {
            record.preferred.remove(&key);
            record.written.insert(key, now.to_owned());
        } else if was != now {
            let over = record.preferred.get(&key).map(|known| &known.over);
            let over = over.or_else(|| record.written.get(&key)).cloned();
            let over = over.or_else(|| was.map(|was| plan::remembered(&key, was))).unwrap_or_default();
            let own = now.map(|now| plan::remembered(&key, now));
            if own.as_deref() == Some(over.as_str()) {
                record.preferred.remove(&key);
            } else {
                record.preferred.insert(key, Preference { own, over });
            }
        }
    }
    (Some(Remember::As(name.clone(), record)), None)
}

/// What stands there of the keys that are jitpass's.
fn written(profile: &Profile) -> crate::store::managed::Properties {
    let value = |key: &str| Some((key.to_owned(), plan::remembered(key, profile.value(key)?)));
    [REGION, COMMAND, MARK].into_iter().filter_map(value).collect()
}

/// Refuses what is not for `--set` to say.
///
/// # Errors
/// With the reason.
pub(super) fn check_set(is_ours: bool, key: &Key, value: &Value) -> Result<(), Failure> {
    let line = format!("{key} = {value}");
    if key.as_str() == "aws_access_key_id" || !plan::secrets(line.as_bytes()).is_empty() {
        return Err(Failure::misuse(format!("`{key}` would hold a secret"))
            .hint("jitpass writes none into a config file, where every program can read it"));
    }
    if key.as_str() == MARK {
        return Err(Failure::misuse(format!(
            "`{MARK}` is the mark by which `jitpass sync` knows its own profiles"
        ))
        .hint("jitpass writes it; add a profile with `jitpass profile add`"));
    }
    if key.as_str() == REGION {
        value.as_str().parse::<Region>().map_err(|e| Failure::misuse(e.to_string()))?;
    }
    if key.as_str() == COMMAND {
        if is_ours {
            return Err(Failure::misuse(format!("`{COMMAND}` is jitpass's own here")).hint(
                "say what it is to open: --tenant NAME or --admin; all of it can be changed with --editor",
            ));
        }
        return command::arguments(value.as_str()).map(drop).map_err(|e| Failure::misuse(e.to_string()));
    }
    if is_ours && standing(key) == KeyStanding::BeatsUs {
        return Err(Failure::misuse(format!(
            "with `{key}`, some AWS programs would not ask jitpass any more"
        ))
        .hint("give it to a profile of its own; for a role, one whose `source_profile` is this one"));
    }
    Ok(())
}

fn check_unset(ours: Option<&Ours>, name: &str, key: &Key) -> Result<(), Failure> {
    if ours.is_some() && key.as_str() == COMMAND {
        return Err(Failure::misuse(format!("without `{COMMAND}`, `{name}` would have no credentials"))
            .hint(format!("to take it away whole: jitpass profile remove {name}")));
    }
    Ok(())
}
