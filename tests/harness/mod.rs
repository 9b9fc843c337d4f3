//! What the tests stand on: a sandbox to run the program in, and real parts around it.
//!
//! 1. A [`Sandbox`] is a home directory, an environment and, where a test wants one, a portal.
//! 2. [`Sandbox::jitpass`] makes a [`Call`]; run, it gives a [`Run`]: status, output, changed files.
//! 3. [`Run::transcript`] is all of that as text without the accidents of one run, for snapshots.
//! 4. Every run is searched for secrets, and recorded when `tests/run` asks for it (`record`).
//! 5. Around it: other programs ([`tool`]), system calls counted (`strace`), another user (`unprivileged`), AWS
//!    ([`Moto`]).
//!
//! Everything started here is ended by a deadline, and the test then fails with what was printed.

mod call;
mod display;
mod files;
mod itself;
mod moto;
mod plain;
mod record;
mod run;
mod sandbox;
mod strace;
mod tmux;
mod tools;
mod unprivileged;

pub(crate) use call::{Call, Started};
pub(crate) use display::Display;
pub(crate) use moto::Moto;
pub(crate) use run::Run;
pub(crate) use sandbox::Sandbox;
pub(crate) use tmux::Tmux;
pub(crate) use tools::{skip, tool};
