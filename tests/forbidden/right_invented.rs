//! A right that the monitor does not know.
use vigie::monitor::{Permit, Right};

pub enum Everything {}

impl Right for Everything {}

pub fn open(permit: Permit<Everything>) {
    drop(permit);
}
