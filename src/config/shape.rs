//! How the signed files are written: one structure a file, one field a line. Nothing here is believed; the checks
//! are in `accept.rs` and its neighbours. The same structures write the first files of a deployment.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::file::{Header, hex};
use crate::{crypto::Digest, ids::AccountId};

/// `root.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RootFile {
    /// See [`Header`].
    pub header: Header,
    /// Whether tokens must verify their user (PIN or finger) beyond the touch.
    pub user_verification: bool,
    /// How many different people each file needs.
    pub thresholds: Thresholds,
    /// Who may sign.
    pub people: Vec<PersonEntry>,
}

/// How many different people must sign. A `revoke.toml` needs one, always.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Thresholds {
    /// For a new `root.toml`; at least 2.
    pub root: usize,
    /// For a new `config.toml`; at least 2.
    pub config: usize,
}

/// One person of `root.toml`. Several keys (one in use, one in a safe) are still one person.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PersonEntry {
    /// Shown in the journal and in refusals.
    pub name: String,
    /// OpenSSH public key lines.
    pub keys: Vec<String>,
}

/// `config.toml`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfigFile {
    /// See [`Header`].
    pub header: Header,
    /// The label policy in force.
    pub policy: PolicyEntry,
    /// The server.
    pub server: ServerEntry,
    /// Bounds of this deployment; what is left out has the value of the product.
    #[serde(default)]
    pub limits: LimitsEntry,
    /// Who vouches for certificates.
    pub trust: TrustEntry,
    /// Who may connect.
    #[serde(default)]
    pub accounts: Vec<AccountEntry>,
}

/// Names a policy file by its content.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PolicyEntry {
    /// Identifier inside the policy file.
    pub id: String,
    /// SHA-256 of the policy file's bytes.
    #[serde(with = "hex")]
    pub sha256: Digest,
}

/// `[server]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ServerEntry {
    /// Host names under which people reach the server; the first is the one it names itself by.
    pub names: Vec<String>,
}

/// `[limits]`.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LimitsEntry {
    /// Open connections in all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections: Option<u32>,
    /// Open connections of one account.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub connections_per_account: Option<u32>,
    /// Requests of one account in a minute.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub requests_per_minute: Option<u32>,
}

/// `[trust]`: PEM texts, one object each.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TrustEntry {
    /// Certificates of the authorities that issue client certificates.
    pub anchors: Vec<String>,
    /// Their revocation lists.
    pub crls: Vec<String>,
}

/// One of `[[accounts]]`.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountEntry {
    /// Random; stays with the person for ever.
    pub id: AccountId,
    /// Short, unique: `a-z 0-9 . -`.
    pub name: String,
    /// As the person is addressed.
    pub display: String,
    /// `fr`, `en` or `de`.
    pub language: String,
    /// A releasability code of the policy.
    pub nation: String,
    /// Label text of the policy.
    pub clearance: String,
    /// `officer`, `releaser`.
    #[serde(default)]
    pub roles: Vec<String>,
    /// SHA-256 of each certificate's SubjectPublicKeyInfo, hexadecimal.
    #[serde(default)]
    pub certificates: Vec<String>,
    /// Known, and let in nowhere.
    #[serde(default)]
    pub suspended: bool,
}

/// `revoke.toml`. It can say nothing but what is to be taken away.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RevokeFile {
    /// See [`Header`].
    pub header: Header,
    /// Why; kept in the journal.
    pub reason: String,
    /// Accounts to suspend.
    #[serde(default)]
    pub suspend: Vec<AccountId>,
    /// Certificates (hexadecimal fingerprints) to take from accounts.
    #[serde(default)]
    pub remove_certificates: BTreeMap<AccountId, Vec<String>>,
    /// Clearances to lower to the label given.
    #[serde(default)]
    pub lower_clearances: BTreeMap<AccountId, String>,
    /// Roles to take from accounts.
    #[serde(default)]
    pub remove_roles: BTreeMap<AccountId, Vec<String>>,
}

macro_rules! written {
    ($($file:ty),*) => {$(
        impl $file {
            /// The text to sign.
            ///
            /// # Errors
            /// Never for a structure made in memory: every value has a TOML spelling.
            pub fn to_toml(&self) -> Result<String, toml::ser::Error> {
                toml::to_string_pretty(self)
            }
        }
    )*};
}

written!(RootFile, ConfigFile, RevokeFile);
