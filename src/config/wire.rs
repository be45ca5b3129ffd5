//! The SSH wire encoding (RFC 4251 §5): big-endian lengths before bytes. Reading refuses rather than guesses.

/// The bytes end early, or a length points beyond them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Truncated;

/// Reads from the front of a slice.
pub(super) struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    pub(super) const fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    pub(super) fn take(&mut self, length: usize) -> Result<&'a [u8], Truncated> {
        let (head, tail) = self.0.split_at_checked(length).ok_or(Truncated)?;
        self.0 = tail;
        Ok(head)
    }

    pub(super) fn byte(&mut self) -> Result<u8, Truncated> {
        self.take(1)?.first().copied().ok_or(Truncated)
    }

    pub(super) fn number(&mut self) -> Result<u32, Truncated> {
        let bytes = self.take(4)?.try_into().map_err(|_length| Truncated)?;
        Ok(u32::from_be_bytes(bytes))
    }

    pub(super) fn string(&mut self) -> Result<&'a [u8], Truncated> {
        let length = usize::try_from(self.number()?).map_err(|_too_large| Truncated)?;
        self.take(length)
    }

    pub(super) const fn finished(&self) -> bool {
        self.0.is_empty()
    }
}

/// Appends a length and the bytes. What we write is far below 4 GiB; a longer string would be refused by every reader.
pub(super) fn push_string(out: &mut Vec<u8>, bytes: &[u8]) {
    out.extend_from_slice(&u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_be_bytes());
    out.extend_from_slice(bytes);
}

/// A positive `mpint` (RFC 4251 §5) of at most 32 bytes, as 32 bytes. Only its one shortest spelling is read:
/// a second spelling would be a second signature file over the same bytes.
pub(super) fn positive_32(mpint: &[u8]) -> Result<[u8; 32], Truncated> {
    let digits = match mpint {
        [] => return Err(Truncated),
        [0, rest @ ..] if rest.first().is_some_and(|first| first & 0x80 != 0) => rest,
        [first, ..] if *first == 0 || first & 0x80 != 0 => return Err(Truncated),
        whole => whole,
    };
    let mut number = [0; 32];
    let start = number.len().checked_sub(digits.len()).ok_or(Truncated)?;
    number.get_mut(start..).ok_or(Truncated)?.copy_from_slice(digits);
    Ok(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_positive_number_has_one_spelling() {
        let mut one = [0; 32];
        one[31] = 1;
        assert_eq!(positive_32(&[1]), Ok(one));
        assert_eq!(positive_32(&[0, 1]), Err(Truncated), "superfluous zero");
        assert_eq!(positive_32(&[0x80]), Err(Truncated), "negative");
        assert_eq!(positive_32(&[]), Err(Truncated), "zero");
        assert_eq!(positive_32(&[0; 33]), Err(Truncated));
        let mut high = [0; 32];
        high[31] = 0x80;
        assert_eq!(positive_32(&[0, 0x80]), Ok(high));
        assert_eq!(positive_32(&[0x7f; 33]), Err(Truncated), "too long");
    }
}
