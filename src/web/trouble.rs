//! Errors as pages. Refused and absent are one page, to the byte: it depends on the person and the working label alone.

use askama::Template;

use super::{
    assets::Addresses,
    frame::{Frame, Rail, Room},
    page::{Page, Shown, framed},
    say::Tongue,
    visit::Visitor,
};
use crate::{
    api::ApiError,
    label::Policy,
    words::{Sentence, key as k},
};

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    absent: bool,
    sentence: String,
    request: Option<String>,
}

framed!(TroublePage);

/// What went wrong, as a page for whoever asked.
///
/// # Errors
/// As [`Page::of`].
pub async fn shown(visitor: &Visitor, why: ApiError) -> Result<Shown, ApiError> {
    let absent = why == ApiError::NotFound;
    // While the journal takes no entry nothing can be listed: the page then stands without a rail.
    let rail = Rail::of(visitor).await.unwrap_or_else(|_unavailable| Rail::empty(visitor));
    let title = visitor.tongue.say(if absent { k::WEB_ABSENT_TITLE } else { k::WEB_TROUBLE_TITLE });
    let page = TroublePage {
        frame: Frame::over(visitor, rail, Room::Nowhere, title, visitor.lowest()),
        absent,
        sentence: visitor.tongue.tell(&why.sentence()),
        request: (why == ApiError::Internal).then(|| visitor.subject.request().to_string()),
    };
    Shown::refused(&page, why)
}

/// What went wrong before anybody was known.
///
/// # Errors
/// As [`Page::of`].
pub fn bare(policy: &Policy, tongue: Tongue, at: Addresses, sentence: &Sentence) -> Result<Page, ApiError> {
    Page::of(&TroublePage {
        frame: Frame::bare(policy, tongue, at, tongue.say(k::WEB_TROUBLE_TITLE)),
        absent: false,
        sentence: tongue.tell(sentence),
        request: None,
    })
}
