//! RocksDB's folder: who may open it, what is in it, what leaves it.

use std::{fs, os::unix::fs::PermissionsExt};

use vigie::store::{Direction, Engine, EngineError, Family, KeyRange, Rocks, Writes};

use crate::bench::{Folder, key, put, row};

#[test]
fn a_store_is_created_once_and_opened_only_where_it_was_created() {
    let folder = Folder::new();
    assert_eq!(Rocks::open(&folder.0).err(), Some(EngineError::Missing));
    assert!(!folder.0.exists(), "opening creates nothing");

    drop(Rocks::create(&folder.0).expect("a new store"));
    assert_eq!(fs::metadata(&folder.0).expect("the folder").permissions().mode() & 0o777, 0o700);
    assert_eq!(Rocks::create(&folder.0).err(), Some(EngineError::Occupied));
    assert!(Rocks::open(&folder.0).is_ok());

    let other = Folder::new();
    fs::create_dir(&other.0).expect("a folder");
    fs::write(other.0.join("letter"), b"not ours").expect("a file");
    assert_eq!(Rocks::create(&other.0).err(), Some(EngineError::Occupied));
    assert_eq!(Rocks::open(&other.0).err(), Some(EngineError::Missing));
}

#[test]
fn a_folder_serves_one_engine_at_a_time() {
    let folder = Folder::new();
    let first = Rocks::create(&folder.0).expect("a new store");
    assert_eq!(Rocks::open(&folder.0).err(), Some(EngineError::Locked));
    drop(first);
    assert!(Rocks::open(&folder.0).is_ok());
}

#[test]
fn a_checkpoint_is_a_store_of_its_own_with_every_commit_before_it() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    for family in Family::ALL {
        rocks.commit(put(family, key([1]), row(1, vec![1; 6000]))).expect("before");
    }
    let copy = Folder::new();
    rocks.checkpoint(&copy.0).expect("a checkpoint");
    assert_eq!(rocks.checkpoint(&copy.0), Err(EngineError::Occupied));
    for family in Family::ALL {
        rocks.commit(put(family, key([1]), row(2, []))).expect("after");
        rocks.compact(family).expect("the original rewrites its files");
    }
    drop(rocks);
    drop(folder);
    let copied = Rocks::open(&copy.0).expect("the copy opens alone");
    for family in Family::ALL {
        assert_eq!(copied.get(family, &key([1])), Ok(Some(row(1, vec![1; 6000]))));
    }
}

#[test]
fn what_was_deleted_and_compacted_is_in_no_file() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    let present = |canary: &[u8]| {
        let found = |bytes: &[u8]| bytes.windows(canary.len()).any(|window| window == canary);
        folder.files().into_iter().filter(|(_, bytes)| found(bytes)).map(|(name, _)| name).collect::<Vec<_>>()
    };
    for family in Family::ALL {
        let canary = format!("canary of the {family}").into_bytes();
        let long = canary.repeat(400);
        let neighbours = [key([1]), key([3])].map(|key| (family, key, row(1, vec![9; 5000])));
        rocks.commit(Writes { puts: neighbours.into(), ..Writes::default() }).expect("neighbours");
        rocks.commit(put(family, key([2]), row(1, long))).expect("the canary");
        rocks.compact(family).expect("it moves from the log to a table or a blob file");
        assert!(!present(&canary).is_empty(), "the search finds {family}");

        rocks.commit(Writes { deletes: vec![(family, key([2]))], ..Writes::default() }).expect("the end of it");
        rocks.compact(family).expect("it leaves the files");
        assert_eq!(present(&canary), Vec::<String>::new(), "{family}");
        let snapshot = rocks.snapshot().expect("a snapshot");
        assert_eq!(snapshot.scan(family, &KeyRange::all(), Direction::Forward, 9).expect("a page").len(), 2);
    }
}

#[test]
fn the_notes_that_rocksdb_keeps_for_itself_hold_no_key_and_no_value() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    for number in 0..200_u16 {
        let name = [b"key-canary".as_slice(), &number.to_be_bytes()].concat();
        rocks.commit(put(Family::Records, key(name), row(1, b"value-canary".repeat(400)))).expect("a row");
    }
    rocks.compact(Family::Records).expect("compaction");
    drop(rocks);
    drop(Rocks::open(&folder.0).expect("a second life"));
    let mut notes = 0;
    for (name, bytes) in folder.files() {
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        let hex = data_encoding::HEXLOWER.encode(b"canary");
        if ["LOG", "OPTIONS", "CURRENT", "IDENTITY", "LOCK"].iter().any(|note| name.starts_with(note)) {
            notes += 1;
            assert!(!text.contains("canary") && !text.contains(&hex), "{name}");
        }
        if name.starts_with("MANIFEST") {
            assert!(!text.contains("value-canary"), "{name}: keys only, which say nothing by themselves");
        }
    }
    assert!(notes >= 5, "{notes} files looked at");
}

#[test]
fn sizes_follow_what_is_written() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    let before = rocks.size_hint(Family::Chunks).expect("a size");
    for number in 0..16_u8 {
        rocks.commit(put(Family::Chunks, key([number]), row(1, vec![number; 65_000]))).expect("a chunk");
    }
    let memory = rocks.size_hint(Family::Chunks).expect("a size");
    assert!(memory.bytes >= before.bytes + 1_000_000 && memory.rows == 16, "{memory:?}");
    rocks.compact(Family::Chunks).expect("compaction");
    let files = rocks.size_hint(Family::Chunks).expect("a size");
    assert!(files.bytes >= 1_000_000 && files.rows == 16, "{files:?}");
}
