//! The portal simulator, seen from outside.

mod control;
mod faults;
pub(crate) mod raw;
mod sign_in;
mod status_matrix;
mod sts;
