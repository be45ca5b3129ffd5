//! Search: what an index costs to make and to keep, how long a search takes beside R3, and how soon a note is found.

use std::{
    fs,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use serde_json::{Value, json};

use super::{
    BenchError, LARGE_QUICK, Options, SMALL, fill,
    load::{self, Clients, Line, Requests},
    measure::{CLIENTS, MICROSECONDS, Pace, cost, middle, say},
    plain::{Made, Plain},
    reference::Reference,
    row::{Row, Sense, Table},
    side::Side,
    site::{CLEARANCE, Site},
    text::Numbers,
    texts::Texts,
};
use crate::{
    crypto::Entropy,
    finding::{Finder, FindingError, Place},
    ops::report::Report,
};

/// Different questions, the same for ours and the reference.
const QUESTIONS: u64 = 1_000;
/// Questions asked one after the other before the other side has its turn.
const TURN: usize = 100;
/// How often a note is created and waited for.
const FRESH: u64 = 10;
const LOOK: Duration = Duration::from_millis(5);
const WAIT_MAX: Duration = Duration::from_secs(120);

/// The rows of search, at the sizes that are asked for.
pub(super) async fn measure(
    options: &Options,
    sizes: &[u64],
    pace: Pace,
    table: &mut Table,
    report: &dyn Report,
) -> Result<(), BenchError> {
    let texts = Arc::new(Texts::read(&options.texts)?);
    let mut grown = None;
    for notes in std::iter::once(&SMALL).chain(sizes) {
        let site = Site::written(&options.dir, *notes, Arc::clone(&texts), report).await?;
        say(report, "index");
        let (ours, compacted) = index(&site).await?;
        let (plain, made) = {
            let (texts, notes) = (Arc::clone(&texts), *notes);
            tokio::task::spawn_blocking(move || Plain::make((0..notes).map(|number| texts.note(number)))).await??
        };
        let sized = |name: &str| if *notes == LARGE_QUICK { name.to_owned() } else { format!("{name}-{notes}") };
        if *notes != SMALL {
            let rate = |seconds: f64| count(*notes) / seconds;
            let row = Row::ratio(rate(ours.seconds), rate(made.seconds), "/s", Sense::AtLeast, 0.4, 0.7);
            table.add(sized("index"), row);
            let row = Row::absolute(compacted, "s", Sense::AtMost, 0.0, 0.0);
            table.add(sized("index-compact"), row.informative());
            let mebibytes = |bytes: u64| count(bytes) / (1024.0 * 1024.0);
            let row = Row::ratio(mebibytes(ours.bytes), mebibytes(made.bytes), "MiB", Sense::AtMost, 0.0, 0.0);
            // The design has no bar for it: every text stands there twice, as written and stemmed.
            table.add(sized("index-size"), row.informative());
        }
        let mean = asked(&site, &texts, plain, sized, pace, table, report).await?;
        match grown {
            None => grown = Some(mean),
            Some(small) => {
                let row = Row::ratio(mean, small, "µs", Sense::AtMost, 1.5, 1.1);
                table.add(sized("growth-search"), row);
            }
        }
    }
    Ok(())
}

/// Lengths and counts of a measurement fit.
fn count(number: u64) -> f64 {
    f64::from(u32::try_from(number).unwrap_or(u32::MAX))
}

/// The index made anew from the store, in this process; then as it is after a quiet while, and what that took.
async fn index(site: &Site) -> Result<(Made, f64), BenchError> {
    let running = site.open().await?;
    let folder = running.ground.places().index();
    if folder.exists() {
        fs::remove_dir_all(&folder).map_err(BenchError::file(&folder))?;
    }
    let finder = Finder::new(Place::Folder(folder.clone()));
    let mut seconds = [0.0, 0.0];
    for (turn, seconds) in seconds.iter_mut().enumerate() {
        finder.begin(&running.vault).await.map_err(FindingError::from)?;
        let (finder, vault) = (Arc::clone(&finder), Arc::clone(&running.vault));
        let made = tokio::task::spawn_blocking(move || {
            let begun = Instant::now();
            while finder.step(&vault)? {}
            while turn > 0 && finder.compact() {
                std::thread::sleep(LOOK);
            }
            finder.rest(&vault)?;
            Ok::<f64, FindingError>(begun.elapsed().as_secs_f64())
        });
        *seconds = made.await??;
    }
    running.stop().await;
    let [seconds, compacted] = seconds;
    Ok((Made { seconds, bytes: size(&folder)? }, compacted))
}

fn size(folder: &Path) -> Result<u64, BenchError> {
    let mut bytes = 0_u64;
    for entry in fs::read_dir(folder).map_err(BenchError::file(folder))? {
        let entry = entry.map_err(BenchError::file(folder))?;
        let about = entry.metadata().map_err(BenchError::file(folder))?;
        bytes = bytes.saturating_add(if about.is_dir() { size(&entry.path())? } else { about.len() });
    }
    Ok(bytes)
}

/// Searches and completions; answers what a search costs in the mean, in microseconds.
async fn asked(
    site: &Site,
    texts: &Texts,
    plain: Plain,
    sized: impl Fn(&str) -> String,
    pace: Pace,
    table: &mut Table,
    report: &dyn Report,
) -> Result<f64, BenchError> {
    let side = Side::serve(site).await?;
    let mut numbers = Numbers::from_seed(site.notes);
    let questions: Vec<String> = (0..QUESTIONS).map(|_| texts.question(site.notes, &mut numbers)).collect();
    let served = Reference::searching(side.gate()?, Arc::new(plain)).await?;
    let mut ours = side.line().await?;
    let mut reference = Line::connect(served.address, side.credentials(), 0).await?;
    ready(&mut ours).await?;
    let searches: Vec<Vec<u8>> = questions.iter().map(|question| search(question)).collect();
    let is_small = site.notes == SMALL;
    if !is_small {
        say(report, "search");
    }
    let [mut of_ours, mut of_reference] = [Vec::new(), Vec::new()];
    // The first turn warms both.
    for (turn, searches) in
        std::iter::once(searches.get(..TURN).unwrap_or(&searches)).chain(searches.chunks(TURN)).enumerate()
    {
        let (one, other) = (times(&mut ours, searches).await?, times(&mut reference, searches).await?);
        if turn > 0 {
            of_ours.extend(one);
            of_reference.extend(other);
        }
    }
    let mean = middle(of_ours.clone());
    if !is_small {
        let row = Row::ratio(slowest(&mut of_ours), slowest(&mut of_reference), "µs", Sense::AtMost, 2.0, 1.3);
        table.add(sized("search"), row);
        let row = Row::ratio(mean, middle(of_reference), "µs", Sense::AtMost, 2.0, 1.3).informative();
        table.add(sized("search-median"), row);
        let requests: Requests = {
            let searches = Arc::new(searches);
            Arc::new(move |numbers| {
                let at = usize::try_from(numbers.below(QUESTIONS)).unwrap_or(0);
                searches.get(at).cloned().unwrap_or_default()
            })
        };
        let mut many = side.clients(CLIENTS, "search", 200, Arc::clone(&requests)).await?;
        let mut plain = Clients::connect(served.address, side.credentials(), CLIENTS, "R3", 200, requests).await?;
        let [ours, reference] = pace.turns([&mut many, &mut plain]).await?.map(cost);
        // How many at once is not in the design: it tells what the one search above costs the processors.
        table.add(sized("search-32"), Row::ratio(ours, reference, "µs", Sense::AtMost, 2.0, 1.3).informative());
        say(report, "suggest");
        let begun: Vec<Vec<u8>> = questions.iter().map(|question| suggest(question)).collect();
        let mut times = times(&mut side.line().await?, &begun).await?;
        table.add(sized("suggest"), Row::absolute(slowest(&mut times) / 1_000.0, "ms", Sense::AtMost, 50.0, 10.0));
        say(report, "found-after");
        let row = Row::absolute(fresh(&mut side.line().await?).await?, "s", Sense::AtMost, 1.0, 0.5);
        table.add(sized("found-after"), row);
    }
    drop((ours, reference, served));
    side.stop().await;
    Ok(mean)
}

fn search(question: &str) -> Vec<u8> {
    load::get(&format!("/api/v1/search?q={}", question.replace(' ', "%20")), CLEARANCE)
}

/// What stands in the field when the second word is half typed.
fn suggest(question: &str) -> Vec<u8> {
    let (first, second) = question.split_once(' ').unwrap_or((question, "capteur"));
    let half: String = second.chars().take(3).collect();
    load::get(&format!("/api/v1/suggest?q={first}%20{half}"), CLEARANCE)
}

/// Asks until the index that was just made is read by the server.
async fn ready(line: &mut Line) -> Result<(), BenchError> {
    let begun = Instant::now();
    loop {
        match line.ask(&search("capteur")).await?.0 {
            200 => return Ok(()),
            503 if begun.elapsed() < WAIT_MAX => tokio::time::sleep(LOOK).await,
            status => return Err(BenchError::Status { status, request: "search" }),
        }
    }
}

/// Microseconds of each request, one after the other.
async fn times(line: &mut Line, requests: &[Vec<u8>]) -> Result<Vec<f64>, BenchError> {
    let mut times = Vec::with_capacity(requests.len());
    for request in requests {
        let begun = Instant::now();
        let (status, _body) = line.ask(request).await?;
        times.push(begun.elapsed().as_secs_f64() * MICROSECONDS);
        if status != 200 {
            return Err(BenchError::Status { status, request: "search" });
        }
    }
    Ok(times)
}

/// The 99th of a hundred.
fn slowest(times: &mut [f64]) -> f64 {
    times.sort_by(f64::total_cmp);
    let place = times.len().saturating_mul(99).checked_div(100).unwrap_or(0);
    times.get(place).copied().unwrap_or(f64::NAN)
}

/// Seconds from the answer to a creation until a search finds it: the middle of some.
async fn fresh(line: &mut Line) -> Result<f64, BenchError> {
    let mut seconds = Vec::new();
    for _ in 0..FRESH {
        seconds.push(until_found(line).await?);
    }
    Ok(middle(seconds))
}

/// Creates a note and waits until a search finds it: then all that was committed before can be found too. Seconds.
pub(super) async fn until_found(line: &mut Line) -> Result<f64, BenchError> {
    let word = Entropy::default().id()?.to_string();
    let note = json!({ "space": fill::space_of(0), "kind": "watch", "title": word, "body": word });
    let (status, _body) = line.ask(&load::post("/api/v1/notes", CLEARANCE, note.to_string().as_bytes())).await?;
    if status != 201 {
        return Err(BenchError::Status { status, request: "create" });
    }
    let begun = Instant::now();
    while found(line, &word).await? == 0 {
        if begun.elapsed() > WAIT_MAX {
            return Err(BenchError::NoAnswer);
        }
        // Behind an import it takes a while: to look all the time would delay it.
        tokio::time::sleep(LOOK.max(begun.elapsed().checked_div(20).unwrap_or(LOOK))).await;
    }
    Ok(begun.elapsed().as_secs_f64())
}

async fn found(line: &mut Line, word: &str) -> Result<u64, BenchError> {
    let (_status, body) = line.ask(&search(word)).await?;
    let answer: Value = serde_json::from_slice(body).map_err(|_not_json| BenchError::Broken)?;
    Ok(answer.get("count").and_then(Value::as_u64).unwrap_or(0))
}
