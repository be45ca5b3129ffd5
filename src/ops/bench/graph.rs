//! The graph around a note with as many neighbours as the busiest threat actors of public collections have, and one to depth 3
//! that is as dense as a graph may be.

use super::{
    BenchError, fill,
    load::{self, Clients},
    measure::{Pace, cost, say},
    row::{Row, Sense, Table},
    side::Side,
    site::{CLEARANCE, Site},
};
use crate::{ids::NoteId, ops::report::Report};

/// Notes around the one in the middle.
const NEIGHBOURS: usize = 300;
/// Notes of the dense one: with two links each, just within the bounds.
const DENSE: usize = 480;
/// Notes behind each of them, until there are no more.
const BEHIND: usize = 8;
const MICROSECONDS_PER_MS: f64 = 1000.0;

/// One request at a time: how long the server takes, its transport included.
pub(super) async fn measure(site: &Site, pace: Pace, table: &mut Table, report: &dyn Report) -> Result<(), BenchError> {
    let side = Side::serve(site).await?;
    let cookie = side.cookie(site)?;
    // The first of the low notes is that of the pages' rows: a star would weigh on them.
    let mut notes = fill::low_notes().skip(1);
    let hub = notes.next().ok_or(BenchError::Broken)?;
    side.link(hub, notes.by_ref().take(NEIGHBOURS).map(|to| (hub, to))).await?;
    let dense: Vec<NoteId> = notes.take(DENSE).collect();
    let root = *dense.first().ok_or(BenchError::Broken)?;
    side.link(root, woven(&dense)).await?;
    say(report, "graph, graph-page, graph-3, graph-3-page");
    let json = |query: String| load::get(&format!("/api/v1/graph?{query}"), CLEARANCE);
    let page = |path: String| load::visit(&format!("/notes/{path}"), &cookie);
    let mut crowds = [
        side.asking(1, json(format!("root={hub}"))).await?,
        side.asking(1, page(format!("{hub}/graph"))).await?,
        side.asking(1, json(format!("root={root}&depth=3"))).await?,
        side.asking(1, page(format!("{root}/graph?depth=3"))).await?,
    ];
    let mut crowds: Vec<&mut Clients> = crowds.iter_mut().collect();
    let rates = pace.rates(&mut crowds).await?;
    for (name, rate) in ["graph", "graph-page", "graph-3", "graph-3-page"].into_iter().zip(rates) {
        table.add(name, Row::absolute(cost(rate) / MICROSECONDS_PER_MS, "ms", Sense::AtMost, 100.0, 25.0));
    }
    drop(crowds);
    side.stop().await;
    Ok(())
}

/// Links of a tree, and from each note one across.
fn woven(notes: &[NoteId]) -> impl Iterator<Item = (NoteId, NoteId)> + '_ {
    let note = |place: usize| notes.get(place).copied();
    let tree = move |place: usize| Some((note(place.checked_sub(1)?.checked_div(BEHIND)?)?, note(place)?));
    let across = move |place: usize| Some((note(place)?, note(place.saturating_mul(7).checked_rem(notes.len())?)?));
    let links = (0..notes.len()).flat_map(move |place| [tree(place), across(place)]).flatten();
    links.filter(|(from, to)| from != to)
}
