//! What of a large graph is drawn as one: notes that hang on the same note and no other, by links of the same types and ways.
//!
//! Pure, over a graph that holds nothing its reader may not see: whether a group is made, and how many notes it says it
//! holds, cannot depend on anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Node};
use crate::{ids::NoteId, limits};

/// One sort of link, seen from the note that a group hangs on.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Tie {
    /// Whether the link begins there.
    pub outward: bool,
    /// Its type.
    pub kind: String,
}

/// What the notes of a group have in common.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Bond {
    /// The note that they hang on.
    pub on: NoteId,
    /// The links that each of them has with it; there are no others.
    pub ties: BTreeSet<Tie>,
}

impl Bond {
    /// As an address names it: the note, then `.o` or `.i` and the type of each link.
    pub fn word(&self) -> String {
        let tie = |tie: &Tie| format!(".{}{}", if tie.outward { 'o' } else { 'i' }, tie.kind);
        let ties: Vec<String> = self.ties.iter().map(tie).collect();
        format!("{}{}", self.on, ties.concat())
    }

    /// What a word names.
    pub fn from_word(word: &str) -> Option<Self> {
        let mut parts = word.split('.');
        let on = NoteId(parts.next()?.parse().ok()?);
        let tie = |part: &str| {
            let (outward, kind) = match part.split_at_checked(1)? {
                ("o", kind) => (true, kind),
                ("i", kind) => (false, kind),
                _ => return None,
            };
            (kind.len() <= limits::LINK_TYPE_CHARS_MAX).then(|| Tie { outward, kind: kind.to_owned() })
        };
        let ties: Option<BTreeSet<Tie>> = parts.take(limits::GRAPH_TIES_MAX).map(tie).collect();
        ties.filter(|ties| !ties.is_empty()).map(|ties| Self { on, ties })
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

/// Of each note but the root what it hangs by, if all its links lead to one note.
fn bonds(graph: &Graph) -> Vec<Option<Bond>> {
    // None for a note with links to several others.
    let mut bonds: BTreeMap<NoteId, Option<Bond>> = BTreeMap::new();
    for link in &graph.links {
        let (from, to) = (link.content.from, link.content.to);
        for (note, on, outward) in [(from, to, false), (to, from, true)] {
            let fresh = || Some(Bond { on, ties: BTreeSet::new() });
            let bond = bonds.entry(note).or_insert_with(fresh);
            match bond {
                Some(bond) if bond.on == on && bond.ties.len() < limits::GRAPH_TIES_MAX => {
                    bond.ties.insert(Tie { outward, kind: link.content.kind.clone() });
                }
                _ => *bond = None,
            }
        }
    }
    let of = |node: &Node| bonds.get(&NoteId(node.card.id)).cloned().flatten().filter(|_| node.reached.from.is_some());
    graph.nodes.iter().map(of).collect()
}

/// The pieces of a graph, in the order in which their first notes were met. `open` are groups that are not folded.
pub fn clustered(graph: &Graph, open: &BTreeSet<Bond>) -> Vec<Piece> {
    let bonds = bonds(graph);
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bond_is_the_one_that_its_word_names_and_no_word_is_too_long() {
        let on = NoteId("aaaaaaaaaaaaaaaaaaaaaaaaae".parse().unwrap());
        let tie = |outward, kind: &str| Tie { outward, kind: kind.to_owned() };
        let bond = Bond { on, ties: BTreeSet::from([tie(true, "derived-from"), tie(false, "uses")]) };
        assert_eq!(bond.word(), "aaaaaaaaaaaaaaaaaaaaaaaaae.iuses.oderived-from");
        assert_eq!(Bond::from_word(&bond.word()), Some(bond));
        let long = format!("{on}.o{}", "x".repeat(100));
        for none in ["", ".ouses", "x.ouses", "aaaaaaaaaaaaaaaaaaaaaaaaae", "aaaaaaaaaaaaaaaaaaaaaaaaae.uses", &long] {
            assert_eq!(Bond::from_word(none), None, "{none}");
        }
    }
}
