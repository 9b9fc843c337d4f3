//! Signing in with a real browser: headless Chromium, driven by `drive.cjs`.
//!
//! 1. A [`Stage`] is a sandbox with a portal, over http on loopback or over https as if on the internet, and a stand-in
//!    for the opener that writes down which address jitpass wants opened.
//! 2. A [`Chromium`] is the browser; each person in it has cookies of their own, each [`Tab`] belongs to a person.
//! 3. The tests say what the person does and sees, and check what jitpass made of it.

mod another_person;
mod callbacks;
mod cancelling;
mod chromium;
mod codes;
mod gallery;
mod stage;
mod steps;
mod strangers;
mod tabs;
mod what_is_sent;

use chromium::{Chromium, Manner, Tab};
use stage::{Stage, World};
