//! The portal simulator, seen from outside.

mod control;
mod faults;
mod raw;
mod sign_in;
mod status_matrix;
mod sts;
