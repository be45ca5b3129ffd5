//! All my spaces, and a new one.

use askama::Template;

use super::{
    frame::{Frame, Rail, Room},
    marking::{Chip, Stamp},
    page::{Shown, framed},
    say::Tongue,
    token::{Once, Token, notice},
    visit::Visit,
    window::Window,
};
use crate::{
    api::ApiError,
    ids::SpaceId,
    sharing::{
        Invalid,
        space::{self, SpaceContent},
    },
    words::{Sentence, key as k},
};

#[derive(Template)]
#[template(path = "spaces.html")]
struct SpacesPage {
    frame: Frame,
    rows: Vec<SpaceRow>,
}

struct SpaceRow {
    id: SpaceId,
    name: String,
    purpose: String,
    chip: Chip,
    created: String,
}

framed!(SpacesPage, SpaceForm);

/// `GET /spaces`
///
/// # Errors
/// [`ApiError`].
pub async fn list(visit: Visit) -> Result<Shown, ApiError> {
    let visitor = &visit.visitor;
    let spaces = space::list(visit.vault(), visit.subject()).await?;
    let rail = Rail::among(visitor, &spaces);
    let label = visitor.joined(spaces.iter().map(|space| space.label));
    let mut rows: Vec<SpaceRow> = spaces
        .iter()
        .map(|space| SpaceRow {
            id: SpaceId(space.id),
            name: space.content.content.name.clone(),
            purpose: space.content.content.purpose.clone(),
            chip: Chip::of(visitor, &space.label),
            created: visit.tongue().date(space.content.created),
        })
        .collect();
    rows.sort_by_key(|row| (row.name.to_lowercase(), row.id));
    let frame = Frame::over(visitor, rail, Room::Spaces, Window::Spaces, label);
    Shown::page(&SpacesPage { frame, rows })
}

/// Name and purpose, to be filled in.
#[derive(Template)]
#[template(path = "space_form.html")]
pub(super) struct SpaceForm {
    pub(super) frame: Frame,
    pub(super) stamp: Stamp,
    /// The space that is renamed, and its present name; none for a new one.
    pub(super) space: Option<(SpaceId, String)>,
    pub(super) token: String,
    pub(super) name: String,
    pub(super) purpose: String,
    /// Name and purpose as they are now, when those are not what was changed.
    pub(super) present: Option<(String, String)>,
    /// The field that is wrong, and why.
    pub(super) fault: Option<Fault>,
    /// Why nothing was done, when no field is to blame.
    pub(super) notice: Option<String>,
}

/// A field that is wrong, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Fault {
    field: &'static str,
    /// One clear sentence.
    pub sentence: String,
}

impl Fault {
    /// What is wrong, with the field called as the form calls it.
    pub fn of(invalid: &Invalid, tongue: Tongue) -> Self {
        let named = |key, field: &'static str| tongue.tell(&Sentence::new(key).with("field", name_of(field, tongue)));
        let (field, sentence) = match invalid {
            Invalid::Empty(field) => (*field, named(k::SHARING_EMPTY, field)),
            Invalid::Hidden(field) => (*field, named(k::SHARING_HIDDEN, field)),
            Invalid::Date(field) => (*field, tongue.with(k::WEB_FAULT_DATE, "field", name_of(field, tongue))),
            Invalid::TooLong { field, maximum } => {
                let sentence = Sentence::new(k::SHARING_TOO_LONG).with("field", name_of(field, tongue));
                (*field, tongue.tell(&sentence.with("maximum", *maximum)))
            }
            Invalid::Language => ("language", tongue.tell(&invalid.sentence())),
            Invalid::Grade | Invalid::Unconfirmed => ("grade", tongue.tell(&invalid.sentence())),
            Invalid::DateOrder => ("expires", tongue.tell(&invalid.sentence())),
            Invalid::SelfLink => ("to", tongue.tell(&invalid.sentence())),
            Invalid::LinkType => ("type", tongue.tell(&invalid.sentence())),
            Invalid::Alone => ("people", tongue.tell(&invalid.sentence())),
            Invalid::LastAnimator => ("member", tongue.tell(&invalid.sentence())),
            Invalid::FileName
            | Invalid::FileTooLarge
            | Invalid::DigestText
            | Invalid::DigestDiffers
            | Invalid::TooManyAttachments
            | Invalid::TooManyUploads => ("file", tongue.tell(&invalid.sentence())),
        };
        Self { field, sentence }
    }

    /// What is wrong with a field, told in a sentence of its own.
    pub const fn told(field: &'static str, sentence: String) -> Self {
        Self { field, sentence }
    }

    /// The field.
    pub const fn field(&self) -> &'static str {
        self.field
    }

    /// Whether it is about that field.
    pub fn is(&self, field: &str) -> bool {
        self.field == field
    }
}

/// A field as forms call it.
fn name_of(field: &str, tongue: Tongue) -> String {
    tongue.say(match field {
        "title" => k::WEB_FIELD_TITLE,
        "body" | "text" => k::WEB_FIELD_BODY,
        "tags" => k::WEB_FIELD_TAGS,
        "sources" => k::WEB_FIELD_SOURCES,
        "review" => k::WEB_FIELD_REVIEW,
        "expires" => k::WEB_FIELD_EXPIRES,
        "name" => k::WEB_FIELD_NAME,
        "purpose" => k::WEB_FIELD_PURPOSE,
        "people" => k::WEB_FIELD_PEOPLE,
        "file" => k::WEB_FILE_ADD,
        "drafts" => k::WEB_DRAFTS,
        "form" => k::WEB_FIELD_BODY,
        "space" => k::WEB_FIELD_SPACE,
        "query" => k::WATCH_QUESTION,
        "watches" => k::WATCH_TITLE,
        _ => k::WEB_FIELD_COMMENT,
    })
}

const NEW: &str = "space-create";

/// `GET /spaces/new`
///
/// # Errors
/// [`ApiError`].
pub async fn fresh(visit: Visit) -> Result<Shown, ApiError> {
    Shown::page(&form(&visit, None, None).await?)
}

async fn form(visit: &Visit, fault: Option<Fault>, notice: Option<String>) -> Result<SpaceForm, ApiError> {
    let visitor = &visit.visitor;
    let rail = Rail::of(visitor).await?;
    if visit.subject().is_officer() {
        return Err(ApiError::NotFound);
    }
    Ok(SpaceForm {
        frame: Frame::over(visitor, rail, Room::Spaces, Window::NewSpace, visitor.lowest()),
        stamp: Stamp::of(visitor, visit.subject().working()),
        space: None,
        token: Token::fresh(visit, NEW, 0)?,
        name: visit.form.text("name").to_owned(),
        purpose: visit.form.text("purpose").to_owned(),
        present: None,
        fault,
        notice,
    })
}

/// `POST /spaces/new`
///
/// # Errors
/// [`ApiError`].
pub async fn create(mut visit: Visit) -> Result<Shown, ApiError> {
    let names = match Once::of(&mut visit, NEW)? {
        Once::Fresh(names) => names,
        Once::Before(id) => return Ok(Shown::see(format!("/spaces/{id}"))),
        Once::Again(why) => {
            let notice = notice(&why, visit.tongue());
            return Shown::refused(&form(&visit, None, Some(notice)).await?, why);
        }
    };
    let content = match typed(&visit).checked() {
        Ok(content) => content,
        Err(invalid) => {
            let fault = Fault::of(&invalid, visit.tongue());
            return Shown::refused(&form(&visit, Some(fault), None).await?, invalid.into());
        }
    };
    let id = SpaceId(visit.vault().entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    space::create(visit.vault(), visit.subject(), id, content, &names).await?;
    Ok(Shown::see(format!("/spaces/{id}")))
}

/// What was typed.
pub(super) fn typed(visit: &Visit) -> SpaceContent {
    SpaceContent { name: visit.form.text("name").to_owned(), purpose: visit.form.text("purpose").to_owned() }
}
