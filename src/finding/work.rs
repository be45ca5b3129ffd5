//! How much one question may cost, counted over what its reader sees and nothing else.
//!
//! What is counted is a sum that has one value however the engine parts and orders objects: of each word that is read, the
//! living objects that have it in the partitions which the reader sees; of each word that is looked up, those partitions;
//! of each object that matches, the forms it is scored by. A hidden object, a deleted one or another segment changes
//! neither whether a question is too wide nor what anybody is told (LEAKS T28). The leaps of walks are not counted: how
//! many there are depends on the order of objects. They are no more than what was counted, times the parts of the question.

use std::sync::atomic::{AtomicU64, Ordering};

use super::{
    error::FindingError,
    query::{Fault, QueryError},
};
use crate::limits;

/// The steps of one question, on one thread.
#[derive(Debug)]
pub struct Work {
    most: u64,
    spent: AtomicU64,
}

impl Default for Work {
    fn default() -> Self {
        Self::of(limits::SEARCH_STEPS_MAX)
    }
}

impl Work {
    /// At most so many steps.
    pub const fn of(most: u64) -> Self {
        Self { most, spent: AtomicU64::new(0) }
    }

    /// Counts steps. A question that has gone beyond them has no answer: a part of one would be a wrong one.
    ///
    /// # Errors
    /// [`Fault::TooWide`].
    pub fn spend(&self, steps: u64) -> Result<(), FindingError> {
        let spent = self.spent().saturating_add(steps);
        self.spent.store(spent, Ordering::Relaxed);
        if spent > self.most {
            return Err(QueryError { fault: Fault::TooWide, place: 1, piece: String::new() }.into());
        }
        Ok(())
    }

    /// Steps so far.
    pub fn spent(&self) -> u64 {
        self.spent.load(Ordering::Relaxed)
    }

    /// Counts from the beginning: a further round walks what the first one walked, and how many rounds there are depends
    /// on how late the index is.
    pub fn again(&self) {
        self.spent.store(0, Ordering::Relaxed);
    }
}
