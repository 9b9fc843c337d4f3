//! Which profiles are used most, so that lists begin with them.
//!
//! A use counts 1, and half of that two weeks later, so that what a person did all spring gives way to what they do
//! now. The scores of all are kept as of their own last use; compared are those of one moment.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use crate::base::Timestamp;
use crate::host::files;

/// Seconds after which a use counts half.
const HALF_LIFE: f64 = 14.0 * 86_400.0;

/// The most profiles that are remembered; those used least go first.
const MOST: usize = 500;

/// The longest name that is remembered, in bytes.
const LONGEST: usize = 256;

/// The largest file that is read.
const MOST_BYTES: u64 = 1 << 20;

/// How often and how lately each profile was used. Names are data, whatever is in them.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Usage {
    profiles: BTreeMap<String, Use>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Use {
    /// What all uses counted at the last of them.
    score: f64,
    /// When that was, in seconds since 1970.
    at: i64,
}

impl Use {
    fn score_at(self, now: Timestamp) -> f64 {
        // A clock that was set back makes nothing count more.
        let seconds = now.since(Timestamp::from_seconds(self.at)).clamp(0, i64::from(u32::MAX));
        let seconds = u32::try_from(seconds).map_or(f64::MAX, f64::from);
        let score = self.score * (-seconds / HALF_LIFE).exp2();
        if score.is_finite() { score.max(0.0) } else { 0.0 }
    }
}

impl Usage {
    /// What is known; nothing where nothing was counted, or it cannot be read.
    pub fn load(state_dir: &Path) -> Self {
        let bytes = files::read_private(&file(state_dir), MOST_BYTES).ok();
        bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default()
    }

    /// Counts a use of a profile. Of two at the same moment one may be lost, which no list shows.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub fn count(state_dir: &Path, profile: &str, now: Timestamp) -> std::io::Result<()> {
        if profile.len() > LONGEST {
            return Ok(());
        }
        let mut usage = Self::load(state_dir);
        usage.add(profile, now);
        let json = serde_json::to_vec(&usage).map_err(std::io::Error::other)?;
        files::write_private(&file(state_dir), &json)
    }

    fn add(&mut self, profile: &str, now: Timestamp) {
        let score = 1.0 + self.score(profile, now);
        self.profiles.insert(profile.to_owned(), Use { score, at: now.seconds() });
        while self.profiles.len() > MOST {
            let others = self.profiles.iter().filter(|(name, _)| *name != profile);
            let least = others.min_by(|(_, a), (_, b)| a.score_at(now).total_cmp(&b.score_at(now)));
            let Some(least) = least.map(|(name, _)| name.clone()) else { return };
            self.profiles.remove(&least);
        }
    }

    /// How much a profile is used: the more, the more; 0 for one that never was.
    pub fn score(&self, profile: &str, now: Timestamp) -> f64 {
        self.profiles.get(profile).map_or(0.0, |one| one.score_at(now))
    }

    /// Puts what is used most first; what is used alike stays in its order.
    pub fn sort<T>(&self, list: &mut [T], now: Timestamp, name: impl Fn(&T) -> &str) {
        if !self.profiles.is_empty() {
            // None is below zero or no number, and such are in the order of their bits.
            list.sort_by_cached_key(|one| Reverse(self.score(name(one), now).to_bits()));
        }
    }
}

fn file(state_dir: &Path) -> PathBuf {
    state_dir.join("usage.json")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY: i64 = 86_400;

    #[test]
    fn what_is_used_most_and_lately_comes_first() {
        let dir = tempfile::tempdir().unwrap();
        let start = Timestamp::from_seconds(1_000_000_000);
        let count = |name: &str, day: i64| Usage::count(dir.path(), name, start.plus(day * DAY)).unwrap();
        let order = |day: i64| {
            let mut list = vec!["never", "spring", "now", "once"];
            Usage::load(dir.path()).sort(&mut list, start.plus(day * DAY), |name| name);
            list
        };
        assert_eq!(order(0), ["never", "spring", "now", "once"]);
        for _ in 0..9 {
            count("spring", 0);
        }
        count("once", 1);
        count("now", 1);
        count("now", 2);
        assert_eq!(order(2), ["spring", "now", "once", "never"]);
        for day in 60..64 {
            count("now", day);
        }
        assert_eq!(order(64), ["now", "spring", "once", "never"]);
        // Another clock.
        assert_eq!(order(-10_000), ["spring", "now", "once", "never"]);
        assert_eq!(order(1_000_000).len(), 4);
    }

    #[test]
    fn names_are_data_and_few_are_kept() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::from_seconds(1_000_000_000);
        let odd = "../a\u{1b}[2J\"\n$(id)";
        for name in [odd, odd, "", &"x".repeat(300)] {
            Usage::count(dir.path(), name, now).unwrap();
        }
        let usage = Usage::load(dir.path());
        assert!((usage.score(odd, now) - 2.0).abs() < 1e-9 && usage.profiles.len() == 2);
        assert_eq!(files::list(dir.path()), [dir.path().join("usage.json")]);
        let mut many = usage;
        (0..600).for_each(|n| many.add(&format!("p{n}"), now));
        assert!(many.profiles.len() == MOST && many.profiles.contains_key(odd));
    }

    #[test]
    fn a_damaged_file_counts_from_nothing() {
        let dir = tempfile::tempdir().unwrap();
        let now = Timestamp::from_seconds(1_000_000_000);
        for damage in ["", "{", "[]", r#"{"profiles":{"a":{"score":1e999,"at":0}}}"#] {
            files::write_private(&file(dir.path()), damage.as_bytes()).unwrap();
            assert!(Usage::load(dir.path()).score("a", now) < 1e-9, "{damage}");
            Usage::count(dir.path(), "a", now).unwrap();
            assert!(Usage::load(dir.path()).score("a", now) >= 1.0, "{damage}");
        }
    }
}
