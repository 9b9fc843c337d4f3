//! What time it is, and how long to wait.

use std::time::{Duration, SystemTime};

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

/// How long to wait where `usual` is meant.
///
/// Builds with debug assertions divide it by `JITPASS_TEST_HASTE` when that is set, so that tests need not sit out
/// every deadline.
pub fn patience(usual: Duration) -> Duration {
    #[cfg(debug_assertions)]
    if let Some(haste) = std::env::var("JITPASS_TEST_HASTE").ok().and_then(|text| text.parse::<u32>().ok()) {
        return usual / haste.max(1);
    }
    usual
}
