//! Who is at the other end of a connection, as far as TLS can tell.

use std::net::SocketAddr;

/// The outcome of one handshake, in the extensions of every request of that connection. Only a handshake makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    fingerprint: [u8; 32],
    address: SocketAddr,
    connection: u64,
}

impl Peer {
    /// The handshake is over: the client has proved that it holds this key.
    pub(super) const fn proved(fingerprint: [u8; 32], address: SocketAddr, connection: u64) -> Self {
        Self { fingerprint, address, connection }
    }

    /// A peer that no handshake made, for examinations that call the router without a socket.
    #[cfg(any(test, feature = "exam"))]
    pub const fn danger_forged(fingerprint: [u8; 32], address: SocketAddr) -> Self {
        Self { fingerprint, address, connection: 0 }
    }

    /// SHA-256 of the SubjectPublicKeyInfo of the client's certificate.
    pub const fn fingerprint(&self) -> &[u8; 32] {
        &self.fingerprint
    }

    /// Where the connection comes from.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Number of the connection since the start, for the journal; it counts up, so no client may see it.
    pub const fn connection(&self) -> u64 {
        self.connection
    }
}
