//! Cobblestone-256 of C2SP `chunked-encryption.md` (July 2026): HKDF-Expand-SHA512
//! and AES-256-GCM in chunks of 16 KiB, with a key commitment.
//!
//! ```text
//! sealed = salt 24 ‖ commitment 32 ‖ chunk 0 … chunk n
//! chunk  = AES-256-GCM of 16 KiB; the last one is always shorter, maybe empty
//! ```
//!
//! The context is bound by the key derivation: bytes moved to another row, record,
//! version or label do not open. Every salt is random, so a key is used once.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};
use zeroize::Zeroize;

use super::{Entropy, Exhausted, Secret, Unsealable, derive, same};

const DOMAIN: &[u8] = b"c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0";
const SALT_BYTES: usize = 24;
const COMMITMENT_BYTES: usize = 32;
const PREFIX_BYTES: usize = SALT_BYTES + COMMITMENT_BYTES;
const NONCE_BYTES: usize = 12;
const TAG_BYTES: usize = 16;
const CHUNK_BYTES: usize = 16 * 1024;
const SEALED_CHUNK_BYTES: usize = CHUNK_BYTES + TAG_BYTES;

/// Bytes that sealing adds to a plaintext shorter than one chunk.
pub const OVERHEAD_BYTES: usize = PREFIX_BYTES + TAG_BYTES;

/// Length of the seal of a plaintext of `length` bytes.
pub const fn sealed_length(length: usize) -> usize {
    let chunks = (length / CHUNK_BYTES).saturating_add(1);
    length.saturating_add(PREFIX_BYTES).saturating_add(chunks.saturating_mul(TAG_BYTES))
}

struct Derived {
    key: LessSafeKey,
    base_nonce: [u8; NONCE_BYTES],
    commitment: [u8; COMMITMENT_BYTES],
}

/// The AEAD key, base nonce and commitment of one salt and context.
fn derive_keys(key: &Secret, salt: &[u8], context: &[u8]) -> Result<Derived, Unsealable> {
    let mut material = [0; 76];
    derive::expand_into(key.expose(), &[DOMAIN, salt, context], &mut material);
    let (aead, rest) = material.split_at(32);
    let (nonce, commitment) = rest.split_at(NONCE_BYTES);
    let derived =
        UnboundKey::new(&AES_256_GCM, aead).map_err(|ring::error::Unspecified| Unsealable).and_then(|unbound| {
            Ok(Derived {
                key: LessSafeKey::new(unbound),
                base_nonce: nonce.try_into().map_err(|_length| Unsealable)?,
                commitment: commitment.try_into().map_err(|_length| Unsealable)?,
            })
        });
    material.zeroize();
    derived
}

impl Derived {
    fn nonce(&self, chunk: usize) -> Nonce {
        let number = u64::try_from(chunk).unwrap_or(u64::MAX).to_be_bytes();
        let mut nonce = self.base_nonce;
        for (byte, count) in nonce.iter_mut().skip(NONCE_BYTES - 8).zip(number) {
            *byte ^= count;
        }
        Nonce::assume_unique_for_key(nonce)
    }
}

/// Seals `plaintext` under `key` for this `context`.
///
/// # Errors
/// [`Exhausted::Entropy`] when no salt can be drawn: then nothing is sealed.
pub fn seal(key: &Secret, context: &[u8], plaintext: &[u8], entropy: &Entropy) -> Result<Vec<u8>, Exhausted> {
    seal_with_salt(key, &entropy.bytes()?, context, plaintext).map_err(|Unsealable| Exhausted::Entropy)
}

fn seal_with_salt(
    key: &Secret,
    salt: &[u8; SALT_BYTES],
    context: &[u8],
    plaintext: &[u8],
) -> Result<Vec<u8>, Unsealable> {
    let derived = derive_keys(key, salt, context)?;
    let mut sealed = Vec::with_capacity(plaintext.len().saturating_add(OVERHEAD_BYTES * 2));
    sealed.extend_from_slice(salt);
    sealed.extend_from_slice(&derived.commitment);
    let whole = plaintext.chunks_exact(CHUNK_BYTES);
    let last = whole.remainder();
    for (number, chunk) in whole.chain(std::iter::once(last)).enumerate() {
        let start = sealed.len();
        sealed.extend_from_slice(chunk);
        let body = sealed.get_mut(start..).ok_or(Unsealable)?;
        let tag = derived
            .key
            .seal_in_place_separate_tag(derived.nonce(number), Aad::empty(), body)
            .map_err(|ring::error::Unspecified| Unsealable)?;
        sealed.extend_from_slice(tag.as_ref());
    }
    Ok(sealed)
}

/// Opens what [`seal`] made under the same key and context.
///
/// # Errors
/// [`Unsealable`] for any difference of key, context or a single bit; truncation and trailing bytes included.
pub fn open(key: &Secret, context: &[u8], sealed: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (salt, rest) = sealed.split_at_checked(SALT_BYTES).ok_or(Unsealable)?;
    let (commitment, mut body) = rest.split_at_checked(COMMITMENT_BYTES).ok_or(Unsealable)?;
    let derived = derive_keys(key, salt, context)?;
    if !same(commitment, &derived.commitment) {
        return Err(Unsealable);
    }
    let mut plaintext = Vec::with_capacity(body.len());
    for number in 0.. {
        let (chunk, rest) = body.split_at_checked(SEALED_CHUNK_BYTES).unwrap_or((body, &[]));
        let is_last = chunk.len() < SEALED_CHUNK_BYTES;
        let start = plaintext.len();
        plaintext.extend_from_slice(chunk);
        let in_place = plaintext.get_mut(start..).ok_or(Unsealable)?;
        let opened = derived
            .key
            .open_in_place(derived.nonce(number), Aad::empty(), in_place)
            .map_err(|ring::error::Unspecified| Unsealable)?
            .len();
        plaintext.truncate(start.saturating_add(opened));
        if is_last {
            break;
        }
        body = rest;
    }
    Ok(plaintext)
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;
    use proptest::prelude::*;

    use super::*;
    use crate::crypto::sha256;

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Vectors {
        key: String,
        salt: String,
        context: String,
        cases: Vec<Case>,
    }

    #[derive(serde::Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Case {
        len: usize,
        #[serde(rename = "plaintext")]
        _plaintext: String,
        ciphertext_len: usize,
        sha256: String,
        head: String,
    }

    fn hex<const N: usize>(text: &str) -> [u8; N] {
        HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap()
    }

    #[test]
    fn known_answers_of_the_specification_hold() {
        let vectors: Vectors = serde_json::from_str(include_str!("../../tests/vectors/cobblestone256.json")).unwrap();
        let key = Secret::new(&mut hex(&vectors.key)).unwrap();
        let context = HEXLOWER.decode(vectors.context.as_bytes()).unwrap();
        for case in vectors.cases {
            let plaintext: Vec<u8> =
                (0..case.len).map(|index| u8::try_from((index * 7 + case.len) % 256).unwrap()).collect();
            let sealed = seal_with_salt(&key, &hex(&vectors.salt), &context, &plaintext).unwrap();
            assert_eq!(sealed.len(), case.ciphertext_len);
            assert_eq!(sealed_length(case.len), case.ciphertext_len);
            assert_eq!(sha256(&[&sealed]).to_string(), case.sha256, "length {}", case.len);
            assert_eq!(HEXLOWER.encode(&sealed[..sealed.len().min(88)]), case.head);
            assert_eq!(open(&key, &context, &sealed).unwrap(), plaintext);
        }
    }

    fn key(fill: u8) -> Secret {
        Secret::new(&mut [fill; 32]).unwrap()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_flip_cut_or_tail_opens(length in 0..40_000usize, place: prop::sample::Index, bit in 0..8u8) {
            let entropy = Entropy::default();
            let plaintext = vec![0x5a; length];
            let sealed = seal(&key(1), b"context", &plaintext, &entropy).unwrap();
            prop_assert_eq!(open(&key(1), b"context", &sealed).unwrap(), plaintext);
            let mut flipped = sealed.clone();
            flipped[place.index(sealed.len())] ^= 1 << bit;
            prop_assert_eq!(open(&key(1), b"context", &flipped), Err(Unsealable));
            prop_assert_eq!(open(&key(1), b"context", &sealed[..place.index(sealed.len())]), Err(Unsealable));
            let mut longer = sealed.clone();
            longer.push(0);
            prop_assert_eq!(open(&key(1), b"context", &longer), Err(Unsealable));
            prop_assert_eq!(open(&key(2), b"context", &sealed), Err(Unsealable));
            prop_assert_eq!(open(&key(1), b"contexte", &sealed), Err(Unsealable));
        }
    }
}
