//! Administrators act only by signing files: what is accepted, what is refused and why, how it is kept.
//! Real keys, real signatures, a real authority, the real `ssh-keygen`, real folders.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]

mod accepted;
mod authority;
mod folder;
mod properties;
mod refusals;
mod refused_contents;
mod refused_signatures;
mod ssh;
mod token;
mod workshop;
