//! Diagnostics on stderr, when asked for.

use tracing_subscriber::Layer as _;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use crate::host::env::{Env, names};

/// Shows jitpass's own diagnostics with `--debug` or `JITPASS_LOG=LEVEL`. Those of libraries stay out: the HTTP
/// ones could show header fields, and with them tokens.
pub(super) fn start(env: &Env, debug: bool) {
    let asked = env.text(names::JITPASS_LOG).and_then(|level| level.parse().ok());
    let level = if debug { Some(LevelFilter::DEBUG) } else { asked };
    let Some(level) = level else { return };
    let lines =
        tracing_subscriber::fmt::layer().with_writer(std::io::stderr).with_target(false).with_ansi(false);
    let ours = Targets::new().with_target("jitpass", level);
    // Set once, at the start of the process.
    let _ = tracing_subscriber::registry().with(lines.with_filter(ours)).try_init();
}
