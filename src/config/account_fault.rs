//! What can be wrong with the accounts of a `config.toml`.

use super::account::Role;
use crate::{
    label::LabelError,
    words::{Sentence, key},
};

/// What is wrong with the accounts of a `config.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AccountFault {
    /// More accounts than the product carries.
    TooMany {
        /** The most. */
        most: usize,
    },
    /// Not `a-z 0-9 . -`, or too long.
    BadName {
        /** As written, cut. */
        name: String,
    },
    /// A displayed name that is empty, too long or holds invisible characters.
    BadDisplay {
        /** Whose. */
        account: String,
    },
    /// Neither `fr`, `en` nor `de`.
    UnknownLanguage {
        /** Whose. */
        account: String,
        /** As written, cut. */
        language: String,
    },
    /// No clearance of the policy: unknown word, unknown nation, releasability that is not the person's nation.
    BadClearance {
        /** Whose. */
        account: String,
        /** Why. */
        fault: LabelError,
    },
    /// No role of the product.
    UnknownRole {
        /** Whose. */
        account: String,
        /** As written, cut. */
        role: String,
    },
    /// A role twice.
    RoleTwice {
        /** Whose. */
        account: String,
        /** Which. */
        role: Role,
    },
    /// Not 64 lower-case hexadecimal characters.
    BadFingerprint {
        /** Whose. */
        account: String,
        /** As written, cut. */
        text: String,
    },
    /// More keys than a person may have.
    TooManyCertificates {
        /** Whose. */
        account: String,
        /** The most. */
        most: usize,
    },
    /// Two accounts of one name.
    SameName {
        /** Which. */
        name: String,
    },
    /// Two accounts of one identifier.
    SameId {
        /** One. */
        first: String,
        /** The other. */
        second: String,
    },
    /// One key in two accounts, or twice in one.
    SameCertificate {
        /** One holder. */
        first: String,
        /** The other. */
        second: String,
    },
}

impl AccountFault {
    pub(super) fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::TooMany { most } => ("too-many-accounts", say(key::CONFIG_ACCOUNT_TOO_MANY).with("most", *most)),
            Self::BadName { name } => {
                ("bad-account-name", say(key::CONFIG_ACCOUNT_BAD_NAME).with("name", name.as_str()))
            }
            Self::BadDisplay { account } => {
                ("bad-display-name", say(key::CONFIG_ACCOUNT_BAD_DISPLAY).with("account", account.as_str()))
            }
            Self::UnknownLanguage { account, language } => {
                let sentence = say(key::CONFIG_ACCOUNT_LANGUAGE).with("account", account.as_str());
                ("unknown-language", sentence.with("language", language.as_str()))
            }
            Self::BadClearance { account, fault } => {
                let sentence = say(key::CONFIG_ACCOUNT_CLEARANCE).with("account", account.as_str());
                (clearance_code(fault), sentence.with("why", fault.sentence()))
            }
            Self::UnknownRole { account, role } => {
                let sentence = say(key::CONFIG_ACCOUNT_ROLE).with("account", account.as_str());
                ("unknown-role", sentence.with("role", role.as_str()))
            }
            Self::RoleTwice { account, role } => {
                let sentence = say(key::CONFIG_ACCOUNT_ROLE_TWICE).with("account", account.as_str());
                ("role-twice", sentence.with("role", role.sentence()))
            }
            Self::BadFingerprint { account, text } => {
                let sentence = say(key::CONFIG_ACCOUNT_FINGERPRINT).with("account", account.as_str());
                ("bad-fingerprint", sentence.with("text", text.as_str()))
            }
            Self::TooManyCertificates { account, most } => {
                let sentence = say(key::CONFIG_ACCOUNT_TOO_MANY_CERTIFICATES).with("account", account.as_str());
                ("too-many-certificates", sentence.with("most", *most))
            }
            Self::SameName { name } => {
                ("same-account-name", say(key::CONFIG_ACCOUNT_SAME_NAME).with("name", name.as_str()))
            }
            Self::SameId { first, second } => {
                let sentence = say(key::CONFIG_ACCOUNT_SAME_ID).with("first", first.as_str());
                ("same-account-id", sentence.with("second", second.as_str()))
            }
            Self::SameCertificate { first, second } => {
                let sentence = say(key::CONFIG_ACCOUNT_SAME_CERTIFICATE).with("first", first.as_str());
                ("same-certificate", sentence.with("second", second.as_str()))
            }
        }
    }
}

/// The one clearance fault that is about a person rather than a word has a code of its own.
const fn clearance_code(fault: &LabelError) -> &'static str {
    match fault {
        LabelError::UnknownNation(_) => "unknown-nation",
        LabelError::ClearanceReleasable => "clearance-other-nation",
        _ => "bad-clearance",
    }
}
