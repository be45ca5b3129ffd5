//! Links and backlinks.

use serde::Deserialize;

use super::{
    Answer, ApiError, Call,
    notes::{card, page_limit},
    shapes,
    spaces::joined,
};
use crate::{
    ids::{LinkId, NoteId},
    linking::{
        link::{Link, LinkContent},
        links::{self, Seen, Way},
    },
    vault::Opened,
};

/// Body of `POST /links`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewLink {
    /// The note it starts from.
    pub from: NoteId,
    /// The note it leads to.
    pub to: NoteId,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    #[serde(default)]
    pub comment: String,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

pub(super) fn view(call: &Call, link: &Opened<Link>) -> shapes::LinkView {
    shapes::LinkView {
        id: LinkId(link.id),
        label: call.view(&link.label),
        from: link.content.from,
        to: link.content.to,
        kind: link.content.kind.clone(),
        comment: link.content.comment.clone(),
        created: link.content.created,
        author: call.person(link.author),
        external_id: link.content.external.as_ref().map(|external| external.name.clone()),
    }
}

/// `POST /links`
///
/// # Errors
/// [`ApiError`].
pub async fn create(call: Call) -> Result<Answer, ApiError> {
    let new: NewLink = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = LinkContent { from: new.from, to: new.to, kind: new.kind, comment: new.comment }.checked(false)?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let link = links::read(&call.vault, &call.subject, LinkId(id)).await?;
        return Ok(Answer::labelled(&view(&call, &link), link.label)?.created());
    }
    let id = LinkId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let link = links::create(&call.vault, &call.subject, id, content, None, &names).await?;
    Ok(Answer::labelled(&view(&call, &link), link.label)?.created())
}

/// `GET /links/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    let link = links::read(&call.vault, &call.subject, call.id("id")).await?;
    Answer::labelled(&view(&call, &link), link.label)
}

/// `DELETE /links/{id}`: a link has one version, so no `If-Match`.
///
/// # Errors
/// [`ApiError`].
pub async fn delete(call: Call) -> Result<Answer, ApiError> {
    links::delete(&call.vault, &call.subject, call.id("id")).await?;
    Ok(Answer::done())
}

/// Query of `GET /notes/{id}/links`.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct OfNote {
    way: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// `GET /notes/{id}/links`
///
/// # Errors
/// [`ApiError`].
pub async fn of_note(call: Call) -> Result<Answer, ApiError> {
    let query: OfNote = call.query()?;
    let way = match query.way.as_deref() {
        None | Some("out") => Way::Out,
        Some("in") => Way::In,
        Some(_) => return Err(ApiError::BadQuery),
    };
    let after = call.place(query.after.as_deref())?;
    let note: NoteId = call.id("id");
    let (typed, next) =
        links::of_note(&call.vault, &call.subject, note, way, after.as_ref(), page_limit(query.limit)).await?;
    let mut seen = Vec::new();
    if after.is_none() {
        let mentions = links::mentions(&call.vault, &call.subject, note).await?;
        seen.extend(mentions.into_iter().filter(|seen| seen.way == way));
    }
    seen.extend(typed);
    let labels = seen.iter().flat_map(|seen| {
        let link = seen.link.as_ref().map(|link| link.label);
        link.into_iter().chain(std::iter::once(seen.other.label))
    });
    let label = joined(&call, labels);
    let items = seen.into_iter().map(|seen| seen_view(&call, seen)).collect();
    let next = next.map(|place| call.cursor(place)).transpose()?;
    Answer::labelled(&shapes::Page::<shapes::SeenView> { items, next }, label)
}

fn seen_view(call: &Call, seen: Seen) -> shapes::SeenView {
    let link = seen.link.as_ref();
    shapes::SeenView {
        way: match seen.way {
            Way::Out => "out",
            Way::In => "in",
        },
        kind: link.map_or_else(|| "mention".to_owned(), |link| link.content.kind.clone()),
        id: link.map(|link| LinkId(link.id)),
        comment: link.map(|link| link.content.comment.clone()).unwrap_or_default(),
        sentence: seen.sentence.as_ref().map(|mention| mention.content.sentence.clone()),
        label: call.view(&link.map_or(seen.other.label, |link| link.label)),
        author: link.map(|link| call.person(link.author)),
        created: link.map(|link| link.content.created),
        other: card(call, seen.other),
    }
}
