//! A note as it is read.

use std::collections::BTreeMap;

use askama::Template;

use super::{
    Cartouche,
    files::{self, FileRow},
    preview::told_above,
};
use crate::{
    api::ApiError,
    ids::{ConversationId, LinkId, MessageId, NoteId, SpaceId},
    label::Label,
    limits,
    linking::links::{self, Seen, Way},
    messaging::{
        conversation::{Conversation, Message},
        conversations::{self, Of},
        messages,
    },
    sharing::notes,
    text::{
        Html,
        markdown::{self, Reading, Ticking},
        wikilinks,
    },
    vault::Opened,
    web::{
        elsewhere::Switch,
        frame::{Frame, Rail, Room},
        marking::{Chip, Stamp},
        page::{Shown, framed},
        say::Tongue,
        spaces::Fault,
        token::{Token, notice},
        visit::Visit,
        window::Window,
    },
    words::key as k,
};

#[derive(Template)]
#[template(path = "note.html")]
struct NotePage {
    frame: Frame,
    id: NoteId,
    version: u64,
    space: SpaceId,
    space_name: String,
    stamp: Stamp,
    title: String,
    language: String,
    author: String,
    editor: String,
    modified: String,
    restored: Option<u64>,
    /// Whether it can be changed at the working label.
    here: bool,
    /// The way to where it can.
    switch: Option<Switch>,
    cartouche: Cartouche,
    body: Html,
    /// What is told of portion marks above the note's label.
    above: Vec<String>,
    /// The token of the form that its boxes are ticked with; none where they only show.
    tasks: Option<String>,
    /// For animators: the token of the button that makes it a template or a note again, and whether it is one.
    template: Option<(String, bool)>,
    files: Vec<FileRow>,
    /// Of the form that sends a file.
    file_token: String,
    groups: Vec<Group>,
    cited: Vec<Cited>,
    talks: Vec<Discussion>,
    token: String,
    will_be: Chip,
    typed: String,
    /// Why a comment was not taken.
    notice: Option<String>,
    /// Why something else was not done.
    refused: Option<String>,
}

framed!(NotePage);

/// Links of one type, one way.
pub(super) struct Group {
    pub(super) outward: bool,
    pub(super) name: String,
    pub(super) links: Vec<LinkRow>,
}

pub(super) struct LinkRow {
    pub(super) id: Option<LinkId>,
    pub(super) chip: Chip,
    pub(super) other: NoteId,
    pub(super) title: String,
    pub(super) language: String,
    pub(super) comment: String,
    pub(super) author: String,
    /// Whether it can be taken away by whoever reads.
    pub(super) mine: bool,
}

/// A note whose text mentions this one.
struct Cited {
    chip: Chip,
    note: NoteId,
    title: String,
    sentence: String,
}

/// A conversation held on the note.
pub(super) struct Discussion {
    pub(super) id: ConversationId,
    pub(super) title: String,
    pub(super) chip: Chip,
    pub(super) messages: Vec<Said>,
}

/// A message.
pub(in crate::web) struct Said {
    pub(in crate::web) id: MessageId,
    pub(in crate::web) chip: Chip,
    pub(in crate::web) who: String,
    pub(in crate::web) day: String,
    pub(in crate::web) hour: String,
    pub(in crate::web) moment: String,
    pub(in crate::web) text: Html,
    pub(in crate::web) edited: bool,
    pub(in crate::web) withdrawn: bool,
    pub(in crate::web) mine: bool,
}

impl Said {
    pub(in crate::web) fn of(visit: &Visit, message: &Opened<Message>) -> Self {
        let (w, content) = (visit.tongue(), &message.content);
        Self {
            id: MessageId(message.id),
            chip: Chip::of(&visit.visitor, &message.label),
            who: visit.visitor.name(message.author),
            day: w.date(content.created),
            hour: w.hour(content.created),
            moment: content.created.to_string(),
            text: body(visit, &content.text, &message.label, &message.id.to_string(), &BTreeMap::new(), Ticking::Shown),
            edited: content.edited.is_some(),
            withdrawn: content.withdrawn,
            mine: message.author == visit.subject().id()
                && !content.withdrawn
                && visit.visitor.works_at(&message.label),
        }
    }
}

/// The links of a note, both ways, and the labels of all that they show.
pub(super) async fn linked(visit: &Visit, id: NoteId) -> Result<(Vec<Seen>, Vec<Label>), ApiError> {
    let (vault, subject) = (visit.vault(), visit.subject());
    let limit = limits::PAGE_ROWS_MAX;
    let (out, back, mentions) = tokio::join!(
        links::of_note(vault, subject, id, Way::Out, None, limit),
        links::of_note(vault, subject, id, Way::In, None, limit),
        links::mentions(vault, subject, id),
    );
    let mut seen = out?.0;
    seen.extend(back?.0);
    seen.extend(mentions?);
    let labels = seen.iter().flat_map(|seen| {
        let link = seen.link.as_ref().map(|link| link.label);
        let sentence = seen.sentence.as_ref().map(|mention| mention.label);
        [link, sentence, Some(seen.other.label)].into_iter().flatten()
    });
    let labels = labels.collect();
    Ok((seen, labels))
}

/// Typed links by type and way; mentions are told elsewhere.
pub(super) fn grouped(visit: &Visit, seen: &[Seen]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for seen in seen {
        let Some(link) = &seen.link else { continue };
        let outward = seen.way == Way::Out;
        let name = type_name(&link.content.kind, outward, visit.tongue());
        let row = LinkRow {
            id: Some(LinkId(link.id)),
            chip: Chip::of(&visit.visitor, &link.label.join(&seen.other.label)),
            other: NoteId(seen.other.id),
            title: seen.other.content.title.clone(),
            language: seen.other.content.language.clone(),
            comment: link.content.comment.clone(),
            author: visit.visitor.name(link.author),
            mine: link.author == visit.subject().id() && visit.visitor.works_at(&link.label),
        };
        match groups.iter_mut().find(|group| group.name == name && group.outward == outward) {
            Some(group) => group.links.push(row),
            None => groups.push(Group { outward, name, links: vec![row] }),
        }
    }
    groups
}

/// What a link says, seen from one of its ends. A type of an import is said as it is.
pub(in crate::web) fn type_name(kind: &str, outward: bool, w: Tongue) -> String {
    let (out, back) = match kind {
        "uses" => (k::WEB_LINK_USES, k::WEB_LINK_USED_BY),
        "supports" => (k::WEB_LINK_SUPPORTS, k::WEB_LINK_SUPPORTED_BY),
        "contradicts" => (k::WEB_LINK_CONTRADICTS, k::WEB_LINK_CONTRADICTED_BY),
        "supersedes" => (k::WEB_LINK_SUPERSEDES, k::WEB_LINK_SUPERSEDED_BY),
        "derived-from" => (k::WEB_LINK_DERIVED, k::WEB_LINK_SOURCE_OF),
        "related" => (k::WEB_LINK_RELATED, k::WEB_LINK_RELATED),
        other => return other.to_owned(),
    };
    w.say(if outward { out } else { back })
}

/// The conversations held on a note, with what was said last in each, and the labels of all that.
async fn discussed(visit: &Visit, id: NoteId) -> Result<(Vec<Discussion>, Vec<Label>), ApiError> {
    let (vault, subject) = (visit.vault(), visit.subject());
    let found = conversations::list(vault, subject, Of::Note(id), None, limits::TALKS_ON_NOTE_MAX).await?;
    let said = found.iter().map(|talk: &Opened<Conversation>| {
        messages::list(vault, subject, ConversationId(talk.id), None, limits::PAGE_ROWS_DEFAULT)
    });
    let said = futures_util::future::try_join_all(said).await?;
    let mut labels: Vec<Label> = found.iter().map(|talk| talk.label).collect();
    let mut talks = Vec::new();
    for (talk, messages) in found.iter().zip(said) {
        labels.extend(messages.iter().map(|message| message.label));
        talks.push(Discussion {
            id: ConversationId(talk.id),
            title: talk.content.title.clone(),
            chip: Chip::of(&visit.visitor, &talk.label),
            messages: messages.iter().rev().map(|message| Said::of(visit, message)).collect(),
        });
    }
    Ok((talks, labels))
}

/// What the titles in a body lead to, for this reader: by their folded form.
pub(in crate::web) type Mentioned = BTreeMap<String, (NoteId, String)>;

/// The notes that a body mentions, as its links were found.
pub(super) fn mentioned(seen: &[Seen]) -> Mentioned {
    let mentions = seen.iter().filter(|seen| seen.way == Way::Out && seen.link.is_none());
    mentions
        .map(|seen| {
            let title = &seen.other.content.title;
            (wikilinks::folded(title), (NoteId(seen.other.id), title.clone()))
        })
        .collect()
}

/// A body in Markdown as markup. `part` tells the bodies of one page apart.
pub(in crate::web) fn body(
    visit: &Visit,
    text: &str,
    label: &Label,
    part: &str,
    mentioned: &Mentioned,
    ticking: Ticking,
) -> Html {
    let config = visit.visitor.config();
    let resolve = |title: &str| mentioned.get(&wikilinks::folded(title)).cloned();
    let reading = Reading {
        policy: config.policy(),
        clearance: visit.subject().account().clearance(),
        label,
        language: visit.tongue().0,
        part,
        ticking,
        resolve: &resolve,
    };
    markdown::render(text, &reading)
}

/// `GET /notes/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn note(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&page(&visit, None, None).await?)
}

/// The note with a comment that was not taken, and why.
pub(super) async fn again(visit: Visit, why: &ApiError) -> Result<Shown, ApiError> {
    let told = told(&visit, why);
    Shown::refused(&page(&visit, Some(told), None).await?, why.clone())
}

/// The note as it stands, and why something was not done to it.
pub(super) async fn not_done(visit: &Visit, why: ApiError) -> Result<Shown, ApiError> {
    let told = told(visit, &why);
    Shown::refused(&page(visit, None, Some(told)).await?, why)
}

fn told(visit: &Visit, why: &ApiError) -> String {
    match why {
        ApiError::Invalid(invalid) => Fault::of(invalid, visit.tongue()).sentence,
        other => notice(other, visit.tongue()),
    }
}

async fn page(visit: &Visit, notice: Option<String>, refused: Option<String>) -> Result<NotePage, ApiError> {
    let id: NoteId = visit.call.id("id");
    let (rail, note) = tokio::join!(Rail::of(&visit.visitor), notes::read(visit.vault(), visit.subject(), id));
    let (rail, note) = (rail?, note?);
    let (linked, discussed, files) = tokio::join!(linked(visit, id), discussed(visit, id), files::of_note(visit, id));
    let ((seen, of_links), (talks, of_talks), (files, of_files)) = (linked?, discussed?, files?);
    let (w, content) = (visit.tongue(), &note.content.content);
    let label = visit.visitor.joined(of_links.into_iter().chain(of_talks).chain(of_files).chain([note.label]));
    let space = SpaceId(note.home);
    let here = visit.visitor.works_at(&note.label);
    // A body without boxes needs no form, and one that can only be read gets none.
    let tasks = match here && !markdown::tasks(&content.body).is_empty() {
        true => Some(Token::fresh(visit, &super::tasks::ticks_of(id), note.version)?),
        false => None,
    };
    let ticking = if tasks.is_some() { Ticking::Offered } else { Ticking::Shown };
    let template = super::tasks::template_button(visit, &note)?;
    let cited = seen.iter().filter(|seen| seen.way == Way::In).filter_map(|seen| {
        let sentence = seen.sentence.as_ref()?;
        Some(Cited {
            chip: Chip::of(&visit.visitor, &sentence.label.join(&seen.other.label)),
            note: NoteId(seen.other.id),
            title: seen.other.content.title.clone(),
            sentence: sentence.content.sentence.clone(),
        })
    });
    Ok(NotePage {
        id,
        version: note.version,
        space,
        space_name: rail.name_of(space).unwrap_or_default(),
        stamp: Stamp::of(&visit.visitor, &note.label),
        title: content.title.clone(),
        language: content.language.clone(),
        author: visit.visitor.name(note.author),
        editor: visit.visitor.name(note.content.editor),
        modified: w.moment(note.modified),
        restored: note.content.restored,
        here,
        switch: Switch::to(&visit.visitor, &note.label),
        cartouche: Cartouche::of(visit, &note).folded(),
        body: body(visit, &content.body, &note.label, "n", &mentioned(&seen), ticking),
        above: told_above(visit, &content.body, &note.label),
        tasks,
        template,
        files,
        file_token: Token::fresh(visit, &files::send_of(id), 0)?,
        groups: grouped(visit, &seen),
        cited: cited.collect(),
        talks,
        token: Token::fresh(visit, &super::acts::comment_of(id), 0)?,
        will_be: super::acts::will_be(visit),
        typed: visit.form.text("text").to_owned(),
        notice,
        refused,
        frame: Frame::over(&visit.visitor, rail, Room::Space(space), Window::Note, label),
    })
}
