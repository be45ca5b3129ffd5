//! Labels: what may flow where. Pure: nothing here reads a file, a clock or a request.
//!
//! A [`Label`] is a point of a lattice, and [`Label::flows_to`] and [`Label::join`] are the whole of its law
//! (`lattice.rs`). A [`Policy`] (`policy.rs`, read from TOML by `policy_file.rs`) gives the words: only a policy makes a
//! label, from its wire text (`text.rs`), from JSON (`view.rs`) or from a STANAG 4774 label (`stanag.rs`), and only a
//! policy turns one back into text, a marking or colours (`marking.rs`); portion marks are read back by `portion.rs`.
//!
//! What is deliberately not here: an order on labels (a lattice is not a line), a label that serialises by itself
//! (records keep [`Policy::stored`]), and any equivalence between the policies of two owners (each security agreement
//! has its own table).

mod error;
mod lattice;
mod marking;
mod policy;
mod policy_error;
mod policy_file;
mod portion;
mod stanag;
mod stanag_error;
#[cfg(test)]
mod tests;
mod text;
mod view;
mod xml;

pub use error::{LabelError, Word};
pub use lattice::{Clearance, Label};
pub use marking::{Brief, Colours, Pattern};
pub use policy::{Category, Level, Names, Policy, Releasability, Words};
pub use policy_error::{Counted, PolicyError};
pub use stanag::ConfidentialityLabel;
pub use stanag_error::{Fault as XmlFault, StanagError};
pub use view::LabelView;

/// The policies that come with the product: id and TOML text, the French one first.
pub fn builtin() -> &'static [(&'static str, &'static str)] {
    &[
        ("fr-igi1300", include_str!("../../policies/fr-igi1300.toml")),
        ("nato", include_str!("../../policies/nato.toml")),
        ("eu", include_str!("../../policies/eu.toml")),
        ("tlp", include_str!("../../policies/tlp.toml")),
        ("us", include_str!("../../policies/us.toml")),
        ("company", include_str!("../../policies/company.toml")),
    ]
}
