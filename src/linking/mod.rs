//! Typed links between notes, backlinks, what a note mentions, and the graph that links make.
//!
//! A link is an object of its own with its own label. It is shown to who reaches the
//! link **and** both of its ends (LEAKS T08-T14); otherwise it is not there at all:
//! no row, no count, no gap, no place in a picture, no step of a path.
//!
//! | file | idea |
//! |---|---|
//! | [`link`] | what a link is |
//! | [`links`] | what people do with links; the links and mentions of one note |
//! | [`walk`] | from note to note along links, for one reader, in one journal entry |
//! | [`graph`] | the graph around a note, and what a note rests on |
//! | [`path`] | the shortest way between two notes |
//! | [`standing`] | most linked, orphans, contradicted |
//! | [`cluster`], [`bond`] | what of a large graph is drawn as one, and what its notes have in common |
//! | [`exports`] | what leaves: notes with the links that start from them and their attachments |

pub mod bond;
pub mod cluster;
pub mod exports;
pub mod graph;
pub mod link;
pub mod links;
pub mod path;
pub mod standing;
pub mod walk;
