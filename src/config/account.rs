//! Who may connect, as which person, and how far. An [`Account`] comes out of a signed configuration or not at all.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::Arc,
};

use super::{
    account_fault::AccountFault,
    file::{digest_of_hex, shortened},
    root::readable,
    shape::AccountEntry,
};
use crate::{
    crypto::{Digest, sha256},
    ids::AccountId,
    label::{Clearance, Policy},
    limits::{ACCOUNT_NAME_CHARS_MAX, ACCOUNTS_MAX, CERTIFICATES_PER_ACCOUNT_MAX},
    words::{Language, Sentence, key},
};

/// SHA-256 of a certificate's SubjectPublicKeyInfo (DER): the person's key, whatever certificate carries it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct KeyFingerprint(Digest);

impl KeyFingerprint {
    /// The fingerprint of these SubjectPublicKeyInfo bytes.
    pub fn of_spki(der: &[u8]) -> Self {
        Self(sha256(&[der]))
    }

    /// Reads 64 lower-case hexadecimal characters.
    pub fn parse(text: &str) -> Option<Self> {
        digest_of_hex(text).map(Self)
    }

    /// The fingerprint that a handshake proved.
    pub const fn from_digest(digest: Digest) -> Self {
        Self(digest)
    }

    /// The bare digest.
    pub const fn digest(&self) -> &Digest {
        &self.0
    }
}

impl fmt::Display for KeyFingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(formatter)
    }
}

/// Something a person may do beyond reading and writing at a working label.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Role {
    /// Reads the journal, never the content.
    Officer,
    /// With a second one, lowers a label.
    Releaser,
}

impl Role {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Officer, Self::Releaser];

    /// The word in the files.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Officer => "officer",
            Self::Releaser => "releaser",
        }
    }

    /// The role of that word.
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.word() == word)
    }

    /// What people call it.
    pub const fn sentence(self) -> Sentence {
        Sentence::new(match self {
            Self::Officer => key::CONFIG_ROLE_OFFICER,
            Self::Releaser => key::CONFIG_ROLE_RELEASER,
        })
    }
}

/// The roles of one account.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Roles {
    /// [`Role::Officer`].
    pub officer: bool,
    /// [`Role::Releaser`].
    pub releaser: bool,
}

impl Roles {
    /// Whether the role is held.
    pub const fn holds(self, role: Role) -> bool {
        match role {
            Role::Officer => self.officer,
            Role::Releaser => self.releaser,
        }
    }

    pub(super) const fn set(&mut self, role: Role, held: bool) {
        match role {
            Role::Officer => self.officer = held,
            Role::Releaser => self.releaser = held,
        }
    }
}

/// One person's account.
///
/// ```compile_fail,E0451
/// use vigie::config::Account;
/// fn promoted(account: Account, other: &Account) -> Account {
///     Account { clearance: *other.clearance(), ..account }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Account {
    pub(super) id: AccountId,
    pub(super) name: String,
    pub(super) display: String,
    pub(super) language: Language,
    pub(super) nation: String,
    pub(super) clearance: Clearance,
    pub(super) roles: Roles,
    pub(super) certificates: Vec<KeyFingerprint>,
    pub(super) suspended: bool,
}

impl Account {
    /// Stays with the person for ever.
    pub const fn id(&self) -> AccountId {
        self.id
    }

    /// Short and unique.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// As the person is addressed.
    pub fn display(&self) -> &str {
        &self.display
    }

    /// The person's language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// A releasability code of the policy.
    pub fn nation(&self) -> &str {
        &self.nation
    }

    /// The most that this person may work at.
    pub const fn clearance(&self) -> &Clearance {
        &self.clearance
    }

    /// What this person may do besides.
    pub const fn roles(&self) -> Roles {
        self.roles
    }

    /// The keys that are this person.
    pub fn certificates(&self) -> &[KeyFingerprint] {
        &self.certificates
    }

    /// Known, and let in nowhere.
    pub const fn suspended(&self) -> bool {
        self.suspended
    }

    fn of(entry: AccountEntry, policy: &Policy) -> Result<Self, AccountFault> {
        let name = entry.name;
        if !login_like(&name) {
            return Err(AccountFault::BadName { name: shortened(&name) });
        }
        if !readable(&entry.display) {
            return Err(AccountFault::BadDisplay { account: name });
        }
        let Some(language) = Language::ALL.into_iter().find(|language| language.code() == entry.language) else {
            return Err(AccountFault::UnknownLanguage { account: name, language: shortened(&entry.language) });
        };
        let clearance = match policy.parse_clearance(&entry.clearance, &entry.nation) {
            Ok(clearance) => clearance,
            Err(fault) => return Err(AccountFault::BadClearance { account: name, fault }),
        };
        let roles = roles_of(&name, &entry.roles)?;
        let certificates = certificates_of(&name, &entry.certificates)?;
        Ok(Self {
            id: entry.id,
            name,
            display: entry.display,
            language,
            nation: entry.nation,
            clearance,
            roles,
            certificates,
            suspended: entry.suspended,
        })
    }
}

fn login_like(name: &str) -> bool {
    let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'.' || byte == b'-';
    name.len() <= ACCOUNT_NAME_CHARS_MAX
        && name.bytes().all(inside)
        && name.bytes().next().is_some_and(|first| first.is_ascii_lowercase())
        && name.bytes().last().is_some_and(|last| last.is_ascii_alphanumeric())
}

fn roles_of(account: &str, words: &[String]) -> Result<Roles, AccountFault> {
    let mut roles = Roles::default();
    for word in words {
        let Some(role) = Role::named(word) else {
            return Err(AccountFault::UnknownRole { account: account.to_owned(), role: shortened(word) });
        };
        if roles.holds(role) {
            return Err(AccountFault::RoleTwice { account: account.to_owned(), role });
        }
        roles.set(role, true);
    }
    Ok(roles)
}

fn certificates_of(account: &str, texts: &[String]) -> Result<Vec<KeyFingerprint>, AccountFault> {
    if texts.len() > CERTIFICATES_PER_ACCOUNT_MAX {
        let most = CERTIFICATES_PER_ACCOUNT_MAX;
        return Err(AccountFault::TooManyCertificates { account: account.to_owned(), most });
    }
    let read = |text: &String| {
        let bad = || AccountFault::BadFingerprint { account: account.to_owned(), text: shortened(text) };
        KeyFingerprint::parse(text).ok_or_else(bad)
    };
    texts.iter().map(read).collect()
}

/// The accounts of one configuration, each findable in three ways.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Accounts {
    by_id: BTreeMap<AccountId, Arc<Account>>,
    by_key: BTreeMap<KeyFingerprint, AccountId>,
}

impl Accounts {
    pub(super) fn of(entries: Vec<AccountEntry>, policy: &Policy) -> Result<Self, AccountFault> {
        if entries.len() > ACCOUNTS_MAX {
            return Err(AccountFault::TooMany { most: ACCOUNTS_MAX });
        }
        let (mut accounts, mut names) = (Self::default(), BTreeSet::new());
        for entry in entries {
            let account = Account::of(entry, policy)?;
            if !names.insert(account.name.clone()) {
                return Err(AccountFault::SameName { name: account.name });
            }
            if let Some(other) = accounts.by_id.get(&account.id) {
                return Err(AccountFault::SameId { first: other.name.clone(), second: account.name });
            }
            for certificate in &account.certificates {
                // One key for two accounts: nobody could say whose act it was.
                if let Some(other) = accounts.by_key.insert(*certificate, account.id) {
                    let first = accounts.by_id.get(&other).map_or(&account.name, |other| &other.name).clone();
                    return Err(AccountFault::SameCertificate { first, second: account.name });
                }
            }
            accounts.put(account);
        }
        Ok(accounts)
    }

    /// Puts an account in, in the place of the one with its identifier; its keys are indexed afresh.
    pub(super) fn put(&mut self, account: Account) {
        self.by_key.retain(|_, holder| *holder != account.id);
        self.by_key.extend(account.certificates.iter().map(|certificate| (*certificate, account.id)));
        self.by_id.insert(account.id, Arc::new(account));
    }

    pub(super) fn all(&self) -> impl ExactSizeIterator<Item = &Arc<Account>> {
        self.by_id.values()
    }

    pub(super) fn by_id(&self, id: AccountId) -> Option<&Arc<Account>> {
        self.by_id.get(&id)
    }

    pub(super) fn by_key(&self, key: &KeyFingerprint) -> Option<&Arc<Account>> {
        self.by_id.get(self.by_key.get(key)?)
    }
}
