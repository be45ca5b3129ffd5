//! Vigie keeps what an organisation's watchers learn: messaging, sharing, linking,
//! under classification labels, on hardware that touches nothing else.

pub mod clock;
pub mod crypto;
pub mod ids;
pub mod label;
pub mod limits;
pub mod ops;
pub mod words;
