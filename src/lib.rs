//! Vigie keeps what an organisation's watchers learn: messaging, sharing, linking,
//! under classification labels, on hardware that touches nothing else.

pub mod audit;
pub mod clock;
pub mod crypto;
pub mod ids;
pub mod label;
pub mod limits;
pub mod store;
pub mod ops;
pub mod words;
