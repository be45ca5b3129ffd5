//! Oneself, the policy's words, and people.

use super::{Answer, ApiError, Call, shapes};
use crate::{audit::entry::Act, config::Account, sharing::people, words::Language};

pub(super) fn profile(account: &Account) -> shapes::Profile {
    shapes::Profile {
        id: account.id(),
        name: account.name().to_owned(),
        display: account.display().to_owned(),
        nation: account.nation().to_owned(),
        language: account.language().code().to_owned(),
    }
}

/// `GET /me`
///
/// # Errors
/// [`ApiError`].
pub async fn me(call: Call) -> Result<Answer, ApiError> {
    let subject = &call.subject;
    call.vault.monitor().note(subject, Act::SelfRead, &[subject.id()]).await?;
    let account = subject.account();
    let roles = account.roles();
    let mut names = Vec::new();
    if roles.officer {
        names.push("officer".to_owned());
    }
    if roles.releaser {
        names.push("releaser".to_owned());
    }
    Answer::plain(&shapes::Me {
        account: profile(account),
        clearance: call.view(account.clearance().ceiling()),
        working: call.view(subject.working()),
        roles: names,
    })
}

/// `GET /policy`: only the words within the clearance, so that nobody learns the names of compartments.
///
/// # Errors
/// [`ApiError`].
pub async fn policy(call: Call) -> Result<Answer, ApiError> {
    call.vault.monitor().note(&call.subject, Act::PolicyRead, &[]).await?;
    let config = call.config();
    let policy = config.policy();
    let words = policy.words_for(call.subject.account().clearance());
    let language: Language = call.language;
    let word = |code: &str, name: &str| shapes::Word { code: code.to_owned(), name: name.to_owned() };
    #[cfg(feature = "exam")]
    let words = crate::label::Words {
        categories: if crate::exam::planted(crate::exam::Leak::WordsWhole) {
            policy.categories().iter().collect()
        } else {
            words.categories.clone()
        },
        ..words
    };
    Answer::plain(&shapes::PolicyWords {
        id: policy.id().to_owned(),
        owner: policy.owner().to_owned(),
        levels: words.levels.iter().map(|level| word(level.code(), level.name(language))).collect(),
        categories: words.categories.iter().map(|category| word(category.code(), category.name(language))).collect(),
        releasable: words.releasability.iter().map(|nation| word(nation.code(), nation.name(language))).collect(),
    })
}

/// `GET /people`
///
/// # Errors
/// [`ApiError`].
pub async fn people(call: Call) -> Result<Answer, ApiError> {
    let people = people::list(&call.vault, &call.subject).await?;
    let items = people.iter().map(|account| profile(account)).collect();
    Answer::plain(&shapes::Page::<shapes::Profile> { items, next: None })
}

/// `GET /people/{id}`
///
/// # Errors
/// [`ApiError`].
pub async fn person(call: Call) -> Result<Answer, ApiError> {
    let account = people::read(&call.vault, &call.subject, call.id("id")).await?;
    Answer::plain(&profile(&account))
}
