//! A wait that is open, as those see it who wait.

use std::time::{Duration, Instant};

use crate::base::PortalAddress;
use crate::store::sign_in::{Ending, SignIns, Wait};

/// How long between two looks.
const PAUSE: Duration = Duration::from_millis(50);

/// Every how many looks it is made sure that the listener lives.
const LOOKS: u32 = 20;

/// A wait that was joined or started.
#[derive(Debug)]
pub struct Open {
    sign_ins: SignIns,
    portal: PortalAddress,
    /// The wait as it was last seen.
    pub wait: Wait,
    /// Whether it was started here, rather than joined.
    pub is_own: bool,
    looks: u32,
}

/// How it went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// It ended.
    Ended(Ending),
    /// Its listener is gone without a word, or another has taken its place.
    Gone,
    /// Whoever waits has what they need from elsewhere.
    Enough,
}

impl Open {
    pub(super) fn new(sign_ins: SignIns, portal: PortalAddress, wait: Wait, is_own: bool) -> Self {
        Self { sign_ins, portal, wait, is_own, looks: 0 }
    }

    /// Looks whether it is over, after a pause; `None` while it is not.
    pub fn look(&mut self) -> Option<Waited> {
        std::thread::sleep(PAUSE);
        self.looks += 1;
        // In this order: a listener writes down how it ended before it goes.
        let is_gone = self.looks.is_multiple_of(LOOKS) && !self.sign_ins.is_listening(&self.portal);
        match self.sign_ins.record(&self.portal).wait_of(&self.wait.id) {
            Some(wait) => self.wait = wait.clone(),
            None => return Some(Waited::Gone),
        }
        match &self.wait.ending {
            Some(ending) => Some(Waited::Ended(ending.clone())),
            None => is_gone.then_some(Waited::Gone),
        }
    }

    /// Waits until it is over, or the deadline. `each` is called after every look, and may end the waiting.
    pub fn wait(&mut self, deadline: Instant, mut each: impl FnMut(&Wait) -> bool) -> Option<Waited> {
        loop {
            if let Some(waited) = self.look() {
                return Some(waited);
            }
            if each(&self.wait) {
                return Some(Waited::Enough);
            }
            if Instant::now() >= deadline {
                return None;
            }
        }
    }
}
