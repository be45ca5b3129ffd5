//! What a picture says, as two tables: its notes, and the links between them. Notes that have no link but with the one they
//! hang on are told as one where there are many; others are told one by one, even those that a picture draws as one.

use std::collections::BTreeMap;

use askama::{Template, filters::HtmlSafe};

use super::picture::{joined, verb};
use crate::{
    ids::{Id, NoteId},
    linking::{
        bond::{Bond, Tie},
        cluster::{Drawn, Piece},
        graph::{Graph, Node},
        link::Link,
    },
    vault::Opened,
    web::{
        marking::{Chip, Cote},
        say::Tongue,
        visit::Visitor,
    },
    words::key as k,
};

/// Both tables.
#[derive(Template)]
#[template(path = "graph_tables.html")]
pub(super) struct Tables {
    w: Tongue,
    notes: Vec<NoteRow>,
    links: Vec<LinkRow>,
}

impl HtmlSafe for Tables {}

/// A note, or the number of notes of a group, with the way to it.
#[derive(Clone)]
struct Name {
    href: String,
    portion: String,
    text: String,
    language: String,
}

struct NoteRow {
    chip: Chip,
    name: Name,
    kind: String,
    cote: Option<Cote>,
    level: u64,
    links: u64,
    day: String,
}

struct LinkRow {
    chip: Chip,
    from: Name,
    verb: String,
    to: Name,
    comment: String,
}

fn number(count: usize) -> u64 {
    u64::try_from(count).unwrap_or(u64::MAX)
}

/// What the tables are made from.
pub(super) struct Source<'s> {
    pub(super) visitor: &'s Visitor,
    pub(super) graph: &'s Graph,
    pub(super) pieces: &'s [Piece],
    pub(super) opened: &'s dyn Fn(&Bond) -> String,
}

impl Source<'_> {
    /// Makes them.
    pub(super) fn tables(&self) -> Tables {
        // Notes of a folded group by the group: their links are one row.
        let mut folded: BTreeMap<NoteId, usize> = BTreeMap::new();
        let mut notes = Vec::new();
        for (place, piece) in self.pieces.iter().enumerate() {
            match piece {
                Piece::Note(node) => notes.extend(self.graph.nodes.get(*node).map(|node| self.note(node))),
                Piece::Group { members, drawn: Drawn::Grid, .. } => {
                    let members = members.iter().filter_map(|member| self.graph.nodes.get(*member));
                    notes.extend(members.map(|node| self.note(node)));
                }
                Piece::Group { bond, members, drawn: Drawn::Folded } => {
                    notes.extend(self.group(bond, members));
                    let members = members.iter().filter_map(|member| self.graph.nodes.get(*member));
                    folded.extend(members.map(|node| (NoteId(node.card.id), place)));
                }
            }
        }
        let nodes: BTreeMap<Id, &Node> = self.graph.nodes.iter().map(|node| (node.card.id, node)).collect();
        let mut links = Vec::new();
        let mut told = Vec::new();
        for link in &self.graph.links {
            let (from, to) = (link.content.from, link.content.to);
            match folded.get(&from).or_else(|| folded.get(&to)) {
                Some(group) if told.contains(group) => {}
                Some(group) => {
                    told.push(*group);
                    links.extend(self.bundles(*group, &nodes).unwrap_or_default());
                }
                None => links.extend(self.link(link, &nodes)),
            }
        }
        Tables { w: self.visitor.tongue, notes, links }
    }

    fn name(&self, node: &Node) -> Name {
        let root = self.graph.nodes.first().is_some_and(|first| first.card.id == node.card.id);
        let id = NoteId(node.card.id);
        Name {
            href: if root { format!("/notes/{id}") } else { format!("/notes/{id}/graph") },
            portion: self.visitor.config().policy().portion(&node.card.label),
            text: node.card.content.title.clone(),
            language: node.card.content.language.clone(),
        }
    }

    fn many(&self, bond: &Bond, members: &[usize]) -> Option<Name> {
        let label = joined(self.graph, members)?;
        Some(Name {
            href: (self.opened)(bond),
            portion: self.visitor.config().policy().portion(&label),
            text: self.visitor.tongue.count(k::WEB_GRAPH_NOTES, "count", number(members.len())),
            language: self.visitor.tongue.0.code().to_owned(),
        })
    }

    fn note(&self, node: &Node) -> NoteRow {
        let (w, content) = (self.visitor.tongue, &node.card.content);
        NoteRow {
            chip: Chip::of(self.visitor, &node.card.label),
            name: self.name(node),
            kind: w.kind(content.kind),
            cote: content.grade.map(|grade| Cote::of(grade, w)),
            level: u64::from(node.reached.level),
            links: number(node.links),
            day: w.date(node.card.modified),
        }
    }

    fn group(&self, bond: &Bond, members: &[usize]) -> Option<NoteRow> {
        let nodes: Vec<&Node> = members.iter().filter_map(|member| self.graph.nodes.get(*member)).collect();
        Some(NoteRow {
            chip: Chip::of(self.visitor, &joined(self.graph, members)?),
            name: self.many(bond, members)?,
            kind: self.hung(bond),
            cote: None,
            level: u64::from(nodes.first()?.reached.level),
            links: nodes.iter().fold(0, |sum, node| sum.saturating_add(number(node.links))),
            day: String::new(),
        })
    }

    fn link(&self, link: &Opened<Link>, nodes: &BTreeMap<Id, &Node>) -> Option<LinkRow> {
        let (from, to) = (nodes.get(&link.content.from.id())?, nodes.get(&link.content.to.id())?);
        let label = link.label.join(&from.card.label).join(&to.card.label);
        Some(LinkRow {
            chip: Chip::of(self.visitor, &label),
            from: self.name(from),
            verb: verb(&link.content.kind, self.visitor.tongue),
            to: self.name(to),
            comment: link.content.comment.clone(),
        })
    }

    /// By what the notes of a group hang, in words.
    fn hung(&self, bond: &Bond) -> String {
        let tie = |tie: &Tie| {
            let verb = verb(&tie.kind, self.visitor.tongue);
            if tie.outward { format!("→ {verb}") } else { format!("← {verb}") }
        };
        bond.ties().map(tie).collect::<Vec<_>>().join(", ")
    }

    /// All links of a folded group, one row for each sort.
    fn bundles(&self, group: usize, nodes: &BTreeMap<Id, &Node>) -> Option<Vec<LinkRow>> {
        let Piece::Group { bond, members, .. } = self.pieces.get(group)? else { return None };
        let on = nodes.get(&bond.on.id())?;
        let label = joined(self.graph, members)?.join(&on.card.label);
        let (here, many) = (self.name(on), self.many(bond, members)?);
        let row = |tie: &Tie| {
            let (from, to) = if tie.outward { (&here, &many) } else { (&many, &here) };
            LinkRow {
                chip: Chip::of(self.visitor, &label),
                from: from.clone(),
                verb: verb(&tie.kind, self.visitor.tongue),
                to: to.clone(),
                comment: String::new(),
            }
        };
        Some(bond.ties().map(row).collect())
    }
}
