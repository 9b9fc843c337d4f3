//! Sequences of edits that a few bytes decide, so that a fuzzer and a random generator can both choose them, and
//! everything that must hold of any of them.

use jitpass::awsconfig::guard;
use jitpass::awsconfig::{Document, Edit, EditError, Key};

use super::lines;

/// The bytes that decide one edit.
pub(crate) type Choice = [u8; 6];

/// What became of a file.
pub(crate) struct Run {
    /// The file as it was and after each edit that changed it.
    pub(crate) versions: Vec<Vec<u8>>,
    /// Those edits.
    pub(crate) edits: Vec<Edit>,
    /// How many were refused.
    pub(crate) refused: usize,
    /// How many were taken back again.
    pub(crate) undone: usize,
}

/// Applies the edits, each to what the ones before it left, and takes back what can be taken back. What must hold
/// of any file and any edits is checked on the way; the first thing that does not is the error.
pub(crate) fn run(bytes: &[u8], choices: &[Choice]) -> Result<Run, String> {
    let mut document = Document::parse(bytes);
    if document.render() != bytes {
        return Err("parsing and rendering gives other bytes".to_owned());
    }
    let mut run = Run { versions: vec![bytes.to_vec()], edits: Vec::new(), refused: 0, undone: 0 };
    let mut inverses: Vec<Option<Edit>> = Vec::new();
    for choice in choices {
        let before = run.versions.last().map_or(bytes, Vec::as_slice);
        let edit = edit(&Document::parse(before), before, *choice);
        match step(&mut document, before, &edit) {
            Ok(Some(after)) => {
                confirm(before, &after, std::slice::from_ref(&edit))?;
                if let Some(wrong) = lines::objection(before, &after, &edit) {
                    return Err(story(before, &after, &wrong));
                }
                inverses.push(inverse(before, &after, &edit));
                run.versions.push(after);
                run.edits.push(edit);
            }
            Ok(None) => {}
            Err(Stopped::Refused) => run.refused += 1,
            Err(Stopped::Wrong(wrong)) => return Err(wrong),
        }
    }
    let last = run.versions.last().map_or(bytes, Vec::as_slice);
    confirm(bytes, last, &run.edits)?;
    take_back(&mut document, &run, &inverses).map(|undone| Run { undone, ..run })
}

fn take_back(document: &mut Document, run: &Run, inverses: &[Option<Edit>]) -> Result<usize, String> {
    let mut undone = 0;
    for (at, inverse) in inverses.iter().enumerate().rev() {
        let Some(inverse) = inverse else { break };
        let (older, newer) = (&run.versions[at], &run.versions[at + 1]);
        match step(document, newer, inverse) {
            Ok(Some(back)) if back == *older => confirm(newer, older, std::slice::from_ref(inverse))?,
            Ok(back) => {
                let back = back.unwrap_or_default();
                let what = format!(
                    "{:?} is not undone by {inverse:?}, which gives\n{}",
                    run.edits[at],
                    back.escape_ascii()
                );
                return Err(story(older, newer, &what));
            }
            Err(Stopped::Refused) => {
                let what = format!("{inverse:?}, the inverse of {:?}, is refused", run.edits[at]);
                return Err(story(older, newer, &what));
            }
            Err(Stopped::Wrong(wrong)) => return Err(wrong),
        }
        undone += 1;
    }
    Ok(undone)
}

enum Stopped {
    Refused,
    Wrong(String),
}

/// One edit, to the document that has seen those before it and to one that is read anew: they must agree.
fn step(document: &mut Document, before: &[u8], edit: &Edit) -> Result<Option<Vec<u8>>, Stopped> {
    let wrong = |after: &[u8], what: &str| Stopped::Wrong(story(before, after, &format!("{edit:?}: {what}")));
    let mut anew = Document::parse(before);
    let outcome = document.apply(edit);
    let after = document.render();
    let again = anew.apply(edit);
    let alike = match (&outcome, &again) {
        (Ok(one), Ok(other)) => one == other,
        (Err(one), Err(other)) => std::mem::discriminant(one) == std::mem::discriminant(other),
        _ => false,
    };
    if !alike {
        return Err(wrong(&after, &format!("{outcome:?}, and {again:?} when the file is read anew")));
    }
    // Which line end is the usual one may change with the lines.
    let plain = |bytes: &[u8]| bytes.iter().copied().filter(|b| *b != b'\r').collect::<Vec<_>>();
    if plain(&after) != plain(&anew.render()) {
        return Err(wrong(&after, "other bytes when the file is read anew"));
    }
    match outcome {
        Ok(changed) if changed != (after != before) => {
            Err(wrong(&after, "does not tell whether it changed anything"))
        }
        Ok(true) => Ok(Some(after)),
        Ok(false) => Ok(None),
        Err(_) if after != before => Err(wrong(&after, "was refused and changed the file")),
        Err(error) => match (again.err().and_then(|error| error.line()), &error) {
            (Some(line), _) if line == 0 || line > before.split_inclusive(|b| *b == b'\n').count().max(1) => {
                Err(wrong(&after, &format!("names line {line}")))
            }
            (None, EditError::Unsafe { .. }) => Err(wrong(&after, "names no line")),
            _ => Err(Stopped::Refused),
        },
    }
}

fn confirm(before: &[u8], after: &[u8], edits: &[Edit]) -> Result<(), String> {
    match guard::confirm(before, after, edits) {
        Ok(_) => Ok(()),
        Err(error) => Err(story(before, after, &format!("{edits:?}: {error}"))),
    }
}

/// The edit that gives back the bytes as they were, where one is promised.
fn inverse(before: &[u8], after: &[u8], edit: &Edit) -> Option<Edit> {
    match edit {
        Edit::Insert { profile, .. } => Some(Edit::Remove { profile: profile.to_string() }),
        Edit::Set { profile, key, .. } if !lines::has(before, profile, key) => {
            Some(Edit::Unset { profile: profile.clone(), key: key.clone() })
        }
        Edit::Set { profile, .. } | Edit::Unset { profile, .. } | Edit::Replace { profile, .. } => {
            let mut document = Document::parse(before);
            let section = document.section_text(profile).ok()?;
            // What stood there need not be what may be written there.
            document.replace_section(profile, &section).ok()?;
            let back = Edit::Replace { profile: profile.clone(), section };
            lines::same_outside(before, after, profile).then_some(back)
        }
        Edit::Rename { profile, to } => {
            let inner = lines::inner(before, profile)?;
            // `[default]` does not remember what stood before the name.
            let default = to.is_default() || profile == "default";
            let usual = inner == "default" || (profile != "default" && inner == format!("profile {profile}"));
            let back = Edit::Rename { profile: to.to_string(), to: profile.parse().ok()? };
            (!default || usual).then_some(back)
        }
        Edit::Remove { .. } => None,
    }
}

const KEYS: &[&str] =
    &["region", "credential_process", "jitpass_portal", "output", "s3", "x", "a_long_key_that_is_nowhere"];
const VALUES: &[&str] =
    &["eu-north-1", "/opt/jitpass aws --admin", "a = b", "x#y", "C:\\x", "[z]", "%", "it's"];
const NAMES: &[&str] = &["a", "b", "default", "new-1", "new-2", "DEFAULT", "Default"];
/// Lines that a person may type into a section, whether they should or not.
const TYPED: &[&str] = &[
    "region = x",
    "typed = y",
    "",
    "# note",
    "  # note",
    "s3 =",
    "  region = nested",
    "  --flag",
    "Region = x",
    "region: x",
    "typed = x # note",
    "j\u{fc}rgen = \u{20ac}",
    "[profile z]",
    "  [profile z]",
    " \t",
    "typed",
    "typed = x\r",
    "\u{a0}typed = x",
    "typed = \\",
    "= x",
    "typed =",
];

fn edit(document: &Document, bytes: &[u8], choice: Choice) -> Edit {
    let [kind, profile, which, first, second, third] = choice;
    let pick = |list: &[&str], at: u8| list[usize::from(at) % list.len()].to_owned();
    let mut profiles = document.profile_names();
    profiles.extend(&NAMES[..4]);
    let profile = pick(&profiles, profile);
    let named = || pick(NAMES, which).parse().expect("a fixed name is well-formed");
    let value = |at| pick(VALUES, at).parse().expect("a fixed value is well-formed");
    match kind % 8 {
        0 | 1 => Edit::Set { key: key(document, &profile, which), profile, value: value(first) },
        2 => Edit::Unset { key: key(document, &profile, which), profile },
        3 => {
            let keys = KEYS.iter().skip(usize::from(first) % KEYS.len()).take(usize::from(second) % 4);
            let keys = keys.map(|key| key.parse().expect("a fixed key is well-formed"));
            Edit::Insert { profile: named(), properties: keys.map(|key| (key, value(third))).collect() }
        }
        4 => Edit::Remove { profile },
        5 => Edit::Rename { profile, to: named() },
        _ => Edit::Replace {
            section: typed(document, bytes, &profile, [which, first, second, third]),
            profile,
        },
    }
}

/// One of the profile's own keys, or another.
fn key(document: &Document, profile: &str, at: u8) -> Key {
    let own = document.profile(profile).map(|profile| profile.properties).unwrap_or_default();
    let own = own.iter().filter_map(|property| property.key.parse().ok());
    let keys: Vec<Key> = own.chain(KEYS.iter().filter_map(|key| key.parse().ok())).collect();
    keys[usize::from(at) % keys.len()].clone()
}

/// A section as an editor may give it back: as it was, with a line more, less, or changed.
fn typed(document: &Document, bytes: &[u8], profile: &str, choice: [u8; 4]) -> Vec<u8> {
    let [how, place, first, second] = choice;
    let own = document.section_text(profile).unwrap_or_else(|_| bytes.to_vec());
    let mut lines: Vec<Vec<u8>> = own.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect();
    let eol = if how & 16 == 0 { "\n" } else { "\r\n" };
    let line = |at: u8| format!("{}{eol}", TYPED[usize::from(at) % TYPED.len()]).into_bytes();
    let at = usize::from(place) % (lines.len() + 1);
    match how % 8 {
        0 | 1 => lines.insert(at, line(first)),
        2 => lines.truncate(at.max(1)),
        3 => drop(lines.splice(at.min(lines.len()).., [line(first), line(second)])),
        4 => lines.extend([line(first), line(second)]),
        5 => {
            lines.truncate(1);
            lines.extend([line(first), line(second)]);
        }
        6 => {
            let header = [
                "[profile P] # x",
                "[default]",
                "[profile\tP]",
                "[ profile P ]",
                "[profile P]; x",
                "[profile P",
            ];
            let header = header[usize::from(first) % header.len()].replace('P', profile) + eol;
            lines.splice(..lines.len().min(1), [header.into_bytes()]);
        }
        _ => {
            let all = lines.concat();
            let plain = String::from_utf8_lossy(&all).replace("\r\n", "\n").replace('\n', eol);
            return plain.into_bytes();
        }
    }
    lines.concat()
}

/// What happened, for whoever has to find out why. Everything in it is made up.
fn story(before: &[u8], after: &[u8], what: &str) -> String {
    format!("{what}\n--- before\n{}\n--- after\n{}\n---", before.escape_ascii(), after.escape_ascii())
}
