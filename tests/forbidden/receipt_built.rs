//! Proof of an entry that was never written.
use vigie::store::Receipt;

pub fn receipt() -> Receipt {
    Receipt { number: 417 }
}
