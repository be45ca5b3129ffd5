//! Which of the last entries wrote rows. Most entries are readings; whoever follows what is written need not open them.

use std::{
    collections::VecDeque,
    sync::{Mutex, MutexGuard, PoisonError},
};

use crate::limits::WRITES_REMEMBERED_MAX;

struct Inner {
    /// From this entry on, all are known.
    since: u64,
    numbers: VecDeque<u64>,
}

/// The numbers of the last entries that wrote rows.
pub(super) struct Recent(Mutex<Inner>);

impl Recent {
    pub(super) const fn from(since: u64) -> Self {
        Self(Mutex::new(Inner { since, numbers: VecDeque::new() }))
    }

    fn held(&self) -> MutexGuard<'_, Inner> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn add(&self, numbers: &[u64]) {
        let mut inner = self.held();
        inner.numbers.extend(numbers);
        while inner.numbers.len() > WRITES_REMEMBERED_MAX {
            if let Some(forgotten) = inner.numbers.pop_front() {
                inner.since = forgotten.saturating_add(1);
            }
        }
    }

    pub(super) fn within(&self, from: u64, end: u64) -> Option<Vec<u64>> {
        let inner = self.held();
        if from < inner.since {
            return None;
        }
        let start = inner.numbers.partition_point(|number| *number < from);
        Some(inner.numbers.iter().skip(start).copied().take_while(|number| *number < end).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_longer_remembered_is_not_said_to_be_empty() {
        let recent = Recent::from(5);
        assert_eq!(recent.within(4, 9), None);
        recent.add(&[6, 8]);
        assert_eq!(recent.within(5, 9), Some(vec![6, 8]));
        assert_eq!(recent.within(7, 8), Some(vec![]));
        let many: Vec<u64> = (10..10 + u64::try_from(WRITES_REMEMBERED_MAX).unwrap()).collect();
        recent.add(&many);
        assert_eq!(recent.within(8, 9), None);
        assert_eq!(recent.within(9, 11), Some(vec![10]));
    }
}
