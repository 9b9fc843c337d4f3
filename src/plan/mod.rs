//! What is wanted, less what is there, is what changes. No I/O.

mod adoption;
mod choice;
mod diff;
mod entry;
mod extra_keys;
mod glob;
mod marked;
mod naming;
mod own_command;
pub mod predecessor;
mod profile_plan;
mod reconcile;
mod secrets;
mod sources;
mod take_back;
mod three_way;
mod trade;
mod veil;
mod wanted;

pub use adoption::Moved;
pub use choice::{TenantFilter, fits};
pub use diff::{Diff, DiffLine, Hunk, LineKind, Touched};
pub use entry::{Entry, EntryError, MARK, ProgramPath, scope_arguments};
pub use extra_keys::{KeyStanding, meant, standing};
pub use glob::Glob;
pub use marked::{Known, Marked, Records};
pub use naming::{DEFAULT_TEMPLATE, FIELDS, NameFields, NamingError, Template};
pub use own_command::OwnCommand;
pub use profile_plan::{Conflict, Orphan, ProfileChange, ProfilePlan, Reason, Settled};
pub use reconcile::{Decision, OrphanTerms, Terms, reconcile};
pub use secrets::secrets;
pub use sources::{Place, Rival, Source, SourceKind, Sources, Variables, chosen, of_variables};
pub use take_back::{
    Anchors, Clash, Spot, Written, anchors, header_of, sections, take_back, take_back_plain, unified,
};
pub use three_way::{Drift, DriftedKey, means_the_same, remembered};
pub use veil::{Mark, Piece, Veiled, shown};
pub use wanted::{Wanted, WantedError, Wish, WishedTenant, wanted};
