//! What the first bytes of a content look like. It decides what a browser may show in its place, and an icon; nothing
//! is parsed here, and what is not known is merely bytes to be kept.
//!
//! Sources: PNG (W3C, §5.2), JPEG (ITU T.81 B.1.1.3, JFIF, Exif), GIF89a §17, WebP (RFC 9649 §2.4), ISO 32000-2 §7.5.2,
//! PKWARE APPNOTE 4.3.7, ECMA-376-2 and ODF 1.3 part 2 for what stands first in an office package.

use serde::{Deserialize, Serialize};

/// What a content looks like.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ContentKind {
    /// A PNG picture.
    Png,
    /// A JPEG picture.
    Jpeg,
    /// A GIF picture.
    Gif,
    /// A WebP picture.
    Webp,
    /// A PDF document.
    Pdf,
    /// A document of an office suite, in a ZIP package.
    Office,
    /// Another ZIP archive.
    Zip,
    /// Text in UTF-8.
    Text,
    /// Anything else.
    Other,
}

impl ContentKind {
    /// What a content that begins with `first` looks like.
    pub fn of(first: &[u8]) -> Self {
        let webp = first.get(8..12) == Some(b"WEBP".as_slice());
        match first {
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => Self::Png,
            [0xff, 0xd8, 0xff, ..] => Self::Jpeg,
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => Self::Gif,
            [b'R', b'I', b'F', b'F', ..] if webp => Self::Webp,
            [b'%', b'P', b'D', b'F', b'-', ..] => Self::Pdf,
            [b'P', b'K', 3, 4, ..] if is_office(first) => Self::Office,
            [b'P', b'K', 3 | 5, 4 | 6, ..] => Self::Zip,
            _ if is_text(first) => Self::Text,
            _ => Self::Other,
        }
    }

    /// The media type that a browser may show in its place: of pictures that cannot hold a script.
    pub const fn shown_as(self) -> Option<&'static str> {
        match self {
            Self::Png => Some("image/png"),
            Self::Jpeg => Some("image/jpeg"),
            Self::Gif => Some("image/gif"),
            Self::Webp => Some("image/webp"),
            Self::Pdf | Self::Office | Self::Zip | Self::Text | Self::Other => None,
        }
    }
}

/// The name of the first entry of a package begins at byte 30.
fn is_office(first: &[u8]) -> bool {
    let name = first.get(30..).unwrap_or_default();
    ["[Content_Types].xml", "_rels/", "docProps/", "word/", "xl/", "ppt/", "mimetypeapplication/vnd.oasis.opendocument"]
        .iter()
        .any(|known| name.starts_with(known.as_bytes()))
}

/// UTF-8 without control characters, the last of it perhaps cut within a character.
fn is_text(first: &[u8]) -> bool {
    let text = match std::str::from_utf8(first) {
        Ok(text) => text,
        Err(error) if error.error_len().is_none() => {
            first.get(..error.valid_up_to()).and_then(|whole| std::str::from_utf8(whole).ok()).unwrap_or_default()
        }
        Err(_not_text) => return false,
    };
    !text.is_empty()
        && text.chars().all(|character| !character.is_control() || matches!(character, '\n' | '\r' | '\t' | '\u{c}'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_content_is_what_its_first_bytes_say_and_nothing_active_is_shown_in_its_place() {
        let zip = |name: &str| [b"PK\x03\x04".as_slice(), &[0; 26], name.as_bytes()].concat();
        let cases: [(&[u8], ContentKind); 20] = [
            (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", ContentKind::Png),
            (b"\x89PNG\n\x1a\n", ContentKind::Other),
            (b"\xff\xd8\xff\xe0\0\x10JFIF", ContentKind::Jpeg),
            (b"GIF89a\x01", ContentKind::Gif),
            (b"GIF88a\x01", ContentKind::Other),
            (b"RIFF\x10\0\0\0WEBPVP8 ", ContentKind::Webp),
            (b"RIFF\x10\0\0\0WAVEfmt ", ContentKind::Other),
            (b"%PDF-1.7\n", ContentKind::Pdf),
            (&zip("word/document.xml"), ContentKind::Office),
            (&zip("[Content_Types].xml"), ContentKind::Office),
            (&zip("mimetypeapplication/vnd.oasis.opendocument.text"), ContentKind::Office),
            (&zip("photos/1.jpg"), ContentKind::Zip),
            (b"PK\x05\x06\0\0", ContentKind::Zip),
            (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", ContentKind::Text),
            (b"<!doctype html><script>alert(1)</script>", ContentKind::Text),
            ("été\r\n\tÿ".as_bytes(), ContentKind::Text),
            ("coupé".as_bytes().split_last().expect("bytes").1, ContentKind::Text),
            (b"\xfe\xff\0a", ContentKind::Other),
            (b"MZ\x90\0", ContentKind::Other),
            (b"", ContentKind::Other),
        ];
        for (first, kind) in cases {
            assert_eq!(ContentKind::of(first), kind, "{:?}", String::from_utf8_lossy(first));
            let picture = matches!(kind, ContentKind::Png | ContentKind::Jpeg | ContentKind::Gif | ContentKind::Webp);
            assert_eq!(kind.shown_as().is_some(), picture);
        }
    }
}
