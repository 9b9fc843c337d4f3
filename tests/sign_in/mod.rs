//! Signing in: the listener as browsers and others meet it, and all that asks for one.

mod browser;
mod codes;
mod console;
mod flow;
mod found;
mod hostile;
mod killing;
mod listener;
mod night;
mod pasting;
mod patience;
mod person;
mod processes;
mod secrets;
mod states;
mod storm;
mod token_command;
mod uninstalled;
mod wire;
