//! `Range` (RFC 9110 §14): one range of bytes. Several at once, another unit, or what cannot be read is passed over, as
//! the standard allows: then the whole is answered.

/// What a `Range` header asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// All of it.
    Whole,
    /// From the first byte to the one behind the last.
    Part(u64, u64),
    /// Bytes that do not exist.
    Nothing,
}

impl Asked {
    /// Reads a header, for a content of `size` bytes.
    pub fn of(header: Option<&str>, size: u64) -> Self {
        header.and_then(|text| text.strip_prefix("bytes=")).and_then(|one| parse(one, size)).unwrap_or(Self::Whole)
    }
}

fn parse(text: &str, size: u64) -> Option<Asked> {
    let (first, last) = text.split_once('-')?;
    let number = |digits: &str| -> Option<u64> {
        let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        // A number beyond all sizes is as good as the largest.
        plain.then(|| digits.parse().unwrap_or(u64::MAX))
    };
    let (start, end) = if first.is_empty() {
        let count = number(last)?.min(size);
        (size.saturating_sub(count), size)
    } else {
        let start = number(first)?;
        let last = if last.is_empty() { u64::MAX } else { number(last)? };
        if last < start {
            return None;
        }
        (start, last.saturating_add(1).min(size))
    };
    Some(if start < end { Asked::Part(start, end) } else { Asked::Nothing })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_examples_of_the_standard() {
        for (text, size, asked) in [
            ("bytes=0-499", 10_000, Asked::Part(0, 500)),
            ("bytes=500-999", 10_000, Asked::Part(500, 1000)),
            ("bytes=-500", 10_000, Asked::Part(9500, 10_000)),
            ("bytes=9500-", 10_000, Asked::Part(9500, 10_000)),
            ("bytes=0-", 10_000, Asked::Part(0, 10_000)),
            ("bytes=-20000", 10_000, Asked::Part(0, 10_000)),
            ("bytes=9999-99999999999999999999999", 10_000, Asked::Part(9999, 10_000)),
            ("bytes=10000-", 10_000, Asked::Nothing),
            ("bytes=-0", 10_000, Asked::Nothing),
            ("bytes=0-", 0, Asked::Nothing),
            ("bytes=0-0,-1", 10_000, Asked::Whole),
            ("bytes=5-4", 10_000, Asked::Whole),
            ("bytes=+5-9", 10_000, Asked::Whole),
            ("bytes=", 10_000, Asked::Whole),
            ("bytes=-", 10_000, Asked::Whole),
            ("lines=1-2", 10_000, Asked::Whole),
        ] {
            assert_eq!(Asked::of(Some(text), size), asked, "{text}");
        }
        assert_eq!(Asked::of(None, 5), Asked::Whole);
    }

    proptest! {
        #[test]
        fn no_header_asks_for_bytes_that_do_not_exist(text in "bytes=[0-9]{0,22}-?[0-9]{0,22}", size: u64) {
            if let Asked::Part(start, end) = Asked::of(Some(&text), size) {
                prop_assert!(start < end && end <= size);
            }
        }
    }
}
