//! The machine: environment, directories, files, locks, clock, terminal, processes.
//!
//! The only module that asks it anything. All else takes what it needs as arguments, so that it can be tested
//! with another machine in mind.

pub mod attendance;
pub mod browser;
pub mod clipboard;
pub mod clock;
pub mod core_dumps;
pub mod detach;
pub mod dirs;
pub mod editor;
pub mod env;
pub mod files;
pub mod inherited;
pub mod locks;
pub mod login_shell;
pub mod made;
mod old_file;
pub mod openers;
mod osc52;
pub mod others;
pub mod parent;
pub mod peers;
pub mod place;
pub mod process;
pub mod program;
pub mod quiet;
pub mod random;
pub mod surroundings;
pub mod terminal;
#[cfg(all(test, unix))]
mod test_programs;
pub mod user_file;
