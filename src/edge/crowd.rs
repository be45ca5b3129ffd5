//! Counts what is open for each key, and refuses one too many.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
};

/// How many seats each key holds.
#[derive(Debug)]
pub(super) struct Crowd<K: Ord + Clone> {
    each_max: usize,
    taken: Mutex<BTreeMap<K, usize>>,
}

/// One seat; given back when dropped.
#[must_use]
pub(super) struct Seat<K: Ord + Clone> {
    key: K,
    crowd: Arc<Crowd<K>>,
}

impl<K: Ord + Clone> Crowd<K> {
    pub(super) fn new(each_max: usize) -> Arc<Self> {
        Arc::new(Self { each_max, taken: Mutex::new(BTreeMap::new()) })
    }

    /// A seat for `key`, unless it has all it may have.
    pub(super) fn enter(self: &Arc<Self>, key: K) -> Option<Seat<K>> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.get(&key).copied().unwrap_or(0);
        if count >= self.each_max {
            return None;
        }
        taken.insert(key.clone(), count.saturating_add(1));
        Some(Seat { key, crowd: Arc::clone(self) })
    }
}

impl<K: Ord + Clone> Drop for Seat<K> {
    fn drop(&mut self) {
        let mut taken = self.crowd.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let left = taken.get(&self.key).copied().unwrap_or(0).saturating_sub(1);
        if left == 0 {
            taken.remove(&self.key);
        } else {
            taken.insert(self.key.clone(), left);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seat_given_back_can_be_taken_again_and_leaves_nothing() {
        let crowd = Crowd::new(2);
        let first = crowd.enter("a");
        let second = crowd.enter("a");
        assert!(first.is_some() && second.is_some());
        assert!(crowd.enter("a").is_none());
        assert!(crowd.enter("b").is_some());
        drop(first);
        assert!(crowd.enter("a").is_some());
        drop(second);
        assert!(crowd.taken.lock().expect("a lock").is_empty());
    }
}
