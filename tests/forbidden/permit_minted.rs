//! A permit minted outside the monitor, even with a true receipt.
use vigie::{
    monitor::{Granted, Permit, Read},
    store::Receipt,
};

pub fn permit(receipt: Receipt, granted: Granted) -> Permit<Read> {
    Permit::<Read>::mint(receipt, granted)
}
