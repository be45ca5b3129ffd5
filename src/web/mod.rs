//! The pages people live in: HTML made here, on the same path as the JSON answers. Like `api/` it knows neither store nor
//! crypto; it calls sharing, linking, messaging and the monitor, and `edge/` turns what it shows into HTTP.
//!
//! | file | idea |
//! |---|---|
//! | [`visit`] | one request for a page: who, on what, with which form |
//! | [`preferences`] | working label, language and theme, sealed in the browser's cookie |
//! | [`page`] | a page cannot be made without a label; what a handler shows |
//! | [`frame`], [`chooser`] | banners, working-label chooser, rail: round every page |
//! | [`marking`] | a label as chip, stamp and banner |
//! | [`parts`] | a file that a form sends without a script, read as it comes |
//! | [`form`], [`token`] | what a form sends; the sealed token that makes sending it twice harmless |
//! | [`assets`], [`sheet`] | style, scripts and the policy's colours, each named by its hash |
//! | [`say`] | words in the reader's language |
//! | [`window`] | what the title of a window says: the kind of page, never its content |
//! | [`trouble`] | errors as pages: refused and absent are one page |
//! | the rest | one file a room: [`home`], [`spaces`], [`space`], [`note`], [`search`], [`graph`], … |
//!
//! Templates stand in `templates/` at the root of the crate, where askama looks for them (checked when compiled, everything
//! escaped); style and scripts in `assets/`.

pub mod assets;
mod ceiling;
pub mod chooser;
pub mod elsewhere;
pub mod form;
pub mod frame;
pub mod graph;
pub mod home;
pub mod journal;
pub mod marking;
pub mod me;
pub mod message;
pub mod messages;
pub mod note;
pub mod page;
pub mod parts;
pub mod people;
pub mod preferences;
pub mod result;
pub mod rows;
pub mod say;
pub mod search;
pub mod sheet;
pub mod space;
pub mod space_print;
pub mod spaces;
pub mod token;
pub mod trouble;
pub mod visit;
pub mod watches;
pub mod window;

use std::pin::Pin;

pub use self::{
    assets::Shelf,
    form::Form,
    page::{Page, Shown},
    preferences::Preferences,
    visit::{Visit, Visitor},
};

use crate::api::ApiError;

/// What a handler is doing.
pub type Visited = Pin<Box<dyn Future<Output = Result<Shown, ApiError>> + Send>>;

/// Has a handler answer, and shows what went wrong as a page.
///
/// # Errors
/// [`ApiError::Internal`] when not even that can be shown; never for our templates.
pub async fn serve(handler: fn(Visit) -> Visited, mut visit: Visit) -> Result<Shown, ApiError> {
    visit.visitor.typed_at = token::Token::typed_at(visit.vault(), visit.subject(), &visit.form);
    let visitor = visit.visitor.clone();
    let typed = trouble::typed(&visit.form, visitor.tongue);
    match handler(visit).await {
        Ok(shown) => Ok(shown),
        Err(why) => trouble::shown(&visitor, why, typed).await,
    }
}
