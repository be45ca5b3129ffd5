//! Mutual TLS as strangers, revoked people and slow clients meet it: real handshakes, real HTTP, on 127.0.0.1.
#![expect(clippy::expect_used, clippy::panic, reason = "a test fails by panicking")]

mod client;
mod doors;
mod lives;
mod site;
