//! The AWS config file that every AWS program on the machine shares, as bytes that can be edited. No I/O.
//!
//! There is no specification of the format, only readers that differ, so nothing here guesses:
//!
//! 1. `line` says what each line is, literally; it knows nothing of profiles.
//! 2. `header` says whom a `[section]` line names and which readers see it.
//! 3. [`Document`] holds the lines over the original bytes: `render(parse(b)) == b` for every `b`.
//! 4. [`Profile`] is what the SDKs make of a profile; [`Disagreement`]s are where they do not agree.
//! 5. [`Edit`]s change exact lines, or are refused with line and reason ([`EditError`]).
//! 6. [`guard`] lets an unrelated parser confirm that nothing else changed.
//!
//! [`command`] builds and splits the `credential_process` value by the rules that all readers share.

mod anomaly;
pub mod command;
mod disagreement;
mod document;
mod edit;
pub mod guard;
mod header;
mod insertion;
mod line;
mod profile;
mod readers;
mod refusal;
mod renaming;
mod replacement;
pub mod scan;
mod second_reader;
mod section;
mod style;
mod value;

pub use anomaly::Anomaly;
pub use disagreement::Disagreement;
pub use document::Document;
pub use edit::Edit;
pub use header::SectionKind;
pub use profile::{Effective, Profile};
pub use readers::Readers;
pub use refusal::EditError;
pub use section::{Property, Section};
pub use value::{Key, Value, ValueError};
