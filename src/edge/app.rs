//! What the routes share: the vault in service, and the counters of guards.

use std::sync::Arc;

use arc_swap::{ArcSwap, ArcSwapOption};

use super::{crowd::Crowd, rate::Rates};
use crate::{
    clock::Clock,
    config::Config,
    crypto::{Entropy, sha256},
    finding::Finder,
    ids::AccountId,
    limits,
    vault::Vault,
    web::Shelf,
};

/// The application behind the door.
#[derive(Debug)]
pub struct App {
    /// The vault; none while the store is not whole, and everything answers 503.
    pub vault: ArcSwapOption<Vault>,
    /// The configuration in force.
    pub config: Arc<ArcSwap<Config>>,
    /// The time.
    pub clock: Clock,
    /// Random bytes, for request identifiers.
    pub entropy: Entropy,
    pub(super) rates: Rates,
    /// The indexes.
    pub finder: Arc<Finder>,
    /// Style and scripts of the pages.
    pub(super) shelf: Arc<Shelf>,
    /// Bytes of contents asked for.
    pub(super) volumes: Rates,
    /// Contents under way, by person and working label.
    pub(super) contents: Arc<Crowd<(AccountId, [u8; 25])>>,
}

impl App {
    /// An application in service.
    pub fn new(
        vault: Arc<Vault>,
        finder: Arc<Finder>,
        config: Arc<ArcSwap<Config>>,
        clock: Clock,
        entropy: Entropy,
    ) -> Arc<Self> {
        Arc::new(Self {
            vault: ArcSwapOption::from(Some(vault)),
            config,
            clock,
            entropy,
            finder,
            rates: Rates::default(),
            shelf: Arc::new(Shelf::new(|bytes| sha256(&[bytes]).0)),
            volumes: Rates::default(),
            contents: Crowd::new(limits::CONTENTS_AT_ONCE_MAX),
        })
    }
}
