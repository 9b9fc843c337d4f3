//! Things to try jitpass against on one machine, without an account.

pub mod portal;
pub mod sandbox;
