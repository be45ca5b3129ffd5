//! What a person chooses: working label, language, theme, shortcuts; and what the house knows of him.

use askama::Template;

use super::{
    frame::{Frame, Rail, Room},
    marking::Stamp,
    page::{Shown, framed},
    preferences::{Preferences, Theme},
    visit::Visit,
    window::Window,
};
use crate::{api::ApiError, audit::entry::Act, words::key as k};

#[derive(Template)]
#[template(path = "me.html")]
struct MePage {
    frame: Frame,
    name: String,
    display: String,
    nation: String,
    clearance: String,
    roles: Vec<String>,
    working: Stamp,
    fingerprint: String,
    /// How many certificates open this account.
    certificates: u64,
}

#[derive(Template)]
#[template(path = "about.html")]
struct AboutPage {
    frame: Frame,
    deployment: String,
    expires: String,
    policy: String,
    policy_version: String,
    version: &'static str,
    prints: Option<Prints>,
}

/// Fingerprints of what is in force, and of all that has happened.
struct Prints {
    policy: String,
    epoch: u64,
    config: String,
    root: String,
    sealed: u64,
}

framed!(MePage, AboutPage);

/// `GET /me`
///
/// # Errors
/// [`ApiError`].
pub async fn me(visit: Visit) -> Result<Shown, ApiError> {
    let (visitor, subject, w) = (&visit.visitor, visit.subject(), visit.tongue());
    visit.vault().monitor().note(subject, Act::SelfRead, &[subject.id()]).await?;
    let rail = Rail::of(visitor).await?;
    let (config, account) = (visitor.config(), subject.account());
    let (policy, roles) = (config.policy(), account.roles());
    let nation = policy.releasability().iter().find(|code| code.code() == account.nation());
    let roles = [(roles.officer, k::WEB_ROLE_OFFICER), (roles.releaser, k::WEB_ROLE_RELEASER)];
    let page = MePage {
        name: account.name().to_owned(),
        display: account.display().to_owned(),
        nation: nation.map_or(account.nation(), |code| code.name(w.0)).to_owned(),
        clearance: policy.print_clearance(account.clearance()),
        roles: roles.into_iter().filter(|(held, _)| *held).map(|(_, name)| w.say(name)).collect(),
        working: Stamp::of(visitor, subject.working()),
        fingerprint: subject.fingerprint().digest().to_string(),
        certificates: u64::try_from(account.certificates().len()).unwrap_or(u64::MAX),
        frame: Frame::over(visitor, rail, Room::Me, Window::Me, *subject.working()),
    };
    Shown::page(&page)
}

/// `GET /about`: which house this is. Nothing in it comes from an object.
///
/// # Errors
/// [`ApiError`].
pub async fn about(visit: Visit) -> Result<Shown, ApiError> {
    let (visitor, w) = (&visit.visitor, visit.tongue());
    visit.vault().monitor().note(visit.subject(), Act::PolicyRead, &[]).await?;
    let rail = Rail::of(visitor).await?;
    let config = visitor.config();
    // Fingerprints change when somebody else is granted something, and the checkpoint counts the acts of everybody:
    // they are the officers' to compare.
    let prints = visit.subject().is_officer().then(|| {
        let published = visit.vault().monitor().journal().published();
        Prints {
            policy: config.policy_digest().to_string(),
            epoch: config.epoch(),
            config: config.digest().to_string(),
            root: published.note.lines().nth(2).unwrap_or_default().to_owned(),
            sealed: published.frontier.size(),
        }
    });
    let page = AboutPage {
        deployment: config.deployment().to_string(),
        expires: w.date(config.expires()),
        policy: config.policy().name(w.0).to_owned(),
        policy_version: w.day(config.policy().version()),
        version: env!("CARGO_PKG_VERSION"),
        prints,
        frame: Frame::over(visitor, rail, Room::About, Window::About, visitor.lowest()),
    };
    Shown::page(&page)
}

/// `POST /working`: the working label, from the words that were ticked.
///
/// # Errors
/// [`ApiError::Working`] for words that this clearance does not hold, as for words that do not exist.
pub async fn choose_working(visit: Visit) -> Result<Shown, ApiError> {
    let account = std::sync::Arc::clone(visit.subject().account());
    visit.vault().monitor().note(visit.subject(), Act::SelfRead, &[account.id()]).await?;
    let config = visit.visitor.config();
    let policy = config.policy();
    let text = asked(&visit, policy.owner(), policy.levels().first().map_or("", |level| level.code()));
    let label = policy.parse_working(&text, account.clearance()).map_err(ApiError::Working)?;
    let mut preferences = visit.visitor.preferences.clone();
    preferences.working = Some(policy.stored(&label));
    Ok(back(&visit, &preferences))
}

/// The wire text of what was ticked.
fn asked(visit: &Visit, owner: &str, lowest: &str) -> String {
    let level = visit.form.line("level");
    let categories: Vec<&str> = visit.form.all("category").collect();
    let nation = visit.subject().account().nation();
    let mut named = vec![owner];
    if nation != owner {
        named.push(nation);
    }
    let releasable = match visit.form.line("spread") {
        "all" => "ALL".to_owned(),
        "some" => {
            named.extend(visit.form.all("nation").filter(|code| *code != owner && *code != nation));
            named.join(",")
        }
        _ if level == lowest && categories.is_empty() => "ALL".to_owned(),
        _ => named.join(","),
    };
    let categories = categories.join(",");
    [level, &categories, &releasable].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/")
}

/// `POST /preferences`: language, theme, shortcuts; each alone or together.
///
/// # Errors
/// [`ApiError`].
pub async fn choose(visit: Visit) -> Result<Shown, ApiError> {
    visit.vault().monitor().note(visit.subject(), Act::SelfRead, &[visit.subject().id()]).await?;
    let mut preferences = visit.visitor.preferences.clone();
    if visit.form.has("language") {
        preferences.choose_language(visit.form.line("language"));
    }
    if visit.form.has("theme") {
        preferences.theme = Theme::named(visit.form.line("theme"));
    }
    if visit.form.has("keys") {
        preferences.keys_off = visit.form.line("keys") == "off";
    }
    Ok(back(&visit, &preferences))
}

fn back(visit: &Visit, preferences: &Preferences) -> Shown {
    let cookie = preferences.cookie(visit.vault(), visit.subject().fingerprint());
    let path = visit.came_from.as_deref().map_or("/", page_of);
    Shown::See { path: path.to_owned(), cookie }
}

/// Where a page is read that was shown in answer to a form: some forms have an address that nothing but they are sent to.
fn page_of(path: &str) -> &str {
    let sent_to = ["/tasks", "/template", "/comment", "/files", "/verify", "/export"];
    sent_to.iter().find_map(|end| path.strip_suffix(end)).filter(|page| !page.is_empty()).unwrap_or(path)
}
