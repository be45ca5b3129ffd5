//! The sample knowledge that `vigie demo` loads: a plausible technology watch, invented from end to end.
//!
//! One file a space, one for the links, one for the conversations. Labels, kinds, types and dates stay text here:
//! they go through the API like anybody's, and whatever the API would refuse must be refused here too.
//! Accounts are named by login; notes and spaces name one another by `key`, which never leaves this folder.

use std::fmt;

use serde::Deserialize;

#[cfg(test)]
mod tests;

/// The files of spaces, by name: an error says which.
const SPACES: &[(&str, &str)] = &[
    ("sensors.toml", include_str!("sensors.toml")),
    ("drones.toml", include_str!("drones.toml")),
    ("supply.toml", include_str!("supply.toml")),
    ("quantum.toml", include_str!("quantum.toml")),
    ("alpha.toml", include_str!("alpha.toml")),
    ("cooperation.toml", include_str!("cooperation.toml")),
];
const LINKS: (&str, &str) = ("links.toml", include_str!("links.toml"));
const CONVERSATIONS: (&str, &str) = ("conversations.toml", include_str!("conversations.toml"));

/// Everything, in the order in which it is to be created: spaces, notes, links, conversations.
#[derive(Debug)]
pub struct Sample {
    /// Spaces, in no order that matters.
    pub spaces: Vec<Space>,
    /// Notes of all spaces in order of creation: a wikilink always names an earlier note.
    pub notes: Vec<Note>,
    /// Typed links between notes.
    pub links: Vec<Link>,
    /// Conversations, each with its messages in order.
    pub conversations: Vec<Conversation>,
}

/// A space and who is in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Space {
    /// Handle within the sample.
    pub key: String,
    /// Name that people read.
    pub name: String,
    /// What the space is for, one sentence.
    pub purpose: String,
    /// Label, which is the working label of the first animator when creating it.
    pub label: String,
    /// Accounts that run the space; the first one creates it. All are members too.
    pub animators: Vec<String>,
    /// Accounts that may enter; each reaches the label.
    pub members: Vec<String>,
}

/// A note as its author types it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Note {
    /// Place in the order of creation, from 1, across all spaces.
    pub order: u16,
    /// Handle within the sample.
    pub key: String,
    /// Key of the space it lives in; comes from the file it stands in.
    #[serde(skip)]
    pub space: String,
    /// Label = working label of the author when writing; never under the label of the space.
    pub label: String,
    /// Account that writes it.
    pub author: String,
    /// `watch`, `synthesis`, `idea`, `question` or `task`.
    pub kind: String,
    /// `fr`, `en` or `de`.
    pub language: String,
    /// Title; two notes at two labels may bear the same.
    pub title: String,
    /// Tags, lower case.
    pub tags: Vec<String>,
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// Admiralty grade; ideas and tasks often have none.
    pub grade: Option<Grade>,
    /// Day on which the classification or the content is to be looked at again (`YYYY-MM-DD`).
    pub review: Option<String>,
    /// Day on which the classification or the content lapses (`YYYY-MM-DD`).
    pub expires: Option<String>,
    /// Markdown, with `[[wikilinks]]` by exact title and portion marks.
    pub body: String,
}

/// A source of a note; every one is fictitious, no person is named.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Address, in a domain reserved for examples.
    pub url: Option<String>,
    /// Title of the publication or document.
    pub title: String,
    /// Author, by function.
    pub author: String,
    /// Day of publication (`YYYY-MM-DD`).
    pub date: String,
}

/// The two axes of the Admiralty code, judged apart.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    /// Source, `A` to `F`; `F` means that it cannot be judged.
    pub reliability: char,
    /// Information, 1 to 6; 6 means that it cannot be judged, 1 demands two independent sources.
    pub credibility: u8,
}

/// A typed link from one note to another.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Key of the note it starts from.
    pub from: String,
    /// Key of the note it points to.
    pub to: String,
    /// `uses`, `supports`, `contradicts`, `supersedes`, `derived-from` or `related`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Working label of the author; both ends are readable at it.
    pub label: String,
    /// Account that draws it, a member of both spaces.
    pub author: String,
    /// Why, in a few words.
    pub comment: String,
}

/// A conversation and its messages.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Conversation {
    /// Handle within the sample.
    pub key: String,
    /// Subject that people read.
    pub title: String,
    /// Working label of the author; what it is about is readable at it.
    pub label: String,
    /// Account that opens it; usually also the author of the first message.
    pub author: String,
    /// What it hangs on.
    pub on: Place,
    /// Messages in order.
    pub messages: Vec<Message>,
}

/// What a conversation hangs on.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// A note, by key.
    Note(String),
    /// A space, by key.
    Space(String),
    /// Accounts, the author among them.
    People(Vec<String>),
}

/// One message.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Message {
    /// Account that writes it.
    pub author: String,
    /// Working label of the author, at or above that of the conversation.
    pub label: String,
    /// What is said.
    pub text: String,
}

/// A file of the sample cannot be read: our fault, the files are part of the program.
#[derive(Debug)]
pub struct Malformed {
    /// Name of the file.
    pub file: &'static str,
    /// What the parser met.
    pub reason: toml::de::Error,
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "sample file {} is malformed: {}", self.file, self.reason)
    }
}

impl std::error::Error for Malformed {}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SpaceFile {
    space: Space,
    notes: Vec<Note>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LinkFile {
    links: Vec<Link>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ConversationFile {
    conversations: Vec<Conversation>,
}

/// Reads the sample knowledge out of the program.
pub fn sample() -> Result<Sample, Malformed> {
    let mut spaces = Vec::new();
    let mut notes = Vec::new();
    for file in SPACES {
        let SpaceFile { space, notes: own } = parse(*file)?;
        notes.extend(own.into_iter().map(|note| Note { space: space.key.clone(), ..note }));
        spaces.push(space);
    }
    notes.sort_by_key(|note| note.order);
    let LinkFile { links } = parse(LINKS)?;
    let ConversationFile { conversations } = parse(CONVERSATIONS)?;
    Ok(Sample { spaces, notes, links, conversations })
}

fn parse<T: for<'de> Deserialize<'de>>((file, text): (&'static str, &str)) -> Result<T, Malformed> {
    toml::from_str(text).map_err(|reason| Malformed { file, reason })
}
