//! Spaces and members.

use serde::Deserialize;

use super::{Answer, ApiError, Call, shapes};
use crate::{
    ids::{AccountId, SpaceId},
    label::Label,
    monitor::Part,
    sharing::space::{self, Space, SpaceContent},
    vault::Opened,
};

/// Body of `POST /spaces` and `PUT /spaces/{id}`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSpace {
    /// Name, one line.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub purpose: String,
    /// If given, must be the working label.
    #[serde(default)]
    pub label: Option<String>,
}

/// Body of `PUT /spaces/{id}/members/{account}`.
#[derive(Deserialize, Debug, schemars::JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPart {
    /// In which part.
    pub part: Part,
}

pub(super) fn view(call: &Call, space: &Opened<Space>) -> shapes::SpaceView {
    shapes::SpaceView {
        id: SpaceId(space.id),
        version: space.version,
        label: call.view(&space.label),
        name: space.content.content.name.clone(),
        purpose: space.content.content.purpose.clone(),
        created: space.content.created,
        author: call.person(space.author),
    }
}

fn answer(call: &Call, space: &Opened<Space>) -> Result<Answer, ApiError> {
    Ok(Answer::labelled(&view(call, space), space.label)?.tagged(call.tag(space)?))
}

/// The join of the labels of what a page shows; the lowest label when it shows nothing.
pub(super) fn joined(call: &Call, labels: impl Iterator<Item = Label>) -> Label {
    labels.reduce(|all, label| all.join(&label)).unwrap_or_else(|| call.config().policy().lowest())
}

/// `GET /spaces`
///
/// # Errors
/// [`ApiError`].
pub async fn list(call: Call) -> Result<Answer, ApiError> {
    let spaces = space::list(&call.vault, &call.subject).await?;
    let label = joined(&call, spaces.iter().map(|space| space.label));
    let items = spaces.iter().map(|space| view(&call, space)).collect();
    Answer::labelled(&shapes::Page { items, next: None }, label)
}

/// `POST /spaces`
///
/// # Errors
/// [`ApiError`].
pub async fn create(call: Call) -> Result<Answer, ApiError> {
    let new: NewSpace = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = SpaceContent { name: new.name, purpose: new.purpose }.checked()?;
    let mut name = call.repeat()?;
    if let Some(id) = call.repeated(&mut name)? {
        let space = space::read(&call.vault, &call.subject, SpaceId(id)).await?;
        return Ok(answer(&call, &space)?.created());
    }
    let id = SpaceId(call.vault.entropy().id().map_err(|_exhausted| ApiError::Unavailable)?);
    let names: Vec<_> = name.into_iter().collect();
    let space = space::create(&call.vault, &call.subject, id, content, &names).await?;
    Ok(answer(&call, &space)?.created())
}

/// `GET /spaces/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn read(call: Call) -> Result<Answer, ApiError> {
    let space = space::read(&call.vault, &call.subject, call.id("id")).await?;
    answer(&call, &space)
}

/// `PUT /spaces/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn change(call: Call) -> Result<Answer, ApiError> {
    let new: NewSpace = call.json()?;
    call.same_label(new.label.as_deref())?;
    let content = SpaceContent { name: new.name, purpose: new.purpose }.checked()?;
    let id: SpaceId = call.id("id");
    let version = call.matched(id.id())?;
    let space = space::change(&call.vault, &call.subject, id, version, content).await;
    answer(&call, &space.map_err(|error| call.told(error, id.id()))?)
}

/// `GET /spaces/{id}/members`
///
/// # Errors
/// [`ApiError`].
pub async fn members(call: Call) -> Result<Answer, ApiError> {
    let (label, members) = space::members(&call.vault, &call.subject, call.id("id")).await?;
    let config = call.config();
    let items = members
        .iter()
        .filter_map(|member| {
            let account = config.account(member.account)?;
            Some(shapes::MemberView {
                account: member.account,
                name: account.name().to_owned(),
                display: account.display().to_owned(),
                part: member.part,
            })
        })
        .collect();
    Answer::labelled(&shapes::Page::<shapes::MemberView> { items, next: None }, label)
}

/// `PUT /spaces/{id}/members/{account}`
///
/// # Errors
/// [`ApiError`].
pub async fn enrol(call: Call) -> Result<Answer, ApiError> {
    let new: NewPart = call.json()?;
    let account: AccountId = call.id("account");
    space::enrol(&call.vault, &call.subject, call.id("id"), account, new.part).await?;
    Ok(Answer::done())
}

/// `DELETE /spaces/{id}/members/{account}`
///
/// # Errors
/// [`ApiError`].
pub async fn dismiss(call: Call) -> Result<Answer, ApiError> {
    space::dismiss(&call.vault, &call.subject, call.id("id"), call.id("account")).await?;
    Ok(Answer::done())
}
