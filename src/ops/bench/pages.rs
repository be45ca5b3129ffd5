//! The pages: what they cost beside the JSON answers that say the same, what they weigh, how often a browser asks.

use std::collections::BTreeSet;

use super::{
    BenchError, fill,
    load::{self, Clients, Line},
    measure::{CLIENTS, Pace, cost, say},
    row::{Row, Sense, Table},
    side::Side,
    site::{CLEARANCE, Site},
};
use crate::{limits, ops::report::Report};

const BYTES_PER_KIB: f64 = 1024.0;

/// A page, and the JSON answers that say what stands on it.
struct Page {
    name: &'static str,
    path: String,
    answers: Vec<String>,
}

impl Page {
    fn all() -> [Self; 3] {
        let (note, space) = (fill::note_id(0), fill::space_of(0));
        let (rows, aside, talks) = (limits::PAGE_ROWS_DEFAULT, limits::HOME_ASIDE_ROWS, limits::TALKS_ON_NOTE_MAX);
        // The list of spaces stands beside every page.
        let spaces = || "/spaces".to_owned();
        [
            Self {
                name: "page-home",
                path: "/".to_owned(),
                answers: vec![
                    format!("/feed?limit={}", limits::HOME_FEED_ROWS),
                    format!("/mentions?limit={aside}"),
                    format!("/reviews?limit={aside}"),
                    format!("/drafts?limit={aside}"),
                    spaces(),
                ],
            },
            Self {
                name: "page-note",
                path: format!("/notes/{note}"),
                answers: vec![
                    format!("/notes/{note}"),
                    format!("/notes/{note}/links?way=out"),
                    format!("/notes/{note}/links?way=in"),
                    format!("/notes/{note}/attachments"),
                    format!("/conversations?note={note}&limit={talks}"),
                    spaces(),
                ],
            },
            Self {
                name: "page-space",
                path: format!("/spaces/{space}"),
                answers: vec![format!("/spaces/{space}"), format!("/notes?space={space}&limit={rows}"), spaces()],
            },
        ]
    }
}

/// The pages of the small deployment.
pub(super) async fn measure(site: &Site, pace: Pace, table: &mut Table, report: &dyn Report) -> Result<(), BenchError> {
    let side = Side::serve(site).await?;
    let cookie = side.cookie(site)?;
    for Page { name, path, answers } in Page::all() {
        say(report, name);
        let mut crowds = vec![side.asking(CLIENTS, load::visit(&path, &cookie)).await?];
        for answer in answers {
            crowds.push(side.asking(CLIENTS, load::get(&format!("/api/v1{answer}"), CLEARANCE)).await?);
        }
        let mut crowds: Vec<&mut Clients> = crowds.iter_mut().collect();
        let mut costs = pace.rates(&mut crowds).await?.into_iter().map(cost);
        let page = costs.next().ok_or(BenchError::Broken)?;
        table.add(name, Row::ratio(page, costs.sum(), "µs", Sense::AtMost, 2.5, 1.5));
    }
    say(report, "page-weight, page-requests");
    let mut line = side.line().await?;
    let (mut heaviest, mut most) = (0.0_f64, 0.0_f64);
    let form = format!("/notes/new?space={}", fill::space_of(0));
    for path in Page::all().map(|page| page.path).iter().chain([&form]) {
        let (weight, requests) = weighed(&mut line, path, &cookie).await?;
        (heaviest, most) = (heaviest.max(weight), most.max(requests));
    }
    table.add("page-weight", Row::absolute(heaviest, "KiB", Sense::AtMost, 60.0, 30.0));
    table.add("page-requests", Row::absolute(most, "", Sense::AtMost, 6.0, 6.0));
    drop(line);
    side.stop().await;
    Ok(())
}

/// KiB on the wire and requests of a page that a browser opens for the first time, its style and scripts included.
async fn weighed(line: &mut Line, path: &str, cookie: &str) -> Result<(f64, f64), BenchError> {
    let page = fetched(line, path, cookie).await?;
    let text = String::from_utf8_lossy(&page).into_owned();
    // Of the house all; style and scripts name no other file.
    let assets: BTreeSet<&str> = text.split('"').filter(|value| value.starts_with("/assets/")).collect();
    let (mut bytes, mut requests) = (page.len(), 1_u32);
    for asset in assets {
        bytes = bytes.saturating_add(fetched(line, asset, cookie).await?.len());
        requests = requests.saturating_add(1);
    }
    let bytes = u32::try_from(bytes).map_err(|_larger| BenchError::Broken)?;
    Ok((f64::from(bytes) / BYTES_PER_KIB, f64::from(requests)))
}

async fn fetched(line: &mut Line, path: &str, cookie: &str) -> Result<Vec<u8>, BenchError> {
    match line.ask(&load::visit(path, cookie)).await? {
        (200, body) => Ok(body.to_vec()),
        (status, _) => Err(BenchError::Status { status, request: "page" }),
    }
}
