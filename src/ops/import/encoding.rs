//! Bytes of a file as text.

use super::Reason;

/// The text of a file: UTF-8 or UTF-16 with its mark, else by this older table.
pub(super) fn decoded(bytes: Vec<u8>, older: Option<Older>) -> Result<String, Reason> {
    let sixteen = |rest: &[u8], read: fn([u8; 2]) -> u16| {
        let units = rest.chunks_exact(2).filter_map(|pair| pair.first_chunk::<2>()).map(|pair| read(*pair));
        char::decode_utf16(units).map(|letter| letter.unwrap_or('\u{fffd}')).collect::<String>()
    };
    let text = if let Some(rest) = bytes.strip_prefix(b"\xff\xfe") {
        sixteen(rest, u16::from_le_bytes)
    } else if let Some(rest) = bytes.strip_prefix(b"\xfe\xff") {
        sixteen(rest, u16::from_be_bytes)
    } else {
        match (String::from_utf8(bytes), older) {
            (Ok(text), _) => text,
            (Err(error), Some(older)) => older.read(error.as_bytes()),
            (Err(_not_utf8), None) => return Err(Reason::NotUtf8),
        }
    };
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// Tables of one byte a letter that old files are written in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Older {
    /// Windows-1252, which holds ISO 8859-1.
    Western,
    /// ISO 8859-15: the euro, œ, Ÿ.
    Latin9,
}

impl Older {
    /// By the name that a file gives its encoding; nothing for others.
    pub(super) fn named(name: &str) -> Option<Self> {
        match name.trim().to_ascii_lowercase().as_str() {
            "iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" | "us-ascii" | "ascii" => {
                Some(Self::Western)
            }
            "iso-8859-15" | "iso8859-15" | "latin-9" | "latin9" => Some(Self::Latin9),
            _ => None,
        }
    }

    fn read(self, bytes: &[u8]) -> String {
        bytes.iter().map(|byte| self.letter(*byte)).collect()
    }

    fn letter(self, byte: u8) -> char {
        /// 0x80 to 0x9f of Windows-1252.
        const WINDOWS: &str = "€\u{fffd}‚ƒ„…†‡ˆ‰Š‹Œ\u{fffd}Ž\u{fffd}\u{fffd}‘’“”•–—˜™š›œ\u{fffd}žŸ";
        match (self, byte) {
            (Self::Western, 0x80..=0x9f) => WINDOWS.chars().nth(usize::from(byte & 0x1f)).unwrap_or('\u{fffd}'),
            (Self::Latin9, 0xa4) => '€',
            (Self::Latin9, 0xa6) => 'Š',
            (Self::Latin9, 0xa8) => 'š',
            (Self::Latin9, 0xb4) => 'Ž',
            (Self::Latin9, 0xb8) => 'ž',
            (Self::Latin9, 0xbc) => 'Œ',
            (Self::Latin9, 0xbd) => 'œ',
            (Self::Latin9, 0xbe) => 'Ÿ',
            (Self::Western | Self::Latin9, byte) => char::from(byte),
        }
    }
}
