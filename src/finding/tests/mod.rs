//! Tests of the parts together.

mod files;
mod work;
