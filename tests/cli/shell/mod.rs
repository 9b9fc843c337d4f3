//! The integration in start-up files: in, again, renewed, out.

mod install;
mod setup;
mod terminal;
mod undo;
mod uninstall;
