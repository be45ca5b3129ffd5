//! A second copy of a secret.
use vigie::crypto::Secret;

pub fn copy(secret: &Secret) -> Secret {
    Secret::clone(secret)
}
