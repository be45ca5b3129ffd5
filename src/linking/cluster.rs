//! What of a large graph is drawn as one: notes that hang on the same note, by one link each, of the same type and way.
//!
//! Pure, over a graph that holds nothing its reader may not see: whether a group is made, and how many notes it says it
//! holds, cannot depend on anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::{graph::Graph, links::Way};
use crate::{
    ids::{Id, NoteId},
    limits,
};

/// What the notes of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bond {
    /// The note that they hang on.
    pub on: NoteId,
    /// Whether the links begin there.
    pub outward: bool,
    /// Their type.
    pub kind: String,
}

impl Bond {
    /// As an address names it: `out.uses.` and the note.
    pub fn word(&self) -> String {
        format!("{}.{}.{}", if self.outward { "out" } else { "in" }, self.kind, self.on)
    }

    /// What a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let (way, kind, on) = (parts.next()?, parts.next()?, parts.next()?);
        let outward = match way {
            "out" => true,
            "in" => false,
            _ => return None,
        };
        let known = parts.next().is_none() && kind.len() <= limits::LINK_TYPE_CHARS_MAX;
        known.then_some(Self { on: NoteId(on.parse().ok()?), outward, kind: kind.to_owned() })
    }
}

/// How a group is drawn.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Drawn {
    /// Every note of its own, side by side.
    Grid,
    /// As one, with the number of its notes.
    Folded,
}

/// One thing of a picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Piece {
    /// A note, by its place among the nodes of the graph.
    Note(usize),
    /// Notes that have everything in common but themselves.
    Group {
        /// What they have in common.
        bond: Bond,
        /// The notes.
        members: Vec<usize>,
        /// How they are drawn.
        drawn: Drawn,
    },
}

impl Piece {
    /// Its first note.
    pub fn first(&self) -> Option<usize> {
        match self {
            Self::Note(node) => Some(*node),
            Self::Group { members, .. } => members.first().copied(),
        }
    }
}

/// The pieces of a graph, in the order in which their first notes were met. `open` are groups that are not folded.
pub fn clustered(graph: &Graph, open: &BTreeSet<Bond>) -> Vec<Piece> {
    let kinds: BTreeMap<Id, &str> =
        graph.links.iter().map(|link| (link.id, link.content.kind.as_str())).collect();
    let bond = |at: usize| {
        let node = graph.nodes.get(at)?;
        let (on, link, way) = node.reached.from.filter(|_| node.links == 1)?;
        Some(Bond { on, outward: way == Way::Out, kind: (*kinds.get(&link)?).to_owned() })
    };
    let bonds: Vec<Option<Bond>> = (0..graph.nodes.len()).map(bond).collect();
    let mut sizes: BTreeMap<&Bond, usize> = BTreeMap::new();
    for bond in bonds.iter().flatten() {
        let size = sizes.entry(bond).or_default();
        *size = size.saturating_add(1);
    }
    let large = graph.nodes.len() > limits::GRAPH_NOTES_DRAWN_MAX;
    let mut places: BTreeMap<&Bond, usize> = BTreeMap::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for (node, bond) in bonds.iter().enumerate() {
        let Some(bond) = bond else {
            pieces.push(Piece::Note(node));
            continue;
        };
        let size = sizes.get(bond).copied().unwrap_or(0);
        let drawn = match size {
            2.. if large && !open.contains(bond) => Drawn::Folded,
            limits::GRAPH_GRID_NOTES_MIN.. => Drawn::Grid,
            _ => {
                pieces.push(Piece::Note(node));
                continue;
            }
        };
        match places.get(bond).and_then(|place| pieces.get_mut(*place)) {
            Some(Piece::Group { members, .. }) => members.push(node),
            _ => {
                places.insert(bond, pieces.len());
                pieces.push(Piece::Group { bond: bond.clone(), members: vec![node], drawn });
            }
        }
    }
    pieces
}
