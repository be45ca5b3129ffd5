//! Any sequence of calls answers as a plain map would.

use std::{collections::BTreeMap, ops::Range};

use proptest::{
    collection::vec,
    prelude::*,
    test_runner::{FileFailurePersistence, TestCaseResult},
};
use vigie::store::{Check, CommitError, Direction, Engine, Family, Key, KeyRange, Row, Snapshot, Writes};

use crate::bench::{Bench, InMemory, OnDisk, Subject, key};

const LIVE_SNAPSHOTS: Range<usize> = 0..4;

/// One call, or one event in the life of the engine.
#[derive(Clone, Debug)]
enum Step {
    Get(Family, Key),
    GetMany(Family, Vec<Key>),
    Scan(Family, Span, Direction, usize),
    Commit(Draft),
    Look,
    GetManyOf(usize, Family, Vec<Key>),
    ScanOf(usize, Family, Span, Direction, usize),
    Forget(usize),
    Rewrite(Family),
    Restart,
}

/// A range, said twice: as the engine takes it and, in [`Span::holds`], as plain comparisons.
#[derive(Clone, Debug)]
struct Span {
    prefix: Vec<u8>,
    from: Option<Key>,
    after: Option<Key>,
    before: Option<Key>,
}

impl Span {
    fn range(&self) -> KeyRange {
        let mut range = KeyRange::prefix(&self.prefix);
        if let Some(before) = &self.before {
            range = range.before(before);
        }
        if let Some(from) = &self.from {
            range = range.from(from);
        }
        if let Some(after) = &self.after {
            range = range.after(after);
        }
        range
    }

    fn holds(&self, key: &Key) -> bool {
        key.bytes().starts_with(&self.prefix)
            && self.from.as_ref().is_none_or(|from| key >= from)
            && self.after.as_ref().is_none_or(|after| key > after)
            && self.before.as_ref().is_none_or(|before| key < before)
    }
}

/// A commit whose truthful checks are filled in from the model when its turn comes.
#[derive(Clone, Debug)]
struct Draft {
    checks: Vec<(Family, Key, Claim)>,
    puts: Vec<(Family, Key, Row)>,
    deletes: Vec<(Family, Key)>,
}

#[derive(Clone, Debug)]
enum Claim {
    Truth,
    Absent,
    Version(u64),
}

#[derive(Clone, Debug, Default, PartialEq)]
struct Model(BTreeMap<(Family, Key), Row>);

impl Model {
    fn get(&self, family: Family, key: &Key) -> Option<Row> {
        self.0.get(&(family, key.clone())).cloned()
    }

    fn get_many(&self, family: Family, keys: &[Key]) -> Vec<Option<Row>> {
        keys.iter().map(|key| self.get(family, key)).collect()
    }

    fn scan(&self, family: Family, span: &Span, direction: Direction, limit: usize) -> Vec<(Key, Row)> {
        let mut rows: Vec<_> = self
            .0
            .iter()
            .filter(|((of, key), _)| *of == family && span.holds(key))
            .map(|((_, key), row)| (key.clone(), row.clone()))
            .collect();
        if direction == Direction::Backward {
            rows.reverse();
        }
        rows.truncate(limit);
        rows
    }

    fn writes(&self, draft: &Draft) -> Writes {
        let check = |(family, key, claim): &(Family, Key, Claim)| match claim {
            Claim::Absent => Check::Absent(*family, key.clone()),
            Claim::Version(version) => Check::VersionIs(*family, key.clone(), *version),
            Claim::Truth => match self.get(*family, key) {
                None => Check::Absent(*family, key.clone()),
                Some(row) => Check::VersionIs(*family, key.clone(), row.version),
            },
        };
        Writes {
            checks: draft.checks.iter().map(check).collect(),
            puts: draft.puts.clone(),
            deletes: draft.deletes.clone(),
        }
    }

    fn commit(&mut self, writes: &Writes) -> Result<(), CommitError> {
        for check in &writes.checks {
            let (family, key, holds) = match check {
                Check::Absent(family, key) => (family, key, self.get(*family, key).is_none()),
                Check::VersionIs(family, key, version) => {
                    (family, key, self.get(*family, key).is_some_and(|row| row.version == *version))
                }
            };
            if !holds {
                return Err(CommitError::Conflict(*family, key.clone()));
            }
        }
        for place in &writes.deletes {
            self.0.remove(place);
        }
        for (family, key, row) in &writes.puts {
            self.0.insert((*family, key.clone()), row.clone());
        }
        Ok(())
    }
}

fn families() -> impl Strategy<Value = Family> {
    // Two families do most of the work, so that keys meet; Chunks has large values in files apart.
    prop_oneof![4 => Just(Family::Records), 4 => Just(Family::Chunks), 1 => proptest::sample::select(&Family::ALL[..])]
}

fn keys() -> impl Strategy<Value = Key> {
    let byte = || prop_oneof![Just(0_u8), Just(1), Just(0x7f), Just(0xff)];
    prop_oneof![12 => vec(byte(), 1..4).prop_map(key), 1 => (byte(), 1020..=1024_usize).prop_map(|(byte, length)| key(vec![byte; length]))]
}

fn rows() -> impl Strategy<Value = Row> {
    let value = prop_oneof![8 => vec(any::<u8>(), 0..24), 1 => (any::<u8>(), 3000..9000_usize).prop_map(|(byte, length)| vec![byte; length]), 1 => Just(vec![7; 65536])];
    (0..4_u64, value).prop_map(|(version, value)| Row { version, value })
}

fn spans() -> impl Strategy<Value = Span> {
    let prefix = prop_oneof![2 => Just(Vec::new()), 3 => keys().prop_map(|key| key.bytes()[..1].to_vec()), 1 => keys().prop_map(|key| key.bytes().to_vec())];
    let rarely = || proptest::option::weighted(0.3, keys());
    (prefix, rarely(), rarely(), rarely()).prop_map(|(prefix, from, after, before)| Span {
        prefix,
        from,
        after,
        before,
    })
}

fn directions() -> impl Strategy<Value = Direction> {
    prop_oneof![Just(Direction::Forward), Just(Direction::Backward)]
}

fn drafts() -> impl Strategy<Value = Draft> {
    let claim =
        prop_oneof![6 => Just(Claim::Truth), 1 => Just(Claim::Absent), 1 => (0..4_u64).prop_map(Claim::Version)];
    (vec((families(), keys(), claim), 0..3), vec((families(), keys(), rows()), 0..6), vec((families(), keys()), 0..3))
        .prop_map(|(checks, puts, deletes)| Draft { checks, puts, deletes })
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let limit = || prop_oneof![Just(0_usize), 1..6_usize, Just(usize::MAX)];
    let step = prop_oneof![
        3 => (families(), keys()).prop_map(|(family, key)| Step::Get(family, key)),
        2 => (families(), vec(keys(), 0..6)).prop_map(|(family, keys)| Step::GetMany(family, keys)),
        4 => (families(), spans(), directions(), limit()).prop_map(|(f, s, d, l)| Step::Scan(f, s, d, l)),
        12 => drafts().prop_map(Step::Commit),
        2 => Just(Step::Look),
        2 => (LIVE_SNAPSHOTS, families(), vec(keys(), 0..6)).prop_map(|(at, f, keys)| Step::GetManyOf(at, f, keys)),
        4 => (LIVE_SNAPSHOTS, families(), spans(), directions(), limit())
            .prop_map(|(at, f, s, d, l)| Step::ScanOf(at, f, s, d, l)),
        1 => LIVE_SNAPSHOTS.prop_map(Step::Forget),
        1 => families().prop_map(Step::Rewrite),
        1 => Just(Step::Restart),
    ];
    vec(step, 1..60)
}

/// Runs the steps on an engine and on the model, and compares every answer.
fn compare<B: Bench>(steps: &[Step]) -> TestCaseResult {
    let mut bench = B::new();
    let mut model = Model::default();
    for life in steps.split(|step| matches!(step, Step::Restart)) {
        let engine = bench.start();
        let mut seen = Vec::new();
        for step in life {
            take(engine, &mut model, &mut seen, step)?;
        }
        for (snapshot, then) in &seen {
            whole(&**snapshot, then)?;
        }
        drop(seen);
        whole(&*engine.snapshot().expect("a snapshot"), &model)?;
    }
    whole(&*bench.start().snapshot().expect("a snapshot"), &model)
}

type Seen<'engine> = Vec<(Box<dyn Snapshot + 'engine>, Model)>;

fn take<'engine, S: Subject>(
    engine: &'engine S,
    model: &mut Model,
    seen: &mut Seen<'engine>,
    step: &Step,
) -> TestCaseResult {
    match step {
        Step::Get(family, key) => prop_assert_eq!(engine.get(*family, key), Ok(model.get(*family, key))),
        Step::GetMany(family, keys) => {
            let snapshot = engine.snapshot().expect("a snapshot");
            prop_assert_eq!(snapshot.get_many(*family, keys), Ok(model.get_many(*family, keys)));
        }
        Step::Scan(family, span, direction, limit) => {
            let snapshot = engine.snapshot().expect("a snapshot");
            let rows = snapshot.scan(*family, &span.range(), *direction, *limit);
            prop_assert_eq!(rows, Ok(model.scan(*family, span, *direction, *limit)));
        }
        Step::Commit(draft) => {
            let writes = model.writes(draft);
            prop_assert_eq!(engine.commit(writes.clone()), model.commit(&writes));
        }
        Step::Look => {
            seen.truncate(LIVE_SNAPSHOTS.end - 1);
            seen.push((engine.snapshot().expect("a snapshot"), model.clone()));
        }
        Step::GetManyOf(at, family, keys) => {
            if let Some((snapshot, then)) = seen.get(*at) {
                prop_assert_eq!(snapshot.get_many(*family, keys), Ok(then.get_many(*family, keys)));
            }
        }
        Step::ScanOf(at, family, span, direction, limit) => {
            if let Some((snapshot, then)) = seen.get(*at) {
                let rows = snapshot.scan(*family, &span.range(), *direction, *limit);
                prop_assert_eq!(rows, Ok(then.scan(*family, span, *direction, *limit)));
            }
        }
        Step::Forget(at) => {
            if *at < seen.len() {
                drop(seen.remove(*at));
            }
        }
        Step::Rewrite(family) => engine.rewrite(*family),
        Step::Restart => panic!("restarts separate the lives"),
    }
    Ok(())
}

/// Everything, read in small pages both ways, is the model.
fn whole(snapshot: &dyn Snapshot, model: &Model) -> TestCaseResult {
    let everything = Span { prefix: Vec::new(), from: None, after: None, before: None };
    for family in Family::ALL {
        for direction in [Direction::Forward, Direction::Backward] {
            let mut rows = Vec::new();
            let mut range = KeyRange::all();
            loop {
                let page = snapshot.scan(family, &range, direction, 3).expect("a page");
                let more = page.len() == 3;
                if let Some((last, _)) = page.last() {
                    range = range.past(direction, last);
                }
                rows.extend(page);
                if !more {
                    break;
                }
            }
            prop_assert_eq!(rows, model.scan(family, &everything, direction, usize::MAX));
        }
    }
    Ok(())
}

fn sequences(cases: u32) -> ProptestConfig {
    let seeds = FileFailurePersistence::Direct("tests/engine/seeds");
    ProptestConfig {
        cases,
        max_shrink_iters: 2000,
        failure_persistence: Some(Box::new(seeds)),
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(sequences(400))]
    #[test]
    fn memory_answers_as_a_plain_map(steps in steps()) {
        compare::<InMemory>(&steps)?;
    }
}

proptest! {
    #![proptest_config(sequences(40))]
    #[test]
    fn rocksdb_answers_as_a_plain_map(steps in steps()) {
        compare::<OnDisk>(&steps)?;
    }
}
