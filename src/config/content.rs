//! What a `config.toml` says about the label policy, the server and its limits.

use std::{net::IpAddr, sync::Arc};

use super::{
    file::shortened,
    shape::{LimitsEntry, PolicyEntry, ServerEntry},
};
use crate::{
    crypto::{Digest, sha256},
    label::{Policy, PolicyError, builtin},
    limits::{
        ACCOUNT_CONNECTIONS_DEFAULT, ACCOUNT_REQUESTS_PER_MINUTE_DEFAULT, ACCOUNT_REQUESTS_PER_MINUTE_MAX,
        CONFIG_CONNECTIONS_MAX, CONNECTIONS_DEFAULT, SERVER_NAME_CHARS_MAX, SERVER_NAMES_MAX,
    },
    words::{Sentence, key},
};

/// The bounds of this deployment.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Limits {
    /// Open connections in all.
    pub connections: u32,
    /// Open connections of one account.
    pub connections_per_account: u32,
    /// Requests of one account in a minute.
    pub requests_per_minute: u32,
}

impl Limits {
    pub(super) fn of(entry: &LimitsEntry) -> Result<Self, ContentFault> {
        let within = |name: &'static str, given: Option<u32>, default: u32, most: u32| {
            let value = given.unwrap_or(default);
            if (1..=most).contains(&value) { Ok(value) } else { Err(ContentFault::LimitOutOfBounds { name, most }) }
        };
        let connections = within("connections", entry.connections, CONNECTIONS_DEFAULT, CONFIG_CONNECTIONS_MAX)?;
        let default = ACCOUNT_CONNECTIONS_DEFAULT.min(connections);
        Ok(Self {
            connections,
            connections_per_account: within(
                "connections_per_account",
                entry.connections_per_account,
                default,
                connections,
            )?,
            requests_per_minute: within(
                "requests_per_minute",
                entry.requests_per_minute,
                ACCOUNT_REQUESTS_PER_MINUTE_DEFAULT,
                ACCOUNT_REQUESTS_PER_MINUTE_MAX,
            )?,
        })
    }
}

/// The policy that the file names, among the files offered and those of the product. Its bytes must be the very ones
/// that people signed the digest of; yields them too, so that what is kept is what was checked.
pub(super) fn policy(entry: &PolicyEntry, offered: &[Vec<u8>]) -> Result<(Arc<Policy>, Arc<[u8]>), ContentFault> {
    let products = builtin().iter().map(|(_, text)| text.as_bytes());
    let mut candidates = offered.iter().map(Vec::as_slice).chain(products);
    let Some(bytes) = candidates.find(|bytes| sha256(&[bytes]) == entry.sha256) else {
        return Err(ContentFault::NoPolicy { id: shortened(&entry.id), digest: entry.sha256 });
    };
    let text = std::str::from_utf8(bytes).map_err(|_not_utf8| ContentFault::PolicyNotText)?;
    let policy = Policy::parse(text).map_err(ContentFault::BadPolicy)?;
    if policy.id() != entry.id {
        return Err(ContentFault::OtherPolicy { named: shortened(&entry.id), found: policy.id().to_owned() });
    }
    Ok((Arc::new(policy), bytes.into()))
}

pub(super) fn server_names(entry: ServerEntry) -> Result<Vec<String>, ContentFault> {
    if entry.names.is_empty() {
        return Err(ContentFault::NoServerName);
    }
    if entry.names.len() > SERVER_NAMES_MAX {
        return Err(ContentFault::TooManyServerNames { most: SERVER_NAMES_MAX });
    }
    for (place, name) in entry.names.iter().enumerate() {
        let earlier = entry.names.get(..place).unwrap_or_default();
        if earlier.contains(name) || !host_like(name) {
            return Err(ContentFault::BadServerName { name: shortened(name) });
        }
    }
    Ok(entry.names)
}

/// A host name in lower case (RFC 1123) or an address.
fn host_like(name: &str) -> bool {
    let label_like = |label: &str| {
        let inside = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
        (1..=63).contains(&label.len()) && label.bytes().all(inside) && !label.starts_with('-') && !label.ends_with('-')
    };
    name.len() <= SERVER_NAME_CHARS_MAX && (name.parse::<IpAddr>().is_ok() || name.split('.').all(label_like))
}

/// What is wrong with policy, server or limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContentFault {
    /// No file with these bytes lies beside, nor comes with the product.
    NoPolicy {
        /** Its identifier, cut. */
        id: String,
        /** SHA-256 of the missing bytes. */
        digest: Digest,
    },
    /// Not UTF-8.
    PolicyNotText,
    /// The policy file is no policy.
    BadPolicy(PolicyError),
    /// The policy file bears another identifier.
    OtherPolicy {
        /** In `config.toml`. */
        named: String,
        /** In the policy. */
        found: String,
    },
    /// The server would have no name.
    NoServerName,
    /// More names than a certificate should bear.
    TooManyServerNames {
        /** The most. */
        most: usize,
    },
    /// Neither a host name nor an address, or twice there.
    BadServerName {
        /** As written, cut. */
        name: String,
    },
    /// Zero, or more than the product can bear.
    LimitOutOfBounds {
        /** Which. */
        name: &'static str,
        /** The most. */
        most: u32,
    },
}

impl ContentFault {
    pub(super) fn facts(&self) -> (&'static str, Sentence) {
        let say = Sentence::new;
        match self {
            Self::NoPolicy { id, digest } => {
                let sentence = say(key::CONFIG_NO_POLICY).with("id", id.as_str()).with("digest", digest.to_string());
                ("no-policy", sentence)
            }
            Self::PolicyNotText => ("policy-not-text", say(key::CONFIG_POLICY_NOT_TEXT)),
            Self::BadPolicy(fault) => (fault.code(), say(key::CONFIG_BAD_POLICY).with("why", fault.sentence())),
            Self::OtherPolicy { named, found } => {
                let sentence = say(key::CONFIG_OTHER_POLICY).with("named", named.as_str());
                ("other-policy", sentence.with("found", found.as_str()))
            }
            Self::NoServerName => ("no-server-name", say(key::CONFIG_NO_SERVER_NAME)),
            Self::TooManyServerNames { most } => {
                ("too-many-server-names", say(key::CONFIG_TOO_MANY_SERVER_NAMES).with("most", *most))
            }
            Self::BadServerName { name } => {
                ("bad-server-name", say(key::CONFIG_BAD_SERVER_NAME).with("name", name.as_str()))
            }
            Self::LimitOutOfBounds { name, most } => {
                ("limit-out-of-bounds", say(key::CONFIG_LIMIT).with("name", *name).with("most", *most))
            }
        }
    }
}
