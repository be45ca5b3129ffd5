//! AES-256-GCM with a random nonce for short, fixed-size headers.
//!
//! One key serves one epoch; with random 96-bit nonces it may seal 2^32 frames
//! (SP 800-38D §8.3), far beyond the records an epoch holds. The key is chosen by
//! the epoch written beside the frame, never by trial, so no commitment is needed.

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, Nonce, UnboundKey};

use super::{Entropy, Exhausted, Secret, Unsealable};

/// Bytes that a frame adds to its content.
pub const OVERHEAD_BYTES: usize = NONCE_BYTES + 16;
const NONCE_BYTES: usize = 12;

fn aead(key: &Secret) -> Result<LessSafeKey, Unsealable> {
    UnboundKey::new(&AES_256_GCM, key.expose()).map(LessSafeKey::new).map_err(|ring::error::Unspecified| Unsealable)
}

/// Seals `content`, bound to `place` (column family and row key): nonce 12 ‖ ciphertext ‖ tag 16.
///
/// # Errors
/// [`Exhausted::Entropy`] when no nonce can be drawn.
pub fn seal(key: &Secret, place: &[u8], content: &[u8], entropy: &Entropy) -> Result<Vec<u8>, Exhausted> {
    let nonce = entropy.bytes::<NONCE_BYTES>()?;
    let mut frame = Vec::with_capacity(content.len().saturating_add(OVERHEAD_BYTES));
    frame.extend_from_slice(&nonce);
    frame.extend_from_slice(content);
    let key = aead(key).map_err(|Unsealable| Exhausted::Entropy)?;
    let body = frame.get_mut(NONCE_BYTES..).ok_or(Exhausted::Entropy)?;
    let tag = key
        .seal_in_place_separate_tag(Nonce::assume_unique_for_key(nonce), Aad::from(place), body)
        .map_err(|ring::error::Unspecified| Exhausted::Entropy)?;
    frame.extend_from_slice(tag.as_ref());
    Ok(frame)
}

/// Opens what [`seal`] made at the same place.
///
/// # Errors
/// [`Unsealable`] for any difference of key, place or a single bit.
pub fn open(key: &Secret, place: &[u8], frame: &[u8]) -> Result<Vec<u8>, Unsealable> {
    let (nonce, body) = frame.split_at_checked(NONCE_BYTES).ok_or(Unsealable)?;
    let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|ring::error::Unspecified| Unsealable)?;
    let mut content = body.to_vec();
    let length = aead(key)?
        .open_in_place(nonce, Aad::from(place), &mut content)
        .map_err(|ring::error::Unspecified| Unsealable)?
        .len();
    content.truncate(length);
    Ok(content)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_frame_opens_only_whole_and_in_its_place(content: [u8; 20], bit in 0..384usize) {
            let key = Secret::new(&mut [3; 32]).unwrap();
            let frame = seal(&key, b"place", &content, &Entropy::default()).unwrap();
            prop_assert_eq!(open(&key, b"place", &frame).unwrap(), content);
            prop_assert_eq!(open(&key, b"other", &frame), Err(Unsealable));
            let mut flipped = frame;
            flipped[bit / 8] ^= 1 << (bit % 8);
            prop_assert_eq!(open(&key, b"place", &flipped), Err(Unsealable));
        }
    }
}
