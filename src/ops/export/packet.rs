//! What the server lets out, as an export reads it.

use serde::{Deserialize, Serialize};

use crate::{
    clock::Time,
    label::LabelView,
    ops::import::item::{Grade, Kind},
};

/// One page. What an export does not need is passed over.
#[derive(Deserialize, Debug)]
pub struct Page {
    /// Nothing above it is here.
    pub ceiling: LabelView,
    /// The join of the labels of all that is here.
    pub label: LabelView,
    /// The space.
    pub space: Option<Space>,
    /// The notes.
    pub items: Vec<Packet>,
    /// Where the next page starts.
    pub next: Option<String>,
}

/// A space.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Space {
    /// Identifier.
    pub id: String,
    /// Label.
    pub label: LabelView,
    /// Name.
    pub name: String,
    /// Purpose.
    pub purpose: String,
    /// When it was made.
    pub created: Time,
}

/// A note with what goes with it.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Packet {
    /// The note.
    pub note: Note,
    /// Links that start from it.
    pub links: Vec<Link>,
    /// Whether there may be further links.
    pub further: bool,
    /// Its attachments.
    pub attachments: Vec<Attachment>,
}

/// A note.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Note {
    /// Identifier.
    pub id: String,
    /// Version.
    pub version: u64,
    /// Label.
    pub label: LabelView,
    /// What it is for.
    pub kind: Kind,
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
    /// The name it bears elsewhere.
    pub external_id: Option<String>,
}

/// Where something was found; empty texts for what is not known.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Source {
    /// Address.
    pub url: String,
    /// Title.
    pub title: String,
    /// Who wrote it.
    pub author: String,
    /// Day, month or year.
    pub date: String,
}

/// A person.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Person {
    /// The account.
    pub id: String,
    /// The name shown, if the account is still known.
    pub display: Option<String>,
}

/// A link.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Link {
    /// Identifier.
    pub id: String,
    /// Label.
    pub label: LabelView,
    /// The note it leads to.
    pub to: String,
    /// Type.
    #[serde(rename = "type")]
    pub kind: String,
    /// Why.
    pub comment: String,
    /// When it was made.
    pub created: Time,
    /// The name it bears elsewhere.
    pub external_id: Option<String>,
}

/// An attachment.
#[derive(Clone, Serialize, Deserialize, Debug)]
pub struct Attachment {
    /// Identifier.
    pub id: String,
    /// Label.
    pub label: LabelView,
    /// Name of the file.
    pub name: String,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hexadecimal.
    pub digest: Option<String>,
}

impl Person {
    /// The name, or the identifier of an account that is gone.
    pub fn shown(&self) -> &str {
        self.display.as_deref().unwrap_or(&self.id)
    }
}

/// A label as it is written, `S/ALPHA/FRA,BEL`: always explicit, so that it is read the same by every policy of its name.
pub fn label_text(label: &LabelView) -> String {
    let categories = label.categories.join(",");
    let releasable = label.releasable.join(",");
    let parts = [label.level.as_str(), &categories, &releasable];
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}
