//! The integration in the person's shells.
//!
//! 1. [`Survey`] looks which shells are there, and reads their start-up files.
//! 2. [`install`] and [`uninstall`] plan what happens to these; the command shows it and applies it.
//! 3. The logic lies in scripts of ours, which the start-up files only load: [`scripts`] writes them, and anew when
//!    jitpass was upgraded.
//! 4. When blocks are taken back or brought back, the scripts follow: [`following`].

pub mod by_hand;
pub mod following;
pub mod install;
pub mod scripts;
mod survey;
pub mod uninstall;

pub use survey::{Survey, Traits, present_shell};
