//! The graph around a note, what the note rests on, and the way from it to another: drawn by the server, said again in tables.
//!
//! | file | idea |
//! |---|---|
//! | `mod.rs` | the pages |
//! | `filters` | what is asked, and how an address says it |
//! | `layout` | where pieces stand: pure, whole numbers |
//! | `text` | how wide letters are, reckoned |
//! | `picture` | the SVG |
//! | `table` | the same in tables |
//! | [`way`] | the way between two notes |
//! | [`standing`] | the notes of a space by their links |

mod filters;
mod layout;
mod picture;
pub mod standing;
mod table;
mod text;
pub mod way;

use std::collections::{BTreeMap, BTreeSet};

use askama::Template;

use self::{
    filters::{Filters, Wanted},
    picture::{Picture, Sketch, verb},
    table::{Source, Tables},
};
use super::{
    frame::{Frame, Rail, Room},
    marking::Stamp,
    page::{Shown, framed},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::{NoteId, SpaceId},
    limits,
    linking::{
        cluster::{self, Bond},
        graph::{self, Graph},
        link::TYPES,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "graph.html")]
struct GraphPage {
    frame: Frame,
    id: NoteId,
    title: String,
    stamp: Stamp,
    filters: Filters,
    depth: u8,
    kinds: Vec<(String, String, bool)>,
    spaces: Vec<(SpaceId, String, bool)>,
    /// Whether a filter could not be read; shown is what there is without any.
    wrong: bool,
    more: bool,
    alone: bool,
    picture: Picture,
    tables: Tables,
}

#[derive(Template)]
#[template(path = "lineage.html")]
struct LineagePage {
    frame: Frame,
    id: NoteId,
    title: String,
    /// The label of the note, and the join along what it rests on.
    stamp: Stamp,
    along: Stamp,
    /// Whether the note itself says less.
    higher: bool,
    more: bool,
    alone: bool,
    picture: Picture,
    tables: Tables,
}

framed!(GraphPage, LineagePage);

impl GraphPage {
    fn depths(&self) -> impl Iterator<Item = (u8, bool)> + '_ {
        (1..=limits::GRAPH_DEPTH_MAX).map(|depth| (depth, depth == self.depth))
    }

    fn grades(&self) -> [(&'static str, bool); 5] {
        ["A1", "B2", "C3", "D4", "E5"].map(|grade| (grade, grade == self.filters.grade))
    }
}

/// `GET /notes/{id}/graph`
///
/// # Errors
/// [`ApiError`].
pub async fn around(visit: Visit) -> Result<Shown, ApiError> {
    let typed: Filters = visit.call.query()?;
    let (w, id) = (visit.tongue(), visit.call.id::<NoteId>("id"));
    let (wanted, wrong) = match typed.wanted(w) {
        Some(wanted) => (wanted, false),
        None => (Wanted { depth: 1, filter: graph::Filter::default(), open: BTreeSet::new() }, true),
    };
    let (rail, graph) = tokio::join!(
        Rail::of(&visit.visitor),
        graph::around(visit.vault(), visit.subject(), id, wanted.depth, &wanted.filter),
    );
    let (rail, graph) = (rail?, graph?);
    let opened = |bond: &Bond| typed.turning(id, &wanted.open, bond);
    let (picture, tables) = drawn(&visit, &graph, &wanted.open, &opened);
    let root = graph.nodes.first().ok_or(ApiError::NotFound)?;
    let (label, home) = (visit.visitor.joined(graph.labels()), SpaceId(root.card.home));
    let spaces = rail.names().map(|(space, name)| (space, name.to_owned(), wanted.filter.space == Some(space)));
    Shown::page(&GraphPage {
        id,
        title: root.card.content.title.clone(),
        stamp: Stamp::of(&visit.visitor, &root.card.label),
        depth: wanted.depth,
        kinds: kinds(&visit, &graph, wanted.filter.kind.as_deref()),
        spaces: spaces.collect(),
        wrong,
        more: graph.more,
        alone: graph.nodes.len() == 1,
        picture,
        tables,
        filters: typed,
        frame: Frame::over(&visit.visitor, rail, Room::Space(home), Window::Graph, label),
    })
}

/// The types that can be chosen: those of the house, those of the graph, and the one that was chosen.
fn kinds(visit: &Visit, graph: &Graph, chosen: Option<&str>) -> Vec<(String, String, bool)> {
    let there = graph.links.iter().map(|link| link.content.kind.as_str());
    let all: BTreeMap<&str, String> =
        TYPES.into_iter().chain(there).chain(chosen).map(|kind| (kind, verb(kind, visit.tongue()))).collect();
    let mut kinds: Vec<_> = all.into_iter().map(|(kind, name)| (kind.to_owned(), name, chosen == Some(kind))).collect();
    kinds.sort_by(|one, other| one.1.cmp(&other.1));
    kinds
}

fn drawn(visit: &Visit, graph: &Graph, open: &BTreeSet<Bond>, opened: &dyn Fn(&Bond) -> String) -> (Picture, Tables) {
    let (visitor, pieces) = (&visit.visitor, cluster::clustered(graph, open));
    let name = visit.tongue().say(k::WEB_GRAPH_PICTURE);
    let picture = Sketch { visitor, graph, pieces: &pieces, opened, name }.draw();
    (picture, Source { visitor, graph, pieces: &pieces, opened }.tables())
}

/// `GET /notes/{id}/lineage`
///
/// # Errors
/// [`ApiError`].
pub async fn lineage(visit: Visit) -> Result<Shown, ApiError> {
    let id = visit.call.id::<NoteId>("id");
    let (rail, lineage) = tokio::join!(Rail::of(&visit.visitor), graph::lineage(visit.vault(), visit.subject(), id));
    let (rail, lineage) = (rail?, lineage?);
    let graph = &lineage.graph;
    // A group of a lineage is opened in the graph of the note that it hangs on.
    let opened = |bond: &Bond| Filters::default().turning(bond.on, &BTreeSet::new(), bond);
    let (picture, tables) = drawn(&visit, graph, &BTreeSet::new(), &opened);
    let root = graph.nodes.first().ok_or(ApiError::NotFound)?;
    let (label, home) = (visit.visitor.joined(graph.labels()), SpaceId(root.card.home));
    Shown::page(&LineagePage {
        id,
        title: root.card.content.title.clone(),
        stamp: Stamp::of(&visit.visitor, &root.card.label),
        along: Stamp::of(&visit.visitor, &lineage.along),
        higher: lineage.along != root.card.label,
        more: graph.more,
        alone: graph.nodes.len() == 1,
        picture,
        tables,
        frame: Frame::over(&visit.visitor, rail, Room::Space(home), Window::Lineage, label),
    })
}
