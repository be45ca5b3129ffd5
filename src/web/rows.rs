//! Notes in lists.

use super::{
    marking::{Chip, Cote},
    visit::Visitor,
};
use crate::{
    ids::{NoteId, SpaceId, WatchId},
    sharing::note::NoteCard,
    vault::Opened,
    words::key as k,
};

/// One note in a list.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Row {
    /// Which.
    pub id: NoteId,
    /// Its label.
    pub chip: Chip,
    /// Its title.
    pub title: String,
    /// Its language, for the reader's machine.
    pub language: String,
    /// Its grade.
    pub cote: Option<Cote>,
    /// Who did what.
    pub deed: String,
    /// Who wrote the present version.
    pub editor: String,
    /// The day it was last changed.
    pub day: String,
    /// The hour of that day.
    pub hour: String,
    /// The same for machines.
    pub moment: String,
    /// Where it lives.
    pub space: SpaceId,
    /// Name of that space, where the page says it.
    pub space_name: Option<String>,
    /// The watch that it is new in, where the page says it.
    pub watch: Option<(WatchId, String)>,
    /// The day by which it is to be looked at again.
    pub review: Option<String>,
}

impl Row {
    /// The row of a card.
    pub fn of(visitor: &Visitor, card: &Opened<NoteCard>) -> Self {
        let (w, content) = (visitor.tongue, &card.content);
        let editor = visitor.name(content.editor);
        let deed = if card.version <= 1 {
            w.with(k::WEB_ROW_NEW, "person", &editor)
        } else {
            w.tell(
                &crate::words::Sentence::new(k::WEB_ROW_REVISED)
                    .with("person", editor.as_str())
                    .with("version", card.version.to_string()),
            )
        };
        Self {
            id: NoteId(card.id),
            chip: Chip::of(visitor, &card.label),
            title: content.title.clone(),
            language: content.language.clone(),
            cote: content.grade.map(|grade| Cote::of(grade, w)),
            deed,
            editor,
            day: w.date(card.modified),
            hour: w.hour(card.modified),
            moment: card.modified.to_string(),
            space: SpaceId(card.home),
            space_name: None,
            watch: None,
            review: content.review.as_ref().map(|day| w.day(day)),
        }
    }
}
