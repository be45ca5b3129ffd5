//! Who gets through the door of a deployment: asked of the configuration in force, in every handshake and again of
//! every open connection when something changes.

use std::{fs, sync::Arc};

use arc_swap::ArcSwap;
use zeroize::Zeroizing;

use super::{OpenError, Places};
use crate::{
    clock::Clock,
    config::{Config, KeyFingerprint},
    crypto::Digest,
    edge::{Allow, Gate, ServerIdentity, Trust},
};

/// A gate for the configuration in force and the server's certificate as it lies in its file now.
///
/// # Errors
/// [`OpenError`] when a file or the trust in the configuration is not good.
pub fn gate(places: &Places, config: &Arc<ArcSwap<Config>>, clock: &Clock) -> Result<Gate, OpenError> {
    let (certificate, key) = (places.server_certificate(), places.server_key());
    let chain = fs::read(&certificate).map_err(|error| OpenError::of_file(&certificate, &error))?;
    let private = Zeroizing::new(fs::read(&key).map_err(|error| OpenError::of_file(&key, &error))?);
    let identity = ServerIdentity::from_pem(&chain, &private)?;
    let now = config.load_full();
    let known = allowed(config, clock);
    // Asked of the configuration of the moment, not of the one that the gate was built for: a revocation counts in
    // handshakes that began before the gate was exchanged.
    let trust = Trust { known: Arc::new(known), ..Trust::of(&now) };
    Ok(Gate::build(identity, trust, clock)?)
}

/// Whether a live connection may stay, by the configuration in force whenever it is asked.
pub fn allow(config: &Arc<ArcSwap<Config>>, clock: &Clock) -> Allow {
    let known = allowed(config, clock);
    Arc::new(move |peer| known(peer.fingerprint()))
}

fn allowed(config: &Arc<ArcSwap<Config>>, clock: &Clock) -> impl Fn(&[u8; 32]) -> bool + Send + Sync + use<> {
    let (config, clock) = (Arc::clone(config), clock.clone());
    move |fingerprint| {
        let config = config.load();
        let account = config.account_by_key(&KeyFingerprint::from_digest(Digest(*fingerprint)));
        config.in_force(clock.now()) && account.is_some_and(|account| !account.suspended())
    }
}
