//! The programs that call the credential process, as they really are, and what their calls cost.

mod agreement;
mod counting;
mod killing;
