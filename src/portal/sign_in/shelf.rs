//! The pages that wait to be fetched.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::pages::Page;
use crate::host::random;

/// Pages by names that nobody can guess, so that a navigation with a token in its address can be led away from it,
/// and the page it is led to can be loaded again.
#[derive(Default)]
pub(super) struct Shelf {
    state: Mutex<State>,
    shown: Condvar,
}

#[derive(Default)]
struct State {
    pages: VecDeque<(String, Page)>,
    /// The end that nobody has seen yet.
    awaited: Option<String>,
}

/// More are not wanted again: whoever leaves so many behind is no person.
const MOST_PAGES: usize = 64;

impl Shelf {
    /// Keeps a page; gives its name.
    pub(super) fn put(&self, page: Page) -> String {
        let name = random::name();
        let mut state = self.lock();
        if state.pages.len() == MOST_PAGES {
            state.pages.pop_front();
        }
        state.pages.push_back((name.clone(), page));
        name
    }

    /// A page by its name.
    pub(super) fn find(&self, name: &str) -> Option<Page> {
        let state = self.lock();
        state.pages.iter().find(|(known, _)| known == name).map(|(_, page)| page.clone())
    }

    /// From now on the sign-in is over as soon as that has been shown.
    pub(super) fn expect(&self, end: Option<String>) {
        self.lock().awaited = end;
        self.shown.notify_all();
    }

    /// The browser has it.
    pub(super) fn show(&self, name: &str) {
        let mut state = self.lock();
        if state.awaited.as_deref() == Some(name) {
            state.awaited = None;
            self.shown.notify_all();
        }
    }

    /// Waits until the browser has the end, if there is one.
    pub(super) fn wait_until_shown(&self, deadline: Instant) -> bool {
        let mut state = self.lock();
        while state.awaited.is_some() {
            let left = deadline.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shown.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        true
    }

    /// What is behind the lock is whole between any two lines, so that a panic elsewhere does not matter.
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oldest_page_makes_room() {
        let shelf = Shelf::default();
        let names: Vec<String> = (0..=MOST_PAGES).map(|_| shelf.put(Page::Waiting)).collect();
        assert_eq!(shelf.find(&names[0]), None);
        assert!(names[1..].iter().all(|name| shelf.find(name) == Some(Page::Waiting)));
        assert!(names.iter().all(|name| name.len() == 32));
    }

    #[test]
    fn only_the_end_that_is_awaited_ends_the_waiting() {
        let shelf = Shelf::default();
        let past = Instant::now();
        assert!(shelf.wait_until_shown(past));
        shelf.expect(Some("a".to_owned()));
        shelf.show("b");
        assert!(!shelf.wait_until_shown(past));
        shelf.show("a");
        assert!(shelf.wait_until_shown(past));
    }
}
