//! A graph as a picture: an SVG of the server's, whose boxes are links that a keyboard reaches. Its marks are texts; colours,
//! and the dashes of contradiction, only repeat what is written.

use std::collections::{BTreeMap, BTreeSet};

use askama::{Template, filters::HtmlSafe};

use super::{
    layout::{self, GRID_HEAD, GUTTER, Layout, Place, Shape, Side},
    text,
};
use crate::{
    ids::{Id, NoteId},
    label::Label,
    linking::{
        bond::Bond,
        cluster::{Drawn, Piece},
        graph::{Graph, Node},
        links::Way,
    },
    web::{marking::Cote, say::Tongue, visit::Visitor},
    words::key as k,
};

const TITLE_SIZE: i32 = 13;
const SMALL_SIZE: i32 = 11;
const PAD: i32 = 9;

/// A picture.
#[derive(Template)]
#[template(path = "picture.html")]
pub(super) struct Picture {
    w: Tongue,
    name: String,
    width: i32,
    height: i32,
    wires: Vec<Wire>,
    verbs: Vec<Verb>,
    frames: Vec<Frame>,
    boxes: Vec<Boxed>,
}

impl HtmlSafe for Picture {}

/// One line for all links between two pieces.
struct Wire {
    path: String,
    class: &'static str,
    starts: bool,
    ends: bool,
    title: String,
}

struct Verb {
    x: i32,
    y: i32,
    anchor: &'static str,
    text: String,
}

struct Frame {
    place: Place,
    head: String,
    y: i32,
    fold: Option<String>,
}

struct Boxed {
    place: Place,
    class: &'static str,
    href: String,
    level: String,
    portion: String,
    mark: Place,
    small: String,
    language: String,
    lines: Vec<(i32, String)>,
    told: String,
}

/// The links between two pieces: of each type, and whether they begin at the first one, how many.
type Kinds<'g> = BTreeMap<(&'g str, bool), usize>;

/// A number of links, after what one of them says.
fn times(count: usize) -> String {
    if count > 1 { format!(" × {count}") } else { String::new() }
}

/// What a picture is drawn from.
pub(super) struct Sketch<'s> {
    pub(super) visitor: &'s Visitor,
    pub(super) graph: &'s Graph,
    pub(super) pieces: &'s [Piece],
    /// The address of the picture with other groups opened.
    pub(super) opened: &'s dyn Fn(&Bond) -> String,
    pub(super) name: String,
}

/// What a type of link says of the note that it begins at.
pub(in crate::web) fn verb(kind: &str, w: Tongue) -> String {
    match kind {
        "uses" => w.say(k::WEB_GRAPH_USES),
        "supports" => w.say(k::WEB_GRAPH_SUPPORTS),
        "contradicts" => w.say(k::WEB_GRAPH_CONTRADICTS),
        "supersedes" => w.say(k::WEB_GRAPH_SUPERSEDES),
        "derived-from" => w.say(k::WEB_GRAPH_DERIVED),
        "related" => w.say(k::WEB_GRAPH_RELATED),
        other => other.to_owned(),
    }
}

/// The join of the labels of a group: of its notes, and of the links that they hang by.
pub(super) fn joined(graph: &Graph, members: &[usize]) -> Option<Label> {
    let nodes: Vec<&Node> = members.iter().filter_map(|member| graph.nodes.get(*member)).collect();
    let within: BTreeSet<NoteId> = nodes.iter().map(|node| NoteId(node.card.id)).collect();
    let hung = |from: &NoteId, to: &NoteId| within.contains(from) || within.contains(to);
    let links = graph.links.iter().filter(|link| hung(&link.content.from, &link.content.to)).map(|link| link.label);
    nodes.iter().map(|node| node.card.label).chain(links).reduce(|all, label| all.join(&label))
}

impl Sketch<'_> {
    /// Draws it.
    pub(super) fn draw(self) -> Picture {
        let holders = self.holders();
        let layout = layout::lay_out(&self.shapes(&holders));
        let (mut frames, mut boxes) = (Vec::new(), Vec::new());
        for (piece, placed) in self.pieces.iter().zip(&layout.placed) {
            match piece {
                Piece::Note(node) => boxes.extend(self.note(*node, placed.place)),
                Piece::Group { bond, members, drawn: Drawn::Folded } => {
                    boxes.extend(self.folded(bond, members, placed.place));
                }
                Piece::Group { bond, members, drawn: Drawn::Grid } => {
                    frames.push(self.frame(bond, members.len(), placed.place));
                    let cells = members.iter().enumerate();
                    boxes.extend(
                        cells.filter_map(|(number, member)| {
                            self.note(*member, placed.place.cell(members.len(), number))
                        }),
                    );
                }
            }
        }
        let (wires, verbs) = self.wires(&layout, &holders);
        Picture {
            w: self.w(),
            name: self.name,
            width: layout.width,
            height: layout.height,
            wires,
            verbs,
            frames,
            boxes,
        }
    }

    const fn w(&self) -> Tongue {
        self.visitor.tongue
    }

    /// The piece that holds each note.
    fn holders(&self) -> BTreeMap<NoteId, usize> {
        let mut holders = BTreeMap::new();
        for (place, piece) in self.pieces.iter().enumerate() {
            let members = match piece {
                Piece::Note(node) => std::slice::from_ref(node),
                Piece::Group { members, .. } => members.as_slice(),
            };
            let notes = members.iter().filter_map(|member| self.graph.nodes.get(*member));
            holders.extend(notes.map(|node| (NoteId(node.card.id), place)));
        }
        holders
    }

    fn shapes(&self, holders: &BTreeMap<NoteId, usize>) -> Vec<Shape> {
        let kinds: BTreeMap<Id, &str> =
            self.graph.links.iter().map(|link| (link.id, link.content.kind.as_str())).collect();
        let shape = |piece: &Piece| {
            let from = piece.first().and_then(|node| self.graph.nodes.get(node)).and_then(|node| node.reached.from);
            let way = from.map_or(Way::Out, |(.., way)| way);
            let grid = match piece {
                Piece::Group { members, drawn: Drawn::Grid, .. } => Some(members.len()),
                Piece::Note(_) | Piece::Group { .. } => None,
            };
            Shape {
                on: from.and_then(|(on, ..)| holders.get(&on).copied()),
                side: if way == Way::Out { Side::Right } else { Side::Left },
                bond: from
                    .and_then(|(_, link, _)| kinds.get(&link))
                    .map_or_else(String::new, |kind| format!("{}{kind}", if way == Way::Out { "out " } else { "in " })),
                grid,
            }
        };
        self.pieces.iter().map(shape).collect()
    }

    fn note(&self, node: usize, place: Place) -> Option<Boxed> {
        let (node, w, root) = (self.graph.nodes.get(node)?, self.w(), node == 0);
        let content = &node.card.content;
        let id = NoteId(node.card.id);
        let cote = content.grade.map(|grade| Cote::of(grade, w).short());
        let small = [Some(w.kind(content.kind)), cote].into_iter().flatten().collect::<Vec<_>>().join(" · ");
        let told = format!("{} {}, {small}", self.visitor.marking(&node.card.label), content.title);
        let href = if root { format!("/notes/{id}") } else { format!("/notes/{id}/graph") };
        let language = content.language.clone();
        let class = if root { "here" } else { "" };
        Some(self.boxed(place, class, href, &node.card.label, small, &content.title, language, told))
    }

    fn folded(&self, bond: &Bond, members: &[usize], place: Place) -> Option<Boxed> {
        let label = joined(self.graph, members)?;
        let count = u64::try_from(members.len()).unwrap_or(u64::MAX);
        let title = self.w().count(k::WEB_GRAPH_NOTES, "count", count);
        let told = format!("{} {title}, {}", self.visitor.marking(&label), self.w().say(k::WEB_GRAPH_OPEN));
        let small = self.w().say(k::WEB_GRAPH_OPEN);
        let (href, language) = ((self.opened)(bond), self.w().0.code().to_owned());
        Some(self.boxed(place, "group", href, &label, small, &format!("× {title}"), language, told))
    }

    #[expect(clippy::too_many_arguments, reason = "what stands in one box, told in full")]
    fn boxed(
        &self,
        place: Place,
        class: &'static str,
        href: String,
        label: &Label,
        small: String,
        title: &str,
        language: String,
        told: String,
    ) -> Boxed {
        let config = self.visitor.config();
        let policy = config.policy();
        let room = place.width.saturating_sub(PAD.saturating_mul(2));
        let portion = text::cut(&policy.portion(label), SMALL_SIZE, room);
        let mark = Place {
            x: place.x.saturating_add(PAD),
            y: place.y.saturating_add(7),
            // The mark is set in bold.
            width: text::width(&portion, SMALL_SIZE.saturating_add(1)).saturating_add(9),
            height: 16,
        };
        let left = room.saturating_sub(mark.width).saturating_sub(6);
        let top = place.y.saturating_add(38);
        let lines = text::two_lines(title, TITLE_SIZE, room).into_iter().zip([top, top.saturating_add(16)]);
        Boxed {
            place,
            class,
            href,
            level: policy.level(label).map_or("", |level| level.code()).to_owned(),
            portion,
            mark,
            small: if left > 24 { text::cut(&small, SMALL_SIZE, left) } else { String::new() },
            language,
            lines: lines.filter(|(line, _)| !line.is_empty()).map(|(line, y)| (y, line)).collect(),
            told,
        }
    }

    fn frame(&self, bond: &Bond, count: usize, place: Place) -> Frame {
        let notes = self.w().count(k::WEB_GRAPH_NOTES, "count", u64::try_from(count).unwrap_or(u64::MAX));
        let large = self.graph.nodes.len() > crate::limits::GRAPH_NOTES_DRAWN_MAX;
        Frame {
            head: format!("× {notes}"),
            y: place.y.saturating_add(GRID_HEAD).saturating_sub(10),
            fold: large.then(|| (self.opened)(bond)),
            place,
        }
    }

    /// One line for each two pieces with links between them, and what those that carry the tree say.
    fn wires(&self, layout: &Layout, holders: &BTreeMap<NoteId, usize>) -> (Vec<Wire>, Vec<Verb>) {
        // Of each two pieces, the earlier one first: the types of their links, whether they begin there, how many there are.
        let mut pairs: BTreeMap<(usize, usize), Kinds<'_>> = BTreeMap::new();
        for link in &self.graph.links {
            let (from, to) = (holders.get(&link.content.from), holders.get(&link.content.to));
            let (Some(from), Some(to)) = (from.copied(), to.copied()) else { continue };
            if from != to {
                let pair = pairs.entry((from.min(to), from.max(to))).or_default();
                let count = pair.entry((link.content.kind.as_str(), from < to)).or_default();
                *count = count.saturating_add(1);
            }
        }
        let hangs_on = |piece: usize| {
            let node = self.pieces.get(piece)?.first().and_then(|node| self.graph.nodes.get(node))?;
            holders.get(&node.reached.from?.0).copied()
        };
        let (mut wires, mut verbs) = (Vec::new(), Vec::new());
        for ((one, other), kinds) in pairs {
            let tree = hangs_on(other) == Some(one);
            let path = if tree { layout.wire(one, other).map(|path| (path, false)) } else { layout.across(one, other) };
            let Some((path, turned)) = path else { continue };
            let (on, back) = (kinds.keys().any(|(_, on)| *on), kinds.keys().any(|(_, on)| !*on));
            let only = |kind: &str| kinds.keys().all(|(known, _)| *known == kind);
            wires.push(Wire {
                path,
                class: if only("contradicts") {
                    " against"
                } else if only("related") {
                    " about"
                } else {
                    ""
                },
                starts: if turned { on } else { back },
                ends: if turned { back } else { on },
                title: self.sentence(one, other, &kinds),
            });
            if tree && let (Some(from), Some(to)) = (layout.placed.get(one), layout.placed.get(other)) {
                let falls = from.place.middle() < to.place.middle();
                verbs.extend(self.said(&to.place, to.side, falls, &kinds));
            }
        }
        (wires, verbs)
    }

    /// What a line says stands beside its end: under a line that falls, above another, where the line does not cross it.
    fn said(&self, place: &Place, side: Side, falls: bool, kinds: &Kinds<'_>) -> Option<Verb> {
        let (((kind, _), count), others) = (kinds.first_key_value()?, kinds.len().saturating_sub(1));
        let more = if others > 0 { format!("{} +{others}", times(*count)) } else { times(*count) };
        let (x, anchor) = match side {
            Side::Right => (place.x.saturating_sub(12), "end"),
            Side::Left => (place.right().saturating_add(12), "start"),
        };
        let room = GUTTER.saturating_sub(40).saturating_sub(text::width(&more, SMALL_SIZE));
        let text = format!("{}{more}", text::cut(&verb(kind, self.w()), SMALL_SIZE, room));
        let below = if falls { 15 } else { -7 };
        Some(Verb { x, y: place.middle().saturating_add(below), anchor, text })
    }

    fn sentence(&self, one: usize, other: usize, kinds: &Kinds<'_>) -> String {
        let name = |piece: usize| match self.pieces.get(piece) {
            Some(Piece::Note(node)) => {
                self.graph.nodes.get(*node).map_or_else(String::new, |node| node.card.content.title.clone())
            }
            Some(Piece::Group { members, .. }) => {
                self.w().count(k::WEB_GRAPH_NOTES, "count", u64::try_from(members.len()).unwrap_or(u64::MAX))
            }
            None => String::new(),
        };
        let say = |((kind, on), count): (&(&str, bool), &usize)| {
            let (from, to) = if *on { (one, other) } else { (other, one) };
            format!("{} → {}{} → {}", name(from), verb(kind, self.w()), times(*count), name(to))
        };
        kinds.iter().map(say).collect::<Vec<_>>().join(" ; ")
    }
}
