//! Reading and editing the shared config file, against the messy corpus, generated documents and real readers.

#![expect(clippy::unwrap_used, reason = "a test may fail wherever it likes")]

mod corpus;
mod editing;
pub(crate) mod generate;
mod lines;
mod meaning;
mod mutate;
pub(crate) mod oracle;
mod precedence;
mod quoting;
mod reading;
mod renames;
mod round_trip;
mod scanning;
mod sequence;
mod sequences;
mod suite;
