//! Any file, any edits: what `tests/awsconfig/sequence.rs` says of them holds.
#![no_main]

use jitpass_fuzz::edit;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| edit(input));
