//! `jitpass profile`, as people and programs meet it.

mod import;
