//! Tests of the parts together.

mod files;
