//! Searches and completions.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Answer, ApiError, Call,
    shapes::{Person, Profile},
    spaces::joined,
};
use crate::{
    clock::Time,
    finding::{
        facets::Facets,
        hit::Hit,
        search::{self, Order, Request},
        snippet::Snippet,
        suggest,
    },
    ids::{Id, NoteId, SpaceId},
    label::LabelView,
    limits,
    sharing::note::{Grade, NoteKind},
};

/// A line of text and what of it is to be highlighted.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Highlighted {
    /// Plain text.
    pub text: String,
    /// Pairs of Unicode characters, counted from 0: the first one, and the one behind the last.
    pub highlights: Vec<(usize, usize)>,
}

/// A space, as a result names it.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Place {
    /// Identifier.
    pub id: SpaceId,
    /// Name.
    pub name: String,
}

/// One result.
#[derive(Serialize, Debug, JsonSchema)]
pub struct HitView {
    /// `note`, `link`, `conversation`, `message`, `attachment` or `space`.
    pub kind: &'static str,
    /// Identifier.
    #[schemars(with = "NoteId")]
    pub id: Id,
    /// Label.
    pub label: LabelView,
    /// The space it lives in; null for what lives in none.
    pub space: Option<Place>,
    /// The note of an attachment, the conversation of a message.
    #[schemars(with = "Option<NoteId>")]
    pub about: Option<Id>,
    /// The note that a link starts from.
    #[schemars(with = "Option<NoteId>")]
    pub from: Option<Id>,
    /// The note that a link leads to.
    #[schemars(with = "Option<NoteId>")]
    pub to: Option<Id>,
    /// What a note is for.
    pub note_kind: Option<NoteKind>,
    /// Type of a link.
    pub link_type: Option<String>,
    /// Who wrote it.
    pub author: Person,
    /// When this version was written.
    pub modified: Time,
    /// Grade of a note.
    pub grade: Option<Grade>,
    /// Title, subject or name.
    pub title: Highlighted,
    /// The sentence that answers best.
    pub sentence: Highlighted,
}

/// How many results bear a marking.
#[derive(Serialize, Debug, JsonSchema)]
pub struct MarkingCount {
    /// The marking.
    pub label: LabelView,
    /// Results.
    pub count: u64,
}

/// How many results live in a space.
#[derive(Serialize, Debug, JsonSchema)]
pub struct SpaceCount {
    /// The space.
    pub space: Place,
    /// Results.
    pub count: u64,
}

/// How many results were changed since a moment.
#[derive(Serialize, Debug, JsonSchema)]
pub struct SinceCount {
    /// The first moment of the first day.
    pub from: Time,
    /// Results.
    pub count: u64,
}

/// What the results have in common.
#[derive(Serialize, Debug, JsonSchema)]
pub struct FacetsView {
    /// By marking, the lowest level first.
    pub markings: Vec<MarkingCount>,
    /// By space, the most results first; the first few.
    pub spaces: Vec<SpaceCount>,
    /// By the letter of the source's reliability.
    pub reliabilities: BTreeMap<char, u64>,
    /// By how recent they are: the last seven, 31 and 366 days, the present one included.
    pub since: Vec<SinceCount>,
}

/// Results.
#[derive(Serialize, Debug, JsonSchema)]
pub struct SearchPage {
    /// Results, in order.
    pub items: Vec<HitView>,
    /// Where the next page starts; null on the last one.
    pub next: Option<String>,
    /// All that matches and can be read.
    pub count: u64,
    /// The same by kind.
    pub kinds: BTreeMap<&'static str, u64>,
    /// What they have in common, with `facets=true`.
    pub facets: Option<FacetsView>,
    /// People whose names match; on the first page.
    pub people: Vec<Profile>,
    /// The question as it may have been meant, when nothing answers it.
    pub spelling: Option<String>,
    /// Names of spaces and people in the question that lead to nothing which can be seen at the working level.
    pub missing: Vec<String>,
}

/// Completions.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Suggested {
    /// Words that begin like the last one.
    pub words: Vec<String>,
    /// Tags that begin like it.
    pub tags: Vec<String>,
    /// Notes whose titles have the words.
    pub notes: Vec<HitView>,
    /// The last word as it may have been meant, when it stands nowhere.
    pub spelling: Option<String>,
}

/// Query of `GET /search`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    q: String,
    sort: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
    facets: Option<bool>,
}

/// Query of `GET /suggest`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Begun {
    q: String,
}

fn highlighted(snippet: Snippet) -> Highlighted {
    Highlighted { text: snippet.text, highlights: snippet.highlights }
}

pub(super) fn view(call: &Call, hit: Hit, names: &BTreeMap<Id, String>) -> HitView {
    let space = names.get(&hit.home).map(|name| Place { id: SpaceId(hit.home), name: name.clone() });
    HitView {
        kind: hit.kind.word(),
        id: hit.id,
        label: call.view(&hit.label),
        space,
        about: hit.about,
        from: hit.ends.map(|(from, _)| from),
        to: hit.ends.map(|(_, to)| to),
        note_kind: hit.note_kind,
        link_type: hit.link_kind,
        author: call.person(hit.author),
        modified: hit.modified,
        grade: hit.grade,
        title: highlighted(hit.title),
        sentence: highlighted(hit.sentence),
    }
}

fn facets_view(call: &Call, facets: &Facets, names: &BTreeMap<Id, String>) -> FacetsView {
    let config = call.vault.monitor().config();
    let markings = facets.markings(config.policy());
    let spaces = facets.first_homes(limits::SEARCH_FACET_SPACES_MAX).into_iter().filter_map(|(home, count)| {
        let name = names.get(&home)?.clone();
        Some(SpaceCount { space: Place { id: SpaceId(home), name }, count })
    });
    FacetsView {
        markings: markings
            .iter()
            .map(|(label, count)| MarkingCount { label: call.view(label), count: *count })
            .collect(),
        spaces: spaces.collect(),
        reliabilities: facets.reliabilities.clone(),
        since: facets.since.iter().map(|(from, count)| SinceCount { from: *from, count: *count }).collect(),
    }
}

/// `GET /search`
///
/// # Errors
/// [`ApiError`].
pub async fn search(call: Call) -> Result<Answer, ApiError> {
    let asked: Asked = call.query()?;
    let order = match asked.sort.as_deref() {
        None => Order::default(),
        Some(word) => Order::from_word(word).ok_or(ApiError::BadQuery)?,
    };
    let limit = asked.limit.unwrap_or(limits::SEARCH_ROWS_DEFAULT);
    if !(1..=limits::SEARCH_ROWS_MAX).contains(&limit) {
        return Err(ApiError::BadQuery);
    }
    let after = call.place(asked.after.as_deref())?;
    let facets = asked.facets.unwrap_or(false).then(|| call.vault.clock().now());
    let request = Request { order, after, limit, facets, ..Request::of(&asked.q) };
    let outcome = search::search(&call.finder, &call.vault, &call.subject, request).await?;
    let labels = outcome.hits.iter().map(|hit| hit.label);
    let spaces = outcome.spaces.values().map(|space| space.label);
    // A better spelling comes from everywhere that the working label reaches, and so does what leads to nothing there.
    let is_of_all = outcome.spelling.is_some() || !outcome.missing.is_empty();
    let words = is_of_all.then_some(*call.subject.working());
    let label = joined(&call, labels.chain(spaces).chain(outcome.label).chain(words));
    let next = outcome.next.map(|place| call.cursor(place)).transpose()?;
    let kinds = outcome.kinds.iter().filter(|(_, count)| **count > 0).map(|(kind, count)| (kind.word(), *count));
    let names = outcome.names();
    let facets = outcome.facets.as_ref().map(|facets| facets_view(&call, facets, &names));
    let page = SearchPage {
        next,
        facets,
        count: outcome.count,
        kinds: kinds.collect(),
        people: outcome.people.iter().map(|person| super::me::profile(person)).collect(),
        spelling: outcome.spelling,
        missing: outcome.missing,
        items: outcome.hits.into_iter().map(|hit| view(&call, hit, &names)).collect(),
    };
    Answer::labelled(&page, label)
}

/// `GET /suggest`
///
/// # Errors
/// [`ApiError`].
pub async fn suggest(call: Call) -> Result<Answer, ApiError> {
    let begun: Begun = call.query()?;
    let offered = suggest::suggest(&call.finder, &call.vault, &call.subject, &begun.q).await?;
    // Words come from everywhere that the working label reaches.
    let is_bare = offered.words.is_empty() && offered.tags.is_empty() && offered.spelling.is_none();
    let words = (!is_bare).then_some(*call.subject.working());
    let label = joined(&call, offered.notes.iter().map(|hit| hit.label).chain(words));
    let none = BTreeMap::new();
    let page = Suggested {
        words: offered.words,
        tags: offered.tags,
        spelling: offered.spelling,
        notes: offered.notes.into_iter().map(|hit| view(&call, hit, &none)).collect(),
    };
    Answer::labelled(&page, label)
}
