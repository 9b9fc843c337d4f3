//! The shells: kind, quoting, script, start-up file, block. No I/O.

pub mod block;
mod completion_system;
mod kind;
mod load_line;
mod quoting;
mod script;
pub mod start_up;

pub use completion_system::starts_completion;
pub use kind::{Shell, UnknownShell};
pub use load_line::{Unloadable, load_line};
pub use quoting::{Unquotable, literal};
pub use script::{completions, integration};
