//! Administrators act only by signing files: what is accepted, what is refused and why, how it is kept.
//! Real keys, real signatures, a real authority, the real `ssh-keygen`, real folders.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::unwrap_in_result,
    clippy::arithmetic_side_effects,
    reason = "a test fails by panicking"
)]
#![expect(clippy::too_many_lines, reason = "a table is as long as what it tries")]

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
