//! Using a profile in a shell: which one is meant, and which of the shell's variables change.
//!
//! 1. [`find`]: a name, a part of one, or something [`like`] one. Pure.
//! 2. [`Candidates`]: the profiles of this machine.
//! 3. [`Wish`] and [`Change`]: what is set, what is cleared because it would beat the profile, what stays. Pure, from a
//!    table of variables.

mod candidates;
mod change;
mod matching;

pub use candidates::{Candidate, Candidates};
pub use change::{Change, Line, Wish, current, previous};
pub use matching::{Found, find, like};
