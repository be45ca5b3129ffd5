//! Known answers from outside, and properties against RFC 6962's own recursion.
#![expect(clippy::arithmetic_side_effects, clippy::unwrap_in_result, reason = "a test fails by panicking")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use super::{
    Bundle, Checkpoint, Divergence, Frontier, Rows, TileError, VerifyingKey, View, empty_root, leaf_hash, node_hash,
    tile::{decode_bundle, encode_bundle},
};
use crate::crypto::{Digest, Secret, sign::SigningKey};

mod notes;
mod proofs;
mod start;
mod trees;

fn vector(name: &str) -> Vec<u8> {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name);
    fs::read(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn vector_text(name: &str) -> String {
    String::from_utf8(vector(name)).unwrap()
}

/// The keys of the vectors: seeds 0..31 (log) and 32..63 (witness).
fn vector_key(first: u8) -> SigningKey {
    let mut seed = std::array::from_fn(|place| first + u8::try_from(place).unwrap());
    SigningKey::from_seed(Secret::new(&mut seed).unwrap()).unwrap()
}

fn vector_vkeys() -> [VerifyingKey; 2] {
    let text = vector_text("vkeys.txt");
    let mut lines = text.lines().map(|line| VerifyingKey::parse(line).unwrap());
    [lines.next().unwrap(), lines.next().unwrap()]
}

const CHECKPOINTS: [(&str, u64); 7] = [
    ("checkpoint.0", 0),
    ("checkpoint.1", 1),
    ("checkpoint.255", 255),
    ("checkpoint.256", 256),
    ("checkpoint.257", 257),
    ("checkpoint.600", 600),
    ("checkpoint", 600),
];

#[derive(Debug, PartialEq, Eq)]
enum Failure {
    Tile(TileError),
    Divergence(Divergence),
    Row,
}

impl From<TileError> for Failure {
    fn from(error: TileError) -> Self {
        Self::Tile(error)
    }
}

impl From<Divergence> for Failure {
    fn from(error: Divergence) -> Self {
        Self::Divergence(error)
    }
}

/// Rows as the store keeps them.
#[derive(Default, Clone)]
struct Held {
    entries: Vec<Vec<u8>>,
    tiles: BTreeMap<(u32, u64), Vec<u8>>,
    frontier: Frontier,
}

impl Held {
    fn of(entries: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut held = Self::default();
        for entry in entries {
            for full in held.frontier.append(leaf_hash(&entry)) {
                let row = held.tiles.insert((full.tile.level(), full.tile.index()), full.bytes);
                assert_eq!(row, None, "a full tile is completed once");
            }
            held.entries.push(entry);
        }
        held
    }

    fn numbered(count: u64) -> Self {
        Self::of((0..count).map(|number| format!("entry {number}").into_bytes()))
    }

    fn vectors() -> Self {
        let mut entries = Vec::new();
        for bundle in Bundle::all(600) {
            let bytes = vector(&bundle.to_string());
            let bundle_entries = decode_bundle(&bytes, bundle.width()).unwrap();
            assert_eq!(encode_bundle(&bundle_entries).unwrap(), bytes);
            entries.extend(bundle_entries.into_iter().map(<[u8]>::to_vec));
        }
        Self::of(entries)
    }

    fn leaves(&self) -> Vec<Digest> {
        self.entries.iter().map(|entry| leaf_hash(entry)).collect()
    }

    fn view(&self) -> View<'_, Self> {
        View::new(&self.frontier, self)
    }

    fn checkpoint(&self) -> Checkpoint {
        Checkpoint { origin: "log.test/1".into(), size: self.frontier.size(), root: self.frontier.root() }
    }
}

impl Rows for Held {
    type Failure = Failure;

    fn full_tile(&self, level: u32, index: u64) -> Result<Vec<u8>, Failure> {
        self.tiles.get(&(level, index)).cloned().ok_or(Failure::Row)
    }

    fn entries(&self, first: u64, count: u16) -> Result<Vec<Vec<u8>>, Failure> {
        let first = usize::try_from(first).unwrap();
        self.entries.get(first..first + usize::from(count)).map(<[Vec<u8>]>::to_vec).ok_or(Failure::Row)
    }
}

// RFC 6962 §2.1, word for word: O(n) a root, nothing shared with the code under test but the hash.

fn cut(count: usize) -> usize {
    let mut power = 1;
    while power * 2 < count {
        power *= 2;
    }
    power
}

fn naive_root(leaves: &[Digest]) -> Digest {
    match leaves {
        [] => empty_root(),
        [leaf] => *leaf,
        _ => {
            let (left, right) = leaves.split_at(cut(leaves.len()));
            node_hash(&naive_root(left), &naive_root(right))
        }
    }
}

fn naive_path(index: usize, leaves: &[Digest]) -> Vec<Digest> {
    if leaves.len() <= 1 {
        return Vec::new();
    }
    let middle = cut(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut path, sibling) = if index < middle {
        (naive_path(index, left), naive_root(right))
    } else {
        (naive_path(index - middle, right), naive_root(left))
    };
    path.push(sibling);
    path
}

fn naive_subproof(old: usize, leaves: &[Digest], whole: bool) -> Vec<Digest> {
    if old == leaves.len() {
        return if whole { Vec::new() } else { vec![naive_root(leaves)] };
    }
    let middle = cut(leaves.len());
    let (left, right) = leaves.split_at(middle);
    let (mut proof, sibling) = if old <= middle {
        (naive_subproof(old, left, whole), naive_root(right))
    } else {
        (naive_subproof(old - middle, right, false), naive_root(left))
    };
    proof.push(sibling);
    proof
}

fn hash_hex(text: &str) -> Digest {
    Digest(data_encoding::HEXLOWER.decode(text.as_bytes()).unwrap().try_into().unwrap())
}

fn for_each_flip(bytes: &[u8], mut check: impl FnMut(&[u8], usize)) {
    for place in 0..bytes.len() {
        for bit in 0..8 {
            let mut flipped = bytes.to_vec();
            flipped[place] ^= 1 << bit;
            check(&flipped, place);
        }
    }
}
