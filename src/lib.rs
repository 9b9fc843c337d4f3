//! jitpass: just-in-time AWS access through DuploCloud portals.
//!
//! The modules stand on floors; imports point strictly down and modules on one floor never meet
//! (`tests/architecture.rs` checks every path):
//!
//! | floor | modules |
//! |--:|---|
//! | 4 | [`cli`] |
//! | 3 | [`hit`] [`ops`] [`demo`] |
//! | 2 | [`plan`] [`store`] [`portal`] [`aws`] |
//! | 1 | [`awsconfig`] [`credential`] [`host`] [`net`] [`shell`] |
//! | 0 | [`base`] |

pub mod aws;
pub mod awsconfig;
pub mod base;
pub mod cli;
pub mod credential;
pub mod demo;
pub mod hit;
pub mod host;
pub mod net;
pub mod ops;
pub mod plan;
pub mod portal;
pub mod shell;
pub mod store;
