//! A page cannot be made without a label: it is rendered from a [`Frame`], and a frame is built over one.

use askama::Template;
use bytes::Bytes;

use super::frame::Frame;
use crate::{
    api::{Answer, ApiError},
    label::Label,
};

/// A template with a frame round it.
pub trait Framed: Template {
    /// The frame.
    fn frame(&self) -> &Frame;
}

/// Says of a template that its field `frame` is its frame.
macro_rules! framed {
    ($($name:ident),+ $(,)?) => {
        $(impl crate::web::page::Framed for $name {
            fn frame(&self) -> &crate::web::frame::Frame {
                &self.frame
            }
        })+
    };
}
pub(super) use framed;

/// A whole page, marked.
#[derive(Debug)]
pub struct Page {
    html: String,
    label: Label,
    why: Option<ApiError>,
}

impl Page {
    /// Renders a page. Its label is that of its frame: the join of all it shows.
    ///
    /// # Errors
    /// [`ApiError::Internal`] never for our templates.
    pub fn of<T: Framed>(template: &T) -> Result<Self, ApiError> {
        let html = template.render().map_err(|_never| ApiError::Internal)?;
        Ok(Self { html, label: template.frame().label(), why: None })
    }

    /// The same page as the answer to a request that was not granted.
    #[must_use]
    pub fn because(mut self, why: ApiError) -> Self {
        self.why = Some(why);
        self
    }

    /// The label: the join of all it shows.
    pub const fn label(&self) -> &Label {
        &self.label
    }

    /// Why the request was not granted.
    pub const fn why(&self) -> Option<&ApiError> {
        self.why.as_ref()
    }

    /// The HTML.
    pub fn into_html(self) -> String {
        self.html
    }
}

/// What a handler shows.
#[derive(Debug)]
pub enum Shown {
    /// A page.
    Page(Box<Page>),
    /// Go and see there: a path of this site.
    See {
        /// The path.
        path: String,
        /// A `Set-Cookie` header.
        cookie: Option<String>,
    },
    /// Somebody's file, sent as the JSON interface sends it.
    File(Box<Answer>),
    /// Something to be saved, made here, with its label.
    Download {
        /// Name of the file: it holds nothing that anybody wrote.
        name: String,
        /// Content type.
        kind: &'static str,
        /// The bytes.
        bytes: Bytes,
        /// The label.
        label: Label,
    },
    /// Style, script or picture of ours, named by its hash; no content of anybody.
    Asset {
        /// Content type.
        kind: &'static str,
        /// The bytes.
        bytes: Bytes,
        /// Whether they are packed with zstd.
        packed: bool,
    },
}

impl Shown {
    /// A page.
    ///
    /// # Errors
    /// As [`Page::of`].
    pub fn page<T: Framed>(template: &T) -> Result<Self, ApiError> {
        Ok(Self::Page(Box::new(Page::of(template)?)))
    }

    /// A page that answers a request which was not granted: a form shown again.
    ///
    /// # Errors
    /// As [`Page::of`].
    pub fn refused<T: Framed>(template: &T, why: ApiError) -> Result<Self, ApiError> {
        Ok(Self::Page(Box::new(Page::of(template)?.because(why))))
    }

    /// Go and see there.
    pub const fn see(path: String) -> Self {
        Self::See { path, cookie: None }
    }
}
