//! The contract in memory: the model that other engines are compared with, and quick tests.

use std::{
    collections::BTreeMap,
    sync::{Arc, PoisonError, RwLock},
};

use super::{
    engine::{Engine, Family, Key, Row, Snapshot, Writes},
    error::{CommitError, EngineError},
    range::{Direction, KeyRange},
};
use crate::limits::SCAN_ROWS_MAX;

/// An engine that forgets everything when it is dropped, and keeps every other promise.
#[derive(Debug, Default)]
pub struct Memory {
    state: RwLock<State>,
}

/// Copied on the first write after a snapshot was taken.
type State = Arc<BTreeMap<Family, BTreeMap<Key, Row>>>;

impl Memory {
    /// Nothing in any family.
    pub fn new() -> Self {
        Self::default()
    }

    fn state(&self) -> State {
        Arc::clone(&self.state.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Engine for Memory {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(Frozen(self.state())))
    }

    fn get(&self, family: Family, key: &Key) -> Result<Option<Row>, EngineError> {
        Ok(row(&self.state(), family, key).cloned())
    }

    fn commit(&self, writes: Writes) -> Result<(), CommitError> {
        writes.bounded()?;
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        for check in &writes.checks {
            let (family, key) = check.place();
            check.settle(row(&state, family, key).map(|row| row.version))?;
        }
        let families = Arc::make_mut(&mut state);
        for (family, key) in writes.deletes {
            families.entry(family).or_default().remove(&key);
        }
        for (family, key, row) in writes.puts {
            families.entry(family).or_default().insert(key, row);
        }
        Ok(())
    }

    fn reopen(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

fn row<'state>(state: &'state State, family: Family, key: &Key) -> Option<&'state Row> {
    state.get(&family)?.get(key)
}

struct Frozen(State);

impl Snapshot for Frozen {
    fn get_many(&self, family: Family, keys: &[Key]) -> Result<Vec<Option<Row>>, EngineError> {
        Ok(keys.iter().map(|key| row(&self.0, family, key).cloned()).collect())
    }

    fn scan(
        &self,
        family: Family,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Key, Row)>, EngineError> {
        // A map of the standard library panics on a range that ends before it starts.
        let Some(rows) = self.0.get(&family).filter(|_| !range.is_empty()) else {
            return Ok(Vec::new());
        };
        let rows = rows.range::<[u8], _>(range.bounds()).map(|(key, row)| (key.clone(), row.clone()));
        let limit = limit.min(SCAN_ROWS_MAX);
        Ok(match direction {
            Direction::Forward => rows.take(limit).collect(),
            Direction::Backward => rows.rev().take(limit).collect(),
        })
    }
}
