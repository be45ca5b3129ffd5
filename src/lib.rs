//! Vigie keeps what an organisation's watchers learn: messaging, sharing, linking,
//! under classification labels, on hardware that touches nothing else.

pub mod api;
pub mod audit;
pub mod clock;
pub mod config;
pub mod crypto;
pub mod edge;
#[cfg(feature = "exam")]
pub mod exam;
pub mod finding;
pub mod identity;
pub mod ids;
pub mod label;
pub mod limits;
pub mod linking;
pub mod messaging;
pub mod monitor;
pub mod ops;
pub mod sharing;
pub mod store;
pub mod text;
pub mod vault;
pub mod web;
pub mod words;
