//! Typed links between notes, backlinks, and what a note mentions.
//!
//! A link is an object of its own with its own label. It is shown to who reaches the
//! link **and** both of its ends (LEAKS T08-T14); otherwise it is not there at all:
//! no row, no count, no gap.

pub mod link;
pub mod links;
