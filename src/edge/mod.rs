//! Bytes from strangers: mutual TLS 1.3, the accept loop, and the clocks of a connection.
//!
//! | file | idea |
//! |---|---|
//! | [`tls`] | who gets through: certificate, anchor, revocation list, known key |
//! | [`gate_error`] | why there is no gate |
//! | [`lists`] | revocation lists: one for each anchor, signed, numbered, with an end |
//! | [`accept`] | the loop: a handshake yields a [`Peer`]; swap, cut, close |
//! | [`connection`] | one connection: HTTP and what ends it |
//! | [`pulse`] | slow heads, idleness, age |
//! | [`crowd`] | how many of each |
//! | [`peer`] | the outcome of a handshake |
//! | [`refusal`] | failed handshakes, for the journal |
//! | [`app`] | what the routes share |
//! | [`routes`] | the one list of routes, and the router made from it |
//! | `pages` | the part of that list that people see |
//! | [`openapi`] | the same list as an OpenAPI document |
//! | `pipeline` | one request: guard, identify, call, reply |
//! | `guards`, `rate` | cross-site requests, too many requests |
//! | `reply` | the one place where an error becomes a status |
//! | `present` | pages as responses, with the headers that keep them harmless |
//!
//! Not here: session resumption (a resumed session would skip the revocation check), TLS 1.2, renegotiation, HTTP
//! upgrades. Key exchange is X25519, P-256 or P-384; hybrid X25519MLKEM768 needs an ML-KEM implementation beside
//! ring and comes later, at [`tls::provider`].

pub mod accept;
pub mod app;
mod connection;
mod crowd;
mod gate_error;
mod guards;
pub mod lists;
pub mod openapi;
mod pages;
pub mod peer;
mod pipeline;
mod present;
mod pulse;
mod rate;
pub mod refusal;
mod reply;
pub mod routes;
pub mod tls;

pub use accept::{Allow, Bounds, Door, serve};
pub use app::App;
pub use gate_error::GateError;
pub use lists::RevocationList;
pub use peer::Peer;
pub use refusal::{Reason, Refusal, Report};
pub use routes::{Route, router, routes};
pub use tls::{Gate, KnownKey, ServerIdentity, Trust};
