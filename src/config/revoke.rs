//! `revoke.toml`: what one person alone may do, because it can only take away.
//!
//! Nothing in the shape of the file can grant, but for one field: a clearance "lowered" to something that is not
//! below the old one. That is refused, as is a file that would change nothing, for whoever signed it believes that
//! something was cut.

use super::{
    account::{Account, Accounts, KeyFingerprint, Role},
    file::shortened,
    shape::RevokeFile,
};
use crate::{
    ids::AccountId,
    label::{LabelError, Policy},
    limits::REASON_CHARS_MAX,
    words::{Sentence, key},
};

/// The accounts after the file. All of it or nothing.
pub(super) fn without(accounts: &Accounts, policy: &Policy, file: &RevokeFile) -> Result<Accounts, RevokeFault> {
    if file.reason.trim().is_empty() || file.reason.chars().count() > REASON_CHARS_MAX {
        return Err(RevokeFault::NoReason);
    }
    let mut after = accounts.clone();
    for id in &file.suspend {
        let mut account = find(&after, *id)?;
        account.suspended = true;
        after.put(account);
    }
    for (id, texts) in &file.remove_certificates {
        let mut account = find(&after, *id)?;
        for text in texts {
            remove_certificate(&mut account, text)?;
        }
        after.put(account);
    }
    for (id, text) in &file.lower_clearances {
        let mut account = find(&after, *id)?;
        lower_clearance(&mut account, text, policy)?;
        after.put(account);
    }
    for (id, words) in &file.remove_roles {
        let mut account = find(&after, *id)?;
        for word in words {
            remove_role(&mut account, word)?;
        }
        after.put(account);
    }
    if after == *accounts {
        return Err(RevokeFault::NothingTaken);
    }
    only_took(accounts, &after)?;
    Ok(after)
}

fn find(accounts: &Accounts, id: AccountId) -> Result<Account, RevokeFault> {
    accounts.by_id(id).map(|account| Account::clone(account)).ok_or(RevokeFault::UnknownAccount { id })
}

/// A key that the account does not have is a slip of the pen: the one that was meant would stay.
fn remove_certificate(account: &mut Account, text: &str) -> Result<(), RevokeFault> {
    let unknown = || RevokeFault::UnknownCertificate { account: account.name.clone(), text: shortened(text) };
    let fingerprint = KeyFingerprint::parse(text).ok_or_else(unknown)?;
    let place = account.certificates.iter().position(|held| *held == fingerprint).ok_or_else(unknown)?;
    account.certificates.remove(place);
    Ok(())
}

fn lower_clearance(account: &mut Account, text: &str, policy: &Policy) -> Result<(), RevokeFault> {
    let lowered = match policy.parse_clearance(text, &account.nation) {
        Ok(lowered) => lowered,
        Err(fault) => return Err(RevokeFault::BadClearance { account: account.name.clone(), fault }),
    };
    if !lowered.ceiling().flows_to(account.clearance.ceiling()) {
        return Err(RevokeFault::Grants { account: account.name.clone() });
    }
    account.clearance = lowered;
    Ok(())
}

fn remove_role(account: &mut Account, word: &str) -> Result<(), RevokeFault> {
    match Role::named(word) {
        Some(role) if account.roles.holds(role) => {
            account.roles.set(role, false);
            Ok(())
        }
        _ => Err(RevokeFault::RoleNotHeld { account: account.name.clone(), role: shortened(word) }),
    }
}

/// The second of two checks of one property (the first is each step above): nobody has anything that he had not.
fn only_took(before: &Accounts, after: &Accounts) -> Result<(), RevokeFault> {
    for account in after.all() {
        let Some(was) = before.by_id(account.id) else {
            return Err(RevokeFault::Grants { account: account.name.clone() });
        };
        let taken_only = account.clearance.ceiling().flows_to(was.clearance.ceiling())
            && Role::ALL.into_iter().all(|role| was.roles.holds(role) || !account.roles.holds(role))
            && account.certificates.iter().all(|certificate| was.certificates.contains(certificate))
            && (account.suspended || !was.suspended);
        let same_person = Account {
            clearance: was.clearance,
            roles: was.roles,
            certificates: was.certificates.clone(),
            suspended: was.suspended,
            ..Account::clone(account)
        } == **was;
        if !taken_only || !same_person {
            return Err(RevokeFault::Grants { account: account.name.clone() });
        }
    }
    Ok(())
}

/// What is wrong with what a `revoke.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RevokeFault {
    /// No reason, or one that is too long.
    NoReason,
    /// An account that is not there.
    UnknownAccount {
        /** As written. */
        id: AccountId,
    },
    /// A key that the account does not have.
    UnknownCertificate {
        /** Whose. */
        account: String,
        /** As written, cut. */
        text: String,
    },
    /// A role that the account does not have.
    RoleNotHeld {
        /** Whose. */
        account: String,
        /** As written, cut. */
        role: String,
    },
    /// No clearance of the policy.
    BadClearance {
        /** Whose. */
        account: String,
        /** Why. */
        fault: LabelError,
    },
    /// Somebody would gain something: that takes two people and a `config.toml`.
    Grants {
        /** Who. */
        account: String,
    },
    /// Nobody would lose anything.
    NothingTaken,
}

impl RevokeFault {
    pub(super) fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::NoReason => ("no-reason", say(key::CONFIG_REVOKE_NO_REASON)),
            Self::UnknownAccount { id } => {
                ("revoke-unknown-account", say(key::CONFIG_REVOKE_UNKNOWN_ACCOUNT).with("id", id.to_string()))
            }
            Self::UnknownCertificate { account, text } => {
                let sentence = say(key::CONFIG_REVOKE_UNKNOWN_CERTIFICATE).with("account", account.as_str());
                ("revoke-unknown-certificate", sentence.with("text", text.as_str()))
            }
            Self::RoleNotHeld { account, role } => {
                let sentence = say(key::CONFIG_REVOKE_ROLE).with("account", account.as_str());
                ("revoke-role-not-held", sentence.with("role", role.as_str()))
            }
            Self::BadClearance { account, fault } => {
                let sentence = say(key::CONFIG_ACCOUNT_CLEARANCE).with("account", account.as_str());
                ("revoke-bad-clearance", sentence.with("why", fault.sentence()))
            }
            Self::Grants { account } => {
                ("revoke-grants", say(key::CONFIG_REVOKE_GRANTS).with("account", account.as_str()))
            }
            Self::NothingTaken => ("revoke-nothing-taken", say(key::CONFIG_REVOKE_NOTHING)),
        }
    }
}
