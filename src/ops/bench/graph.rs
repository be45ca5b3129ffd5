//! The graph around a note with as many neighbours as the busiest threat actors of public collections have.

use super::{
    BenchError, fill,
    load::{self, Clients},
    measure::{Pace, cost, say},
    row::{Row, Sense, Table},
    side::Side,
    site::{CLEARANCE, Site},
};
use crate::ops::report::Report;

/// Notes around the one in the middle.
const NEIGHBOURS: usize = 300;
const MICROSECONDS_PER_MS: f64 = 1000.0;

/// One request at a time: how long the server takes, its transport included.
pub(super) async fn measure(site: &Site, pace: Pace, table: &mut Table, report: &dyn Report) -> Result<(), BenchError> {
    let side = Side::serve(site).await?;
    let cookie = side.cookie(site)?;
    // The first of the low notes is that of the pages' rows: a star would weigh on them.
    let mut notes = fill::low_notes().skip(1);
    let hub = notes.next().ok_or(BenchError::Broken)?;
    side.star(hub, notes.take(NEIGHBOURS)).await?;
    say(report, "graph, graph-page");
    let json = load::get(&format!("/api/v1/graph?root={hub}"), CLEARANCE);
    let page = load::visit(&format!("/notes/{hub}/graph"), &cookie);
    let mut crowds = [side.asking(1, json).await?, side.asking(1, page).await?];
    let mut crowds: Vec<&mut Clients> = crowds.iter_mut().collect();
    let rates = pace.rates(&mut crowds).await?;
    for (name, rate) in ["graph", "graph-page"].into_iter().zip(rates) {
        table.add(name, Row::absolute(cost(rate) / MICROSECONDS_PER_MS, "ms", Sense::AtMost, 100.0, 25.0));
    }
    drop(crowds);
    side.stop().await;
    Ok(())
}
