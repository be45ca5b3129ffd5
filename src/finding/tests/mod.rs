//! Tests of the parts together.

mod files;
mod segments;
#[expect(clippy::arithmetic_side_effects, reason = "a test fails by panicking")]
mod work;
