//! What is wanted, less what is there, is what changes. No I/O.

mod diff;
mod naming;
mod reconcile;
mod wanted;

pub use diff::{Diff, DiffLine, Hunk, LineKind};
pub use naming::{DEFAULT_TEMPLATE, NameFields, NamingError, Template};
pub use reconcile::{Base, Change, Conflict, ProfilePlan, Reason, means_the_same, reconcile};
pub use wanted::{MARK, ProgramPath, Wanted, WantedError, Wish, wanted};
