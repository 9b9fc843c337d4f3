//! One profile of ours, key by key: what stands there, what was last written, what is wanted now.

use crate::awsconfig::{Edit, Key, Profile, command};
use crate::credential::sha256_hex;
use crate::plan::marked::Known;
use crate::plan::{Decision, MARK, Wanted, secrets};

/// What a person changed by hand in a profile of ours, and nobody has decided about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drift {
    /// The profile.
    pub name: String,
    /// The 1-based line of its header.
    pub line: Option<usize>,
    /// What was changed.
    pub keys: Vec<DriftedKey>,
}

/// A key of ours that a person changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DriftedKey {
    /// The key.
    pub key: String,
    /// What stands there; `None` where it was taken out.
    pub own: Option<String>,
    /// What was last written.
    pub written: Option<String>,
    /// What is wanted now.
    pub wanted: String,
}

impl DriftedKey {
    /// Whether the portal or the settings changed it, too.
    pub fn is_conflict(&self) -> bool {
        self.written.as_deref() != Some(self.wanted.as_str())
    }
}

pub(super) struct Verdict {
    pub(super) edits: Vec<Edit>,
    pub(super) drift: Option<Drift>,
    /// The keys whose values are the person's own and stay because somebody decided so, now or before.
    pub(super) settled: Vec<String>,
    /// Whether the record says of each key what stands there, or what was there before a person changed it.
    pub(super) is_recorded: bool,
}

pub(super) fn compare(
    entry: &Wanted,
    present: &Profile,
    known: &Known,
    decision: Option<Decision>,
    is_there: &dyn Fn(&str) -> bool,
) -> Verdict {
    // The very words that are wanted name the program that is asked now.
    let same = |key: &str, now: &str, wanted: &str| {
        now == wanted
            || means_the_same(key, now, wanted) && (key != "credential_process" || can_be_run(now, is_there))
    };
    let (mut edits, mut drifted, mut settled) = (Vec::new(), Vec::new(), Vec::new());
    let id = entry.tenant_id.as_ref().map(crate::base::TenantId::as_str);
    let mut is_recorded = known.tenant_id.as_deref() == id;
    for (key, value) in &entry.properties {
        let name = key.as_str();
        if name == "region" && entry.region_is_guess {
            continue;
        }
        let (now, written) = (present.value(name), known.written.get(name));
        if now.is_some_and(|now| same(name, now, value.as_str())) {
            is_recorded &= now == written.map(String::as_str);
            continue;
        }
        let is_untouched = match (now, written) {
            (Some(now), Some(written)) => {
                means_the_same(name, now, written) || remembered(name, now) == *written
            }
            // It says the same, and the program it names is gone: mending that is no question.
            (Some(now), None) => means_the_same(name, now, value.as_str()),
            (None, written) => written.is_none(),
        };
        let set = || Edit::Set { profile: present.name.clone(), key: key.clone(), value: value.clone() };
        let is_preferred = known.preferred.get(name).is_some_and(|(own, over)| {
            *own == now.map(|now| remembered(name, now)) && means_the_same(name, over, value.as_str())
        });
        match decision {
            _ if is_untouched => edits.push(set()),
            Some(Decision::Overwrite) => edits.push(set()),
            Some(Decision::Keep) => settled.push(name.to_owned()),
            None if is_preferred => settled.push(name.to_owned()),
            None => drifted.push(DriftedKey {
                key: name.to_owned(),
                own: now.map(str::to_owned),
                written: written.cloned(),
                wanted: value.as_str().to_owned(),
            }),
        }
    }
    edits.extend(outdated(entry, present, known));
    let drift = (!drifted.is_empty()).then(|| Drift {
        name: present.name.clone(),
        line: present.lines.first().copied(),
        keys: drifted,
    });
    Verdict { edits, drift, settled, is_recorded }
}

/// Keys that the settings asked for and no longer do, with the value that was written for them.
fn outdated(entry: &Wanted, present: &Profile, known: &Known) -> Vec<Edit> {
    let is_extra = |key: &&String| !["region", "credential_process", MARK].contains(&key.as_str());
    let is_gone = |key: &&String| entry.property(key).is_none();
    let unset = |key: &String| {
        let still = present.value(key) == known.written.get(key).map(String::as_str);
        let key: Key = key.parse().ok().filter(|_| still)?;
        Some(Edit::Unset { profile: present.name.clone(), key })
    };
    known.written.keys().filter(is_extra).filter(is_gone).filter_map(unset).collect()
}

/// Whether the program of a command is on this machine: a profile whose program is gone is of no use, and where jitpass
/// lies now is known.
fn can_be_run(value: &str, is_there: &dyn Fn(&str) -> bool) -> bool {
    command::arguments(value)
        .ok()
        .and_then(|words| words.into_iter().next())
        .is_some_and(|program| is_there(&program))
}

/// A value as it is remembered: of one that holds a secret only what tells it from others.
pub fn remembered(key: &str, value: &str) -> String {
    if secrets(format!("{key} = {value}").as_bytes()).is_empty() {
        return value.to_owned();
    }
    format!("sha256:{}", sha256_hex(value.as_bytes()))
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
    let (Ok(now), Ok(wanted)) = (command::arguments(now), command::arguments(wanted)) else { return false };
    now.len() == wanted.len() && now[1..] == wanted[1..] && command::is_jitpass(&now[0])
}
