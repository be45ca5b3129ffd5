//! The JSON interface: shapes and handlers. Knows neither store nor crypto: it calls
//! sharing, linking, messaging and the monitor, and answers values; `edge/` turns
//! them into HTTP.

pub mod answer;
pub mod attachments;
pub mod call;
pub mod conversations;
pub mod disposition;
pub mod error;
pub mod exports;
pub mod graph;
pub mod import;
pub mod journal;
mod lines;
pub mod links;
pub mod me;
pub mod notes;
pub mod own;
pub mod range;
pub mod search;
pub mod shapes;
pub mod spaces;
pub mod watches;

pub use self::{
    answer::{Answer, Content, File, Shown},
    call::{Call, Inbound, Views},
    error::ApiError,
};
