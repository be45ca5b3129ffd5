//! A permit of one's own making.
use vigie::monitor::{Granted, Permit, Read};

pub fn permit(granted: Granted) -> Permit<Read> {
    Permit { scope: granted }
}
