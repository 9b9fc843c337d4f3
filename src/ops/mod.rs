//! One file per thing a person or a program can ask for.

pub mod acquaint;
pub mod answer;
pub mod change;
pub mod closest;
pub mod demand;
pub mod draft;
pub mod duplo;
pub mod failure;
pub mod history;
pub mod import;
pub mod issue;
mod journaling;
pub mod login;
pub mod machine;
pub mod portal;
pub mod profile;
pub mod setup;
pub mod sign_in;
pub mod status;
pub mod sync;
pub mod token;
pub mod undo;
pub mod upkeep;
pub mod verify;
mod way_back;
pub mod write;
