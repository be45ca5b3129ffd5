//! A stopped deployment opened for reading alone: all its files and keys checked, nothing journalled, nothing written.

use std::{fs::File, path::Path, sync::Arc};

use arc_swap::ArcSwap;

use super::{Ground, OpenError, Places, Unseal, hold, origin, standing, unseal};
use crate::{
    audit::{Checkpoint, VerifyingKey},
    clock::Clock,
    config::{Folder, InForce},
    crypto::Entropy,
    monitor::Rolls,
    store::{Engine, Rocks, journal},
    vault::Keys,
};

/// What `vigie store verify` works on. The process holds the folder as long as this lives.
pub struct Inspection {
    /// Store, keys and configuration.
    pub ground: Ground,
    /// What counts now, checked again from the first signature on, and against what the store remembers.
    pub in_force: InForce,
    /// The keys of labels and homes: all of them opened.
    pub keys: Keys,
    /// The journal's last signed checkpoint.
    pub checkpoint: Checkpoint,
    /// The key that signed it.
    pub verifier: VerifyingKey,
    _alone: File,
}

/// Opens the deployment in `dir` for reading.
///
/// # Errors
/// [`OpenError`] names the file and what to do.
pub fn inspect(dir: &Path, unseal: &Unseal, clock: Clock, entropy: Entropy) -> Result<Inspection, OpenError> {
    let places = Places::at(dir);
    let alone = hold(&places)?;
    let folder = Folder::at(places.config());
    let in_force = folder.load()?;
    let deployment = in_force.config.deployment();
    let keyring = Arc::new(unseal::keyring(&places, deployment, unseal)?);
    let engine: Arc<dyn Engine> = Arc::new(Rocks::open(&places.store())?);
    let config = Arc::new(ArcSwap::new(Arc::clone(&in_force.config)));
    let ground = Ground { places, deployment, engine, keyring, config, clock, entropy };
    standing::confirm(&ground, &folder, &in_force)?;
    drop(Rolls::load(&*ground.engine, Arc::clone(&ground.keyring), ground.entropy.clone())?);
    let keyring = Arc::clone(&ground.keyring);
    let keys = Keys::load(&*ground.engine, keyring, ground.entropy.clone(), Arc::clone(&ground.config))?;
    let verifier = journal::verifier(&ground.keyring, &origin(deployment))?;
    let checkpoint = journal::read_checkpoint(&ground.places.checkpoint(), &verifier)?;
    Ok(Inspection { ground, in_force, keys, checkpoint, verifier, _alone: alone })
}
