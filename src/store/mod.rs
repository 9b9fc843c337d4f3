//! What jitpass keeps for itself: credential cache, tokens, settings, what it wrote and what was there before.

pub mod cache;
pub mod flight;
pub mod journal;
pub mod keyring;
pub mod managed;
pub mod portal_facts;
pub mod settings;
pub mod shelf;
pub mod sign_in;
pub mod tokens;
pub mod usage;
