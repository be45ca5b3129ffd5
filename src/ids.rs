//! Identifiers: 128 random bits, written in lower-case base32.
//!
//! Nothing that a person can see counts up: a gap between two numbers would
//! tell a low reader that something high was written between them.

use std::{fmt, str::FromStr, sync::LazyLock};

use data_encoding::{Encoding, Specification};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// Length of an identifier in bytes.
pub const ID_BYTES: usize = 16;
/// Length of an identifier as text.
pub const ID_CHARS: usize = 26;

/// Base32 of RFC 4648 in lower case, no padding, canonical (spare bits must be zero).
#[expect(clippy::expect_used, reason = "a constant specification, covered by a test")]
static BASE32: LazyLock<Encoding> = LazyLock::new(|| {
    let mut specification = Specification::new();
    specification.symbols.push_str("abcdefghijklmnopqrstuvwxyz234567");
    specification.encoding().expect("base32 alphabet")
});

/// 128 random bits. The typed identifiers below are what code passes around.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Id([u8; ID_BYTES]);

/// The text is not an identifier. Answered exactly as an identifier that is absent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NotAnId;

impl fmt::Display for NotAnId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("not an identifier: 26 characters of a-z and 2-7 are expected")
    }
}

impl std::error::Error for NotAnId {}

impl Id {
    /// The identifier that stands for "no object" where a fixed-size field needs one.
    pub const NONE: Self = Self([0; ID_BYTES]);

    /// An identifier from its 16 bytes.
    pub const fn from_bytes(bytes: [u8; ID_BYTES]) -> Self {
        Self(bytes)
    }

    /// The 16 bytes.
    pub const fn bytes(&self) -> &[u8; ID_BYTES] {
        &self.0
    }

    /// Whether this is [`Id::NONE`].
    pub fn is_none(&self) -> bool {
        *self == Self::NONE
    }
}

impl fmt::Display for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = [0; ID_CHARS];
        BASE32.encode_mut(&self.0, &mut text);
        formatter.pad(std::str::from_utf8(&text).map_err(|_never_ascii| fmt::Error)?)
    }
}

impl fmt::Debug for Id {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

impl FromStr for Id {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, NotAnId> {
        if text.len() != ID_CHARS {
            return Err(NotAnId);
        }
        let bytes = BASE32.decode(text.as_bytes()).map_err(|_not_base32| NotAnId)?;
        <[u8; ID_BYTES]>::try_from(bytes.as_slice()).map(Self).map_err(|_length| NotAnId)
    }
}

/// Text for people and JSON, the bare bytes in stored records.
impl Serialize for Id {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() { serializer.collect_str(self) } else { self.0.serialize(serializer) }
    }
}

impl<'de> Deserialize<'de> for Id {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
            text.parse().map_err(de::Error::custom)
        } else {
            <[u8; ID_BYTES]>::deserialize(deserializer).map(Self)
        }
    }
}

macro_rules! typed_ids {
    ($($(#[$meta:meta])* $name:ident),* $(,)?) => {$(
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub Id);

        impl $name {
            /// The bare identifier.
            pub const fn id(self) -> Id {
                self.0
            }
        }

        impl From<Id> for $name {
            fn from(id: Id) -> Self {
                Self(id)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, formatter)
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;

            fn from_str(text: &str) -> Result<Self, NotAnId> {
                text.parse().map(Self)
            }
        }

        impl schemars::JsonSchema for $name {
            fn schema_name() -> std::borrow::Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
                schemars::json_schema!({ "type": "string", "pattern": "^[a-z2-7]{26}$" })
            }
        }
    )*};
}

typed_ids! {
    /// A person's account, given in the signed configuration.
    AccountId,
    /// A space.
    SpaceId,
    /// A note.
    NoteId,
    /// A typed link.
    LinkId,
    /// A conversation.
    ConversationId,
    /// A message of a conversation.
    MessageId,
    /// What somebody is writing and has not published.
    DraftId,
    /// An attachment of a note.
    AttachmentId,
    /// One request, named in its answer and in the journal.
    RequestId,
    /// A watch.
    WatchId,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn an_identifier_survives_its_text(bytes: [u8; 16]) {
            let id = Id::from_bytes(bytes);
            let text = id.to_string();
            prop_assert_eq!(text.len(), ID_CHARS);
            prop_assert_eq!(text.parse::<Id>(), Ok(id));
        }

        #[test]
        fn any_text_either_is_refused_or_is_the_one_spelling(text in "[a-z2-7]{26}") {
            if let Ok(id) = text.parse::<Id>() {
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }

    #[test]
    fn other_spellings_are_refused() {
        for text in [
            "",
            "a",
            "AAAAAAAAAAAAAAAAAAAAAAAAAA",
            "aaaaaaaaaaaaaaaaaaaaaaaaa=",
            "aaaaaaaaaaaaaaaaaaaaaaaaab",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaa",
        ] {
            assert_eq!(text.parse::<Id>(), Err(NotAnId), "{text}");
        }
    }
}
