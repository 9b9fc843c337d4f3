//! How long a credential may be given out, and when somebody should look after it.

use crate::base::Timestamp;

/// How long after its issue a console link is handed out. AWS accepts it for about 15 minutes.
pub const CONSOLE_SECONDS: i64 = 600;

/// Seconds after which a credential in use is checked against AWS again.
const VERIFY_SECONDS: i64 = 300;

/// The most that is kept in hand: botocore runs the process again for every request once less than 15 minutes
/// are left.
const MOST_MARGIN: i64 = 16 * 60;

/// The seconds before expiry at which a credential is no longer fresh: 16 minutes, or a third of its validity
/// where that is less, so that short-lived credentials do not thrash.
pub const fn margin(validity: i64) -> i64 {
    let third = validity / 3;
    if third < MOST_MARGIN { third } else { MOST_MARGIN }
}

/// The moments that decide what happens with a credential.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lifetime {
    /// When the portal issued it.
    pub issued: Timestamp,
    /// When it was last known to be accepted: its issue, or a later check.
    pub verified: Timestamp,
    /// When AWS stops accepting it.
    pub expires: Timestamp,
}

impl Lifetime {
    /// Of a credential issued at `issued`.
    pub const fn new(issued: Timestamp, expires: Timestamp) -> Self {
        Self { issued, verified: issued, expires }
    }

    /// Before this moment it is given out and nobody waits.
    pub const fn fresh_until(&self) -> Timestamp {
        self.expires.plus(-margin(self.expires.since(self.issued)))
    }

    /// After this moment somebody should refresh or verify it, while it is still given out.
    pub fn due(&self) -> Timestamp {
        let margin = margin(self.expires.since(self.issued));
        self.expires.plus(-2 * margin).min(self.verified.plus(VERIFY_SECONDS))
    }

    /// Before this moment its console link still opens the console.
    pub fn console_until(&self) -> Timestamp {
        self.issued.plus(CONSOLE_SECONDS).min(self.expires)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins() {
        assert_eq!([900, 2880, 3600, 43_200].map(margin), [300, 960, 960, 960]);
        assert_eq!(margin(0), 0);
    }

    #[test]
    fn an_hour_is_fresh_for_44_minutes() {
        let start = Timestamp::from_seconds(1_000_000);
        let life = Lifetime::new(start, start.plus(3600));
        assert_eq!(life.fresh_until().since(start), 3600 - 960);
        assert_eq!(life.due().since(start), 300);
        assert_eq!(life.console_until().since(start), 600);
        let verified = Lifetime { verified: start.plus(2000), ..life };
        assert_eq!(verified.due().since(start), 3600 - 1920);
    }

    #[test]
    fn a_quarter_of_an_hour_still_works() {
        let start = Timestamp::from_seconds(0);
        let life = Lifetime::new(start, start.plus(900));
        assert_eq!(
            (life.fresh_until().seconds(), life.due().seconds(), life.console_until().seconds()),
            (600, 300, 600)
        );
        let short = Lifetime::new(start, start.plus(300));
        assert_eq!(short.console_until().seconds(), 300);
    }
}
