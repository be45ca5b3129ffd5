//! People: those whose clearance reaches the working label, never more (LEAKS T34).
//!
//! Accounts live in the signed configuration; nothing is stored about them here.

use std::sync::Arc;

use crate::{
    audit::entry::{Act, Rule},
    config::Account,
    identity::Subject,
    ids::AccountId,
    monitor::Refusal,
    vault::Vault,
};

/// Whether the working label lets the subject know this person.
pub fn knows(subject: &Subject, account: &Account) -> bool {
    #[cfg(feature = "exam")]
    if crate::exam::planted(crate::exam::Leak::PeopleWhole) {
        return true;
    }
    !account.suspended() && !account.roles().officer && account.clearance().reaches(subject.working())
}

/// The people, sorted by name.
///
/// # Errors
/// [`Refusal`].
pub async fn list(vault: &Vault, subject: &Subject) -> Result<Vec<Arc<Account>>, Refusal> {
    if subject.is_officer() {
        return Err(vault.monitor().refuse_for(subject, Act::PeopleList, Rule::NoContentRole, &[]).await);
    }
    let mut people: Vec<Arc<Account>> = {
        let config = vault.monitor().config();
        config.accounts().filter(|account| knows(subject, account)).cloned().collect()
    };
    people.sort_by(|left, right| left.name().cmp(right.name()));
    let ids: Vec<AccountId> = people.iter().map(|account| account.id()).collect();
    vault.monitor().note(subject, Act::PeopleList, &ids).await?;
    Ok(people)
}

/// One person.
///
/// # Errors
/// [`Refusal::Absent`] for nobody and for somebody the working label does not let one know.
pub async fn read(vault: &Vault, subject: &Subject, id: AccountId) -> Result<Arc<Account>, Refusal> {
    let account = vault.monitor().config().account(id).filter(|account| knows(subject, account)).cloned();
    match account {
        Some(account) if !subject.is_officer() => {
            vault.monitor().note(subject, Act::PersonRead, &[id]).await?;
            Ok(account)
        }
        _ => Err(vault.monitor().refuse_for(subject, Act::PersonRead, Rule::Absent, &[id.id()]).await),
    }
}
