//! What an entry says of the rows that its write put and removed: a hash of the place, a hash of what stands there
//! since. Whoever reads the whole journal knows of every row of the store whether it must be there, and which of its
//! versions: `vigie store verify` asks nothing else. A row that was put back from an older copy opens, because it was
//! sealed for its place; it is not what the last entry about that place says.
//!
//! Hashes of ciphertext under keys that are HMACs or random: they tell nothing that the rows do not.

use serde::{Deserialize, Serialize};

use crate::crypto::{Digest, sha256};

/// The first half of a SHA-256. Whoever wants another row under the same mark must find a second preimage, and seal it.
type Half = [u8; 16];

/// Where a row stands: a hash of its family and key.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
pub struct Place(Half);

impl Place {
    /// The place of a key in a family.
    pub fn of(family: &str, key: &[u8]) -> Self {
        Self(half(&sha256(&[b"vigie/row-place/v1\0", family.as_bytes(), b"\0", key])))
    }
}

/// What stands in a place: a hash of version and bytes.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Content(Half);

impl Content {
    /// The content of a row.
    pub fn of(version: u64, value: &[u8]) -> Self {
        Self(half(&sha256(&[b"vigie/row-content/v1\0", &version.to_be_bytes(), value])))
    }
}

/// What a write did to one row.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct RowMark {
    /// Where.
    pub place: Place,
    /// What stands there since; none for a row that was removed.
    pub content: Option<Content>,
}

fn half(whole: &Digest) -> Half {
    let mut first = [0; 16];
    first.iter_mut().zip(whole.0).for_each(|(to, from)| *to = from);
    first
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_of_the_first_format_are_what_sha256sum_says() {
        // printf 'vigie/row-place/v1\0meta\0standing' | sha256sum; printf 'vigie/row-content/v1\0\0\0\0\0\0\0\0\7ab' | sha256sum
        let marks = [RowMark { place: Place::of("meta", b"standing"), content: Some(Content::of(7, b"ab")) }];
        let bytes = postcard::to_stdvec(&marks).expect("bytes");
        assert_eq!(
            data_encoding::HEXLOWER.encode(&bytes),
            "33fa8cc5502ae9aa7a3fedf9841d42cf014d8410d7ccbcfd70814fe2cc6a3722b1"
        );
        assert_eq!(postcard::from_bytes::<[RowMark; 1]>(&bytes), Ok(marks));
    }

    #[test]
    fn a_key_of_one_family_is_no_key_of_another() {
        assert_ne!(Place::of("records", b"s"), Place::of("record", b"ss"));
        assert_ne!(Content::of(1, b"a"), Content::of(2, b"a"));
    }
}
