//! The only way from bytes to a [`Root`] or a [`Config`].
//!
//! Order: size and header first, so that a file is refused for what it is; then signatures, counted in different
//! people; only then what the file says. Two people grant, one person revokes, and a root changes by enough people
//! of the old root and of the new (TUF §5.3: each person counts once, the version is exactly the next).

use std::collections::BTreeSet;

use super::{
    Config,
    account::Accounts,
    content::{Limits, policy, server_names},
    diff,
    file::{Header, Kind, SignedFile, read, text},
    refusal::Refusal,
    revoke::without,
    root::Root,
    shape::{ConfigFile, RevokeFile, RootFile},
    sshsig::{UserVerification, verify},
    trust::Trust,
};
use crate::{
    clock::Time,
    crypto::{Digest, sha256},
    ids::Id,
    words::Sentence,
};

/// Where a file must follow on: epoch and digest of the one before, zero and zeros before the first.
#[derive(Clone, Copy)]
pub(super) struct Link {
    pub(super) epoch: u64,
    pub(super) digest: Digest,
}

impl Link {
    pub(super) const NONE: Self = Self { epoch: 0, digest: Header::FIRST };
}

/// Somebody brings the file now, or we kept it and check it again.
#[derive(Clone, Copy)]
pub(super) enum Occasion {
    Arriving(Time),
    Kept,
}

impl Occasion {
    const fn arriving(self) -> Option<Time> {
        match self {
            Self::Arriving(now) => Some(now),
            Self::Kept => None,
        }
    }
}

/// The first root of a deployment: nobody vouches for it but its own people, so whoever starts the deployment
/// compares its digest with them.
///
/// # Errors
/// [`Refusal`] names the first thing that is wrong; likewise for all functions of this file.
pub fn first_root(file: &SignedFile, now: Time) -> Result<Root, Refusal> {
    root(None, file, Occasion::Arriving(now))
}

/// The root after `current`.
///
/// # Errors
/// [`Refusal`].
pub fn next_root(current: &Root, file: &SignedFile, now: Time) -> Result<Root, Refusal> {
    root(Some(current), file, Occasion::Arriving(now))
}

/// The first configuration. `policies` are the policy files that came with it; those of the product need not.
///
/// # Errors
/// [`Refusal`].
pub fn first_config(root: &Root, file: &SignedFile, policies: &[Vec<u8>], now: Time) -> Result<Config, Refusal> {
    unexpired(root, now)?;
    config(&[root], Link::NONE, file, policies, Occasion::Arriving(now))
}

/// The configuration after `current`.
///
/// # Errors
/// [`Refusal`].
pub fn next_config(
    root: &Root,
    current: &Config,
    file: &SignedFile,
    policies: &[Vec<u8>],
    now: Time,
) -> Result<Config, Refusal> {
    unexpired(root, now)?;
    let link = Link { epoch: current.epoch, digest: current.head };
    config(&[root], link, file, policies, Occasion::Arriving(now))
}

/// What is left of `current` after a revocation. Works under an expired root too: an emergency does not wait.
///
/// # Errors
/// [`Refusal`].
pub fn next_revoke(root: &Root, current: &Config, file: &SignedFile, now: Time) -> Result<Config, Refusal> {
    revoke(&[root], current, file, Occasion::Arriving(now))
}

/// What an unsigned file would do: for people to read before they sign. It is no [`Root`] and no [`Config`], and
/// neither can be had from it.
#[derive(Clone, Debug)]
pub struct Draft {
    /// Which file it is.
    pub kind: Kind,
    /// What `ssh-keygen -Y sign -n` must be given.
    pub namespace: String,
    /// SHA-256 of the bytes to sign.
    pub digest: Digest,
    /// How many different people must sign.
    pub needed: usize,
    /// Who gains and who loses what.
    pub changes: Vec<Sentence>,
}

/// Checks everything about a file but its signatures. Without `root` only a first `root.toml` can be checked,
/// without `current` only a first `config.toml`.
///
/// # Errors
/// [`Refusal`].
pub fn draft(
    root: Option<&Root>,
    current: Option<&Config>,
    bytes: &[u8],
    policies: &[Vec<u8>],
    now: Time,
) -> Result<Draft, Refusal> {
    let text = text(bytes)?;
    let digest = sha256(&[bytes]);
    let occasion = Occasion::Arriving(now);
    let of = |kind: Kind| Header::read(text, kind);
    let (kind, deployment, needed, changes) = match (root, of(Kind::Config), of(Kind::Revoke)) {
        (Some(root), Ok(header), _) => {
            unexpired(root, now)?;
            let link = current.map_or(Link::NONE, |current| Link { epoch: current.epoch, digest: current.head });
            follows(&header, Some(root.deployment()), link, occasion)?;
            let would_be = config_of(read(text)?, digest, policies, occasion, Vec::new())?;
            let changes = diff::changes(current, &would_be);
            (Kind::Config, header.deployment, root.thresholds().config, changes)
        }
        (Some(root), _, Ok(header)) => {
            let current = current.ok_or(Refusal::WrongEpoch { expected: 0, found: header.epoch })?;
            follows(&header, Some(root.deployment()), revocation_link(current), occasion)?;
            let would_be = revoked(current, &read(text)?, digest, Vec::new())?;
            (Kind::Revoke, header.deployment, 1, diff::changes(Some(current), &would_be))
        }
        _ => {
            let header = of(Kind::Root)?;
            follows(&header, root.map(Root::deployment), root_link(root), occasion)?;
            let would_be = Root::of(read(text)?, digest)?;
            let needed = root.map_or(0, |root| root.thresholds().root).max(would_be.thresholds().root);
            (Kind::Root, header.deployment, needed, diff::roots(root, &would_be))
        }
    };
    Ok(Draft { kind, namespace: kind.namespace(deployment), digest, needed, changes })
}

pub(super) fn root(current: Option<&Root>, file: &SignedFile, occasion: Occasion) -> Result<Root, Refusal> {
    let text = file.text()?;
    let header = Header::read(text, Kind::Root)?;
    follows(&header, current.map(Root::deployment), root_link(current), occasion)?;
    // The new root's keys come from the file itself, so it is read before its signatures can be counted.
    let new = Root::of(read::<RootFile>(text)?, file.digest())?;
    let roots: Vec<&Root> = current.into_iter().chain([&new]).collect();
    let signed = signed_by(&roots, file, Kind::Root, new.deployment())?;
    if let (Some(old), [by_old, _]) = (current, signed.as_slice()) {
        let needed = old.thresholds().root;
        if by_old.len() < needed {
            return Err(Refusal::TooFewOfOldRoot { needed, signed: names(by_old) });
        }
    }
    let by_new = signed.last().map(names).unwrap_or_default();
    let needed = new.thresholds().root;
    if by_new.len() < needed {
        return Err(Refusal::TooFewOfNewRoot { needed, signed: by_new });
    }
    let everybody: BTreeSet<&str> = signed.into_iter().flatten().collect();
    let signers = names(&everybody);
    Ok(new.signed_by(signers))
}

/// `roots`: the ones that may vouch, newest first. What arrives is vouched for by the root in force alone; what was
/// kept may have been accepted under an earlier one.
pub(super) fn config(
    roots: &[&Root],
    link: Link,
    file: &SignedFile,
    policies: &[Vec<u8>],
    occasion: Occasion,
) -> Result<Config, Refusal> {
    let text = file.text()?;
    let header = Header::read(text, Kind::Config)?;
    follows(&header, roots.first().map(|root| root.deployment()), link, occasion)?;
    let signers = vouched(roots, file, Kind::Config)?;
    config_of(read(text)?, file.digest(), policies, occasion, signers)
}

pub(super) fn revoke(
    roots: &[&Root],
    current: &Config,
    file: &SignedFile,
    occasion: Occasion,
) -> Result<Config, Refusal> {
    let text = file.text()?;
    let header = Header::read(text, Kind::Revoke)?;
    follows(&header, Some(current.deployment), revocation_link(current), occasion)?;
    let signers = vouched(roots, file, Kind::Revoke)?;
    revoked(current, &read(text)?, file.digest(), signers)
}

fn root_link(current: Option<&Root>) -> Link {
    current.map_or(Link::NONE, |root| Link { epoch: root.epoch(), digest: root.digest() })
}

const fn revocation_link(current: &Config) -> Link {
    Link { epoch: current.revocations, digest: current.head }
}

fn config_of(
    file: ConfigFile,
    digest: Digest,
    policies: &[Vec<u8>],
    occasion: Occasion,
    signers: Vec<String>,
) -> Result<Config, Refusal> {
    let (policy, policy_file) = policy(&file.policy, policies)?;
    Ok(Config {
        deployment: file.header.deployment,
        epoch: file.header.epoch,
        revocations: 0,
        file_digest: digest,
        head: digest,
        not_before: file.header.not_before,
        expires: file.header.expires,
        accounts: Accounts::of(file.accounts, &policy)?,
        policy,
        policy_digest: file.policy.sha256,
        policy_file,
        server_names: server_names(file.server)?,
        limits: Limits::of(&file.limits)?,
        trust: Trust::of(&file.trust, occasion.arriving())?,
        signers,
    })
}

fn revoked(current: &Config, file: &RevokeFile, digest: Digest, signers: Vec<String>) -> Result<Config, Refusal> {
    let accounts = without(&current.accounts, &current.policy, file)?;
    let revocations = file.header.epoch;
    Ok(Config { accounts, revocations, head: digest, signers, ..current.clone() })
}

fn unexpired(root: &Root, now: Time) -> Result<(), Refusal> {
    if now < root.expires() { Ok(()) } else { Err(Refusal::RootExpired { since: root.expires() }) }
}

/// Whether the header belongs here: this deployment, the very next place, what is in force known to the signers, in time.
fn follows(header: &Header, deployment: Option<Id>, link: Link, occasion: Occasion) -> Result<(), Refusal> {
    if header.deployment.is_none() || deployment.is_some_and(|deployment| deployment != header.deployment) {
        return Err(Refusal::OtherDeployment { found: header.deployment });
    }
    let expected = link.epoch.saturating_add(1);
    if header.epoch != expected {
        return Err(Refusal::WrongEpoch { expected, found: header.epoch });
    }
    if header.prev_sha256 != link.digest {
        return Err(Refusal::WrongPrevious { expected: link.digest, found: header.prev_sha256 });
    }
    if header.not_before >= header.expires {
        return Err(Refusal::EmptyPeriod);
    }
    match occasion {
        Occasion::Arriving(now) if now < header.not_before => Err(Refusal::NotYet { from: header.not_before }),
        Occasion::Arriving(now) if now >= header.expires => Err(Refusal::Expired { since: header.expires }),
        Occasion::Arriving(_) | Occasion::Kept => Ok(()),
    }
}

/// The people of the first root that vouches; the refusal of the newest root when none does.
fn vouched(roots: &[&Root], file: &SignedFile, kind: Kind) -> Result<Vec<String>, Refusal> {
    let mut refusal = Refusal::NoSignature;
    for root in roots.iter().rev() {
        let needed = if kind == Kind::Revoke { 1 } else { root.thresholds().config };
        match signed_by(&[root], file, kind, root.deployment()) {
            Ok(signed) => {
                let signed = signed.first().map(names).unwrap_or_default();
                if signed.len() >= needed {
                    return Ok(signed);
                }
                refusal = Refusal::TooFewPeople { needed, signed };
            }
            Err(other) => refusal = other,
        }
    }
    Err(refusal)
}

/// For each root, which of its people signed. One signature that is bad, or by nobody, refuses the file: what lies
/// beside a signed file is either known to be right or not let in.
fn signed_by<'a>(
    roots: &[&'a Root],
    file: &SignedFile,
    kind: Kind,
    deployment: Id,
) -> Result<Vec<BTreeSet<&'a str>>, Refusal> {
    if file.signatures.is_empty() {
        return Err(Refusal::NoSignature);
    }
    let namespace = kind.namespace(deployment);
    let mut signed = vec![BTreeSet::new(); roots.len()];
    for (place, signature) in file.signatures.iter().enumerate() {
        let number = place.saturating_add(1);
        let check = |presence| {
            let key = verify(signature, &file.bytes, &namespace, presence);
            key.map_err(|fault| Refusal::Signature { number, fault })
        };
        let key = check(UserVerification::NotRequired)?;
        let mut known = false;
        for (root, people) in roots.iter().zip(&mut signed) {
            if let Some(person) = root.person_of(&key) {
                check(root.user_verification())?;
                people.insert(person.name());
                known = true;
            }
        }
        if !known {
            return Err(Refusal::UnknownSigner { fingerprint: key.fingerprint() });
        }
    }
    Ok(signed)
}

fn names(people: &BTreeSet<&str>) -> Vec<String> {
    people.iter().map(|name| (*name).to_owned()).collect()
}
