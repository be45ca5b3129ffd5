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

pub(super) use self::picture::verb;
use self::{
    filters::{Filters, Wanted},
    picture::{Picture, Sketch},
    table::{Source, Tables},
};
use super::{
    frame::{Frame, Rail, Room},
    marking::Stamp,
    page::{Shown, framed},
    spaces::Fault,
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::{NoteId, SpaceId},
    limits,
    linking::{
        bond::Bond,
        cluster,
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
    kinds: Vec<(String, String, bool)>,
    spaces: Vec<(String, String, bool)>,
    /// What is wrong with filters.
    faults: Vec<Fault>,
    /// Whether one of them cannot be read: nothing is drawn.
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
    fn depths(&self) -> Vec<(String, String, bool)> {
        let depths = (1..=limits::GRAPH_DEPTH_MAX).map(|depth| (depth.to_string(), depth.to_string()));
        choices(depths, &self.filters.depth)
    }

    fn grades(&self) -> Vec<(String, String, bool)> {
        let grades = ["A1", "B2", "C3", "D4", "E5"];
        choices(grades.into_iter().map(|grade| (grade.to_owned(), grade.to_owned())), &self.filters.grade)
    }

    fn is_faulty(&self, field: &str) -> bool {
        self.faults.iter().any(|fault| fault.is(field))
    }
}

/// What can be chosen, by word and name, and what was typed, even if it is none of them.
fn choices(known: impl Iterator<Item = (String, String)>, typed: &str) -> Vec<(String, String, bool)> {
    let typed = typed.trim();
    let mut choices: Vec<_> = known.map(|(word, name)| (word == typed, word, name)).collect();
    if !typed.is_empty() && !choices.iter().any(|(here, ..)| *here) {
        choices.push((true, typed.to_owned(), typed.to_owned()));
    }
    choices.into_iter().map(|(here, word, name)| (word, name, here)).collect()
}

/// `GET /notes/{id}/graph`
///
/// # Errors
/// [`ApiError`].
pub async fn around(visit: Visit) -> Result<Shown, ApiError> {
    let typed: Filters = visit.call.query()?;
    let (w, id) = (visit.tongue(), visit.call.id::<NoteId>("id"));
    let (wanted, mut faults) = match typed.wanted(w) {
        Ok(wanted) => (wanted, Vec::new()),
        // Of the note itself no more than its name.
        Err(faults) => (Wanted { depth: 0, filter: graph::Filter::default(), open: BTreeSet::new() }, faults),
    };
    let wrong = !faults.is_empty();
    let (rail, graph) = tokio::join!(
        Rail::of(&visit.visitor),
        graph::around(visit.vault(), visit.subject(), id, wanted.depth, &wanted.filter),
    );
    let (rail, graph) = (rail?, graph?);
    let opened = |bond: &Bond| typed.turning(id, &wanted.open, bond);
    let (picture, tables) = drawn(&visit, &graph, &wanted.open, &opened);
    let root = graph.nodes.first().ok_or(ApiError::NotFound)?;
    let (label, home) = (visit.visitor.joined(graph.labels()), SpaceId(root.card.home));
    let spaces = rail.names().map(|(space, name)| (space.to_string(), name.to_owned()));
    let chosen = Some(typed.kind.trim()).filter(|kind| !kind.is_empty());
    if !wrong && graph.links.is_empty() && chosen.is_some_and(|kind| !TYPES.contains(&kind)) {
        faults.push(Fault::told("type", w.say(k::WEB_GRAPH_STRANGE)));
    }
    let page = GraphPage {
        id,
        title: root.card.content.title.clone(),
        stamp: Stamp::of(&visit.visitor, &root.card.label),
        kinds: kinds(&visit, &graph, chosen),
        spaces: choices(spaces, &typed.space),
        faults,
        wrong,
        more: graph.more,
        alone: graph.nodes.len() == 1,
        picture,
        tables,
        filters: typed,
        frame: Frame::over(&visit.visitor, rail, Room::Space(home), Window::Graph, label),
    };
    if wrong { Shown::refused(&page, ApiError::BadQuery) } else { Shown::page(&page) }
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
    let (visitor, name) = (&visit.visitor, visit.tongue().say(k::WEB_GRAPH_PICTURE));
    let picture = Sketch { visitor, graph, pieces: &cluster::clustered(graph, open), opened, name }.draw();
    (picture, Source { visitor, graph, pieces: &cluster::gathered(graph, open), opened }.tables())
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
    let opened = |bond: &Bond| Filters::to_depth(bond.steps()).turning(bond.on, &BTreeSet::new(), bond);
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
