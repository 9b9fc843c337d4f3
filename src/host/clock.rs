//! What time it is.

use std::time::SystemTime;

use crate::base::Timestamp;

/// The present moment.
///
/// Builds with debug assertions take it from `JITPASS_TEST_NOW` (seconds since 1970) when that is set, so that
/// tests can let an hour pass without waiting for it.
pub fn now() -> Timestamp {
    #[cfg(debug_assertions)]
    if let Some(seconds) = std::env::var("JITPASS_TEST_NOW").ok().and_then(|text| text.parse().ok()) {
        return Timestamp::from_seconds(seconds);
    }
    Timestamp::from_system(SystemTime::now())
}
