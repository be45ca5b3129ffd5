//! The sealed body, without a permit.
use vigie::vault::Envelope;

pub fn body(envelope: Envelope) -> Vec<u8> {
    envelope.value
}
