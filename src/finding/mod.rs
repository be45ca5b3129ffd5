//! Encrypted full-text search: one index for each label, under that label's key.
//!
//! | file | idea |
//! |---|---|
//! | [`place`] | where files lie: a folder, or memory |
//! | [`pages`] | a sealed file: pages that cannot be changed, swapped, cut or reordered |
//! | [`cache`] | opened pages: bounded, wiped |
//! | [`directory`] | the folder of one index, as the engine sees it |
//! | [`analysis`] | from text to terms: words, folding, stems, compounds |
//! | [`schema`] | fields; partitions: what lives in one home is a range of terms of its own |
//! | [`terms`] | the terms of a field, on their way to the engine |
//! | [`matter`] | what is indexed of each kind of object |
//! | [`tongue`] | the language of what does not say it |
//! | [`index`], [`leaf`] | the index of one label, and one segment of it, counted |
//! | [`follower`], `entries`, `own`, `remake` | how the indexes follow the journal, what its entries bring, what is remembered of it, how indexes are made anew |
//! | `compact` | segments become one when nothing is written |
//! | [`finder`] | which indexes may be asked |
//! | [`query`] | the language of searches |
//! | [`view`] | what one reader may see: labels, homes, partitions; statistics over that alone |
//! | [`walk`], [`union`] | objects that match, walked in order; any of many walks |
//! | [`work`] | how much a question may cost, counted over what its reader sees |
//! | [`gate`] | how many are looked up at once |
//! | [`resolve`] | the names in a question, looked up in what its reader sees |
//! | [`plan`] | a question, become walks |
//! | [`score`] | how well an object matches: whole numbers, the same in any order of adding |
//! | [`facets`] | what the matches have in common, counted |
//! | `matches` | the matches of a question that a reader may be shown, counted and put in order |
//! | [`search`] | a search from the question to opened, journalled results |
//! | [`hit`] | one result, opened |
//! | [`suggest`] | completions |
//! | [`watch`] | questions that are kept, and what their readers have seen |
//! | [`watches`] | what people do with them |
//! | [`delivery`] | what they show: asked anew as each reader, each time |
//! | [`snippet`] | the sentence shown with a result, from the opened text |
//!
//! Why nothing shows through. A reader's search opens the indexes of labels that flow to the working label, and in them
//! only terms of partitions whose homes the reader belongs to. Documents, lengths and frequencies are counted over the
//! same partitions, without deleted objects, so neither a result nor a score nor an order depends on anything else; the
//! engine's own statistics are not used at all. Every result is then fetched, decided by the monitor and opened like
//! anything else: an index that is late or wrong shows nothing that could not be read.

pub mod analysis;
pub mod cache;
mod compact;
pub mod delivery;
pub mod directory;
mod entries;
pub mod error;
pub mod facets;
pub mod finder;
pub mod follower;
mod gate;
pub mod hit;
pub mod index;
pub mod leaf;
mod matches;
pub mod matter;
mod own;
pub mod pages;
pub mod place;
pub mod plan;
pub mod query;
mod remake;
pub mod resolve;
pub mod schema;
pub mod score;
pub mod search;
pub mod snippet;
pub mod suggest;
pub mod terms;
#[cfg(test)]
mod tests;
pub mod tongue;
pub mod union;
pub mod view;
pub mod walk;
pub mod watch;
pub mod watches;
pub mod work;

pub use self::{error::FindingError, finder::Finder, follower::Progress, place::Place};
