//! The journal's outer form: a Merkle log whose right answers anyone can recompute.
//!
//! Pure: values in, values out; only [`folder`] touches files. Nothing here knows what
//! an entry says; an entry is bytes of at most 65,535.
//!
//! | file | idea |
//! |---|---|
//! | [`mark`] | what an entry says of the rows that its write touched |
//! | [`note`] | C2SP signed-note: a text and the keys that signed it |
//! | [`vkey`] | the public keys it is checked with, as texts |
//! | [`checkpoint`] | C2SP tlog-checkpoint: origin, size and root of the log, signed |
//! | [`tree`] | RFC 6962 hashing, and the right edge of the tree ([`Frontier`]) |
//! | [`tile`] | C2SP tlog-tiles: which files a tree of some size has, their paths and bytes |
//! | [`view`] | rows of a store and a frontier, seen as the tiles of one tree |
//! | [`replay`] | at start: the rows against the last signed checkpoint |
//! | [`proof`] | inclusion and consistency: made from tiles, checked without them; tlog-proof files |
//! | [`folder`] | an exported journal: written, and verified from its entries up |
//!
//! # A journal entry's life
//!
//! The committer owns one [`Frontier`]. For each group it commits:
//!
//! 1. number the entries from [`Frontier::size`]; the row of a leaf is `number -> entry bytes`;
//! 2. `frontier.append(leaf_hash(&bytes))` for each, in that order; every [`FullTile`] it returns (one
//!    each 256 entries at level 0, one each 65,536 at level 1, …) is a row
//!    `(level, index) -> 8,192 bytes` **of the same batch**, so that leaves and tiles never disagree;
//! 3. write and sync the batch, then answer. If the write fails, the frontier in memory is ahead of
//!    the disk: the server stops answering and the process starts again, which rebuilds it.
//!
//! Each second (or each N entries) one `Checkpoint { origin, size: frontier.size(), root: frontier.root() }` is
//! signed *after* its entries are durable, is itself made durable (its own synced file: the anchor), and is
//! published together with a clone of the frontier: proofs and tiles are always served against a signed
//! checkpoint, through a [`View`] of that clone and the rows.
//!
//! # At start
//!
//! [`replay::resume`] rebuilds the frontier from the right edge of the rows (a few tiles and at most
//! 255 leaves, whatever the size) and compares it with the last signed checkpoint: fewer entries
//! is [`Divergence::Rollback`], another root at the signed size is [`Divergence::Forked`]; in both
//! cases the server refuses to start. [`Replay`] does the same over *every* full level-0 tile (or every leaf) for
//! `vigie store verify`, and is what finds damage in the middle of an old tile.

pub mod checkpoint;
pub mod entry;
pub mod folder;
pub mod mark;
pub mod note;
pub mod proof;
pub mod replay;
pub mod tile;
pub mod tree;
pub mod view;
pub mod vkey;

#[cfg(test)]
mod tests;

pub use checkpoint::Checkpoint;
pub use mark::RowMark;
pub use note::{Note, NoteError};
pub use proof::{ProofError, ProofFile};
pub use replay::{Divergence, Replay};
pub use tile::{Bundle, Resource, Tile, TileError, Tiles};
pub use tree::{Frontier, FullTile, empty_root, leaf_hash, node_hash};
pub use view::{Rows, View};
pub use vkey::VerifyingKey;
