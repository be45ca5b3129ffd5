//! The graph around a note, the way between two notes, what a note rests on, how the notes of a space are linked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, ApiError, Call,
    links::view,
    notes::card,
    shapes::{CardView, LinkView},
    spaces::joined,
};
use crate::{
    clock::Time,
    ids::{LinkId, NoteId, SpaceId},
    label::LabelView,
    limits,
    linking::{
        graph::{self, Filter, Graph, Least, Node},
        links::Way,
        path,
        standing::{self, Standing},
    },
};

/// A note of a graph.
#[derive(Serialize, Debug, JsonSchema)]
pub struct NodeView {
    /// The note.
    pub note: CardView,
    /// Links between it and the root, on the shortest way.
    pub level: u8,
    /// The note it was met from; null for the root.
    pub from: Option<NoteId>,
    /// The link it was met over.
    pub over: Option<LinkId>,
    /// `out` or `in`: whether that link leads to it or begins at it.
    pub way: Option<&'static str>,
    /// Links of this graph that begin or end at it.
    pub links: usize,
}

/// The graph around a note.
#[derive(Serialize, Debug, JsonSchema)]
pub struct GraphView {
    /// Notes, the root first.
    pub nodes: Vec<NodeView>,
    /// The links between them.
    pub links: Vec<LinkView>,
    /// Whether a bound left something out that can be read.
    pub more: bool,
}

/// The lineage of a note.
#[derive(Serialize, Debug, JsonSchema)]
pub struct LineageView {
    /// The join of the labels along what the note rests on, its own among them.
    pub along: LabelView,
    /// What it rests on (`way` is `out`) and what rests on it.
    #[serde(flatten)]
    pub graph: GraphView,
}

/// The way between two notes.
#[derive(Serialize, Debug, JsonSchema)]
pub struct PathView {
    /// The notes, both ends included; empty when there is no way.
    pub notes: Vec<CardView>,
    /// Between each note and the next, one link.
    pub links: Vec<LinkView>,
    /// Whether the search was given up.
    pub more: bool,
}

/// A note and the number it is ranked by.
#[derive(Serialize, Debug, JsonSchema)]
pub struct StandingView {
    /// The note.
    pub note: CardView,
    /// Links, or notes that contradict it.
    pub count: usize,
}

/// The notes of a space by their links.
#[derive(Serialize, Debug, JsonSchema)]
pub struct StandingsView {
    /// By what they are ranked.
    pub list: Standing,
    /// The notes.
    pub items: Vec<StandingView>,
    /// Notes among which these were found: those last changed, of those that can be read.
    pub looked: usize,
    /// Whether those are all that can be read there, with all their links.
    pub whole: bool,
    /// Whether a bound left something out that can be read.
    pub more: bool,
}

/// Query of `GET /graph`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Around {
    root: NoteId,
    depth: Option<String>,
    #[serde(rename = "type")]
    kind: Option<String>,
    from: Option<String>,
    until: Option<String>,
    grade: Option<String>,
    space: Option<String>,
}

/// Query of `GET /graph/path`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Between {
    from: NoteId,
    to: NoteId,
}

/// Query of `GET /spaces/{id}/standing`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Ranked {
    list: Option<String>,
}

/// What a parameter says; the one that cannot be read is named.
fn read<T>(name: &'static str, text: Option<&str>, of: impl FnOnce(&str) -> Option<T>) -> Result<Option<T>, ApiError> {
    text.map(|text| of(text).ok_or(ApiError::BadParameter(name))).transpose()
}

/// The first or the last moment of a day written `2026-11-21`.
fn day(end: &str) -> impl FnOnce(&str) -> Option<Time> {
    move |text| (text.len() == 10).then(|| Time::parse(&format!("{text}T{end}Z"))).flatten()
}

/// `GET /graph`
///
/// # Errors
/// [`ApiError`].
pub async fn around(call: Call) -> Result<Answer, ApiError> {
    let asked: Around = call.query()?;
    let depths = 1..=limits::GRAPH_DEPTH_MAX;
    let depth = |text: &str| text.parse().ok().filter(|depth| depths.contains(depth));
    let depth = read("depth", asked.depth.as_deref(), depth)?;
    let filter = Filter {
        kind: asked.kind,
        from: read("from", asked.from.as_deref(), day("00:00:00"))?,
        until: read("until", asked.until.as_deref(), day("23:59:59.999"))?,
        grade: read("grade", asked.grade.as_deref(), Least::read)?,
        space: read("space", asked.space.as_deref(), |text| text.parse().ok().map(SpaceId))?,
    };
    let graph = graph::around(&call.vault, &call.subject, asked.root, depth.unwrap_or(1), &filter).await?;
    let label = joined(&call, graph.labels());
    Answer::labelled(&graph_view(&call, graph), label)
}

/// `GET /notes/{id}/lineage`
///
/// # Errors
/// [`ApiError`].
pub async fn lineage(call: Call) -> Result<Answer, ApiError> {
    let lineage = graph::lineage(&call.vault, &call.subject, call.id("id")).await?;
    let label = joined(&call, lineage.graph.labels());
    let along = call.view(&lineage.along);
    Answer::labelled(&LineageView { along, graph: graph_view(&call, lineage.graph) }, label)
}

/// `GET /graph/path`
///
/// # Errors
/// [`ApiError`].
pub async fn between(call: Call) -> Result<Answer, ApiError> {
    let asked: Between = call.query()?;
    let path = path::between(&call.vault, &call.subject, asked.from, asked.to).await?;
    let notes = path.notes.iter().map(|note| note.label);
    let label = joined(&call, notes.chain(path.links.iter().map(|link| link.label)));
    let view = PathView {
        links: path.links.iter().map(|link| view(&call, link)).collect(),
        notes: path.notes.into_iter().map(|note| card(&call, note)).collect(),
        more: path.more,
    };
    Answer::labelled(&view, label)
}

/// `GET /spaces/{id}/standing`
///
/// # Errors
/// [`ApiError`].
pub async fn standing(call: Call) -> Result<Answer, ApiError> {
    let asked: Ranked = call.query()?;
    let list = match asked.list.as_deref() {
        None => Standing::MostLinked,
        Some(word) => Standing::from_word(word).ok_or(ApiError::BadParameter("list"))?,
    };
    let standings = standing::of_space(&call.vault, &call.subject, call.id("id"), list).await?;
    let label = joined(&call, standings.notes.iter().map(|(note, _)| note.label));
    let items = standings.notes.into_iter().map(|(note, count)| StandingView { note: card(&call, note), count });
    let (looked, whole, more) = (standings.looked, standings.whole, standings.more);
    Answer::labelled(&StandingsView { list, items: items.collect(), looked, whole, more }, label)
}

fn graph_view(call: &Call, graph: Graph) -> GraphView {
    GraphView {
        links: graph.links.iter().map(|link| view(call, link)).collect(),
        nodes: graph.nodes.into_iter().map(|node| node_view(call, node)).collect(),
        more: graph.more,
    }
}

fn node_view(call: &Call, node: Node) -> NodeView {
    let from = node.reached.from;
    NodeView {
        level: node.reached.level,
        from: from.map(|(from, ..)| from),
        over: from.map(|(_, over, _)| LinkId(over)),
        way: from.map(|(.., way)| match way {
            Way::Out => "out",
            Way::In => "in",
        }),
        links: node.links,
        note: card(call, node.card),
    }
}
