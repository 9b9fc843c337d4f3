//! Every test that sees the whole program, in one binary: it links once.

#![expect(clippy::needless_raw_string_hashes, reason = "snapshots are written by a tool that adds them")]

mod architecture;
mod awsconfig;
mod cli;
mod clients;
mod demo;
mod harness;
#[cfg(target_os = "linux")]
mod host;
mod keeper;
mod keyring;
mod shells;
mod sign_in;
mod typed;
mod undo;
