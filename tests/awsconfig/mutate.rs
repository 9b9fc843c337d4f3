//! Files of the corpus, cut, joined and damaged.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::corpus::{self, Sample};

/// One to three files of the corpus, one after another, with up to four places damaged.
pub(super) fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let damage = (any::<Index>(), any::<Index>(), 0..6_u8, select(BYTES));
    (vec(select(corpus::samples()), 1..4), vec(damage, 0..5)).prop_map(|(samples, damage)| {
        let mut bytes: Vec<u8> = samples.iter().flat_map(|Sample { bytes, .. }| bytes.clone()).collect();
        // A file of 70 kB would take most of the time.
        bytes.truncate(4_000);
        for (at, other, how, byte) in damage {
            if bytes.is_empty() {
                break;
            }
            let (at, other) = (at.index(bytes.len()), other.index(bytes.len()));
            match how {
                0 => bytes[at] = byte,
                1 => bytes.insert(at, byte),
                2 => drop(bytes.remove(at)),
                3 => bytes.swap(at, other),
                // A stretch once more, or not at all.
                4 => {
                    let stretch = bytes[at.min(other)..at.max(other)].to_vec();
                    bytes.splice(at..at, stretch);
                }
                _ => drop(bytes.drain(at.min(other)..at.max(other))),
            }
        }
        bytes
    })
}

const BYTES: &[u8] = b"\n\n\r\t  []=:#;\"'ap\\\0\xff\xa0\xc2";
