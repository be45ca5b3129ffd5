//! Labels are a lattice, not an order: of two, neither need be the lower.
use vigie::label::Label;

pub fn lower(a: Label, b: Label) -> bool {
    a < b
}
