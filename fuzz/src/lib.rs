//! The document under `~/.aws/config`, without the rest of jitpass: it builds in seconds, and only its own branches
//! lead the fuzzer.

extern crate self as jitpass;

#[path = "../../src/awsconfig/mod.rs"]
pub mod awsconfig;
#[path = "../../src/base/mod.rs"]
pub mod base;
#[path = "../../tests/awsconfig/lines.rs"]
mod lines;
#[expect(dead_code, reason = "the tests count what was taken back")]
#[path = "../../tests/awsconfig/sequence.rs"]
mod sequence;

use sequence::Choice;

/// Reads the input as a file and the edits of it, and panics when anything does not hold that `sequence::run` checks.
///
/// The last byte says how many edits there are, six bytes before it decide each; the rest is the file.
pub fn edit(input: &[u8]) {
    let Some((count, rest)) = input.split_last() else { return };
    let mut file = rest;
    let mut choices: Vec<Choice> = Vec::new();
    while let Some((shorter, choice)) = file.split_last_chunk()
        && choices.len() < usize::from(count % 12)
    {
        choices.push(*choice);
        file = shorter;
    }
    if let Err(wrong) = sequence::run(file, &choices) {
        panic!("{choices:?}: {wrong}");
    }
}
