//! From a value to the bytes that are sealed, and back.
//!
//! ```text
//! body = u8 form ‖ u32 length of the packed bytes ‖ packed ‖ zeros up to a Padmé length of at least 256
//! packed = postcard, through zstd when that is shorter (form 1)
//! ```
//!
//! Compression comes before padding and padding before sealing, so that the length on
//! disk says little of the text (FORMATS §4.4). One record is compressed alone: no
//! dictionary, no neighbour, so no text leaks through another's length.

use std::cell::RefCell;

use serde::{Serialize, de::DeserializeOwned};
use zstd::bulk::{Compressor, Decompressor};

use crate::limits;

/// The bytes do not form a body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Malformed;

const PREFIX_BYTES: usize = 5;
const PLAIN: u8 = 0;
const ZSTD: u8 = 1;

thread_local! {
    // One context per thread: making one costs more than compressing a note.
    static COMPRESSOR: RefCell<Option<Compressor<'static>>> = const { RefCell::new(None) };
    static DECOMPRESSOR: RefCell<Option<Decompressor<'static>>> = const { RefCell::new(None) };
}

/// Padmé (Nikitin et al. 2019, "Reducing Metadata Leakage from Encrypted Files and Communication with PURBs", §4):
/// lengths keep only their few leading bits; at most 12 % are added.
pub fn padded_length(length: usize) -> usize {
    if length <= limits::BODY_BYTES_MIN {
        return limits::BODY_BYTES_MIN;
    }
    let exponent = length.ilog2();
    let kept = exponent.ilog2().saturating_add(1);
    let free = exponent.saturating_sub(kept);
    let mask = 1_usize.checked_shl(free).unwrap_or(1).saturating_sub(1);
    length.saturating_add(mask) & !mask
}

/// Packs a value.
///
/// # Errors
/// [`Malformed`] when the value cannot be written or is over the bound of `limits.rs`.
pub fn pack<T: Serialize>(value: &T) -> Result<Vec<u8>, Malformed> {
    let plain = postcard::to_stdvec(value).map_err(|_cannot_be_written| Malformed)?;
    if plain.len() > limits::BODY_BYTES_MAX {
        return Err(Malformed);
    }
    let squeezed = if plain.len() > limits::BODY_BYTES_MIN { compress(&plain) } else { None };
    let (form, packed) = match squeezed {
        Some(squeezed) if squeezed.len() < plain.len() => (ZSTD, squeezed),
        _ => (PLAIN, plain),
    };
    let length = u32::try_from(packed.len()).map_err(|_too_long| Malformed)?;
    let mut body = Vec::with_capacity(padded_length(packed.len().saturating_add(PREFIX_BYTES)));
    body.push(form);
    body.extend_from_slice(&length.to_be_bytes());
    body.extend_from_slice(&packed);
    body.resize(padded_length(body.len()), 0);
    Ok(body)
}

/// Unpacks a value.
///
/// # Errors
/// [`Malformed`] for any other bytes than [`pack`] makes, the padding included.
pub fn unpack<T: DeserializeOwned>(body: &[u8]) -> Result<T, Malformed> {
    let (prefix, rest) = body.split_at_checked(PREFIX_BYTES).ok_or(Malformed)?;
    let (form, length) = prefix.split_first().ok_or(Malformed)?;
    let length = u32::from_be_bytes(length.try_into().map_err(|_length| Malformed)?);
    let length = usize::try_from(length).map_err(|_length| Malformed)?;
    let (packed, padding) = rest.split_at_checked(length).ok_or(Malformed)?;
    if padding.iter().any(|byte| *byte != 0) {
        return Err(Malformed);
    }
    match *form {
        PLAIN => postcard::from_bytes(packed).map_err(|_other_shape| Malformed),
        ZSTD => postcard::from_bytes(&decompress(packed)?).map_err(|_other_shape| Malformed),
        _ => Err(Malformed),
    }
}

fn compress(plain: &[u8]) -> Option<Vec<u8>> {
    COMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Compressor::new(limits::ZSTD_LEVEL).ok();
        }
        slot.as_mut()?.compress(plain).ok()
    })
}

fn decompress(packed: &[u8]) -> Result<Vec<u8>, Malformed> {
    DECOMPRESSOR.with_borrow_mut(|slot| {
        if slot.is_none() {
            *slot = Decompressor::new().ok();
        }
        let context = slot.as_mut().ok_or(Malformed)?;
        // The frame says its length; the bound holds whatever it says.
        let capacity = Decompressor::<'_>::upper_bound(packed).unwrap_or(limits::BODY_BYTES_MAX);
        context.decompress(packed, capacity.min(limits::BODY_BYTES_MAX)).map_err(|_damaged| Malformed)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn a_value_comes_back(text in ".{0,3000}", numbers: Vec<u64>) {
            let body = pack(&(&text, &numbers)).unwrap();
            prop_assert_eq!(body.len(), padded_length(body.len()));
            prop_assert_eq!(unpack::<(String, Vec<u64>)>(&body), Ok((text, numbers)));
        }

        #[test]
        fn any_other_bytes_are_refused_without_a_panic(bytes: Vec<u8>) {
            drop(unpack::<(String, u64)>(&bytes));
        }

        #[test]
        fn padding_costs_at_most_an_eighth(length in 257..5_000_000_usize) {
            let padded = padded_length(length);
            prop_assert!((length..=length.saturating_add(length / 8)).contains(&padded), "{length} -> {padded}");
            prop_assert_eq!(padded_length(padded), padded);
        }
    }

    #[test]
    fn lengths_follow_the_formula() {
        // From the formula of §4, by hand: 257 has E = 8, S = 4, so its last four bits go.
        for (length, padded) in [(257, 272), (1000, 1024), (1025, 1088), (9000, 9216), (65537, 67584)] {
            assert_eq!(padded_length(length), padded, "{length}");
        }
    }

    #[test]
    fn padding_that_is_not_zero_is_refused() {
        let mut body = pack(&7_u8).unwrap();
        *body.last_mut().unwrap() = 1;
        assert_eq!(unpack::<u8>(&body), Err(Malformed));
    }
}
