//! An engine that fails on demand, so that examinations see what the callers do about it.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{
    engine::{Engine, Family, Key, Row, Snapshot, Writes},
    error::{CommitError, EngineError},
    range::{Direction, KeyRange},
};

/// Passes everything on to an engine until a planned call fails as a disk would.
#[derive(Debug)]
pub struct DangerFaulty<E> {
    inner: E,
    plan: Mutex<Plan>,
}

/// What became of the commit that was answered with a failure: nobody but the examination knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Fate {
    /// Nothing of it was kept.
    Lost,
    /// It was kept whole, and the answer was lost.
    Kept,
}

#[derive(Debug, Default)]
struct Plan {
    commit: Option<(u64, Fate)>,
    read: Option<u64>,
    stopped: bool,
}

impl<E: Engine> DangerFaulty<E> {
    /// An engine that does not fail yet.
    pub fn new(inner: E) -> Self {
        Self { inner, plan: Mutex::default() }
    }

    /// Lets `before` commits pass, then fails one with [`EngineError::Full`], then refuses the rest.
    pub fn fail_commit(&self, before: u64, fate: Fate) {
        self.plan().commit = Some((before, fate));
    }

    /// Lets `before` reads pass (a get, a batch or a scan each), then fails one as a bad disk does.
    pub fn fail_read(&self, before: u64) {
        self.plan().read = Some(before);
    }

    fn plan(&self) -> MutexGuard<'_, Plan> {
        self.plan.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn read(&self) -> Result<(), EngineError> {
        let mut plan = self.plan();
        match plan.read.as_mut() {
            None => Ok(()),
            Some(0) => {
                plan.read = None;
                Err(EngineError::Disk { detail: "planned".into() })
            }
            Some(before) => {
                *before = before.saturating_sub(1);
                Ok(())
            }
        }
    }
}

impl<E: Engine> Engine for DangerFaulty<E> {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(FaultyView { engine: self, view: self.inner.snapshot()? }))
    }

    fn get(&self, family: Family, key: &Key) -> Result<Option<Row>, EngineError> {
        self.read()?;
        self.inner.get(family, key)
    }

    fn commit(&self, writes: Writes) -> Result<(), CommitError> {
        let mut plan = self.plan();
        if plan.stopped {
            return Err(EngineError::Stopped.into());
        }
        match plan.commit.as_mut() {
            None => self.inner.commit(writes),
            Some((0, fate)) => {
                let fate = *fate;
                if fate == Fate::Kept {
                    self.inner.commit(writes)?;
                }
                plan.stopped = true;
                Err(EngineError::Full.into())
            }
            Some((before, _)) => {
                *before = before.saturating_sub(1);
                self.inner.commit(writes)
            }
        }
    }

    /// The plan is void, and commits are taken again.
    fn reopen(&self) -> Result<(), EngineError> {
        *self.plan() = Plan::default();
        self.inner.reopen()
    }
}

struct FaultyView<'engine, E> {
    engine: &'engine DangerFaulty<E>,
    view: Box<dyn Snapshot + 'engine>,
}

impl<E: Engine> Snapshot for FaultyView<'_, E> {
    fn get_many(&self, family: Family, keys: &[Key]) -> Result<Vec<Option<Row>>, EngineError> {
        self.engine.read()?;
        self.view.get_many(family, keys)
    }

    fn scan(
        &self,
        family: Family,
        range: &KeyRange,
        direction: Direction,
        limit: usize,
    ) -> Result<Vec<(Key, Row)>, EngineError> {
        self.engine.read()?;
        self.view.scan(family, range, direction, limit)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{Check, Memory};

    fn put(value: u8) -> Writes {
        let row = Row { version: value.into(), value: vec![value] };
        Writes { puts: vec![(Family::Meta, Key::fixed([1]), row)], ..Writes::default() }
    }

    fn version(engine: &DangerFaulty<Memory>) -> Option<u64> {
        engine.get(Family::Meta, &Key::fixed([1])).unwrap().map(|row| row.version)
    }

    #[test]
    fn a_lost_commit_and_a_kept_one_answer_alike_and_stop_the_engine() {
        for (fate, after) in [(Fate::Lost, Some(1)), (Fate::Kept, Some(2))] {
            let engine = DangerFaulty::new(Memory::new());
            engine.fail_commit(1, fate);
            assert_eq!(engine.commit(put(1)), Ok(()));
            assert_eq!(engine.commit(put(2)), Err(CommitError::Engine(EngineError::Full)));
            assert_eq!(engine.commit(put(3)), Err(CommitError::Engine(EngineError::Stopped)));
            assert_eq!(engine.reopen(), Ok(()));
            assert_eq!(version(&engine), after);
            assert_eq!(engine.commit(put(4)), Ok(()));
        }
    }

    #[test]
    fn a_planned_read_fails_once_and_through_snapshots_too() {
        let engine = DangerFaulty::new(Memory::new());
        engine.fail_read(1);
        assert_eq!(version(&engine), None);
        let view = engine.snapshot().unwrap();
        assert!(view.scan(Family::Meta, &KeyRange::all(), Direction::Forward, 1).is_err());
        assert_eq!(view.get_many(Family::Meta, &[Key::fixed([1])]), Ok(vec![None]));
    }

    #[test]
    fn a_conflict_is_no_failure() {
        let engine = DangerFaulty::new(Memory::new());
        let check = Check::VersionIs(Family::Meta, Key::fixed([1]), 9);
        let writes = Writes { checks: vec![check], ..put(1) };
        assert_eq!(engine.commit(writes), Err(CommitError::Conflict(Family::Meta, Key::fixed([1]))));
        assert_eq!(engine.commit(put(1)), Ok(()));
    }
}
