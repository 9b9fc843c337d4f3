//! Where requests wait for a decision, and the decision goes back to the browser.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::mpsc::Receiver;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::pages::Page;
use super::shelf::Shelf;
use crate::base::Secret;
use crate::host::random;

/// A running listener. It stops when this is dropped.
pub struct Desk {
    pub(super) visits: Receiver<Visit>,
    pub(super) shelf: Arc<Shelf>,
    pub(super) stop: Option<oneshot::Sender<()>>,
    pub(super) thread: Option<JoinHandle<()>>,
    pub(super) ended: Receiver<()>,
}

/// A request that needs a decision. Its connection waits for the answer.
#[derive(Debug)]
pub enum Visit {
    /// The portal's page hands a token over, or something that says it is it.
    Delivery {
        /// The token: nobody has asked the portal about it yet.
        token: Secret,
        /// The one-time code the person typed.
        otp: Option<Secret>,
        /// Whether the request certainly comes from the portal's page.
        is_proven: bool,
        /// The way back.
        reply: Reply,
    },
    /// The person pressed Cancel on the portal's page, or something says so.
    Cancel {
        /// Whether the request certainly comes from the portal's page.
        is_proven: bool,
        /// The way back.
        reply: Reply,
    },
    /// The button of a page of ours was pressed, on that page.
    Press {
        /// The one-time value; whether it is one that was given out is for the asker to see.
        value: String,
        /// The way back.
        reply: Reply,
    },
}

/// What the person at the browser is told. Names and reasons are shown as text, whatever is in them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// Signed in: the end.
    SignedIn {
        /// Who.
        person: String,
    },
    /// The person is asked whether it is really them.
    Confirm {
        /// Whose token it is.
        person: String,
        /// Who was signed in before, when it is another.
        before: Option<String>,
        /// What the button sends back ([`Visit::Press`]).
        value: String,
    },
    /// The person is asked whether waiting should really end.
    ConfirmStop {
        /// What the button sends back ([`Visit::Press`]).
        value: String,
    },
    /// Cancelled: the end.
    Stopped,
    /// The portal does not accept the token; jitpass still waits.
    TokenRefused {
        /// Why.
        reason: String,
    },
    /// The token is kept, the one-time code that came with it is no good; jitpass still waits.
    CodeRefused {
        /// Why.
        reason: String,
    },
    /// Signing in came to nothing for another reason.
    Unable {
        /// Why.
        reason: String,
    },
    /// There is nothing to decide any more.
    Over {
        /// Who is signed in.
        person: Option<String>,
    },
}

/// The way back to the browser. Dropped without an answer, it says that something went wrong.
pub struct Reply {
    pub(super) way: oneshot::Sender<Outcome>,
    pub(super) manner: Manner,
    pub(super) shelf: Arc<Shelf>,
    pub(super) turn: Arc<Turn>,
    /// `http://localhost:4100`, as the browser calls us.
    pub(super) base: String,
}

/// How a request came, and so how it is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// The browser shows the person what it gets: it is led to a page of ours.
    Navigation,
    /// The portal's script reads the answer and shows its own.
    Script,
}

/// What a connection is told.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Lead the browser to the page of that name.
    Page(String),
    /// Say to the script whether it worked; the name under which the shelf expects to hear that it has been said.
    Word { is_good: bool, end: Option<String> },
}

/// Whether a request is still waiting to be taken: the desk and the connection's limit both want to know, and only
/// one of them can be first.
#[derive(Debug, Default)]
pub(super) struct Turn(AtomicU8);

impl Turn {
    const TAKEN: u8 = 1;
    const GIVEN_UP: u8 = 2;

    fn move_to(&self, state: u8) -> bool {
        self.0.compare_exchange(0, state, Ordering::SeqCst, Ordering::SeqCst).is_ok()
    }

    pub(super) fn take(&self) -> bool {
        self.move_to(Self::TAKEN)
    }

    pub(super) fn give_up(&self) -> bool {
        self.move_to(Self::GIVEN_UP)
    }
}

impl fmt::Debug for Desk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Desk").finish_non_exhaustive()
    }
}

impl Desk {
    /// The next request that needs a decision; `None` at the deadline, and when the listener has died. One at a time:
    /// others wait in a short queue. One whose browser has been sent away already is left out.
    pub fn next(&self, deadline: Instant) -> Option<Visit> {
        loop {
            let left = deadline.saturating_duration_since(Instant::now());
            let visit = self.visits.recv_timeout(left).ok()?;
            if visit.reply().turn.take() {
                return Some(visit);
            }
        }
    }

    /// Waits until the browser has the last page that may be an end ([`Answer::SignedIn`], [`Answer::Stopped`],
    /// [`Answer::Unable`]), so that
    /// the process can go. Says whether it has it; with no such page to wait for it has.
    pub fn wait_until_shown(&self, deadline: Instant) -> bool {
        self.shelf.wait_until_shown(deadline)
    }

    /// Stops at once. Connections that are open are closed without an answer.
    pub fn close(self) {
        drop(self);
    }
}

/// The event loop ends as soon as it is told; a thread that does not is left behind.
const LONGEST_END: Duration = Duration::from_secs(2);

impl Drop for Desk {
    fn drop(&mut self) {
        // Fails when the thread has ended already.
        let _ = self.stop.take().map(|stop| stop.send(()));
        let has_ended =
            !matches!(self.ended.recv_timeout(LONGEST_END), Err(std::sync::mpsc::RecvTimeoutError::Timeout));
        if let Some(thread) = self.thread.take().filter(|_| has_ended) {
            // A panic on that thread was already reported there.
            let _ = thread.join();
        }
    }
}

impl Visit {
    fn reply(&self) -> &Reply {
        match self {
            Self::Delivery { reply, .. } | Self::Cancel { reply, .. } | Self::Press { reply, .. } => reply,
        }
    }
}

/// The pages it could be led to have names that nobody is to know.
impl fmt::Debug for Reply {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reply").field("manner", &self.manner).finish_non_exhaustive()
    }
}

impl Reply {
    /// Whether the browser shows the person what it is answered.
    pub fn leads_there(&self) -> bool {
        self.manner == Manner::Navigation
    }

    /// Answers the browser. Gives the address of the page that says so, where there is one: the portal's script leads
    /// nobody to it, so that somebody has to be told of a page with a button.
    pub fn give(self, answer: Answer) -> Option<String> {
        let is_good = matches!(answer, Answer::SignedIn { .. } | Answer::Confirm { .. } | Answer::Stopped);
        // What came to nothing may be the last word too: nobody should be led to a page that is not there.
        let is_end = matches!(answer, Answer::SignedIn { .. } | Answer::Stopped | Answer::Unable { .. });
        let has_button = matches!(answer, Answer::Confirm { .. } | Answer::ConfirmStop { .. });
        let page =
            (self.manner == Manner::Navigation || has_button).then(|| self.shelf.put(Page::Answer(answer)));
        let end = is_end.then(|| page.clone().unwrap_or_else(random::name));
        // Before the answer, lest the browser be faster.
        self.shelf.expect(end.clone());
        let outcome = match (&page, self.manner) {
            (Some(name), Manner::Navigation) => Outcome::Page(name.clone()),
            _ => Outcome::Word { is_good, end },
        };
        if self.way.send(outcome).is_err() && is_end {
            // Nobody is there to see it.
            self.shelf.expect(None);
        }
        page.map(|name| format!("{}/page/{name}", self.base))
    }
}
