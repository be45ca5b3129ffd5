//! What conversations and messages are.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    ids::{AccountId, ConversationId, NoteId, SpaceId},
    limits,
    sharing::{Invalid, line, text},
    vault::{Kind, Stored},
};

/// Where a conversation is held.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub enum About {
    /// On a note: for those who reach the note's space.
    Note(NoteId),
    /// In a space: for its members.
    Space(SpaceId),
    /// Between people: for them alone.
    People(Vec<AccountId>),
}

/// What its opener gives of a conversation.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ConversationContent {
    /// Subject, one line.
    pub title: String,
    /// Where it is held.
    pub about: About,
}

impl ConversationContent {
    /// The content as it is stored, if it keeps the rules.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(mut self, opener: AccountId) -> Result<Self, Invalid> {
        self.title = line("title", &self.title, limits::NOTE_TITLE_CHARS_MAX)?;
        if let About::People(people) = &mut self.about {
            people.retain(|account| *account != opener);
            people.sort_unstable();
            people.dedup();
            if people.is_empty() {
                return Err(Invalid::Alone);
            }
            if people.len() > limits::PARTICIPANTS_MAX {
                return Err(Invalid::TooLong { field: "people", maximum: limits::PARTICIPANTS_MAX });
            }
            people.push(opener);
        }
        Ok(self)
    }
}

/// A conversation as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Conversation {
    /// Subject.
    pub title: String,
    /// Where it is held.
    pub about: About,
    /// When it was opened.
    pub created: Time,
}

impl Stored for Conversation {
    const KIND: Kind = Kind::Conversation;
    const SCHEMA: u8 = 1;
}

/// What an author gives of a message.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct MessageContent {
    /// Markdown.
    pub text: String,
}

impl MessageContent {
    /// The content as it is stored, if it keeps the rules.
    ///
    /// # Errors
    /// [`Invalid`].
    pub fn checked(self) -> Result<Self, Invalid> {
        let text = text("text", &self.text, limits::MESSAGE_BYTES_MAX)?;
        if text.trim().is_empty() { Err(Invalid::Empty("text")) } else { Ok(Self { text }) }
    }
}

/// A message as stored.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
pub struct Message {
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
}

impl Stored for Message {
    const KIND: Kind = Kind::Message;
    const SCHEMA: u8 = 1;
}
