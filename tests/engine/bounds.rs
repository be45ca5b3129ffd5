//! What is refused, and that a refusal changes nothing.

use vigie::{
    limits::{
        COMMIT_BYTES_MAX, COMMIT_CHECKS_MAX, COMMIT_ROWS_MAX, SCAN_ROWS_MAX, STORE_KEY_BYTES_MAX, STORE_VALUE_BYTES_MAX,
    },
    store::{Check, CommitError, Direction, Engine, Family, Key, KeyLength, KeyRange, TooLarge, Writes},
};

use crate::bench::{Bench, InMemory, OnDisk, key, put, row};

#[test]
fn a_key_has_at_least_one_byte_and_at_most_the_bound() {
    assert_eq!(Key::new([]), Err(KeyLength(0)));
    assert!(Key::new([0]).is_ok());
    assert!(Key::new(vec![0; STORE_KEY_BYTES_MAX]).is_ok());
    assert_eq!(Key::new(vec![0; STORE_KEY_BYTES_MAX + 1]), Err(KeyLength(STORE_KEY_BYTES_MAX + 1)));
    assert_eq!(Key::joined(&[b"ab", b"c"]), Key::new(*b"abc"));
}

#[test]
fn a_commit_over_a_bound_is_refused_and_the_engine_stays_usable() {
    refuse_beyond_bounds::<InMemory>();
    refuse_beyond_bounds::<OnDisk>();
}

fn numbered(number: usize) -> Key {
    key(number.to_be_bytes())
}

fn refuse_beyond_bounds<B: Bench>() {
    let mut bench = B::new();
    let engine = bench.start();
    let small = |count| (0..count).map(|number| (Family::Listings, numbered(number), row(1, [1]))).collect();
    let refused = |writes: Writes, bound| {
        assert_eq!(engine.commit(writes), Err(CommitError::TooLarge(bound)));
        let rows =
            engine.snapshot().expect("a snapshot").scan(Family::Listings, &KeyRange::all(), Direction::Forward, 1);
        assert_eq!(rows, Ok(Vec::new()));
    };

    refused(Writes { puts: small(COMMIT_ROWS_MAX + 1), ..Writes::default() }, TooLarge::Rows(COMMIT_ROWS_MAX + 1));
    let deletes = vec![(Family::Listings, numbered(0))];
    refused(Writes { puts: small(COMMIT_ROWS_MAX), deletes, ..Writes::default() }, TooLarge::Rows(COMMIT_ROWS_MAX + 1));
    let value = vec![1; STORE_VALUE_BYTES_MAX + 1];
    refused(put(Family::Listings, numbered(0), row(1, value)), TooLarge::Value(STORE_VALUE_BYTES_MAX + 1));
    let checks = vec![Check::Absent(Family::Meta, numbered(0)); COMMIT_CHECKS_MAX + 1];
    refused(Writes { checks, puts: small(1), ..Writes::default() }, TooLarge::Checks(COMMIT_CHECKS_MAX + 1));
    let large = |count| -> Vec<_> {
        (0..count).map(|number| (Family::Listings, numbered(number), row(1, vec![1; STORE_VALUE_BYTES_MAX]))).collect()
    };
    let puts = large(COMMIT_BYTES_MAX / STORE_VALUE_BYTES_MAX);
    let bytes = COMMIT_BYTES_MAX + puts.len() * size_of::<usize>();
    refused(Writes { puts, ..Writes::default() }, TooLarge::Bytes(bytes));

    let puts = large(COMMIT_BYTES_MAX / STORE_VALUE_BYTES_MAX - 1);
    engine.commit(Writes { puts, ..Writes::default() }).expect("within every bound");
    engine.commit(Writes { puts: small(COMMIT_ROWS_MAX), ..Writes::default() }).expect("within every bound");
}

#[test]
fn a_conflict_changes_nothing_and_names_the_first_check_that_failed() {
    conflict::<InMemory>();
    conflict::<OnDisk>();
}

fn conflict<B: Bench>() {
    let mut bench = B::new();
    let engine = bench.start();
    engine.commit(put(Family::Records, key([1]), row(5, [5]))).expect("a row");
    let writes = |checks| Writes {
        checks,
        puts: vec![(Family::Records, key([2]), row(1, [])), (Family::Meta, key([1]), row(1, []))],
        deletes: vec![(Family::Records, key([1]))],
    };
    let truth = Check::VersionIs(Family::Records, key([1]), 5);
    for wrong in [
        Check::Absent(Family::Records, key([1])),
        Check::VersionIs(Family::Records, key([1]), 4),
        Check::VersionIs(Family::Keys, key([1]), 5),
    ] {
        let (family, at) = wrong.place();
        let expected = Err(CommitError::Conflict(family, at.clone()));
        let later = Check::Absent(Family::Records, key([1]));
        assert_eq!(engine.commit(writes(vec![truth.clone(), wrong.clone(), later])), expected);
        assert_eq!(engine.get(Family::Records, &key([1])), Ok(Some(row(5, [5]))));
        assert_eq!(engine.get(Family::Records, &key([2])), Ok(None));
        assert_eq!(engine.get(Family::Meta, &key([1])), Ok(None));
    }
    engine.commit(writes(vec![truth])).expect("the truth");
    assert_eq!(engine.get(Family::Records, &key([1])), Ok(None));
}

#[test]
fn deletes_apply_before_puts_and_the_last_put_of_a_key_stays() {
    order::<InMemory>();
    order::<OnDisk>();
}

fn order<B: Bench>() {
    let mut bench = B::new();
    let engine = bench.start();
    let puts = vec![(Family::Meta, key([1]), row(1, [1])), (Family::Meta, key([1]), row(2, [2]))];
    engine.commit(Writes { puts, deletes: vec![(Family::Meta, key([1]))], ..Writes::default() }).expect("a commit");
    assert_eq!(engine.get(Family::Meta, &key([1])), Ok(Some(row(2, [2]))));
}

#[test]
fn a_scan_never_answers_more_than_its_bound() {
    cap::<InMemory>();
    cap::<OnDisk>();
}

fn cap<B: Bench>() {
    let mut bench = B::new();
    let engine = bench.start();
    for half in [0..SCAN_ROWS_MAX / 2 + 1, SCAN_ROWS_MAX / 2 + 1..SCAN_ROWS_MAX + 2] {
        let puts = half.map(|number| (Family::Listings, numbered(number), row(1, []))).collect();
        engine.commit(Writes { puts, ..Writes::default() }).expect("rows");
    }
    let snapshot = engine.snapshot().expect("a snapshot");
    let page = snapshot.scan(Family::Listings, &KeyRange::all(), Direction::Backward, usize::MAX).expect("a page");
    assert_eq!(page.len(), SCAN_ROWS_MAX);
    let (last, _) = page.last().expect("a last row");
    let rest = KeyRange::all().past(Direction::Backward, last);
    assert_eq!(snapshot.scan(Family::Listings, &rest, Direction::Backward, usize::MAX).expect("a page").len(), 2);
}
