//! The notes and links around one note, as one reader sees them.

use std::collections::BTreeMap;

use super::{
    link::{Link, TYPES},
    links::Way,
    walk::{Found, Reached, Rules, Walker},
};
use crate::{
    audit::entry::Act,
    clock::Time,
    identity::Subject,
    ids::{Id, NoteId, SpaceId},
    label::Label,
    limits,
    monitor::Refusal,
    sharing::note::{Grade, NoteCard, Reliability},
    vault::{Opened, Vault, VaultError},
};

/// The types that say what a note rests on.
pub const DESCENT: [&str; 2] = [TYPES[4], TYPES[3]];

/// What a graph leaves out. The root is always in it.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Filter {
    /// Links of this type only.
    pub kind: Option<String>,
    /// Notes changed from this moment on.
    pub from: Option<Time>,
    /// Notes changed until this moment.
    pub until: Option<Time>,
    /// Notes of this grade or a better one.
    pub grade: Option<Least>,
    /// Notes of this space.
    pub space: Option<SpaceId>,
}

impl Filter {
    fn takes(&self, note: &Opened<NoteCard>) -> bool {
        self.from.is_none_or(|from| note.modified >= from)
            && self.until.is_none_or(|until| note.modified <= until)
            && self.space.is_none_or(|space| note.home == space.id())
            && self.grade.is_none_or(|least| least.met_by(note.content.grade))
    }
}

/// The worst grade that will do: `B`, `2` or `B2`. What cannot be judged (F, 6) meets no demand.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Least {
    reliability: u8,
    credibility: u8,
}

impl Least {
    /// Reads a grade.
    pub fn read(text: &str) -> Option<Self> {
        let letter = |byte: u8| (b'A'..=b'E').contains(&byte).then(|| byte.wrapping_sub(b'A'));
        let figure = |byte: u8| (b'1'..=b'5').contains(&byte).then(|| byte.wrapping_sub(b'0'));
        match *text.as_bytes() {
            [one] => match (letter(one), figure(one)) {
                (Some(reliability), _) => Some(Self { reliability, credibility: u8::MAX }),
                (_, Some(credibility)) => Some(Self { reliability: u8::MAX, credibility }),
                _ => None,
            },
            [one, two] => Some(Self { reliability: letter(one)?, credibility: figure(two)? }),
            _ => None,
        }
    }

    fn met_by(self, grade: Option<Grade>) -> bool {
        let Some(grade) = grade else { return false };
        let reliability = match grade.reliability {
            Reliability::A => 0,
            Reliability::B => 1,
            Reliability::C => 2,
            Reliability::D => 3,
            Reliability::E => 4,
            Reliability::F => u8::MAX,
        };
        let credibility = if grade.credibility >= 6 { u8::MAX } else { grade.credibility };
        // What is not asked for is not looked at.
        (self.reliability == u8::MAX || reliability <= self.reliability)
            && (self.credibility == u8::MAX || credibility <= self.credibility)
    }
}

/// A note of a graph.
#[derive(Clone, Debug)]
pub struct Node {
    /// Its card.
    pub card: Opened<NoteCard>,
    /// Where it stands.
    pub reached: Reached,
    /// Links of this graph that begin or end at it.
    pub links: usize,
}

/// Notes and the links between them. The first note is the root; every other one was met over a link of the graph.
#[derive(Clone, Debug)]
pub struct Graph {
    /// The notes, as they were met.
    pub nodes: Vec<Node>,
    /// The links, as they were met.
    pub links: Vec<Opened<Link>>,
    /// Whether a bound left out something that this reader sees.
    pub more: bool,
}

impl Graph {
    /// The labels of all that it shows.
    pub fn labels(&self) -> impl Iterator<Item = Label> + '_ {
        self.nodes.iter().map(|node| node.card.label).chain(self.links.iter().map(|link| link.label))
    }
}

/// The graph around a note: all links of the notes nearer than `depth`, and the notes at their ends.
///
/// # Errors
/// [`VaultError`].
pub async fn around(
    vault: &Vault,
    subject: &Subject,
    root: NoteId,
    depth: u8,
    filter: &Filter,
) -> Result<Graph, VaultError> {
    let mut walker = Walker::begin(vault, subject, Act::GraphRead, &[root], limits::GRAPH_LINKS_LOOKED_MAX).await?;
    let mut found = rooted(&mut walker, root)?;
    let rules = Rules {
        ways: &[Way::Out, Way::In],
        depth: depth.min(limits::GRAPH_DEPTH_MAX),
        notes_max: limits::GRAPH_NOTES_MAX,
        links_max: limits::GRAPH_LINKS_MAX,
        link: &|link| filter.kind.as_ref().is_none_or(|kind| link.kind == *kind),
        note: &|note| filter.takes(note),
    };
    walker.spread(&mut found, root.id(), &rules).await?;
    let graph = ended(walker, found).await?;
    #[cfg(feature = "exam")]
    let graph = planted(vault, subject, graph);
    Ok(graph)
}

/// What a note rests on, and what rests on it.
#[derive(Clone, Debug)]
pub struct Lineage {
    /// Both, around the note.
    pub graph: Graph,
    /// The join of the labels along what it rests on, its own among them.
    pub along: Label,
}

/// The lineage of a note: along `derived-from` and `supersedes`, both ways.
///
/// # Errors
/// [`VaultError`].
pub async fn lineage(vault: &Vault, subject: &Subject, root: NoteId) -> Result<Lineage, VaultError> {
    let mut walker = Walker::begin(vault, subject, Act::LineageRead, &[root], limits::GRAPH_LINKS_LOOKED_MAX).await?;
    let mut found = rooted(&mut walker, root)?;
    // What it rests on first: a note that stands on both sides, in a ring, is told there.
    for (way, notes_max) in [(Way::Out, limits::LINEAGE_NOTES_MAX), (Way::In, limits::GRAPH_NOTES_MAX)] {
        let rules = Rules {
            ways: &[way],
            depth: limits::LINEAGE_DEPTH_MAX,
            notes_max,
            links_max: limits::GRAPH_LINKS_MAX,
            link: &|link| DESCENT.contains(&link.kind.as_str()),
            note: &|_| true,
        };
        walker.spread(&mut found, root.id(), &rules).await?;
    }
    let graph = ended(walker, found).await?;
    let along = along(&graph).ok_or(VaultError::Refused(Refusal::Absent))?;
    Ok(Lineage { graph, along })
}

/// The join of the labels of the root, of what it rests on, and of the links that say so.
fn along(graph: &Graph) -> Option<Label> {
    let up: BTreeMap<Id, Label> = graph
        .nodes
        .iter()
        .filter(|node| node.reached.from.is_none_or(|(.., way)| way == Way::Out))
        .map(|node| (node.card.id, node.card.label))
        .collect();
    let within =
        |link: &&Opened<Link>| up.contains_key(&link.content.from.id()) && up.contains_key(&link.content.to.id());
    let links = graph.links.iter().filter(within).map(|link| link.label);
    up.values().copied().chain(links).reduce(|all, label| all.join(&label))
}

fn rooted(walker: &mut Walker<'_>, root: NoteId) -> Result<Found, VaultError> {
    let card = walker.card(root.id())?.ok_or(VaultError::Refused(Refusal::Absent))?;
    let mut found = Found::default();
    found.known.insert(root.id());
    found.notes.push((card, Reached { level: 0, from: None }));
    Ok(found)
}

async fn ended(walker: Walker<'_>, found: Found) -> Result<Graph, VaultError> {
    let (cards, reached): (Vec<_>, Vec<_>) = found.notes.into_iter().unzip();
    let (cards, links) = walker.end_with(cards, found.links).await?;
    // Counted over what is shown: a link that is not on the page is not in a number of it either.
    let mut degrees: BTreeMap<NoteId, usize> = BTreeMap::new();
    for end in links.iter().flat_map(|link| [link.content.from, link.content.to]) {
        let degree = degrees.entry(end).or_default();
        *degree = degree.saturating_add(1);
    }
    let nodes = cards.into_iter().zip(reached).map(|(card, reached)| {
        let links = degrees.get(&NoteId(card.id)).copied().unwrap_or(0);
        Node { card, reached, links }
    });
    Ok(Graph { nodes: nodes.collect(), links, more: found.more })
}

#[cfg(feature = "exam")]
fn planted(vault: &Vault, subject: &Subject, mut graph: Graph) -> Graph {
    use crate::vault::{Listing, Scope};
    let rows = |note: Id| {
        let count = |listing| vault.exam_rows(subject, listing, Scope::of(note)).len();
        count(Listing::LinksOut).saturating_add(count(Listing::LinksIn))
    };
    if crate::exam::planted(crate::exam::Leak::GraphDegrees) {
        for node in &mut graph.nodes {
            node.links = node.links.max(rows(node.card.id));
        }
    }
    if crate::exam::planted(crate::exam::Leak::GraphCutByHidden) {
        graph.more |= graph.nodes.first().is_some_and(|root| rows(root.card.id) > root.links);
    }
    graph
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_judged_meets_no_demand_and_what_is_not_asked_is_not_looked_at() {
        let grade = |reliability, credibility| Some(Grade { reliability, credibility });
        let least = |text| Least::read(text).unwrap();
        assert!(least("B2").met_by(grade(Reliability::A, 2)));
        assert!(!least("B2").met_by(grade(Reliability::A, 3)));
        assert!(!least("B2").met_by(grade(Reliability::C, 1)));
        assert!(least("B").met_by(grade(Reliability::B, 6)));
        assert!(!least("E").met_by(grade(Reliability::F, 1)));
        assert!(least("2").met_by(grade(Reliability::F, 2)));
        assert!(!least("5").met_by(grade(Reliability::A, 6)));
        assert!(!least("5").met_by(None));
        for none in ["", "F", "6", "2B", "B6", "B22", "é"] {
            assert_eq!(Least::read(none), None, "{none}");
        }
    }
}
