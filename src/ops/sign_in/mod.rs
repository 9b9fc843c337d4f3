//! Getting somebody to sign in, whoever asks and however many ask at once.
//!
//! 1. Who needs it looks whether a wait is open already, and joins it. ([`begin`])
//! 2. Else it is decided whether somebody may be bothered. ([`policy`])
//! 3. A process of its own listens for the browser: those who ask get killed by their callers. ([`listener`])
//! 4. It decides about what the browser brings ([`desk`]), keeps the token, and writes down how it ended.
//! 5. Whoever waits reads that. ([`Open::wait`])
//! 6. When nobody waits any more, it looks for tenants without a profile. ([`news`])

mod begin;
mod desk;
mod job;
pub mod listener;
pub mod news;
mod open;
mod policy;
mod program;

pub use begin::{Wish, begin, failure_of};
pub use job::{Browse, Job};
pub use open::{Open, Waited};
pub use policy::Caller;
pub use program::{Errand, for_program, who_asks};
