//! One result, from the opened record.

use super::{
    error::{FindingError, altered, intact},
    matter::Found,
    snippet::{self, Snippet, Sought},
    tongue,
};
use crate::{
    clock::Time,
    ids::{AccountId, Id},
    label::Label,
    limits,
    linking::link::Link,
    messaging::conversation::{Conversation, Message},
    sharing::{
        attachment::Attachment,
        note::{Grade, Note, NoteKind},
        signature::ContentKind,
        space::Space,
    },
    vault::{Chunks, Envelope, Mixed, Opened, Stored, Vault, VaultError},
    words::Language,
};

/// One result.
#[derive(Clone, Debug)]
pub struct Hit {
    /// What it is.
    pub kind: Found,
    /// The object.
    pub id: Id,
    /// Its label.
    pub label: Label,
    /// Where it lives, or [`Id::NONE`].
    pub home: Id,
    /// What it belongs to: the note of an attachment, the conversation of a message.
    pub about: Option<Id>,
    /// Both ends of a link.
    pub ends: Option<(Id, Id)>,
    /// What a note is for.
    pub note_kind: Option<NoteKind>,
    /// Type of a link.
    pub link_kind: Option<String>,
    /// Who wrote it.
    pub author: AccountId,
    /// The language of its texts, as far as they tell.
    pub language: Option<Language>,
    /// When this version was written.
    pub modified: Time,
    /// Grade of a note.
    pub grade: Option<Grade>,
    /// Title, subject or name; with the words that were sought.
    pub title: Snippet,
    /// The best sentence, with the words that were sought.
    pub sentence: Snippet,
    /// What it was sorted by.
    pub order: u64,
}

fn plain<T>(kind: Found, of: &Opened<T>, order: u64) -> Hit {
    Hit {
        kind,
        id: of.id,
        label: of.label,
        home: of.home,
        about: None,
        ends: None,
        note_kind: None,
        link_kind: None,
        author: of.author,
        language: None,
        modified: of.modified,
        grade: None,
        title: Snippet::default(),
        sentence: Snippet::default(),
        order,
    }
}

/// Opens a result; none when the monitor does not cover it.
pub(super) fn hit(
    vault: &Vault,
    page: &mut Mixed,
    kind: Found,
    envelope: Envelope,
    order: u64,
    sought: &Sought,
) -> Result<Option<Hit>, FindingError> {
    let spoken =
        |author: AccountId, texts: &[&str]| tongue::of(texts.iter().copied(), author, &vault.monitor().config());
    Ok(match kind {
        Found::Note => opened::<Note>(vault, page, envelope)?.map(|of| {
            let content = &of.content.content;
            let language = Language::ALL.into_iter().find(|one| one.code() == content.language).unwrap_or_default();
            Hit {
                note_kind: Some(content.kind),
                language: Some(language),
                grade: content.grade,
                author: of.content.editor,
                title: snippet::of_title(&content.title, language, sought),
                sentence: snippet::of_body(&content.body, language, sought),
                ..plain(kind, &of, order)
            }
        }),
        Found::Link => opened::<Link>(vault, page, envelope)?.map(|of| {
            let language = spoken(of.author, &[&of.content.comment]);
            Hit {
                ends: Some((of.content.from.id(), of.content.to.id())),
                link_kind: Some(of.content.kind.clone()),
                language: Some(language),
                sentence: snippet::of_body(&of.content.comment, language, sought),
                ..plain(kind, &of, order)
            }
        }),
        Found::Conversation => opened::<Conversation>(vault, page, envelope)?.map(|of| {
            let language = spoken(of.author, &[&of.content.title]);
            Hit {
                language: Some(language),
                title: snippet::of_title(&of.content.title, language, sought),
                ..plain(kind, &of, order)
            }
        }),
        Found::Message => opened::<Message>(vault, page, envelope)?.map(|of| {
            let language = spoken(of.author, &[&of.content.text]);
            Hit {
                about: Some(of.content.conversation.id()),
                language: Some(language),
                sentence: snippet::of_body(&of.content.text, language, sought),
                ..plain(kind, &of, order)
            }
        }),
        Found::Attachment => match intact(vault.open_mixed_content::<Attachment>(page, envelope))? {
            None => None,
            Some((of, chunks)) => {
                let text = beginning(vault, &of.content, &chunks)?;
                let language = spoken(of.author, &[&of.content.name, &text]);
                Some(Hit {
                    about: Some(of.content.note.id()),
                    language: Some(language),
                    title: snippet::of_title(&of.content.name, language, sought),
                    sentence: snippet::of_text(&text, language, sought),
                    ..plain(kind, &of, order)
                })
            }
        },
        Found::Space => opened::<Space>(vault, page, envelope)?.map(|of| {
            let (name, purpose) = (&of.content.content.name, &of.content.content.purpose);
            let language = spoken(of.author, &[name, purpose]);
            Hit {
                language: Some(language),
                title: snippet::of_title(name, language, sought),
                sentence: snippet::of_body(purpose, language, sought),
                ..plain(kind, &of, order)
            }
        }),
    })
}

/// The beginning of a file's text; none of what is no text, and of a file that has just gone.
fn beginning(vault: &Vault, of: &Attachment, chunks: &Chunks) -> Result<String, FindingError> {
    if of.kind != ContentKind::Text {
        return Ok(String::new());
    }
    match vault.first_bytes(chunks, limits::SNIPPET_BYTES_READ) {
        Ok(bytes) => Ok(String::from_utf8_lossy(&bytes).into_owned()),
        Err(VaultError::Refused(_)) => Ok(String::new()),
        Err(VaultError::Tampered(id)) => {
            altered(id);
            Ok(String::new())
        }
        Err(other) => Err(other.into()),
    }
}

fn opened<T: Stored>(vault: &Vault, page: &mut Mixed, envelope: Envelope) -> Result<Option<Opened<T>>, FindingError> {
    intact(vault.open_mixed(page, envelope))
}
