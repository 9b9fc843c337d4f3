//! Texts that look random and are the same in every run.

use sha2::{Digest, Sha256};

/// One number for a seed, a purpose and a running number.
pub(super) fn number(seed: u64, purpose: &str, n: u64) -> u64 {
    block(seed, purpose, n, 0)[..8].iter().fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// `length` characters of `alphabet` (one byte each) for a seed, a purpose and a running number.
pub(super) fn text(seed: u64, purpose: &str, n: u64, alphabet: &str, length: usize) -> String {
    let letters = alphabet.as_bytes();
    let bytes = (0u64..).flat_map(|at| block(seed, purpose, n, at));
    bytes.take(length).map(|byte| char::from(letters[usize::from(byte) % letters.len()])).collect()
}

fn block(seed: u64, purpose: &str, n: u64, at: u64) -> [u8; 32] {
    let mut hash = Sha256::new();
    for number in [seed, n, at] {
        hash.update(number.to_be_bytes());
    }
    hash.update(purpose);
    hash.finalize().into()
}

/// The letters of AWS key ids.
pub(super) const BASE32: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The letters of AWS secret keys and session tokens, those that need quoting in URLs and shells among them.
pub(super) const BASE64: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
/// The letters of portal tokens: base64url without padding.
pub(super) const BASE64URL: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_text_and_another_number_another() {
        let draw = |n| text(7, "key", n, BASE32, 13);
        assert_eq!(draw(1), draw(1));
        assert_ne!(draw(1), draw(2));
        assert_ne!(text(7, "key", 1, BASE32, 13), text(7, "secret", 1, BASE32, 13));
        assert_eq!(draw(3).len(), 13);
    }
}
