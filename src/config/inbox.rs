//! How files arrive: somebody puts them into `inbox/`, the server looks there about once a second.
//!
//! `root*.toml`, `revoke*.toml` and `config*.toml` are read, in that order: first who may sign, then what cuts, then
//! what grants. Signatures lie beside as `NAME.sig.1` …; `policy*.toml` are policy files that a configuration names.
//! The signed file itself is put there last, whole (by a rename), as [`Folder::submit`] does.
//!
//! An accepted file is kept durably before it is used; only then is it taken out of the inbox. A crash in between
//! finds it again, sees that it is in force already, and clears it away. A refused one moves to `refused/` with its
//! reason beside it, and changes nothing.

use std::{collections::BTreeSet, fs, io, path::Path, sync::Arc};

use super::{
    accept, diff,
    durable::{names_in, read_bounded, remove, sync, system, write_durably},
    file::{Header, Kind, SignedFile},
    folder::{Folder, InForce, config_name, revoke_name, root_name, signatures_of},
    folder_error::FolderError,
    refusal::Refusal,
};
use crate::{
    clock::Time,
    crypto::Digest,
    limits::INBOX_FILES_MAX,
    words::{Language, Sentence},
};

/// What became of one file of the inbox. The caller journals each, whatever the verdict.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its name in the inbox.
    pub file: String,
    /// Which of the three it claimed to be.
    pub kind: Kind,
    /// SHA-256 of its bytes.
    pub digest: Digest,
    /// The epoch that it claims, zero when it has no readable header.
    pub claimed_epoch: u64,
    /// In force from now on, or why not.
    pub verdict: Result<Accepted, Refusal>,
}

/// A file that is in force, and kept.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// What counts from now on.
    pub in_force: InForce,
    /// Who signed.
    pub signers: Vec<String>,
    /// Who gains and who loses what.
    pub changes: Vec<Sentence>,
}

impl Folder {
    /// Reads what waits in the inbox. The last accepted outcome holds what is in force then; without one, `current`
    /// still is.
    ///
    /// # Errors
    /// [`FolderError`] when files cannot be read, kept or moved, and nothing was decided in this call. When something
    /// was, its outcomes come first: what cuts must not wait for a full disk. The fault comes back with the next call.
    pub fn apply_inbox(&self, current: &InForce, now: Time) -> Result<Vec<Outcome>, FolderError> {
        let mut outcomes = Vec::new();
        match self.read_inbox(current, now, &mut outcomes) {
            Err(fault) if outcomes.is_empty() => Err(fault),
            Ok(()) | Err(_) => Ok(outcomes),
        }
    }

    fn read_inbox(&self, current: &InForce, now: Time, outcomes: &mut Vec<Outcome>) -> Result<(), FolderError> {
        let inbox = self.inbox();
        let names: BTreeSet<String> = match names_in(&inbox) {
            Err(FolderError::Missing { .. }) => return Ok(()),
            names => names?.into_iter().filter(|name| expected(name)).take(INBOX_FILES_MAX).collect(),
        };
        let mut in_force = current.clone();
        for kind in Kind::ALL {
            for name in names.iter().filter(|name| name.starts_with(kind.word()) && name.ends_with(".toml")) {
                let signatures = signatures_of(name, &names);
                let mut outcome = Outcome {
                    file: name.clone(),
                    kind,
                    digest: Header::FIRST,
                    claimed_epoch: 0,
                    verdict: Err(Refusal::Unreadable),
                };
                if let Ok(file) = self.waiting(name, &signatures) {
                    outcome.digest = file.digest();
                    if self.holds_already(&in_force, kind, outcome.digest) {
                        self.clear(name, &signatures)?;
                        continue;
                    }
                    let header = file.text().and_then(|text| Header::read(text, kind));
                    outcome.claimed_epoch = header.map_or(0, |header| header.epoch);
                    outcome.verdict = self.judged(&in_force, kind, &file, now)?;
                    if let Ok(accepted) = &outcome.verdict {
                        self.keep_accepted(kind, &accepted.in_force, &file)?;
                        in_force = accepted.in_force.clone();
                        // In force from here on, whatever becomes of the inbox.
                        outcomes.push(outcome);
                        self.clear(name, &signatures)?;
                        continue;
                    }
                }
                if let Err(refusal) = &outcome.verdict {
                    self.put_aside(name, &signatures, refusal, now)?;
                }
                outcomes.push(outcome);
            }
        }
        self.clear_used_policies(&names)
    }

    fn waiting(&self, name: &str, signatures: &[String]) -> Result<SignedFile, FolderError> {
        let read = |name: &str| read_bounded(&self.inbox().join(name));
        let bytes = read(name)?;
        let signatures = signatures.iter().map(|name| read(name)).collect::<Result<_, _>>()?;
        Ok(SignedFile { bytes, signatures })
    }

    /// Puts a signed file into the inbox: policies and signatures first, the file last and whole.
    ///
    /// # Errors
    /// [`FolderError::System`], or [`FolderError::Waiting`] when one of that kind waits already.
    pub fn submit(&self, kind: Kind, file: &SignedFile, policies: &[Vec<u8>]) -> Result<(), FolderError> {
        let inbox = self.inbox();
        fs::create_dir_all(&inbox).map_err(|fault| system(&inbox, &fault))?;
        let name = kind.file_name();
        let names = names_in(&inbox)?;
        if names.contains(name) {
            return Err(FolderError::Waiting { file: name.to_owned() });
        }
        for stale in signatures_of(name, &names) {
            remove(&inbox.join(stale))?;
        }
        for policy in policies {
            write_durably(&inbox, &format!("policy.{}.toml", crate::crypto::sha256(&[policy])), policy)?;
        }
        for (place, signature) in file.signatures.iter().enumerate() {
            write_durably(&inbox, &format!("{name}.sig.{}", place.saturating_add(1)), signature)?;
        }
        write_durably(&inbox, name, &file.bytes)
    }

    fn judged(
        &self,
        current: &InForce,
        kind: Kind,
        file: &SignedFile,
        now: Time,
    ) -> Result<Result<Accepted, Refusal>, FolderError> {
        let (root, config) = (&current.root, &current.config);
        if kind == Kind::Root {
            return Ok(accept::next_root(root, file, now).map(|new| Accepted {
                changes: diff::roots(Some(root), &new),
                signers: new.signers().to_vec(),
                in_force: InForce { root: Arc::new(new), config: Arc::clone(config) },
            }));
        }
        let next = if kind == Kind::Revoke {
            accept::next_revoke(root, config, file, now)
        } else {
            accept::next_config(root, config, file, &self.offered_policies()?, now)
        };
        Ok(next.map(|new| Accepted {
            changes: diff(config, &new),
            signers: new.signers().to_vec(),
            in_force: InForce { root: Arc::clone(root), config: Arc::new(new) },
        }))
    }

    /// Policies in the inbox and those kept: a configuration may keep the policy that is in force.
    fn offered_policies(&self) -> Result<Vec<Vec<u8>>, FolderError> {
        let inbox = self.inbox();
        let mut policies = self.policies(&self.names()?)?;
        for name in names_in(&inbox)?.iter().filter(|name| is_policy(name)).take(INBOX_FILES_MAX) {
            policies.push(read_bounded(&inbox.join(name))?);
        }
        Ok(policies)
    }

    fn keep_accepted(&self, kind: Kind, accepted: &InForce, file: &SignedFile) -> Result<(), FolderError> {
        let config = &accepted.config;
        match kind {
            Kind::Root => self.keep(&root_name(accepted.root.epoch()), file),
            Kind::Revoke => self.keep(&revoke_name(config.epoch(), config.revocations()), file),
            Kind::Config => {
                self.keep_policy(config)?;
                self.keep(&config_name(config.epoch()), file)
            }
        }
    }

    fn holds_already(&self, current: &InForce, kind: Kind, digest: Digest) -> bool {
        match kind {
            Kind::Root => current.root.digest() == digest,
            Kind::Config => current.config.file_digest() == digest,
            Kind::Revoke => current.config.revocations() > 0 && current.config.digest() == digest,
        }
    }

    /// Signatures go before their file: those that stayed behind would be taken for signatures of the next one.
    fn clear(&self, name: &str, signatures: &[String]) -> Result<(), FolderError> {
        let inbox = self.inbox();
        for name in signatures.iter().map(String::as_str).chain([name]) {
            remove(&inbox.join(name))?;
        }
        sync(&inbox)
    }

    fn put_aside(&self, name: &str, signatures: &[String], why: &Refusal, now: Time) -> Result<(), FolderError> {
        let (inbox, refused) = (self.inbox(), self.refused());
        fs::create_dir_all(&refused).map_err(|fault| system(&refused, &fault))?;
        let reason: String = Language::ALL
            .into_iter()
            .map(|language| format!("{}: {}\n", language.code(), why.sentence().render(language)))
            .collect();
        let stamp = now.0;
        let text = format!("{}\n{now}\n{reason}", why.code());
        write_durably(&refused, &format!("{stamp}-{name}.reason"), text.as_bytes())?;
        for name in signatures.iter().map(String::as_str).chain([name]) {
            move_file(&inbox.join(name), &refused.join(format!("{stamp}-{name}")))?;
        }
        sync(&refused)?;
        sync(&inbox)
    }

    /// A policy file in the inbox that is kept by now has done its work; others wait for their configuration.
    fn clear_used_policies(&self, names: &BTreeSet<String>) -> Result<(), FolderError> {
        let waiting: Vec<&String> = names.iter().filter(|name| is_policy(name)).collect();
        if waiting.is_empty() {
            return Ok(());
        }
        let kept = self.policies(&self.names()?)?;
        let inbox = self.inbox();
        for name in waiting {
            let path = inbox.join(name);
            if kept.contains(&read_bounded(&path)?) {
                remove(&path)?;
            }
        }
        Ok(())
    }
}

fn is_policy(name: &str) -> bool {
    name.starts_with("policy") && name.ends_with(".toml")
}

/// A name of ours, which may be repeated in a path and in a log.
fn expected(name: &str) -> bool {
    let ours = ["root", "revoke", "config", "policy"].iter().any(|kind| name.starts_with(kind));
    let inside = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_');
    ours && name.len() <= 128 && name.bytes().all(inside)
}

fn move_file(from: &Path, to: &Path) -> Result<(), FolderError> {
    match fs::rename(from, to) {
        Err(fault) if fault.kind() != io::ErrorKind::NotFound => Err(system(from, &fault)),
        Ok(()) | Err(_) => Ok(()),
    }
}
