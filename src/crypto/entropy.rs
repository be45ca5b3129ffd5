//! Where random bytes come from.

use ring::rand::{SecureRandom, SystemRandom};

use super::Exhausted;
use crate::ids::Id;

/// A source of random bytes. Handed down from `main`, never reached for.
#[derive(Clone, Debug)]
pub enum Entropy {
    /// The operating system's generator.
    System(SystemRandom),
    /// A stream that an examination drives: SHA-256 of a seed and a counter.
    #[cfg(any(test, feature = "exam"))]
    DangerSeeded(std::sync::Arc<std::sync::Mutex<(u64, u64)>>),
}

impl Default for Entropy {
    fn default() -> Self {
        Self::System(SystemRandom::new())
    }
}

impl Entropy {
    /// Fills `bytes`.
    ///
    /// # Errors
    /// [`Exhausted::Entropy`] when the system gives none: nothing may be sealed then.
    pub fn fill(&self, bytes: &mut [u8]) -> Result<(), Exhausted> {
        match self {
            Self::System(system) => system.fill(bytes).map_err(|ring::error::Unspecified| Exhausted::Entropy),
            #[cfg(any(test, feature = "exam"))]
            Self::DangerSeeded(state) => {
                let mut state = state.lock().map_err(|_poisoned| Exhausted::Entropy)?;
                for chunk in bytes.chunks_mut(32) {
                    let block = super::sha256(&[&state.0.to_be_bytes(), &state.1.to_be_bytes()]);
                    state.1 = state.1.wrapping_add(1);
                    for (byte, random) in chunk.iter_mut().zip(block.0) {
                        *byte = random;
                    }
                }
                Ok(())
            }
        }
    }

    /// `N` random bytes.
    ///
    /// # Errors
    /// As [`Entropy::fill`].
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], Exhausted> {
        let mut bytes = [0; N];
        self.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// A fresh identifier; never [`Id::NONE`].
    ///
    /// # Errors
    /// As [`Entropy::fill`].
    pub fn id(&self) -> Result<Id, Exhausted> {
        loop {
            let id = Id::from_bytes(self.bytes()?);
            if !id.is_none() {
                return Ok(id);
            }
        }
    }

    /// A fresh secret in locked memory.
    ///
    /// # Errors
    /// As [`Entropy::fill`], or no locked memory.
    pub fn secret(&self) -> Result<super::Secret, Exhausted> {
        super::Secret::new(&mut self.bytes()?)
    }
}
