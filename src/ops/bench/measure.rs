//! The rows: what is asked of whom, and how often.
//!
//! Ours and the reference take turns, in short rounds on the same machine, and the middle one of each counts: what
//! else the machine does falls on both.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use super::{
    BenchError, LARGE, Options, apart, finding,
    load::{self, Clients},
    plain::Plain,
    reference::{Raw, Reference, Shape},
    row::{Row, Sense, Table},
    side::{Side, creations},
    site::Site,
    text,
};
use crate::{
    ops::report::Report,
    words::{Sentence, key},
};

pub(super) const CLIENTS: u64 = 32;
const MANY_CLIENTS: u64 = 256;
/// Notes that an import keeps under way, as the server does.
const IMPORT_CLIENTS: usize = crate::limits::IMPORT_ITEMS_AT_ONCE;
pub(super) const MICROSECONDS: f64 = 1_000_000.0;

/// How long and how often.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    rounds: u32,
    round: Duration,
    warm: Duration,
    imported: u32,
}

impl Pace {
    pub(super) const fn of(options: &Options) -> Self {
        let (rounds, imported) = if options.quick { (3, 2_000) } else { (5, 10_000) };
        Self { rounds, imported, round: Duration::from_millis(1_500), warm: Duration::from_millis(1_000) }
    }

    /// Middle rates of several crowds that take turns.
    pub(super) async fn turns<const N: usize>(self, mut crowds: [&mut Clients; N]) -> Result<[f64; N], BenchError> {
        let rates = self.rates(&mut crowds).await?;
        rates.try_into().map_err(|_never| BenchError::Broken)
    }

    /// As [`Pace::turns`], of any number of crowds.
    pub(super) async fn rates(self, crowds: &mut [&mut Clients]) -> Result<Vec<f64>, BenchError> {
        for clients in crowds.iter_mut() {
            clients.round(self.warm).await?;
        }
        let mut rates: Vec<Vec<f64>> = crowds.iter().map(|_| Vec::new()).collect();
        for _ in 0..self.rounds {
            for (clients, rates) in crowds.iter_mut().zip(&mut rates) {
                rates.push(clients.round(self.round).await?);
            }
        }
        Ok(rates.into_iter().map(middle).collect())
    }
}

pub(super) fn middle(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let place = values.len().checked_div(2).unwrap_or(0);
    values.get(place).copied().unwrap_or(f64::NAN)
}

pub(super) fn cost(rate: f64) -> f64 {
    MICROSECONDS / rate
}

/// The name of a row that depends on how much there is: the bare name is that of the million.
fn sized(name: &str, notes: u64) -> String {
    if notes == LARGE { name.to_owned() } else { format!("{name}-{notes}") }
}

pub(super) fn say(report: &dyn Report, what: &'static str) {
    report.say(&Sentence::new(key::BENCH_MEASURING).with("row", what));
}

/// Reading, listing: the small deployment against R1.
pub(super) async fn reading(site: &Site, pace: Pace, table: &mut Table, report: &dyn Report) -> Result<(), BenchError> {
    let side = Side::serve(site).await?;
    let fixed = Reference::fixed(side.gate()?, side.sample().await?).await?;
    for (count, name) in [(CLIENTS, "read-32"), (MANY_CLIENTS, "read-256")] {
        say(report, name);
        let mut ours = side.readers(count).await?;
        let mut reference = r1(&fixed, &side, count).await?;
        let [ours, reference] = pace.turns([&mut ours, &mut reference]).await?;
        table.add(name, Row::ratio(ours, reference, "/s", Sense::AtLeast, 0.2, 0.4));
    }
    say(report, "list-50, feed");
    let (mut reads, mut lists) = (side.readers(CLIENTS).await?, side.listers(CLIENTS).await?);
    let mut feeds = side.feeders(CLIENTS).await?;
    let [read, list, feed] = pace.turns([&mut reads, &mut lists, &mut feeds]).await?.map(cost);
    table.add("list-50", Row::ratio(list, read, "µs", Sense::AtMost, 12.0, 5.0));
    table.add("feed", Row::ratio(feed, read, "µs", Sense::AtMost, 12.0, 5.0));
    drop((reads, lists, feeds));
    side.stop().await;
    Ok(())
}

async fn r1(fixed: &Reference, side: &Side, count: u64) -> Result<Clients, BenchError> {
    let requests = std::sync::Arc::new(|_numbers: &mut text::Numbers| load::get("/", "-"));
    Clients::connect(fixed.address, side.credentials(), count, "R1", 200, requests).await
}

/// Creating and importing: a fresh deployment against R2.
pub(super) async fn writing(
    site: &Site,
    folder: &Path,
    pace: Pace,
    table: &mut Table,
    report: &dyn Report,
) -> Result<(), BenchError> {
    let side = Side::serve(site).await?;
    let raw = Raw::start(&folder.join("raw"))?;
    let shape = side.shape()?;
    say(report, "create-32");
    let served = Reference::writing(side.gate()?, side.sample().await?, &raw, shape.clone()).await?;
    let mut writers = side.writers(CLIENTS).await?;
    let mut through = Clients::connect(served.address, side.credentials(), CLIENTS, "R2", 200, creations()).await?;
    let clients = usize::try_from(CLIENTS).unwrap_or(usize::MAX);
    writers.round(pace.warm).await?;
    let mut rates = [(); 4].map(|()| Vec::new());
    for _ in 0..pace.rounds {
        let round = [
            writers.round(pace.round).await?,
            raw.round(clients, &shape, pace.round).await?,
            through.round(pace.round).await?,
            side.creating(clients, pace.round).await?,
        ];
        rates.iter_mut().zip(round).for_each(|(rates, rate)| rates.push(rate));
    }
    let [ours, reference, behind_door, within] = rates.map(middle);
    let row = |ours, reference| Row::ratio(ours, reference, "/s", Sense::AtLeast, 0.3, 0.6);
    table.add("create-32", row(ours, reference));
    // Where the difference comes from: both with HTTP and TLS, both without.
    table.add("create-32-both-served", row(ours, behind_door).informative());
    table.add("create-32-neither-served", row(within, reference).informative());

    say(report, "import");
    // The first one warms both sides.
    side.import(pace.imported).await?;
    let mut shape = shape;
    shape.push(side.named_shape()?);
    let mut line = side.line().await?;
    let [mut ours, mut committed, mut reference, mut put] = [(); 4].map(|()| Vec::new());
    for _ in 0..pace.rounds {
        // What came before is indexed: the next import does not wait for it.
        finding::until_found(&mut line).await?;
        let seconds = side.import(pace.imported).await?;
        committed.push(f64::from(pace.imported) / seconds);
        ours.push(f64::from(pace.imported) / (seconds + finding::until_found(&mut line).await?));
        put.push(raw.round(IMPORT_CLIENTS, &shape, pace.round).await?);
        reference.push(put_and_indexed(&raw, &shape, pace.imported).await?);
    }
    table.add("import", Row::ratio(middle(ours), middle(reference), "/s", Sense::AtLeast, 0.4, 0.7));
    // What an import waits for: the index follows it.
    let row = Row::ratio(middle(committed), middle(put), "/s", Sense::AtLeast, 0.4, 0.7);
    table.add("import-committed", row.informative());
    drop((writers, through, served));
    side.stop().await;
    Ok(())
}

/// R2 and R3 doing an import's work side by side: notes a second until both have done it.
async fn put_and_indexed(raw: &Raw, shape: &Shape, count: u32) -> Result<f64, BenchError> {
    let begun = Instant::now();
    let indexed = tokio::task::spawn_blocking(move || Plain::make((0..u64::from(count)).map(text::note)).map(drop));
    raw.creations(IMPORT_CLIENTS, shape, count).await?;
    indexed.await??;
    Ok(f64::from(count) / begun.elapsed().as_secs_f64())
}

/// What growth costs: the large deployment against the small one.
pub(super) async fn growth(
    small: &Site,
    large: &Site,
    pace: Pace,
    table: &mut Table,
    report: &dyn Report,
) -> Result<(), BenchError> {
    say(report, "growth");
    let (few, many) = (Side::serve(small).await?, Side::serve(large).await?);
    let (mut a, mut b) = (few.readers(CLIENTS).await?, many.readers(CLIENTS).await?);
    let read = pace.turns([&mut a, &mut b]).await?;
    (a, b) = (few.listers(CLIENTS).await?, many.listers(CLIENTS).await?);
    let list = pace.turns([&mut a, &mut b]).await?;
    (a, b) = (few.feeders(CLIENTS).await?, many.feeders(CLIENTS).await?);
    let feed = pace.turns([&mut a, &mut b]).await?;
    for (name, rates) in [("growth-read", read), ("growth-list", list), ("growth-feed", feed)] {
        let [small, large] = rates.map(cost);
        table.add(sized(name, many.notes()), Row::ratio(large, small, "µs", Sense::AtMost, 1.5, 1.1));
    }
    drop((a, b));
    few.stop().await;
    many.stop().await;
    Ok(())
}

/// Starting: a process of its own.
pub(super) async fn starting(
    site: &Site,
    options: &Options,
    table: &mut Table,
    report: &dyn Report,
) -> Result<(), BenchError> {
    say(report, "start");
    let mut seconds = Vec::new();
    let mut mebibytes = Vec::new();
    for _ in 0..3 {
        let seen = apart::start(&options.program, site).await?;
        seconds.push(seen.seconds);
        mebibytes.push(seen.mebibytes);
    }
    table.add(sized("start", site.notes), Row::absolute(middle(seconds), "s", Sense::AtMost, 2.0, 0.5));
    table.add(sized("memory", site.notes), Row::absolute(middle(mebibytes), "MiB", Sense::AtMost, 400.0, 200.0));
    Ok(())
}
