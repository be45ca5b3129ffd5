//! Why no gate can be built: what administrators read.

use std::fmt;

use crate::words::{Sentence, key};

/// Why no gate can be built. The administrators' fault: nothing changes until they sign better files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GateError {
    /// No trust anchor at all.
    NoAnchor,
    /// The anchor at this place (from 0) is not a certificate.
    BadAnchor {
        /// Place in the configuration, from 0.
        place: usize,
    },
    /// No revocation list at all.
    NoList,
    /// The list at this place (from 0) is not a revocation list.
    BadList {
        /// Place in the configuration, from 0.
        place: usize,
    },
    /// A list without number or end date, which RFC 5280 §5.1.2.5 and §5.2.3 demand.
    IncompleteList {
        /// Distinguished name of its issuer.
        issuer: String,
    },
    /// Two lists of one issuer: only the first would be believed.
    TwoLists {
        /// Distinguished name of the issuer.
        issuer: String,
    },
    /// A delta, indirect or partitioned list.
    UnsupportedList,
    /// A list that its anchor's key did not sign.
    ForgedList {
        /// Distinguished name of the alleged issuer.
        issuer: String,
    },
    /// An anchor that no list speaks for.
    AnchorWithoutList {
        /// Distinguished name of the anchor.
        anchor: String,
    },
    /// A list with a lower number than the one in use.
    ListWentBack {
        /// Distinguished name of its issuer.
        issuer: String,
    },
    /// The server's certificate chain cannot be read.
    ServerCertificate,
    /// The server's key cannot be read or does not fit its certificate.
    ServerKey,
}

impl GateError {
    /// For people.
    pub fn sentence(&self) -> Sentence {
        match self {
            Self::NoAnchor => Sentence::new(key::EDGE_GATE_NO_ANCHOR),
            Self::BadAnchor { place } => {
                Sentence::new(key::EDGE_GATE_BAD_ANCHOR).with("place", place.saturating_add(1))
            }
            Self::NoList => Sentence::new(key::EDGE_GATE_NO_LIST),
            Self::BadList { place } => Sentence::new(key::EDGE_GATE_BAD_LIST).with("place", place.saturating_add(1)),
            Self::IncompleteList { issuer } => {
                Sentence::new(key::EDGE_GATE_INCOMPLETE_LIST).with("issuer", issuer.as_str())
            }
            Self::TwoLists { issuer } => Sentence::new(key::EDGE_GATE_TWO_LISTS).with("issuer", issuer.as_str()),
            Self::UnsupportedList => Sentence::new(key::EDGE_GATE_UNSUPPORTED_LIST),
            Self::ForgedList { issuer } => Sentence::new(key::EDGE_GATE_FORGED_LIST).with("issuer", issuer.as_str()),
            Self::AnchorWithoutList { anchor } => {
                Sentence::new(key::EDGE_GATE_ANCHOR_WITHOUT_LIST).with("anchor", anchor.as_str())
            }
            Self::ListWentBack { issuer } => {
                Sentence::new(key::EDGE_GATE_LIST_WENT_BACK).with("issuer", issuer.as_str())
            }
            Self::ServerCertificate => Sentence::new(key::EDGE_GATE_SERVER_CERTIFICATE),
            Self::ServerKey => Sentence::new(key::EDGE_GATE_SERVER_KEY),
        }
    }
}

impl fmt::Display for GateError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.sentence().fmt(formatter)
    }
}

impl std::error::Error for GateError {}
