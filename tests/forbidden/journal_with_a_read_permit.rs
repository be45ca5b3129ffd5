//! The journal with the right to read a note.
use vigie::monitor::{Inspect, Permit, Read};

pub fn inspector(permit: Permit<Read>) -> Permit<Inspect> {
    permit
}
