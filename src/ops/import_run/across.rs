//! Links between two spaces: the stream of items knows names of one space only, so each is made by itself when the notes
//! are there. To import again makes only what is new: what leads there already stays.

use std::collections::BTreeSet;

use http::Method;
use serde::{Deserialize, Serialize};

use super::{ImportError, Ledger, caller::Caller, name};
use crate::{
    linking::link::TYPES,
    ops::{
        client::{ClientError, empty, json},
        import::{Answer, Link, Place, Reason, Refused, Status},
    },
};

/// A link without its start: where it leads, of which type, and why.
type Rest = (String, String, String);

/// Makes links one by one.
#[derive(Default)]
pub(super) struct Weaver {
    /// The note that the last link starts from, and what starts from it already.
    note: Option<(String, BTreeSet<Rest>)>,
}

/// What is asked of a link in answers; it says more.
#[derive(Deserialize)]
struct View {
    #[serde(rename = "type")]
    kind: String,
    comment: String,
    other: Other,
}

#[derive(Deserialize)]
struct Other {
    id: String,
}

#[derive(Deserialize)]
struct Page {
    items: Vec<View>,
    next: Option<String>,
}

#[derive(Serialize)]
struct New<'a> {
    from: &'a str,
    to: &'a str,
    #[serde(rename = "type")]
    kind: &'a str,
    comment: &'a str,
}

impl Weaver {
    /// Makes a link, unless it is there. What the server says against this one is told, and the next has its turn.
    pub(super) async fn tie(
        &mut self,
        caller: &mut Caller<'_>,
        link: Link,
        ledger: &mut Ledger<'_>,
    ) -> Result<(), ImportError> {
        let ends = [&link.from, &link.to].map(|end| ledger.ids.get(&name(end)).cloned());
        let [Some(from), Some(to)] = ends else {
            let place = Place { file: link.from, byte: None, id: Some(link.to) };
            ledger.unsent(Refused { place, reason: Reason::NoEnd });
            return Ok(());
        };
        let answer = |status, code, detail| Answer {
            line: ledger.counts.answered().saturating_add(1),
            external_id: Some(link.external_id.clone()),
            status,
            id: None,
            code,
            detail,
        };
        let answer = match self.made(caller, &from, rest(&link, to)).await {
            Ok(Made::Now) => answer(Status::Created, None, None),
            Ok(Made::Before) => answer(Status::Unchanged, None, None),
            Err(ClientError::Problem { status, code, detail }) if status < 500 && status != 401 => {
                answer(Status::Refused, Some(code), Some(detail))
            }
            Err(error) => return Err(error.into()),
        };
        ledger.counts.sent = ledger.counts.sent.saturating_add(1);
        ledger.answered(answer);
        Ok(())
    }

    async fn made(&mut self, caller: &mut Caller<'_>, from: &str, rest: Rest) -> Result<Made, ClientError> {
        let mut known = match self.note.take() {
            Some((note, known)) if note == from => known,
            _ => leading(caller, from).await?,
        };
        let made = if known.contains(&rest) { Made::Before } else { Made::Now };
        if made == Made::Now {
            let (to, kind, comment) = &rest;
            let new = json(&New { from, to, kind, comment })?;
            let _made: serde_json::Value = caller.json(Method::POST, "/api/v1/links", new).await?;
            known.insert(rest);
        }
        self.note = Some((from.to_owned(), known));
        Ok(made)
    }
}

/// Types of its own a source has only in the stream; outside it they stand in the comment.
fn rest(link: &Link, to: String) -> Rest {
    if TYPES.contains(&link.kind.as_str()) {
        return (to, link.kind.clone(), link.comment.clone());
    }
    (to, "related".to_owned(), format!("{}\n\n{}", link.kind, link.comment).trim_end().to_owned())
}

/// What starts from a note.
async fn leading(caller: &mut Caller<'_>, from: &str) -> Result<BTreeSet<Rest>, ClientError> {
    let mut known = BTreeSet::new();
    let mut after = String::new();
    loop {
        let path = format!("/api/v1/notes/{from}/links?way=out{after}");
        let page: Page = caller.json(Method::GET, &path, empty()).await?;
        known.extend(page.items.into_iter().map(|view| (view.other.id, view.kind, view.comment)));
        match page.next {
            Some(next) => after = format!("&after={next}"),
            None => return Ok(known),
        }
    }
}

#[derive(PartialEq, Eq)]
enum Made {
    Now,
    Before,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_of_the_source_stands_in_the_comment() {
        let link = |kind: &str, comment: &str| {
            let [external_id, from, to] = ["l", "a", "b"].map(str::to_owned);
            let (kind, comment) = (kind.to_owned(), comment.to_owned());
            rest(&Link { external_id, from, to, kind, comment, label: None }, "b".to_owned())
        };
        let said = |kind: &str, comment: &str| ("b".to_owned(), kind.to_owned(), comment.to_owned());
        assert_eq!(link("related", "why"), said("related", "why"));
        assert_eq!(link("reply-to", ""), said("related", "reply-to"));
        assert_eq!(link("reply-to", "why"), said("related", "reply-to\n\nwhy"));
    }
}
