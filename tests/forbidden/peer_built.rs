//! A handshake that never took place.
use std::net::SocketAddr;

use vigie::edge::Peer;

pub fn peer(fingerprint: [u8; 32], address: SocketAddr) -> Peer {
    Peer { fingerprint, address, connection: 1 }
}
