//! What keeps a token unreadable between us and the Secret Service, for who watches the bus and for what the bus
//! daemon leaves in swap and core dumps.
//!
//! Source: Secret Service API draft 0.2, "Transfer of secrets": `dh-ietf1024-sha256-aes128-cbc-pkcs7`. Both sides
//! agree on a key by Diffie-Hellman in the second Oakley group (RFC 2409, 6.2), HKDF-SHA256 without salt and info
//! makes 16 bytes of it, and AES-128-CBC with a fresh vector and PKCS#7 padding does the rest.

use aes::Aes128;
use aes::cipher::block_padding::Pkcs7;
use aes::cipher::{BlockModeDecrypt as _, BlockModeEncrypt as _, KeyIvInit as _};
use hkdf::Hkdf;
use num_bigint::BigUint;
use sha2::Sha256;

use crate::base::Secret;

/// The name of all this on the bus.
pub(super) const ALGORITHM: &str = "dh-ietf1024-sha256-aes128-cbc-pkcs7";

/// The prime of the group; its generator is 2.
const PRIME: &[u8] = b"FFFFFFFFFFFFFFFFC90FDAA22168C234C4C6628B80DC1CD129024E088A67CC74\
      020BBEA63B139B22514A08798E3404DDEF9519B3CD3A431B302B0A6DF25F1437\
      4FE1356D6D51C245E485B576625E7EC6F44C42E9A637ED6B0BFF5CB6F406B7ED\
      EE386BFB5A899FA5AE9F24117C4B1FE649286651ECE65381FFFFFFFFFFFFFFFF";

/// Bytes of a number below the prime.
const WIDTH: usize = 128;

/// Our half of the agreement.
pub(super) struct Half {
    private: BigUint,
    public: BigUint,
}

/// The key that both sides agreed on, overwritten when it goes.
pub(super) struct Key([u8; 16]);

impl Half {
    /// A new one for each session. `None` when the system has no randomness to give.
    pub(super) fn random() -> Option<Self> {
        let private = BigUint::from_bytes_be(&random::<WIDTH>()?);
        let public = BigUint::from(2_u8).modpow(&private, &prime());
        Some(Self { private, public })
    }

    /// What the other side needs of it.
    pub(super) fn public(&self) -> Vec<u8> {
        self.public.to_bytes_be()
    }

    /// The key, given the other side's half. `None` for a number that would make it one that anybody knows.
    pub(super) fn agree(&self, theirs: &[u8]) -> Option<Key> {
        let (theirs, one, prime) = (BigUint::from_bytes_be(theirs), BigUint::from(1_u8), prime());
        if theirs <= one || theirs >= &prime - one {
            return None;
        }
        let shared = theirs.modpow(&self.private, &prime).to_bytes_be();
        let mut padded = [0; WIDTH];
        padded[WIDTH - shared.len()..].copy_from_slice(&shared);
        let mut key = Key([0; 16]);
        Hkdf::<Sha256>::new(None, &padded)
            .expand(&[], &mut key.0)
            .expect("16 bytes are fewer than 255 hashes");
        Some(key)
    }
}

impl Key {
    /// The vector and the text that only the other side can read. `None` when there is no randomness.
    pub(super) fn encrypt(&self, secret: &Secret) -> Option<(Vec<u8>, Vec<u8>)> {
        let vector = random::<16>()?;
        let cipher = cbc::Encryptor::<Aes128>::new(&self.0.into(), &vector.into());
        Some((vector.to_vec(), cipher.encrypt_padded_vec::<Pkcs7>(secret.expose().as_bytes())))
    }

    /// The secret. `None` for what was not encrypted with this key, or is no text.
    pub(super) fn decrypt(&self, vector: &[u8], text: &[u8]) -> Option<Secret> {
        let vector: [u8; 16] = vector.try_into().ok()?;
        let cipher = cbc::Decryptor::<Aes128>::new(&self.0.into(), &vector.into());
        let bytes = cipher.decrypt_padded_vec::<Pkcs7>(text).ok()?;
        match String::from_utf8(bytes) {
            Ok(text) => Some(Secret::new(text)),
            Err(error) => {
                let mut bytes = error.into_bytes();
                bytes.fill(0);
                std::hint::black_box(&bytes);
                None
            }
        }
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.0 = [0; 16];
        std::hint::black_box(&self.0);
    }
}

fn prime() -> BigUint {
    BigUint::parse_bytes(PRIME, 16).expect("the digits above are hexadecimal")
}

fn random<const N: usize>() -> Option<[u8; N]> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).ok()?;
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn agreed() -> (Key, Key) {
        let (ours, theirs) = (Half::random().unwrap(), Half::random().unwrap());
        (ours.agree(&theirs.public()).unwrap(), theirs.agree(&ours.public()).unwrap())
    }

    #[test]
    fn both_sides_read_what_either_wrote() {
        let (ours, theirs) = agreed();
        for length in [0, 1, 15, 16, 17, 16 * 1024] {
            let secret = Secret::new("S".repeat(length));
            let (vector, text) = ours.encrypt(&secret).unwrap();
            assert!(text.len() > length && text.len() <= length + 16);
            assert_eq!(theirs.decrypt(&vector, &text), Some(secret), "{length}");
        }
    }

    #[test]
    fn a_stranger_reads_nothing_and_damage_is_noticed() {
        let (ours, _) = agreed();
        let secret = Secret::new("SIMTOKEN-1 long enough for two blocks and more");
        let (vector, text) = ours.encrypt(&secret).unwrap();
        let (stranger, _) = agreed();
        assert_ne!(stranger.decrypt(&vector, &text), Some(secret));
        for (vector, text) in [(&vector[1..], &text[..]), (&vector, &text[1..]), (&vector, &[])] {
            assert_eq!(ours.decrypt(vector, text), None);
        }
    }

    #[test]
    fn a_half_that_gives_the_key_away_is_refused() {
        let ours = Half::random().unwrap();
        let one = BigUint::from(1_u8);
        for theirs in [BigUint::ZERO, one.clone(), prime() - &one, prime(), prime() + one] {
            assert!(ours.agree(&theirs.to_bytes_be()).is_none(), "{theirs}");
        }
    }
}
