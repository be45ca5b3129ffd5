//! A secret on its way into a record.
use vigie::{crypto::Secret, vault::body};

pub fn keep(secret: &Secret) -> Option<Vec<u8>> {
    body::pack(secret).ok()
}
