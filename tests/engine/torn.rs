//! RocksDB's folder after a power cut, an accident of the disk, a full volume.

use std::{fs, path::Path, process::Command};

use vigie::store::{CommitError, Direction, Engine, EngineError, Family, KeyRange, Rocks, Writes};

use crate::bench::{Folder, key, put, row};

const COMMITS: u64 = 12;
/// The log is cut in blocks; a record never crosses one, and starts with checksum, length and type.
const BLOCK_BYTES: usize = 32 * 1024;
const HEADER_BYTES: usize = 7;
const SECTOR_BYTES: usize = 512;

/// A store whose commits number 1 to [`COMMITS`] each write all families, copied while it runs.
fn crashed() -> Folder {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    for number in 1..=COMMITS {
        let value = vec![u8::try_from(number).expect("small"); 700];
        let puts = Family::ALL.map(|family| (family, key(number.to_be_bytes()), row(number, value.clone())));
        rocks.commit(Writes { puts: puts.into(), ..Writes::default() }).expect("a commit");
    }
    folder.copy()
}

/// Opens a folder in a thread: one that is read for ever would stop the tests.
fn opens(folder: &Folder) -> Result<(), EngineError> {
    let (path, (told, telling)) = (folder.0.clone(), std::sync::mpsc::channel());
    std::thread::spawn(move || drop(told.send(Rocks::open(&path).map(drop))));
    telling.recv_timeout(std::time::Duration::from_secs(60)).expect("an answer")
}

#[test]
fn a_record_whose_kind_became_that_of_a_log_used_again_is_refused_and_not_read_for_ever() {
    let folder = crashed();
    let files = folder.files();
    let both = [".log", "MANIFEST-"].map(|part| files.iter().rfind(|(name, _)| name.contains(part)).expect("a file"));
    for (name, bytes) in both {
        let records = records(bytes);
        assert!(records.len() > 3, "{name}: {}", records.len());
        for (at, (start, _)) in records.iter().enumerate() {
            for kind in [5, 6, 7, 8, 11, 131] {
                let mut harmed = bytes.clone();
                harmed[start + HEADER_BYTES - 1] = kind;
                let copy = folder.copy();
                fs::write(copy.0.join(name), harmed).expect("written");
                assert!(matches!(opens(&copy), Err(EngineError::Corrupt { .. })), "{name}, record {at}, kind {kind}");
                // What RocksDB does with every record is the same: a few tell.
                if at > 2 && at + 2 < records.len() {
                    break;
                }
            }
        }
    }
    assert_eq!(opened(&folder), Ok(COMMITS), "and as it was it opens");
}

/// The number of commits that a folder opens with, each in all families or in none, none after a gap.
fn opened(folder: &Folder) -> Result<u64, EngineError> {
    let rocks = Rocks::open(&folder.0)?;
    let snapshot = rocks.snapshot()?;
    let mut counts = Vec::new();
    for family in Family::ALL {
        let rows = snapshot.scan(family, &KeyRange::all(), Direction::Forward, usize::MAX)?;
        for (number, (at, found)) in (1..).zip(&rows) {
            assert_eq!(at, &key(u64::to_be_bytes(number)), "no gap");
            assert_eq!(found, &row(number, vec![u8::try_from(number).expect("small"); 700]), "no other bytes");
        }
        counts.push(u64::try_from(rows.len()).expect("few"));
    }
    assert!(counts.iter().all(|count| *count == counts[0]), "a commit is whole: {counts:?}");
    Ok(counts[0])
}

fn newest_log(folder: &Folder) -> (String, Vec<u8>) {
    folder.files().into_iter().rfind(|(name, _)| name.ends_with(".log")).expect("a log")
}

/// A copy of the folder whose newest log holds these bytes.
fn with_log(folder: &Folder, bytes: &[u8]) -> Folder {
    let copy = folder.copy();
    fs::write(copy.0.join(newest_log(folder).0), bytes).expect("the log");
    copy
}

/// Where the physical records of a log start and end.
fn records(log: &[u8]) -> Vec<(usize, usize)> {
    let mut records = Vec::new();
    let mut at = 0;
    while at + HEADER_BYTES <= log.len() {
        let left = BLOCK_BYTES - at % BLOCK_BYTES;
        if left < HEADER_BYTES {
            at += left;
            continue;
        }
        let length = usize::from(u16::from_le_bytes([log[at + 4], log[at + 5]]));
        records.push((at, at + HEADER_BYTES + length));
        at += HEADER_BYTES + length;
    }
    records
}

/// The ends of the commits: a record of type 1 is whole, one of type 4 the last of its fragments.
fn commit_ends(log: &[u8]) -> Vec<usize> {
    let ends: Vec<usize> =
        records(log).into_iter().filter(|(start, _)| matches!(log[start + 6], 1 | 4)).map(|(_, end)| end).collect();
    ends[ends.len() - usize::try_from(COMMITS).expect("small")..].to_vec()
}

#[test]
fn a_crash_keeps_every_acknowledged_commit() {
    assert_eq!(opened(&crashed()), Ok(COMMITS));
}

#[test]
fn a_log_cut_anywhere_opens_with_the_commits_that_are_whole() {
    let folder = crashed();
    let (_, log) = newest_log(&folder);
    let ends = commit_ends(&log);
    assert!(log.len() > BLOCK_BYTES, "a commit crosses blocks");
    let around = ends.iter().flat_map(|end| [end - 1, *end, end + 1]);
    let blocks = [BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 3];
    for cut in around.chain((0..log.len()).step_by(1777)).chain(blocks).filter(|cut| *cut <= log.len()) {
        let whole = u64::try_from(ends.iter().filter(|end| **end <= cut).count()).expect("few");
        assert_eq!(opened(&with_log(&folder, &log[..cut])), Ok(whole), "cut at {cut} of {}", log.len());
    }
}

#[test]
fn a_log_that_ends_in_room_reserved_for_it_opens_with_every_commit() {
    let folder = crashed();
    let (_, mut log) = newest_log(&folder);
    for zeros in [1, HEADER_BYTES, 4096, 2 * BLOCK_BYTES] {
        log.resize(log.len() + zeros, 0);
        assert_eq!(opened(&with_log(&folder, &log)), Ok(COMMITS), "{zeros} more zeros");
    }
}

#[test]
fn a_log_damaged_before_its_end_is_refused() {
    let folder = crashed();
    let (_, log) = newest_log(&folder);
    for (start, end) in records(&log) {
        // Checksum, type, first and last byte of the content. The length has a test of its own.
        for at in [start, start + 6, start + HEADER_BYTES, end - 1] {
            let mut damaged = log.clone();
            damaged[at] ^= 0x40;
            let outcome = opened(&with_log(&folder, &damaged));
            assert!(matches!(outcome, Err(EngineError::Corrupt { .. })), "byte {at} of {}: {outcome:?}", log.len());
        }
    }
}

/// A wrong length can look like an unfinished last record: RocksDB then cuts the log there, in silence.
/// What it keeps is still whole and in order; the journal's checkpoint tells that some is missing.
#[test]
fn a_log_with_a_damaged_length_is_refused_or_cut_before_it() {
    let folder = crashed();
    let (_, log) = newest_log(&folder);
    let ends = commit_ends(&log);
    for (start, _) in records(&log) {
        for (at, bit) in [start + 4, start + 5].into_iter().flat_map(|at| [1, 0x10, 0x40].map(|bit| (at, bit))) {
            let mut damaged = log.clone();
            damaged[at] ^= bit;
            let before = u64::try_from(ends.iter().filter(|end| **end <= start).count()).expect("few");
            match opened(&with_log(&folder, &damaged)) {
                Ok(kept) => assert_eq!(kept, before, "byte {at}"),
                Err(EngineError::Corrupt { .. }) => {}
                Err(other) => panic!("byte {at}: {other}"),
            }
        }
    }
}

/// A file system may lengthen a file before the bytes arrive: the unfinished record then has zeros where a sector was not
/// written, at its end, in its middle or from its start.
#[test]
fn a_last_record_with_sectors_of_zeros_is_cut_and_commits_go_on() {
    let folder = crashed();
    let (_, log) = newest_log(&folder);
    let ends = commit_ends(&log);
    assert!(log.len() > BLOCK_BYTES, "a commit crosses blocks");
    for (before, commit) in (1..).zip(ends.windows(2)) {
        let (start, end) = (commit[0], commit[1]);
        let sectors: Vec<usize> = (start.next_multiple_of(SECTOR_BYTES)..end).step_by(SECTOR_BYTES).collect();
        let one = sectors.iter().map(|sector| *sector..(sector + SECTOR_BYTES).min(end));
        let rest = sectors.iter().map(|sector| *sector..end);
        for hole in one.chain(rest).chain([start..sectors[1], start..end]) {
            let mut torn = log[..end].to_vec();
            torn[hole.clone()].fill(0);
            let copy = with_log(&folder, &torn);
            assert_eq!(opened(&copy), Ok(before), "zeros at {hole:?} of {start}..{end}");
            let rocks = Rocks::open(&copy.0).expect("a store");
            rocks.commit(put(Family::Keys, key([1]), row(1, [1]))).expect("a row");
            drop(rocks);
            assert!(Rocks::open(&copy.0).expect("a store").get(Family::Keys, &key([1])).expect("a row").is_some());
        }
    }
}

/// What has a record behind it was acknowledged: zeros there are an accident of the disk.
#[test]
fn zeros_before_the_last_record_are_refused_and_left_as_they_are() {
    let folder = crashed();
    let (_, log) = newest_log(&folder);
    let last = commit_ends(&log)[usize::try_from(COMMITS).expect("small") - 2];
    for sector in (0..last - SECTOR_BYTES).step_by(SECTOR_BYTES) {
        let mut damaged = log.clone();
        damaged[sector..sector + SECTOR_BYTES].fill(0);
        let copy = with_log(&folder, &damaged);
        let outcome = opened(&copy);
        assert!(matches!(outcome, Err(EngineError::Corrupt { .. })), "zeros at {sector} of {last}: {outcome:?}");
        assert!(fs::read(copy.0.join(newest_log(&folder).0)).expect("the log") == damaged, "evidence stays");
    }
}

#[test]
fn a_damaged_table_or_blob_is_never_read_as_something_else() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    let value = |number: u8| vec![number; if number.is_multiple_of(2) { 60 } else { 5000 }];
    for family in [Family::Records, Family::Chunks] {
        for number in 0..20 {
            rocks.commit(put(family, key([number]), row(1, value(number)))).expect("a row");
        }
        rocks.compact(family).expect("compaction");
    }
    drop(rocks);
    let mut refused = 0;
    for (name, bytes) in
        folder.files().into_iter().filter(|(name, _)| name.ends_with(".sst") || name.ends_with(".blob"))
    {
        for at in (0..bytes.len()).step_by(bytes.len() / 12) {
            let copy = folder.copy();
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            fs::write(copy.0.join(&name), damaged).expect("the file");
            let Ok(rocks) = Rocks::open(&copy.0) else {
                refused += 1;
                continue;
            };
            for (family, number) in
                [Family::Records, Family::Chunks].into_iter().flat_map(|f| (0..20).map(move |n| (f, n)))
            {
                match rocks.get(family, &key([number])) {
                    Ok(found) => assert_eq!(found, Some(row(1, value(number))), "{name} at {at}"),
                    Err(EngineError::Corrupt { .. }) => refused += 1,
                    Err(other) => panic!("{name} at {at}: {other}"),
                }
            }
        }
    }
    assert!(refused > 20, "{refused} refusals");
}

#[test]
fn a_folder_that_lost_a_table_is_refused() {
    let folder = Folder::new();
    let rocks = Rocks::create(&folder.0).expect("a new store");
    rocks.commit(put(Family::Keys, key([1]), row(1, [1]))).expect("a row");
    rocks.compact(Family::Keys).expect("compaction");
    drop(rocks);
    let (table, _) = folder.files().into_iter().find(|(name, _)| name.ends_with(".sst")).expect("a table");
    fs::remove_file(folder.0.join(table)).expect("an accident");
    let outcome = Rocks::open(&folder.0).err();
    assert!(matches!(outcome, Some(EngineError::Corrupt { .. })), "{outcome:?}");
}

const SMALL_VOLUME: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/engine-small-volume");

#[test]
fn a_full_volume_stops_commits_and_loses_none_that_was_acknowledged() {
    fs::create_dir_all(SMALL_VOLUME).expect("a folder");
    let script = r#"mount -t tmpfs -o size=64m,mode=0700 none "$1" && exec "$2" --ignored --exact torn::on_a_small_volume --nocapture"#;
    let program = std::env::current_exe().expect("this program");
    let inside = Command::new("unshare")
        .args(["--user", "--map-root-user", "--mount", "sh", "-c", script, "sh", SMALL_VOLUME])
        .arg(program)
        .output()
        .expect("unshare, from util-linux");
    let said = [inside.stdout, inside.stderr].concat();
    let said = String::from_utf8_lossy(&said);
    assert!(inside.status.success() && said.contains("1 passed"), "{said}");
}

#[test]
#[ignore = "run by the test above, in a mount namespace of its own"]
fn on_a_small_volume() {
    let volume = Path::new(SMALL_VOLUME);
    let room = rustix::fs::statvfs(volume).expect("a volume");
    assert!(room.f_blocks * room.f_frsize <= 64 << 20, "never on a real disk");
    let ballast = volume.join("ballast");
    fs::write(&ballast, vec![1; 24 << 20]).expect("ballast");

    let folder = volume.join("store");
    let rocks = Rocks::create(&folder).expect("a new store");
    let commit = |rocks: &Rocks, number: u64| {
        rocks.commit(put(Family::Chunks, key(number.to_be_bytes()), row(number, vec![1; 60_000])))
    };
    let mut acknowledged = 0;
    let error = loop {
        match commit(&rocks, acknowledged + 1) {
            Ok(()) => acknowledged += 1,
            Err(error) => break error,
        }
    };
    assert_eq!(error, CommitError::Engine(EngineError::Full));
    assert!(acknowledged > 50, "{acknowledged} commits");
    assert_eq!(commit(&rocks, acknowledged + 1), Err(CommitError::Engine(EngineError::Stopped)));
    assert_eq!(rocks.reopen(), Err(EngineError::Full));
    let found = |rocks: &Rocks, number: u64| rocks.get(Family::Chunks, &key(number.to_be_bytes())).expect("a read");
    let all = |rocks: &Rocks, last| (1..=last).all(|number| found(rocks, number).is_some());
    assert!(all(&rocks, acknowledged), "readers go on");
    assert_eq!(found(&rocks, acknowledged + 1), None, "and do not see what was not acknowledged");

    crash_now(&folder, |rocks| all(rocks, acknowledged));

    fs::remove_file(ballast).expect("room");
    let patience = (0..60).find(|_| {
        std::thread::sleep(std::time::Duration::from_millis(500));
        rocks.reopen().is_ok()
    });
    assert!(patience.is_some(), "with room, it writes again: {:?}", rocks.reopen());
    assert_eq!(found(&rocks, acknowledged + 1), None, "the failed commit is absent, for good");
    for number in acknowledged + 2..acknowledged + 20 {
        commit(&rocks, number).expect("with room, it writes again");
    }
    drop(rocks);

    let rocks = Rocks::open(&folder).expect("it opens again");
    assert!(all(&rocks, acknowledged), "nothing acknowledged is lost");
    assert_eq!(found(&rocks, acknowledged + 1), None, "the failed commit is absent, for good");
    assert!((acknowledged + 2..acknowledged + 20).all(|number| found(&rocks, number).is_some()));
}

/// What a start would find if the process were killed here.
fn crash_now(folder: &Path, all: impl Fn(&Rocks) -> bool) {
    let copy = Folder::new();
    fs::create_dir(&copy.0).expect("a folder on a volume with room");
    for entry in fs::read_dir(folder).expect("the folder") {
        let entry = entry.expect("an entry");
        fs::copy(entry.path(), copy.0.join(entry.file_name())).expect("a copy");
    }
    assert!(all(&Rocks::open(&copy.0).expect("it opens")), "nothing acknowledged is lost");
}
