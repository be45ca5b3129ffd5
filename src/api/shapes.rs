//! The JSON shapes of answers.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    ids::{AccountId, AttachmentId, ConversationId, DraftId, LinkId, MessageId, NoteId, SpaceId},
    label::LabelView,
    messaging::conversation::About,
    monitor::Part,
    sharing::{
        note::{Grade, NoteKind, Source},
        signature::ContentKind,
    },
};

/// One page of a list.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Page<T> {
    /// What the page shows, in the order of the list.
    pub items: Vec<T>,
    /// Where the next page starts; null on the last one.
    pub next: Option<String>,
}

/// Query of a list.
#[derive(Deserialize, Debug, Default)]
#[serde(deny_unknown_fields)]
pub struct Paging {
    /// Cursor of an earlier answer.
    pub after: Option<String>,
    /// How many.
    pub limit: Option<usize>,
}

/// A person, as an object names him.
#[derive(Serialize, Debug, Clone, JsonSchema)]
pub struct Person {
    /// The account.
    pub id: AccountId,
    /// The name shown; null when the account is no longer configured.
    pub display: Option<String>,
}

/// A person's profile.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Profile {
    /// The account.
    pub id: AccountId,
    /// Short name.
    pub name: String,
    /// The name shown.
    pub display: String,
    /// Nation or organisation.
    pub nation: String,
    /// Language.
    pub language: String,
}

/// Oneself.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Me {
    /// The account.
    pub account: Profile,
    /// The clearance.
    pub clearance: LabelView,
    /// The working label of this request.
    pub working: LabelView,
    /// Roles beyond an analyst's: `officer`, `releaser`.
    pub roles: Vec<String>,
}

/// A word of the policy, named in the reader's language.
#[derive(Serialize, Debug, JsonSchema)]
pub struct Word {
    /// As it is written in labels.
    pub code: String,
    /// As it is read.
    pub name: String,
}

/// The words that one's clearance may use.
#[derive(Serialize, Debug, JsonSchema)]
pub struct PolicyWords {
    /// The policy.
    pub id: String,
    /// Whose information it is by default.
    pub owner: String,
    /// Levels, lowest first.
    pub levels: Vec<Word>,
    /// Categories.
    pub categories: Vec<Word>,
    /// Nations and organisations.
    pub releasable: Vec<Word>,
}

/// A space.
#[derive(Serialize, Debug, JsonSchema)]
pub struct SpaceView {
    /// Identifier.
    pub id: SpaceId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// Name.
    pub name: String,
    /// Purpose.
    pub purpose: String,
    /// When it was made.
    pub created: Time,
    /// By whom.
    pub author: Person,
}

/// An attachment, or one's own upload.
#[derive(Serialize, Debug, JsonSchema)]
pub struct AttachmentView {
    /// Identifier.
    pub id: AttachmentId,
    /// Version.
    pub version: u64,
    /// Label: the note's.
    pub label: LabelView,
    /// The note.
    pub note: NoteId,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// Bytes that are stored: where an upload goes on.
    pub offset: u64,
    /// Whether it is whole, and listed.
    pub complete: bool,
    /// What its first bytes look like; null before it is whole.
    pub kind: Option<ContentKind>,
    /// SHA-256 of the content, hexadecimal; before it is whole, as announced.
    pub digest: Option<String>,
    /// When its sending began.
    pub created: Time,
    /// When an upload that is not finished is removed; null when it is whole.
    pub until: Option<Time>,
    /// Who sent it.
    pub author: Person,
}

/// A member of a space.
#[derive(Serialize, Debug, JsonSchema)]
pub struct MemberView {
    /// Who.
    pub account: AccountId,
    /// Short name.
    pub name: String,
    /// The name shown.
    pub display: String,
    /// In which part.
    pub part: Part,
}

/// A note.
#[derive(Serialize, Debug, JsonSchema)]
pub struct NoteView {
    /// Identifier.
    pub id: NoteId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// Where it lives.
    pub space: SpaceId,
    /// What it is for.
    pub kind: NoteKind,
    /// Title.
    pub title: String,
    /// Markdown.
    pub body: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Language.
    pub language: String,
    /// Sources.
    pub sources: Vec<Source>,
    /// Grade.
    pub grade: Option<Grade>,
    /// Review day.
    pub review: Option<String>,
    /// Expiry day.
    pub expires: Option<String>,
    /// When it was first written.
    pub created: Time,
    /// By whom.
    pub author: Person,
    /// When this version was written.
    pub modified: Time,
    /// By whom.
    pub editor: Person,
    /// The version that this one restores.
    pub restored: Option<u64>,
    /// The name it bears elsewhere.
    pub external_id: Option<String>,
}

/// A note in a list.
#[derive(Serialize, Debug, Clone, JsonSchema)]
pub struct CardView {
    /// Identifier.
    pub id: NoteId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// Where it lives.
    pub space: SpaceId,
    /// What it is for.
    pub kind: NoteKind,
    /// Title.
    pub title: String,
    /// The first words of the body.
    pub extract: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Language.
    pub language: String,
    /// Grade.
    pub grade: Option<Grade>,
    /// Review day.
    pub review: Option<String>,
    /// Expiry day.
    pub expires: Option<String>,
    /// When it was first written.
    pub created: Time,
    /// By whom.
    pub author: Person,
    /// When the present version was written.
    pub modified: Time,
    /// By whom.
    pub editor: Person,
}

/// An old version in the history.
#[derive(Serialize, Debug, JsonSchema)]
pub struct RevisionView {
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// Title.
    pub title: String,
    /// When it was written.
    pub modified: Time,
    /// By whom.
    pub editor: Person,
    /// The version that it restores.
    pub restored: Option<u64>,
}

/// A link.
#[derive(Serialize, Debug, JsonSchema)]
pub struct LinkView {
    /// Identifier.
    pub id: LinkId,
    /// Label.
    pub label: LabelView,
    /// The note it starts from.
    pub from: NoteId,
    /// The note it leads to.
    pub to: NoteId,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    pub comment: String,
    /// When it was made.
    pub created: Time,
    /// By whom.
    pub author: Person,
    /// The name it bears elsewhere.
    pub external_id: Option<String>,
}

/// A link as seen from one note.
#[derive(Serialize, Debug, JsonSchema)]
pub struct SeenView {
    /// `out` or `in`.
    pub way: &'static str,
    /// Type; `mention` for `[[…]]` in a body.
    #[serde(rename = "type")]
    pub kind: String,
    /// The link; null for a mention.
    pub id: Option<LinkId>,
    /// Why.
    pub comment: String,
    /// The sentence around a mention.
    pub sentence: Option<String>,
    /// Label of the link, or of the note that mentions.
    pub label: LabelView,
    /// By whom; null for a mention.
    pub author: Option<Person>,
    /// When; null for a mention.
    pub created: Option<Time>,
    /// The note at the other end.
    pub other: CardView,
}

/// A conversation.
#[derive(Serialize, Debug, JsonSchema)]
pub struct ConversationView {
    /// Identifier.
    pub id: ConversationId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// Subject.
    pub title: String,
    /// Where it is held.
    pub about: About,
    /// When it was opened.
    pub created: Time,
    /// By whom.
    pub author: Person,
}

/// A message.
#[derive(Serialize, Debug, JsonSchema)]
pub struct MessageView {
    /// Identifier.
    pub id: MessageId,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// The conversation.
    pub conversation: ConversationId,
    /// What it says; empty once withdrawn.
    pub text: String,
    /// When it was posted.
    pub created: Time,
    /// When it was last edited.
    pub edited: Option<Time>,
    /// Whether its author took it back.
    pub withdrawn: bool,
    /// By whom.
    pub author: Person,
}

/// An entry of the journal, opened for an officer.
#[derive(Serialize, Debug, JsonSchema)]
pub struct EntryView {
    /// Number.
    pub number: u64,
    /// When it was decided.
    pub time: Time,
    /// Journal length when it was decided.
    pub basis: u64,
    /// Who; null for the system.
    pub account: Option<AccountId>,
    /// Short name of the account, if it is configured.
    pub name: Option<String>,
    /// SHA-256 of the certificate's public key.
    pub fingerprint: Option<String>,
    /// The working label.
    pub working: Option<String>,
    /// What was asked for.
    pub act: String,
    /// On what.
    pub objects: Vec<ObjectView>,
    /// How it ended.
    pub verdict: String,
    /// By which rule.
    pub rule: String,
    /// The request.
    pub request: Option<String>,
    /// System events only.
    pub detail: Option<String>,
}

/// An object in an entry.
#[derive(Serialize, Debug, JsonSchema)]
pub struct ObjectView {
    /// Identifier.
    pub id: String,
    /// Version; 0 where there is none.
    pub version: u64,
    /// SHA-256 of the stored bytes.
    pub digest: Option<String>,
    /// Label.
    pub label: Option<String>,
}

/// One page of the journal.
#[derive(Serialize, Debug, JsonSchema)]
pub struct JournalPage {
    /// The entries, newest first.
    pub items: Vec<EntryView>,
    /// `before` of the next page; null when the first entry was looked at.
    pub next: Option<u64>,
}

/// A draft.
#[derive(Serialize, Debug, JsonSchema)]
pub struct DraftView {
    /// The draft.
    pub id: DraftId,
    /// Its version.
    pub version: u64,
    /// Its label.
    pub label: LabelView,
    /// The space that the note is for, if it is chosen.
    pub space: Option<SpaceId>,
    /// The note that is being changed, if it is not a new one.
    pub note: Option<NoteId>,
    /// Field by field, as typed.
    pub form: BTreeMap<String, String>,
    /// When it was begun.
    pub created: Time,
    /// When it was last saved.
    pub modified: Time,
}

/// A draft in its author's list.
#[derive(Serialize, Debug, JsonSchema)]
pub struct DraftCardView {
    /// The draft.
    pub id: DraftId,
    /// Its version.
    pub version: u64,
    /// Its label.
    pub label: LabelView,
    /// The space that the note is for, if it is chosen.
    pub space: Option<SpaceId>,
    /// The note that is being changed, if it is not a new one.
    pub note: Option<NoteId>,
    /// Title as typed so far.
    pub title: String,
    /// When it was begun.
    pub created: Time,
    /// When it was last saved.
    pub modified: Time,
}

/// A text that names one.
#[derive(Serialize, Debug, JsonSchema)]
pub struct MentionView {
    /// The note, when it is a note.
    pub note: Option<NoteId>,
    /// The conversation, when it is a message.
    pub conversation: Option<ConversationId>,
    /// The message, when it is one.
    pub message: Option<MessageId>,
    /// Version of the text.
    pub version: u64,
    /// Its label.
    pub label: LabelView,
    /// Title of the note; empty for a message.
    pub title: String,
    /// The line in which one is named.
    pub sentence: String,
    /// Who made the note or message.
    pub author: Person,
    /// When this version was written.
    pub modified: Time,
}
