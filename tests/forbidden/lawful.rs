//! What the others do by force, done as it must be: this one compiles.
use vigie::{
    audit::entry::{Act, Entry},
    identity::Subject,
    label::{Clearance, Label},
    monitor::{Claim, Inspect, List, Monitor, Need, Permit, Read, Refusal, Target, Write},
    sharing::note::Note,
    store::Batch,
    vault::{Draft, Envelope, Opened, Vault, VaultError},
};

pub async fn read(monitor: &Monitor, vault: &Vault, who: &Subject, envelope: Envelope) -> Result<Opened<Note>, VaultError> {
    let target: Target = envelope.target_with_digest();
    let permit: Permit<Read> = monitor.read(who, Act::NoteRead, target.id, Some(target), &[]).await?;
    vault.open(permit, envelope)
}

pub async fn page(monitor: &Monitor, vault: &Vault, who: &Subject, found: Vec<Envelope>) -> Result<Vec<Opened<Note>>, VaultError> {
    let targets: Vec<Target> = found.iter().map(Envelope::target).collect();
    let permit: Permit<List> = monitor.list(who, Act::NoteList, &[], &targets).await?;
    vault.open_page(permit, found)
}

pub async fn write<'v>(monitor: &Monitor, vault: &'v Vault, who: &Subject, claim: Claim) -> Result<Draft<'v>, Refusal> {
    let permit: Permit<Write> = monitor.write(who, Act::NoteChange, &[Claim { need: Need::Change, ..claim }]).await?;
    Ok(vault.draft(permit))
}

pub async fn inspect(monitor: &Monitor, who: &Subject) -> Result<Permit<Inspect>, Refusal> {
    monitor.inspect(who, Act::JournalRead, None).await
}

pub fn batch(entry: Entry) -> Batch {
    Batch::new(entry)
}

pub fn labels(low: &Label, high: &Label, clearance: &Clearance) -> bool {
    low.flows_to(high) && clearance.reaches(high)
}
