//! A second opinion on every edit: an INI parser that shares no code with ours reads the old file and the new one.
//!
//! It applies the planned edits to what it read from the old file, in its own simple model, and compares that with
//! what it reads from the new one. It cannot read every file that AWS programs read (a line without `=`
//! confuses it); then there is no second opinion, and only the headers are counted.

use std::collections::{HashMap, HashSet};

use crate::awsconfig::edit::Edit;
use crate::awsconfig::second_reader::{Model, opaque, profile_of, read, shown};
use crate::awsconfig::value::{Key, Value};
use crate::base::{ProfileName, text};

/// What the second parser says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Confirmed {
    /// Exactly the planned edits were made, and nothing else.
    Checked,
    /// It could not read the old file, for the reason given.
    NotReadable(String),
}

/// The new bytes are not the old ones with the planned edits. They must not be written.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum GuardError {
    /// The old file could be read, the new one cannot.
    #[error("the independent check cannot read the changed file, though it could read the old one: {0}")]
    NewUnreadable(String),
    /// A section is not what the plan makes of it.
    #[error("the independent check found a change in section `{section}` that was not planned (`{key}`)")]
    Changed {
        /// The section.
        section: String,
        /// The first property that differs.
        key: String,
    },
    /// Sections were lost, added or moved.
    #[error("the independent check found section `{0}` where none, or another one, was planned")]
    Sections(String),
    /// The profile has no header in the new file, or more than one.
    #[error("the independent check found {found} headers for profile `{profile}` instead of {planned}")]
    Headers {
        /// The profile.
        profile: String,
        /// How many headers name it.
        found: usize,
        /// How many should.
        planned: usize,
    },
    /// The plan does not fit the old file as this parser reads it.
    #[error("the independent check does not see profile `{0}` in the file as it was")]
    NotThere(String),
}

/// Confirms that `new` is `old` with `edits` applied in their order, and nothing else.
pub fn confirm(old: &[u8], new: &[u8], edits: &[Edit]) -> Result<Confirmed, GuardError> {
    count_headers(new, edits)?;
    let before = match read(old) {
        Ok(sections) => sections,
        Err(reason) => return Ok(Confirmed::NotReadable(reason)),
    };
    let planned = match plan(before, edits) {
        Ok(sections) => sections,
        Err(Stop::NotReadable(reason)) => return Ok(Confirmed::NotReadable(reason)),
        Err(Stop::Wrong(error)) => return Err(error),
    };
    let found = read(new).map_err(GuardError::NewUnreadable)?;
    compare(&planned, &found)?;
    Ok(Confirmed::Checked)
}

/// Why there is no plan.
enum Stop {
    /// The second parser reads the old file, or what is to be put into it, otherwise than AWS programs do.
    NotReadable(String),
    Wrong(GuardError),
}

fn plan(mut sections: Vec<Model>, edits: &[Edit]) -> Result<Vec<Model>, Stop> {
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut twice = HashSet::new();
    for (at, section) in sections.iter().enumerate() {
        if let Some(profile) = profile_of(&section.name)
            && places.insert(profile.clone(), at).is_some()
        {
            twice.insert(profile);
        }
    }
    let mut removed = Vec::new();
    for edit in edits {
        let find = |profile: &String| {
            let profile = &opaque(profile.as_bytes());
            if twice.contains(profile) {
                return Err(Stop::NotReadable(format!("it sees profile `{}` twice", shown(profile))));
            }
            places.get(profile).copied().ok_or_else(|| Stop::Wrong(GuardError::NotThere(shown(profile))))
        };
        match edit {
            Edit::Set { profile, key, value } => {
                let properties = &mut sections[find(profile)?].properties;
                let value = opaque(value.as_str().as_bytes());
                match properties.iter_mut().find(|(name, _)| is_key(name, key.as_str())) {
                    Some(property) => *property = (key.to_string(), value),
                    None => properties.push((key.to_string(), value)),
                }
            }
            Edit::Unset { profile, key } => {
                let properties = &mut sections[find(profile)?].properties;
                properties.retain(|(name, _)| !is_key(name, key.as_str()));
            }
            Edit::Insert { profile, properties } => {
                let property =
                    |(key, value): &(Key, Value)| (key.to_string(), opaque(value.as_str().as_bytes()));
                places.insert(profile.to_string(), sections.len());
                let properties = properties.iter().map(property).collect();
                sections.push(Model { name: header_of(profile), properties });
            }
            Edit::Rename { profile, to } => {
                let at = find(profile)?;
                let name = &mut sections[at].name;
                *name = match name.strip_suffix(profile.as_str()) {
                    Some(prefix) if !prefix.is_empty() && !to.is_default() => format!("{prefix}{to}"),
                    _ => header_of(to),
                };
                places.remove(profile);
                places.insert(to.to_string(), at);
            }
            Edit::Replace { profile, section } => {
                let at = find(profile)?;
                let new = read(section).map_err(Stop::NotReadable)?.pop();
                let new = new.filter(|new| profile_of(&new.name).as_deref() == Some(profile));
                let other = || Stop::NotReadable("it sees another section in the new one".to_owned());
                sections[at] = new.ok_or_else(other)?;
            }
            Edit::Remove { profile } => {
                removed.push(find(profile)?);
                places.remove(profile);
            }
        }
    }
    removed.sort_unstable();
    let mut at = 0;
    sections.retain(|_| {
        at += 1;
        removed.binary_search(&(at - 1)).is_err()
    });
    Ok(sections)
}

fn header_of(profile: &ProfileName) -> String {
    if profile.is_default() { "default".to_owned() } else { format!("profile {profile}") }
}

fn is_key(name: &str, key: &str) -> bool {
    name.to_lowercase() == key
}

fn compare(planned: &[Model], found: &[Model]) -> Result<(), GuardError> {
    for at in 0..planned.len().max(found.len()) {
        let (Some(plan), Some(find)) = (planned.get(at), found.get(at)) else {
            let odd = planned.get(at).or(found.get(at)).map(|section| shown(&section.name));
            return Err(GuardError::Sections(odd.unwrap_or_default()));
        };
        if plan.name != find.name {
            return Err(GuardError::Sections(shown(&find.name)));
        }
        if plan.properties != find.properties {
            let differs = plan.properties.iter().zip(&find.properties).find(|(one, other)| one != other);
            let longer = plan.properties.iter().chain(&find.properties).last();
            let key = differs.map(|(_, (key, _))| key).or(longer.map(|(key, _)| key));
            let key = key.map(|key| shown(key)).unwrap_or_default();
            return Err(GuardError::Changed { section: shown(&plan.name), key });
        }
    }
    Ok(())
}

/// The second parser merges nothing, but it would not mind a second header for a profile of ours.
fn count_headers(new: &[u8], edits: &[Edit]) -> Result<(), GuardError> {
    let mut wanted: HashMap<&str, usize> = HashMap::new();
    for edit in edits {
        let (name, count) = match edit {
            Edit::Set { profile, .. } | Edit::Unset { profile, .. } | Edit::Replace { profile, .. } => {
                (profile.as_str(), 1)
            }
            Edit::Insert { profile, .. } => (profile.as_str(), 1),
            Edit::Remove { profile } => (profile.as_str(), 0),
            Edit::Rename { profile, to } => {
                wanted.insert(profile, 0);
                (to.as_str(), 1)
            }
        };
        wanted.insert(name, count);
    }
    let mut counts: HashMap<String, usize> = HashMap::new();
    for line in new.split(|b| *b == b'\n' || *b == b'\r') {
        let line = String::from_utf8_lossy(line);
        let inner = line.trim_start().strip_prefix('[').and_then(|rest| rest.split(']').next());
        if let Some(profile) = inner.and_then(profile_of) {
            *counts.entry(profile).or_default() += 1;
        }
    }
    for (profile, planned) in wanted {
        let found = counts.get(profile).copied().unwrap_or(0);
        if found != planned {
            return Err(GuardError::Headers { profile: text::one_line(profile, 80), found, planned });
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(profile: &str) -> Edit {
        let (key, value) = ("k".parse().unwrap(), "v".parse().unwrap());
        Edit::Set { profile: profile.to_owned(), key, value }
    }

    #[test]
    fn the_planned_change_and_no_other_is_confirmed() {
        let old = b"# x\n[profile a]\nk = old\ns3 =\n  k = inner\n\n[profile b]\ny = z\\\n";
        let good = b"# x\n[profile a]\nk = v\ns3 =\n  k = inner\n\n[profile b]\ny = z\\\n";
        assert_eq!(confirm(old, good, &[set("a")]), Ok(Confirmed::Checked));
        let bad: &[(&[u8], &str)] = &[
            (b"[profile a]\nk = v\ns3 =\n  k = v\n[profile b]\ny = z\\\n", "`s3`"),
            (b"[profile a]\nk = v\ns3 =\nk = inner\n[profile b]\ny = z\\\n", "`profile a`"),
            (b"[profile a]\nk = v\ns3 =\n  k = inner\n[profile b]\ny = w\n", "`profile b`"),
            (b"[profile a]\nk = v\ns3 =\n  k = inner\n", "`profile b`"),
            (b"[profile a]\nk = old\ns3 =\n  k = inner\n[profile b]\ny = z\\\n", "`k`"),
            (b"[profile a]\ns3 =\n  k = inner\n[profile b]\ny = z\\\n[profile a]\nk = v\n", "2 headers"),
            (b"[profile b]\n", "0 headers"),
            (b"[profile a]\nk = v\n= x\n", "cannot read"),
        ];
        for (new, named) in bad {
            let error = confirm(old, new, &[set("a")]).unwrap_err().to_string();
            assert!(error.contains(named), "{}: {error}", new.escape_ascii());
        }
    }

    #[test]
    fn comments_do_not_stop_it() {
        let old = b"[profile a] # x\n# y\nk = b\n# c\n  d = e\nf = g ; h\n";
        assert_eq!(confirm(old, b"[profile a] # x\nk = v\nf = g ; h", &[set("a")]), Ok(Confirmed::Checked));
        assert!(confirm(old, b"[profile a] # x\nk = v\nd = e\nf = g ; h", &[set("a")]).is_err());
    }

    #[test]
    fn what_it_cannot_read_it_says() {
        for old in ["[profile a]\n[profile b\n", "[profile a]\nx\n[profile b]\ny = z\n", "[profile a]\n x"] {
            let new = old.replacen("]\n", "]\nk = v\n", 1);
            let checked = confirm(old.as_bytes(), new.as_bytes(), &[set("a")]);
            assert!(matches!(checked, Ok(Confirmed::NotReadable(_))), "{old:?}: {checked:?}");
        }
        let old = b"[profile a]\nx\n";
        let two = confirm(old, b"[profile a]\nx\n[profile \"a\"]\nk = v\n", &[set("a")]);
        assert!(matches!(two, Err(GuardError::Headers { found: 2, planned: 1, .. })), "{two:?}");
        assert_eq!(confirm(b"", b"", &[set("a")]).unwrap_err().to_string().matches("profile `a`").count(), 1);
    }

    #[test]
    fn inserted_and_removed_sections() {
        let properties = vec![("k".parse().unwrap(), "C:\\x y".parse().unwrap())];
        let insert = Edit::Insert { profile: "n".parse().unwrap(), properties };
        let remove = Edit::Remove { profile: "a".to_owned() };
        let old = b"[profile a]\nx = y\n[profile b]\n";
        let new = b"[profile b]\n\n[profile n]\nk = C:\\x y\n";
        assert_eq!(confirm(old, new, &[remove.clone(), insert.clone()]), Ok(Confirmed::Checked));
        assert!(confirm(old, new, std::slice::from_ref(&insert)).is_err());
        assert!(confirm(old, new, &[remove]).is_err());
        assert!(confirm(old, b"[profile a]\nx = y\n[profile b]\n[profile n]\nk = z\n", &[insert]).is_err());
    }

    #[test]
    fn renamed_and_replaced_sections() {
        let rename = |from: &str, to: &str| Edit::Rename { profile: from.into(), to: to.parse().unwrap() };
        let old = b"[profile\ta] # x\nk = v\n[default]\nk = w\n";
        let good: &[(&[u8], &[Edit])] = &[
            (b"[profile\tb] # x\nk = v\n[default]\nk = w\n", &[rename("a", "b")]),
            (b"[profile\ta] # x\nk = v\n[profile b]\nk = w\n", &[rename("default", "b")]),
            (
                b"[default] # x\nk = v\n[profile b]\nk = w\n",
                &[rename("default", "b"), rename("a", "default")],
            ),
        ];
        for (new, edits) in good {
            assert_eq!(confirm(old, new, edits), Ok(Confirmed::Checked), "{}", new.escape_ascii());
        }
        let bad: &[&[u8]] = &[
            b"[profile b] # x\nk = v\n[default]\nk = w\n",
            b"[profile\tb]\nk = w\n[default]\nk = w\n",
            b"[profile\ta]\nk = v\n[default]\nk = w\n",
            b"[profile\tb]\nk = v\n[profile default]\nk = w\n",
        ];
        for new in bad {
            assert!(confirm(old, new, &[rename("a", "b")]).is_err(), "{}", new.escape_ascii());
        }
        let section = b"[profile a] # y\nl = z\n".to_vec();
        let replace = [Edit::Replace { profile: "a".into(), section }];
        let new = b"[profile a] # y\nl = z\n[default]\nk = w\n";
        assert_eq!(confirm(old, new, &replace), Ok(Confirmed::Checked));
        assert!(confirm(old, b"[profile a] # y\nl = y\n[default]\nk = w\n", &replace).is_err());
        assert!(confirm(old, b"[profile a] # y\nl = z\n[default]\nk = v\n", &replace).is_err());
    }

    #[test]
    fn no_alarm_without_a_fire() {
        let remove = Edit::Remove { profile: "a".to_owned() };
        let replace = |section: &[u8]| Edit::Replace { profile: "a".to_owned(), section: section.to_vec() };
        let table: &[(&str, &[u8], &[u8], Edit)] = &[
            (
                "with the bytes that are no UTF-8 gone, the rest is read as it was",
                b"[profile a]\nk = \xe9\n[profile b]\nk = \xc3\xa9\n",
                b"[profile b]\nk = \xc3\xa9\n",
                remove.clone(),
            ),
            (
                "a value of several lines has none of the two line ends",
                b"[profile a]\nk = v\n  w\n",
                b"[profile a]\nk = v\n  x\n",
                replace(b"[profile a]\r\nk = v\r\n  x\r\n"),
            ),
            (
                "only a pair of quotes is no part of a name",
                b"[profile a\"]\n[profile a]\n",
                b"[profile a\"]\n",
                remove.clone(),
            ),
        ];
        for (name, old, new, edit) in table {
            let confirmed = confirm(old, new, std::slice::from_ref(edit));
            assert_eq!(confirmed, Ok(Confirmed::Checked), "{name}");
        }
        for old in ["[\n\n[profile a]\nk = v", "[profile a]\nk = v\n[profile b][profile a]\n"] {
            let new = old.replace("[profile a]\nk = v", "");
            let confirmed = confirm(old.as_bytes(), new.as_bytes(), std::slice::from_ref(&remove));
            assert!(matches!(confirmed, Ok(Confirmed::NotReadable(_))), "{old:?}: {confirmed:?}");
        }
    }
}
