//! People: those whom the working label lets one know.

use askama::Template;

use super::{
    frame::{Frame, Rail, Room},
    page::{Shown, framed},
    say::own_name,
    visit::Visit,
    window::Window,
};
use crate::{api::ApiError, config::Account, ids::AccountId, label::Policy, sharing::people, words::key as k};

#[derive(Template)]
#[template(path = "people.html")]
struct PeoplePage {
    frame: Frame,
    people: Vec<Person>,
}

#[derive(Template)]
#[template(path = "person.html")]
struct PersonPage {
    frame: Frame,
    person: Person,
}

framed!(PeoplePage, PersonPage);

struct Person {
    id: AccountId,
    display: String,
    name: String,
    nation: String,
    language: &'static str,
    /// Whether it is whoever asks: nobody writes to himself.
    me: bool,
}

impl Person {
    fn of(account: &Account, policy: &Policy, visit: &Visit) -> Self {
        let nation = policy.releasability().iter().find(|code| code.code() == account.nation());
        Self {
            id: account.id(),
            display: account.display().to_owned(),
            name: account.name().to_owned(),
            nation: nation.map_or(account.nation(), |code| code.name(visit.tongue().0)).to_owned(),
            language: own_name(account.language()),
            me: account.id() == visit.subject().id(),
        }
    }
}

/// `GET /people`
///
/// # Errors
/// [`ApiError`].
pub async fn list(visit: Visit) -> Result<Shown, ApiError> {
    let visitor = &visit.visitor;
    let (rail, people) = tokio::join!(Rail::of(visitor), people::list(visit.vault(), visit.subject()));
    let (rail, people, config) = (rail?, people?, visitor.config());
    let mut people: Vec<Person> = people.iter().map(|account| Person::of(account, config.policy(), &visit)).collect();
    people.sort_by_key(|person| person.display.to_lowercase());
    // Whom one may know depends on the working label: so does the page.
    let frame = Frame::over(visitor, rail, Room::People, Window::People, *visit.subject().working());
    Shown::page(&PeoplePage { frame, people })
}

/// `GET /people/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn person(visit: Visit) -> Result<Shown, ApiError> {
    let visitor = &visit.visitor;
    let (rail, account) =
        tokio::join!(Rail::of(visitor), people::read(visit.vault(), visit.subject(), visit.call.id("id")));
    let (rail, account, config) = (rail?, account?, visitor.config());
    let person = Person::of(&account, config.policy(), &visit);
    let frame = Frame::over(visitor, rail, Room::People, Window::Person, *visit.subject().working());
    Shown::page(&PersonPage { frame, person })
}
