//! One call of the keyring, waited for no longer than its limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::KeyringError;

/// A call in progress, as the thread sees it that does the work.
#[derive(Debug, Clone)]
pub(super) struct Turn {
    over: Arc<AtomicBool>,
    until: Instant,
}

impl Turn {
    /// Goes on if the caller still waits. Asked before each change: a thread that was given up must not write what
    /// its caller has kept elsewhere, or has replaced, meanwhile.
    pub(super) fn goes_on(&self) -> Result<(), KeyringError> {
        if self.over.load(Ordering::Acquire) { Err(KeyringError::Slow) } else { Ok(()) }
    }

    /// How much of the limit is left.
    pub(super) fn left(&self) -> Duration {
        self.until.saturating_duration_since(Instant::now())
    }
}

/// Does `work` on a thread of its own and gives it up after `limit`. The thread then ends on its own, or with the
/// process: nothing joins it.
pub(super) fn within<T: Send + 'static>(
    limit: Duration,
    work: impl FnOnce(&Turn) -> Result<T, KeyringError> + Send + 'static,
) -> Result<T, KeyringError> {
    // Where the sum has no end, an hour is as good as for ever.
    let until = Instant::now().checked_add(limit).unwrap_or_else(|| Instant::now() + Duration::from_hours(1));
    let turn = Turn { over: Arc::default(), until };
    let (send, receive) = mpsc::sync_channel(1);
    let theirs = turn.clone();
    let started = thread::Builder::new().name("keyring".to_owned()).spawn(move || {
        // Nobody listens when it comes too late; a token is overwritten as it is dropped.
        let _ = send.send(work(&theirs));
    });
    started.map_err(|error| KeyringError::Failed { reason: format!("no thread for it: {error}") })?;
    receive.recv_timeout(turn.left()).unwrap_or_else(|error| {
        turn.over.store(true, Ordering::Release);
        Err(match error {
            RecvTimeoutError::Timeout => KeyringError::Slow,
            RecvTimeoutError::Disconnected => {
                KeyringError::Failed { reason: "its client ended half-way".to_owned() }
            }
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONG: Duration = Duration::from_mins(1);

    #[test]
    fn gives_the_answer() {
        assert_eq!(within(LONG, |turn| turn.goes_on().map(|()| 7)), Ok(7));
        assert_eq!(within(Duration::MAX, |_| Ok(7)), Ok(7));
        assert_eq!(within::<()>(LONG, |_| Err(KeyringError::Locked)), Err(KeyringError::Locked));
    }

    #[test]
    fn what_takes_too_long_is_given_up_and_changes_nothing_afterwards() {
        let (given_up, hears) = mpsc::channel::<()>();
        let (tells, after) = mpsc::channel();
        let slow = within(Duration::from_millis(1), move |turn| {
            hears.recv().ok();
            tells.send(turn.goes_on()).ok();
            Ok(())
        });
        assert_eq!(slow, Err(KeyringError::Slow));
        given_up.send(()).unwrap();
        assert_eq!(after.recv_timeout(LONG).unwrap(), Err(KeyringError::Slow));
    }
}
