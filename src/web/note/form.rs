//! The form of a note: what it shows, what comes back with it, and two versions that met.

use askama::Template;

use super::{
    draft::{KINDS, LETTERS, NoteDraft, OVER},
    drafts::Kept,
    preview::Preview,
};
use crate::{
    api::ApiError,
    ids::{NoteId, SpaceId},
    label::Label,
    sharing::note::{Note, NoteCard},
    text::{Html, diff},
    vault::Opened,
    web::{
        frame::{Frame, Rail, Room},
        marking::Stamp,
        page::framed,
        spaces::Fault,
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "note_form.html")]
pub(super) struct FormPage {
    frame: Frame,
    stamp: Stamp,
    /// The note that is changed; none for a new one.
    id: Option<NoteId>,
    /// Its present title.
    heading: String,
    token: String,
    /// The version that is typed over; 0 for a new note.
    over: u64,
    draft: NoteDraft,
    kept: Option<Kept>,
    /// The templates of the space, to begin from.
    templates: Vec<(NoteId, String)>,
    preview: Option<Preview>,
    fault: Option<Fault>,
    notice: Option<String>,
    conflict: Option<Conflict>,
}

framed!(FormPage);

/// What somebody else saved meanwhile.
pub(super) struct Conflict {
    editor: String,
    moment: String,
    version: u64,
    title: String,
    /// From the saved text to the typed one.
    difference: Html,
}

impl Conflict {
    /// The saved note against what was typed.
    pub(super) fn between(visit: &Visit, note: &Opened<Note>, draft: &NoteDraft) -> Self {
        let content = &note.content.content;
        let typed = draft.body.replace("\r\n", "\n");
        Self {
            editor: visit.visitor.name(note.content.editor),
            moment: visit.tongue().moment(note.modified),
            version: note.version,
            title: content.title.clone(),
            difference: diff::marked(&diff::diff(&content.body, &typed)),
        }
    }
}

impl FormPage {
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        KINDS.iter().map(|(word, kind)| (*word, self.frame.w.kind(kind), *word == self.draft.kind)).collect()
    }

    fn letters(&self) -> Vec<(&'static str, String, bool)> {
        let name = |letter| self.frame.w.reliability(letter);
        LETTERS.iter().map(|(word, letter)| (*word, name(*letter), *word == self.draft.reliability)).collect()
    }

    fn figures(&self) -> Vec<(u8, String, bool)> {
        (1..=6)
            .map(|figure| (figure, self.frame.w.credibility(figure), figure.to_string() == self.draft.credibility))
            .collect()
    }

    fn languages(&self) -> Vec<(&'static str, &'static str, bool)> {
        let named = self.frame.languages().into_iter();
        named.map(|(code, name, _)| (code, name, code == self.draft.language)).collect()
    }

    fn is_in(&self, space: &SpaceId) -> bool {
        self.draft.space == Some(*space)
    }

    fn wrong(&self, field: &str) -> Option<String> {
        self.fault.as_ref().filter(|fault| fault.is(field)).map(|fault| fault.sentence.clone())
    }
}

/// What the form shows beside what was typed.
#[derive(Default)]
pub(super) struct Beside {
    pub(super) fault: Option<Fault>,
    pub(super) notice: Option<String>,
    pub(super) conflict: Option<Conflict>,
    pub(super) kept: Option<Kept>,
    pub(super) preview: Option<Preview>,
    /// The version that was typed over, when that is not the present one.
    pub(super) over: Option<u64>,
    pub(super) templates: Vec<Opened<NoteCard>>,
    /// Labels of what is shown of other things.
    pub(super) labels: Vec<Label>,
}

impl Beside {
    /// What a form that was sent brings back: its draft, and the version that it was typed over. Sent again it must not write
    /// over a version that its author has never seen.
    pub(super) fn sent(visit: &Visit, about: &str) -> Self {
        let token = Token::sent(visit, about);
        Self {
            // Another working label than the form showed: told before anything is sent at it.
            notice: token.is_none().then(|| notice(&ApiError::LabelMismatch, visit.tongue())),
            over: token.map(|token| token.version).or_else(|| visit.form.line(OVER).parse().ok()),
            kept: Kept::sent(&visit.form),
            ..Self::default()
        }
    }

    /// Why the form is shown again.
    #[must_use]
    pub(super) fn because(mut self, why: &ApiError, visit: &Visit) -> Self {
        match why {
            ApiError::Invalid(invalid) => self.fault = Some(Fault::of(invalid, visit.tongue())),
            other => self.notice = Some(notice(other, visit.tongue())),
        }
        self
    }
}

/// The form over a note, or over nothing yet.
pub(super) async fn page(
    visit: &Visit,
    note: Option<&Opened<Note>>,
    mut draft: NoteDraft,
    beside: Beside,
) -> Result<FormPage, ApiError> {
    let visitor = &visit.visitor;
    let rail = Rail::of(visitor).await?;
    let (window, room, label, about, version) = match note {
        Some(note) => {
            let room = Room::Space(SpaceId(note.home));
            let over = beside.over.filter(|over| (1..=note.version).contains(over));
            (Window::NoteChange, room, note.label, change_of(NoteId(note.id)), over.unwrap_or(note.version))
        }
        None => {
            // A space asked for by an address that is none of mine is no space.
            draft.space = draft.space.filter(|space| rail.name_of(*space).is_some());
            let room = draft.space.map_or(Room::Nowhere, Room::Space);
            (Window::NewNote, room, visitor.lowest(), NEW.to_owned(), 0)
        }
    };
    let shown = visitor.joined(beside.labels.into_iter().chain(beside.templates.iter().map(|card| card.label)));
    // What is typed will bear the working label: the page that shows it bears it too.
    let label: Label = label.join(&shown).join(visit.subject().working());
    let templates = beside.templates.iter().map(|card| (NoteId(card.id), card.content.title.clone()));
    Ok(FormPage {
        frame: Frame::over(visitor, rail, room, window, label).with_editor(),
        stamp: Stamp::of(visitor, note.map_or(visit.subject().working(), |note| &note.label)),
        id: note.map(|note| NoteId(note.id)),
        heading: note.map_or_else(String::new, |note| note.content.content.title.clone()),
        token: Token::fresh(visit, &about, version)?,
        over: version,
        draft,
        kept: beside.kept,
        templates: templates.collect(),
        preview: beside.preview,
        fault: beside.fault,
        notice: beside.notice,
        conflict: beside.conflict,
    })
}

/// What the form of a new note is about.
pub(super) const NEW: &str = "note-create";

/// What the form of a change is about.
pub(super) fn change_of(id: NoteId) -> String {
    format!("note-change {id}")
}
