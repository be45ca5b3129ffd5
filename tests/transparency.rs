//! An exported journal is verified by our own reader and by a stock Go one that shares no code with it.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]
#![expect(
    clippy::arithmetic_side_effects,
    clippy::unwrap_used,
    clippy::unwrap_in_result,
    reason = "a test fails by panicking"
)]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use vigie::{
    audit::{
        Checkpoint, Frontier, Note, ProofError, ProofFile, Rows, TileError, VerifyingKey, View,
        folder::{self, ExportError, Fault, FolderError, Verified},
        leaf_hash, proof,
        tile::{Tile, encode_bundle, encode_hashes},
        vkey::Kind,
    },
    crypto::{Secret, sign::SigningKey},
};

const ORIGIN: &str = "vigie.test/audit/1";

#[derive(Debug, PartialEq, Eq)]
struct Missing;

impl From<TileError> for Missing {
    fn from(_: TileError) -> Self {
        Self
    }
}

/// A journal's rows, as the store keeps them.
#[derive(Clone, Default)]
struct Journal {
    entries: Vec<Vec<u8>>,
    tiles: BTreeMap<(u32, u64), Vec<u8>>,
    frontier: Frontier,
}

impl Journal {
    /// Entries of lengths from 0 to some 200 bytes (and one of the greatest length), all of them determined by `salt`.
    fn of(salt: u64, size: u64) -> Self {
        let mut journal = Self::default();
        let mut state = salt.wrapping_mul(2).wrapping_add(1);
        for number in 0..size {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            let length = usize::try_from(state >> 32).unwrap() % 200;
            let entry = match number {
                7 => vec![7; 65_535],
                8 => Vec::new(),
                _ => state.to_be_bytes().into_iter().chain(number.to_be_bytes()).cycle().take(length).collect(),
            };
            journal.push(entry);
        }
        journal
    }

    fn push(&mut self, entry: Vec<u8>) {
        for full in self.frontier.append(leaf_hash(&entry)) {
            self.tiles.insert((full.tile.level(), full.tile.index()), full.bytes);
        }
        self.entries.push(entry);
    }

    fn view(&self) -> View<'_, Self> {
        View::new(&self.frontier, self)
    }

    fn checkpoint(&self) -> Note {
        let (size, root) = (self.frontier.size(), self.frontier.root());
        Checkpoint { origin: ORIGIN.into(), size, root }.sign(&key()).expect("signs")
    }

    fn export(&self, folder: &Path) -> Result<(), ExportError<Missing>> {
        folder::write(folder, &self.view(), &self.checkpoint(), &mut |_progress| {})
    }
}

impl Rows for Journal {
    type Failure = Missing;

    fn full_tile(&self, level: u32, index: u64) -> Result<Vec<u8>, Missing> {
        self.tiles.get(&(level, index)).cloned().ok_or(Missing)
    }

    fn entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, Missing> {
        let first = usize::try_from(first).unwrap();
        self.entries.get(first..first + usize::from(count)).map(<[Vec<u8>]>::to_vec).ok_or(Missing)
    }
}

fn key() -> SigningKey {
    SigningKey::from_seed(Secret::new(&mut [9; 32]).expect("locked memory")).expect("a seed")
}

fn vkey() -> VerifyingKey {
    VerifyingKey::new(ORIGIN, Kind::Ed25519, key().public()).expect("a name")
}

fn fresh(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("transparency-{name}"));
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("an old folder goes");
    }
    folder
}

fn verify(folder: &Path) -> Result<Verified, FolderError> {
    folder::verify(folder, &vkey(), &mut |_progress| {})
}

/// Every file below `folder`, as a path with slashes.
fn files(folder: &Path) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut waiting = vec![folder.to_path_buf()];
    while let Some(below) = waiting.pop() {
        for item in fs::read_dir(below).expect("a folder") {
            let path = item.expect("a file").path();
            if path.is_dir() {
                waiting.push(path);
            } else {
                found.insert(path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned());
            }
        }
    }
    found
}

// ---- the stock verifier

/// Builds the Go verifier; its only library is Debian's golang-golang-x-mod-dev.
fn goverify(name: &str) -> PathBuf {
    let program = fresh(&format!("goverify-{name}")).join("goverify");
    let built = Command::new("go")
        .args(["build", "-o"])
        .arg(&program)
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors/goverify/main.go"))
        .env("GO111MODULE", "off")
        .env("GOPATH", "/usr/share/gocode")
        .env("GOCACHE", Path::new(env!("CARGO_TARGET_TMPDIR")).join("go-cache"))
        .output();
    let needed = "needs `apt-get install golang-go golang-golang-x-mod-dev` (the Makefile installs them)";
    let built = built.unwrap_or_else(|error| panic!("the Go verifier {needed}: {error}"));
    assert!(built.status.success(), "the Go verifier {needed}: {}", String::from_utf8_lossy(&built.stderr));
    program
}

fn ask(program: &Path, arguments: &[&str]) -> Result<String, String> {
    let output = Command::new(program).args(arguments).output().expect("the Go verifier runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
}

fn good(size: u64, journal: &Journal) -> Result<String, String> {
    Ok(format!("ok size={size} root={}\n", data_encoding::BASE64.encode(&journal.frontier.root().0)))
}

fn text(path: &Path) -> &str {
    path.to_str().expect("a path of letters")
}

#[test]
fn a_stock_verifier_accepts_our_folders_of_any_size_and_refuses_damaged_ones() {
    let program = goverify("folders");
    let vkey_text = vkey().to_string();
    for size in [0, 1, 255, 256, 257, 600, 70_000] {
        let journal = Journal::of(size, size);
        let folder = fresh(&format!("go-{size}"));
        journal.export(&folder).expect("written");
        assert_eq!(ask(&program, &[text(&folder), &vkey_text]), good(size, &journal));
        assert_eq!(verify(&folder).expect("verified").checkpoint.size, size);
        if size == 600 {
            for file in files(&folder) {
                let path = folder.join(&file);
                let bytes = fs::read(&path).unwrap();
                let mut damaged = bytes.clone();
                damaged[bytes.len() / 3] ^= 4;
                fs::write(&path, &damaged).unwrap();
                assert!(ask(&program, &[text(&folder), &vkey_text]).is_err(), "{file} damaged");
                fs::write(&path, &bytes).unwrap();
            }
        }
        fs::remove_dir_all(&folder).unwrap();
    }
}

#[test]
fn a_stock_verifier_accepts_our_proofs_and_refuses_them_for_other_entries() {
    let program = goverify("proofs");
    let vkey_text = vkey().to_string();
    let folder = fresh("go-proofs");
    fs::create_dir_all(&folder).unwrap();
    let [proof_file, entry_file, old_file, new_file] =
        ["entry.tlog-proof", "entry", "old", "new"].map(|name| folder.join(name));
    for (size, indexes) in [(1, vec![0]), (257, vec![0, 100, 255, 256]), (70_000, vec![0, 65_535, 65_536, 69_999])] {
        let journal = Journal::of(1, size);
        let view = journal.view();
        for index in indexes {
            let hashes = proof::inclusion(&view, index, size).expect("proved");
            let proof = ProofFile { extra: None, index, hashes, checkpoint: journal.checkpoint() };
            let entry = &journal.entries[usize::try_from(index).unwrap()];
            fs::write(&proof_file, proof.to_string()).unwrap();
            fs::write(&entry_file, entry).unwrap();
            let question = ["-proof", text(&proof_file), &vkey_text, text(&entry_file)];
            assert_eq!(ask(&program, &question), good(size, &journal), "{index} of {size}");
            assert_eq!(proof.verify(entry, &vkey()).expect("verified").size, size);

            fs::write(&entry_file, b"another entry").unwrap();
            assert!(ask(&program, &question).is_err(), "{index} of {size}");
            assert_eq!(proof.verify(b"another entry", &vkey()), Err(ProofError::WrongRoot));
        }
        fs::write(&new_file, journal.checkpoint().to_string()).unwrap();
        for old in [1, 2, 100, 256, 257, 65_536, 69_999].into_iter().filter(|old| *old <= size) {
            let earlier = Journal::of(1, old);
            let proof = proof::consistency(&view, old, size).expect("proved");
            let lines: String = proof.iter().map(|hash| data_encoding::BASE64.encode(&hash.0) + "\n").collect();
            fs::write(&old_file, earlier.checkpoint().to_string()).unwrap();
            fs::write(&proof_file, &lines).unwrap();
            let question = ["-consistency", text(&old_file), text(&new_file), text(&proof_file), &vkey_text];
            assert_eq!(ask(&program, &question), good(size, &journal), "{old} to {size}");

            fs::write(&old_file, Journal::of(2, old).checkpoint().to_string()).unwrap();
            assert!(ask(&program, &question).is_err(), "another log's {old} to {size}");
        }
    }
}

#[test]
fn the_stock_verifier_and_ours_agree_on_the_vectors() {
    let vectors = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors");
    let keys = fs::read_to_string(vectors.join("vkeys.txt")).unwrap();
    let log = keys.lines().next().unwrap();
    let known = "ok size=600 root=MjvuGFYWJ0dKi0ra1Ll+vMOZKs3TPRumTax2MPRQHik=\n";
    assert_eq!(ask(&goverify("vectors"), &[text(&vectors), log]).as_deref(), Ok(known));
    let verified = folder::verify(&vectors, &VerifyingKey::parse(log).unwrap(), &mut |_progress| {}).expect("verified");
    assert_eq!(verified.checkpoint.size, 600);
    assert_eq!(verified.note.lines().len(), 2, "the witness's line comes along");
}

// ---- our folder reader

#[test]
fn each_damaged_file_of_a_folder_is_named() {
    let folder = fresh("damage");
    Journal::of(3, 600).export(&folder).expect("written");
    let all = files(&folder);
    assert_eq!(all.len(), 1 + 3 + 3 + 1, "{all:?}");
    for file in all {
        let path = folder.join(&file);
        let bytes = fs::read(&path).unwrap();
        let named = |damage: &str| match verify(&folder) {
            Err(error) => assert_eq!(error.file, file, "{damage} {file}: {error}"),
            Ok(_) => panic!("{damage} {file} went unseen"),
        };
        let step = (bytes.len() / 97).max(1);
        for place in (0..bytes.len()).step_by(step) {
            let mut damaged = bytes.clone();
            damaged[place] ^= 1 << (place % 8);
            fs::write(&path, &damaged).unwrap();
            named("flipped");
        }
        fs::write(&path, &bytes[..bytes.len() - 1]).unwrap();
        named("cut");
        fs::write(&path, [bytes.as_slice(), b"\0"].concat()).unwrap();
        named("lengthened");
        fs::write(&path, b"").unwrap();
        named("emptied");
        fs::remove_file(&path).unwrap();
        assert_eq!(verify(&folder), Err(FolderError { file: file.clone(), fault: Fault::Missing }));
        fs::write(&path, &bytes).unwrap();
    }
    assert!(verify(&folder).is_ok(), "everything is back");
}

fn refused(folder: &Path) -> (String, Fault) {
    let error = verify(folder).expect_err("refused");
    (error.file, error.fault)
}

#[test]
fn an_entry_rewritten_with_more_and_more_of_its_hashes_is_still_found() {
    let folder = fresh("rewritten");
    let journal = Journal::of(4, 600);
    journal.export(&folder).expect("written");
    let mut other = Journal::default();
    for (number, entry) in (0..).zip(&journal.entries) {
        other.push(if number == 300 { b"nobody read anything".to_vec() } else { entry.clone() });
    }
    let bundle = encode_bundle(&other.entries[256..512]).unwrap();
    fs::write(folder.join("tile/entries/001"), bundle).unwrap();
    assert_eq!(refused(&folder), ("tile/entries/001".into(), Fault::Entry(300)));
    fs::write(folder.join("tile/0/001"), &other.tiles[&(0, 1)]).unwrap();
    assert_eq!(refused(&folder), ("tile/entries/001".into(), Fault::Rewritten));
    fs::write(folder.join("tile/1/000.p/2"), encode_hashes(other.frontier.unfinished(1))).unwrap();
    assert_eq!(refused(&folder), ("checkpoint".into(), Fault::Root));
    // Only the key is missing now: signed by it, the other log is a log.
    fs::write(folder.join("checkpoint"), other.checkpoint().to_string()).unwrap();
    assert!(verify(&folder).is_ok());
}

#[test]
fn nothing_else_may_lie_among_the_tiles() {
    let folder = fresh("foreign");
    let journal = Journal::of(5, 600);
    journal.export(&folder).expect("written");
    fs::write(folder.join("README"), "beside the log one may write").unwrap();
    assert!(verify(&folder).is_ok());
    for file in ["tile/note.txt", "tile/0/003", "tile/0/002.p/89", "tile/2/000.p/1", "tile/entries/003", "tile/0/0"] {
        let path = folder.join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, [0; 32]).unwrap();
        assert_eq!(refused(&folder), (file.into(), Fault::Foreign));
        fs::remove_file(&path).unwrap();
    }
    // A narrower tile, as an earlier checkpoint had it, is welcome if it is the beginning of the present one.
    let narrow = folder.join("tile/0/002.p/10");
    let tile = fs::read(folder.join("tile/0/002.p/88")).unwrap();
    fs::write(&narrow, &tile[..320]).unwrap();
    assert!(verify(&folder).is_ok());
    fs::write(&narrow, &tile[1..321]).unwrap();
    assert_eq!(refused(&folder), ("tile/0/002.p/10".into(), Fault::Differs));
    fs::write(&narrow, &tile[..288]).unwrap();
    assert_eq!(refused(&folder), ("tile/0/002.p/10".into(), Fault::Malformed));
}

#[test]
fn a_second_export_adds_what_is_new_and_one_of_another_log_is_refused() {
    let folder = fresh("again");
    let earlier = Journal::of(6, 300);
    let later = Journal::of(6, 700);
    earlier.export(&folder).expect("written");
    let first = files(&folder);
    let mut last = 0;
    folder::write(&folder, &later.view(), &later.checkpoint(), &mut |progress| {
        assert_eq!(progress.size, 700);
        assert!(progress.entries > last);
        last = progress.entries;
    })
    .expect("written again");
    assert_eq!(last, 700);
    assert!(files(&folder).is_superset(&first), "what was published stays");
    assert_eq!(verify(&folder).expect("verified").checkpoint.size, 700);
    for tile in Tile::all(300).filter(|tile| !tile.is_full()) {
        assert!(folder.join(tile.to_string()).exists());
    }

    let before = fs::read(folder.join("checkpoint")).unwrap();
    let refusal = Journal::of(7, 700).export(&folder).expect_err("another log");
    let occupied = FolderError { file: "tile/entries/000".into(), fault: Fault::Occupied };
    assert_eq!(refusal, ExportError::Folder(occupied));
    assert_eq!(fs::read(folder.join("checkpoint")).unwrap(), before);
    assert!(verify(&folder).is_ok(), "the folder is as it was");
}
