//! How such systems leaked: the catalogue's cases, by their numbers. Each was a real leak in a real system.
//!
//! Most are asked of twins: two worlds with the same low history, of which only one has the high things. What the low
//! observer gets must be the same bytes in both; the second half of each test shows that the high things do exist.
//!
//! Here: T08-T12, T14, T19-T36, T40-T42, T46-T51, T53. Not here, and why:
//! - T01-T07 search, T13 transclusion, T15-T18 notifications and live events, T37-T39 export,
//!   T43 screen lock, T52 banners: no such surface exists yet; each comes with its own.
//! - T17 a notification naming a hidden end: there is no notification.
//! - T30 measures no time: here hidden and absent cost the same readings of the store; the clock is asked elsewhere.
//! - T44 at rest and T45 silence look at the files and the sockets of a running server, not at a world in memory.

mod attachments;
mod changes;
mod graph;
mod reading;
mod twins;
