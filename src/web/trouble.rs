//! Errors as pages. Refused and absent are one page, to the byte: it depends on the person, the working label and what he sent
//! himself. What somebody typed into a form that came to nothing stands on it, to be copied or sent again.

use askama::Template;

use super::{
    assets::Addresses,
    form::Form,
    frame::{Frame, Rail, Room},
    page::{Page, Shown, framed},
    say::Tongue,
    token::Token,
    visit::Visitor,
    window::Window,
};
use crate::{
    api::ApiError,
    label::{Label, Policy},
    words::{Sentence, key as k},
};

#[derive(Template)]
#[template(path = "trouble.html")]
struct TroublePage {
    frame: Frame,
    absent: bool,
    sentence: String,
    request: Option<String>,
    typed: Vec<Typed>,
}

/// One field of a form that came to nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Typed {
    name: String,
    value: String,
    /// What the field is called, when it holds words of a person.
    called: Option<String>,
}

/// What a form held; nothing when no person wrote any of it.
pub fn typed(form: &Form, tongue: Tongue) -> Vec<Typed> {
    let fields = form.fields().map(|(name, value)| Typed {
        name: name.to_owned(),
        value: value.to_owned(),
        called: if value.trim().is_empty() { None } else { called(name, tongue) },
    });
    let fields: Vec<Typed> = fields.collect();
    if fields.iter().any(|field| field.called.is_some()) { fields } else { Vec::new() }
}

fn called(name: &str, tongue: Tongue) -> Option<String> {
    let key = match name {
        "title" => k::WEB_FIELD_TITLE,
        "body" | "text" => k::WEB_FIELD_BODY,
        "comment" => k::WEB_FIELD_COMMENT,
        "name" => k::WEB_FIELD_NAME,
        "purpose" => k::WEB_FIELD_PURPOSE,
        "tags" => k::WEB_FIELD_TAGS,
        "source-title" => k::WEB_SOURCE_TITLE,
        "source-author" => k::WEB_SOURCE_AUTHOR,
        "source-url" => k::WEB_SOURCE_URL,
        "query" => k::WATCH_QUESTION,
        _ => return None,
    };
    Some(tongue.say(key))
}

framed!(TroublePage);

/// What went wrong, as a page for whoever asked.
///
/// # Errors
/// As [`Page::of`].
pub async fn shown(visitor: &Visitor, why: ApiError, typed: Vec<Typed>) -> Result<Shown, ApiError> {
    let absent = why == ApiError::NotFound;
    // While the journal takes no entry nothing can be listed: the page then stands without a rail.
    let rail = Rail::of(visitor).await.unwrap_or_else(|_unavailable| Rail::empty(visitor));
    let window = if absent { Window::Absent } else { Window::Trouble };
    let page = TroublePage {
        frame: Frame::over(visitor, rail, Room::Nowhere, window, label_of(visitor, &typed)),
        absent,
        sentence: visitor.tongue.tell(&why.sentence()),
        request: (why == ApiError::Internal).then(|| visitor.subject.request().to_string()),
        typed,
    };
    Shown::refused(&page, why)
}

/// A page that shows nothing is of the lowest label; what somebody typed is of the label that he works at, and of the one that his
/// form showed, which the frame joins.
fn label_of(visitor: &Visitor, typed: &[Typed]) -> Label {
    if typed.is_empty() { visitor.lowest() } else { *visitor.subject.working() }
}

/// A form that was not even looked at, for somebody who is known, with what he typed; none when he typed nothing.
pub fn held(visitor: &Visitor, sentence: &Sentence, form: &Form) -> Option<Result<Page, ApiError>> {
    let typed = typed(form, visitor.tongue);
    if typed.is_empty() {
        return None;
    }
    let typed_at = Token::typed_at(&visitor.vault, &visitor.subject, form);
    let visitor = &Visitor { typed_at, ..visitor.clone() };
    let (rail, label) = (Rail::empty(visitor), label_of(visitor, &typed));
    Some(Page::of(&TroublePage {
        frame: Frame::over(visitor, rail, Room::Nowhere, Window::Trouble, label),
        absent: false,
        sentence: visitor.tongue.tell(sentence),
        request: None,
        typed,
    }))
}

/// What went wrong before anybody was known.
///
/// # Errors
/// As [`Page::of`].
pub fn bare(policy: &Policy, tongue: Tongue, at: Addresses, sentence: &Sentence) -> Result<Page, ApiError> {
    Page::of(&TroublePage {
        frame: Frame::bare(policy, tongue, at, Window::Trouble),
        absent: false,
        sentence: tongue.tell(sentence),
        request: None,
        typed: Vec::new(),
    })
}
