//! Typed links between notes, backlinks, and what a note mentions.
//!
//! A link is an object of its own with its own label. It is shown to who reaches the
//! link **and** both of its ends (LEAKS T08-T14); otherwise it is not there at all:
//! no row, no count, no gap.
//!
//! [`exports`] is what leaves: notes with the links that start from them and their attachments.

pub mod exports;
pub mod link;
pub mod links;
