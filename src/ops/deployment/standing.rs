//! What the store remembers of the signed configuration: one sealed row, written in the same commit as the journal
//! entry that says what was accepted. An older `config/` put in the place of the present one is seen by it.
//!
//! Whoever can write single rows of the store may put an older row back, but not make one; a whole older store is
//! seen by the journal's checkpoint.

use super::{Ground, OpenError};
use crate::{
    audit::entry::{Act, Detail, Entry, Verdict},
    clock::Time,
    config::{Config, Folder, InForce, Kind, Refusal, Standing},
    crypto::{Digest, Exhausted, Purpose, cobblestone},
    store::{Batch, Family, Journal, Key, Row, Stopped},
};

fn place() -> Key {
    Key::fixed(*b"standing")
}

fn context(ground: &Ground, version: u64) -> Vec<u8> {
    let deployment = ground.deployment.to_string();
    [b"vigie/standing/v1\0".as_slice(), &version.to_be_bytes(), deployment.as_bytes()].concat()
}

/// The standing that the store remembers, and how often it has changed.
fn read(ground: &Ground) -> Result<Option<(Standing, u64)>, OpenError> {
    let Some(row) = ground.engine.get(Family::Meta, &place())? else { return Ok(None) };
    let (epoch, sealed) = row.value.split_first_chunk().ok_or(OpenError::StandingDamaged)?;
    let key = ground.keyring.key(u32::from_be_bytes(*epoch), Purpose::Audit);
    let content = key.and_then(|key| cobblestone::open(key, &context(ground, row.version), sealed));
    let content = content.map_err(|_unsealable| OpenError::StandingDamaged)?;
    let standing = postcard::from_bytes(&content).map_err(|_malformed| OpenError::StandingDamaged)?;
    Ok(Some((standing, row.version)))
}

fn put(ground: &Ground, batch: &mut Batch, standing: &Standing, version: u64) -> Result<(), Exhausted> {
    let content = postcard::to_stdvec(standing).map_err(|_never| Exhausted::Entropy)?;
    let key = ground.keyring.present(Purpose::Audit).map_err(|_never| Exhausted::Entropy)?;
    let mut value = ground.keyring.current().to_be_bytes().to_vec();
    value.extend_from_slice(&cobblestone::seal(key, &context(ground, version), &content, &ground.entropy)?);
    batch.put(Family::Meta, place(), Row { version, value });
    Ok(())
}

/// The first standing of a deployment.
pub(in crate::ops) async fn begin(ground: &Ground, journal: &Journal, in_force: &InForce) -> Result<(), OpenError> {
    write(ground, journal, in_force, 1).await
}

/// Compares the files with what the store remembers. What was accepted and kept just before a crash is journalled now.
pub(in crate::ops) async fn settle(
    ground: &Ground,
    journal: &Journal,
    folder: &Folder,
    in_force: &InForce,
) -> Result<(), OpenError> {
    let (then, version) = read(ground)?.ok_or(OpenError::StandingDamaged)?;
    let now = in_force.standing();
    folder.confirms(&then, &now)?;
    if then == now { Ok(()) } else { write(ground, journal, in_force, version.saturating_add(1)).await }
}

/// Journals an accepted file together with the new standing.
///
/// # Errors
/// [`OpenError`], a stopped journal among them: the next start, or the end of the failure, journals it then.
pub(in crate::ops) async fn accepted(
    ground: &Ground,
    journal: &Journal,
    in_force: &InForce,
    event: Event<'_>,
) -> Result<(), OpenError> {
    let version = read(ground)?.map_or(1, |(_, version)| version.saturating_add(1));
    commit(ground, journal, in_force, event, version).await
}

async fn write(ground: &Ground, journal: &Journal, in_force: &InForce, version: u64) -> Result<(), OpenError> {
    let config: &Config = &in_force.config;
    let kind = if config.revocations() > 0 { Kind::Revoke } else { Kind::Config };
    let epoch = if config.revocations() > 0 { config.revocations() } else { config.epoch() };
    let event = Event { kind, epoch, digest: config.digest(), signers: config.signers() };
    commit(ground, journal, in_force, event, version).await
}

async fn commit(
    ground: &Ground,
    journal: &Journal,
    in_force: &InForce,
    event: Event<'_>,
    version: u64,
) -> Result<(), OpenError> {
    let mut entry = event.entry(ground.clock.now(), Act::ConfigAccepted, None);
    entry.basis = journal.length();
    let mut batch = Batch::new(entry);
    put(ground, &mut batch, &in_force.standing(), version)?;
    drop(journal.commit(batch).await.map_err(|_refused| OpenError::from(Stopped))?);
    Ok(())
}

/// What the journal says of one signed file.
#[derive(Clone, Copy, Debug)]
pub(in crate::ops) struct Event<'a> {
    /// Which of the three.
    pub(in crate::ops) kind: Kind,
    /// Its place in its chain; zero when the file was not believed.
    pub(in crate::ops) epoch: u64,
    /// SHA-256 of its bytes.
    pub(in crate::ops) digest: Digest,
    /// Who signed, when that was verified.
    pub(in crate::ops) signers: &'a [String],
}

impl Event<'_> {
    pub(in crate::ops) fn entry(self, now: Time, act: Act, refusal: Option<&Refusal>) -> Entry {
        let detail = Detail::Config {
            kind: self.kind.word().to_owned(),
            epoch: self.epoch,
            digest: self.digest,
            code: refusal.map(|refusal| refusal.code().to_owned()),
            signers: self.signers.to_vec(),
        };
        let mut entry = Entry::system(now, act, detail);
        if refusal.is_some() {
            entry.verdict = Verdict::Deny;
        }
        entry
    }
}

/// Compares the files with what the store remembers, and writes nothing.
pub(super) fn confirm(ground: &Ground, folder: &Folder, in_force: &InForce) -> Result<(), OpenError> {
    let (then, _version) = read(ground)?.ok_or(OpenError::StandingDamaged)?;
    Ok(folder.confirms(&then, &in_force.standing())?)
}
