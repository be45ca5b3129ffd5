//! What a handler answers, before it becomes HTTP.

use serde::Serialize;
use tokio::sync::mpsc;

use crate::{api::ApiError, label::Label};

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
}

impl Answer {
    /// Nothing more to say.
    pub const fn done() -> Self {
        Self { content: Content::Empty, label: None, tag: None, created: false }
    }

    /// JSON without a label: nothing in it comes from an object.
    ///
    /// # Errors
    /// [`ApiError::Internal`] never for our shapes.
    pub fn plain<T: Serialize>(value: &T) -> Result<Self, ApiError> {
        let bytes = serde_json::to_vec(value).map_err(|_never| ApiError::Internal)?;
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
