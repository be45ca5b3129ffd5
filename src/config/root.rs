//! Who may sign. A root exists only as the result of checking: the first one by its own people's signatures, each
//! later one by enough people of the old root *and* of the new.

use std::collections::{BTreeMap, BTreeSet};

use unicode_normalization::UnicodeNormalization as _;

use super::{
    file::{Header, shortened},
    shape::{RootFile, Thresholds},
    ssh_key::{BadKey, PublicKey},
    sshsig::UserVerification,
};
use crate::{
    clock::Time,
    crypto::Digest,
    ids::Id,
    limits::{KEYS_PER_PERSON_MAX, PEOPLE_MAX, PERSON_NAME_CHARS_MAX, THRESHOLD_PEOPLE_MIN},
    words::{Sentence, key},
};

/// A checked `root.toml`.
///
/// ```compile_fail,E0451
/// use vigie::config::Root;
/// fn invented(root: Root) -> Root {
///     Root { epoch: 7, ..root }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Root {
    header: Header,
    digest: Digest,
    thresholds: Thresholds,
    presence: UserVerification,
    people: Vec<Person>,
    by_key: BTreeMap<PublicKey, usize>,
    signers: Vec<String>,
}

/// Somebody who may sign.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Person {
    name: String,
    keys: Vec<PublicKey>,
}

impl Person {
    /// As written in `root.toml`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The keys, any of which is this person.
    pub fn keys(&self) -> &[PublicKey] {
        &self.keys
    }
}

impl Root {
    /// The deployment.
    pub const fn deployment(&self) -> Id {
        self.header.deployment
    }

    /// Place in the chain of roots, from 1.
    pub const fn epoch(&self) -> u64 {
        self.header.epoch
    }

    /// SHA-256 of the file; the next root names it.
    pub const fn digest(&self) -> Digest {
        self.digest
    }

    /// The digest of the root before, zeros for the first.
    pub const fn previous(&self) -> Digest {
        self.header.prev_sha256
    }

    /// From then on this root accepts no `config.toml`.
    pub const fn expires(&self) -> Time {
        self.header.expires
    }

    /// How many different people each file needs.
    pub const fn thresholds(&self) -> Thresholds {
        self.thresholds
    }

    /// Whether tokens must verify their user.
    pub const fn user_verification(&self) -> UserVerification {
        self.presence
    }

    /// Who may sign.
    pub fn people(&self) -> &[Person] {
        &self.people
    }

    /// Whose key this is.
    pub fn person_of(&self, key: &PublicKey) -> Option<&Person> {
        self.people.get(*self.by_key.get(key)?)
    }

    /// Who signed it, people of the root before among them.
    pub fn signers(&self) -> &[String] {
        &self.signers
    }

    /// Notes who signed; `accept.rs` has counted them.
    pub(super) fn signed_by(self, signers: Vec<String>) -> Self {
        Self { signers, ..self }
    }

    /// Checks what the file says; who signed it is the business of `accept.rs`, the only caller.
    pub(super) fn of(file: RootFile, digest: Digest) -> Result<Self, RootFault> {
        if file.people.len() > PEOPLE_MAX {
            return Err(RootFault::TooManyPeople { most: PEOPLE_MAX });
        }
        let (mut people, mut by_key, mut names) = (Vec::new(), BTreeMap::new(), BTreeSet::new());
        for (place, entry) in file.people.into_iter().enumerate() {
            let name = entry.name;
            if !readable(&name) {
                return Err(RootFault::BadName { name: shortened(&name) });
            }
            // Two entries for one person would let that person be counted twice.
            if !names.insert(folded(&name)) {
                return Err(RootFault::SamePersonTwice { name });
            }
            let keys = keys_of(&name, &entry.keys)?;
            for key in &keys {
                if by_key.insert(key.clone(), place).is_some() {
                    return Err(RootFault::SameKeyTwice { name, fingerprint: key.fingerprint() });
                }
            }
            people.push(Person { name, keys });
        }
        for (which, threshold) in [("root", file.thresholds.root), ("config", file.thresholds.config)] {
            if threshold < THRESHOLD_PEOPLE_MIN {
                return Err(RootFault::ThresholdTooLow { which, least: THRESHOLD_PEOPLE_MIN });
            }
            if threshold > people.len() {
                return Err(RootFault::ThresholdTooHigh { which, people: people.len() });
            }
        }
        let presence = if file.user_verification { UserVerification::Required } else { UserVerification::NotRequired };
        Ok(Self {
            header: file.header,
            digest,
            thresholds: file.thresholds,
            presence,
            people,
            by_key,
            signers: Vec::new(),
        })
    }
}

fn keys_of(name: &str, lines: &[String]) -> Result<Vec<PublicKey>, RootFault> {
    if lines.is_empty() {
        return Err(RootFault::NoKey { name: name.to_owned() });
    }
    if lines.len() > KEYS_PER_PERSON_MAX {
        return Err(RootFault::TooManyKeys { name: name.to_owned(), most: KEYS_PER_PERSON_MAX });
    }
    let read = |line: &String| PublicKey::parse_line(line);
    lines.iter().map(read).collect::<Result<_, _>>().map_err(|fault| RootFault::BadKey { name: name.to_owned(), fault })
}

/// A name that a person can read: some letters, nothing invisible at its ends or inside.
pub(super) fn readable(name: &str) -> bool {
    let invisible = |character: char| {
        character.is_control()
            || matches!(character, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    !name.is_empty()
        && name.trim() == name
        && name.chars().count() <= PERSON_NAME_CHARS_MAX
        && !name.chars().any(invisible)
}

/// One spelling for what a reader takes to be the same name.
pub(super) fn folded(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ").nfkc().collect::<String>().to_lowercase()
}

/// What is wrong with what a `root.toml` says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RootFault {
    /// Fewer than two people could grant.
    ThresholdTooLow {
        /** `root` or `config`. */
        which: &'static str,
        /** The least. */
        least: usize,
    },
    /// More signatures are asked for than there are people.
    ThresholdTooHigh {
        /** `root` or `config`. */
        which: &'static str,
        /** How many there are. */
        people: usize,
    },
    /// More people than a root may list.
    TooManyPeople {
        /** The most. */
        most: usize,
    },
    /// Empty, too long, or with invisible characters.
    BadName {
        /** As written, cut. */
        name: String,
    },
    /// One name in two entries.
    SamePersonTwice {
        /** Who. */
        name: String,
    },
    /// One key in two entries, or twice in one.
    SameKeyTwice {
        /** The second holder. */
        name: String,
        /** `SHA256:…` */
        fingerprint: String,
    },
    /// A person without a key.
    NoKey {
        /** Who. */
        name: String,
    },
    /// More keys than a person may have.
    TooManyKeys {
        /** Who. */
        name: String,
        /** The most. */
        most: usize,
    },
    /// A key line that cannot be read.
    BadKey {
        /** Whose. */
        name: String,
        /** Why. */
        fault: BadKey,
    },
}

impl RootFault {
    pub(super) fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::ThresholdTooLow { which, least } => {
                let sentence = say(key::CONFIG_ROOT_THRESHOLD_LOW).with("which", *which).with("least", *least);
                ("threshold-too-low", sentence)
            }
            Self::ThresholdTooHigh { which, people } => {
                let sentence = say(key::CONFIG_ROOT_THRESHOLD_HIGH).with("which", *which).with("people", *people);
                ("threshold-too-high", sentence)
            }
            Self::TooManyPeople { most } => {
                ("too-many-people", say(key::CONFIG_ROOT_TOO_MANY_PEOPLE).with("most", *most))
            }
            Self::BadName { name } => ("bad-person-name", say(key::CONFIG_ROOT_BAD_NAME).with("name", name.as_str())),
            Self::SamePersonTwice { name } => {
                ("same-person-twice", say(key::CONFIG_ROOT_SAME_PERSON).with("name", name.as_str()))
            }
            Self::SameKeyTwice { name, fingerprint } => {
                let sentence = say(key::CONFIG_ROOT_SAME_KEY).with("name", name.as_str());
                ("same-key-twice", sentence.with("fingerprint", fingerprint.as_str()))
            }
            Self::NoKey { name } => ("person-without-key", say(key::CONFIG_ROOT_NO_KEY).with("name", name.as_str())),
            Self::TooManyKeys { name, most } => {
                ("too-many-keys", say(key::CONFIG_ROOT_TOO_MANY_KEYS).with("name", name.as_str()).with("most", *most))
            }
            Self::BadKey { name, fault } => {
                let (code, key) = match fault {
                    BadKey::NotALine => ("key-not-a-line", key::CONFIG_ROOT_KEY_NOT_A_LINE),
                    BadKey::OtherKind => ("key-other-kind", key::CONFIG_ROOT_KEY_OTHER_KIND),
                    BadKey::Malformed => ("key-malformed", key::CONFIG_ROOT_KEY_MALFORMED),
                };
                (code, say(key).with("name", name.as_str()))
            }
        }
    }
}
