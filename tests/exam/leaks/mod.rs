//! How such systems leaked: the catalogue's cases, by their numbers. Each was a real leak in a real system.
//!
//! Most are asked of twins: two worlds with the same low history, of which only one has the high things. What the low
//! observer gets must be the same bytes in both; the second half of each test shows that the high things do exist.
//!
//! What shows the same as a page is looked at as a page too, whole, with its headers.
//!
//! Here: T08-T12, T14, T19-T36, T40-T42, T46-T51, T53. Elsewhere, or nowhere:
//! - T01-T07 search: `finding`. T15 delivery of what a watch found: `finding/watches`. T37-T39 export: `exports`.
//! - T52 banners, and pages against each other whatever is hidden: `pages`, `two_worlds`.
//! - T13 transclusion, T16 to T18 notifications and live events, T43 screen lock: there is nothing of the kind.
//! - T30 measures no time: here hidden and absent cost the same readings of the store; the clock is asked elsewhere.
//! - T44 at rest and T45 silence look at the files and the sockets of a running server, not at a world in memory.

mod attachments;
mod changes;
mod graph;
mod reading;
mod twins;
