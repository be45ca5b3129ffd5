//! What of a large graph is drawn as one. First notes that hang on the same note and no other, by links of the same types and
//! ways; then, while there is more than can be looked at, what is farthest from the root.
//!
//! Pure, over a graph that holds nothing its reader may not see: whether a group is made, and how many notes it says it
//! holds, cannot depend on anything else.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use super::{
    bond::{Bond, By, Tie},
    graph::Graph,
};
use crate::{ids::NoteId, limits};

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
    /// Notes that hang on the same note in the same way.
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

/// The pieces that tables tell, in the order in which their first notes were met: a group is of notes that have no link but
/// with the one they hang on. `open` are groups that are not folded.
pub fn gathered(graph: &Graph, open: &BTreeSet<Bond>) -> Vec<Piece> {
    pieces(&leaves(&Stem::all(graph)), open)
}

/// The pieces of a picture, in that order too: never more than can be looked at.
pub fn clustered(graph: &Graph, open: &BTreeSet<Bond>) -> Vec<Piece> {
    let stems = Stem::all(graph);
    pieces(&Folding::of(leaves(&stems)).over(&stems), open)
}

/// How a note hangs in a graph.
struct Stem {
    id: NoteId,
    level: u8,
    /// The place of the note that it was met from; none for the root.
    up: Option<usize>,
    /// Its links with that note.
    ties: BTreeSet<Tie>,
    /// Whether it has no others.
    leaf: bool,
}

impl Stem {
    fn all(graph: &Graph) -> Vec<Self> {
        let ids = graph.nodes.iter().map(|node| NoteId(node.card.id)).enumerate();
        let places: BTreeMap<NoteId, usize> = ids.map(|(place, id)| (id, place)).collect();
        let stem = |node: &super::graph::Node| Self {
            id: NoteId(node.card.id),
            level: node.reached.level,
            up: node.reached.from.and_then(|(from, ..)| places.get(&from).copied()),
            ties: BTreeSet::new(),
            leaf: true,
        };
        let mut stems: Vec<Self> = graph.nodes.iter().map(stem).collect();
        for link in &graph.links {
            let (from, to) = (places.get(&link.content.from).copied(), places.get(&link.content.to).copied());
            for (note, other, outward) in [(from, to, false), (to, from, true)] {
                let Some(stem) = note.and_then(|note| stems.get_mut(note)) else { continue };
                if stem.up == other {
                    stem.ties.insert(Tie { outward, kind: link.content.kind.clone() });
                } else {
                    stem.leaf = false;
                }
            }
        }
        stems
    }

    /// What it has in common with the notes that hang on the same one by the same links.
    fn tied(&self, stems: &[Self]) -> Option<Bond> {
        let on = stems.get(self.up?)?.id;
        let few = (1..=limits::GRAPH_TIES_MAX).contains(&self.ties.len());
        few.then(|| Bond { on, by: By::Ties(self.ties.clone()) })
    }

    /// What it has in common with the notes as far off behind the same one.
    fn behind(&self, level: u8, stems: &[Self]) -> Option<Bond> {
        let steps = self.level.checked_sub(level)?;
        let mut stem = self;
        for _ in 1..steps {
            stem = stems.get(stem.up?)?;
        }
        let outward = stem.ties.iter().any(|tie| tie.outward);
        Some(Bond { on: stems.get(stem.up?)?.id, by: By::Way { outward, steps } })
    }
}

/// Of each note what it hangs by, if it has no other links.
fn leaves(stems: &[Stem]) -> Vec<Option<Bond>> {
    stems.iter().map(|stem| stem.tied(stems).filter(|_| stem.leaf)).collect()
}

/// Of each note the group that it is in, while groups grow.
struct Folding {
    groups: Vec<Option<Bond>>,
    pieces: usize,
}

impl Folding {
    fn of(groups: Vec<Option<Bond>>) -> Self {
        Self { pieces: counted(&groups, 0..groups.len()), groups }
    }

    /// Towards the root: first what hangs on the farthest notes, the farthest of it before what is nearer, by its links before
    /// by its distance alone. In the end there is one group for each distance and side, which is few.
    fn over(mut self, stems: &[Stem]) -> Vec<Option<Bond>> {
        let deepest = stems.iter().map(|stem| stem.level).max().unwrap_or(0);
        for on in (0..deepest).rev() {
            for level in (on.saturating_add(1)..=deepest).rev() {
                let here = || stems.iter().enumerate().filter(|(_, stem)| stem.level == level);
                if level == on.saturating_add(1) {
                    self.merge(here().map(|(node, stem)| (node, stem.tied(stems))));
                }
                self.merge(here().map(|(node, stem)| (node, stem.behind(on, stems))));
            }
        }
        self.groups
    }

    /// Makes groups of the notes that have the same bond, until there are few enough pieces: first where most become one,
    /// among equals by the note that they hang on.
    fn merge(&mut self, bonds: impl Iterator<Item = (usize, Option<Bond>)>) {
        if self.pieces <= limits::GRAPH_NOTES_DRAWN_MAX {
            return;
        }
        let mut groups: BTreeMap<Bond, Vec<usize>> = BTreeMap::new();
        for (node, bond) in bonds {
            if let Some(bond) = bond {
                groups.entry(bond).or_default().push(node);
            }
        }
        let saved = |members: &[usize]| counted(&self.groups, members.iter().copied()).saturating_sub(1);
        let groups = groups.into_iter().map(|(bond, members)| (saved(&members), bond, members));
        let mut groups: Vec<_> = groups.filter(|(saved, ..)| *saved > 0).collect();
        groups.sort_by_key(|(saved, ..)| Reverse(*saved));
        for (saved, bond, members) in groups {
            if self.pieces <= limits::GRAPH_NOTES_DRAWN_MAX {
                return;
            }
            self.pieces = self.pieces.saturating_sub(saved);
            for node in members {
                if let Some(group) = self.groups.get_mut(node) {
                    *group = Some(bond.clone());
                }
            }
        }
    }
}

/// Pieces that these notes make; one of no group is a piece of its own.
fn counted(groups: &[Option<Bond>], notes: impl Iterator<Item = usize>) -> usize {
    let (mut alone, mut told) = (0_usize, BTreeSet::new());
    for group in notes.filter_map(|note| groups.get(note)) {
        match group {
            Some(bond) => {
                told.insert(bond);
            }
            None => alone = alone.saturating_add(1),
        }
    }
    alone.saturating_add(told.len())
}

fn pieces(groups: &[Option<Bond>], open: &BTreeSet<Bond>) -> Vec<Piece> {
    let mut sizes: BTreeMap<&Bond, usize> = BTreeMap::new();
    for bond in groups.iter().flatten() {
        let size = sizes.entry(bond).or_default();
        *size = size.saturating_add(1);
    }
    let large = groups.len() > limits::GRAPH_NOTES_DRAWN_MAX;
    let mut places: BTreeMap<&Bond, usize> = BTreeMap::new();
    let mut pieces: Vec<Piece> = Vec::new();
    for (node, group) in groups.iter().enumerate() {
        let size = group.as_ref().and_then(|bond| sizes.get(bond)).copied().unwrap_or(0);
        let (bond, drawn) = match group {
            Some(bond) if large && size > 1 && !open.contains(bond) => (bond, Drawn::Folded),
            // In a large picture what was opened has a frame, however small, by which it is folded again.
            Some(bond) if size >= if large { 2 } else { limits::GRAPH_GRID_NOTES_MIN } => (bond, Drawn::Grid),
            Some(_) | None => {
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
#[expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{
        clock::Time,
        ids::{AccountId, Id},
        label::{Policy, builtin},
        linking::{
            graph::Node,
            link::{Link, TYPES},
            links::Way,
            walk::Reached,
        },
        sharing::note::{NoteCard, NoteKind},
        vault::Opened,
    };

    fn id(number: usize) -> Id {
        let mut bytes = [0; 16];
        bytes[..8]
            .copy_from_slice(&u64::try_from(number + 1).unwrap().wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        Id::from_bytes(bytes)
    }

    fn opened<T>(id: Id, content: T) -> Opened<T> {
        let label = Policy::parse(builtin()[0].1).unwrap().lowest();
        let (home, author, modified) = (Id::NONE, AccountId(Id::NONE), Time(0));
        Opened { id, version: 1, label, home, author, modified, content }
    }

    fn node(id: Id, reached: Reached) -> Node {
        let card = NoteCard {
            kind: NoteKind::Watch,
            title: String::new(),
            extract: String::new(),
            tags: Vec::new(),
            language: String::new(),
            grade: None,
            review: None,
            expires: None,
            created: Time(0),
            editor: AccountId(Id::NONE),
        };
        Node { card: opened(id, card), reached, links: 0 }
    }

    /// A graph of notes that each hang on an earlier one, as a walk of that depth meets them, with other links beside.
    /// Of each note: which one it hangs on, the type of their link, and whether that begins at the other.
    fn graph(hung: &[(usize, usize, bool)], beside: &[(usize, usize, usize)], depth: u8) -> Graph {
        let mut tree: Vec<(u8, usize, usize, bool)> = vec![(0, 0, 0, true)];
        for (on, kind, outward) in hung {
            let on = (0..=on % tree.len()).rev().find(|on| tree[*on].0 < depth).unwrap();
            tree.push((tree[on].0 + 1, on, *kind, *outward));
        }
        let link = |number: usize, from: usize, to: usize, kind: usize| {
            let (from, to, kind) = (NoteId(id(from)), NoteId(id(to)), TYPES[kind % TYPES.len()].to_owned());
            let link = Link { from, to, kind, comment: String::new(), created: Time(0), external: None };
            opened(id(100_000 + number), link)
        };
        let mut links = Vec::new();
        let mut nodes = vec![node(id(0), Reached { level: 0, from: None })];
        for (place, (level, on, kind, outward)) in tree.iter().enumerate().skip(1) {
            let (from, to) = if *outward { (*on, place) } else { (place, *on) };
            links.push(link(place, from, to, *kind));
            let way = if *outward { Way::Out } else { Way::In };
            nodes.push(node(
                id(place),
                Reached { level: *level, from: Some((NoteId(id(*on)), id(100_000 + place), way)) },
            ));
        }
        for (number, (from, to, kind)) in beside.iter().enumerate() {
            let (from, to) = (from % tree.len(), to % tree.len());
            if from != to {
                links.push(link(10_000 + number, from, to, *kind));
            }
        }
        nodes.sort_by_key(|node| node.reached.level);
        Graph { nodes, links, more: false }
    }

    fn members(piece: &Piece) -> &[usize] {
        match piece {
            Piece::Note(node) => std::slice::from_ref(node),
            Piece::Group { members, .. } => members,
        }
    }

    /// The notes of each piece with what holds them together, whatever their order.
    fn told(graph: &Graph, pieces: &[Piece]) -> BTreeSet<(Option<String>, BTreeSet<Id>)> {
        let ids = |piece: &Piece| members(piece).iter().map(|member| graph.nodes[*member].card.id).collect();
        let bond = |piece: &Piece| match piece {
            Piece::Note(_) => None,
            Piece::Group { bond, .. } => Some(bond.word()),
        };
        pieces.iter().map(|piece| (bond(piece), ids(piece))).collect()
    }

    fn graphs() -> impl Strategy<Value = Graph> {
        let hung = (0..10_000_usize, 0..3_usize, any::<bool>());
        let beside = (0..10_000_usize, 0..10_000_usize, 0..6_usize);
        let (hung, beside) = (proptest::collection::vec(hung, 1..500), proptest::collection::vec(beside, 0..500));
        (hung, beside, prop::sample::select(vec![1_u8, 2, 3, limits::LINEAGE_DEPTH_MAX]))
            .prop_map(|(hung, beside, depth)| graph(&hung, &beside, depth))
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn however_large_a_graph_its_pieces_are_few_and_every_note_is_in_one_of_them(graph in graphs()) {
            let folded = clustered(&graph, &BTreeSet::new());
            prop_assert!(folded.len() <= limits::GRAPH_NOTES_DRAWN_MAX);
            for pieces in [&folded, &gathered(&graph, &BTreeSet::new())] {
                let mut all: Vec<usize> = pieces.iter().flat_map(members).copied().collect();
                all.sort_unstable();
                prop_assert_eq!(all, (0..graph.nodes.len()).collect::<Vec<_>>());
            }
            prop_assert_eq!(&folded[0], &Piece::Note(0));
            // What is opened is as many pieces as what is folded: nothing else moves.
            let open = folded.iter().filter_map(|piece| match piece {
                Piece::Group { bond, .. } => Some(bond.clone()),
                Piece::Note(_) => None,
            });
            prop_assert_eq!(told(&graph, &folded), told(&graph, &clustered(&graph, &open.collect())));
        }

        #[test]
        fn the_order_of_notes_and_links_makes_no_other_groups(graph in graphs(), turn in any::<prop::sample::Index>()) {
            let mut other = graph.clone();
            let (nodes, links) = (other.nodes.len(), other.links.len());
            other.nodes.reverse();
            other.nodes.rotate_left(turn.index(nodes));
            other.links.reverse();
            other.links.rotate_left(turn.index(links));
            let whole = BTreeSet::new();
            prop_assert_eq!(told(&graph, &clustered(&graph, &whole)), told(&other, &clustered(&other, &whole)));
        }
    }

    /// Thirty neighbours, five notes behind each, two behind each of those, and links across: no note is like another.
    #[test]
    fn the_farthest_notes_are_folded_first_and_the_neighbours_of_the_root_last() {
        let near = (0..30).map(|_| (0, 0, true));
        let middle = (0..150).map(|number| (1 + number % 30, number % 5, number % 2 == 0));
        let far = (0..300).map(|number| (31 + number % 150, number % 2, true));
        let hung: Vec<_> = near.chain(middle).chain(far).collect();
        let beside: Vec<_> = (0..450).map(|number| (31 + number, 32 + (number * 7) % 440, number % 6)).collect();
        let graph = graph(&hung, &beside, 3);
        assert!(gathered(&graph, &BTreeSet::new()).len() > 400);
        let pieces = clustered(&graph, &BTreeSet::new());
        assert!((100..=limits::GRAPH_NOTES_DRAWN_MAX).contains(&pieces.len()), "{}", pieces.len());
        for (place, node) in graph.nodes.iter().enumerate() {
            let alone = pieces.contains(&Piece::Note(place));
            assert!(alone || node.reached.level > 1);
        }
        let small = pieces.iter().filter(|piece| members(piece).len() > 1);
        assert!(small.clone().all(|piece| members(piece).len() <= 10), "by what they hang on");
    }
}
