//! Several threads on one engine.

use std::thread;

use vigie::store::{Check, CommitError, Engine, Family, Writes};

use crate::bench::{Bench, InMemory, OnDisk, key, put, row};

const THREADS: u64 = 4;

#[test]
fn of_commits_that_rely_on_the_same_version_one_wins() {
    count_together::<InMemory>(200);
    count_together::<OnDisk>(25);
}

/// Every thread adds one, relying on the version it read, until it has succeeded `times`.
fn count_together<B: Bench>(times: u64) {
    let mut bench = B::new();
    let engine = bench.start();
    let counter = key(*b"counter");
    engine.commit(put(Family::Meta, counter.clone(), row(0, []))).expect("the counter");
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| {
                let mut done = 0;
                while done < times {
                    let version = engine.get(Family::Meta, &counter).expect("a read").expect("the counter").version;
                    let writes = Writes {
                        checks: vec![Check::VersionIs(Family::Meta, counter.clone(), version)],
                        ..put(Family::Meta, counter.clone(), row(version + 1, []))
                    };
                    match engine.commit(writes) {
                        Ok(()) => done += 1,
                        Err(CommitError::Conflict(family, at)) => assert_eq!((family, &at), (Family::Meta, &counter)),
                        Err(other) => panic!("{other}"),
                    }
                }
            });
        }
    });
    let row = engine.get(Family::Meta, &counter).expect("a read").expect("the counter");
    assert_eq!(row.version, THREADS * times);
}

#[test]
fn a_snapshot_never_sees_half_a_commit() {
    pass_a_token::<InMemory>(400);
    pass_a_token::<OnDisk>(80);
}

/// One commit deletes the token in one family and puts it in another; readers count tokens.
fn pass_a_token<B: Bench>(passes: u64) {
    let mut bench = B::new();
    let engine = bench.start();
    let token = key(*b"token");
    engine.commit(put(Family::ALL[0], token.clone(), row(0, []))).expect("the token");
    thread::scope(|scope| {
        let passing = scope.spawn(|| {
            for pass in 0..passes {
                let at = |pass: u64| Family::ALL[usize::try_from(pass).expect("small") % Family::ALL.len()];
                let writes = Writes {
                    deletes: vec![(at(pass), token.clone())],
                    ..put(at(pass + 1), token.clone(), row(pass + 1, []))
                };
                engine.commit(writes).expect("a pass");
            }
        });
        let mut last = 0;
        while !passing.is_finished() {
            let snapshot = engine.snapshot().expect("a snapshot");
            let mut found = Vec::new();
            for family in Family::ALL {
                found.extend(snapshot.get_many(family, std::slice::from_ref(&token)).expect("a read"));
            }
            let versions: Vec<u64> = found.into_iter().flatten().map(|row| row.version).collect();
            assert_eq!(versions.len(), 1, "one token at a time");
            assert!(versions[0] >= last, "time does not run backwards");
            last = versions[0];
        }
    });
}
