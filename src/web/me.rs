//! What a person chooses: working label, language, theme, shortcuts; and what the house knows of him.

use super::{
    page::Shown,
    preferences::{Preferences, Theme},
    visit::Visit,
};
use crate::{api::ApiError, audit::entry::Act};

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
    Shown::See { path: visit.came_from.clone().unwrap_or_else(|| "/".to_owned()), cookie }
}
