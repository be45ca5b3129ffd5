//! A text as it will look, before it is saved: rendered on the same path as the note itself, at the working label.

use std::collections::BTreeMap;

use askama::Template;

use super::{draft::NoteDraft, read::body, write::nothing_to_write};
use crate::{
    api::ApiError,
    ids::{Id, NoteId},
    label::Label,
    linking::links,
    text::{Html, markdown, wikilinks},
    web::{
        frame::{Frame, Rail, Room},
        page::{Shown, framed},
        visit::Visit,
        window::Window,
    },
    words::{Sentence, key as k},
};

/// A text as it will look.
pub(super) struct Preview {
    pub(super) body: Html,
    pub(super) language: String,
    pub(super) above: Vec<String>,
}

/// What is told of portion marks above a label, each with its line.
pub(super) fn told_above(visit: &Visit, text: &str, label: &Label) -> Vec<String> {
    let config = visit.visitor.config();
    let clearance = visit.subject().account().clearance();
    let marks = markdown::marks_above(text, config.policy(), clearance, label);
    let told = marks.into_iter().map(|mark| {
        let line = u64::try_from(mark.line).unwrap_or(u64::MAX);
        let sentence = Sentence::new(k::WEB_PORTION_ABOVE).with("mark", mark.text.as_str()).with("line", line);
        visit.tongue().tell(&sentence)
    });
    told.collect()
}

/// The preview of what was typed, and the labels of what its mentions lead to.
pub(super) async fn of(visit: &Visit, draft: &NoteDraft) -> Result<(Preview, Vec<Label>), ApiError> {
    let home = draft.space.map_or(Id::NONE, |space| space.id());
    let leads = links::leads(visit.vault(), visit.subject(), &draft.body, home).await?;
    let labels = leads.iter().map(|card| card.label).collect();
    let mentioned: BTreeMap<String, (NoteId, String)> = leads
        .iter()
        .map(|card| (wikilinks::folded(&card.content.title), (NoteId(card.id), card.content.title.clone())))
        .collect();
    let label = visit.subject().working();
    let preview = Preview {
        body: body(visit, &draft.body, label, "a", &mentioned, markdown::Ticking::Shown),
        language: draft.language.clone(),
        above: told_above(visit, &draft.body, label),
    };
    Ok((preview, labels))
}

#[derive(Template)]
#[template(path = "preview.html")]
struct PreviewPage {
    frame: Frame,
    preview: Preview,
}

framed!(PreviewPage);

/// `POST /notes/preview`: for the script of the editor, which takes the preview out of the page.
///
/// # Errors
/// [`ApiError`].
pub async fn alone(visit: Visit) -> Result<Shown, ApiError> {
    if visit.subject().is_officer() {
        return Err(nothing_to_write(&visit).await);
    }
    let (preview, labels) = of(&visit, &NoteDraft::sent(&visit.form)).await?;
    let label = visit.visitor.joined(labels).join(visit.subject().working());
    let rail = Rail::empty(&visit.visitor);
    let frame = Frame::over(&visit.visitor, rail, Room::Nowhere, Window::Preview, label);
    Shown::page(&PreviewPage { frame, preview })
}
