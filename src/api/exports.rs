//! What leaves, as JSON: files are made of it by the client. See [`crate::linking::exports`].

use serde::{Deserialize, Serialize};

use super::{Answer, ApiError, Call, attachments, links, notes, shapes, spaces};
use crate::{
    audit::entry::Act,
    ids::{NoteId, SpaceId},
    label::LabelView,
    limits,
    linking::exports::{self, Departure, Leaving},
};

/// One page of what leaves.
#[derive(Serialize, Debug, schemars::JsonSchema)]
pub struct ExportPage {
    /// Nothing above it is here.
    pub ceiling: LabelView,
    /// The join of the labels of all that is here.
    pub label: LabelView,
    /// The space, when the ceiling lets one know it.
    pub space: Option<shapes::SpaceView>,
    /// The notes.
    pub items: Vec<ExportedNote>,
    /// Where the next page starts: of notes, or, of a single note, of its links; null on the last one.
    pub next: Option<String>,
}

/// A note as it leaves.
#[derive(Serialize, Debug, schemars::JsonSchema)]
pub struct ExportedNote {
    /// The note.
    pub note: shapes::NoteView,
    /// Links that start from it.
    pub links: Vec<shapes::LinkView>,
    /// Whether there may be further links: the export of the note alone gives them all.
    pub further: bool,
    /// Its attachments; their contents are read one by one.
    pub attachments: Vec<shapes::AttachmentView>,
}

/// Query of both.
#[derive(Deserialize, Debug)]
#[serde(deny_unknown_fields)]
struct Asked {
    ceiling: Option<String>,
    after: Option<String>,
    limit: Option<usize>,
}

/// `GET /exports/spaces/{id}?ceiling=…`
///
/// # Errors
/// [`ApiError`]; [`ApiError::Ceiling`] for a ceiling that is not below the working label.
pub async fn space(mut call: Call) -> Result<Answer, ApiError> {
    let asked: Asked = call.query()?;
    let id: SpaceId = call.id("id");
    call.under(asked.ceiling.as_deref(), Act::Export, id.id()).await?;
    let after = call.place(asked.after.as_deref())?;
    let limit = asked.limit.unwrap_or(limits::EXPORT_NOTES_MAX).clamp(1, limits::EXPORT_NOTES_MAX);
    answer(&call, exports::of_space(&call.vault, &call.subject, id, after.as_ref(), limit).await?)
}

/// `GET /exports/notes/{id}?ceiling=…`: the pages are those of its links.
///
/// # Errors
/// As [`space`].
pub async fn note(mut call: Call) -> Result<Answer, ApiError> {
    let asked: Asked = call.query()?;
    let id: NoteId = call.id("id");
    call.under(asked.ceiling.as_deref(), Act::Export, id.id()).await?;
    let after = call.place(asked.after.as_deref())?;
    let limit = asked.limit.unwrap_or(limits::PAGE_ROWS_MAX).clamp(1, limits::PAGE_ROWS_MAX);
    answer(&call, exports::of_note(&call.vault, &call.subject, id, after.as_ref(), limit).await?)
}

fn answer(call: &Call, departure: Departure) -> Result<Answer, ApiError> {
    let Departure { space, notes, next } = departure;
    let label = spaces::joined(
        call,
        space.iter().map(|space| space.label).chain(notes.iter().flat_map(|leaving| {
            let (links, files) = (leaving.links.iter(), leaving.attachments.iter());
            links
                .map(|link| link.label)
                .chain(files.map(|file| file.label))
                .chain(std::iter::once(leaving.note.label))
                .collect::<Vec<_>>()
        })),
    );
    let page = ExportPage {
        ceiling: call.view(call.subject.working()),
        label: call.view(&label),
        space: space.map(|space| spaces::view(call, &space)),
        items: notes.into_iter().map(|leaving| leaving_view(call, leaving)).collect(),
        next: next.map(|place| call.cursor(place)).transpose()?,
    };
    Answer::labelled(&page, label)
}

fn leaving_view(call: &Call, leaving: Leaving) -> ExportedNote {
    ExportedNote {
        links: leaving.links.iter().map(|link| links::view(call, link)).collect(),
        further: leaving.further.is_some(),
        attachments: leaving.attachments.into_iter().map(|card| attachments::listed(call, card)).collect(),
        note: notes::view(call, leaving.note),
    }
}
