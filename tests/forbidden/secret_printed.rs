//! A secret in a message.
use vigie::crypto::Secret;

pub fn print(secret: &Secret) -> String {
    format!("{secret}")
}
