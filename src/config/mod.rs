//! A configuration exists only as the result of checking signatures. Administrators have no screen: they act by
//! signing files, and two people grant while one person revokes.
//!
//! | file | idea |
//! |---|---|
//! | [`wire`], [`ssh_key`], [`sshsig`] | the signatures of `ssh-keygen -Y sign`, read strictly |
//! | [`file`], [`shape`] | what is written: a header that chains, and one structure a file |
//! | [`root`] | who may sign |
//! | [`account`], [`account_fault`], [`trust`], [`content`] | what a `config.toml` grants |
//! | [`revoke`] | what one person alone may take away |
//! | [`accept`] | the only way from bytes to a [`Root`] or a [`Config`] |
//! | [`diff`] | who gains, who loses what, in words |
//! | [`folder`], [`folder_error`], [`durable`], [`inbox`] | how it is kept, and how files arrive |
//! | [`refusal`] | why not |
//!
//! # The chain
//!
//! `root.toml` is a chain of its own: root N+1 names the digest of root N and is signed by enough people of both.
//! `config.toml` N+1 names the *head* of what is in force. A `revoke.toml` puts a link on top of the configuration:
//! it counts from 1 after each `config.toml` and names the head too, which then becomes the revocation itself:
//!
//! ```text
//! config 7 ── revoke 1 ── revoke 2 ── config 8 ── revoke 1 …      each link names the SHA-256 of the one before
//! ```
//!
//! So a `config.toml` prepared before an emergency revocation cannot undo it: it names the wrong head, and its signers
//! must look again. The `config.toml` that names the revocation supersedes it entirely: it says afresh who has what.

pub mod accept;
pub mod account;
pub mod account_fault;
pub mod content;
#[cfg(any(test, feature = "exam"))]
pub mod danger_example;
pub mod diff;
mod durable;
pub mod file;
pub mod folder;
pub mod folder_error;
pub mod inbox;
pub mod refusal;
pub mod revoke;
pub mod root;
pub mod shape;
pub mod ssh_key;
pub mod sshsig;
pub mod trust;
mod wire;

use std::sync::Arc;

pub use account::{Account, KeyFingerprint, Role, Roles};
pub use content::Limits;
pub use diff::diff;
pub use file::{Header, Kind, SignedFile};
pub use folder::{Folder, InForce, Standing};
pub use folder_error::FolderError;
pub use inbox::{Accepted, Outcome};
pub use refusal::Refusal;
pub use root::{Person, Root};
pub use ssh_key::{openssh_private_key, openssh_public_line};
pub use trust::{Anchor, Crl};

use crate::{
    clock::Time,
    crypto::Digest,
    ids::{AccountId, Id},
    label::Policy,
};
use account::Accounts;
use trust::Trust;

/// What is granted: a checked `config.toml` less what the revocations on top of it took away.
///
/// ```compile_fail,E0451
/// use vigie::config::Config;
/// fn invented(config: Config) -> Config {
///     Config { epoch: 7, ..config }
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Config {
    deployment: Id,
    epoch: u64,
    revocations: u64,
    file_digest: Digest,
    head: Digest,
    not_before: Time,
    expires: Time,
    policy: Arc<Policy>,
    policy_digest: Digest,
    policy_file: Arc<[u8]>,
    server_names: Vec<String>,
    limits: Limits,
    trust: Trust,
    accounts: Accounts,
    signers: Vec<String>,
}

impl Config {
    /// The deployment.
    pub const fn deployment(&self) -> Id {
        self.deployment
    }

    /// Place of the `config.toml` in its chain, from 1.
    pub const fn epoch(&self) -> u64 {
        self.epoch
    }

    /// How many `revoke.toml` lie on top of it.
    pub const fn revocations(&self) -> u64 {
        self.revocations
    }

    /// The head of the chain: SHA-256 of the last file accepted, `config.toml` or `revoke.toml`. The next one names
    /// it, and it changes with every change.
    pub const fn digest(&self) -> Digest {
        self.head
    }

    /// SHA-256 of the `config.toml` alone.
    pub const fn file_digest(&self) -> Digest {
        self.file_digest
    }

    /// When it began.
    pub const fn not_before(&self) -> Time {
        self.not_before
    }

    /// From then on nobody is let in until a new `config.toml` comes.
    pub const fn expires(&self) -> Time {
        self.expires
    }

    /// Whether it counts at that time. One that does not lets nobody in; the inbox stays open.
    #[must_use]
    pub fn in_force(&self, now: Time) -> bool {
        self.not_before <= now && now < self.expires
    }

    /// The words of labels.
    pub const fn policy(&self) -> &Arc<Policy> {
        &self.policy
    }

    /// SHA-256 of the policy file.
    pub const fn policy_digest(&self) -> Digest {
        self.policy_digest
    }

    /// The bytes of the policy file.
    pub fn policy_file(&self) -> &[u8] {
        &self.policy_file
    }

    /// Host names of the server, its own first.
    pub fn server_names(&self) -> &[String] {
        &self.server_names
    }

    /// The bounds of this deployment.
    pub const fn limits(&self) -> Limits {
        self.limits
    }

    /// Authorities that issue client certificates.
    pub fn anchors(&self) -> &[Anchor] {
        &self.trust.anchors
    }

    /// Their revocation lists.
    pub fn crls(&self) -> &[Crl] {
        &self.trust.crls
    }

    /// All accounts, suspended ones too, in the order of their identifiers.
    pub fn accounts(&self) -> impl ExactSizeIterator<Item = &Arc<Account>> {
        self.accounts.all()
    }

    /// The account of that identifier, suspended or not.
    pub fn account(&self, id: AccountId) -> Option<&Arc<Account>> {
        self.accounts.by_id(id)
    }

    /// The account that owns the key, suspended or not: the caller refuses the suspended one by name.
    pub fn account_by_key(&self, key: &KeyFingerprint) -> Option<&Arc<Account>> {
        self.accounts.by_key(key)
    }

    /// Who signed the last file accepted.
    pub fn signers(&self) -> &[String] {
        &self.signers
    }
}
