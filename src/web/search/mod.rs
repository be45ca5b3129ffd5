//! Search: a question, and what answers it at the working label.
//!
//! What is sought is content. The form sends it in a body, and the answer leads to an address that holds it sealed
//! ([`sought`]): one can go back to it, turn its pages and put them in another order, and the browser keeps no word of it. An
//! address that somebody wrote himself (`?q=…`) is answered as well; no page of ours leads to one.

mod fault;
mod help;
mod refine;
mod sought;

use askama::Template;
use serde::Deserialize;

use self::{
    fault::Fault,
    help::Line,
    refine::{Group, Refiner, Understood, kinds},
};
use super::{
    frame::{Frame, Rail, Room},
    marking::Stamp,
    page::{Shown, framed},
    result::ResultRow,
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    audit::entry::{Act, Rule},
    finding::{
        FindingError,
        error::QueryError,
        matter::Found,
        query::Fault as Wrong,
        search::{self as finding, Order, Outcome, Request},
    },
    ids::AccountId,
    limits,
    words::key as k,
};

#[derive(Template)]
#[template(path = "search.html")]
struct SearchPage {
    frame: Frame,
    /// The question as it was typed.
    question: String,
    /// The working label, in words and as a stamp.
    marking: String,
    stamp: Stamp,
    help: Vec<Line>,
    notice: Option<String>,
    /// Where to ask again while an index is made anew.
    again: Option<String>,
    fault: Option<Fault>,
    found: Option<Results>,
}

framed!(SearchPage);

/// What answers a question.
struct Results {
    /// How many there are of the kind that is shown.
    count: u64,
    rows: Vec<ResultRow>,
    orders: Vec<Choice>,
    /// Whether nothing answers it, of whatever kind.
    is_bare: bool,
    groups: Vec<Group>,
    understood: Vec<Understood>,
    people: Vec<(AccountId, String, String)>,
    /// Which names in the question lead to nothing, in sentences.
    missing: Vec<String>,
    spelling: Option<String>,
    next: Option<String>,
    /// The first page, from a later one.
    first: Option<String>,
}

/// A way to look at the same results.
struct Choice {
    name: String,
    path: String,
    here: bool,
}

/// Query of `GET /search`.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
struct Asked {
    /// A question in clear.
    q: Option<String>,
    /// A question, sealed.
    s: Option<String>,
    sort: Option<String>,
    kind: Option<String>,
    after: Option<String>,
}

/// A question, and how its results are looked at.
struct Question {
    text: String,
    /// The pair of the address that holds it.
    name: &'static str,
    value: String,
    order: Order,
    kind: Option<Found>,
}

impl Question {
    fn path(&self, order: Order, kind: Option<Found>, after: Option<&str>) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair(self.name, &self.value);
        if order != Order::default() {
            query.append_pair("sort", order.word());
        }
        if let Some(kind) = kind {
            query.append_pair("kind", kind.word());
        }
        if let Some(after) = after {
            query.append_pair("after", after);
        }
        format!("/search?{}", query.finish())
    }
}

/// Officers read no content: for them there is no such page.
async fn refuse_officers(visit: &Visit) -> Result<(), ApiError> {
    let subject = visit.subject();
    if subject.is_officer() {
        return Err(visit.vault().monitor().refuse_for(subject, Act::Search, Rule::NoContentRole, &[]).await.into());
    }
    Ok(())
}

/// `POST /search`: the question becomes an address that says nothing of it.
///
/// # Errors
/// [`ApiError`].
pub async fn ask(visit: Visit) -> Result<Shown, ApiError> {
    refuse_officers(&visit).await?;
    let text = visit.form.line("q");
    if text.is_empty() {
        return Ok(Shown::see("/search".to_owned()));
    }
    if text.len() > limits::SEARCH_BYTES_MAX {
        let error = QueryError { fault: Wrong::TooLong, place: 1, piece: String::new() };
        let kept = text.chars().take(limits::SEARCH_BYTES_MAX).collect();
        let fault = Some(Fault::of(&error, "", visit.tongue()));
        let page = SearchPage { fault, ..page(&visit, Rail::of(&visit.visitor).await?, kept) };
        return Shown::refused(&page, ApiError::Search(error));
    }
    Ok(Shown::see(format!("/search?s={}", sought::sealed(&visit, text)?)))
}

/// `GET /search`
///
/// # Errors
/// [`ApiError`].
pub async fn search(visit: Visit) -> Result<Shown, ApiError> {
    refuse_officers(&visit).await?;
    let asked: Asked = visit.call.query()?;
    let order = match asked.sort.as_deref() {
        None => Order::default(),
        Some(word) => Order::from_word(word).ok_or(ApiError::BadQuery)?,
    };
    let kind = match asked.kind.as_deref() {
        None => None,
        Some(word) => Some(Found::ALL.into_iter().find(|kind| kind.word() == word).ok_or(ApiError::BadQuery)?),
    };
    let after = visit.call.place(asked.after.as_deref())?;
    let (text, name, value) = match (asked.q, asked.s) {
        (None, None) => return Shown::page(&page(&visit, Rail::of(&visit.visitor).await?, String::new())),
        (Some(text), None) => (text.clone(), "q", text),
        (None, Some(sealed)) => match sought::opened(&visit, &sealed) {
            Some(text) => (text, "s", sealed),
            None => {
                let notice = Some(visit.tongue().say(k::SEARCH_ADDRESS));
                return Shown::page(&SearchPage {
                    notice,
                    ..page(&visit, Rail::of(&visit.visitor).await?, String::new())
                });
            }
        },
        (Some(_), Some(_)) => return Err(ApiError::BadQuery),
    };
    let question = Question { text, name, value, order, kind };
    let facets = Some(visit.vault().clock().now());
    let request = Request { order, after, kind: question.kind, facets, ..Request::of(&question.text) };
    let (rail, outcome) = tokio::join!(
        Rail::of(&visit.visitor),
        finding::search(&visit.call.finder, visit.vault(), visit.subject(), request)
    );
    let rail = rail?;
    let found = outcome.map(|outcome| results(&visit, &rail, &question, outcome, after.is_some()));
    let page = page(&visit, rail, question.text.clone());
    match found {
        Ok(found) => {
            let found = Some(found?);
            Shown::page(&SearchPage { found, ..page })
        }
        Err(FindingError::Query(error)) => {
            let fault = Some(Fault::of(&error, &question.text, visit.tongue()));
            Shown::refused(&SearchPage { fault, ..page }, ApiError::Search(error))
        }
        Err(FindingError::Rebuilding) => {
            let notice = Some(visit.tongue().tell(&ApiError::Rebuilding.sentence()));
            let again = Some(question.path(order, kind, asked.after.as_deref()));
            Shown::refused(&SearchPage { notice, again, ..page }, ApiError::Rebuilding)
        }
        Err(other) => Err(other.into()),
    }
}

/// The page with a question and nothing else. What somebody typed is of the label that he works at, and no answer is above it.
fn page(visit: &Visit, rail: Rail, question: String) -> SearchPage {
    let visitor = &visit.visitor;
    let working = visit.subject().working();
    let label = if question.is_empty() { visitor.lowest() } else { *working };
    SearchPage {
        frame: Frame::over(visitor, rail, Room::Search, Window::Search, label),
        question,
        marking: visitor.marking(working),
        stamp: Stamp::of(visitor, working),
        help: help::lines(visit.tongue()),
        notice: None,
        again: None,
        fault: None,
        found: None,
    }
}

fn results(
    visit: &Visit,
    rail: &Rail,
    question: &Question,
    outcome: Outcome,
    later: bool,
) -> Result<Results, ApiError> {
    let (w, visitor, config) = (visit.tongue(), &visit.visitor, visit.visitor.config());
    let (order, kind) = (question.order, question.kind);
    let named = [
        (Order::Relevance, k::SEARCH_BY_RELEVANCE),
        (Order::Date, k::SEARCH_BY_DATE),
        (Order::Grade, k::SEARCH_BY_GRADE),
    ];
    let orders = named.into_iter().map(|(one, name)| Choice {
        name: w.say(name),
        path: question.path(one, kind, None),
        here: one == order,
    });
    let refiner = Refiner::new(visit, rail, question, &outcome);
    let mut groups = vec![kinds(question, &outcome, w)];
    if let Some(facets) = &outcome.facets {
        groups.extend(refiner.groups(facets)?);
    }
    let understood = refiner.understood()?;
    let people = outcome.people.iter().map(|account| {
        let nations = config.policy().releasability();
        let nation = nations.iter().find(|code| code.code() == account.nation());
        let nation = nation.map_or(account.nation(), |code| code.name(w.0)).to_owned();
        (account.id(), account.display().to_owned(), nation)
    });
    let names = outcome.names();
    let next = outcome.next.map(|place| visit.call.cursor(place)).transpose()?;
    Ok(Results {
        count: kind.map_or(outcome.count, |kind| outcome.kinds.get(&kind).copied().unwrap_or(0)),
        orders: orders.collect(),
        is_bare: outcome.kinds.is_empty(),
        groups,
        understood,
        people: people.collect(),
        missing: outcome.missing.iter().map(|name| w.with(k::SEARCH_MISSING, "name", name)).collect(),
        next: next.map(|after| question.path(order, kind, Some(&after))),
        first: later.then(|| question.path(order, kind, None)),
        spelling: outcome.spelling.clone(),
        rows: outcome.hits.iter().map(|hit| ResultRow::of(visitor, hit, names.get(&hit.home).cloned())).collect(),
    })
}
