//! The portal's clock, which can be moved.

use std::time::SystemTime;

use crate::base::Timestamp;

/// The system's clock moved by so many seconds: what the portal and its AWS take for the time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Clock {
    ahead: i64,
}

impl Clock {
    /// What time it is at the portal.
    pub(super) fn now(self) -> Timestamp {
        Timestamp::from_system(SystemTime::now()).plus(self.ahead)
    }

    /// Moves the clock on (back when negative), on top of what it was moved before.
    pub(super) fn advance(&mut self, seconds: i64) {
        self.ahead = self.ahead.saturating_add(seconds);
    }
}

/// The form of the `Date` header (RFC 9110, IMF-fixdate): `Wed, 01 Jul 2026 12:00:00 GMT`.
pub(super) fn http_date(moment: Timestamp) -> String {
    const MONTHS: [&str; 12] =
        ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    // 1970-01-01 was a Thursday.
    const DAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
    let text = moment.to_string();
    let day = usize::try_from(moment.seconds().div_euclid(86_400).rem_euclid(7)).unwrap_or_default();
    let month = text[5..7].parse::<usize>().unwrap_or(1) - 1;
    format!("{}, {} {} {} {} GMT", DAYS[day], &text[8..10], MONTHS[month], &text[..4], &text[11..19])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_http_writes_them() {
        let written = |seconds| http_date(Timestamp::from_seconds(seconds));
        assert_eq!(written(784_111_777), "Sun, 06 Nov 1994 08:49:37 GMT");
        assert_eq!(written(0), "Thu, 01 Jan 1970 00:00:00 GMT");
    }
}
