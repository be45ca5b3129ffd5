//! What somebody with the folder and an hour can do to it: to its files, and, with RocksDB's own library, to its
//! rows. Nothing here knows a key.

use std::{
    collections::BTreeMap,
    fmt, fs,
    path::{Path, PathBuf},
};

use vigie::store::{Direction, Engine as _, Family, Key, KeyRange, Rocks, Row, Writes};

use super::world::{World, copy};
use crate::dice::Dice;

/// Bytes that one flipped bit stands for.
const LINE: usize = 64;
/// Flips that even the smallest file gets, if it has so many lines.
const FLIPS_A_FILE_MIN: usize = 16;

/// One thing done to a copy of the newest folder.
#[derive(Clone, Debug)]
pub(super) enum Harm {
    /// One bit of a file.
    Flip { file: PathBuf, at: usize, bit: u8, last_line_end: bool },
    /// A file cut short.
    Cut { file: PathBuf, to: usize, last_line_end: bool },
    /// A file gone.
    Gone { file: PathBuf },
    /// A file as it was after the first session.
    Older { file: PathBuf },
    /// Rows changed; the words say how.
    Rows { how: &'static str, kind: &'static str, writes: Writes },
    /// The whole store as it was, the newer checkpoint kept.
    OlderStore,
    /// Store and checkpoint as they were; configuration and keys kept.
    OlderStoreAndCheckpoint,
    /// The configuration as it was before a revocation, and the row by which the store remembers it.
    OlderConfig { standing: Writes },
}

impl fmt::Display for Harm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flip { file, at, bit, .. } => write!(formatter, "{} byte {at} bit {bit}", file.display()),
            Self::Cut { file, to, .. } => write!(formatter, "{} cut to {to} bytes", file.display()),
            Self::Gone { file } => write!(formatter, "{} gone", file.display()),
            Self::Older { file } => write!(formatter, "{} of an earlier day", file.display()),
            Self::Rows { how, kind, writes } => {
                let keys: Vec<&Key> = writes.puts.iter().map(|(_, key, _)| key).collect();
                let gone: Vec<&Key> = writes.deletes.iter().map(|(_, key)| key).collect();
                write!(formatter, "{kind}: {how} {keys:?} {gone:?}")
            }
            Self::OlderStore => formatter.write_str("the store of an earlier day, the newer checkpoint kept"),
            Self::OlderStoreAndCheckpoint => formatter.write_str("store and checkpoint of an earlier day"),
            Self::OlderConfig { .. } => formatter.write_str("configuration and standing of an earlier day"),
        }
    }
}

impl Harm {
    /// Whether it is done to one file, whose path begins so.
    pub(super) fn is_about(&self, beginnings: &[&str]) -> bool {
        let (Self::Flip { file, .. } | Self::Cut { file, .. } | Self::Gone { file } | Self::Older { file }) = self
        else {
            return false;
        };
        let path = file.display().to_string();
        beginnings.iter().any(|beginning| path.starts_with(beginning))
    }

    /// Whether it takes nothing from a file but the line end behind its last line, or makes another blank of it.
    pub(super) fn is_last_line_end(&self) -> bool {
        matches!(self, Self::Cut { last_line_end: true, .. } | Self::Flip { last_line_end: true, .. })
    }

    /// The line of the table that it counts in.
    pub(super) fn kind(&self) -> (String, &'static str) {
        match self {
            Self::Flip { file, .. } => (kind_of(file), "flip"),
            Self::Cut { file, .. } => (kind_of(file), "cut"),
            Self::Gone { file } => (kind_of(file), "gone"),
            Self::Older { file } => (kind_of(file), "replay"),
            Self::Rows { how, kind, .. } => ((*kind).to_owned(), *how),
            Self::OlderStore => ("store/ as a whole".to_owned(), "replay"),
            Self::OlderStoreAndCheckpoint => ("store/ and audit/ as a whole".to_owned(), "replay"),
            Self::OlderConfig { .. } => ("config/ and its standing".to_owned(), "replay"),
        }
    }

    /// Makes a copy of the newest folder and does it there.
    pub(super) fn done(&self, world: &World, case: &Path) {
        copy(&world.newest, case);
        self.apply(&world.older, case);
    }

    fn apply(&self, older: &Path, case: &Path) {
        match self {
            Self::Flip { file, at, bit, .. } => {
                let path = case.join(file);
                let mut bytes = fs::read(&path).expect("a file");
                bytes[*at] ^= 1 << bit;
                fs::write(path, bytes).expect("written");
            }
            Self::Cut { file, to, .. } => {
                let file = fs::OpenOptions::new().write(true).open(case.join(file)).expect("a file");
                file.set_len(u64::try_from(*to).expect("small")).expect("cut");
            }
            Self::Gone { file } => fs::remove_file(case.join(file)).expect("removed"),
            Self::Older { file } => drop(fs::copy(older.join(file), case.join(file)).expect("copied")),
            Self::Rows { writes, .. } => {
                let rocks = Rocks::open(&case.join("store")).expect("a whole store");
                rocks.commit(writes.clone()).expect("rows changed");
            }
            Self::OlderConfig { standing } => {
                let folder = case.join("config");
                fs::remove_dir_all(&folder).expect("removed");
                copy(&older.join("config"), &folder);
                let rocks = Rocks::open(&case.join("store")).expect("a whole store");
                rocks.commit(standing.clone()).expect("rows changed");
            }
            Self::OlderStore => older_store(older, case),
            Self::OlderStoreAndCheckpoint => {
                older_store(older, case);
                fs::copy(older.join("audit/checkpoint"), case.join("audit/checkpoint")).expect("copied");
            }
        }
    }
}

fn older_store(older: &Path, case: &Path) {
    fs::remove_dir_all(case.join("store")).expect("removed");
    copy(&older.join("store"), &case.join("store"));
}

/// What a file is for.
fn kind_of(file: &Path) -> String {
    let name = file.file_name().expect("a name").to_string_lossy();
    if file.starts_with("index") {
        return "index/*".to_owned();
    }
    let within = file.parent().expect("a folder").display().to_string();
    let kind = match () {
        () if name.ends_with(".sst") => "*.sst",
        () if name.ends_with(".log") => "*.log",
        () if name.starts_with("MANIFEST") => "MANIFEST-*",
        () if name.starts_with("OPTIONS") => "OPTIONS-*",
        () if name.starts_with("LOG") => "LOG*",
        () if name.starts_with("policy.") => "policy.*",
        () => &name,
    };
    if within.is_empty() { kind.to_owned() } else { format!("{within}/{kind}") }
}

/// What a row is for, as the layout of keys tells.
fn row_kind(family: Family, key: &Key) -> &'static str {
    match (family, key.bytes().len(), key.bytes().first()) {
        (Family::Records, 16, _) => "row: record",
        (Family::Records, 24, _) => "row: old version",
        (Family::Records, _, _) => "row: part of a long body",
        (Family::Listings, 48, _) => "row: membership",
        (Family::Listings, _, _) => "row: list",
        (Family::Journal, _, Some(b'e')) => "row: journal entry",
        (Family::Journal, _, _) => "row: journal tile",
        (Family::Keys, _, Some(b'L')) => "row: label key",
        (Family::Keys, _, _) => "row: salt of a space",
        (Family::Meta, 7, _) => "row: journal head",
        (Family::Meta, 8, _) => "row: standing",
        (Family::Meta, _, _) => "row: name or repeat",
        (Family::Chunks, _, _) => "row: chunk",
    }
}

/// All files of a folder, relative to it, with their bytes.
pub(super) fn files(root: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let bytes = fs::read(&path).expect("a file");
                found.insert(path.strip_prefix(root).expect("inside").to_owned(), bytes);
            }
        }
    }
    found
}

type Rows = BTreeMap<(Family, Key), Row>;

/// All rows of a store; a copy is opened, because opening writes.
fn rows(store: &Path, scratch: &Path) -> Rows {
    copy(store, scratch);
    let rocks = Rocks::open(scratch).expect("a whole store");
    let mut found = BTreeMap::new();
    for family in Family::ALL {
        let mut range = KeyRange::all();
        loop {
            let page =
                rocks.snapshot().expect("a snapshot").scan(family, &range, Direction::Forward, 1000).expect("rows");
            let Some((last, _)) = page.last() else { break };
            range = KeyRange::all().after(last);
            found.extend(page.into_iter().map(|(key, row)| ((family, key), row)));
        }
    }
    drop(rocks);
    fs::remove_dir_all(scratch).expect("removed");
    found
}

/// `count` different harms, spread over all files and all sorts of rows.
pub(super) fn plan(newest: &Path, older: &Path, scratch: &Path, count: usize, dice: &mut Dice) -> Vec<Harm> {
    let (now, then) = (files(newest), files(older));
    let mut harms = vec![Harm::OlderStore, Harm::OlderStoreAndCheckpoint];
    for (file, bytes) in &now {
        harms.push(Harm::Gone { file: file.clone() });
        for to in [0, bytes.len() / 2, bytes.len().saturating_sub(1), dice.below(bytes.len())] {
            if to < bytes.len() {
                let last_line_end = to + 1 == bytes.len() && bytes.ends_with(b"\n");
                harms.push(Harm::Cut { file: file.clone(), to, last_line_end });
            }
        }
        if then.get(file).is_some_and(|then| then != bytes) {
            harms.push(Harm::Older { file: file.clone() });
        }
    }
    let (rows_now, rows_then) = (rows(&newest.join("store"), scratch), rows(&older.join("store"), scratch));
    let standing = (Family::Meta, Key::fixed(*b"standing"));
    let put = (standing.0, standing.1.clone(), rows_then[&standing].clone());
    assert_ne!(rows_then[&standing], rows_now[&standing], "the configuration changed");
    harms.push(Harm::OlderConfig { standing: Writes { puts: vec![put], ..Writes::default() } });
    row_harms(&rows_now, &rows_then, dice, &mut harms);
    let left = count.saturating_sub(harms.len());
    flips(&now, left, dice, &mut harms);
    harms
}

fn flips(files: &BTreeMap<PathBuf, Vec<u8>>, count: usize, dice: &mut Dice, harms: &mut Vec<Harm>) {
    let mut lines: Vec<(&PathBuf, usize)> = Vec::new();
    let mut rest: Vec<(&PathBuf, usize)> = Vec::new();
    for (file, bytes) in files {
        let mut all: Vec<usize> = (0..bytes.len().div_ceil(LINE)).collect();
        for place in (1..all.len()).rev() {
            all.swap(place, dice.below(place + 1));
        }
        let (first, others) = all.split_at(all.len().min(FLIPS_A_FILE_MIN));
        lines.extend(first.iter().map(|line| (file, *line)));
        rest.extend(others.iter().map(|line| (file, *line)));
    }
    assert!(lines.len() <= count && lines.len() + rest.len() >= count, "{} lines", lines.len() + rest.len());
    while lines.len() < count {
        lines.push(rest.swap_remove(dice.below(rest.len())));
    }
    for (file, line) in lines {
        let at = (line * LINE + dice.below(LINE)).min(files[file].len() - 1);
        let last_line_end = at + 1 == files[file].len() && files[file].ends_with(b"\n");
        let bit = u8::try_from(dice.below(8)).expect("a bit");
        harms.push(Harm::Flip { file: file.clone(), at, bit, last_line_end });
    }
}

/// For each sort of row: exchanged, moved, of another version, gone, put back from an earlier day, come back.
fn row_harms(now: &Rows, then: &Rows, dice: &mut Dice, harms: &mut Vec<Harm>) {
    let mut sorts: BTreeMap<&'static str, Vec<&(Family, Key)>> = BTreeMap::new();
    for place in now.keys() {
        sorts.entry(row_kind(place.0, &place.1)).or_default().push(place);
    }
    for (kind, places) in sorts {
        let mut done = |how, writes| harms.push(Harm::Rows { how, kind, writes });
        for _ in 0..places.len().min(12) {
            let (left, right) = (*dice.one(&places), *dice.one(&places));
            let put = |to: &(Family, Key), row: &Row| (to.0, to.1.clone(), row.clone());
            if now[left] != now[right] {
                done(
                    "exchange",
                    Writes { puts: vec![put(left, &now[right]), put(right, &now[left])], ..Writes::default() },
                );
            }
            let mut elsewhere = left.1.bytes().to_vec();
            let last = elsewhere.len() - 1;
            elsewhere[last] ^= 1 << dice.below(8);
            let elsewhere = (left.0, Key::new(elsewhere).expect("a key"));
            let moved = Writes { puts: vec![put(&elsewhere, &now[left])], ..Writes::default() };
            done("copy", moved.clone());
            done("move", Writes { deletes: vec![left.clone()], ..moved });
            done("delete", Writes { deletes: vec![left.clone()], ..Writes::default() });
            let renumbered = Row { version: now[left].version + 1, ..now[left].clone() };
            done("renumber", Writes { puts: vec![put(left, &renumbered)], ..Writes::default() });
        }
        let changed: Vec<_> =
            places.iter().filter(|place| then.get(**place).is_some_and(|row| *row != now[**place])).collect();
        for _ in 0..changed.len().min(20) {
            let place = **dice.one(&changed);
            done("replay", Writes { puts: vec![(place.0, place.1.clone(), then[place].clone())], ..Writes::default() });
        }
    }
    // What was deleted since, put back.
    let returned: Vec<_> = then.keys().filter(|place| !now.contains_key(*place)).collect();
    for _ in 0..returned.len().min(40) {
        let place = *dice.one(&returned);
        let writes = Writes { puts: vec![(place.0, place.1.clone(), then[place].clone())], ..Writes::default() };
        harms.push(Harm::Rows { how: "return", kind: row_kind(place.0, &place.1), writes });
    }
}
