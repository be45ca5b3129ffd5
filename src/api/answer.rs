//! What a handler answers, before it becomes HTTP.

use serde::Serialize;
use tokio::sync::mpsc;

use crate::{api::ApiError, label::Label, sharing::attachments};

/// Room for one note of some pages, so that its JSON is not moved while it is written.
const ROOM_BYTES: usize = 4 * 1024;

/// The content of an answer.
#[derive(Debug)]
pub enum Content {
    /// Nothing.
    Empty,
    /// JSON.
    Json(Vec<u8>),
    /// Text.
    Text(String),
    /// Bytes.
    Bytes(Vec<u8>),
    /// JSON lines, as they come.
    Lines(mpsc::Receiver<Vec<u8>>),
    /// An attachment's bytes, as they are read.
    File(Box<File>),
}

/// How a browser is told to take a content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// As a file to keep, of no type.
    Saved,
    /// In its place, as a picture of this media type.
    Inline(&'static str),
}

/// An attachment's bytes.
#[derive(Debug)]
pub struct File {
    /// Where they come from.
    pub content: attachments::Content,
    /// Bytes of the whole.
    pub size: u64,
    /// First byte and the one behind the last, when a part is answered.
    pub part: Option<(u64, u64)>,
    /// How it is taken.
    pub shown: Shown,
    /// `Content-Disposition`.
    pub disposition: String,
}

impl File {
    /// Bytes of this answer.
    pub const fn length(&self) -> u64 {
        match self.part {
            Some((start, end)) => end.saturating_sub(start),
            None => self.size,
        }
    }
}

/// What a handler answers.
#[derive(Debug)]
pub struct Answer {
    /// The content.
    pub content: Content,
    /// The join of the labels of everything in it; none for what bears no label.
    pub label: Option<Label>,
    /// The entity tag, for things with versions.
    pub tag: Option<String>,
    /// Whether something was made.
    pub created: bool,
    /// Bytes that are stored of an upload.
    pub offset: Option<u64>,
}

impl Answer {
    /// Nothing more to say.
    pub const fn done() -> Self {
        Self { content: Content::Empty, label: None, tag: None, created: false, offset: None }
    }

    /// JSON without a label: nothing in it comes from an object.
    ///
    /// # Errors
    /// [`ApiError::Internal`] never for our shapes.
    pub fn plain<T: Serialize>(value: &T) -> Result<Self, ApiError> {
        let mut bytes = Vec::with_capacity(ROOM_BYTES);
        serde_json::to_writer(&mut bytes, value).map_err(|_never| ApiError::Internal)?;
        Ok(Self { content: Content::Json(bytes), ..Self::done() })
    }

    /// JSON that shows objects: `label` is the join of theirs.
    ///
    /// # Errors
    /// As [`Answer::plain`].
    pub fn labelled<T: Serialize>(value: &T, label: Label) -> Result<Self, ApiError> {
        Ok(Self { label: Some(label), ..Self::plain(value)? })
    }

    /// With an entity tag.
    #[must_use]
    pub fn tagged(mut self, tag: String) -> Self {
        self.tag = Some(tag);
        self
    }

    /// As the answer to a creation.
    #[must_use]
    pub const fn created(mut self) -> Self {
        self.created = true;
        self
    }
}
