//! How often each endpoint was asked, and by how many at once.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;

/// The requests of one endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
pub struct Count {
    /// All that arrived.
    pub total: usize,
    /// The most that were being answered at the same time.
    pub max_concurrent: usize,
    #[serde(skip)]
    now: usize,
}

/// The requests of all endpoints so far, by method and route (`GET v3/features/tenant/{id}`). Control calls under
/// `/demo/` are not among them.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize)]
#[serde(transparent)]
pub struct Counts(BTreeMap<String, Count>);

impl Counts {
    /// The count of one endpoint, written `GET v3/features/system`; without a method, of all methods.
    pub fn of(&self, endpoint: &str) -> usize {
        let named =
            |key: &str| key == endpoint || key.split_once(' ').is_some_and(|(_, route)| route == endpoint);
        self.0.iter().filter(|(key, _)| named(key)).map(|(_, count)| count.total).sum()
    }

    /// Requests to the portal's API: all but those to the stand-in for AWS (`sts`) and to the pages for people
    /// (`app/…`).
    pub fn portal(&self) -> usize {
        let counted = |key: &str| !key.ends_with(" sts") && !key.contains(" app/");
        self.0.iter().filter(|(key, _)| counted(key)).map(|(_, count)| count.total).sum()
    }

    /// Each endpoint that was asked, with its count.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Count)> {
        self.0.iter().map(|(key, count)| (key.as_str(), *count))
    }
}

/// The counter shared by all connections.
#[derive(Debug, Clone, Default)]
pub(super) struct Counter(Arc<Mutex<Counts>>);

impl Counter {
    /// Counts a request that arrives; it is being answered until what this returns is dropped.
    pub(super) fn enter(&self, key: String) -> Entered {
        self.change(|counts| {
            let count = counts.entry(key.clone()).or_default();
            count.total += 1;
            count.now += 1;
            count.max_concurrent = count.max_concurrent.max(count.now);
        });
        Entered { counter: self.clone(), key }
    }

    pub(super) fn read(&self) -> Counts {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Starts again from zero; requests under way stay under way.
    pub(super) fn reset(&self) {
        self.change(|counts| {
            counts.retain(|_, count| count.now > 0);
            for count in counts.values_mut() {
                *count = Count { total: 0, max_concurrent: count.now, now: count.now };
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut BTreeMap<String, Count>)) {
        change(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner).0);
    }
}

/// A request that is being answered.
#[derive(Debug)]
pub(super) struct Entered {
    counter: Counter,
    key: String,
}

impl Drop for Entered {
    fn drop(&mut self) {
        self.counter.change(|counts| {
            if let Some(count) = counts.get_mut(&self.key) {
                count.now = count.now.saturating_sub(1);
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn totals_and_the_most_at_once() {
        let counter = Counter::default();
        let enter = || counter.enter("GET v3/a".to_owned());
        let (one, two) = (enter(), enter());
        drop(one);
        let three = enter();
        drop((two, three));
        let _sts = counter.enter("POST sts".to_owned());
        let counts = counter.read();
        assert_eq!(counts.iter().next(), Some(("GET v3/a", Count { total: 3, max_concurrent: 2, now: 0 })));
        assert_eq!((counts.of("GET v3/a"), counts.of("v3/a"), counts.of("POST v3/a")), (3, 3, 0));
        assert_eq!(counts.portal(), 3);
    }

    #[test]
    fn a_reset_keeps_what_is_under_way() {
        let counter = Counter::default();
        let under_way = counter.enter("GET a".to_owned());
        drop(counter.enter("GET b".to_owned()));
        counter.reset();
        assert_eq!(
            counter.read().iter().collect::<Vec<_>>(),
            [("GET a", Count { total: 0, max_concurrent: 1, now: 1 })]
        );
        drop(under_way);
        assert_eq!(counter.read().0["GET a"].now, 0);
    }
}
