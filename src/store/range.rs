//! Which keys a scan walks.

use std::ops::Bound;

use super::engine::Key;

/// Which way a scan walks.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    /// From the smallest key up.
    Forward,
    /// From the greatest key down.
    Backward,
}

/// Keys from one bound, included, to another, excluded.
///
/// A range can only be narrowed. A cursor comes back from strangers: whatever it holds, a scan of
/// `KeyRange::prefix(partition).after(&cursor)` stays within its partition.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct KeyRange {
    start: Vec<u8>,
    end: Option<Vec<u8>>,
}

impl KeyRange {
    /// Every key.
    pub const fn all() -> Self {
        Self { start: Vec::new(), end: None }
    }

    /// The keys that begin with these bytes.
    pub fn prefix(bytes: &[u8]) -> Self {
        let mut end = bytes.to_vec();
        while let Some(last) = end.pop() {
            if let Some(next) = last.checked_add(1) {
                end.push(next);
                return Self { start: bytes.to_vec(), end: Some(end) };
            }
        }
        Self { start: bytes.to_vec(), end: None }
    }

    /// The part of this range at `key` and above.
    #[must_use]
    pub fn from(self, key: &Key) -> Self {
        self.starting(key.bytes().to_vec())
    }

    /// The part of this range above `key`.
    #[must_use]
    pub fn after(self, key: &Key) -> Self {
        // The smallest byte string above another is that string and a zero.
        self.starting([key.bytes(), &[0]].concat())
    }

    /// The part of this range below `key`.
    #[must_use]
    pub fn before(mut self, key: &Key) -> Self {
        if self.end.as_deref().is_none_or(|end| key.bytes() < end) {
            self.end = Some(key.bytes().to_vec());
        }
        self
    }

    /// What is left of this range once a scan in this direction has answered `key`.
    #[must_use]
    pub fn past(self, direction: Direction, key: &Key) -> Self {
        match direction {
            Direction::Forward => self.after(key),
            Direction::Backward => self.before(key),
        }
    }

    /// Whether no key can be in this range.
    pub fn is_empty(&self) -> bool {
        self.end.as_deref().is_some_and(|end| end <= self.start.as_slice())
    }

    /// The smallest bytes in the range.
    pub fn start(&self) -> &[u8] {
        &self.start
    }

    /// The smallest bytes above the range, if it ends at all.
    pub fn end(&self) -> Option<&[u8]> {
        self.end.as_deref()
    }

    /// Both bounds, as maps of the standard library take them.
    pub(super) fn bounds(&self) -> (Bound<&[u8]>, Bound<&[u8]>) {
        (Bound::Included(self.start()), self.end().map_or(Bound::Unbounded, Bound::Excluded))
    }

    fn starting(mut self, start: Vec<u8>) -> Self {
        if start > self.start {
            self.start = start;
        }
        self
    }
}

#[cfg(test)]
mod tests {
    use proptest::{collection::vec, prelude::*};

    use super::*;

    fn contains(range: &KeyRange, key: &Key) -> bool {
        key.bytes() >= range.start() && range.end().is_none_or(|end| key.bytes() < end)
    }

    fn keys() -> impl Strategy<Value = Key> {
        vec(prop_oneof![Just(0_u8), Just(1), Just(0x7f), Just(0xfe), Just(0xff)], 1..5)
            .prop_map(|bytes| Key::new(bytes).unwrap())
    }

    proptest! {
        #[test]
        fn a_prefix_holds_the_keys_that_begin_with_it_and_no_other(prefix in vec(any::<u8>(), 0..4), key in keys()) {
            prop_assert_eq!(contains(&KeyRange::prefix(&prefix), &key), key.bytes().starts_with(&prefix));
        }

        #[test]
        fn all_ones_are_a_prefix_like_any_other(ones in 0..4_usize, key in keys()) {
            let prefix = vec![0xff; ones];
            prop_assert_eq!(contains(&KeyRange::prefix(&prefix), &key), key.bytes().starts_with(&prefix));
        }

        #[test]
        fn a_range_is_narrowed_exactly(prefix in keys(), cursor in keys(), key in keys()) {
            let range = KeyRange::prefix(&prefix.bytes()[..1]);
            let inside = contains(&range, &key);
            prop_assert_eq!(contains(&range.clone().from(&cursor), &key), inside && key >= cursor);
            prop_assert_eq!(contains(&range.clone().after(&cursor), &key), inside && key > cursor);
            prop_assert_eq!(contains(&range.clone().before(&cursor), &key), inside && key < cursor);
            let between = range.after(&cursor).before(&key);
            prop_assert!(!between.is_empty() || !contains(&between, &key));
        }
    }
}
